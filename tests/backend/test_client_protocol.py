# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol's dataclasses: exact round trips through JSON text, and one sentence for anything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.server.restart import RestartPolicy
from backend.server.store import MAX_KEPT, JobStore
from physx_blender.errors import AssetError
from physx_blender.protocol import (
    MAX_SEED,
    ErrorInfo,
    Identity,
    JobKind,
    JobRequest,
    JobState,
    JobStatus,
    JobUpdates,
    Progress,
    ReadyLine,
    ServerStatus,
    WorkerState,
    check_folder_path,
)

HASH = "0123456789abcdef" * 4
JOB = "0123456789abcdef" * 2

errors = st.builds(ErrorInfo, st.text(max_size=20), st.text(max_size=50), st.text(max_size=50))
progress = st.builds(Progress, st.text(max_size=20), st.floats(0, 1), st.text(max_size=20))
statuses = st.builds(
    JobStatus,
    st.just(JOB),
    st.sampled_from(JobKind),
    st.sampled_from(JobState),
    progress,
    st.dictionaries(
        st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.floats(0, 1)), max_size=3
    ),
    st.none() | errors,
    st.integers(0, 10**9),
    st.integers(0, 100),
    st.booleans(),
)
identities = st.builds(Identity, st.text(max_size=20), st.text(max_size=20), st.integers(0, 1000))
requests = st.one_of(
    st.builds(
        JobRequest,
        st.just(JobKind.GENERATE),
        output=st.sampled_from(["", "/tmp/x", "C:\\x", "\\\\server\\share\\x"]),
        image=st.just(HASH),
        mask=st.sampled_from(["", HASH]),
        name=st.text(max_size=50),
        seed=st.integers(0, MAX_SEED),
        alternatives=st.integers(0, 16),
    ),
    st.builds(JobRequest, st.just(JobKind.CONVERT), output=st.just("/o"), source=st.just("/tmp/a b/ü.xml")),
    st.builds(
        JobRequest,
        st.just(JobKind.CHECK),
        source=st.just("/x"),
        fixed_base=st.sampled_from([None, True, False]),
    ),
)
ready = st.builds(
    ReadyLine, st.just("127.0.0.1"), st.integers(1, 65535), st.integers(1, 10**6), identities, st.text()
)
servers = st.builds(
    ServerStatus,
    identities,
    st.sampled_from(WorkerState),
    st.integers(0, 10**6),
    st.integers(0, 100),
    st.booleans(),
    st.lists(st.text(max_size=5)).map(tuple),
    st.integers(0, 100),
    st.integers(0, 10**9),
)
updates = st.builds(JobUpdates, st.integers(0, 10**9), st.lists(statuses, max_size=3).map(tuple))


@given(st.one_of(errors, progress, statuses, identities, requests, ready, servers, updates))
def test_round_trip(value: Any) -> None:
    text = json.dumps(value.to_json(), allow_nan=False)
    data = json.loads(text)
    assert type(value).from_json(data) == value
    if isinstance(data, dict):
        assert type(value).from_json({**data, "of a newer version": 1}) == value


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "kind",
                    "id",
                    "state",
                    "code",
                    "message",
                    "jobs",
                    "revision",
                    "error",
                    "progress",
                    "fraction",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "kind", [ErrorInfo, Progress, JobStatus, Identity, JobRequest, ReadyLine, ServerStatus, JobUpdates]
)
@given(value=anything)
def test_anything_else_is_one_sentence(kind: Any, value: Any) -> None:
    try:
        kind.from_json(value)
    except AssetError as error:
        message = str(error)
    else:
        message = ""
    assert len(message) < 1000


@pytest.mark.parametrize(
    "path", ["", "a", "a/b", "../a", "/a/../b", "C:a", "/a\0", "C:\\a\\..\\b", "/" + "a" * 5000]
)
def test_paths_that_name_no_folder(path: str) -> None:
    with pytest.raises(AssetError):
        check_folder_path(path, "x")


@pytest.mark.parametrize("path", ["/a", "/a/..b/c..", "C:\\a", "D:/a", "\\\\server\\share\\a"])
def test_paths_that_do(path: str) -> None:
    assert check_folder_path(path, "x") == path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "generate"}, "needs an image"),
        ({"kind": "generate", "image": HASH, "source": "/x"}, "not a source"),
        ({"kind": "convert", "image": HASH, "source": "/x"}, "not an image"),
        ({"kind": "check", "source": "/x", "output": "/y"}, "writes nothing"),
        ({"kind": "convert", "source": "x"}, "not an absolute path"),
        ({"kind": "generate", "image": HASH, "alternatives": 17}, "alternatives"),
        ({"kind": "check", "source": "/x", "fixed_base": 1}, "true, false or null"),
    ],
)
def test_orders_that_contradict_themselves(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(AssetError, match=message):
        JobRequest.from_json(changes)


def test_progress_stays_between_0_and_1() -> None:
    assert Progress("x", 1.7).fraction == 1.0
    assert Progress("x", -1).fraction == 0.0
    with pytest.raises(AssetError, match="finite"):
        Progress("x", float("nan"))


# -- the server's bookkeeping, without a server ------------------------------------------------------


def test_restarts_get_slower_and_stop() -> None:
    policy = RestartPolicy(first_delay=1, longest_delay=4, window=100, most=5)
    waits = []
    for now in range(5):
        policy.died(float(now))
        waits.append(policy.delay(float(now)))
    assert waits == [0.0, 1.0, 2.0, 4.0, 4.0]
    assert policy.exhausted(4.0)
    assert not policy.exhausted(101.5)
    assert policy.delay(1000.0) == 0.0
    assert policy.delay(4.0 + 3.0) == 0.0  # everything is forgotten by then


def test_store_numbers_every_change_and_counts_who_is_ahead() -> None:
    store = JobStore()
    request = JobRequest(JobKind.CHECK, source="/x")
    a, b, c = (store.add(request).id for _ in range(3))
    assert [store.status(j).ahead for j in (a, b, c)] == [0, 1, 2]  # type: ignore[union-attr]
    revision = store.revision
    store.start(a)
    changed = store.since(revision)
    assert [j.id for j in changed.jobs] == [a, b, c]
    assert [j.ahead for j in changed.jobs] == [0, 0, 1]
    store.finish(b, JobState.CANCELLED)
    assert store.waiting() == [c]
    assert [j.id for j in store.since(changed.revision).jobs] == [b, c]
    assert store.since(store.revision).jobs == ()
    assert store.unfinished() == [a, c]


def test_store_forgets_the_oldest_that_ended() -> None:
    store = JobStore()
    request = JobRequest(JobKind.CHECK, source="/x")
    jobs = [store.add(request).id for _ in range(MAX_KEPT + 3)]
    for job in jobs[1:]:
        store.finish(job, JobState.DONE)
    assert store.overdue() == jobs[1:3]
    for job in store.overdue():
        store.forget(job)
    assert store.overdue() == []
    assert store.status(jobs[0]) is not None

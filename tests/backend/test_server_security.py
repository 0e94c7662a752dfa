# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stranger, a web page or a broken client may try on the server, at the level of bytes where it matters."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.server.guard import host_name
from backend.server.store import MAX_WAITING
from physx_blender.client import BackendClient, BackendProcess
from physx_blender.errors import AssetError
from physx_blender.protocol import (
    MAX_JSON_BYTES,
    MAX_UPLOAD_BYTES,
    BackendError,
    JobKind,
    JobRequest,
    JobState,
    JobStatus,
)

Answer = tuple[int, dict[str, Any]]
MakeBackend = Callable[..., BackendProcess]


def call(client: BackendClient, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    """One request with exactly these headers (underscores become dashes) beside those of http.client."""
    parts = urlsplit(client.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def bearer(client: BackendClient) -> str:
    return f"Bearer {client.token}"


@contextmanager
def raw(client: BackendClient, data: bytes) -> Iterator[socket.socket]:
    """A bare connection on which `data` was sent."""
    parts = urlsplit(client.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        connection.sendall(data)
        yield connection


def first_line(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n" not in data:
        got = connection.recv(4096)
        if not got:
            break
        data += got
    return data.split(b"\r\n")[0]


PATHS = [
    ("GET", "/v1/status"),
    ("GET", "/v1/jobs"),
    ("POST", "/v1/jobs"),
    ("POST", "/v1/uploads"),
    ("DELETE", "/v1/jobs/" + "0" * 32),
    ("GET", "/v1/jobs/" + "0" * 32 + "/package"),
    ("GET", "/openapi.json"),
    ("GET", "/anything"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", "Basic {token}", "Bearer {token}x", "{token}"]
)
def test_wrong_token(client: BackendClient, method: str, path: str, token: str) -> None:
    headers = {"Authorization": token.format(token=client.token)} if token else {}
    status, answer = call(client, method, path, **headers)
    assert status == 401
    assert answer["error"]["code"] == "wrong_token"
    assert client.token not in json.dumps(answer)


def test_identity_needs_no_token_and_tells_no_more_than_who_it_is(client: BackendClient) -> None:
    status, answer = call(client, "GET", "/identity")
    assert status == 200
    assert set(answer) == {"product", "version", "protocol"}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "10.0.0.1", "", "[", "a b"]
)
def test_wrong_host_header(client: BackendClient, host: str) -> None:
    """A web page whose own name was rebound to 127.0.0.1, even if it has learnt the token."""
    port = urlsplit(client.address).port
    status, answer = call(
        client, "GET", "/v1/status", Authorization=bearer(client), Host=host.format(port=port)
    )
    assert status == 403
    assert answer["error"]["code"] == "wrong_host"


@pytest.mark.parametrize("host", ["localhost:{port}", "LOCALHOST", "127.0.0.1:{port}", "[::1]:{port}"])
def test_spellings_of_this_machine(client: BackendClient, host: str) -> None:
    port = urlsplit(client.address).port
    status, _ = call(client, "GET", "/v1/status", Authorization=bearer(client), Host=host.format(port=port))
    assert status == 200


def test_two_host_headers(client: BackendClient) -> None:
    lines = f"GET /v1/status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nAuthorization: {bearer(client)}\r\n\r\n"
    with raw(client, lines.encode()) as connection:
        assert first_line(connection).split()[1] in (b"400", b"403")


def test_web_pages_are_refused(client: BackendClient) -> None:
    for origin in ("https://evil.example", "null", "http://localhost"):
        status, answer = call(client, "GET", "/v1/status", Authorization=bearer(client), Origin=origin)
        assert status == 403
        assert answer["error"]["code"] == "cross_origin"
    status, _ = call(client, "OPTIONS", "/v1/jobs", Origin="https://evil.example")
    assert status == 403


def submit(client: BackendClient, body: bytes) -> Answer:
    return call(
        client, "POST", "/v1/jobs", body, Authorization=bearer(client), Content_Type="application/json"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"convert"',
        b"\xff\xfe\x00",
        b'{"kind": "convert", "source": NaN}',
        b'{"kind": "explode"}',
        b'{"kind": ["convert"]}',
        b'{"kind": "convert"}',
        b'{"kind": "convert", "source": 7}',
        b'{"kind": "convert", "source": "/etc/hosts", "seed": -1}',
        b'{"kind": "convert", "source": "/etc/hosts", "seed": 1e99}',
        b'{"kind": "convert", "source": "/etc/hosts", "seed": true}',
        b'{"kind": "check", "source": "/etc/hosts", "output": "/tmp/x"}',
        b'{"kind": "generate"}',
        b'{"kind": "generate", "image": "../../etc/passwd"}',
        b'{"kind": "generate", "image": "' + b"0" * 63 + b'g"}',
        b"[" * 100_000,
    ],
)
def test_malformed_orders(client: BackendClient, body: bytes) -> None:
    status, answer = submit(client, body)
    assert status == 400
    assert answer["error"]["code"] == "bad_input"
    assert "Traceback" not in answer["error"]["message"]
    assert len(answer["error"]["message"]) < 600


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["kind", "output", "source", "image", "mask", "seed", "name", "fixed_base"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=10,
    )
)
def test_random_orders_are_refused_with_a_sentence(client: BackendClient, value: Any) -> None:
    status, answer = submit(client, json.dumps(value).encode())
    assert status == 400
    assert set(answer["error"]) == {"code", "message", "advice"}


@pytest.mark.parametrize(
    "output",
    [
        "relative/folder",
        "../up",
        "{tmp}/../../escape",
        "{tmp}/a/../b",
        "",
        "/",
        "{tmp}/a\x00b",
        "{tmp}/a\nb",
        "~/x",
        "{file}",
    ],
)
def test_output_folders_that_are_refused(
    client: BackendClient, box_mjcf: Path, tmp_path: Path, output: str
) -> None:
    text = output.format(tmp=tmp_path, file=box_mjcf)
    before = sorted(tmp_path.parent.rglob("*"))
    body = {"kind": "convert", "source": str(box_mjcf), "output": text}
    status, answer = submit(client, json.dumps(body).encode())
    if output == "":
        assert status == 201  # the server keeps the result
        client.wait(answer["id"], timeout=60)
        client.forget(answer["id"])
    else:
        assert status == 400
        assert "folder" in answer["error"]["message"] or "path" in answer["error"]["message"]
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_asset_name_cannot_lead_out_of_the_folder(client: BackendClient, tmp_path: Path) -> None:
    source = tmp_path / "in" / "evil.xml"
    source.parent.mkdir()
    geom = '<geom type="box" size=".1 .1 .1"/>'
    source.write_text(
        f'<mujoco model="../../evil"><worldbody><body name="../a">{geom}</body></worldbody></mujoco>',
        encoding="utf-8",
    )
    output = tmp_path / "deep" / "out"
    job = client.submit(JobRequest(JobKind.CONVERT, source=str(source), output=str(output))).id
    with contextlib.suppress(
        BackendError
    ):  # refused or renamed: either will do, as long as nothing lies elsewhere
        client.wait(job, timeout=60)
    outside = [p for p in tmp_path.rglob("*") if p.is_file() and output not in p.parents and p != source]
    assert outside == []


def test_upload_that_states_too_much_is_refused_unread(client: BackendClient) -> None:
    head = (
        f"POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer(client)}\r\n"
        f"Content-Length: {MAX_UPLOAD_BYTES + 1}\r\n\r\n"
    )
    with raw(client, head.encode()) as connection:  # nothing of the body is sent, and still the answer comes
        assert first_line(connection).split()[1] == b"413"


def test_upload_that_hides_its_size_is_cut(client: BackendClient) -> None:
    head = (
        f"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer(client)}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with raw(client, head.encode()) as connection:
        try:
            for _ in range(MAX_JSON_BYTES // 0x10000 + 40):
                connection.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has closed: as good as an answer
        else:
            assert first_line(connection).split()[1] == b"413"
    assert client.status()


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", "9" * 400])
def test_nonsense_lengths(client: BackendClient, length: str) -> None:
    head = f"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer(client)}\r\nContent-Length: {length}\r\n\r\n"
    with raw(client, head.encode()) as connection:
        assert first_line(connection).split()[1][:1] == b"4"


def test_too_large_image_by_the_client(client: BackendClient) -> None:
    with pytest.raises(AssetError, match="over the limit of 64 MB"):
        client.upload(bytes(MAX_UPLOAD_BYTES + 1))


@pytest.mark.parametrize("since", ["-1", "abc", "1.5", "9" * 30, "٣", "0x10"])
def test_nonsense_revisions(client: BackendClient, since: str) -> None:
    status, answer = call(client, "GET", f"/v1/jobs?since={quote(since)}", Authorization=bearer(client))
    assert (status, answer["error"]["code"]) == (400, "bad_input")


@pytest.mark.parametrize("job", ["0" * 32, "zzz", "..", "%2e%2e%2fuploads", "0" * 33])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_unknown_jobs(client: BackendClient, method: str, job: str) -> None:
    status, answer = call(client, method, f"/v1/jobs/{job}", Authorization=bearer(client))
    assert status in (400, 404)
    assert answer["error"]["message"]


def test_other_protocol_versions_are_told_what_to_do(client: BackendClient) -> None:
    status, answer = call(client, "GET", "/v2/status", Authorization=bearer(client))
    assert status == 404
    assert "protocol 1" in answer["error"]["message"]
    assert "Update" in answer["error"]["advice"]


def test_wrong_method(client: BackendClient) -> None:
    status, answer = call(client, "PUT", "/v1/jobs", b"{}", Authorization=bearer(client))
    assert (status, answer["error"]["code"]) == (405, "bad_request")


def test_unknown_upload(client: BackendClient) -> None:
    with pytest.raises(BackendError, match="Send the image again"):
        client.submit(JobRequest(JobKind.GENERATE, image="0" * 64))


def test_missing_source(client: BackendClient, tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="does not exist"):
        client.submit(JobRequest(JobKind.CONVERT, source=str(tmp_path / "none.xml")))


def test_client_that_leaves_in_the_middle_of_an_upload(client: BackendClient) -> None:
    head = f"POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer(client)}\r\nContent-Length: 5000\r\n\r\n"
    for _ in range(5):
        with raw(client, head.encode() + b"half"):
            pass
    assert client.status()


def test_job_of_a_client_that_leaves_is_done_nevertheless(
    client: BackendClient, box_mjcf: Path, tmp_path: Path
) -> None:
    body = json.dumps({"kind": "convert", "source": str(box_mjcf), "output": str(tmp_path / "out")})
    before = client.poll().revision
    head = (
        f"POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: {bearer(client)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    with raw(client, head.encode()):
        pass  # gone before the answer
    end = time.monotonic() + 60
    jobs: tuple[JobStatus, ...] = ()
    while time.monotonic() < end and not (jobs and jobs[-1].state.is_final):
        jobs = client.poll(before).jobs
        time.sleep(0.05)
    assert jobs[-1].state is JobState.DONE
    assert (tmp_path / "out" / "asset.json").is_file()


def test_idle_connections_do_not_keep_others_out(client: BackendClient) -> None:
    parts = urlsplit(client.address)
    idle = [socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) for _ in range(50)]
    try:
        started = time.monotonic()
        assert client.status()
        assert time.monotonic() - started < 1.0
    finally:
        for connection in idle:
            connection.close()


def test_queue_is_bounded(
    client: BackendClient, box_mjcf: Path, idle: Callable[[BackendClient], int]
) -> None:
    pid = idle(client)
    os.kill(pid, signal.SIGSTOP)
    jobs: list[str] = []
    try:
        while client.status().queued < MAX_WAITING:
            jobs.append(client.submit(JobRequest(JobKind.CHECK, source=str(box_mjcf))).id)
        with pytest.raises(BackendError, match="jobs wait already") as caught:
            client.submit(JobRequest(JobKind.CHECK, source=str(box_mjcf)))
        assert caught.value.status == 429
    finally:
        for job in reversed(jobs):
            client.cancel(job)
    assert idle(client)


def test_server_for_other_machines_takes_no_paths(
    make_backend: MakeBackend, box_mjcf: Path, tmp_path: Path
) -> None:
    process = make_backend("--host", "0.0.0.0", "--allow-host", "render.example")
    remote = process.wait_ready()
    client = BackendClient(remote.address.replace("0.0.0.0", "127.0.0.1"), remote.token)
    assert not client.status().local_paths
    for request in (
        JobRequest(JobKind.CONVERT, source=str(box_mjcf)),
        JobRequest(JobKind.CHECK, source=str(box_mjcf)),
        JobRequest(JobKind.GENERATE, image="0" * 64, output=str(tmp_path / "out")),
    ):
        with pytest.raises(BackendError) as caught:
            client.submit(request)
        assert caught.value.info.code == "no_local_paths"
    for host, expected in (("192.168.1.5:99", 200), ("render.example", 200), ("evil.example", 403)):
        assert call(client, "GET", "/v1/status", Authorization=bearer(client), Host=host)[0] == expected
    assert call(client, "GET", "/v1/status", Host="192.168.1.5")[0] == 401


@given(st.text(max_size=40))
def test_host_header_parser_never_fails_otherwise(text: str) -> None:
    try:
        host = host_name(text)
    except ValueError:
        return
    assert host
    assert host == host.lower()

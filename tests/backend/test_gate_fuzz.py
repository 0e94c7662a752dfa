# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is in the file: a report or one clear sentence, never another error."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.gate import run_gate
from physx_blender.errors import AssetError

GOOD = (
    b'<mujoco><compiler angle="degree"/><worldbody><body name="box"><freejoint/>'
    b'<geom name="b" type="box" size="0.1 0.1 0.05" pos="0 0 0.05"/><body name="lid" pos="0 0.1 0.11">'
    b'<joint name="hinge" axis="-1 0 0" range="0 90" damping="0.01"/>'
    b'<inertial pos="0 -0.1 0" mass="0.5" diaginertia="0.01 0.01 0.01"/>'
    b'<geom name="l" type="box" size="0.1 0.1 0.005" pos="0 -0.1 0"/></body></body></worldbody>'
    b'<contact><exclude body1="box" body2="lid"/></contact></mujoco>'
)
PIECES = st.sampled_from(
    [b"0", b"-", b"1e9", b"nan", b"inf", b'"', b"<", b">", b" ", b"0.1", b"hinge", b"mesh", b"\xff"]
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 12), PIECES), min_size=1, max_size=3))
def test_mutated_files(changes: list[tuple[int, int, bytes]]) -> None:
    data = GOOD
    for at, cut, piece in changes:
        data = data[:at] + piece + data[at + cut :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "asset.xml"
        path.write_bytes(data)
        try:
            report = run_gate(path)
        except AssetError as error:
            said = str(error)
        else:
            assert report.to_json()
            assert report.ok or report.errors
            said = report.text()
    assert "asset.xml" in said


def test_the_file_that_is_mutated_passes(tmp_path: Path) -> None:
    path = tmp_path / "asset.xml"
    path.write_bytes(GOOD)
    report = run_gate(path)
    assert report.ok, report.text()


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "asset.xml"
    depth = 20_000
    path.write_text("<mujoco><worldbody>" + "<body>" * depth + "</body>" * depth + "</worldbody></mujoco>")
    with pytest.raises(AssetError, match="nested"):
        run_gate(path)

# SPDX-License-Identifier: GPL-3.0-or-later
"""URDF files go through the same gate; what a URDF cannot say is taken from beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from backend.gate import FileReport, run_gate
from physx_blender.checks.finding import Severity

INERTIA = '<inertia ixx="0.004" iyy="0.004" izz="0.004" ixy="0" ixz="0" iyz="0"/>'


def link(name: str, *boxes: tuple[str, str], mass: float = 1.0, centre: str = "0 0 0") -> str:
    """A link with collision boxes (size, place)."""
    shapes = "".join(
        f'<collision name="{name}_{k}"><origin xyz="{at}"/><geometry><box size="{size}"/></geometry></collision>'
        for k, (size, at) in enumerate(boxes)
    )
    inertial = f'<inertial><origin xyz="{centre}"/><mass value="{mass}"/>{INERTIA}</inertial>' if mass else ""
    return f'<link name="{name}">{inertial}{shapes}</link>'


def joint(name: str, kind: str, parent: str, child: str, at: str, more: str = "") -> str:
    """A joint element."""
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/>'
        f'<origin xyz="{at}"/>{more}</joint>'
    )


BOX = link("box", ("0.3 0.3 0.2", "0 0 0.1"), mass=3, centre="0 0 0.1")
LIMIT = '<limit lower="0" upper="1.5" effort="10" velocity="1"/>'
LID = link("lid", ("0.3 0.3 0.02", "0 -0.15 0.01"), mass=0.3, centre="0 -0.15 0.01") + joint(
    "hinge", "revolute", "box", "lid", "0 0.15 0.2", '<axis xyz="-1 0 0"/><dynamics damping="0.01"/>' + LIMIT
)


def gate(tmp_path: Path, *elements: str, fixed_base: bool | None = None) -> FileReport:
    """Write the elements as a URDF and gate it."""
    path = tmp_path / "asset.urdf"
    path.write_text(f'<robot name="asset">{"".join(elements)}</robot>', encoding="utf-8")
    return run_gate(path, fixed_base=fixed_base).files[0]


def error_codes(report: FileReport) -> set[str]:
    """Codes of all errors."""
    return {f.code for f in report.findings if f.severity is Severity.ERROR}


def test_good_box_with_a_lid(tmp_path: Path) -> None:
    report = gate(tmp_path, BOX, LID)
    assert report.ok, report.text()
    assert report.format == "urdf"
    assert not report.fixed_base  # it stands on z = 0
    assert [j.name for j in report.joints] == ["hinge"]
    assert report.joints[0].reached_high == pytest.approx(1.5)
    assert report.mass == pytest.approx(3.3)


def test_fixed_joints_keep_their_links(tmp_path: Path) -> None:
    post = link("post", ("0.02 0.02 0.2", "0 -0.1 0.1")) + joint("weld", "fixed", "box", "post", "0 0 0.2")
    report = gate(tmp_path, BOX, LID, post)
    assert report.bodies == 3
    found = next(f for f in report.findings if f.code == "rest.overlap")
    assert "post" in found.message
    assert "lid" in found.message
    assert not report.ok


def test_blocked_lid(tmp_path: Path) -> None:
    arm = link("arm", ("0.02 0.02 0.3", "0 0 0.15")) + joint("weld", "fixed", "box", "arm", "0 0.165 0.2")
    bar = link("bar", ("0.2 0.1 0.02", "0 -0.05 0")) + joint("weld2", "fixed", "arm", "bar", "0 0 0.25")
    report = gate(tmp_path, BOX, LID, arm, bar)
    assert error_codes(report) == {"sweep.blocked"}, report.text()
    found = next(f for f in report.findings if f.code == "sweep.blocked")
    assert found.element_name == "hinge"
    assert "bar" in found.message or "arm" in found.message


def test_asset_json_beside_it_says_that_the_base_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "asset.json").write_text(json.dumps({"fixed_base": True}))
    assert gate(tmp_path, BOX, LID).fixed_base
    (tmp_path / "asset.json").write_text(json.dumps({"fixed_base": False}))
    assert not gate(tmp_path, BOX, LID).fixed_base
    assert gate(tmp_path, BOX, LID, fixed_base=True).fixed_base


@pytest.mark.parametrize(("kind", "fixed"), [("fixed", True), ("floating", False)])
def test_a_link_named_world_says_it(tmp_path: Path, kind: str, fixed: bool) -> None:
    report = gate(tmp_path, '<link name="world"/>', joint("base", kind, "world", "box", "0 0 0"), BOX, LID)
    assert report.ok, report.text()
    assert report.fixed_base == fixed


def test_hanging_asset_is_taken_as_fixed_and_told(tmp_path: Path) -> None:
    shelf = link("shelf", ("0.3 0.3 0.02", "0 0 1.2"), centre="0 0 1.2")
    report = gate(tmp_path, shelf)
    assert report.ok
    assert report.fixed_base
    assert "base.assumed" in {f.code for f in report.findings}


def test_floating_link_on_a_free_base(tmp_path: Path) -> None:
    """MuJoCo refuses a floating joint below the top level; the gate lets the cup stand on the box all the same."""
    cup = link("cup", ("0.05 0.05 0.1", "0 0 0.05"), mass=0.2, centre="0 0 0.05")
    report = gate(tmp_path, BOX, cup, joint("loose", "floating", "box", "cup", "0 0 0.2"))
    assert report.ok, report.text()
    bad = gate(tmp_path, BOX, cup, joint("loose", "floating", "box", "cup", "0 0 0.3"))
    assert "stands.sinks" in error_codes(bad)
    assert next(f for f in bad.findings if f.code == "stands.sinks").element_name == "cup"


def test_massless_moving_link(tmp_path: Path) -> None:
    flap = link("flap", ("0.1 0.1 0.02", "0 0 0.3")).replace('mass value="1.0"', 'mass value="0"')
    flap = flap.replace("0.004", "0")
    report = gate(tmp_path, BOX, flap, joint("hinge", "revolute", "box", "flap", "0 0 0.1", LIMIT))
    assert "mass.none" in error_codes(report), report.text()
    assert any(f.element_name == "flap" for f in report.findings)


def test_knob_through_an_empty_link(tmp_path: Path) -> None:
    """A cylindrical joint as URDF says it: the knob's shaft turns inside the box, with an empty link between."""
    tiny = '<inertial><mass value="0.001"/><inertia ixx="1e-6" iyy="1e-6" izz="1e-6" ixy="0" ixz="0" iyz="0"/></inertial>'
    between = f'<link name="between">{tiny}</link>'
    slide = joint(
        "push",
        "prismatic",
        "box",
        "between",
        "0 -0.15 0.1",
        '<axis xyz="0 -1 0"/><limit lower="0" upper="0.02" effort="1" velocity="1"/>',
    )
    knob = link("knob", ("0.02 0.04 0.02", "0 -0.01 0"), mass=0.1)
    turn = joint(
        "turn", "continuous", "between", "knob", "0 0 0", '<axis xyz="0 1 0"/><dynamics damping="0.001"/>'
    )
    report = gate(tmp_path, BOX, between, slide, knob, turn, fixed_base=True)
    assert report.ok, report.text()
    assert "rest.by_design" in {f.code for f in report.findings}
    assert {j.name: j.kind for j in report.joints} == {"push": "slide", "turn": "hinge"}


def test_mimic_is_followed(tmp_path: Path) -> None:
    flap = link("left", ("0.1 0.02 0.02", "0.1 0 0"), mass=0.2) + joint(
        "lead",
        "revolute",
        "box",
        "left",
        "-0.1 -0.17 0.1",
        '<axis xyz="0 -1 0"/><dynamics damping="0.01"/>' + LIMIT,
    )
    other = link("right", ("0.1 0.02 0.02", "-0.06 0 0"), mass=0.2) + joint(
        "follow",
        "revolute",
        "box",
        "right",
        "0.13 -0.17 0.1",
        '<axis xyz="0 1 0"/><dynamics damping="0.01"/><mimic joint="lead" multiplier="1"/>' + LIMIT,
    )
    report = gate(tmp_path, BOX, flap, other)
    assert [j.name for j in report.joints] == ["lead"]
    assert "rest.overlap" in error_codes(report)  # the two arms meet in the middle
    apart = other.replace("0.13 -0.17", "0.33 -0.17")
    good = gate(tmp_path, BOX, flap, apart)
    assert good.ok, good.text()
    assert good.joints[0].high == pytest.approx(1.5)
    assert good.joints[0].reached_high <= math.pi

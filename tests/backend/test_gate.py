# SPDX-License-Identifier: GPL-3.0-or-later
"""The physics gate passes what behaves, and names the part, the joint and the amount in what does not."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from backend.gate import FileReport, GateReport, run_gate
from physx_blender.checks.finding import Finding, Severity
from physx_blender.errors import AssetError

STAGES = ("compiles", "masses", "rest", "stands", "sweeps", "drives")


def mjcf(body: str, extra: str = "", compiler: str = "", option: str = "") -> str:
    """An MJCF file around the bodies."""
    return (
        f'<mujoco><compiler angle="degree" {compiler}/><option {option}/>'
        f"<worldbody>{body}</worldbody>{extra}</mujoco>"
    )


def cabinet(
    scale: float = 1.0,
    *,
    door_range: str = "0 110",
    door: str = "",
    drawer: str = "",
    inside: str = "",
    base: str = "<freejoint/>",
    hinge: str = 'damping="0.0001"',
) -> str:
    """A hollow box of 0.4 x 0.3 x 0.6 m (times scale) with a door on its left front edge, and a drawer within."""

    def box(
        name: str, size: tuple[float, float, float], pos: tuple[float, float, float], more: str = ""
    ) -> str:
        half = " ".join(f"{v * scale / 2:.6g}" for v in size)
        at = " ".join(f"{v * scale:.6g}" for v in pos)
        return f'<geom name="{name}" type="box" size="{half}" pos="{at}" density="600" {more}/>'

    walls = (
        box("left", (0.02, 0.3, 0.6), (-0.19, 0, 0.3))
        + box("right", (0.02, 0.3, 0.6), (0.19, 0, 0.3))
        + box("back", (0.36, 0.02, 0.6), (0, 0.14, 0.3))
        + box("bottom", (0.36, 0.28, 0.02), (0, -0.01, 0.01))
        + box("top", (0.36, 0.28, 0.02), (0, -0.01, 0.59))
    )
    at = f"{-0.2 * scale} {-0.172 * scale} {0.3 * scale}"
    leaf = box("leaf", (0.4, 0.02, 0.58), (0.2, 0.01, 0))
    slide_at = f"0 0 {0.1 * scale}"
    tray = box("tray_floor", (0.34, 0.26, 0.01), (0, 0, 0)) + box(
        "tray_front", (0.34, 0.01, 0.1), (0, -0.125, 0.055)
    )
    return f"""
    <body name="carcass">{base}{walls}{inside}
      <body name="door" pos="{at}">
        <joint name="door_hinge" axis="0 0 -1" range="{door_range}" {hinge}/>{leaf}{door}
      </body>
      <body name="drawer" pos="{slide_at}">
        <joint name="drawer_slide" type="slide" axis="0 -1 0" range="0 {0.2 * scale}" damping="0.1"/>{tray}{drawer}
      </body>
    </body>"""


def gate(tmp_path: Path, text: str, name: str = "asset.xml", fixed_base: bool | None = None) -> FileReport:
    """Write the text and gate it."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    report = run_gate(path, fixed_base=fixed_base)
    assert isinstance(report, GateReport)
    assert report.ok == report.files[0].ok
    return report.files[0]


def codes(report: FileReport, severity: Severity = Severity.ERROR) -> set[str]:
    """Codes of the findings of this severity."""
    return {f.code for f in report.findings if f.severity is severity}


def only_error(report: FileReport, code: str) -> Finding:
    """The one finding with this code; every error must say what to do."""
    assert not report.ok
    errors = [f for f in report.findings if f.severity is Severity.ERROR]
    assert all(f.advice for f in errors)
    found = [f for f in errors if f.code == code]
    assert len(found) == 1, report.text()
    return found[0]


@pytest.mark.parametrize("scale", [0.15, 1.0, 3.0])
@pytest.mark.parametrize("base", ["free", "fixed"])
def test_good_cabinet_passes_at_every_size(tmp_path: Path, scale: float, base: str) -> None:
    report = gate(tmp_path, mjcf(cabinet(scale, base="<freejoint/>" if base == "free" else "")))
    assert report.ok, report.text()
    assert dict(report.stages) == dict.fromkeys(STAGES, True)
    assert report.fixed_base == (base == "fixed")
    joints = {j.name: j for j in report.joints}
    assert joints["door_hinge"].reached_high == pytest.approx(math.radians(110))
    assert joints["drawer_slide"].reached_high == pytest.approx(0.2 * scale)
    # the drawer is behind the door: the gate opens the door first, and says so
    assert set(dict(joints["drawer_slide"].needs)) == {"door_hinge"}
    for joint in report.joints:
        assert joint.reach_error is not None
        assert joint.reach_error < 0.02
        assert joint.return_error is not None
        assert joint.return_error < 0.02


def test_it_is_fast(tmp_path: Path) -> None:
    report = gate(tmp_path, mjcf(cabinet()))
    assert sum(t for _, t in report.timings) < 3.0, report.timings


def test_same_file_gives_same_report(tmp_path: Path) -> None:
    first, second = (gate(tmp_path, mjcf(cabinet())).to_dict() for _ in range(2))
    first.pop("timings")
    second.pop("timings")
    assert first == second


def test_report_is_readable_and_json(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(mjcf(cabinet(inside='<geom name="post" size="0.02" pos="0 -0.3 0.3"/>')))
    report = run_gate(path)
    data = json.loads(report.to_json())
    assert data["ok"] is False
    assert data["files"][0]["stages"]["sweeps"] is False
    assert "FAIL" in report.text()
    assert "door_hinge" in report.text()
    assert report.errors


def test_blocked_hinge_names_angle_and_obstacle(tmp_path: Path) -> None:
    """A post in the way of the door: the angle follows from its place (the leaf's front face meets the post)."""
    report = gate(
        tmp_path,
        mjcf(cabinet(base="", inside='<geom name="post" type="sphere" size="0.02" pos="-0.2 -0.372 0.3"/>')),
    )
    found = only_error(report, "sweep.blocked")
    assert found.element_kind == "joint"
    assert found.element_name == "door_hinge"
    assert "post" in found.message
    joint = next(j for j in report.joints if j.name == "door_hinge")
    # leaf's outer face passes through the axis; distance of the post from the axis is 0.2, its radius 0.02
    expected = math.pi / 2 - math.asin((0.02 - 0.001) / 0.2)
    assert joint.reached_high == pytest.approx(expected, abs=0.01)
    assert dict(report.stages)["sweeps"] is False
    assert dict(report.stages)["drives"] is False


def test_blocked_slide_names_travel(tmp_path: Path) -> None:
    body = """
    <body name="rail"><freejoint/><geom name="plate" type="box" size="0.2 0.1 0.01" pos="0 0 0.01"/>
      <geom name="stop" type="box" size="0.01 0.1 0.05" pos="0.15 0 0.07"/>
      <body name="block" pos="-0.1 0 0.05"><joint name="travel" type="slide" axis="1 0 0" range="0 0.25"/>
        <geom name="cube" type="box" size="0.02 0.02 0.02"/></body></body>"""
    report = gate(tmp_path, mjcf(body))
    found = only_error(report, "sweep.blocked")
    assert "stop" in found.message
    joint = report.joints[0]
    assert joint.reached_high == pytest.approx(0.22 + 0.001, abs=2e-4)
    assert "221.0 mm" in found.message


def test_exclusion_does_not_hide_a_blocked_joint(tmp_path: Path) -> None:
    body = cabinet(inside='<geom name="post" type="sphere" size="0.02" pos="-0.2 -0.372 0.3"/>')
    exclude = '<contact><exclude body1="carcass" body2="door"/></contact>'
    report = gate(tmp_path, mjcf(body, exclude))
    only_error(report, "sweep.blocked")


def test_thin_obstacle_on_the_way_is_not_jumped_over(tmp_path: Path) -> None:
    thin = '<geom name="pin" type="cylinder" size="0.0025 0.05" pos="-0.2 -0.5 0.3"/>'
    report = gate(tmp_path, mjcf(cabinet(base="", inside=thin)))
    assert "pin" in only_error(report, "sweep.blocked").message


def test_zero_mass(tmp_path: Path) -> None:
    body = '<body name="a"><geom size="0.1"/><body name="flap"><joint name="j"/><geom size="0.1" mass="0"/></body></body>'
    report = gate(tmp_path, mjcf(body))
    found = only_error(report, "mass.none")
    assert found.element_name == "flap"
    assert dict(report.stages)["compiles"] is False
    assert dict(report.stages)["stands"] is None


def test_tiny_mass(tmp_path: Path) -> None:
    body = (
        '<body name="a"><geom size="0.1"/><body name="flap" pos="0 0 1"><joint name="j"/>'
        '<inertial pos="0 0 0" mass="1e-9" diaginertia="1e-10 1e-10 1e-10"/><geom size="0.1"/></body></body>'
    )
    assert only_error(gate(tmp_path, mjcf(body)), "mass.none").element_name == "flap"


def test_invalid_inertia(tmp_path: Path) -> None:
    body = (
        '<body name="a"><freejoint/><inertial pos="0 0 0" mass="1" diaginertia="1 0.1 0.1"/>'
        '<geom type="box" size="0.1 0.1 0.1" pos="0 0 0.1"/></body>'
    )
    assert only_error(gate(tmp_path, mjcf(body)), "inertia.invalid").element_name == "a"


def test_hovering_asset_sinks(tmp_path: Path) -> None:
    body = '<body name="cube" pos="0 0 0.105"><freejoint/><geom type="box" size="0.1 0.1 0.1"/></body>'
    found = only_error(gate(tmp_path, mjcf(body)), "stands.sinks")
    assert found.element_name == "cube"
    assert "comes down by 5.1 mm" in found.message


def test_without_collision_it_falls_through_the_floor(tmp_path: Path) -> None:
    body = (
        '<body name="cube" pos="0 0 0.1"><freejoint/>'
        '<geom type="box" size="0.1 0.1 0.1" contype="0" conaffinity="0"/></body>'
    )
    assert only_error(gate(tmp_path, mjcf(body)), "stands.sinks").element_name == "cube"


def test_top_heavy_asset_tilts(tmp_path: Path) -> None:
    body = (
        '<body name="lamp"><freejoint/><geom type="box" size="0.05 0.05 0.01" pos="0 0 0.01"/>'
        '<geom type="box" size="0.1 0.02 0.02" pos="0.1 0 0.3"/></body>'
    )
    assert only_error(gate(tmp_path, mjcf(body)), "stands.tilts").element_name == "lamp"


def test_rolling_asset_drifts(tmp_path: Path) -> None:
    """A wheeled cart on wheels that turn freely, with a spring-loaded weight that drives it away."""
    body = '<body name="puck" pos="0 0 0.05"><freejoint/><geom type="box" size="0.05 0.05 0.05" friction="0.01"/></body>'
    report = gate(tmp_path, mjcf(body, option='gravity="5.5 0 -9.81"'))
    assert "stands.drifts" in codes(report)


def test_penetration_at_rest(tmp_path: Path) -> None:
    report = gate(
        tmp_path,
        mjcf(cabinet(drawer='<geom name="lug" type="box" size="0.01 0.01 0.01" pos="0.175 0 0.2"/>')),
    )
    found = only_error(report, "rest.overlap")
    assert found.element_name == "drawer"
    assert "lug" in found.message
    assert "right" in found.message
    assert "5.0 mm" in found.message


def test_exclusion_does_not_hide_an_overlap(tmp_path: Path) -> None:
    lug = '<geom name="lug" type="box" size="0.01 0.01 0.01" pos="0.175 0 0.2"/>'
    exclude = '<contact><exclude body1="carcass" body2="drawer"/></contact>'
    found = only_error(gate(tmp_path, mjcf(cabinet(drawer=lug), exclude)), "rest.overlap")
    assert "excludes" in found.message


def test_pin_in_its_hinge_is_by_design(tmp_path: Path) -> None:
    body = """
    <body name="block"><geom name="block" type="box" size="0.1 0.1 0.1" pos="0 0 0.1"/>
      <body name="knob" pos="0 -0.1 0.1"><joint name="turn" axis="0 1 0" range="-150 150" damping="0.001"/>
        <geom name="shaft" type="cylinder" fromto="0 0.03 0 0 -0.02 0" size="0.01"/></body></body>"""
    report = gate(tmp_path, mjcf(body, '<contact><exclude body1="block" body2="knob"/></contact>'))
    assert report.ok, report.text()
    assert "rest.by_design" in codes(report, Severity.INFO)
    # without the exclusion MuJoCo lets the pin fight its fixed hole
    assert codes(gate(tmp_path, mjcf(body))) & {"stands.energy", "stands.fast", "drive.unstable"}


def test_unstable_spring(tmp_path: Path) -> None:
    body = (
        '<body name="a"><geom size="0.05"/><body name="b" pos="0 0 1">'
        '<joint name="spring" type="slide" axis="0 0 1" stiffness="1e9" springref="1"/>'
        '<inertial pos="0 0 0" mass="0.01" diaginertia="1e-4 1e-4 1e-4"/></body></body>'
    )
    report = gate(tmp_path, mjcf(body))
    assert codes(report) & {"stands.unstable", "stands.fast"}, report.text()
    assert any(f.element_name == "spring" for f in report.findings)


def test_values_that_are_not_numbers(tmp_path: Path) -> None:
    body = '<body name="cube" pos="nan 0 0.1"><freejoint/><geom type="box" size="0.1 0.1 0.1"/></body>'
    report = gate(tmp_path, mjcf(body))
    assert not report.ok
    assert only_error(report, "compile.not_finite").element_name == "cube"
    assert "mujoco.warning" in codes(report, Severity.WARNING)


def test_energy_from_nothing(tmp_path: Path) -> None:
    """A motor that is always on."""
    body = (
        '<body name="a"><geom size="0.05"/><body name="fan" pos="0 0 1"><joint name="spin" axis="0 0 1" damping="0.001"/>'
        '<geom type="box" size="0.1 0.01 0.001"/></body></body>'
    )
    motor = (
        '<actuator><general joint="spin" gaintype="fixed" biastype="affine" biasprm="0.01 0 0"/></actuator>'
    )
    report = gate(tmp_path, mjcf(body, motor))
    assert "stands.energy" in codes(report), report.text()
    assert gate(tmp_path, mjcf(body)).ok


def test_inverted_limits(tmp_path: Path) -> None:
    report = gate(tmp_path, mjcf(cabinet(door_range="110 0")))
    assert only_error(report, "limits.inverted").element_name == "door_hinge"


def test_rest_outside_limits(tmp_path: Path) -> None:
    report = gate(tmp_path, mjcf(cabinet(base="", door_range="20 90")))
    assert only_error(report, "limits.rest_outside").element_name == "door_hinge"


def test_slide_without_limits_falls_away(tmp_path: Path) -> None:
    body = (
        '<body name="a"><geom size="0.05"/><body name="b" pos="0.2 0 1"><joint name="s" type="slide" axis="0 0 1"/>'
        '<geom size="0.05"/></body></body>'
    )
    report = gate(tmp_path, mjcf(body))
    assert only_error(report, "stands.falls_away").element_name == "s"
    assert "limits.none" in codes(report, Severity.WARNING)


def test_stiff_spring_stops_the_drive_from_arriving(tmp_path: Path) -> None:
    """An equality holds the joint, which no kinematic sweep can see."""
    body = (
        '<body name="a"><geom size="0.05"/><body name="b" pos="0 0 0.5"><joint name="j" axis="0 0 1" range="-90 90"/>'
        '<geom type="box" size="0.1 0.02 0.02"/></body></body>'
    )
    weld = '<equality><weld body1="a" body2="b"/></equality>'
    report = gate(tmp_path, mjcf(body, weld))
    assert only_error(report, "drive.end").element_name == "j"
    assert dict(report.stages)["sweeps"] is True


def test_lid_falls_and_that_is_fine(tmp_path: Path) -> None:
    """A flap that rests level and hangs on a hinge: it swings down, within its limits."""
    body = (
        '<body name="box" pos="0 0 0.5"><geom type="box" size="0.1 0.1 0.05"/>'
        '<body name="flap" pos="0 -0.11 0"><joint name="flap_hinge" axis="1 0 0" range="0 80" damping="0.002"/>'
        '<geom type="box" size="0.1 0.1 0.005" pos="0 -0.1 0"/></body></body>'
    )
    report = gate(tmp_path, mjcf(body))
    assert report.ok, report.text()
    fell = [f for f in report.findings if f.code == "stands.falls"]
    assert [f.element_name for f in fell] == ["flap_hinge"]
    assert fell[0].severity is Severity.INFO


def test_full_turn_of_an_unlimited_hinge(tmp_path: Path) -> None:
    blade = '<geom name="blade" type="box" size="0.2 0.01 0.002" pos="0.1 0 0"/>'
    body = (
        '<body name="stand"><geom name="foot" type="cylinder" size="0.15 0.01" pos="0 0 0.01"/>{}'
        '<body name="rotor" pos="0 0 0.5"><joint name="axle" axis="0 0 1" damping="0.0001"/>'
        + blade
        + "</body></body>"
    )
    good = gate(tmp_path, mjcf(body.format("")))
    assert good.ok, good.text()
    assert good.joints[0].reached_high == pytest.approx(2 * math.pi)
    bad = gate(tmp_path, mjcf(body.format('<geom name="pole" size="0.02" pos="-0.2 0 0.5"/>')))
    assert "pole" in only_error(bad, "sweep.blocked").message


def test_ball_joint_is_tilted_up_to_its_cone(tmp_path: Path) -> None:
    body = (
        '<body name="desk"><geom name="foot" type="box" size="0.2 0.2 0.01" pos="0 0 0.01"/>{}'
        '<body name="arm" pos="0 0 0.2"><joint name="ball" type="ball" range="0 40" damping="0.001"/>'
        '<geom name="rod" type="capsule" fromto="0 0 0.02 0 0 0.15" size="0.01"/></body></body>'
    )
    good = gate(tmp_path, mjcf(body.format("")))
    assert good.ok, good.text()
    assert good.joints[0].reached_high == pytest.approx(math.radians(40))
    bad = gate(
        tmp_path, mjcf(body.format('<geom name="wall" type="box" size="0.01 0.2 0.2" pos="0.07 0 0.3"/>'))
    )
    assert "wall" in only_error(bad, "sweep.blocked").message


def test_follower_moves_with_its_leader(tmp_path: Path) -> None:
    body = (
        '<body name="stand"><geom name="foot" type="box" size="0.5 0.2 0.01" pos="0 0 0.01"/>{}'
        '<body name="left" pos="-0.3 0 0.5"><joint name="lead" axis="0 0 1" range="0 90" damping="0.01"/>'
        '<geom type="box" size="0.1 0.01 0.01" pos="0.1 0 0"/></body>'
        '<body name="right" pos="0.3 0 0.5"><joint name="follow" axis="0 0 1" range="-90 0" damping="0.01"/>'
        '<geom type="box" size="0.1 0.01 0.01" pos="-0.1 0 0"/></body></body>'
    )
    tie = '<equality><joint joint1="follow" joint2="lead" polycoef="0 -1 0 0 0"/></equality>'
    good = gate(tmp_path, mjcf(body.format(""), tie))
    assert good.ok, good.text()
    assert [j.name for j in good.joints] == ["lead"]
    assert good.joints[0].reach_error is not None
    assert good.joints[0].reach_error < 0.01
    # only the follower reaches this post: up and round
    bad = gate(tmp_path, mjcf(body.format('<geom name="post" size="0.02" pos="0.22 0.14 0.5"/>'), tie))
    found = only_error(bad, "sweep.blocked")
    assert found.element_name == "lead"
    assert "right" in found.message


def test_wheel_rolls_on_the_floor_and_a_flap_below_it_is_told(tmp_path: Path) -> None:
    car = """<body name="car"><freejoint/><geom name="chassis" type="box" size="0.2 0.08 0.02" pos="0 0 0.12"/>{}
      <geom name="skid" type="box" size="0.02 0.02 0.05" pos="-0.15 0 0.05"/>
      <body name="axle" pos="0.15 0 0.05"><joint name="roll" axis="0 1 0" damping="0.001"/>
        <geom name="wheels" type="cylinder" size="0.045 0.15" euler="90 0 0" condim="6" friction="1 0.01 0.01"/>
        <geom name="tyres" type="cylinder" size="0.05 0.14" euler="90 0 0" condim="6" friction="1 0.01 0.01"/></body></body>"""
    report = gate(tmp_path, mjcf(car.format("")))
    assert report.ok, report.text()
    assert "sweep.floor" not in codes(report, Severity.WARNING)
    flap = """<body name="flap" pos="0 -0.1 0.12">
      <joint name="flap_hinge" axis="1 0 0" range="0 90" stiffness="50" damping="0.1"/>
      <geom type="box" size="0.05 0.1 0.002" pos="0 -0.1 0" density="100"/></body>"""
    told = gate(tmp_path, mjcf(car.format(flap)))
    assert [f.element_name for f in told.findings if f.code == "sweep.floor"] == ["flap_hinge"]


def test_no_log_file_is_left_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    gate(
        tmp_path,
        mjcf('<body name="cube" pos="nan 0 0.1"><freejoint/><geom type="box" size="0.1 0.1 0.1"/></body>'),
    )
    assert list(folder.iterdir()) == []


def test_free_base_is_kept_or_overridden(tmp_path: Path) -> None:
    lamp = (
        '<body name="lamp"><freejoint/><geom type="box" size="0.05 0.05 0.01" pos="0 0 0.01"/>'
        '<geom type="box" size="0.1 0.02 0.02" pos="0.1 0 0.3"/></body>'
    )
    assert not gate(tmp_path, mjcf(lamp)).ok
    fixed = gate(tmp_path, mjcf(lamp), fixed_base=True)
    assert fixed.ok
    assert fixed.fixed_base
    assert not gate(tmp_path, mjcf(lamp.replace("<freejoint/>", "")), fixed_base=False).ok


def test_missing_mesh_is_named(tmp_path: Path) -> None:
    body = '<body name="b"><freejoint/><geom type="mesh" mesh="q"/></body>'
    report = gate(tmp_path, mjcf(body, '<asset><mesh name="q" file="nope.obj"/></asset>'))
    assert "nope.obj" in only_error(report, "file.missing").message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<mujoco><worldbody></mujoco>", "not well-formed"),
        ("<sdf/>", "not <mujoco> or <robot>"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><mujoco/>', "document type"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(AssetError, match=words):
        gate(tmp_path, text)


def test_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="not a file"):
        run_gate(tmp_path / "none.xml")

# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate on assets in memory and on package folders: exported, then both files gated."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backend.gate import gate_asset, run_gate
from physx_blender.errors import AssetError
from physx_blender.formats.convert import write_outputs
from physx_blender.geometry import Box, Cylinder, HollowBox, PlacedShape, Pose, Revolution, Shape
from physx_blender.model import Asset, Joint, Link, Material, Part

WOOD = Material("wood", 600.0)
POT = Revolution(((0.0, 0.0), (0.05, 0.0), (0.06, 0.1), (0.055, 0.1), (0.045, 0.005), (0.0, 0.005)))


def part(name: str, link: str, shape: Shape, at: tuple[float, float, float]) -> Part:
    """A wooden part."""
    return Part(name, link, (PlacedShape(shape, Pose(at)),), WOOD)


def cabinet(scale: float = 1.0) -> Asset:
    """A cabinet with a door, a drawer behind it, a knob that turns and pulls, and a pot that stands on it."""

    def s(*values: float) -> tuple[float, ...]:
        return tuple(scale * v for v in values)

    pot = Revolution(tuple((scale * r, scale * z) for r, z in POT.profile))
    return Asset(
        "cabinet",
        parts=(
            part("carcass", "body", HollowBox(s(0.4, 0.3, 0.6), scale * 0.02, ("-y",)), s(0.0, 0.0, 0.3)),
            part("leaf", "door", Box(s(0.4, 0.02, 0.6)), s(0.0, -0.161, 0.3)),
            part(
                "tray", "drawer", HollowBox(s(0.35, 0.26, 0.1), scale * 0.01, ("+z",)), s(0.0, -0.005, 0.08)
            ),
            part("knob", "knob", Cylinder(scale * 0.02, scale * 0.03), s(0.15, -0.187, 0.3)),
            part("pot", "pot", pot, s(0.0, 0.0, 0.6)),
        ),
        links=(Link("body"), Link("door"), Link("drawer"), Link("knob"), Link("pot")),
        joints=(
            Joint(
                "hinge",
                "hinge",
                "body",
                "door",
                axis=(0, 0, -1),
                anchor=s(-0.2, -0.171, 0.3),
                angle_limits=(0.0, 1.9),
                damping=0.01 * scale**5,
            ),
            Joint(
                "rail",
                "slide",
                "body",
                "drawer",
                axis=(0, -1, 0),
                travel_limits=s(0.0, 0.2),
                damping=0.1 * scale**3,
            ),
            Joint(
                "turn",
                "cylindrical",
                "door",
                "knob",
                axis=(0, -1, 0),
                anchor=s(0.15, -0.187, 0.3),
                travel_limits=s(0.0, 0.02),
                damping=0.001 * scale**5,
            ),
            Joint("loose", "free", "body", "pot"),
        ),
    )


@pytest.mark.parametrize("scale", [0.15, 1.0, 3.0])
@pytest.mark.parametrize("fixed", [False, True])
def test_exported_asset_passes_in_both_formats(scale: float, fixed: bool) -> None:
    report = gate_asset(replace(cabinet(scale), fixed_base=fixed))
    assert report.ok, report.text()
    assert [f.format for f in report.files] == ["mjcf", "urdf"]
    mjcf, urdf = report.files
    assert mjcf.mass == pytest.approx(urdf.mass, rel=1e-6)
    assert mjcf.fixed_base is fixed
    assert urdf.fixed_base is fixed
    assert {(j.name, round(j.low, 9), round(j.high, 9)) for j in mjcf.joints} == {
        (j.name, round(j.low, 9), round(j.high, 9)) for j in urdf.joints
    }


def test_exported_fault_fails_in_both_formats() -> None:
    asset = cabinet()
    joints = tuple(replace(j, travel_limits=(-0.1, 0.2)) if j.name == "rail" else j for j in asset.joints)
    report = gate_asset(replace(asset, joints=joints))
    assert [f.ok for f in report.files] == [False, False]
    for file in report.files:
        blocked = [f for f in file.findings if f.code == "sweep.blocked"]
        assert [f.element_name for f in blocked] == ["rail"]
        assert "carcass" in blocked[0].message
        assert [j for j, _ in next(r.needs for r in file.joints if r.name == "rail")] == [
            "hinge"
        ]  # to come out
        # 0.3 m deep with a back of 0.02 m; the tray of 0.26 m starts at y = -0.005
        assert next(j.reached_low for j in file.joints if j.name == "rail") == pytest.approx(
            -(0.01 - 0.005 + 0.001), abs=5e-4
        )


def test_package_folder(tmp_path: Path) -> None:
    folder = tmp_path / "cabinet"
    write_outputs(cabinet(), folder)
    before = sorted((p.relative_to(folder), p.stat().st_mtime_ns) for p in folder.rglob("*"))
    report = run_gate(folder)
    assert report.ok, report.text()
    assert report.source == str(folder)
    assert [f.file for f in report.files] == ["cabinet.xml", "cabinet.urdf"]
    assert json.loads(report.to_json())["ok"] is True
    assert sorted((p.relative_to(folder), p.stat().st_mtime_ns) for p in folder.rglob("*")) == before


def test_urdf_beside_its_package_takes_the_base_from_there(tmp_path: Path) -> None:
    asset = replace(cabinet(), fixed_base=True)
    written = write_outputs(asset, tmp_path / "cabinet")
    assert run_gate(written.urdf).files[0].fixed_base
    assert run_gate(written.mjcf).files[0].fixed_base


def test_folder_without_an_asset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError):
        run_gate(tmp_path)

# SPDX-License-Identifier: GPL-3.0-or-later
"""A PhysX-Anything result folder, read and exported, passes the physics gate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.gate import run_gate
from physx_blender.formats.convert import load_asset, write_outputs
from physx_blender.formats.physx_anything import write_result_folder
from physx_blender.geometry import Box, Cylinder, HollowBox, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

OAK = Material("oak", 700.0)


def cabinet(scale: float) -> Asset:
    def at(*metres: float) -> tuple[float, float, float]:
        return (metres[0] * scale, metres[1] * scale, metres[2] * scale)

    def part(name: str, shape: Box | HollowBox | Cylinder, *where: float) -> Part:
        return Part(name, name.lower(), (PlacedShape(shape, Pose(at(*where))),), OAK)

    wall = 0.02 * scale
    parts = (
        part("Frame", HollowBox(at(0.6, 0.45, 0.8), wall, ("-y",)), 0, 0, 0.4),
        part("Drawer", HollowBox(at(0.5, 0.38, 0.2), wall, ("+z",)), 0, -0.03, 0.15),
        part("Door", Box(at(0.58, wall / scale, 0.48)), 0, -0.24, 0.55),
        part("Stool", Cylinder(0.1 * scale, 0.2 * scale), 0, 0, 0.92),
    )
    joints = (
        Joint("slide", JointKind.SLIDE, "frame", "drawer", (0, -1, 0), travel_limits=(0.0, 0.25 * scale)),
        Joint(
            "hinge",
            JointKind.HINGE,
            "frame",
            "door",
            (0, 0, -1),
            at(-0.29, -0.24, 0.55),
            angle_limits=(0.0, 1.5),
        ),
        Joint("turn", JointKind.HINGE, "frame", "stool", (0, 0, 1), at(0, 0, 0.92)),
    )
    return Asset("cabinet", parts, tuple(Link(p.link) for p in parts), joints)


@pytest.mark.parametrize("grid", [32, 64])
@pytest.mark.parametrize("scale", [0.1, 1.0, 2.2])
def test_result_folder_passes_the_gate(tmp_path: Path, scale: float, grid: int) -> None:
    write_result_folder(cabinet(scale), tmp_path / "result", grid=grid)
    asset = load_asset(tmp_path / "result")
    top = max(s.mesh().vertices[:, 2].max() for p in asset.parts for s in p.shapes)
    assert top == pytest.approx(1.02 * scale, rel=1e-3)
    assert np.isfinite(top)
    written = write_outputs(asset, tmp_path / "out")
    for file in (written.mjcf, written.urdf):
        report = run_gate(file)
        assert report.ok, report.files[0].text()

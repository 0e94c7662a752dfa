# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass of parts and links: density, overrides, sums."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from physx_blender.errors import AssetError
from physx_blender.geometry import (
    Box,
    Cylinder,
    HollowBox,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    TriangleMesh,
)
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part
from physx_blender.model.inertia import asset_mass_properties, link_mass_properties, part_mass_properties

OAK = Material("oak", 700.0)
STEEL = Material("steel", 7850.0)
TURN = Pose((0.3, 0.1, 0.5), (0.8, 0.2, -0.4, 0.4))


def cabinet(inertial: MassProperties | None = None, door_mass: float | None = None) -> Asset:
    return Asset(
        "cabinet",
        (
            Part(
                "carcass",
                "base",
                (PlacedShape(HollowBox((0.6, 0.4, 0.8), 0.018, ("-y",)), Pose((0, 0, 0.4))),),
                OAK,
            ),
            Part(
                "door",
                "door",
                (PlacedShape(Box((0.6, 0.018, 0.8)), Pose((0, -0.21, 0.4))),),
                OAK,
                mass=door_mass,
            ),
            Part(
                "knob",
                "door",
                (PlacedShape(Cylinder(0.01, 0.03), TURN), PlacedShape(Box((0.02,) * 3))),
                STEEL,
            ),
        ),
        (Link("base"), Link("door", inertial)),
        (Joint("hinge", JointKind.HINGE, "base", "door", anchor=(0.3, -0.2, 0.0)),),
    )


def test_parts_weigh_density_times_volume() -> None:
    asset = cabinet()
    assert part_mass_properties(asset.parts[0]).mass == pytest.approx(
        700 * (0.6 * 0.4 * 0.8 - 0.564 * 0.382 * 0.764), rel=1e-12
    )
    assert part_mass_properties(asset.parts[1]).mass == pytest.approx(700 * 0.6 * 0.018 * 0.8, rel=1e-12)


def test_links_are_the_sum_of_their_parts() -> None:
    asset = cabinet()
    link = link_mass_properties(asset, "door")
    meshes = []
    for part in asset.parts_of("door"):
        for placed in part.shapes:
            mesh = placed.mesh(512)
            one = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
            one.density = part.material.density
            meshes.append(one)
    mass = sum(m.mass for m in meshes)
    centre = sum(m.mass * m.center_mass for m in meshes) / mass
    inertia = np.zeros((3, 3))
    for m in meshes:
        d = m.center_mass - centre
        inertia += m.moment_inertia + m.mass * (d @ d * np.eye(3) - np.outer(d, d))
    assert link.mass == pytest.approx(mass, rel=1e-4)
    np.testing.assert_allclose(link.centre, centre, atol=1e-5)
    np.testing.assert_allclose(link.matrix, inertia, atol=1e-4 * np.trace(inertia))
    assert link.problem() is None


def test_a_given_part_mass_keeps_the_distribution() -> None:
    free, fixed = (
        part_mass_properties(cabinet().parts[1]),
        part_mass_properties(cabinet(door_mass=5.0).parts[1]),
    )
    assert fixed.mass == pytest.approx(5.0, rel=1e-15)
    assert fixed.centre == free.centre
    np.testing.assert_allclose(fixed.matrix / 5.0, free.matrix / free.mass, rtol=1e-12, atol=1e-18)


def test_a_given_inertial_wins() -> None:
    given = MassProperties.of(3.0, (0.1, 0.2, 0.3), np.diag([0.1, 0.2, 0.25]))
    assert link_mass_properties(cabinet(given), "door") is given
    total = asset_mass_properties(cabinet(given))
    assert total.mass == pytest.approx(3.0 + link_mass_properties(cabinet(), "base").mass)


def test_open_meshes_weigh_their_skin_here_too() -> None:
    box = Box((0.2, 0.2, 0.2)).mesh()
    lidless = Part(
        "tub", "base", (PlacedShape(Mesh(TriangleMesh(box.vertices, box.faces[2:]), 0.002)),), STEEL
    )
    assert part_mass_properties(lidless).mass == pytest.approx(7850 * 5 * 0.04 * 0.002)


def test_unseen_parts_weigh_their_collision_shapes() -> None:
    hidden = Part("stop", "base", (), STEEL, collision=(PlacedShape(Box((0.1, 0.1, 0.1))),))
    assert part_mass_properties(hidden).mass == pytest.approx(7.85)


def test_unknown_links_and_flat_parts_are_named() -> None:
    with pytest.raises(AssetError, match="asset 'cabinet': has no link 'roof'"):
        link_mass_properties(cabinet(), "roof")
    flat = TriangleMesh([[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[0, 1, 2]])
    with pytest.raises(AssetError, match="part 'sheet': its shapes enclose no volume"):
        part_mass_properties(Part("sheet", "base", (PlacedShape(Mesh(flat)),), OAK))


def test_a_link_without_parts_has_no_mass() -> None:
    asset = Asset(
        "frame",
        (Part("a", "base", (PlacedShape(Box((1, 1, 1))),), OAK),),
        (Link("base"), Link("empty")),
        (Joint("j", JointKind.FIXED, "base", "empty"),),
    )
    assert link_mass_properties(asset, "empty").mass == 0.0


def test_impossible_inertia_is_told() -> None:
    assert MassProperties.of(1, (0, 0, 0), np.diag([1, 1, 3])).problem() == (
        "the principal moments of inertia break the triangle inequality"
    )
    assert (
        MassProperties.of(1, (0, 0, 0), np.diag([0, 1, 1])).problem()
        == "a principal moment of inertia is not positive"
    )
    assert MassProperties.of(0, (0, 0, 0), np.eye(3)).problem() == "the mass is not positive"
    assert MassProperties.of(1, (0, 0, 0), np.eye(3)).problem() is None

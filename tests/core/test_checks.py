# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check stays silent on a good asset, and speaks on the fault that it is for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from physx_blender.checks import CHECKS, Finding, Severity, check_asset
from physx_blender.geometry import (
    Box,
    Cylinder,
    HollowBox,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    Shape,
    TriangleMesh,
)
from physx_blender.model import Asset, Joint, Link, Material, Part, Texture

OAK = Material("oak", 700.0, estimated=False)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


def part(name: str, link: str, shape: Shape, at: tuple[float, float, float]) -> Part:
    """A part of oak."""
    return Part(name, link, (PlacedShape(shape, Pose(at)),), OAK)


def cabinet() -> Asset:
    """An open box with a door in front, a drawer inside and a knob whose shaft turns in the door."""
    return Asset(
        "cabinet",
        parts=(
            part("carcass", "body", HollowBox((0.4, 0.3, 0.6), 0.02, ("-y",)), (0.0, 0.0, 0.3)),
            part("leaf", "door", Box((0.4, 0.02, 0.6)), (0.0, -0.161, 0.3)),
            part("tray", "drawer", HollowBox((0.35, 0.26, 0.1), 0.01, ("+z",)), (0.0, -0.005, 0.08)),
            replace(
                part("shaft", "knob", Cylinder(0.01, 0.06), (0.0, 0.0, 0.0)),
                shapes=(
                    PlacedShape(
                        Cylinder(0.01, 0.06), Pose((0.15, -0.18, 0.3), (math.sqrt(0.5), math.sqrt(0.5), 0, 0))
                    ),
                ),
            ),
        ),
        links=(Link("body"), Link("door"), Link("drawer"), Link("knob")),
        joints=(
            Joint(
                "hinge",
                "hinge",
                "body",
                "door",
                axis=(0, 0, -1),
                anchor=(-0.2, -0.171, 0.3),
                angle_limits=(0.0, 1.9),
            ),
            Joint("rail", "slide", "body", "drawer", axis=(0, -1, 0), travel_limits=(0.0, 0.2)),
            Joint(
                "turn",
                "hinge",
                "door",
                "knob",
                axis=(0, -1, 0),
                anchor=(0.15, -0.18, 0.3),
                angle_limits=(-1.5, 1.5),
            ),
        ),
    )


def with_part(asset: Asset, name: str, **changes: object) -> Asset:
    """The asset with one part changed."""
    return replace(asset, parts=tuple(replace(p, **changes) if p.name == name else p for p in asset.parts))


def with_joint(asset: Asset, name: str, **changes: object) -> Asset:
    """The asset with one joint changed."""
    return replace(asset, joints=tuple(replace(j, **changes) if j.name == name else j for j in asset.joints))


def moved(asset: Asset, by: tuple[float, float, float], scale: float = 1.0) -> Asset:
    """All parts moved by hand, joints left behind."""
    return replace(
        asset,
        parts=tuple(
            replace(
                p,
                shapes=tuple(
                    PlacedShape(
                        s.shape,
                        Pose(
                            tuple(scale * v + d for v, d in zip(s.pose.position, by, strict=True)),
                            s.pose.quaternion,
                        ),
                    )
                    for s in p.shapes
                ),
            )
            for p in asset.parts
        ),
    )


def cube_mesh() -> TriangleMesh:
    """A cube of 0.2 m as a welded mesh."""
    corners = np.array([(x, y, z) for x in (-0.1, 0.1) for y in (-0.1, 0.1) for z in (-0.1, 0.1)])
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [f for a, b, c, d in quads for f in ((a, b, c), (a, c, d))]
    return TriangleMesh(corners, np.array(faces))


def of_mesh(mesh: TriangleMesh, wall: float | None = None) -> Asset:
    """An asset of one mesh on the floor."""
    return Asset(
        "cube", parts=(part("cube", "base", Mesh(mesh, wall), (0.0, 0.0, 0.1)),), links=(Link("base"),)
    )


def test_good_asset_has_nothing_to_say() -> None:
    asset = with_joint(cabinet(), "hinge", position=(0.5,))
    assert [f.text() for f in check_asset(asset) if f.severity is not Severity.INFO] in (
        [],
        [f.text() for f in check_asset(asset) if f.code == "place.centre"],
    )


def test_every_family_is_registered() -> None:
    assert list(CHECKS) == ["structure", "meshes", "masses", "joints", "placement", "overlaps", "appearance"]


CASES: dict[str, tuple[Callable[[], Asset], Severity, str]] = {
    "mesh.open": (
        lambda: of_mesh(TriangleMesh(cube_mesh().vertices, cube_mesh().faces[:-2])),
        Severity.WARNING,
        "part 'cube'",
    ),
    "mesh.inverted": (
        lambda: of_mesh(TriangleMesh(cube_mesh().vertices, cube_mesh().faces[:, ::-1])),
        Severity.WARNING,
        "part 'cube'",
    ),
    "mesh.flipped": (
        lambda: of_mesh(
            TriangleMesh(
                cube_mesh().vertices, np.concatenate([cube_mesh().faces[:-1], cube_mesh().faces[-1:, ::-1]])
            )
        ),
        Severity.WARNING,
        "part 'cube'",
    ),
    "mesh.non_manifold": (
        lambda: of_mesh(
            TriangleMesh(
                np.concatenate([cube_mesh().vertices, [[0.3, 0.0, 0.0]]]),
                np.concatenate([cube_mesh().faces, [[4, 5, 8]]]),
            )
        ),
        Severity.WARNING,
        "part 'cube'",
    ),
    "mesh.degenerate": (
        lambda: of_mesh(TriangleMesh(cube_mesh().vertices, np.concatenate([cube_mesh().faces, [[0, 0, 1]]]))),
        Severity.INFO,
        "part 'cube'",
    ),
    "mass.none": (
        lambda: replace(
            cabinet(),
            links=(*cabinet().links, Link("flap")),
            joints=(*cabinet().joints, Joint("flap_hinge", "hinge", "body", "flap", angle_limits=(0.0, 1.0))),
        ),
        Severity.ERROR,
        "link 'flap'",
    ),
    "inertia.invalid": (
        lambda: replace(
            cabinet(),
            links=(
                Link("body"),
                Link("door", MassProperties.of(1.0, (0.0, 0.0, 0.3), np.diag([1.0, 0.1, 0.1]))),
                *cabinet().links[2:],
            ),
        ),
        Severity.ERROR,
        "link 'door'",
    ),
    "mass.outlier": (lambda: with_part(cabinet(), "leaf", mass=900.0), Severity.WARNING, "part 'leaf'"),
    "mass.total": (
        lambda: Asset(
            "rock", parts=(part("rock", "base", Box((4.0, 4.0, 4.0)), (0, 0, 2.0)),), links=(Link("base"),)
        ),
        Severity.WARNING,
        "asset 'rock'",
    ),
    "limits.narrow_angle": (
        lambda: with_joint(cabinet(), "hinge", angle_limits=(0.0, 0.001)),
        Severity.WARNING,
        "joint 'hinge'",
    ),
    "limits.narrow_travel": (
        lambda: with_joint(cabinet(), "rail", travel_limits=(0.0, 0.0)),
        Severity.WARNING,
        "joint 'rail'",
    ),
    "limits.rest_outside_angle": (
        lambda: with_joint(cabinet(), "hinge", angle_limits=(0.2, 1.0), position=(0.3,)),
        Severity.ERROR,
        "joint 'hinge'",
    ),
    "limits.position_outside_travel": (
        lambda: with_joint(cabinet(), "rail", position=(0.3,)),
        Severity.WARNING,
        "joint 'rail'",
    ),
    "limits.none": (
        lambda: with_joint(cabinet(), "rail", travel_limits=None),
        Severity.ERROR,
        "joint 'rail'",
    ),
    "limits.wide": (
        lambda: with_joint(cabinet(), "hinge", angle_limits=(0.0, 110.0)),
        Severity.WARNING,
        "joint 'hinge'",
    ),
    "anchor.far": (
        lambda: with_joint(cabinet(), "hinge", anchor=(-2.0, 0.0, 0.3)),
        Severity.WARNING,
        "joint 'hinge'",
    ),
    "axis.far": (
        lambda: with_joint(cabinet(), "turn", anchor=(-0.19, -0.18, 0.02)),
        Severity.WARNING,
        "joint 'turn'",
    ),
    "link.empty": (
        lambda: replace(
            cabinet(),
            links=(*cabinet().links, Link("nothing")),
            joints=(*cabinet().joints, Joint("weld", "fixed", "body", "nothing")),
        ),
        Severity.WARNING,
        "link 'nothing'",
    ),
    "asset.empty": (lambda: Asset("nil", parts=(), links=(Link("base"),)), Severity.ERROR, "asset 'nil'"),
    "part.floating": (
        lambda: replace(
            cabinet(), parts=(*cabinet().parts, part("moon", "door", Box((0.02, 0.02, 0.02)), (0, -0.4, 0.3)))
        ),
        Severity.WARNING,
        "part 'moon'",
    ),
    "name.case": (
        lambda: replace(
            cabinet(),
            parts=(*cabinet().parts, part("Leaf", "door", Box((0.02, 0.02, 0.02)), (0, -0.181, 0.3))),
        ),
        Severity.WARNING,
        "part 'Leaf'",
    ),
    "name.world": (
        lambda: Asset(
            "w", parts=(part("rock", "world", Box((1.0, 1.0, 1.0)), (0, 0, 0.5)),), links=(Link("world"),)
        ),
        Severity.ERROR,
        "link 'world'",
    ),
    "size.absurd": (
        lambda: Asset(
            "speck",
            parts=(part("s", "base", Box((0.001, 0.001, 0.001)), (0, 0, 0.0005)),),
            links=(Link("base"),),
        ),
        Severity.WARNING,
        "asset 'speck'",
    ),
    "place.floor": (lambda: moved(cabinet(), (0.0, 0.0, 0.05)), Severity.ERROR, "asset 'cabinet'"),
    "place.centre": (lambda: moved(cabinet(), (0.2, 0.0, 0.0)), Severity.WARNING, "asset 'cabinet'"),
    "collision.overlap": (
        lambda: with_part(
            cabinet(), "tray", shapes=(PlacedShape(Box((0.39, 0.2, 0.1)), Pose((0.0, 0.0, 0.1))),)
        ),
        Severity.WARNING,
        "part 'tray'",
    ),
    "texture.no_uv": (
        lambda: with_part(of_mesh(cube_mesh()), "cube", texture=Texture("wood", PNG)),
        Severity.WARNING,
        "part 'cube'",
    ),
    "colour.invisible": (
        lambda: with_part(cabinet(), "leaf", colour=(1, 1, 1, 0)),
        Severity.WARNING,
        "part 'leaf'",
    ),
    "collision.none": (lambda: with_part(cabinet(), "leaf", collision=()), Severity.INFO, "part 'leaf'"),
    "material.estimated": (
        lambda: with_part(cabinet(), "leaf", material=replace(OAK, estimated=True)),
        Severity.INFO,
        "material 'oak'",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_fault_is_found(code: str) -> None:
    make, severity, element = CASES[code]
    assert code not in {f.code for f in check_asset(cabinet()) if code != "place.centre"}
    found = [f for f in check_asset(make()) if f.code == code]
    assert found, [f.text() for f in check_asset(make())]
    assert {f.element for f in found} == {element}
    assert found[0].severity is severity
    assert found[0].element_kind == element.split()[0]
    assert found[0].element_name == element.split("'")[1]
    if severity is not Severity.INFO:
        assert found[0].advice


def test_a_shell_may_be_open() -> None:
    opened = TriangleMesh(cube_mesh().vertices, cube_mesh().faces[:-2])
    assert "mesh.open" not in {f.code for f in check_asset(of_mesh(opened, wall=0.002))}


def test_a_fixed_asset_need_not_stand_on_the_floor() -> None:
    asset = replace(moved(cabinet(), (0.0, 0.0, 0.05)), fixed_base=True)
    assert [f.severity for f in check_asset(asset) if f.code == "place.floor"] == [Severity.INFO]


def test_shaft_in_its_hole_is_no_overlap() -> None:
    assert "collision.overlap" not in {f.code for f in check_asset(cabinet())}
    aside = with_joint(cabinet(), "turn", anchor=(-0.1, -0.18, 0.3))
    assert "shaft" in next(f.element for f in check_asset(aside) if f.code == "collision.overlap")


def test_errors_come_first() -> None:
    asset = with_joint(with_part(cabinet(), "leaf", mass=900.0), "rail", travel_limits=None)
    order = [f.severity for f in check_asset(asset)]
    assert order[0] is Severity.ERROR
    assert order == sorted(order, key=["error", "warning", "info"].index)


def test_finding_as_text_and_data() -> None:
    finding = Finding(Severity.WARNING, "a.b", "joint 'lid hinge'", "creaks", "oil it")
    assert finding.text() == "warning: joint 'lid hinge': creaks -> oil it"
    assert finding.to_dict()["severity"] == "warning"
    assert (finding.element_kind, finding.element_name) == ("joint", "lid hinge")
    assert Finding("info", "a", "nothing usual", "x").element_name == ""  # type: ignore[arg-type]

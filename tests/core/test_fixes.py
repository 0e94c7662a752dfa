# SPDX-License-Identifier: GPL-3.0-or-later
"""Every repair makes its finding go away, brings no error, and changes nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from physx_blender.checks import FIXES, Finding, Severity, check_asset, edits_for, repaired
from physx_blender.errors import AssetError
from physx_blender.geometry import Box, MassProperties, Mesh, PlacedShape, Pose, TriangleMesh
from physx_blender.model import Asset, Joint, Link, Material, Texture
from physx_blender.model.inertia import part_mass_properties
from tests.core.test_checks import OAK, PNG, cabinet, cube_mesh, moved, of_mesh, part, with_joint, with_part


def opened(missing: int) -> TriangleMesh:
    """The cube without its last triangles."""
    return TriangleMesh(cube_mesh().vertices, cube_mesh().faces[:-missing])


def with_needle() -> TriangleMesh:
    """The cube with a point on an edge that only one of its two neighbours knows, and a needle in the gap."""
    cube = cube_mesh()
    a, b, c = cube.faces[0]
    vertices = np.concatenate([cube.vertices, [(cube.vertices[a] + cube.vertices[b]) / 2.0]])
    faces = np.concatenate([cube.faces[1:], [[a, 8, c], [8, b, c], [a, b, 8]]])
    return TriangleMesh(vertices, faces)


def empty_link() -> Asset:
    return replace(
        cabinet(),
        links=(*cabinet().links, Link("flap")),
        joints=(*cabinet().joints, Joint("flap_hinge", "hinge", "body", "flap", angle_limits=(0.0, 1.0))),
    )


CASES: dict[str, tuple[str, Callable[[], Asset]]] = {
    "a face missing": ("mesh.open", lambda: of_mesh(opened(2))),
    "a triangle missing": ("mesh.open", lambda: of_mesh(opened(1))),
    "inside out": (
        "mesh.inverted",
        lambda: of_mesh(TriangleMesh(cube_mesh().vertices, cube_mesh().faces[:, ::-1])),
    ),
    "one face turned": (
        "mesh.flipped",
        lambda: of_mesh(
            TriangleMesh(
                cube_mesh().vertices, np.concatenate([cube_mesh().faces[:-1], cube_mesh().faces[-1:, ::-1]])
            )
        ),
    ),
    "a face twice": (
        "mesh.duplicate",
        lambda: of_mesh(
            TriangleMesh(cube_mesh().vertices, np.concatenate([cube_mesh().faces, cube_mesh().faces[:1]]))
        ),
    ),
    "a needle": ("mesh.degenerate", lambda: of_mesh(with_needle())),
    "a corner twice": (
        "mesh.degenerate",
        lambda: of_mesh(TriangleMesh(cube_mesh().vertices, np.concatenate([cube_mesh().faces, [[0, 0, 1]]]))),
    ),
    "moves without mass": ("mass.none", empty_link),
    "impossible inertia": (
        "inertia.invalid",
        lambda: replace(
            cabinet(),
            links=(
                Link("body"),
                Link("door", MassProperties.of(1.0, (0.0, 0.0, 0.3), np.diag([1.0, 0.1, 0.1]))),
                *cabinet().links[2:],
            ),
        ),
    ),
    "far too heavy": ("mass.outlier", lambda: with_part(cabinet(), "leaf", mass=900.0)),
    "far too heavy and so far too dense": (
        "mass.outlier",
        lambda: with_part(cabinet(), "leaf", mass=900.0, material=replace(OAK, density=30_000.0)),
    ),
    "far too dense": (
        "mass.outlier",
        lambda: with_part(cabinet(), "leaf", material=replace(OAK, density=29_000.0)),
    ),
    "range beside rest": (
        "limits.rest_outside_angle",
        lambda: with_joint(cabinet(), "hinge", angle_limits=(0.2, 1.0), position=(0.3,)),
    ),
    "travel beside rest": (
        "limits.rest_outside_travel",
        lambda: with_joint(cabinet(), "rail", travel_limits=(-0.2, -0.1), position=(-0.15,)),
    ),
    "pulled too far": (
        "limits.position_outside_travel",
        lambda: with_joint(cabinet(), "rail", position=(0.3,)),
    ),
    "turned too far": (
        "limits.position_outside_angle",
        lambda: with_joint(cabinet(), "hinge", position=(2.5,)),
    ),
    "no limits": ("limits.none", lambda: with_joint(cabinet(), "rail", travel_limits=None)),
    "anchor far off": ("anchor.far", lambda: with_joint(cabinet(), "hinge", anchor=(-2.0, 0.0, 0.3))),
    "axis far off": ("axis.far", lambda: with_joint(cabinet(), "turn", anchor=(-0.19, -0.18, 0.02))),
    "a speck": (
        "size.absurd",
        lambda: Asset(
            "speck", (part("s", "base", Box((0.001, 0.001, 0.001)), (0, 0, 0.0005)),), (Link("base"),)
        ),
    ),
    "in millimetres": (
        "size.absurd",
        lambda: Asset("mug", (part("s", "base", Box((90.0, 80.0, 100.0)), (0, 0, 50.0)),), (Link("base"),)),
    ),
    "above the floor": ("place.floor", lambda: moved(cabinet(), (0.0, 0.0, 0.05))),
    "below the floor": ("place.floor", lambda: moved(cabinet(), (0.0, 0.0, -0.05))),
    "off centre": ("place.centre", lambda: moved(cabinet(), (0.2, 0.0, 0.0))),
    "a wide tray": (
        "collision.overlap",
        lambda: with_part(
            cabinet(), "tray", shapes=(PlacedShape(Box((0.39, 0.2, 0.1)), Pose((0.0, 0.0, 0.1))),)
        ),
    ),
    "a wide tray of mesh": (
        "collision.overlap",
        lambda: with_part(
            cabinet(),
            "tray",
            collision=(PlacedShape(Mesh(Box((0.39, 0.2, 0.1)).mesh()), Pose((0.0, 0.0, 0.1))),),
        ),
    ),
    "no uv": (
        "texture.no_uv",
        lambda: with_part(of_mesh(cube_mesh()), "cube", texture=Texture("wood", PNG)),
    ),
}


def of_code(asset: Asset, code: str) -> list[Finding]:
    return [f for f in check_asset(asset) if f.code == code]


@pytest.mark.parametrize("case", CASES)
def test_after_the_repair_the_finding_is_gone(case: str) -> None:
    code, make = CASES[case]
    asset = make()
    (finding, *_) = of_code(asset, code)
    assert finding.fix in FIXES
    after = repaired(asset, finding)
    assert [f for f in of_code(after, code) if f.element == finding.element] == []
    errors = {(f.code, f.element) for f in check_asset(asset) if f.severity is Severity.ERROR}
    assert {(f.code, f.element) for f in check_asset(after) if f.severity is Severity.ERROR} <= errors
    if finding.element_kind != "asset":  # one element has changed, and nothing else
        changed = [
            f"{kind[:-1]} '{new.name}'"
            for kind in ("parts", "links", "joints")
            for old, new in zip(getattr(asset, kind), getattr(after, kind), strict=True)
            if old != new
        ]
        assert len(changed) == 1
        assert changed[0] in (finding.element, finding.other)
    same = {f.name for f in fields(Asset) if f.init} - {"parts", "links", "joints", "camera"}
    assert all(getattr(asset, n) == getattr(after, n) for n in same)


def test_every_named_repair_exists_and_every_repair_is_tried() -> None:
    assert {of_code(make(), code)[0].fix for code, make in CASES.values()} == set(FIXES)
    for name, fix in FIXES.items():
        assert name == fix.name
        assert fix.label
        assert fix.tooltip


def test_closed_holes_give_the_mass_of_the_solid() -> None:
    whole = part_mass_properties(of_mesh(cube_mesh()).parts[0])
    for missing in (1, 2):
        asset = of_mesh(opened(missing))
        closed = repaired(asset, of_code(asset, "mesh.open")[0])
        assert part_mass_properties(closed.parts[0]).mass == pytest.approx(whole.mass, rel=1e-12)


def test_a_sheet_is_not_closed() -> None:
    sheet = TriangleMesh([[0, 0, 0], [0.2, 0, 0], [0.2, 0.2, 0], [0, 0.2, 0]], [[0, 1, 2], [0, 2, 3]])
    asset = of_mesh(sheet)
    with pytest.raises(AssetError, match=r"part 'cube'.*sheet.*thickness"):
        repaired(asset, of_code(asset, "mesh.open")[0])


def test_shrunk_colliders_lose_as_little_as_possible_and_what_is_seen_stays() -> None:
    _, make = CASES["a wide tray"]
    asset = make()
    findings = of_code(asset, "collision.overlap")
    after = repaired(asset, findings[0])
    tray = next(p for p in after.parts if p.name == "tray")
    assert tray.shapes == next(p for p in asset.parts if p.name == "tray").shapes
    assert tray.collision is not None
    sizes = np.array([s.shape.size for s in tray.collision if isinstance(s.shape, Box)])
    # the sides of the carcass are 20 mm thick and may be entered by 5 mm: each side gives way by 10 mm
    assert sizes[0] == pytest.approx((0.39 - 0.02, 0.2, 0.1), abs=0.011)
    assert (sizes[0][1], sizes[0][2]) == (0.2, 0.1)


def test_what_lies_in_the_middle_of_another_part_is_not_shrunk_away() -> None:
    block = part("block", "base", Box((0.4, 0.4, 0.4)), (0.0, 0.0, 0.2))
    core = part("core", "core", Box((0.1, 0.1, 0.1)), (0.0, 0.0, 0.2))
    asset = Asset(
        "a",
        (block, core),
        (Link("base"), Link("core")),
        (Joint("j", "slide", "base", "core", travel_limits=(0, 1)),),
    )
    with pytest.raises(AssetError, match="too deeply"):
        repaired(asset, of_code(asset, "collision.overlap")[0])


def test_a_missing_mass_is_small_and_possible() -> None:
    asset = empty_link()
    after = repaired(asset, of_code(asset, "mass.none")[0])
    body = next(one.inertial for one in after.links if one.name == "flap")
    assert body is not None
    assert body.problem() is None
    assert 0.001 < body.mass < 0.5


def test_a_unit_is_recognised() -> None:
    _, make = CASES["in millimetres"]
    after = repaired(make(), of_code(make(), "size.absurd")[0])
    assert after.parts[0].shapes[0].shape == Box((0.09, 0.08, 0.1))


def test_a_size_that_no_unit_explains_is_left_alone() -> None:
    asset = Asset("a", (part("s", "base", Box((9000.0, 1.0, 1.0)), (0, 0, 0.5)),), (Link("base"),))
    with pytest.raises(AssetError, match="real size"):
        repaired(asset, of_code(asset, "size.absurd")[0])


def test_no_repair_is_said_so() -> None:
    finding = Finding(Severity.WARNING, "link.empty", "link 'x'", "has no parts", "give it a part")
    with pytest.raises(AssetError, match="no repair; give it a part"):
        edits_for(cabinet(), finding)
    gone = Finding(Severity.WARNING, "mass.outlier", "part 'gone'", "heavy", "", "clear_mass")
    with pytest.raises(AssetError, match="check again"):
        edits_for(cabinet(), gone)


def test_an_unknown_material_has_no_density_to_take() -> None:
    unknown = Material("unobtainium", 29_000.0, estimated=False)
    (finding,) = of_code(with_part(cabinet(), "leaf", material=unknown), "mass.outlier")
    assert finding.fix is None
    assert math.isclose(unknown.density, 29_000.0)

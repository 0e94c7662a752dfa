# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset as text: unchanged text gives the very asset; a change changes that and nothing else."""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.formats.description import read_description, write_description
from physx_blender.geometry import Box, MassProperties, Mesh, PlacedShape, Pose, TriangleMesh
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Mimic, Part
from physx_blender.model.materials import MATERIALS, find_material
from tests.core.random_assets import assets

LEAF = PlacedShape(Box((0.4, 0.02, 0.6)), Pose((0.2, -0.31, 0.3), (0.9, 0.1, 0.3, 0.2)))
TETRAHEDRON = TriangleMesh(
    np.array([[0, 0, 0], [0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]]),
    np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
)


def cupboard() -> Asset:
    """A body, a door with its own collider, a knob that is a mesh, and a drawer that follows nothing."""
    parts = (
        Part("body", "base", (PlacedShape(Box((0.5, 0.6, 0.8)), Pose((0, 0, 0.4))),), find_material("oak")),
        Part(
            "door",
            "door",
            (LEAF,),
            find_material("glass"),
            collision=(LEAF,),
            affordance_rank=3,
            confidence=0.4,
        ),
        Part(
            "knob", "door", (PlacedShape(Mesh(TETRAHEDRON)),), Material("My Brass", 8500.0 / 3), mass=0.1 / 3
        ),
        Part("tray", "tray", (PlacedShape(Box((0.3, 0.3, 0.1)), Pose((0, 0, 0.7))),), find_material("oak")),
        Part("bin", "bin", (PlacedShape(Box((0.3, 0.3, 0.1)), Pose((0, 0, 0.5))),), find_material("oak")),
    )
    joints = (
        Joint(
            "hinge",
            JointKind.HINGE,
            "base",
            "door",
            (0, 0, 1),
            (-0.25, -0.3, 0),
            angle_limits=(0.0, 1.9),
            damping=0.1,
        ),
        Joint(
            "rail", JointKind.SLIDE, "base", "tray", (0, -1, 0), travel_limits=(0, 1 / 3), position=(0.1 / 3,)
        ),
        Joint("rail 2", JointKind.SLIDE, "base", "bin", (0, -1, 0), mimic=Mimic("rail", 1 / 3, 0.01)),
    )
    inertial = MassProperties.of(1.7, (0.01, 0.02, 0.03), np.diag([0.1, 0.2, 0.25]))
    links = (Link("base"), Link("door", inertial), Link("tray"), Link("bin"))
    return Asset(
        "cupboard", parts, links, joints, "cabinet", 'says "hello"\nand\ttab \x7f é', fixed_base=True
    )


def changed(old: str, new: str, asset: Asset | None = None) -> Asset:
    text = write_description(asset or cupboard())
    assert text.count(old) >= 1, f"{old!r} is not in\n{text}"
    return read_description(text.replace(old, new, 1), asset or cupboard())


def line_of(text: str, what: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if what in line)


def test_text_is_short_and_toml() -> None:
    text = write_description(cupboard())
    data = tomllib.loads(text)
    assert data["joint"]["hinge"]["angle"] == [0.0, pytest.approx(math.degrees(1.9), rel=1e-6)]
    assert data["part"]["body"]["material"] in MATERIALS
    assert "density" not in data["part"]["body"], "values of the table need not be told"
    assert len(text.splitlines()) < 120


@given(asset=assets())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_unchanged_text_gives_the_very_asset(asset: Asset) -> None:
    text = write_description(asset)
    assert read_description(text, asset) == asset
    assert write_description(read_description(text, asset)) == text


@given(asset=assets())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_text_alone_says_all_but_meshes_to_seven_digits(asset: Asset) -> None:
    if any(isinstance(s.shape, Mesh) for p in asset.parts for s in p.shapes):
        return
    first = asset.parts[0]
    empty = Asset(asset.name, (replace(first, link="nothing", name="nothing at all"),), (Link("nothing"),))
    back = read_description(write_description(asset), empty)
    assert write_description(back) == write_description(asset)
    here, there = asset.link_poses(), back.link_poses()
    for name in here:
        assert np.allclose(here[name].matrix, there[name].matrix, atol=1e-6)
    for a, b in zip(asset.parts, back.parts, strict=True):
        for s, t in zip(a.shapes, b.shapes, strict=True):
            assert np.allclose(s.pose.matrix, t.pose.matrix, atol=1e-5)


@given(asset=assets(), text=st.text(max_size=40), at=st.floats(0, 1))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_text_is_an_asset_or_an_error_with_a_place(asset: Asset, text: str, at: float) -> None:
    whole = write_description(asset)
    cut = int(at * len(whole))
    try:
        read_description(whole[:cut] + text + whole[cut + len(text) :], asset)
    except AssetError as error:
        assert str(error).startswith(("line ", "text")), str(error)


def test_what_the_artist_changes_changes_and_nothing_else() -> None:
    before = cupboard()
    after = changed("angle = [0.0, 108.8", "angle = [-5, 108.8")
    assert after.joints[0].angle_limits == pytest.approx((math.radians(-5), 1.9))
    assert replace(after, joints=before.joints) == before
    after = changed(
        'material = "glass"',
        'material = "steel"',
    )
    steel = find_material("steel")
    assert after.parts[1].material == replace(steel, estimated=False)
    assert replace(after, parts=before.parts) == before
    assert changed("mass = 0.03333333", "mass = 1").parts[2].mass == 1.0
    assert changed("mass = 0.03333333\n", "").parts[2].mass is None
    assert changed("fixed_base = true", "fixed_base = false") == replace(before, fixed_base=False)
    tray = changed("travel = [0.0, 0.3333333]\n", "").joints[1]
    assert (tray.travel_limits, tray.position) == (None, before.joints[1].position)


def test_density_of_ones_own_and_a_material_that_nobody_knows() -> None:
    mine = (
        changed('material = "My Brass"\ndensity = 2833.333', 'material = "My Brass"\ndensity = 3000')
        .parts[2]
        .material
    )
    assert (mine.name, mine.density, mine.estimated) == ("My Brass", 3000.0, False)
    with pytest.raises(AssetError, match=r"^line \d+, part 'knob': 'unobtainium' names no known material"):
        changed('material = "My Brass"\ndensity = 2833.333', 'material = "unobtainium"')


def test_renaming_is_followed_everywhere() -> None:
    text = write_description(cupboard())
    text = text.replace('[link."door"]\nname = "door"', '[link."door"]\nname = "front door"')
    text = text.replace('[part."door"]\nname = "door"', '[part."door"]\nname = "leaf"')
    text = text.replace('[joint."rail"]\nname = "rail"', '[joint."rail"]\nname = "runner"')
    after = read_description(text, cupboard())
    assert [link.name for link in after.links] == ["base", "front door", "tray", "bin"]
    assert after.parts[1].link == after.joints[0].child == "front door"
    assert after.links[1].inertial == cupboard().links[1].inertial
    assert after.joints[2].mimic is not None
    assert after.joints[2].mimic.joint == "runner"
    assert after.parts[1].shapes == cupboard().parts[1].shapes


def test_shapes_are_resized_moved_added_and_removed() -> None:
    after = changed("size = [0.4, 0.02, 0.6]", "size = [0.5, 0.02, 0.6]")
    leaf = after.parts[1]
    assert leaf.shapes[0].shape == Box((0.5, 0.02, 0.6))
    assert np.allclose(leaf.shapes[0].pose.matrix, LEAF.pose.matrix, atol=1e-6)
    assert leaf.collision is None, "its old collider no longer fits"
    assert leaf.confidence is None, "the shape is now the artist's, not the model's"
    assert changed("fixed_base = true", "fixed_base = false").parts[1].confidence == 0.4
    kinds = '{ kind = "mesh", triangles = 4, at = [0.0, 0.0, 0.0] },'
    both = changed(
        kinds,
        '{ kind = "mesh", triangles = 4, at = [0, 0, 1] },\n    { kind = "cylinder", radius = 1, height = 2, at = [1, 2, 3] },',
    )
    assert [s.shape.kind for s in both.parts[2].shapes] == ["mesh", "cylinder"]
    assert both.parts[2].shapes[0].pose.position == (0.0, 0.0, 1.0)
    assert both.parts[2].shapes[0].shape == cupboard().parts[2].shapes[0].shape
    with pytest.raises(AssetError, match=r"shape 1: a mesh cannot be made in text"):
        changed("triangles = 4", "triangles = 5")


def test_elements_are_added_and_deleted() -> None:
    text = write_description(cupboard())
    text += """
[link.flap]
name = "flap"
[part.flap]
name = "flap"
link = "flap"
material = "pine"
shapes = [{ kind = "box", size = [1, 1, 0.1], at = [0, 0, 2] }]
[joint.flap]
name = "flap"
parent = "base"
child = "flap"
axis = [1, 0, 0]
angle = [0, 45]
"""
    after = read_description(text, cupboard())
    assert after.joints[-1].angle_limits == (0.0, pytest.approx(math.pi / 4))
    assert after.parts[-1].material.name == find_material("pine").name
    start, end = text.index('[part."knob"]'), text.index('[part."tray"]')
    assert [p.name for p in read_description(text[:start] + text[end:], cupboard()).parts] == [
        "body", "door", "tray", "bin", "flap",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind = \"hinge\"", "kind = \"hing\"", "kind must be one of fixed, hinge"),
        ("angle = [0.0,", "angle = [300.0,", "lower limit"),
        ("angle = [0.0,", "angle = [\"low\",", "angle must be 2 numbers"),
        ("anchor = [-0.25, -0.3, 0.0]", "anchor = [-0.25, -0.3]", "anchor must be 3 numbers"),
        ("touch_rank = 3", "touch_rank = 30", "affordance rank"),
        ("touch_rank = 3", "touchrank = 3", "'touchrank' is no word"),
        ("child = \"door\"", "child = \"dor\"", "child 'dor' does not exist"),
        ("damping = 0.1", "damping = -1", "damping"),
        ("mass = 0.03333333", "mass = 0.1, 0.2", ""),
        ("size = [0.5, 0.6, 0.8]", "size = [0.5, 0.6, 0]", "shape 1: box"),
    ],
)  # fmt: skip
def test_errors_name_the_line(old: str, new: str, message: str) -> None:
    text = write_description(cupboard()).replace(old, new, 1)
    with pytest.raises(AssetError) as caught:
        read_description(text, cupboard())
    said = str(caught.value)
    assert message in said
    number = int(said.split()[1].rstrip(",:"))
    # the line itself, or the head of the table or of the list that it stands in
    assert line_of(text, new) - 14 <= number <= line_of(text, new), said


def test_a_deleted_link_is_missed_by_its_joint() -> None:
    text = write_description(cupboard()).replace('[link."bin"]\nname = "bin"\n', "")
    with pytest.raises(AssetError, match=r"line \d+, part 'bin': link 'bin' does not exist; use one of base"):
        read_description(text, cupboard())

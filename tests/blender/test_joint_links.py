# SPDX-License-Identifier: GPL-3.0-or-later
"""Links are split, merged, hung elsewhere, fixed, mirrored and coupled; nothing moves at rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.blender.rigs import read, rest_places, same_parts, select, undone_in_one_step
from tests.blender.zoo import Load, cabinet, names


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def obj(bpy: Any, name: str) -> Any:
    return bpy.data.objects[name]


def test_a_part_is_split_off_and_merged_again(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    rig.pose.bones["door"].rotation_euler.y = -0.5
    select(bpy, obj(bpy, "knob"))
    assert bpy.ops.simready.split_part(kind="hinge") == {"FINISHED"}
    split = read(from_extension, bpy)
    assert split.joint_of["knob"].parent == "door"
    assert abs(np.dot(split.joint_of["knob"].axis, (0, 1, 0))) == pytest.approx(1.0, abs=1e-3)
    same_parts(before, split)
    select(bpy, obj(bpy, "knob"), obj(bpy, "door"))
    assert bpy.ops.simready.merge_links() == {"FINISHED"}
    merged = read(from_extension, bpy)
    same_parts(before, merged)
    assert {p.name: p.link for p in merged.parts} == {p.name: p.link for p in before.parts}
    assert [j.name for j in merged.joints] == [j.name for j in before.joints]


def test_merging_with_the_base_keeps_the_base(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    select(bpy, obj(bpy, "body"), obj(bpy, "drawer"))
    assert bpy.ops.simready.merge_links() == {"FINISHED"}
    after = read(from_extension, bpy)
    assert {p.name: p.link for p in after.parts}["drawer"] == "base"
    same_parts(before, after)


def test_siblings_merge_and_links_below_come_along(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    select(bpy, obj(bpy, "knob"))
    bpy.ops.simready.split_part(kind="hinge")
    select(bpy, obj(bpy, "door"), obj(bpy, "drawer"))
    assert bpy.ops.simready.merge_links() == {"FINISHED"}
    after = read(from_extension, bpy)
    assert after.joint_of["knob"].parent == "drawer"
    assert {p.name: p.link for p in after.parts}["door"] == "drawer"
    same_parts(before, after)


def test_a_link_hangs_elsewhere(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = read(from_extension, bpy)
    select(bpy, obj(bpy, "drawer"), obj(bpy, "door"))
    assert bpy.ops.simready.reparent_joint() == {"FINISHED"}
    after = read(from_extension, bpy)
    old, new = before.joint_of["drawer"], after.joint_of["drawer"]
    assert new.parent == "door"
    assert (new.kind, new.travel_limits) == (old.kind, old.travel_limits)
    assert np.allclose(new.axis, old.axis, atol=1e-6)
    assert np.allclose(new.anchor, old.anchor, atol=1e-6)
    same_parts(before, after)
    select(bpy, obj(bpy, "door"), obj(bpy, "drawer"))
    with pytest.raises(RuntimeError, match="hangs on 'door' itself"):
        bpy.ops.simready.reparent_joint()
    assert read(from_extension, bpy).joint_of["drawer"].parent == "door"


@pytest.mark.parametrize("merge", [False, True])
def test_a_joint_is_dissolved(bpy: Any, from_extension: Load, rig: Any, merge: bool) -> None:
    before = read(from_extension, bpy)
    rig.pose.bones["door"].rotation_euler.y = -0.5
    select(bpy, obj(bpy, "door"))
    assert bpy.ops.simready.dissolve_joint(merge=merge) == {"FINISHED"}
    select(bpy, obj(bpy, "body"))
    after = read(from_extension, bpy)
    same_parts(before, after)
    assert ("door" in after.joint_of) is not merge
    if not merge:
        assert after.joint_of["door"].kind.value == "fixed"


def test_a_door_is_mirrored_and_opens_along(bpy: Any, from_extension: Load, rig: Any) -> None:
    rig.data.bones["door"].name = "left door"
    before = read(from_extension, bpy)
    select(bpy, obj(bpy, "door"))
    assert bpy.ops.simready.mirror_joint(plane="X", follow=True) == {"FINISHED"}
    after = read(from_extension, bpy)
    old, new = after.joint_of["left door"], after.joint_of["right door"]
    assert np.allclose(new.axis, np.array(old.axis) * (1, -1, -1), atol=1e-6)
    assert np.allclose(new.anchor, np.array(old.anchor) * (-1, 1, 1), atol=1e-6)
    assert new.angle_limits == pytest.approx(old.angle_limits, abs=1e-6)
    assert new.mimic is not None
    assert (new.mimic.joint, new.mimic.multiplier) == (old.name, 1.0)
    assert len(after.parts) == len(before.parts) + 2
    places = rest_places(after)
    for name in ("door", "knob"):
        (twin,) = [p for p in after.parts if p.link == "right door" and p.name.startswith(name)]
        (part,) = [p for p in after.parts if p.name == name]
        assert [s.shape.kind for s in twin.shapes] == [s.shape.kind for s in part.shapes]
        image = places[name] * (-1, 1, 1)
        for low in (np.min, np.max):
            assert np.allclose(low(places[twin.name], axis=0), low(image, axis=0), atol=1e-6)
        assert twin.material == part.material
    # posed, one is the image of the other
    rig.pose.bones["left door"].rotation_euler.y = -0.8
    bpy.context.view_layer.update()
    posed = read(from_extension, bpy)
    poses = posed.link_poses(posed.current_positions())
    flip = np.diag([-1.0, 1.0, 1.0, 1.0])
    assert np.allclose(poses["right door"].matrix, flip @ poses["left door"].matrix @ flip, atol=1e-5)


def test_double_doors_and_gears(bpy: Any, from_extension: Load, rig: Any) -> None:
    select(bpy, obj(bpy, "door"))
    bpy.ops.simready.mirror_joint(plane="X")
    twin = next(b.name for b in rig.pose.bones if b.name not in ("base", "door", "drawer"))
    part = next(o for o in rig.children if o.parent_bone == twin)
    rig.pose.bones[twin].simready_joint.angle_low *= 0.5
    rig.pose.bones[twin].simready_joint.angle_high *= 0.5
    select(bpy, part, obj(bpy, "door"))
    assert bpy.ops.simready.couple_joints(how="DOORS") == {"FINISHED"}
    assert read(from_extension, bpy).joint_of[twin].mimic.multiplier == pytest.approx(0.5, abs=1e-6)
    select(bpy, obj(bpy, "door"), part)
    with pytest.raises(RuntimeError, match="follows"):
        bpy.ops.simready.couple_joints(how="DOORS")
    select(bpy, part, obj(bpy, "door"))
    assert bpy.ops.simready.couple_joints(how="RATIO", ratio=-3.0) == {"FINISHED"}
    assert read(from_extension, bpy).joint_of[twin].mimic.multiplier == -3.0
    select(bpy, obj(bpy, "drawer"), obj(bpy, "door"))
    with pytest.raises(RuntimeError, match="only hinges follow hinges"):
        bpy.ops.simready.couple_joints()


def test_gears_turn_by_their_radii(bpy: Any, from_extension: Load) -> None:
    m = names(from_extension)
    steel = m.Material("steel", 7850.0)
    wheels = {"small": (0.1, -0.1), "large": (0.3, 0.3)}
    asset = m.Asset(
        "gears",
        (
            m.Part("plate", "plate", (m.PlacedShape(m.Box((1.2, 0.7, 0.02))),), steel),
            *(
                m.Part(n, n, (m.PlacedShape(m.Cylinder(r, 0.05), m.Pose((x, 0, 0.04))),), steel)
                for n, (r, x) in wheels.items()
            ),
        ),
        tuple(m.Link(n) for n in ("plate", *wheels)),
        tuple(
            m.Joint(f"{n} axle", "hinge", "plate", n, (0, 0, 1), (x, 0, 0)) for n, (r, x) in wheels.items()
        ),
    )
    rig = from_extension("physx_blender.scene").asset_to_scene(asset, bpy.context)
    select(bpy, obj(bpy, "large"), obj(bpy, "small"))
    assert bpy.ops.simready.couple_joints(how="GEARS") == {"FINISHED"}
    rig.pose.bones["small"].rotation_euler.y = 0.9
    bpy.context.view_layer.update()
    after = read(from_extension, bpy)
    assert after.joint_of["large"].mimic.multiplier == pytest.approx(-1 / 3, rel=0.01)
    assert after.joint_of["large"].position == pytest.approx((-0.3,), abs=0.01)


@pytest.mark.parametrize(
    ("operator", "chosen"),
    [
        ("split_part", ("knob",)),
        ("merge_links", ("drawer", "door")),
        ("reparent_joint", ("drawer", "door")),
        ("dissolve_joint", ("door",)),
        ("mirror_joint", ("door",)),
    ],
)
def test_each_change_is_one_step(bpy: Any, rig: Any, operator: str, chosen: tuple[str, ...]) -> None:
    select(bpy, *(obj(bpy, n) for n in chosen))

    def state() -> Any:
        rig = bpy.data.objects["cabinet"]
        bones = sorted((b.name, b.parent.name if b.parent else "") for b in rig.data.bones)
        kinds = sorted((b.name, b.simready_joint.kind, b.simready_joint.mimic_joint) for b in rig.pose.bones)
        return bones, kinds, sorted((o.name, o.parent_bone) for o in rig.children)

    undone_in_one_step(bpy, state, getattr(bpy.ops.simready, operator))


def test_buttons_say_what_to_select(bpy: Any, rig: Any) -> None:
    select(bpy, obj(bpy, "body"))
    for name in ("merge_links", "reparent_joint", "couple_joints", "dissolve_joint", "mirror_joint"):
        assert not getattr(bpy.ops.simready, name).poll()

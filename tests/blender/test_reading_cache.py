# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered between readings of a scene is never out of date, and holds nothing of Blender."""

from __future__ import annotations

import gc
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.blender.random_assets import random_asset
from tests.blender.test_scene_round_trip import empty_scene
from tests.blender.zoo import Load, cabinet, names, zoo

Edit = Callable[[Any, Any, Random], None]


def parts_of(rig: Any) -> list[Any]:
    """Its visible mesh objects, by name."""
    return sorted(
        (o for o in rig.children_recursive if o.type == "MESH" and o.simready_part.role == "PART"),
        key=lambda o: o.name,
    )


def some(rig: Any, r: Random) -> Any:
    """One of the parts."""
    return r.choice(parts_of(rig))


def some_bone(rig: Any, r: Random) -> Any:
    """One of the pose bones."""
    return r.choice(list(rig.pose.bones))


def move_a_vertex(bpy: Any, rig: Any, r: Random) -> None:
    mesh = some(rig, r).data
    mesh.vertices[r.randrange(len(mesh.vertices))].co.x += r.uniform(-0.01, 0.01)
    mesh.update()


def turn_a_face(bpy: Any, rig: Any, r: Random) -> None:
    mesh = some(rig, r).data
    mesh.polygons[r.randrange(len(mesh.polygons))].flip()
    mesh.update()


def shift_the_picture(bpy: Any, rig: Any, r: Random) -> None:
    mesh = some(rig, r).data
    if mesh.uv_layers.active is not None:
        mesh.uv_layers.active.uv[r.randrange(len(mesh.loops))].vector = (r.random(), r.random())
        mesh.update()


def give_faces_to_no_shape(bpy: Any, rig: Any, r: Random) -> None:
    mesh = some(rig, r).data
    mesh.attributes["simready_shape"].data[r.randrange(len(mesh.polygons))].value = 0
    mesh.update()


def modify(bpy: Any, rig: Any, r: Random) -> None:
    obj = some(rig, r)
    if obj.modifiers:
        obj.modifiers[0].levels = 1 - obj.modifiers[0].levels
    else:
        obj.modifiers.new("Finer", "SUBSURF").levels = 1


def place(bpy: Any, rig: Any, r: Random) -> None:
    obj = some(rig, r)
    obj.location.y += r.uniform(-0.1, 0.1)
    obj.rotation_euler.z += r.choice((0.0, 0.3))


def stretch(bpy: Any, rig: Any, r: Random) -> None:
    obj = some(rig, r)
    obj.scale = r.choice(((1.5, 1.5, 1.5), (1.0, 2.0, 1.0), (1.0, 1.0, 1.0)))


def rename(bpy: Any, rig: Any, r: Random) -> None:
    some(rig, r).name = r.choice(("wing", "flap", "panel"))


def another_material(bpy: Any, rig: Any, r: Random) -> None:
    own = some(rig, r).simready_part
    own.density = r.uniform(100.0, 9000.0)
    own.friction = r.random()
    own.material_estimated = r.random() < 0.5


def own_mass(bpy: Any, rig: Any, r: Random) -> None:
    own = some(rig, r).simready_part
    own.use_mass = not own.use_mass
    own.mass = r.uniform(0.1, 5.0)


def say(bpy: Any, rig: Any, r: Random) -> None:
    own = some(rig, r).simready_part
    own.description, own.affordance_rank = r.choice(("", "a part")), r.randint(0, 10)


def collide(bpy: Any, rig: Any, r: Random) -> None:
    own = some(rig, r).simready_part
    own.collision = r.choice(("SHAPE", "NONE", "HULL", "PRIMITIVE"))


def colour(bpy: Any, rig: Any, r: Random) -> None:
    obj = some(rig, r)
    if obj.material_slots and obj.material_slots[0].material:
        tree = obj.material_slots[0].material.node_tree
        tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (r.random(), 0.2, 0.4, 1.0)


def pose(bpy: Any, rig: Any, r: Random) -> None:
    bone = some_bone(rig, r)
    bone.rotation_euler.y, bone.location.y = r.uniform(-1.0, 1.0), r.uniform(-0.2, 0.2)


def joint(bpy: Any, rig: Any, r: Random) -> None:
    own = some_bone(rig, r).simready_joint
    own.damping, own.stiffness = r.random(), r.random()
    own.use_angle_limits = r.random() < 0.5
    own.angle_low, own.angle_high = -r.random(), r.random()


def move_the_rig(bpy: Any, rig: Any, r: Random) -> None:
    rig.location.x, rig.scale = r.uniform(-1.0, 1.0), (r.choice((1.0, 2.0)),) * 3


def delete(bpy: Any, rig: Any, r: Random) -> None:
    found = parts_of(rig)
    if len(found) > 1 and r.random() < 0.3:
        bpy.data.objects.remove(r.choice(found))


EDITS: tuple[Edit, ...] = (
    move_a_vertex, turn_a_face, shift_the_picture, give_faces_to_no_shape, modify, place, stretch, rename,
    another_material, own_mass, say, collide, colour, pose, joint, move_the_rig, delete,
)  # fmt: skip


def reading(bpy: Any, from_extension: Load, rig: Any) -> tuple[str, Any, list[str]]:
    """The asset with all its numbers as text (-0.0 is not 0.0), itself, and the notes; an error counts as a result."""
    notes: list[str] = []
    scene = from_extension("physx_blender.scene")
    try:
        asset = scene.scene_to_asset(rig, bpy.context.evaluated_depsgraph_get(), notes=notes)
    except from_extension("physx_blender.errors").AssetError as error:
        return str(error), None, notes
    return repr(asset), asset, notes


def agree(bpy: Any, from_extension: Load, rig: Any, what: str) -> None:
    """A reading that remembers is the reading that does not."""
    text, asset, notes = reading(bpy, from_extension, rig)
    from_extension("physx_blender.scene.scene_to_asset").forget_readings()
    fresh_text, fresh, fresh_notes = reading(bpy, from_extension, rig)
    assert (asset, notes) == (fresh, fresh_notes), what
    assert text == fresh_text, what


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_random_edits_are_read_as_if_for_the_first_time(bpy: Any, from_extension: Load, seed: int) -> None:
    empty_scene(bpy)
    r = Random(seed)
    rig = from_extension("physx_blender.scene").asset_to_scene(
        random_asset(names(from_extension), r), bpy.context
    )
    reading(bpy, from_extension, rig)
    for _ in range(12):
        edit = r.choice(EDITS)
        edit(bpy, rig, r)
        reading(bpy, from_extension, rig)  # so that there is something to be out of date
        if r.random() < 0.3:
            agree(bpy, from_extension, rig, edit.__name__)
    agree(bpy, from_extension, rig, "all")


@pytest.mark.parametrize("edit", EDITS, ids=lambda e: e.__name__)
def test_each_edit_is_seen_at_once(bpy: Any, from_extension: Load, edit: Edit) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)
    reading(bpy, from_extension, rig)
    for seed in range(2):
        edit(bpy, rig, Random(seed))
        agree(bpy, from_extension, rig, edit.__name__)


def test_what_has_not_changed_is_the_same_object(bpy: Any, from_extension: Load) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    _, before, _ = reading(bpy, from_extension, rig)
    bpy.data.objects["door"].simready_part.density = 123.0
    _, after, _ = reading(bpy, from_extension, rig)
    same = {p.name: p is q for p, q in zip(before.parts, after.parts, strict=True)}
    assert not same.pop("door")
    assert all(same.values()), same
    shapes = [p.shapes is q.shapes for p, q in zip(before.parts, after.parts, strict=True)]
    assert all(shapes), "the shapes of the door are the same as well, and what they have worked out"
    assert before.joints == after.joints


def test_undo_and_another_file_need_no_clearing(bpy: Any, from_extension: Load) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    name = rig.name
    bpy.ops.ed.undo_push(message="Before")
    text, _, _ = reading(bpy, from_extension, rig)
    door = bpy.data.objects["door"]
    door.data.vertices[0].co.x += 0.01
    door.data.update()
    bpy.ops.ed.undo_push(message="After")
    changed, _, _ = reading(bpy, from_extension, rig)
    assert changed != text
    bpy.ops.ed.undo()
    undone, _, _ = reading(bpy, from_extension, bpy.data.objects[name])
    assert undone == text
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    again = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    assert reading(bpy, from_extension, again)[0] == text


def test_nothing_of_blender_is_kept(bpy: Any, from_extension: Load) -> None:
    rig = from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)
    reading(bpy, from_extension, rig)
    seen = from_extension("physx_blender.scene.seen_shapes")
    held: list[Any] = [seen._seen, from_extension("physx_blender.scene.joint_reading").read_joint]
    known: set[int] = set()
    while held:
        thing = held.pop()
        if id(thing) in known or isinstance(thing, type) or type(thing).__name__ in ("module", "function"):
            continue
        known.add(id(thing))
        assert not isinstance(thing, bpy.types.bpy_struct), thing
        held.extend(gc.get_referents(thing))
    assert len(known) > 100


def test_memory_is_bounded(from_extension: Load) -> None:
    recent = from_extension("physx_blender.scene.recent").Recent(3, 100)
    for k in range(3):
        recent.put(k, str(k), 10)
    assert recent.get(0) == "0"
    recent.put(3, "3", 10)
    assert recent.get(1) is None, "the one that was not used for longest has gone"
    assert recent.get(0) == "0"
    assert len(recent) == 3
    assert recent.size == 30
    recent.put(4, "4", 95)
    assert recent.get(4) == "4"
    assert len(recent) == 1
    assert recent.size == 95
    recent.put(4, "four", 20)
    assert recent.size == 20
    recent.put(5, "too big for all", 500)
    assert recent.get(5) == "too big for all"
    assert len(recent) == 1

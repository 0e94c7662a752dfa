# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of Blender, played in MuJoCo on a real backend, against closed forms; and nothing left behind."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, names

G = 9.81


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def cube(bpy: Any, place: tuple[float, float, float], *, kind: str = "ACTIVE", size: float = 0.2) -> Any:
    """A cube that is a rigid body (kind: also NONE), as an artist adds it."""
    bpy.ops.mesh.primitive_cube_add(size=size, location=place)
    obj = bpy.context.object
    if kind != "NONE":
        bpy.ops.rigidbody.object_add(type=kind)
    return obj


def curve(obj: Any, path: str, index: int) -> list[tuple[float, float]]:
    """Keyframes (frame, value) of a channel of the baked action."""
    action, slot = obj.animation_data.action, obj.animation_data.action_slot
    bag = action.layers[0].strips[0].channelbag(slot)
    found = next((c for c in bag.fcurves if (c.data_path, c.array_index) == (path, index)), None)
    return [] if found is None else [(k.co[0], k.co[1]) for k in found.keyframe_points]


def channels(bpy: Any) -> dict[str, list[float]]:
    """All that a simulation may move, of everything in the scene."""
    found: dict[str, list[float]] = {}
    for obj in bpy.data.objects:
        items = [(obj.name, obj)]
        if obj.pose is not None:
            items += [(f"{obj.name}/{b.name}", b) for b in obj.pose.bones]
        for name, item in items:
            found[name] = [
                *item.location,
                *item.rotation_euler,
                *item.rotation_quaternion,
                *item.rotation_axis_angle,
                *item.scale,
            ]
    return found


def test_baked_fall_follows_the_closed_form(bpy: Any, backend: Any) -> None:
    scene = bpy.context.scene
    scene.render.fps, scene.frame_start, scene.frame_end = 25, 5, 15
    box = cube(bpy, (1.0, 2.0, 3.0))
    box.rotation_euler = (0.0, 0.0, 0.5)
    scene.frame_set(9)
    before = channels(bpy)
    assert bpy.ops.simready.simulate() == {"FINISHED"}
    keys = curve(box, "location", 2)
    assert [k[0] for k in keys] == list(range(5, 16))
    for frame, z in keys:
        t = (frame - 5) / 25
        assert z == pytest.approx(3.0 - G / 2 * t * (t + 0.002), abs=1e-5)
    assert curve(box, "location", 0) == []
    assert scene.frame_current == 9
    assert box.location.z == pytest.approx(keys[4][1])
    action = box.animation_data.action
    assert len(action.slots) == 1
    assert bpy.ops.simready.simulation_clear() == {"FINISHED"}
    assert channels(bpy) == before
    assert box.animation_data.action is None
    assert not bpy.data.actions


def test_a_bake_is_one_step_and_can_be_undone(bpy: Any, backend: Any) -> None:
    cube(bpy, (0.0, 0.0, 1.0))
    bpy.ops.ed.undo_push(message="Before")
    before = channels(bpy)
    assert bpy.ops.simready.simulate(frames=8) == {"FINISHED"}
    bpy.ops.ed.undo_push(message="Simulate")
    assert len(bpy.data.actions) == 1
    bpy.ops.ed.undo()
    assert not bpy.data.actions
    assert channels(bpy) == before
    bpy.ops.ed.redo()
    assert len(bpy.data.actions) == 1


def test_gravity_opens_a_door_that_hangs_askew(bpy: Any, backend: Any, rig: Any) -> None:
    """The cabinet lies on its side: its hinge is level, and the door falls open about it to its limit."""
    rig.rotation_euler = (0.0, math.pi / 2, 0.0)
    rig.location.z = 0.3
    rig.simready_body.role = "STATIC"
    bpy.context.scene.simready_simulation.use_ground = False
    bpy.context.view_layer.update()
    before = channels(bpy)
    assert bpy.ops.simready.simulate(frames=72) == {"FINISHED"}
    bone = rig.pose.bones["door"]
    keys = curve(rig, bone.path_from_id("rotation_euler"), 1)
    assert len(keys) == 73
    assert keys[0][1] == 0.0
    assert min(k[1] for k in keys) > -1.95
    # whichever way it is turned, the door ends at one of the ends of its range
    assert min(abs(keys[-1][1] - end) for end in (-1.9, 0.0)) < 0.05
    assert curve(rig, "location", 0) == []
    bpy.ops.simready.simulation_clear()
    assert channels(bpy) == before


def test_things_settle_without_a_bake(bpy: Any, backend: Any, rig: Any) -> None:
    cabinet_before = channels(bpy)
    box = cube(bpy, (0.0, 0.0, 1.5))
    ball_at = (2.0, 0.0, 0.6)
    bpy.ops.mesh.primitive_uv_sphere_add(radius=0.1, location=ball_at)
    ball = bpy.context.object
    ball.rotation_mode = "QUATERNION"
    bpy.ops.rigidbody.object_add(type="ACTIVE")
    ball.rigid_body.collision_shape = "SPHERE"
    assert bpy.ops.simready.simulate(frames=72, bake=False) == {"FINISHED"}
    assert not bpy.data.actions
    assert box.location.z == pytest.approx(0.8 + 0.1, abs=2e-3), "it lies on the cabinet"
    assert ball.location.z == pytest.approx(0.1, abs=2e-3)
    after = channels(bpy)
    for name, values in cabinet_before.items():
        assert after[name] == pytest.approx(values, abs=5e-3), name


def test_roles_of_objects(bpy: Any, from_extension: Load, rig: Any) -> None:
    module = from_extension("physx_blender.scene.simulation.participants")

    def taking_part() -> dict[str, bool]:
        context = bpy.context
        return {p.object.name: p.held for p in module.participants(context.scene, context.view_layer)}

    active, passive = cube(bpy, (0, 0, 2)), cube(bpy, (0, 0, 3), kind="PASSIVE")
    plain = cube(bpy, (0, 0, 4), kind="NONE")
    assert taking_part() == {"cabinet": False, active.name: False, passive.name: True}
    plain.simready_body.role = "STATIC"
    assert taking_part()[plain.name] is True
    plain.simready_body.role = "FREE"
    assert taking_part()[plain.name] is False
    active.simready_body.role = "OUT"
    active.rigid_body.kinematic = True
    assert active.name not in taking_part()
    active.simready_body.role = "AUTO"
    assert taking_part()[active.name] is True
    rig.simready_asset.fixed_base = True
    assert taking_part()["cabinet"] is True
    passive.hide_set(True)
    assert passive.name not in taking_part()


@pytest.mark.parametrize("kind", ["BOX", "SPHERE", "CAPSULE", "CYLINDER", "CONE", "CONVEX_HULL", "MESH"])
def test_collision_shapes_of_rigid_bodies_are_respected(bpy: Any, from_extension: Load, kind: str) -> None:
    """A stretched, turned cube with each kind: its lowest point says what it collides as."""
    obj = cube(bpy, (0.0, 0.0, 1.0), size=1.0)
    obj.scale = (0.4, 0.4, 1.2)
    obj.rigid_body.collision_shape = kind
    obj.rigid_body.mass = 3.0
    bpy.context.view_layer.update()
    module = from_extension("physx_blender.scene.simulation.plain_body")
    asset, place = module.plain_asset(obj, bpy.context.evaluated_depsgraph_get(), held=False, notes=[])
    assert place.position == (0.0, 0.0, 1.0)
    (part,) = asset.parts
    assert part.mass == 3.0
    pieces = part.collision if part.collision is not None else part.shapes[0].colliders()
    low = min(
        float(p.bounds()[0][2])
        if hasattr(p, "bounds")
        else float((p.pose.apply(p.shape.mesh().vertices))[:, 2].min())
        for p in pieces
    )
    assert low == pytest.approx(-0.6, abs=1e-6)
    volume = sum(p.shape.volume_properties().mass for p in pieces)
    expected = {
        "SPHERE": 4 / 3 * math.pi * 0.6**3,
        "CYLINDER": math.pi * 0.2**2 * 1.2,
        "CAPSULE": math.pi * 0.2**2 * 0.8 + 4 / 3 * math.pi * 0.2**3,
    }.get(kind, 0.4 * 0.4 * 1.2)
    assert volume == pytest.approx(expected, rel=1e-5)


def test_a_plane_is_a_floor_that_nothing_falls_through(bpy: Any, backend: Any) -> None:
    bpy.ops.mesh.primitive_plane_add(size=4.0, location=(0.0, 0.0, 0.5), rotation=(0.1, 0.0, 0.0))
    bpy.ops.rigidbody.object_add(type="PASSIVE")
    bpy.context.object.rigid_body.friction = 0.9
    bpy.context.scene.simready_simulation.use_ground = False
    box = cube(bpy, (0.0, 0.0, 4.0))
    assert bpy.ops.simready.simulate(frames=72, bake=False) == {"FINISHED"}
    height = 0.5 + box.location.y * math.tan(0.1) + 0.1 / math.cos(0.1)
    assert box.location.z == pytest.approx(height, abs=0.01)


def test_mirrored_scaled_and_parented_objects_keep_their_look(bpy: Any, backend: Any) -> None:
    holder = bpy.data.objects.new("holder", None)
    bpy.context.scene.collection.objects.link(holder)
    holder.location, holder.rotation_euler, holder.scale = (1.0, 2.0, 0.5), (0.3, -0.2, 1.0), (2.0, 2.0, 2.0)
    box = cube(bpy, (0.1, 0.2, 1.0))
    box.parent = holder
    box.scale = (-1.0, 1.5, 0.5)
    box.rotation_mode = "AXIS_ANGLE"
    box.rotation_axis_angle = (0.7, 0.0, 0.6, 0.8)
    box.delta_location.x, box.delta_rotation_euler.z = 0.3, 0.4
    bpy.context.view_layer.update()
    before = np.array(box.matrix_world)
    scene = bpy.context.scene
    scene.simready_simulation.use_ground = False
    assert bpy.ops.simready.simulate(frames=12, bake=False) == {"FINISHED"}
    bpy.context.view_layer.update()
    after = np.array(box.matrix_world)
    assert after[:3, :3] == pytest.approx(before[:3, :3], abs=1e-5)
    fall = before[:3, 3] - after[:3, 3]
    assert fall == pytest.approx((0.0, 0.0, G / 2 * 0.5 * 0.502), abs=1e-3)
    assert tuple(box.scale) == (-1.0, 1.5, 0.5)


def test_baking_again_and_clearing_gives_back_the_first_animation(bpy: Any, backend: Any) -> None:
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 10
    box = cube(bpy, (0.0, 0.0, 2.0))
    box.keyframe_insert("location", frame=1)
    box.location.x = 5.0
    box.keyframe_insert("location", frame=10)
    scene.frame_set(1)
    first, slot = box.animation_data.action, box.animation_data.action_slot.identifier
    before = channels(bpy)
    for _ in range(2):
        assert bpy.ops.simready.simulate() == {"FINISHED"}
        assert box.animation_data.action != first
        assert curve(box, "location", 2)[0][1] == 2.0
    assert len(bpy.data.actions) == 2
    assert bpy.ops.simready.simulation_clear() == {"FINISHED"}
    assert box.animation_data.action == first
    assert box.animation_data.action_slot.identifier == slot
    assert channels(bpy) == before
    assert not bpy.ops.simready.simulation_clear.poll()


def test_what_cannot_be_simulated_is_told(bpy: Any, backend: Any) -> None:
    with pytest.raises(RuntimeError, match="nothing takes part"):
        bpy.ops.simready.simulate(frames=1)
    cube(bpy, (0, 0, 0), kind="PASSIVE")
    with pytest.raises(RuntimeError, match="nothing moves"):
        bpy.ops.simready.simulate(frames=1)
    with pytest.raises(RuntimeError, match="needs a window"):
        bpy.ops.simready.simulation_play()
    assert not bpy.ops.simready.simulation_bake.poll()
    assert not bpy.ops.simready.simulation_stop.poll()


def test_every_kind_of_joint_comes_back_to_its_bone(bpy: Any, from_extension: Load, backend: Any) -> None:
    """Positions sent to MuJoCo and shown again without a step: nothing may move."""
    from tests.blender.zoo import zoo

    scene_module = from_extension("physx_blender.scene")
    rig = scene_module.asset_to_scene(zoo(names(from_extension)), bpy.context)
    rig.location, rig.rotation_euler, rig.scale = (1.0, -2.0, 0.5), (0.0, 0.0, 0.8), (1.5, 1.5, 1.5)
    bpy.context.view_layer.update()
    stage = from_extension("physx_blender.scene.simulation.stage").set_stage(bpy.context)
    client = from_extension("physx_blender.client").SimulationClient(
        backend.wait_client(bpy.context), stage.scene.to_bytes()
    )
    try:
        poser = from_extension("physx_blender.scene.simulation.poser").Poser(stage, client.layout)
    finally:
        client.close()
    kinds = {j.kind.value for j in stage.actors[0].asset.joints}
    assert kinds >= {"hinge", "slide", "ball", "cylindrical", "free"}
    before = {o.name: np.array(o.matrix_world) for o in bpy.data.objects}
    poser.apply(client.layout.positions)
    bpy.context.view_layer.update()
    for obj in bpy.data.objects:
        assert np.array(obj.matrix_world) == pytest.approx(before[obj.name], abs=2e-5), obj.name
    for number, body in enumerate(client.layout.bodies):
        frame = poser.body_frame(number, client.layout.positions)
        bone = rig.pose.bones[stage.actors[0].bones[body.link]]
        if bone.parent is not None:
            head = np.array(rig.matrix_world @ bone.head)
            assert frame[:3, 3] == pytest.approx(head, abs=1e-4), body.link

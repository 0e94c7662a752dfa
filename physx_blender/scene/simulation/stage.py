# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene of Blender as a scene to simulate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from bpy.types import Context, Object, Scene
from mathutils import Euler, Vector

from ...errors import AssetError
from ...geometry import Pose
from ...geometry.pose import Array, Vec3
from ...model import Asset
from ...simulation import SimulationScene, asset_body
from ...steps import Steps
from ..convex import cutting_ahead
from ..exact import affine_inverse, as_vec3, matrix_array
from ..link_names import link_bones
from ..scene_to_asset import reading_ahead, scene_to_asset
from ..simulators import for_simulators
from .channels import Kept, Target, keep
from .participants import Participant, participants
from .plain_body import plain_asset, rigid_place


@dataclass(frozen=True)
class Actor:
    """A body of the simulated scene and the object that it moves.

    place: of the asset's frame in the world at the start.  bones: bone of each link; empty for a plain object.
    channels: matrix (4, 4) from the space of the object's channels to the world.
    scale: of a rig, whose bones live in its unscaled space.
    """

    object: str
    asset: Asset
    place: Pose
    held: bool
    bones: dict[str, str]
    channels: Array
    scale: float = 1.0

    @property
    def is_asset(self) -> bool:
        """Has it a rig?"""
        return bool(self.bones)


@dataclass(frozen=True)
class Stage:
    """Everything that is needed to play.

    actors: one per body of the scene, in order.  start: channels of all that may move, as they are at the start.
    """

    scene: SimulationScene
    actors: tuple[Actor, ...]
    start: Kept
    notes: tuple[str, ...]


def frame_interval(scene: Scene) -> float:
    """Seconds from frame to frame."""
    return float(scene.render.fps_base) / float(scene.render.fps)


def tilted_gravity(scene: Scene, tilt_x: float, tilt_y: float) -> Vec3:
    """Gravity (m/s²) as things feel it when the floor is tilted by these angles (rad) about X and then Y."""
    gravity = Vector(scene.gravity) if scene.use_gravity else Vector((0.0, 0.0, 0.0))
    return as_vec3(Euler((tilt_x, tilt_y, 0.0)).to_matrix().inverted() @ gravity)


def set_stage(context: Context, *, tilt: tuple[float, float] = (0.0, 0.0)) -> Stage:
    """Read all that takes part. Raises AssetError that names the object which cannot."""
    scene = context.scene
    notes: list[str] = []
    taking_part = participants(scene, context.view_layer)
    if not taking_part:
        raise AssetError(
            "nothing takes part; import an asset, make an object a rigid body, or set its Simulation to Include"
        )
    if all(p.held and not p.is_asset for p in taking_part):
        raise AssetError("nothing moves; make an object an active rigid body, or set its Simulation to Free")
    actors = [_actor(context, p, notes) for p in taking_part]
    settings = scene.simready_simulation
    return Stage(
        SimulationScene(
            tuple(asset_body(a.asset, a.place, held=a.held) for a in actors),
            tilted_gravity(scene, *tilt),
            frame_interval(scene),
            float(settings.ground_height) if settings.use_ground else None,
            float(settings.ground_friction),
        ),
        tuple(actors),
        keep([Target(a.object, bone) for a in actors for bone in ("", *a.bones.values())]),
        tuple(notes),
    )


def stage_ahead(context: Context) -> Steps[None]:
    """Fill the caches in small steps with all that `set_stage` needs."""
    for participant in participants(context.scene, context.view_layer):
        obj = participant.object
        _finish_editing(obj)
        if participant.is_asset:
            yield from reading_ahead(obj, context.evaluated_depsgraph_get)
            asset = scene_to_asset(obj, context.evaluated_depsgraph_get(), placed=False)
        else:
            depsgraph = context.evaluated_depsgraph_get()
            asset, _ = plain_asset(obj, depsgraph, held=participant.held, notes=[])
        yield from cutting_ahead(asset.parts)


def _actor(context: Context, participant: Participant, notes: list[str]) -> Actor:
    obj, held = participant.object, participant.held
    _finish_editing(obj)
    depsgraph = context.evaluated_depsgraph_get()
    channels = matrix_array(obj.matrix_world) @ affine_inverse(matrix_array(obj.matrix_basis))
    if not participant.is_asset:
        asset, place = plain_asset(obj, depsgraph, held=held, notes=notes)
        return Actor(obj.name, for_simulators(asset, notes), place, held, {}, channels)
    asset = scene_to_asset(obj, depsgraph, placed=False, notes=notes)
    world = matrix_array(obj.evaluated_get(depsgraph).matrix_world)
    scale = float(np.linalg.norm(world[:3, 0]))
    bones = link_bones(obj)
    return Actor(obj.name, for_simulators(asset, notes), rigid_place(world), held, bones, channels, scale)


def _finish_editing(obj: Object) -> None:
    for item in (obj, *obj.children_recursive):
        if item.mode == "EDIT":
            item.update_from_editmode()

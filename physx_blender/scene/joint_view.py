# SPDX-License-Identifier: GPL-3.0-or-later
"""One joint as it stands in the world now: what has to be known to draw it and to drag at it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from bpy.types import Object, PoseBone
from mathutils import Matrix, Vector

from ..errors import AssetError
from ..geometry.dragging import across, radial
from ..geometry.pose import Array
from .exact import matrix_array
from .joint_pose import read_position
from .joint_rig import slide_direction
from .placement import bone_parent_matrix

TURNING = ("hinge", "cylindrical")
SLIDING = ("slide", "cylindrical")
MOVING = (*TURNING, "slide", "ball")
HANDLES: dict[str, tuple[str, ...]] = {
    "hinge": ("ANGLE_LOW", "ANGLE_HIGH", "ANGLE"),
    "slide": ("TRAVEL_LOW", "TRAVEL_HIGH", "TRAVEL"),
    "cylindrical": ("ANGLE_LOW", "ANGLE_HIGH", "ANGLE", "TRAVEL_LOW", "TRAVEL_HIGH", "TRAVEL"),
    "ball": ("CONE",),
}
"""What can be dragged at a joint of each kind."""


@dataclass(frozen=True)
class JointView:
    """A joint in world space; the frame of the joint is held by its parent link.

    origin: anchor (3,), m.  axis: unit vector (3,) of turning; a ball's points to its parts.
    zero: unit vector (3,) across `axis`, to the parts at angle 0.  slide: unit vector (3,) of positive travel.
    scale: metres of the world per metre of the asset.  angle, travel: position now, rad and m of the asset; 0 where
    the kind has none.  Limits are None where there are none.  follows: name of the joint that leads this one, or ''.
    reach: metres of the world from the anchor to the middle of the parts; 0 = no parts.
    """

    bone: str
    name: str
    kind: str
    origin: Array
    axis: Array
    zero: Array
    slide: Array
    scale: float
    angle_limits: tuple[float, float] | None
    travel_limits: tuple[float, float] | None
    angle: float
    travel: float
    follows: str
    reach: float = 0.0

    @property
    def handles(self) -> tuple[str, ...]:
        """What can be dragged: nothing of a follower, and only such limits as are in use."""
        if self.follows:
            return ()
        found = HANDLES.get(self.kind, ())
        if self.angle_limits is None:
            found = tuple(h for h in found if h not in ("ANGLE_LOW", "ANGLE_HIGH", "CONE"))
        if self.travel_limits is None:
            found = tuple(h for h in found if h not in ("TRAVEL_LOW", "TRAVEL_HIGH"))
        return found

    def value(self, handle: str) -> float:
        """What a handle stands for, rad or m of the asset."""
        if handle in ("ANGLE", "TRAVEL"):
            return self.angle if handle == "ANGLE" else self.travel
        limits = self.travel_limits if handle.startswith("TRAVEL") else self.angle_limits
        assert limits is not None, handle
        return limits[0] if handle.endswith("_LOW") else limits[1]

    def direction(self, angle: float) -> Array:
        """Unit direction (3,) to where the parts are at `angle`."""
        return radial(self.axis, self.zero, angle)

    def on_rail(self, travel: float) -> Array:
        """Point (3,) of the rail at a travel in metres of the asset."""
        point: Array = self.origin + travel * self.scale * self.slide
        return point


def joint_frame(rig: Object, bone: PoseBone) -> Array:
    """Matrix (4, 4) of the joint in the world: the bone's rest, carried along by its parent as that is posed."""
    parent = bone.parent
    return matrix_array(
        rig.matrix_world @ parent.matrix @ parent.bone.matrix_local.inverted() @ bone.bone.matrix_local
    )


def joint_view(
    rig: Object, name: str, parts: Iterable[Object] | None = None, *, posed: bool = True
) -> JointView | None:
    """The joint of a bone as it stands now; None where nothing moves: fixed, free, the base, a rig without size.

    parts: the objects that hang on the bone, for who has them at hand.  posed: off, the position is not asked for (0).
    """
    bone = rig.pose.bones.get(name) if rig.pose is not None else None
    if bone is None or bone.parent is None:
        return None
    settings = bone.simready_joint
    kind = str(settings.kind)
    if kind not in MOVING:
        return None
    frame = joint_frame(rig, bone)
    scale = math.sqrt(frame[:3, 1] @ frame[:3, 1])  # a rig is scaled evenly, or its export refused
    if scale < 1e-9:
        return None
    turned = frame[:3, :3] / scale
    towards = turned @ parts_direction(bone, parts_by_bone(rig).get(name, ()) if parts is None else parts)
    axis = turned[:, 1]
    reach = math.sqrt(towards @ towards)
    if kind == "ball" and reach > 1e-6:
        axis = towards / reach
    position = _position(bone) if posed else (0.0,)
    angle_limits, travel_limits = limits_of(settings)
    return JointView(
        bone=name,
        name=settings.name or name,
        kind=kind,
        origin=frame[:3, 3],
        axis=axis,
        zero=across(axis, towards),
        slide=turned @ np.array(slide_direction(bone)),
        scale=scale,
        angle_limits=angle_limits,
        travel_limits=travel_limits,
        angle=position[0] if kind in TURNING else 0.0,
        travel=position[-1] if kind in SLIDING else 0.0,
        follows=leader_of(settings),
        reach=scale * reach,
    )


def limits_of(settings: Any) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Limits of a joint's angle (rad) and travel (m of the asset); None where its kind has none, or none are in use."""
    angles = travels = None
    if settings.use_angle_limits and settings.kind in (*TURNING, "ball"):
        low = 0.0 if settings.kind == "ball" else float(settings.angle_low)
        angles = (low, float(settings.angle_high))
    if settings.use_travel_limits and settings.kind in SLIDING:
        travels = (float(settings.travel_low), float(settings.travel_high))
    return angles, travels


def leader_of(settings: Any) -> str:
    """Name of the joint that leads this one, or ''."""
    return str(settings.mimic_joint) if settings.kind in ("hinge", "slide") else ""


def _position(bone: PoseBone) -> tuple[float, ...]:
    try:
        return read_position(bone, bone)
    except AssetError:  # scaled in pose mode: what the channels say is good enough to draw
        angle, travel = float(bone.rotation_euler[1]), float(np.dot(bone.location, slide_direction(bone)))
        return {"hinge": (angle,), "slide": (travel,)}.get(bone.simready_joint.kind, (angle, travel))


def parts_by_bone(rig: Object) -> dict[str, list[Object]]:
    """The meshes that hang on each bone."""
    found: dict[str, list[Object]] = {}
    for child in rig.children:
        if child.parent_type == "BONE" and child.type == "MESH":
            found.setdefault(str(child.parent_bone), []).append(child)
    return found


def parts_direction(bone: PoseBone, parts: Iterable[Object]) -> Array:
    """Vector (3,) in the bone's own frame from its head to the middle of the box around its parts; 0 without parts.

    Calculated from stored channels, so that it does not change while the joint moves.
    """
    rest = bone.bone.matrix_local
    to_bone = rest.inverted() @ Matrix(bone_parent_matrix(bone.bone).tolist())
    corners = []
    for part in parts:
        placed = to_bone @ part.matrix_parent_inverse @ part.matrix_basis
        corners += [placed @ Vector(corner) for corner in part.bound_box]
    if not corners:
        return np.zeros(3)
    middle = [(min(c) + max(c)) / 2.0 for c in zip(*corners, strict=True)]
    return np.array(middle)

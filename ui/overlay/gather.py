# SPDX-License-Identifier: GPL-3.0-or-later
"""All joints of all assets that are seen, as signs to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from bpy.types import Context, Object

from ...operators.common import rig_of
from ...operators.joint_edit import active_bone_name
from ...physx_blender.geometry.joint_symbols import Symbol
from ...physx_blender.geometry.pose import Array
from ...physx_blender.scene.joint_view import JointView, joint_view, leader_of, limits_of
from ..gizmos.group import shows_handles
from .watch import Rig, shown_rigs

SMALLEST = 0.03  # of the size of the asset: the least radius of a sign
LARGEST = 0.16
REACH = 0.45  # of the way from the anchor to the middle of the parts
SAME_VALUE = 1e-5


@dataclass(frozen=True)
class Shown:
    """One joint of the overlay."""

    name: str
    symbol: Symbol
    follows: bool
    rig: str
    bone: str
    has_handles: bool = False
    """Its handles draw it already: only what is wrong is added to them."""


Handled = tuple[str, str] | None


def handled_joint(context: Context) -> Handled:
    """Rig and bone of the joint that handles are shown of in this viewport; None = of none."""
    if not (getattr(context.space_data, "show_gizmo", False) and shows_handles(context)):
        return None
    rig = rig_of(context.active_object)
    return None if rig is None else (rig.name, active_bone_name(context))


def shown_joints(context: Context, handled: Handled = None, rigs: Sequence[Rig] | None = None) -> list[Shown]:
    """Every joint that moves, of every asset that has anything visible.

    handled: rig and bone of the joint whose handles are shown, if any.  rigs: the assets, for who has them at hand.
    """
    known = _known_collisions(context)
    found = []
    for rig, parts in shown_rigs(context) if rigs is None else rigs:
        views = [joint_view(rig, bone.name, parts.get(bone.name, ()), posed=False) for bone in rig.pose.bones]
        found += _signs(rig, [v for v in views if v is not None], known, handled)
    return found


def _signs(
    rig: Object, views: list[JointView], known: dict[tuple[str, str], dict[str, float]], handled: Handled
) -> list[Shown]:
    if not views:
        return []
    # at rest, so that signs keep their size while the asset moves
    anchors = views[0].scale * np.array([rig.data.bones[v.bone].head_local for v in views])
    size = float(np.linalg.norm(np.ptp(anchors, axis=0))) + 2.0 * max(v.reach for v in views)
    size = size or 0.1
    return [
        Shown(
            view.name,
            Symbol(
                kind=view.kind,
                origin=view.origin,
                axis=view.axis,
                zero=view.zero,
                slide=view.slide,
                radius=min(max(REACH * view.reach, SMALLEST * size), LARGEST * size),
                angle_limits=view.angle_limits,
                travel_limits=None
                if view.travel_limits is None
                else (view.travel_limits[0] * view.scale, view.travel_limits[1] * view.scale),
                wrong=_wrong(view, known.get((rig.name, view.name), {})),
            ),
            bool(view.follows),
            rig.name,
            view.bone,
            has_handles=handled == (rig.name, view.bone),
        )
        for view in views
    ]


def _wrong(view: JointView, known: dict[str, float]) -> frozenset[str]:
    """Ends that collided when that was last looked at, and still are where they were then."""
    return frozenset(
        end
        for end, value in known.items()
        if end.upper() in view.handles and abs(view.value(end.upper()) - value) <= SAME_VALUE
    )


def _known_collisions(context: Context) -> dict[tuple[str, str], dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = {}
    for item in context.window_manager.simready_viewport.collisions:
        found.setdefault((item.rig, item.joint), {})[item.end] = item.value
    return found


def in_frame(joint: Shown, frame: Array) -> Shown:
    """The joint in its own frame (4, 4): the same however it has been carried about."""
    scale = float(np.linalg.norm(frame[:3, 1]))
    turned = frame[:3, :3].T / scale
    symbol, travels = joint.symbol, joint.symbol.travel_limits
    local = replace(
        symbol,
        origin=turned @ (symbol.origin - frame[:3, 3]) / scale,
        axis=turned @ symbol.axis,
        zero=turned @ symbol.zero,
        slide=turned @ symbol.slide,
        radius=symbol.radius / scale,
        travel_limits=None if travels is None else (travels[0] / scale, travels[1] / scale),
    )
    return replace(joint, symbol=local)


def with_settings(joint: Shown, rig: Object) -> Shown:
    """A joint in its own frame with the limits, the name and the leader that its settings have now."""
    settings = rig.pose.bones[joint.bone].simready_joint
    angles, travels = limits_of(settings)
    return replace(
        joint,
        name=settings.name or joint.bone,
        symbol=replace(joint.symbol, angle_limits=angles, travel_limits=travels),
        follows=bool(leader_of(settings)),
    )


def signature(joints: Sequence[Shown]) -> tuple[Any, ...]:
    """Equal for two lists that look the same."""
    return tuple(
        (
            one.name,
            one.follows,
            one.has_handles,
            one.symbol.kind,
            *(
                v.round(6).tobytes()
                for v in (one.symbol.origin, one.symbol.axis, one.symbol.zero, one.symbol.slide)
            ),
            round(one.symbol.radius, 6),
            one.symbol.angle_limits,
            one.symbol.travel_limits,
            one.symbol.wrong,
        )
        for one in joints
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects take part when a scene is played, and whether they move."""

from __future__ import annotations

from dataclasses import dataclass

from bpy.types import Object, Scene, ViewLayer

from ..rigs import rig_of
from ..scene_to_asset import GEOMETRY_TYPES


@dataclass(frozen=True)
class Participant:
    """An asset (its armature object), or a plain object. held: does not move, but for the joints of an asset."""

    object: Object
    is_asset: bool
    held: bool


def participants(scene: Scene, view_layer: ViewLayer) -> list[Participant]:
    """Everything that takes part, in the order of the scene; what is hidden in the viewport does not."""
    found = []
    for obj in scene.objects:
        if obj.name not in view_layer.objects or not obj.visible_get(view_layer=view_layer):
            continue
        taking_part = participation(obj)
        if taking_part is not None:
            found.append(taking_part)
    return found


def can_take_part(obj: Object) -> bool:
    """Is there anything to simulate: an asset's rig, or an object with faces that belongs to no asset?"""
    if obj.type == "ARMATURE":
        return bool(obj.simready_asset.is_asset)
    return obj.type in GEOMETRY_TYPES and obj.simready_part.role == "NONE" and rig_of(obj) is None


def participation(obj: Object) -> Participant | None:
    """How an object takes part; None = not at all."""
    role = obj.simready_body.role
    if role == "OUT" or not can_take_part(obj):
        return None
    is_asset = obj.type == "ARMATURE"
    if role != "AUTO":
        return Participant(obj, is_asset, role == "STATIC")
    if is_asset:
        return Participant(obj, True, bool(obj.simready_asset.fixed_base))
    body = obj.rigid_body
    if body is None:
        return None
    # what is animated, or switched off, is not moved by the simulation
    return Participant(obj, False, body.type == "PASSIVE" or body.kinematic or not body.enabled)

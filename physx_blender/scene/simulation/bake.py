# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyframes of what has been simulated: one action for a bake, one slot in it for each object.

Layered actions are the same in Blender 4.5 and 5.2: layer, strip, and a channel bag for each slot.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy
import numpy as np
from bpy.types import Action, Scene

from ...steps import Step, Steps, run
from .channels import CHANNELS, Kept, Target, keep, restore, rotation_channel
from .poser import Poser

ACTION = "Simulation"
LINEAR = 1
"""Number of the interpolation in `Keyframe.interpolation`: every frame has a key, and curves would overshoot at a hit."""


@dataclass
class _Curves:
    """Values (frames, components) of each channel of a target."""

    target: Target
    channels: dict[str, list[tuple[float, ...]]] = field(default_factory=dict)


def bake(scene: Scene, poser: Poser, frames: Sequence[Sequence[float]], first: int) -> Action:
    """Key every frame from the frame number `first` on; the scene is left as it is at its current frame.

    frames: positions of the simulation.  What an object was animated by is put aside for `clear`.
    """
    return run(baking(scene, poser, frames, first))


def baking(scene: Scene, poser: Poser, frames: Sequence[Sequence[float]], first: int) -> Steps[Action]:
    """`bake` in small steps; closed before its end it leaves everything as it was."""
    before = keep(poser.targets)
    curves = [_Curves(t) for t in poser.targets]
    try:
        for number, positions in enumerate(frames):
            yield Step("Baking", 0.7 * number / len(frames))
            poser.apply(positions)
            for curve in curves:
                item = curve.target.find()
                if item is None:
                    continue
                for name in ("location", rotation_channel(item.rotation_mode)):
                    curve.channels.setdefault(name, []).append(tuple(getattr(item, name)))
    finally:
        restore(before)
    action = bpy.data.actions.new(ACTION)
    try:
        slots = yield from _writing(action, curves, first, len(frames))
    except BaseException:
        bpy.data.actions.remove(action)
        raise
    for name, slot in slots.items():
        mine = {t: channels for t, channels in before.items() if t.object == name}
        _assign(bpy.data.objects[name], action, slot, mine)
    scene.frame_set(scene.frame_current)
    return action


def _writing(action: Action, curves: list[_Curves], first: int, count: int) -> Steps[dict[str, Any]]:
    """Put the curves into the action; a slot for each object by name."""
    strip = action.layers.new(ACTION).strips.new(type="KEYFRAME")
    slots: dict[str, Any] = {}
    times = np.arange(first, first + count, dtype=np.float32)
    for number, curve in enumerate(curves):
        yield Step("Baking", 0.7 + 0.3 * number / len(curves))
        obj = bpy.data.objects.get(curve.target.object)
        if obj is None or not curve.channels:
            continue
        if obj.name not in slots:
            slots[obj.name] = action.slots.new(id_type="OBJECT", name=obj.name)
        bag = strip.channelbag(slots[obj.name], ensure=True)
        group = curve.target.bone or "Object Transforms"
        for name, values in curve.channels.items():
            _write(bag, f"{curve.target.path}{name}", group, times, np.array(values))
    return slots


def _write(bag: Any, path: str, group: str, times: Any, values: Any) -> None:
    """One curve for each component that moves at all."""
    for index in range(values.shape[1]):
        column = values[:, index].astype(np.float32)
        if np.ptp(column) == 0.0 and not _must_be_whole(path, values):
            continue
        curve = bag.fcurves.new(path, index=index)
        curve.group = bag.groups.get(group) or bag.groups.new(group)
        curve.keyframe_points.add(len(times))
        curve.keyframe_points.foreach_set("co", np.stack([times, column], axis=1).reshape(-1))
        curve.keyframe_points.foreach_set("interpolation", np.full(len(times), LINEAR, dtype=np.int32))
        curve.update()


def _must_be_whole(path: str, values: Any) -> bool:
    """The four numbers of a rotation only mean something together."""
    return path.endswith(("quaternion", "axis_angle")) and bool(np.ptp(values, axis=0).any())


def _assign(obj: Any, action: Action, slot: Any, channels: Kept) -> None:
    settings = obj.simready_body
    animation = obj.animation_data or obj.animation_data_create()
    if not settings.is_baked:
        settings.action_before = animation.action
        before = animation.action_slot
        settings.slot_before = before.identifier if before is not None else ""
        settings.channels_before = json.dumps({t.bone: c for t, c in channels.items()})
    old = settings.baked_action
    animation.action = action
    animation.action_slot = slot
    settings.is_baked, settings.baked_action = True, action
    if old is not None and old is not action:
        _drop_if_unused(old)


def baked_objects(scene: Scene) -> list[Any]:
    """Objects of the scene with a baked motion."""
    return [o for o in scene.objects if o.simready_body.is_baked]


def clear(scene: Scene, objects: Iterable[Any]) -> int:
    """Take baked motions away again: objects are animated as before, or stand where they stood. Returns how many."""
    count = 0
    actions = set()
    for obj in list(objects):
        settings = obj.simready_body
        if not settings.is_baked:
            continue
        count += 1
        animation = obj.animation_data
        if animation is not None and animation.action == settings.baked_action:
            animation.action = settings.action_before
            if settings.action_before is not None:
                slot = settings.action_before.slots.get(settings.slot_before)
                if slot is not None:
                    animation.action_slot = slot
        if settings.baked_action is not None:
            actions.add(settings.baked_action)
        settings.is_baked = False
        settings.baked_action = settings.action_before = None
        restore(_recorded(obj))
        settings.slot_before = settings.channels_before = ""
    for action in actions:
        _drop_if_unused(action)
    scene.frame_set(scene.frame_current)
    return count


def _recorded(obj: Any) -> Kept:
    """Channels of the object and its bones as they were before its motion was baked."""
    try:
        data = json.loads(obj.simready_body.channels_before or "{}")
        return {
            Target(obj.name, bone): {name: tuple(map(float, values[name])) for name in CHANNELS}
            for bone, values in data.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # edited by hand: then it stays where its last keyframe has left it


def _drop_if_unused(action: Action) -> None:
    if action.users == 0:
        bpy.data.actions.remove(action)

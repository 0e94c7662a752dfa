# SPDX-License-Identifier: GPL-3.0-or-later
"""What several operators need: the rig they work on, the asset it stands for, errors as reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import bpy
from bpy.types import Context, Object

from ..physx_blender.errors import AssetError
from ..physx_blender.model import Asset
from ..physx_blender.scene import scene_to_asset
from ..physx_blender.scene.rigs import rig_of
from ..physx_blender.scene.scene_to_asset import reading_ahead
from ..physx_blender.steps import Step, Steps, ahead

APART = Step("Reading", waits=True)
"""What comes next takes a while, and cannot be divided."""
Execute = Callable[[Any, Context], set[str]]


def register_classes(classes: Sequence[type]) -> None:
    """Register all classes with Blender, or, where one fails, none."""
    done: list[type] = []
    try:
        for cls in classes:
            bpy.utils.register_class(cls)
            done.append(cls)
    except Exception:
        unregister_classes(done)
        raise


def unregister_classes(classes: Sequence[type]) -> None:
    """Undo `register_classes`."""
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)


def reports_errors(execute: Execute) -> Execute:
    """Turn an `AssetError` of an operator, or an error of the disk, into a report, and cancel."""

    @wraps(execute)
    def guarded(self: Any, context: Context) -> set[str]:
        try:
            return execute(self, context)
        except AssetError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        except OSError as error:
            # a full disk, a folder that may not be written to
            name = f" ({error.filename})" if error.filename else ""
            self.report(
                {"ERROR"}, f"{error.strerror or error}{name}; free some space or choose another folder"
            )
            return {"CANCELLED"}

    return guarded


def active_rig(context: Context) -> Object | None:
    """The rig of the active object; without one, the only rig of the scene; else None."""
    found = rig_of(context.active_object)
    if found is not None:
        return found
    rigs = [o for o in context.scene.objects if o.type == "ARMATURE" and o.simready_asset.is_asset]
    return rigs[0] if len(rigs) == 1 else None


def has_rig(cls: Any, context: Context) -> bool:
    """`poll` of an operator that works on an asset."""
    if active_rig(context) is None:
        cls.poll_message_set("Select an asset, or a part of one")
        return False
    return True


def read_asset(
    context: Context, notes: list[str], *, placed: bool = True, rig: Object | None = None
) -> Asset:
    """The asset of `rig` (None = the active one) as it is in the scene now."""
    rig = rig or active_rig(context)
    if rig is None:
        raise AssetError("select an asset, or a part of one, first")
    return read_rig(context, rig, notes, placed=placed)


def read_rig(context: Context, rig: Object, notes: list[str], *, placed: bool = True) -> Asset:
    """The asset of a rig as it is in the scene now."""
    if rig.mode == "EDIT":
        rig.update_from_editmode()
    for child in rig.children_recursive:
        if child.mode == "EDIT":
            child.update_from_editmode()
    return scene_to_asset(rig, context.evaluated_depsgraph_get(), placed=placed, notes=notes)


def reading(
    context: Context, notes: list[str], *, placed: bool = True, rig: Object | None = None
) -> Steps[Asset]:
    """`read_asset` in small steps."""
    rig = rig or active_rig(context)
    if rig is None:
        raise AssetError("select an asset, or a part of one, first")
    yield from ahead(reading_ahead(rig, context.evaluated_depsgraph_get))
    yield APART
    asset = read_rig(context, rig, notes, placed=placed)
    yield APART
    return asset


def push_undo(context: Context, message: str) -> None:
    """A step to undo to, from a timer as well, where the context names no window."""
    windows = context.window_manager.windows
    if bpy.app.background or context.window is not None or not windows:
        bpy.ops.ed.undo_push(message=message)
        return
    with context.temp_override(window=windows[0]):
        bpy.ops.ed.undo_push(message=message)


def counted(number: int, what: str) -> str:
    """1 joint, 2 joints."""
    return f"{number} {what}{'' if number == 1 else 's'}"

# SPDX-License-Identifier: GPL-3.0-or-later
"""Play through all joints."""

from __future__ import annotations

import time
from typing import ClassVar

import bpy
from bpy.types import Context, Event, Operator, Timer

from ..physx_blender.scene.joint_sweep import Sweep, bone_label, can_sweep
from . import ids
from .common import active_rig, has_rig

FRAME = 1.0 / 30.0
LONGEST = 0.08
"""Seconds that one picture goes on at most: a window that draws slowly shows slow motion, and leaves no joint out."""


class SIMREADY_OT_play_joints(Operator):
    """Sweep each joint through its range, one after the other; Esc or another click stops, and the pose is as before"""

    bl_idname = ids.PLAY_JOINTS
    bl_label = "Play Through"
    bl_options = {"REGISTER"}

    playing: ClassVar[SIMREADY_OT_play_joints | None] = None
    stopping: bool = False

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset that can move."""
        if cls.playing is not None:
            return True
        if not has_rig(cls, context):
            return False
        rig = active_rig(context)
        if rig is None or not any(can_sweep(b) for b in rig.pose.bones):
            cls.poll_message_set("No joint of this asset turns or slides by itself")
            return False
        return True

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Start, or stop the one that plays."""
        kind = type(self)
        if kind.playing is not None:
            kind.playing.stopping = True
            return {"CANCELLED"}
        rig = active_rig(context)
        if rig is None or context.window is None:
            return {"CANCELLED"}
        self.sweep = Sweep(rig)
        self.rig_name = rig.name
        self.played, self.last = 0.0, time.monotonic()
        self.timer: Timer = context.window_manager.event_timer_add(FRAME, window=context.window)
        context.window_manager.modal_handler_add(self)
        kind.playing = self
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        """Without a window there is nothing to watch."""
        self.report({"ERROR"}, "There is no window to play in; pose the joints with Open All instead")
        return {"CANCELLED"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Next picture; the view can be turned meanwhile."""
        undoing = event.type == "Z" and (event.ctrl or event.oskey)
        if self.stopping or undoing or (event.type == "ESC" and event.value == "PRESS"):
            self._end(context)
            return {"CANCELLED", "PASS_THROUGH"} if undoing else {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        rig = bpy.data.objects.get(self.rig_name)
        if rig is None or rig != self.sweep.rig:
            self._end(context, restore=False)
            return {"CANCELLED"}
        now = time.monotonic()
        self.played += min(now - self.last, LONGEST)
        self.last = now
        name = self.sweep.at(self.played)
        if not name:
            self._end(context)
            return {"FINISHED"}
        place = f"{self.sweep.current + 1} of {len(self.sweep.names)}"
        context.workspace.status_text_set(f"{bone_label(rig.pose.bones[name])} ({place})    Esc: stop")
        return {"RUNNING_MODAL"}

    def cancel(self, context: Context) -> None:
        """Blender ends it: another file, or the window closes."""
        self._end(context)

    def _end(self, context: Context, *, restore: bool = True) -> None:
        type(self).playing = None
        context.window_manager.event_timer_remove(self.timer)
        context.workspace.status_text_set(None)
        if restore:
            self.sweep.stop()
        for area in context.screen.areas if context.screen else ():
            area.tag_redraw()


CLASSES = (SIMREADY_OT_play_joints,)

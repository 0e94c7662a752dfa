# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate a number of frames, to bake or to let things settle; bake what was recorded; clear what was baked."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, IntProperty
from bpy.types import Context, Event, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.simulation.bake import baked_objects, clear
from . import ids
from .backend_session import redraw
from .common import reports_errors
from .simulation_player import Player, Recording, calculate, theatre


def nothing_plays(cls: Any) -> bool:
    """`poll` of what cannot be done while a scene plays."""
    if theatre.player is not None:
        cls.poll_message_set("Stop the simulation that plays first (Esc)")
        return False
    return True


class SIMREADY_OT_simulate(Operator):
    """Simulate the scene in MuJoCo, and key every frame of the scene's range; a script waits for it, the window does not"""

    bl_idname = ids.SIMULATE
    bl_label = "Simulate and Bake"
    bl_options = {"UNDO"}

    frames: IntProperty(
        name="Frames",
        description="How many frames to go on; 0 = from the first to the last frame of the scene",
        min=0,
        max=100_000,
        options={"SKIP_SAVE"},
    )
    bake: BoolProperty(
        name="Bake",
        description="Key every frame, beginning with the first of the scene; off = only leave everything as it is after "
        "the last, from where it is now",
        default=True,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Nothing else may play."""
        return nothing_plays(cls)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Simulate and wait."""
        kept = self._prepare(context)
        try:
            recording = calculate(context, self._count(context))
        finally:
            self._return(context, kept)
        self._finish(recording)
        return {"FINISHED"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Simulate in the background, with progress and Esc."""
        if bpy.app.background:
            return self.execute(context)
        kept = self._prepare(context)
        try:
            theatre.open(Player(context, frames=self._count(context)))
        except AssetError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        finally:
            self._return(context, kept)
        manager = context.window_manager
        self._timer = manager.event_timer_add(0.1, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Follow it; everything else goes on as always."""
        player = theatre.player
        if player is None or player.stopping or event.type == "ESC":
            self._leave(context)
            self.report({"INFO"}, "Simulation cancelled")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            player.advance(context)
            if player.done:
                recording = player.recording()
                assert recording is not None
                self._leave(context)
                self._finish(recording)
                return {"FINISHED"}
        except AssetError as error:
            self._leave(context)
            theatre.last_error = str(error)
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        context.workspace.status_text_set(f"Simulating: {player.fraction:.0%}    Esc: cancel")
        redraw()
        return {"PASS_THROUGH"}

    def cancel(self, context: Context) -> None:
        """The window closes."""
        self._leave(context)

    def _leave(self, context: Context) -> None:
        context.window_manager.event_timer_remove(self._timer)
        if context.workspace is not None:
            context.workspace.status_text_set(None)
        theatre.close(put_back=False)
        theatre.recording = None
        redraw()

    def _count(self, context: Context) -> int:
        scene = context.scene
        return self.frames or max(1, scene.frame_end - scene.frame_start)

    def _prepare(self, context: Context) -> int:
        """A bake begins where the first frame has everything; returns the frame to come back to."""
        scene = context.scene
        current = int(scene.frame_current)
        if self.bake and current != scene.frame_start:
            scene.frame_set(scene.frame_start)
        return current

    def _return(self, context: Context, frame: int) -> None:
        if context.scene.frame_current != frame:
            context.scene.frame_set(frame)

    def _finish(self, recording: Recording) -> None:
        if self.bake:
            recording.bake()
            last = recording.first + len(recording.frames) - 1
            self.report({"INFO"}, f"Baked frames {recording.first} to {last}")
        else:
            recording.poser.apply(recording.frames[-1])
        for note in theatre.last_notes:
            self.report({"WARNING"}, note)


class SIMREADY_OT_simulation_bake(Operator):
    """Key what was recorded, frame by frame at the scene's frame rate, beginning where the play began"""

    bl_idname = ids.SIMULATION_BAKE
    bl_label = "Bake Recording"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Something must have been recorded."""
        if not nothing_plays(cls):
            return False
        if theatre.recording is None:
            cls.poll_message_set("Record something first: play, and press R")
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Bake."""
        recording = theatre.recording
        assert recording is not None
        recording.bake()
        last = recording.first + len(recording.frames) - 1
        self.report({"INFO"}, f"Baked frames {recording.first} to {last}")
        return {"FINISHED"}


class SIMREADY_OT_simulation_clear(Operator):
    """Remove the keyframes that were baked; everything is animated, and stands, as it did before"""

    bl_idname = ids.SIMULATION_CLEAR
    bl_label = "Clear Bake"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Something must be baked."""
        if not nothing_plays(cls):
            return False
        if not baked_objects(context.scene):
            cls.poll_message_set("Nothing has been baked in this scene")
            return False
        return True

    def execute(self, context: Context) -> set[str]:
        """Clear."""
        count = clear(context.scene, baked_objects(context.scene))
        self.report({"INFO"}, f"Cleared the baked motion of {count} object{'' if count == 1 else 's'}")
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_simulate, SIMREADY_OT_simulation_bake, SIMREADY_OT_simulation_clear)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulate a number of frames, to bake or to let things settle; bake what was recorded; clear what was baked."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, IntProperty
from bpy.types import Context, Event, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.simulation.bake import baked_objects, clear
from ..physx_blender.steps import Steps, run
from . import ids
from .backend_session import redraw
from .common import reports_errors
from .simulation_player import Player, Recording, calculate, theatre
from .sliced import NAVIGATION, Sliced
from .work import TICK, Work


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
        run(self._finishing(recording))
        return {"FINISHED"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Simulate in the background, with progress and Esc."""
        if bpy.app.background:
            return self.execute(context)
        self._work: Work[Any] | None = Work(self._opening(context))
        self._baking = False
        manager = context.window_manager
        self._timer = manager.event_timer_add(TICK, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Follow it; everything else goes on as always, but while the scene is read or keyed."""
        player = theatre.player
        if event.type == "ESC" or (self._work is None and (player is None or player.stopping)):
            self._leave(context)
            self.report({"INFO"}, "Simulation cancelled")
            return {"CANCELLED"}
        if event.type != "TIMER":
            moves = self._work is None or event.type.startswith(NAVIGATION) or "MOUSEMOVE" in event.type
            return {"PASS_THROUGH"} if moves else {"RUNNING_MODAL"}
        try:
            if self._look(context):
                self._leave(context)
                return {"FINISHED"}
        except AssetError as error:
            self._leave(context)
            theatre.last_error = str(error)
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return {"PASS_THROUGH"}

    def _look(self, context: Context) -> bool:
        """Go on a little; True when all is done."""
        player, work = theatre.player, self._work
        if work is not None:
            if not work.advance():
                self._tell(context, work.text, work.fraction)
                return False
            self._work = None
            return self._baking
        assert player is not None
        player.advance(context)
        if player.done:
            recording = player.recording()
            assert recording is not None
            theatre.close(put_back=False)
            theatre.recording = None
            self._work, self._baking = Work(self._finishing(recording)), True
        self._tell(context, "Simulating", player.fraction)
        return False

    def _opening(self, context: Context) -> Steps[None]:
        kept = self._prepare(context)
        try:
            player = yield from Player.opening(context, frames=self._count(context))
        finally:
            self._return(context, kept)
        theatre.open(player)

    def _tell(self, context: Context, text: str, fraction: float) -> None:
        text = f"{text}: {fraction:.0%}    Esc: cancel"
        if text != getattr(self, "_told", "") and context.workspace is not None:
            context.workspace.status_text_set(text)
            self._told = text
            redraw()

    def cancel(self, context: Context) -> None:
        """The window closes."""
        self._leave(context)

    def _leave(self, context: Context) -> None:
        if self._work is not None:
            self._work.abandon()
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

    def _finishing(self, recording: Recording) -> Steps[None]:
        if self.bake:
            yield from recording.baking()
            last = recording.first + len(recording.frames) - 1
            self.report({"INFO"}, f"Baked frames {recording.first} to {last}")
        else:
            recording.poser.apply(recording.frames[-1])
        for note in theatre.last_notes:
            self.report({"WARNING"}, note)


class SIMREADY_OT_simulation_bake(Operator, Sliced):
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

    def steps(self, context: Context) -> Steps[set[str]]:
        """Bake."""
        recording = theatre.recording
        assert recording is not None
        yield from recording.baking()
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

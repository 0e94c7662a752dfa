# SPDX-License-Identifier: GPL-3.0-or-later
"""Play the scene in the viewport: pull and push with the mouse, tilt, record, bake or put back."""

from __future__ import annotations

import math
from typing import Any

import bpy
from bpy.types import Context, Event, Operator
from bpy_extras import view3d_utils
from mathutils import Vector

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.exact import as_vec3
from ..physx_blender.scene.simulation.participants import participants
from ..physx_blender.steps import Steps
from . import ids
from .backend_session import redraw, redraw_views
from .common import reports_errors
from .simulate import nothing_plays
from .simulation_player import Player, Recording, theatre
from .sliced import NAVIGATION, report_notes
from .work import Work

RATE = 60.0
"""Looks a second; each shows the newest state if there is a newer one."""
PANEL_RATE = 3.0
TILT_STEP = math.radians(2.0)
REACH_STEP = 1.08
"""How much farther from, or nearer to, the viewer one turn of the wheel brings what is held."""
TILTS = {"UP_ARROW": (1, 0), "DOWN_ARROW": (-1, 0), "LEFT_ARROW": (0, -1), "RIGHT_ARROW": (0, 1)}
WIDE_ICONS = {"EVENT_ESC": 1.8, "EVENT_SPACEKEY": 2.6, "EVENT_CTRL": 1.3}
"""Keys that are drawn wider than an icon, and the room they need."""


class Viewport:
    """The 3D viewport under the mouse."""

    def __init__(self, area: Any, region: Any, event: Event) -> None:
        self.region, self.view = region, region.data or area.spaces.active.region_3d
        self.mouse = Vector((event.mouse_x - region.x, event.mouse_y - region.y))

    @staticmethod
    def under(context: Context, event: Event) -> Viewport | None:
        """The viewport that the mouse is in; None over panels, headers and other editors."""
        for area in context.window.screen.areas:
            if area.type != "VIEW_3D":
                continue
            regions = [r for r in area.regions if _contains(r, event)]
            # sidebar and headers lie over the viewport
            if regions and all(r.type == "WINDOW" for r in regions):
                return Viewport(area, regions[0], event)
        return None

    @property
    def origin(self) -> Vector:
        """Where the ray under the mouse begins."""
        return view3d_utils.region_2d_to_origin_3d(self.region, self.view, self.mouse)

    @property
    def direction(self) -> Vector:
        """Direction of that ray."""
        return view3d_utils.region_2d_to_vector_3d(self.region, self.view, self.mouse)

    def at_depth(self, point: Vector) -> Vector:
        """What lies under the mouse as far away as a point."""
        return view3d_utils.region_2d_to_location_3d(self.region, self.view, self.mouse, point)

    def nearer(self, point: Vector, factor: float) -> Vector:
        """A point moved along the view; factor above 1: away from the viewer."""
        eye = self.view.view_matrix.inverted().translation
        if self.view.is_perspective:
            return eye + (point - eye) * factor
        return point + self.direction * (self.view.view_distance * (factor - 1.0))


def _contains(region: Any, event: Event) -> bool:
    inside_x = region.x <= event.mouse_x < region.x + region.width
    inside_y = region.y <= event.mouse_y < region.y + region.height
    return region.width > 1 and region.height > 1 and inside_x and inside_y


class SIMREADY_OT_simulation_play(Operator):
    """Play the scene in MuJoCo: gravity, contacts, and joints that you can pull with the mouse. Esc puts everything back"""

    bl_idname = ids.SIMULATION_PLAY
    bl_label = "Play"
    bl_options = {"UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Something must take part."""
        if not nothing_plays(cls):
            return False
        if not participants(context.scene, context.view_layer):
            cls.poll_message_set("Import an asset first, or make an object a rigid body")
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """There is nothing to play in without a window."""
        raise AssetError("playing needs a window; use bpy.ops.simready.simulate(frames=...) in a script")

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Begin."""
        if bpy.app.background or context.window is None:
            return self.execute(context)
        if context.screen.is_animation_playing:
            bpy.ops.screen.animation_cancel(restore_frame=False)
        if context.mode not in ("OBJECT", "POSE"):
            bpy.ops.object.mode_set(mode="OBJECT")
        context.window_manager.simready_simulation.record = False
        self._work: Work[Any] | None = Work(self._opening(context))
        self._looks = 0
        manager = context.window_manager
        self._timer = manager.event_timer_add(1.0 / RATE, window=context.window)
        context.workspace.status_text_set(_status)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Show the newest state, and do what the mouse and the keys say."""
        if self._work is not None:
            return self._go_on(context, event, self._work)
        if theatre.player is not self._player:
            self._leave(context)  # a new file, or the extension goes away
            return {"CANCELLED"}
        if event.type == "TIMER":
            return self._look(context)
        if event.type == "ESC" and event.value == "PRESS":
            return self._end(context, put_back=True)
        return self._react(context, event)

    def cancel(self, context: Context) -> None:
        """The window closes."""
        if self._work is not None:
            self._work.abandon()
        theatre.close(put_back=True)
        self._leave(context)

    # before and after: the scene is read, the recording keyed

    def _opening(self, context: Context) -> Steps[None]:
        self._player: Player = yield from Player.opening(context)
        theatre.open(self._player)

    def _baking(self, recording: Recording) -> Steps[set[str]]:
        yield from recording.baking()
        last = recording.first + len(recording.frames) - 1
        self.report({"INFO"}, f"Baked frames {recording.first} to {last}")
        return {"FINISHED"}

    def _go_on(self, context: Context, event: Event, work: Work[Any]) -> set[str]:
        if event.type == "ESC" and event.value == "PRESS":
            work.abandon()
            self._leave(context)
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"} if event.type.startswith(NAVIGATION) else {"RUNNING_MODAL"}
        try:
            if not work.advance():
                return {"PASS_THROUGH"}
        except AssetError as error:
            self.report({"ERROR"}, str(error))
            self._leave(context)
            return {"CANCELLED"}
        self._work = None
        if work.result is None:
            return {"PASS_THROUGH"}
        self._leave(context)
        return set(work.result)

    # what happens by itself

    def _look(self, context: Context) -> set[str]:
        try:
            news = self._player.advance(context)
        except AssetError as error:
            theatre.last_error = str(error)
            self.report({"ERROR"}, str(error))
            return self._end(context, put_back=True)
        if self._player.stopping:
            return self._end(context, put_back=True)
        self._looks += 1
        if self._looks % round(RATE / PANEL_RATE) == 0:
            redraw()
            context.workspace.status_text_set(_status)
        elif news or self._player.hold is not None:  # the line moves even where nothing else does
            redraw_views()
        return {"PASS_THROUGH"}

    def _end(self, context: Context, *, put_back: bool) -> set[str]:
        theatre.close(put_back=put_back)
        self._leave(context)
        report_notes(self, theatre.last_notes)
        return {"CANCELLED"} if put_back else {"FINISHED"}

    def _leave(self, context: Context) -> None:
        context.window_manager.event_timer_remove(self._timer)
        if context.workspace is not None:
            context.workspace.status_text_set(None)
        redraw()

    # what the user does

    def _react(self, context: Context, event: Event) -> set[str]:
        player = self._player
        if player.hold is not None and event.type == "LEFTMOUSE" and event.value == "RELEASE":
            player.hold = None
            redraw()
            return {"RUNNING_MODAL"}
        viewport = Viewport.under(context, event)
        if player.hold is not None:
            return self._drag(event, viewport)
        keeps = event.type in ("RET", "NUMPAD_ENTER")
        if viewport is None or (event.type.startswith(NAVIGATION) and not keeps):
            return {"PASS_THROUGH"}
        if event.type in ("MOUSEMOVE", "INBETWEEN_MOUSEMOVE") or (event.alt and event.type == "LEFTMOUSE"):
            return {"PASS_THROUGH"}
        if event.value == "PRESS":
            if event.type == "LEFTMOUSE":
                self._touch(context, viewport, event)
            elif keeps:
                return self._keep(context)
            else:
                self._key(context, event)
        # the scene is not itself while it plays: nothing else may change it
        return {"RUNNING_MODAL"}

    def _drag(self, event: Event, viewport: Viewport | None) -> set[str]:
        hold = self._player.hold
        assert hold is not None
        if viewport is not None and event.type in ("WHEELUPMOUSE", "WHEELDOWNMOUSE"):
            factor = REACH_STEP if event.type == "WHEELUPMOUSE" else 1.0 / REACH_STEP
            hold.target = as_vec3(viewport.nearer(Vector(hold.target), factor))
        elif viewport is not None and event.type in ("MOUSEMOVE", "INBETWEEN_MOUSEMOVE"):
            hold.target = as_vec3(viewport.at_depth(Vector(hold.target)))
        elif event.type.startswith(NAVIGATION):
            return {"PASS_THROUGH"}
        return {"RUNNING_MODAL"}

    def _touch(self, context: Context, viewport: Viewport, event: Event) -> None:
        depsgraph = context.evaluated_depsgraph_get()
        hit, place, _, _, obj, _ = context.scene.ray_cast(depsgraph, viewport.origin, viewport.direction)
        if not hit:
            return
        if event.ctrl:
            self._player.push(context, obj.original, place, viewport.direction)
        else:
            self._player.seize(context, obj.original, place)
        redraw()

    def _key(self, context: Context, event: Event) -> None:
        settings = context.window_manager.simready_simulation
        if event.type == "R":
            settings.record = not settings.record
        elif event.type == "SPACE":
            self._player.paused = not self._player.paused
        elif event.type in TILTS:
            x, y = TILTS[event.type]
            settings.tilt_x += x * TILT_STEP
            settings.tilt_y += y * TILT_STEP
        elif event.type in ("ZERO", "HOME"):
            settings.tilt_x = settings.tilt_y = 0.0
        redraw()

    def _keep(self, context: Context) -> set[str]:
        """Bake what was recorded; without a recording leave everything where it is now."""
        player = self._player
        recording = player.recording()
        if recording is None:
            self.report({"INFO"}, "Everything stays where it is")
            return self._end(context, put_back=False)
        player.put_back()
        theatre.close(put_back=False)
        report_notes(self, theatre.last_notes)
        self._work = Work(self._baking(recording))
        return {"RUNNING_MODAL"}


class SIMREADY_OT_simulation_stop(Operator):
    """Stop playing, and put everything back to where it was"""

    bl_idname = ids.SIMULATION_STOP
    bl_label = "Stop"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Something must play."""
        if theatre.player is None:
            cls.poll_message_set("Nothing plays")
            return False
        return True

    def execute(self, context: Context) -> set[str]:
        """Ask for it; the operator that plays does it with its next look."""
        if theatre.player is not None:
            theatre.player.stopping = True
        return {"FINISHED"}


def _status(header: Any, context: Context) -> None:
    """What mouse and keys do, in the status bar."""
    layout = header.layout
    player = theatre.player
    if player is None or not player.playing:
        layout.label(text="Starting the simulation", icon="TIME")
        layout.label(text="Cancel", icon="EVENT_ESC")
        return
    recording = context.window_manager.simready_simulation.record
    for text, icons in (
        ("Pull", ("MOUSE_LMB_DRAG",)),
        ("Push", ("EVENT_CTRL", "MOUSE_LMB")),
        ("Nearer, Farther", ("MOUSE_MMB",)),
        ("Resume" if player.paused else "Pause", ("EVENT_SPACEKEY",)),
        ("Tilt", ("EVENT_LEFT_ARROW", "EVENT_RIGHT_ARROW", "EVENT_UP_ARROW", "EVENT_DOWN_ARROW")),
        ("End Recording" if recording else "Record", ("EVENT_R",)),
        ("Bake" if player.recorded else "Keep", ("EVENT_RETURN",)),
        ("Stop and Put Back", ("EVENT_ESC",)),
    ):
        row = layout.row(align=True)
        for icon in icons:
            row.label(text="", icon=icon)
            if icon in WIDE_ICONS:
                row.separator(factor=WIDE_ICONS[icon])
        row.label(text=text)


CLASSES = (SIMREADY_OT_simulation_play, SIMREADY_OT_simulation_stop)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Drag a limit or the position of a joint; what the handles in the viewport do.

An operator, so that one drag is one step to undo in every Blender, with a value to type afterwards and a call for scripts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from bpy.app.translations import pgettext_iface as iface_
from bpy.app.translations import pgettext_tip as tip_
from bpy.props import EnumProperty, FloatProperty
from bpy.types import Context, Event, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.geometry.dragging import Pull, Ray, across, angle_reader, ray_travel, snapped
from ..physx_blender.geometry.pose import Array
from ..physx_blender.model.joint import MAX_ANGLE, MAX_TRAVEL
from ..physx_blender.scene.joint_rig import slide_direction
from ..physx_blender.scene.joint_view import JointView, joint_view
from . import ids
from .common import reports_errors, rig_of
from .joint_edit import active_bone_name
from .view import mouse_ray, ui_scale, world_per_pixel

ANGLE_STEP, FINE_ANGLE_STEP = math.radians(5.0), math.radians(1.0)
TRAVEL_STEP, FINE_TRAVEL_STEP = 0.01, 0.001
HANDLES = (
    ("ANGLE_LOW", "Lower Angle Limit", "The joint turns no further back than this"),
    ("ANGLE_HIGH", "Upper Angle Limit", "The joint turns no further than this"),
    ("ANGLE", "Angle", "Where the joint stands now"),
    ("TRAVEL_LOW", "Lower Travel Limit", "The joint slides no further back than this"),
    ("TRAVEL_HIGH", "Upper Travel Limit", "The joint slides no further than this"),
    ("TRAVEL", "Travel", "Where the joint stands now"),
    ("CONE", "Cone Angle", "How far the joint may tilt, to any side"),
)
LABELS = {identifier: label for identifier, label, _ in HANDLES}
SETTINGS = {
    "ANGLE_LOW": "angle_low",
    "ANGLE_HIGH": "angle_high",
    "TRAVEL_LOW": "travel_low",
    "TRAVEL_HIGH": "travel_high",
    "CONE": "angle_high",
}
RING_RADIUS = 78.0
"""Of the ring of a hinge, in pixels: the same however near the joint is, so that it can always be read and grasped."""
HELP = (
    "Ctrl: steps of 5° or 1 cm, with Shift 1° or 1 mm    Shift: fine    Esc or right mouse button: as before"
)


def ring_radius(context: Context, view: JointView) -> float:
    """Radius of the ring in the world (m)."""
    return RING_RADIUS * ui_scale(context) * world_per_pixel(context, view.origin)


def slides(handle: str) -> bool:
    """Is its value a way, not an angle?"""
    return handle.startswith("TRAVEL")


def readable(handle: str, value: float) -> str:
    """Value of a handle (rad or m) as people read it."""
    if not slides(handle):
        return f"{math.degrees(value):.1f}°"
    return f"{1000.0 * value:.1f} mm" if abs(value) < 0.1 else f"{100.0 * value:.2f} cm"


def allowed(view: JointView, handle: str, value: float) -> float:
    """The value nearest to `value` (rad or m) that a handle may have: limits do not cross, positions stay within."""
    if handle == "CONE":
        return min(max(value, 0.0), math.pi)
    limits = view.travel_limits if slides(handle) else view.angle_limits
    most = MAX_TRAVEL if slides(handle) else MAX_ANGLE
    low, high = limits if limits is not None else (-most, most)
    if handle.endswith("_LOW"):
        return min(max(value, -most), high)
    if handle.endswith("_HIGH"):
        return max(min(value, most), low)
    return min(max(value, low), high)


def put(rig: Object, bone: str, handle: str, value: float) -> None:
    """Let a handle have a value (rad or m)."""
    posed = rig.pose.bones[bone]
    if handle in SETTINGS:
        setattr(posed.simready_joint, SETTINGS[handle], value)
    elif handle == "ANGLE":
        posed.rotation_euler[1] = value
    else:
        # the sum of the parts along the direction is the travel; what lies across it is locked
        posed.location = [value * c for c in slide_direction(posed)]


def stored(rig: Object, view: JointView, handle: str) -> float:
    """Value of a handle (rad or m) as its channel has it; the constraint may hold a position elsewhere."""
    posed = rig.pose.bones[view.bone]
    if handle == "ANGLE":
        return float(posed.rotation_euler[1])
    if handle == "TRAVEL":
        return float(np.dot(posed.location, slide_direction(posed)))
    return view.value(handle)


def cone_rim(view: JointView, towards_viewer: Array) -> Array:
    """Unit direction (3,) across a ball's axis to the side of its cone that is the outline as it is seen."""
    side = np.cross(view.axis, towards_viewer)
    return across(view.axis, side if np.linalg.norm(side) > 0.1 else view.zero)


def raw_reader(view: JointView, handle: str, first: Ray, radius: float) -> Callable[[Ray], float | None]:
    """How to read the handle's value (rad or m of the asset, up to a constant) off the rays of one drag."""
    if slides(handle):

        def travel(ray: Ray) -> float | None:
            found = ray_travel(ray, view.origin, view.slide)
            return None if found is None else found / view.scale

        return travel
    if handle == "CONE":
        rim = cone_rim(view, -first.direction)
        return angle_reader(first, view.origin, np.cross(view.axis, rim), view.axis, radius)
    return angle_reader(first, view.origin, view.axis, view.zero, radius)


@dataclass(frozen=True)
class Drag:
    """The drag that is going on, for who draws it."""

    rig: str
    bone: str
    handle: str


class SIMREADY_OT_drag_joint(Operator):
    """Set a limit or the position of the active joint. Ctrl: steps of 5 degrees or 1 cm. Shift: fine"""

    bl_idname = ids.DRAG_JOINT
    bl_label = "Drag Joint"
    bl_options = {"REGISTER", "UNDO", "BLOCKING"}

    handle: EnumProperty(name="Handle", items=HANDLES, default="ANGLE", options={"HIDDEN"})
    angle: FloatProperty(name="Angle", description="New value, from rest", subtype="ANGLE")
    travel: FloatProperty(name="Travel", description="New value, from rest", subtype="DISTANCE", precision=4)
    running: ClassVar[Drag | None] = None

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be a joint that moves, and not after another."""
        found = active_joint(context)
        if found is None:
            cls.poll_message_set("Select a part that moves, or the bone of its joint")
            return False
        if found[1].follows:
            cls.poll_message_set(f"This joint follows '{found[1].follows}': drag that one")
            return False
        return True

    @classmethod
    def description(cls, context: Context, properties: SIMREADY_OT_drag_joint) -> str:
        """What this handle does."""
        meaning = next(text for name, _, text in HANDLES if name == properties.handle)
        return f"{tip_(LABELS[properties.handle])}: {tip_(meaning)}.\n{tip_(HELP)}"

    def draw(self, context: Context) -> None:
        """The value, to type it afterwards."""
        column = self.layout.column()
        column.use_property_split = True
        column.prop(self, "travel" if slides(self.handle) else "angle", text=LABELS[self.handle])

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Set it to the value given."""
        rig, view = self._subject(context)
        self._remember(allowed(view, self.handle, self.travel if slides(self.handle) else self.angle))
        put(rig, view.bone, self.handle, self.travel if slides(self.handle) else self.angle)
        self._key(context, rig, view.bone)
        return {"FINISHED"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Take hold; called from elsewhere than a 3D viewport, set the value."""
        if context.region_data is None:
            return self.execute(context)  # type: ignore[no-any-return]
        try:
            rig, self._view = self._subject(context)
        except AssetError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self._rig_name, self._before = rig.name, stored(rig, self._view, self.handle)
        first = mouse_ray(context, event)
        self._read = raw_reader(self._view, self.handle, first, ring_radius(context, self._view))
        raw = self._read(first)
        start = self._view.value(self.handle)
        self._pull = Pull(start, start if raw is None else raw, not slides(self.handle))
        self._value = start
        SIMREADY_OT_drag_joint.running = Drag(rig.name, self._view.bone, self.handle)
        context.window_manager.modal_handler_add(self)
        context.workspace.status_text_set(iface_(HELP))
        self._show(context)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Follow the mouse."""
        rig = context.scene.objects.get(self._rig_name)
        if rig is None or self._view.bone not in rig.pose.bones:
            self._end(context)
            return {"CANCELLED"}
        if event.type in {"ESC", "RIGHTMOUSE"}:
            put(rig, self._view.bone, self.handle, self._before)
            self._end(context)
            return {"CANCELLED"}
        if event.type in {"MOUSEMOVE", "LEFT_CTRL", "RIGHT_CTRL", "LEFT_SHIFT", "RIGHT_SHIFT"}:
            self._follow(context, rig, event)
        if event.type in {"LEFTMOUSE", "RET", "NUMPAD_ENTER"} and event.value in {"RELEASE", "PRESS"}:
            if event.type == "LEFTMOUSE" and event.value == "PRESS":
                return {"RUNNING_MODAL"}
            self._end(context)
            if self._value == self._view.value(self.handle):
                put(rig, self._view.bone, self.handle, self._before)
                return {"CANCELLED"}  # a click that moved nothing is nothing to undo
            self._remember(self._value)
            self._key(context, rig, self._view.bone)
            return {"FINISHED"}
        return {"RUNNING_MODAL"}

    def cancel(self, context: Context) -> None:
        """Blender ends it, for example because the file is closed."""
        self._end(context)

    def _follow(self, context: Context, rig: Object, event: Event) -> None:
        value = self._pull.move(self._read(mouse_ray(context, event)), fine=event.shift)
        if event.ctrl:
            steps = (TRAVEL_STEP, FINE_TRAVEL_STEP) if slides(self.handle) else (ANGLE_STEP, FINE_ANGLE_STEP)
            value = snapped(value, steps[event.shift])
        value = allowed(self._view, self.handle, value)
        if value != self._value:
            self._value = value
            put(rig, self._view.bone, self.handle, value)
        self._show(context)

    def _show(self, context: Context) -> None:
        text = f"{self._view.name}    {iface_(LABELS[self.handle])} {readable(self.handle, self._value)}"
        if context.area is not None:
            context.area.header_text_set(text)
            context.area.tag_redraw()

    def _end(self, context: Context) -> None:
        SIMREADY_OT_drag_joint.running = None
        context.workspace.status_text_set(None)
        if context.area is not None:
            context.area.header_text_set(None)
            context.area.tag_redraw()

    def _subject(self, context: Context) -> tuple[Object, JointView]:
        found = active_joint(context)
        if found is None:
            raise AssetError("select a part that moves, or the bone of its joint")
        if self.handle not in found[1].handles:
            raise AssetError(
                f"has no {LABELS[self.handle].lower()} to drag; look at its kind and limits in the sidebar",
                where=f"joint {found[1].name!r}",
            )
        return found

    def _remember(self, value: float) -> None:
        if slides(self.handle):
            self.travel = value
        else:
            self.angle = value

    def _key(self, context: Context, rig: Object, bone: str) -> None:
        """Keyframe a new position where the artist has automatic keyframes on."""
        if self.handle in SETTINGS or not context.scene.tool_settings.use_keyframe_insert_auto:
            return
        posed = rig.pose.bones[bone]
        if slides(self.handle):
            posed.keyframe_insert("location")
        else:
            posed.keyframe_insert("rotation_euler", index=1)


def active_joint(context: Context) -> tuple[Object, JointView] | None:
    """Rig and joint of the active bone or part; None where that does not move."""
    rig, name = rig_of(context.active_object), active_bone_name(context)
    if rig is None or not name:
        return None
    view = joint_view(rig, name)
    return None if view is None else (rig, view)


CLASSES = (SIMREADY_OT_drag_joint,)

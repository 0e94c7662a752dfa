# SPDX-License-Identifier: GPL-3.0-or-later
"""Masses and sizes: measure them again, and give the asset its real size by a known distance."""

from __future__ import annotations

from typing import Any

import bpy
import gpu
from bpy.props import FloatProperty, FloatVectorProperty
from bpy.types import Context, Event, Operator, SpaceView3D
from bpy_extras import view3d_utils
from gpu_extras.batch import batch_for_shader
from mathutils import Vector

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.measuring import measure
from ..physx_blender.scene.real_size import scale_rig
from . import ids
from .common import active_rig, has_rig, read_asset, reports_errors, rig_of
from .joint_pick import element_under

COLOUR = (1.0, 0.75, 0.1, 1.0)
BESIDE = ((0, 0), (6, 0), (-6, 0), (0, 6), (0, -6), (5, 5), (5, -5), (-5, 5), (-5, -5))
"""Where to look as well, in pixels: the corners of an outline are easily missed by one."""


class _OnAsset(Operator):
    """What all have in common."""

    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)


class SIMREADY_OT_measure(_OnAsset):
    """Measure volumes, masses and the size again, after meshes have been edited"""

    bl_idname = ids.MEASURE
    bl_label = "Update Masses"

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Measure."""
        rig = active_rig(context)
        assert rig is not None
        measure(rig, read_asset(context, []))
        return {"FINISHED"}


class SIMREADY_OT_scale_to_distance(_OnAsset):
    """Scale the asset so that the distance between two points becomes the real one; masses follow"""

    bl_idname = ids.SCALE_TO_DISTANCE
    bl_label = "True Distance"

    first: FloatVectorProperty(
        name="From", description="In the scene", size=3, subtype="XYZ", options={"HIDDEN"}
    )
    second: FloatVectorProperty(
        name="To", description="In the scene", size=3, subtype="XYZ", options={"HIDDEN"}
    )
    distance: FloatProperty(
        name="True Distance",
        description="How far the two points are from each other on the real object",
        subtype="DISTANCE",
        default=1.0,
        min=1e-5,
        precision=4,
    )

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Ask for the true distance, with the present one to start from."""
        self.distance = max((Vector(self.second) - Vector(self.first)).length, 1e-5)
        return set(context.window_manager.invoke_props_dialog(self, width=260))

    def draw(self, context: Context) -> None:
        """The dialog."""
        self.layout.use_property_split = True
        self.layout.prop(self, "distance")

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Scale."""
        rig = active_rig(context)
        assert rig is not None
        now = (Vector(self.second) - Vector(self.first)).length
        if now < 1e-9:
            raise AssetError("the two points are the same; pick two that are apart")
        scale_rig(rig, self.distance / now)
        self.report({"INFO"}, f"Scaled {rig.name} by {self.distance / now:.4g}")
        return {"FINISHED"}


class SIMREADY_OT_measure_points(Operator):
    """Click two points of the asset, then type how far they are from each other in reality: all of it is scaled"""

    bl_idname = ids.MEASURE_POINTS
    bl_label = "Measure Two Points"
    bl_options = {"BLOCKING"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """An asset, seen in a viewport."""
        if not has_rig(cls, context):
            return False
        if context.mode == "EDIT_MESH":
            cls.poll_message_set("Leave edit mode first (Tab)")
            return False
        return True

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Start to follow the mouse."""
        if context.area is None or context.area.type != "VIEW_3D":
            self.report({"ERROR"}, "Start it from the sidebar of a 3D viewport")
            return {"CANCELLED"}
        self.region = next(r for r in context.area.regions if r.type == "WINDOW")
        self.points: list[Vector] = []
        self.under: Vector | None = None
        self.handle = SpaceView3D.draw_handler_add(self._draw, (), "WINDOW", "POST_VIEW")
        context.window.cursor_modal_set("CROSSHAIR")
        self._say(context)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Take two points, then ask for the distance."""
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            self._stop(context)
            return {"CANCELLED"}
        if event.type == "MOUSEMOVE" or (event.type == "LEFTMOUSE" and event.value == "PRESS"):
            self.under = self._point(context, event)
            context.area.tag_redraw()
        if event.type == "LEFTMOUSE" and event.value == "PRESS":
            if self.under is None:
                self.report({"INFO"}, "Nothing of an asset under the mouse")
                return {"RUNNING_MODAL"}
            self.points.append(self.under)
            self._say(context)
            if len(self.points) == 2:
                self._stop(context)
                return self._ask(context)
            return {"RUNNING_MODAL"}
        if event.type in {"LEFTMOUSE", "MOUSEMOVE"}:
            return {"RUNNING_MODAL"}
        return {"PASS_THROUGH"}

    def cancel(self, context: Context) -> None:
        """Blender ends it."""
        self._stop(context)

    def _ask(self, context: Context) -> set[str]:
        bpy.ops.simready.scale_to_distance(
            "INVOKE_DEFAULT", True, first=self.points[0], second=self.points[1]
        )
        return {"FINISHED"}

    def _point(self, context: Context, event: Event) -> Vector | None:
        """The corner, point on an edge or point on a face under the mouse or just beside it, in the world."""
        mouse = Vector((event.mouse_x - self.region.x, event.mouse_y - self.region.y))
        for aside in BESIDE:
            found = self._hit(context, mouse + Vector(aside))
            if found is not None:
                return found
        return None

    def _hit(self, context: Context, mouse: Vector) -> Vector | None:
        with context.temp_override(region=self.region):
            found = element_under(context, mouse, "PIVOT")
        if found is None or rig_of(found[0]) is None:
            return None
        element = found[2]
        if element.name == "vertex":
            return element.point.copy()
        view = context.area.spaces.active.region_3d
        origin = view3d_utils.region_2d_to_origin_3d(self.region, view, mouse)
        towards = view3d_utils.region_2d_to_vector_3d(self.region, view, mouse)
        hit, place, *_ = context.scene.ray_cast(context.evaluated_depsgraph_get(), origin, towards)
        if hit and element.name == "edge" and element.direction is not None:
            return element.point + element.direction * (place - element.point).dot(element.direction)
        return place.copy() if hit else None

    def _say(self, context: Context) -> None:
        which = "first" if not self.points else "second"
        context.workspace.status_text_set(
            f"Click the {which} point (corners and edges attract)   |   Esc, right click: cancel"
        )

    def _stop(self, context: Context) -> None:
        SpaceView3D.draw_handler_remove(self.handle, "WINDOW")
        context.window.cursor_modal_restore()
        context.workspace.status_text_set(None)
        context.area.tag_redraw()

    def _draw(self) -> None:
        points: list[Any] = [*self.points, *([self.under] if self.under is not None else [])]
        if not points:
            return
        shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
        gpu.state.depth_test_set("NONE")
        shader.bind()
        viewport = gpu.state.viewport_get()
        shader.uniform_float("viewportSize", (viewport[2], viewport[3]))
        shader.uniform_float("color", COLOUR)
        shader.uniform_float("lineWidth", 2.5)
        if len(points) > 1:
            batch_for_shader(shader, "LINES", {"pos": points[:2]}).draw(shader)
        dots = gpu.shader.from_builtin("UNIFORM_COLOR")
        dots.bind()
        dots.uniform_float("color", COLOUR)
        gpu.state.point_size_set(9.0)
        batch_for_shader(dots, "POINTS", {"pos": points}).draw(dots)


CLASSES = (SIMREADY_OT_measure, SIMREADY_OT_scale_to_distance, SIMREADY_OT_measure_points)

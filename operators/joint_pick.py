# SPDX-License-Identifier: GPL-3.0-or-later
"""Pick a joint's pivot or axis with the mouse: the nearest vertex, edge or face lights up, a click takes it."""

from __future__ import annotations

from typing import Any, ClassVar

import bpy
import gpu
from bpy.props import BoolProperty, EnumProperty, FloatVectorProperty
from bpy.types import Context, Event, Object, SpaceView3D
from bpy_extras import view3d_utils
from gpu_extras.batch import batch_for_shader
from mathutils import Matrix, Vector

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.element import Element, elements_of_polygon
from ..physx_blender.scene.joint_frame import set_frame
from ..physx_blender.scene.link_geometry import rest_frame
from . import ids
from .common import active_rig
from .joint_edit import JointOperator, joint_bone_name
from .view import ui_scale

WHAT = (
    ("PIVOT", "Pivot", "The point that the joint turns about"),
    ("AXIS", "Axis", "The direction of the joint"),
    ("BOTH", "Both", "Pivot and axis: a door turns about an edge"),
)
REACH = 14.0
"""Pixels within which a vertex is preferred to an edge, and an edge to the face."""
COLOUR = (0.1, 0.95, 1.0, 1.0)
"""Of what would be taken: unlike the yellow of hinges and the orange of what is selected."""
OUTLINE = (0.0, 0.0, 0.0, 0.7)


def element_under(context: Context, mouse: Vector, want: str) -> tuple[Object, Element, Element] | None:
    """Object and its element nearest to the mouse (region pixels), in the object's space and in the world's.

    want: as in WHAT; a vertex has no direction and is offered for a pivot alone.
    """
    region, view = context.region, context.region_data
    origin = view3d_utils.region_2d_to_origin_3d(region, view, mouse)
    towards = view3d_utils.region_2d_to_vector_3d(region, view, mouse)
    depsgraph = context.evaluated_depsgraph_get()
    hit, place, _, polygon, obj, matrix = context.scene.ray_cast(depsgraph, origin, towards)
    if not hit or obj.type != "MESH":
        return None
    mesh = obj.evaluated_get(depsgraph).data
    if polygon < 0 or polygon >= len(mesh.polygons):
        return None
    best: tuple[int, float, Element] | None = None
    for element in elements_of_polygon(mesh, polygon):
        if element.name == "vertex" and want != "PIVOT":
            continue
        distance = _pixels(region, view, matrix, element, place, mouse)
        rank = {"vertex": 0, "edge": 1, "face": 2}[element.name] if distance <= REACH else 3
        if element.name == "face":
            rank, distance = 2, 0.0
        if best is None or (rank, distance) < best[:2]:
            best = (rank, distance, element)
    if best is None:
        return None
    return obj.original, best[2], best[2].moved(matrix)


def _pixels(region: Any, view: Any, matrix: Matrix, element: Element, place: Vector, mouse: Vector) -> float:
    """Distance on the screen from the mouse to a vertex, or to the line of an edge."""
    point = matrix @ element.point
    if element.name == "edge" and element.direction is not None:
        line = (matrix.to_3x3() @ element.direction).normalized()
        point = point + line * (place - point).dot(line)
    seen = view3d_utils.location_3d_to_region_2d(region, view, point)
    return (seen - mouse).length if seen is not None else float("inf")


class SIMREADY_OT_joint_pick(JointOperator):
    """Click a vertex, an edge or a face of any part to put the joint's pivot or axis there"""

    bl_idname = ids.PICK_FRAME
    bl_label = "Pick in View"
    bl_options = {"REGISTER", "UNDO", "BLOCKING"}

    running: ClassVar[bool] = False
    """Meanwhile the handles of the joint are away, so that what is picked can be seen."""

    what: EnumProperty(name="What", items=WHAT, default="BOTH")
    point: FloatVectorProperty(
        name="Pivot", description="In the asset's frame at rest", size=3, subtype="TRANSLATION", precision=4
    )
    direction: FloatVectorProperty(
        name="Axis", description="In the asset's frame at rest", size=3, default=(0.0, 0.0, 1.0)
    )
    flip: BoolProperty(name="Flip", description="The opposite direction: the joint opens to the other side")

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Start to follow the mouse."""
        if context.region_data is None or context.mode == "EDIT_MESH":
            self.report(
                {"ERROR"}, "Pick from a 3D viewport in object or pose mode; in edit mode use Selection"
            )
            return {"CANCELLED"}
        self.found: tuple[Object, Element, Element] | None = None
        self.handle = SpaceView3D.draw_handler_add(self._draw, (), "WINDOW", "POST_VIEW")
        type(self).running = True
        context.area.tag_redraw()
        context.window.cursor_modal_set("CROSSHAIR")
        context.workspace.status_text_set(
            "Click: take the lit vertex, edge or face   |   Esc, right click: cancel   |   the view can be turned"
        )
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Light up what is under the mouse; take it on a click."""
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            self._stop(context)
            return {"CANCELLED"}
        if event.type == "MOUSEMOVE" or (event.type == "LEFTMOUSE" and event.value == "PRESS"):
            mouse = Vector((event.mouse_region_x, event.mouse_region_y))
            self.found = element_under(context, mouse, self.what)
            context.area.tag_redraw()
        if event.type == "LEFTMOUSE" and event.value == "PRESS":
            if self.found is None:
                self.report({"INFO"}, "Nothing under the mouse")
                return {"RUNNING_MODAL"}
            self._stop(context)
            self._take(context)
            return self.execute(context)
        if event.type in {"LEFTMOUSE", "MOUSEMOVE"}:
            return {"RUNNING_MODAL"}
        return {"PASS_THROUGH"}

    def cancel(self, context: Context) -> None:
        """Blender ends it: another file, or the window closes."""
        self._stop(context)

    def _stop(self, context: Context) -> None:
        type(self).running = False
        SpaceView3D.draw_handler_remove(self.handle, "WINDOW")
        context.window.cursor_modal_restore()
        context.workspace.status_text_set(None)
        context.area.tag_redraw()

    def _take(self, context: Context) -> None:
        rig, bone = active_rig(context), joint_bone_name(context)
        if rig is None or self.found is None:
            return
        obj, element, _ = self.found
        at_rest = element.moved(Matrix(rest_frame(rig, obj, bone, context).tolist()))
        frame = rig.data.bones[bone].matrix_local
        self.point = at_rest.point
        axis = at_rest.direction or frame.col[1].to_3d()
        self.direction = axis if axis.dot(frame.col[1].to_3d()) >= 0.0 else -axis

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Put the joint there."""
        axis = Vector(self.direction)
        if self.what != "PIVOT" and axis.length == 0.0:
            raise AssetError("the axis needs a direction; type one that is not zero")
        set_frame(
            context,
            rig,
            bone,
            anchor=Vector(self.point) if self.what != "AXIS" else None,
            axis=(-axis if self.flip else axis) if self.what != "PIVOT" else None,
        )

    def draw(self, context: Context) -> None:
        """Redo panel."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "what")
        if self.what != "AXIS":
            layout.prop(self, "point")
        if self.what != "PIVOT":
            layout.prop(self, "direction")
            layout.prop(self, "flip")

    def _draw(self) -> None:
        if self.found is None:
            return
        obj, _, element = self.found
        size = max(max(obj.dimensions) * 0.12, 1e-4)
        outline = element.outline
        points = [p for pair in zip(outline, outline[1:] + outline[:1], strict=True) for p in pair]
        if element.name == "face" and element.direction is not None:
            points += [element.point, element.point + size * element.direction]
        for axis in (Vector((1, 0, 0)), Vector((0, 1, 0)), Vector((0, 0, 1))):
            points += [element.point - 0.15 * size * axis, element.point + 0.15 * size * axis]
        shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
        batch = batch_for_shader(shader, "LINES", {"pos": points})
        gpu.state.depth_test_set("NONE")
        gpu.state.blend_set("ALPHA")
        shader.bind()
        shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
        for width, colour in ((6.0, OUTLINE), (3.0, COLOUR)):
            shader.uniform_float("lineWidth", width * ui_scale(bpy.context))
            shader.uniform_float("color", colour)
            batch.draw(shader)
        gpu.state.blend_set("NONE")


CLASSES = (SIMREADY_OT_joint_pick,)

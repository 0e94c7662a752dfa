# SPDX-License-Identifier: GPL-3.0-or-later
"""Snap a joint's pivot and axis to geometry, the cursor or the view; no part moves at rest."""

from __future__ import annotations

from bpy.props import BoolProperty, EnumProperty, FloatVectorProperty
from bpy.types import Context, Object
from mathutils import Matrix, Vector

from ..physx_blender.errors import AssetError
from ..physx_blender.geometry import TriangleMesh
from ..physx_blender.geometry.surface import contact_points
from ..physx_blender.scene.element import Element, selected_element
from ..physx_blender.scene.joint_frame import set_frame
from ..physx_blender.scene.link_geometry import (
    direction_to_rest,
    link_meshes,
    parent_of,
    rest_frame,
    to_rest,
)
from . import ids
from .joint_edit import JointOperator

PIVOTS = (
    ("SELECTION", "Selection", "Active vertex, edge middle or face centre of the mesh in edit mode"),
    ("CURSOR", "3D Cursor", "Where the 3D cursor is"),
    ("CONTACT", "Contact", "Place in the box around where the moving parts touch what they hang on"),
)
AXES = (
    ("X", "X", "X of the asset"),
    ("Y", "Y", "Y of the asset"),
    ("Z", "Z", "Z of the asset"),
    (
        "SELECTION",
        "Selection",
        "Along the active edge or two vertices, or out of the active face, in edit mode",
    ),
    ("VIEW", "View", "Towards the viewer, as you look at it now"),
)


def contact_box(context: Context, rig: Object, bone: str) -> tuple[Vector, Vector]:
    """Low and high corner of the contact between a link and its parent link, in the asset's frame at rest."""
    child, parent = (
        TriangleMesh.join(list(link_meshes(rig, name, context))) for name in (bone, parent_of(rig, bone))
    )
    points = contact_points(child, parent)
    return Vector(points.min(axis=0)), Vector(points.max(axis=0))


def _selected(context: Context, rig: Object, bone: str) -> Element:
    obj = context.active_object
    if obj is None or obj.mode != "EDIT" or obj.type != "MESH":
        raise AssetError("enter edit mode on a mesh first, and select a vertex, an edge or a face")
    return selected_element(obj).moved(Matrix(rest_frame(rig, obj, bone, context).tolist()))


class SIMREADY_OT_joint_move_pivot(JointOperator):
    """Move the point that the joint turns about; parts, limits and rest pose stay"""

    bl_idname = ids.MOVE_PIVOT
    bl_label = "Move Pivot"

    target: EnumProperty(name="To", items=PIVOTS, default="CURSOR")
    place: FloatVectorProperty(
        name="Place in Box",
        description="Where in the box around the contact: 0 and 1 are its sides, 0.5 is the middle",
        size=3,
        default=(0.5, 0.5, 0.5),
        min=0.0,
        max=1.0,
        step=50,
    )

    def prepare(self, context: Context, rig: Object, bone: str) -> None:
        """Find the place."""
        if self.target == "SELECTION":
            self.point = _selected(context, rig, bone).point
        elif self.target == "CURSOR":
            self.point = to_rest(rig, parent_of(rig, bone), context.scene.cursor.location)
        else:
            low, high = contact_box(context, rig, bone)
            self.point = Vector(
                [a + share * (b - a) for a, b, share in zip(low, high, self.place, strict=True)]
            )

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Move it."""
        set_frame(context, rig, bone, anchor=self.point)

    def draw(self, context: Context) -> None:
        """Redo panel: the place only where it counts."""
        self.layout.use_property_split = True
        self.layout.prop(self, "target")
        if self.target == "CONTACT":
            self.layout.prop(self, "place")


class SIMREADY_OT_joint_aim_axis(JointOperator):
    """Give the joint's axis another direction; parts, limits and rest pose stay"""

    bl_idname = ids.AIM_AXIS
    bl_label = "Aim Axis"

    source: EnumProperty(name="Along", items=AXES, default="Z")
    flip: BoolProperty(name="Flip", description="The opposite direction: the joint opens to the other side")

    def prepare(self, context: Context, rig: Object, bone: str) -> None:
        """Find the direction; an element has two, and the one that is nearer to the axis now is meant."""
        if self.source == "SELECTION":
            element = _selected(context, rig, bone)
            if element.direction is None:
                raise AssetError(f"a {element.name} has no direction; select an edge, a face or two vertices")
            axis = element.direction
        elif self.source == "VIEW":
            region = context.region_data
            if region is None:
                raise AssetError("there is no view to aim by; run this from a 3D viewport")
            towards = region.view_rotation @ Vector((0.0, 0.0, 1.0))
            axis = direction_to_rest(rig, parent_of(rig, bone), towards)
        else:
            axis = Vector([float(self.source == letter) for letter in "XYZ"])
        now = rig.data.bones[bone].matrix_local.col[1].to_3d()
        turned_round = self.source == "SELECTION" and axis.dot(now) < 0.0
        self.axis = -axis if turned_round != self.flip else axis

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Turn it."""
        set_frame(context, rig, bone, axis=self.axis)


CLASSES = (SIMREADY_OT_joint_move_pivot, SIMREADY_OT_joint_aim_axis)

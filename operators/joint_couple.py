# SPDX-License-Identifier: GPL-3.0-or-later
"""Couple joints: double doors that open together, gears with a ratio; and a joint with its parts on the other side."""

from __future__ import annotations

import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty
from bpy.types import Context, Object

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.exact import matrix_array
from ..physx_blender.scene.joint_share import angle_ends, travel_ends
from ..physx_blender.scene.link_geometry import link_meshes
from ..physx_blender.scene.rig_links import couple
from ..physx_blender.scene.rig_mirror import mirror_links
from . import ids
from .joint_edit import JointOperator
from .joint_links import LinksOperator

HOW = (
    ("DOORS", "Open Together", "All are closed and open at the same time, whatever their ranges"),
    ("GEARS", "Gears", "The other way round, as fast as the radii of the wheels say"),
    ("RATIO", "Ratio", "Position = this times the leader's position"),
)


def _radius(context: Context, rig: Object, bone: str) -> float:
    """How far a link reaches from its joint's axis, metres."""
    frame = matrix_array(rig.data.bones[bone].matrix_local)
    points = np.concatenate([m.vertices for m in link_meshes(rig, bone, context)]) - frame[:3, 3]
    across = points - np.outer(points @ frame[:3, 1], frame[:3, 1])
    return float(np.linalg.norm(across, axis=1).max())


class SIMREADY_OT_couple_joints(LinksOperator):
    """Let the joints of the selected parts follow the joint of the active part"""

    bl_idname = ids.COUPLE_JOINTS
    bl_label = "Couple Joints"
    advice = "Select the parts that follow, then (Shift click) the part that leads"

    how: EnumProperty(name="How", items=HOW, default="DOORS")
    ratio: FloatProperty(
        name="Ratio", description="Position of the follower per position of the leader", default=1.0
    )

    def change(self, context: Context, rig: Object, others: list[str], active: str) -> list[str]:
        """Couple each."""
        for name in others:
            couple(rig, name, active, self._ratio(context, rig, name, active))
        return []

    def _ratio(self, context: Context, rig: Object, follower: str, leader: str) -> float:
        if self.how == "RATIO":
            return float(self.ratio)
        bones = [rig.pose.bones[n] for n in (follower, leader)]
        if self.how == "GEARS":
            axes = [matrix_array(b.bone.matrix_local)[:3, 1] for b in bones]
            meshing = -1.0 if float(axes[0] @ axes[1]) >= 0.0 else 1.0
            return meshing * _radius(context, rig, leader) / max(_radius(context, rig, follower), 1e-9)
        ends = travel_ends if bones[0].simready_joint.kind == "slide" else angle_ends
        mine, theirs = (ends(b)[1] for b in bones)
        if theirs == 0.0:
            raise AssetError(
                "its range ends at rest, so nothing can follow it; set its limits", where=repr(leader)
            )
        return mine / theirs

    def draw(self, context: Context) -> None:
        """Redo panel: the ratio only where it counts."""
        self.layout.use_property_split = True
        self.layout.prop(self, "how")
        if self.how == "RATIO":
            self.layout.prop(self, "ratio")


class SIMREADY_OT_mirror_joint(JointOperator):
    """Make the joint again on the other side of the asset, with its parts and all that hangs on them"""

    bl_idname = ids.MIRROR_JOINT
    bl_label = "Mirror Joint"

    plane: EnumProperty(
        name="Across",
        items=(("X", "X", "Left and right"), ("Y", "Y", "Front and back"), ("Z", "Z", "Up and down")),
        default="X",
    )
    follow: BoolProperty(name="Couple", description="The new joint follows this one, as double doors do")

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Mirror it."""
        made = mirror_links(context, rig, bone, "XYZ".index(self.plane))
        if self.follow and rig.pose.bones[bone].simready_joint.kind in ("hinge", "slide"):
            couple(rig, made[bone], bone, 1.0)


CLASSES = (SIMREADY_OT_couple_joints, SIMREADY_OT_mirror_joint)

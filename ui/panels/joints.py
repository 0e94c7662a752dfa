# SPDX-License-Identifier: GPL-3.0-or-later
"""All joints of the asset: positions to pull at, poses, and making new ones."""

from __future__ import annotations

import math
from typing import Any

from bpy.types import Context, Menu, UILayout, UIList

from ...operators import ids
from ...operators.common import active_rig
from ...operators.joint_play import SIMREADY_OT_play_joints
from ...physx_blender.scene.joint_share import SLIDING, TURNING, angle_of, moves_itself, travel_of
from ...physx_blender.scene.properties import JOINT_KINDS
from .base import Side

MOST_ROWS = 10
ICONS = {identifier: icon for identifier, _, _, icon, _ in JOINT_KINDS}


def draw_position(layout: UILayout, bone: Any) -> None:
    """Sliders and values of one joint; a joint that follows another is shown, but greyed out."""
    joint = bone.simready_joint
    row = layout.row(align=True)
    row.enabled = moves_itself(bone)
    if joint.kind in TURNING:
        angle = "0" if abs(angle_of(bone)) < 5e-4 else f"{math.degrees(angle_of(bone)):.0f}"
        row.prop(bone, "simready_angle_share", text=f"{angle}°", slider=True)
    if joint.kind in SLIDING:
        row.prop(bone, "simready_travel_share", text=f"{100.0 * travel_of(bone):.1f} cm", slider=True)
    if joint.kind in ("ball", "free"):
        row.label(text="Pose it in the view" if joint.kind == "ball" else "Floats")


def moves(bone: Any) -> bool:
    """Is the joint one that can be seen to move?"""
    return bone.parent is not None and bone.simready_joint.kind != "fixed"


class SIMREADY_UL_joints(UIList):
    """All joints that move, with their positions"""

    def draw_item(
        self,
        context: Context,
        layout: UILayout,
        data: Any,
        item: Any,
        icon: int,
        active_data: Any,
        active_property: str,
        index: int = 0,
        flt_flag: int = 0,
    ) -> None:
        """One joint."""
        joint = item.simready_joint
        # one that turns and slides needs room for two sliders
        row = layout.split(factor=0.3 if joint.kind == "cylindrical" else 0.5, align=True)
        icon_name = "LINKED" if joint.mimic_joint else ICONS[joint.kind]
        row.label(text=joint.name or item.name, icon=icon_name, translate=False)
        draw_position(row, item)

    def filter_items(self, context: Context, data: Any, property: str) -> tuple[list[int], list[int]]:
        """Only what moves; by the name that is typed in the filter."""
        wanted = self.filter_name.lower()
        shown = [
            self.bitflag_filter_item
            if moves(b) and wanted in (b.simready_joint.name or b.name).lower()
            else 0
            for b in data.bones
        ]
        return shown, []


class SIMREADY_MT_links(Menu):
    """What hangs on what"""

    bl_idname = "SIMREADY_MT_links"
    bl_label = "Links and Joints"

    def draw(self, context: Context) -> None:
        """All changes of the tree of links."""
        layout = self.layout
        for operator, icon in (
            (ids.SPLIT_PART, "UNLINKED"),
            (ids.MERGE_LINKS, "LINKED"),
            (ids.REPARENT_JOINT, "CON_CHILDOF"),
            (ids.DISSOLVE_JOINT, "X"),
            (ids.MIRROR_JOINT, "MOD_MIRROR"),
            (ids.COUPLE_JOINTS, "DRIVER"),
        ):
            layout.operator(operator, icon=icon)


class SIMREADY_PT_joints(Side):
    """Positions of all joints."""

    bl_idname = "SIMREADY_PT_joints"
    bl_label = "Joints"

    def draw(self, context: Context) -> None:
        """Sliders, poses, new joints."""
        layout = self.layout
        row = layout.row(align=True)
        row.operator(ids.CREATE_JOINT, icon="ADD")
        row.menu(SIMREADY_MT_links.bl_idname, text="", icon="DOWNARROW_HLT")
        rig = active_rig(context)
        if rig is None:
            return
        movers = [b for b in rig.pose.bones if moves(b)]
        if not movers:
            layout.label(text="No joints that move yet")
            return
        layout.template_list(
            SIMREADY_UL_joints.__name__,
            "",
            rig.pose,
            "bones",
            rig,
            "simready_joint_index",
            rows=min(max(len(movers), 2), MOST_ROWS),
            maxrows=MOST_ROWS,
        )
        grid = layout.grid_flow(row_major=True, columns=2, even_columns=True, align=True)
        for operator, icon in (
            (ids.REST_POSE, "LOOP_BACK"),
            (ids.RANDOM_POSE, "MOD_NOISE"),
            (ids.CLOSE_POSE, "FULLSCREEN_EXIT"),
            (ids.OPEN_POSE, "FULLSCREEN_ENTER"),
        ):
            grid.operator(operator, icon=icon)
        playing = SIMREADY_OT_play_joints.playing is not None
        layout.operator(
            ids.PLAY_JOINTS,
            text="Stop" if playing else "Play Through",
            icon="PAUSE" if playing else "PLAY",
            depress=playing,
        )


CLASSES = (SIMREADY_UL_joints, SIMREADY_MT_links, SIMREADY_PT_joints)

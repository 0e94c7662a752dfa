# SPDX-License-Identifier: GPL-3.0-or-later
"""The gizmos of the active joint, together: when they are there, and what a drag at them does."""

from __future__ import annotations

from bpy.types import Context, GizmoGroup

from ...operators import ids
from ...operators.joint_drag import HANDLES, active_joint
from ...operators.joint_pick import SIMREADY_OT_joint_pick
from ...operators.simulation_player import theatre
from .figure import SIMREADY_GT_joint_figure
from .handle import SIMREADY_GT_joint_handle


def shows_handles(context: Context) -> bool:
    """Whether an active joint has handles now; not while a scene plays or a place is picked, which need the mouse."""
    return (
        context.window_manager.simready_viewport.show_handles
        and context.mode in ("OBJECT", "POSE")
        and theatre.player is None
        and not SIMREADY_OT_joint_pick.running
    )


class SIMREADY_GGT_joint(GizmoGroup):
    """Handles of the active joint."""

    bl_idname = "SIMREADY_GGT_joint"
    bl_label = "Joint"
    bl_space_type = "VIEW_3D"
    bl_region_type = "WINDOW"
    bl_options = {"3D", "PERSISTENT", "SHOW_MODAL_ALL"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """The active part or bone has a joint that moves."""
        return shows_handles(context) and active_joint(context) is not None

    def setup(self, context: Context) -> None:
        """Make them all; which are seen is up to `refresh`."""
        self.handles = []
        for role, _, _ in HANDLES:
            gizmo = self.gizmos.new(SIMREADY_GT_joint_handle.bl_idname)
            gizmo.role = role
            gizmo.use_draw_modal = True
            gizmo.target_set_operator(ids.DRAG_JOINT).handle = role
            self.handles.append(gizmo)
        # Blender draws what comes last first: handles lie on top of the figure
        self.figure = self.gizmos.new(SIMREADY_GT_joint_figure.bl_idname)
        self.figure.hide_select = True
        self.figure.use_draw_modal = True

    def refresh(self, context: Context) -> None:
        """Show what the joint has."""
        self._look(context)

    def draw_prepare(self, context: Context) -> None:
        """Look once for all of them; they keep plain numbers, nothing of Blender's that an undo would take away."""
        self._look(context)

    def _look(self, context: Context) -> None:
        found = active_joint(context)
        view = found[1] if found is not None else None
        self.figure.view = view
        for gizmo in self.handles:
            gizmo.view, gizmo.rig = view, found[0].name if found is not None else ""
            gizmo.hide = view is None or gizmo.role not in view.handles


CLASSES = (SIMREADY_GGT_joint,)

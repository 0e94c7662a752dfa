# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the asset, and what to do about it."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, UILayout, UIList

from ...operators import ids
from ...operators.backend_session import session
from ...physx_blender.protocol import JobKind
from ..preferences import wrapped
from .base import Side, counted, draw_job, draw_outcome


class SIMREADY_UL_findings(UIList):
    """The list of problems."""

    bl_idname = "SIMREADY_UL_findings"

    def draw_item(
        self,
        context: Context,
        layout: UILayout,
        data: Any,
        item: Any,
        icon: int,
        active_data: Any,
        active: str,
        index: int,
    ) -> None:
        """One problem."""
        shown = {"ERROR": "CANCEL", "WARNING": "ERROR", "INFO": "INFO"}[item.severity]
        layout.label(text=f"{item.element}: {item.message}", icon=shown)


class SIMREADY_PT_check(Side):
    """Problems."""

    bl_idname = "SIMREADY_PT_check"
    bl_label = "Check"

    def draw(self, context: Context) -> None:
        """Check, and the list of problems."""
        layout = self.layout
        panel = context.window_manager.simready
        row = layout.row(align=True)
        row.operator(ids.CHECK, icon="VIEWZOOM").use_physics = False
        row.operator(ids.CHECK, text="Physics Test", icon="PHYSICS").use_physics = True
        if session.job is not None and session.job.order.kind is JobKind.CHECK:
            draw_job(layout, context)
        draw_outcome(layout, context, JobKind.CHECK)
        if not panel.checked:
            return
        errors = sum(f.severity == "ERROR" for f in panel.findings)
        warnings = sum(f.severity == "WARNING" for f in panel.findings)
        layout.label(
            text=f"{panel.checked}: {counted(errors, 'error')}, {counted(warnings, 'warning')}",
            icon="ERROR" if errors else "CHECKMARK",
        )
        if not panel.findings:
            return
        layout.template_list("SIMREADY_UL_findings", "", panel, "findings", panel, "finding_index", rows=3)
        if 0 <= panel.finding_index < len(panel.findings):
            item = panel.findings[panel.finding_index]
            wrapped(layout, f"{item.element}: {item.message}", context)
            if item.advice:
                wrapped(layout, item.advice, context, "LIGHT_SUN")
            layout.operator(ids.SELECT, icon="RESTRICT_SELECT_OFF").index = panel.finding_index


CLASSES = (
    SIMREADY_UL_findings,
    SIMREADY_PT_check,
)

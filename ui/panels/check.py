# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the asset, and what to do about it."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, UILayout, UIList

from ...operators import ids
from ...operators.backend_session import session
from ...physx_blender.checks import FIXES
from ...physx_blender.checks.finding import element_of
from ...physx_blender.protocol import JobKind
from ..preferences import wrapped
from .base import Side, draw_job, draw_outcome

SEVERITY_ICONS = {"ERROR": "CANCEL", "WARNING": "ERROR", "INFO": "INFO"}


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
        row = layout.row(align=True)
        name = element_of(item.element)[1] or item.element
        text = shortened(f"{name}: {item.message}", context, 11 if item.fix in FIXES else 8)
        row.label(text=text, icon=SEVERITY_ICONS[item.severity])
        if item.fix in FIXES:
            row.label(text="", icon="TOOL_SETTINGS")


def shortened(text: str, context: Context, taken: int) -> str:
    """The beginning of a text that fits into a line of the list; Blender itself would leave out its middle.

    taken: characters whose room icons take.
    """
    room = max(12, int(context.region.width / (6.6 * context.preferences.system.ui_scale)) - taken)
    return text if len(text) <= room else text[: room - 1].rstrip(" :,;") + "…"


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
        draw_count(layout, panel)
        if not panel.findings:
            return
        layout.template_list("SIMREADY_UL_findings", "", panel, "findings", panel, "finding_index", rows=4)
        if 0 <= panel.finding_index < len(panel.findings):
            draw_finding(layout, context, panel, panel.finding_index)


def draw_count(layout: UILayout, panel: Any) -> None:
    """How many problems of each severity, and whether the list may be out of date."""
    numbers = {s: sum(f.severity == s for f in panel.findings) for s in SEVERITY_ICONS}
    row = layout.row()
    row.label(
        text=panel.checked, icon="TIME" if panel.stale else "CHECKMARK" if not numbers["ERROR"] else "CANCEL"
    )
    right = row.row(align=True)
    right.alignment = "RIGHT"
    if panel.stale:
        right.label(text="undone since, check again")
        return
    for severity, number in numbers.items():
        if number:
            right.label(text=str(number), icon=SEVERITY_ICONS[severity])
    if not any(numbers.values()):
        right.label(text="nothing to say")


def draw_finding(layout: UILayout, context: Context, panel: Any, index: int) -> None:
    """One problem: what is wrong, what to do, and buttons to do it."""
    item = panel.findings[index]
    box = layout.box()
    wrapped(box, f"{item.element}: {item.message}", context, SEVERITY_ICONS[item.severity])
    if item.advice:
        wrapped(box, item.advice[:1].upper() + item.advice[1:], context, "LIGHT")
    row = box.row(align=True)
    row.operator(ids.SELECT, icon="RESTRICT_SELECT_OFF").index = index
    fix = FIXES.get(item.fix)
    if fix is None:
        return
    row.operator(ids.FIX, text=fix.label, icon="TOOL_SETTINGS").index = index
    alike = sum(f.code == item.code and f.fix == item.fix for f in panel.findings)
    if alike > 1:
        button = row.operator(ids.FIX, text=f"All {alike}")
        button.index, button.same_kind = index, True


CLASSES = (
    SIMREADY_UL_findings,
    SIMREADY_PT_check,
)

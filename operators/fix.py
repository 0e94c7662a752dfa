# SPDX-License-Identifier: GPL-3.0-or-later
"""Repair what a check has found: one click, one step to undo, and a recheck."""

from __future__ import annotations

from collections.abc import Callable

import bpy
from bpy.props import BoolProperty, IntProperty
from bpy.types import Context, Object, Operator, OperatorProperties

from ..physx_blender.checks import FIXES, Finding, edits_for
from ..physx_blender.errors import AssetError
from ..physx_blender.scene.apply_edits import edit_scene
from ..physx_blender.steps import Steps
from . import ids
from .check import rechecking
from .sliced import Sliced


class SIMREADY_OT_fix_finding(Operator, Sliced):
    """Repair this problem, and check again"""

    bl_idname = ids.FIX
    bl_label = "Fix"
    bl_options = {"REGISTER", "UNDO"}
    may_stop = False

    index: IntProperty(description="Number of the problem in the list", default=-1, options={"SKIP_SAVE"})
    same_kind: BoolProperty(
        name="All of This Kind",
        description="Repair all problems of the same kind as this one, in one step",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def description(cls, context: Context, properties: OperatorProperties) -> str:
        """What this very repair does."""
        findings = context.window_manager.simready.findings
        known = 0 <= properties.index < len(findings)
        fix = FIXES.get(findings[properties.index].fix) if known else None
        if fix is None:
            return ""
        return (
            f"{fix.tooltip}. All problems of this kind, in one step" if properties.same_kind else fix.tooltip
        )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be a list of problems."""
        panel = context.window_manager.simready
        if not panel.findings or bpy.data.objects.get(panel.checked) is None:
            cls.poll_message_set("Check the asset first")
            return False
        return True

    def steps(self, context: Context) -> Steps[set[str]]:
        """Repair."""
        panel = context.window_manager.simready
        if not 0 <= self.index < len(panel.findings):
            raise AssetError("there is no such problem; check again")
        item = panel.findings[self.index]
        code, place, alone = item.code, (item.element, item.other), not self.same_kind
        if context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")

        def wanted(finding: Finding) -> bool:
            return finding.code == code and not (alone and (finding.element, finding.other) != place)

        done, refused = yield from repairing(context, bpy.data.objects[panel.checked], wanted)
        if refused and not done:
            raise AssetError(refused[0])
        for message in refused:
            self.report({"WARNING"}, message)
        if done:
            label = FIXES[done[0].fix or ""].label
            self.report({"INFO"}, f"{label}: {', '.join(f.element for f in done)}")
        else:
            self.report({"INFO"}, "It is gone already; the list has been updated")
        return {"FINISHED"}


def repairing(
    context: Context, rig: Object, wanted: Callable[[Finding], bool]
) -> Steps[tuple[list[Finding], list[str]]]:
    """Repair the findings that are wanted, one after the other, each on the scene as the last one has left it.

    What was repaired, and a sentence for each that could not be. Raises AssetError where the scene cannot be read.
    """
    done: list[Finding] = []
    refused: list[str] = []
    tried: set[tuple[str, str, str]] = set()
    while True:
        asset, findings = yield from rechecking(context, rig, [])
        finding = next((f for f in findings if wanted(f) and (f.code, f.element, f.other) not in tried), None)
        if finding is None:
            return done, refused
        tried.add((finding.code, finding.element, finding.other))
        try:
            edit_scene(context, rig, asset, edits_for(asset, finding))
        except AssetError as error:
            refused.append(str(error))
        else:
            done.append(finding)


CLASSES = (SIMREADY_OT_fix_finding,)

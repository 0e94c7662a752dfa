# SPDX-License-Identifier: GPL-3.0-or-later
"""Find what would not work in a simulator, and lead to the culprit."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, IntProperty, StringProperty
from bpy.types import Context, Object, Operator

from ..physx_blender.checks import Finding, Memo, Severity, check_subject, subject_of
from ..physx_blender.checks.finding import element_of
from ..physx_blender.errors import AssetError
from ..physx_blender.formats.package import write_package
from ..physx_blender.model import Asset
from ..physx_blender.protocol import JobKind, JobRequest, JobStatus
from ..physx_blender.scene import part_name
from ..physx_blender.scene.measuring import measuring
from ..physx_blender.scene.simulators import fitting_for_simulators
from ..physx_blender.steps import Steps, aside
from . import ids
from .backend_session import Order, session
from .colliding_limits import remembering_collisions
from .common import active_rig, has_rig, reading, reports_errors
from .generate import print_progress
from .sliced import Sliced


class SIMREADY_OT_check(Operator, Sliced):
    """Check the active asset: rules on its parts and joints and, with the backend, a test in MuJoCo"""

    bl_idname = ids.CHECK
    bl_label = "Check"
    bl_options = {"REGISTER"}

    use_physics: BoolProperty(
        name="Physics Test",
        description="Also let the backend simulate the exported files: stand, sweep every joint, stay calm",
        options={"SKIP_SAVE"},
    )
    wait: BoolProperty(name="Wait", description="Come back only when all is checked", options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    def steps(self, context: Context) -> Steps[set[str]]:
        """Check."""
        rig = active_rig(context)
        assert rig is not None
        notes: list[str] = []
        asset, findings = yield from rechecking(context, rig, notes)
        if context.window_manager.simready_viewport.show_overlay:
            yield from remembering_collisions(context, rig, asset)
        if self.use_physics:
            fit = yield from fitting_for_simulators(asset, notes)
            order = physics_order(fit, rig.name, findings)
            if self.wait or bpy.app.background:
                session.run(context, order, print_progress)
            else:
                session.order(context, order)
        problems = sum(f.severity == "ERROR" for f in context.window_manager.simready.findings)
        self.report(
            {"WARNING" if problems else "INFO"},
            f"{asset.name}: {problems or 'no'} error{'' if problems == 1 else 's'}",
        )
        return {"FINISHED"}


_MEMOS: dict[int, Memo] = {}
_MOST_MEMOS = 8


def memo_of(rig: Object) -> Memo:
    """What the last check of this rig has worked out; of the rigs checked last, a few are remembered."""
    memo = _MEMOS.pop(rig.session_uid, None) or Memo()
    _MEMOS[rig.session_uid] = memo
    while len(_MEMOS) > _MOST_MEMOS:
        del _MEMOS[next(iter(_MEMOS))]
    return memo


def rechecking(context: Context, rig: Object, notes: list[str]) -> Steps[tuple[Asset, list[Finding]]]:
    """Read a rig, work out what has changed since its last check, and show it; the asset and its findings.

    Raises AssetError where the scene cannot be read, which then is the only finding.
    """
    try:
        asset = yield from reading(context, notes, rig=rig)
    except AssetError as error:
        # what cannot be read is the first of all problems
        show_findings(
            context, rig.name, [Finding(Severity.ERROR, "scene", f"asset '{rig.name}'", str(error))]
        )
        raise
    subject = subject_of(asset, memo_of(rig))
    try:
        found = yield from aside("Checking", partial(check_subject, subject))
    except GeneratorExit:
        _MEMOS.pop(rig.session_uid, None)  # the thread that was left to itself may go on writing into it
        raise
    yield from measuring(rig, subject)
    findings = [Finding(Severity.INFO, "scene.note", f"asset '{asset.name}'", note) for note in notes]
    findings += found
    show_findings(context, rig.name, findings)
    return asset, findings


def show_findings(context: Context, rig: str, findings: Iterable[Finding]) -> None:
    """Fill the panel's list of problems, the worst first."""
    panel = context.window_manager.simready
    panel.checked, panel.stale = rig, False
    panel.findings.clear()
    order = list(Severity)
    for finding in sorted(findings, key=lambda f: order.index(f.severity)):
        item = panel.findings.add()
        item.severity = finding.severity.value.upper()
        item.element, item.message, item.advice = finding.element, finding.message, finding.advice
        item.code, item.fix, item.other = finding.code, finding.fix or "", finding.other
    panel.finding_index = min(panel.finding_index, max(len(panel.findings) - 1, 0))


def physics_order(asset: Asset, rig: str, findings: list[Finding]) -> Order:
    """An order to test the asset in MuJoCo; its findings are added to those that are there."""
    folder = Path(tempfile.mkdtemp(prefix="simready-check-"))

    def request(client: object, output: str) -> JobRequest:
        write_package(asset, folder / "asset")  # here, because this is not called in the window's thread
        return JobRequest(JobKind.CHECK, source=str(folder / "asset"))

    def done(context: Context, status: JobStatus, result: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        passed = bool(status.result.get("passed"))
        show_findings(context, rig, [*findings, *gate_findings(status.result.get("report", {}))])
        session.last_message = f"{rig} {'passed' if passed else 'did not pass'} the physics test"
        session.last_good = passed

    return Order(f"Testing {rig}", JobKind.CHECK, request, done)


def gate_findings(report: Any) -> list[Finding]:
    """Findings of the physics gate in the report of a check job."""
    return [
        Finding(Severity(f["severity"]), f["code"], f["element"], f["message"], f.get("advice", ""))
        for f in _finding_dicts(report.get("gate", {}))
    ]


def _finding_dicts(value: Any) -> list[dict[str, Any]]:
    """All findings anywhere in a gate report (it has one list per file)."""
    if isinstance(value, dict):
        if {"severity", "code", "element", "message"} <= set(value):
            return [value]
        return [f for v in value.values() for f in _finding_dicts(v)]
    if isinstance(value, list):
        return [f for v in value for f in _finding_dicts(v)]
    return []


class SIMREADY_OT_select_element(Operator):
    """Select the part, or the bone of the link or joint, that this is about"""

    bl_idname = ids.SELECT
    bl_label = "Select"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(
        description="Number of the problem whose culprit to select", default=-1, options={"SKIP_SAVE"}
    )
    rig: StringProperty(description="Armature of the asset", options={"SKIP_SAVE"})
    element: StringProperty(description="For example: part 'door'", options={"SKIP_SAVE"})

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Select it."""
        panel = context.window_manager.simready
        name, elements = self.rig, [self.element]
        if self.index >= 0:
            if self.index >= len(panel.findings):
                raise AssetError("there is no such problem; check again")
            item = panel.findings[self.index]
            name, elements = panel.checked, [item.element, *([item.other] if item.other else [])]
        rig = bpy.data.objects.get(name)
        if rig is None:
            raise AssetError("is gone; check again", where=f"asset {name!r}")
        select_elements(context, rig, elements)
        return {"FINISHED"}


def select_elements(context: Context, rig: Object, elements: list[str]) -> None:
    """Select parts, and bones of links or joints, written ``kind 'name'``; the first becomes the active one."""
    if context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    for obj in context.view_layer.objects.selected:
        obj.select_set(False)
    for number, element in enumerate(elements):
        kind, name = element_of(element)
        target, bone = rig, None
        if kind == "part":
            target = next((o for o in rig.children_recursive if part_name(o) == name), rig)
        elif kind in ("link", "joint"):
            bone = next((b for b in rig.pose.bones if name in (b.name, b.simready_joint.name)), None)
        target.hide_set(False)
        target.select_set(True)
        if number == 0:
            context.view_layer.objects.active = target
            if bone is not None:
                rig.data.bones.active = bone.bone


CLASSES = (SIMREADY_OT_check, SIMREADY_OT_select_element)

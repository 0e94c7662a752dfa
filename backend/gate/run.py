# SPDX-License-Identifier: GPL-3.0-or-later
"""Run all stages of the physics gate on a file, a folder or an asset."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import mujoco

from physx_blender.checks.finding import Finding, Severity
from physx_blender.errors import AssetError
from physx_blender.model import Asset

from .drive import Drive, Servo, check_drive
from .masses import check_masses
from .probe import Probe
from .quiet import collected_warnings
from .report import STAGES, FileReport, GateReport, JointReport
from .rest import check_rest
from .standing import Standing, check_standing
from .structure import Structure, swept_joints
from .sweep import Sweep, check_sweeps
from .world import CompileError, World, file_format, load_world

_Result = TypeVar("_Result")


def run_gate(path: Path, *, fixed_base: bool | None = None) -> GateReport:
    """Gate an MJCF or URDF file, or an asset package folder (exported to both formats first).

    fixed_base: whether the base is fastened to the world; None = as the file, or the package beside it, says.
    Raises `AssetError` when `path` is none of these; a file that does not compile is a failed report, not an error.
    """
    path = Path(path)
    if path.is_dir():
        from physx_blender.formats.convert import load_asset

        return gate_asset(load_asset(path), source=str(path), fixed_base=fixed_base)
    return GateReport(str(path), (_gate_file(path, fixed_base),))


def gate_asset(asset: Asset, *, source: str | None = None, fixed_base: bool | None = None) -> GateReport:
    """Export the asset into a temporary folder and gate both its MJCF and its URDF."""
    from physx_blender.formats.convert import write_outputs

    with tempfile.TemporaryDirectory(prefix="gate-") as name:
        folder = Path(name) / "asset"
        write_outputs(asset, folder)
        files = sorted(folder.glob("*.xml")) + sorted(folder.glob("*.urdf"))
        if not files:
            raise AssetError("was exported to no MJCF and no URDF", where=f"asset {asset.name!r}")
        base = asset.fixed_base if fixed_base is None else fixed_base
        reports = tuple(
            replace(_gate_file(file, base), file=file.name) for file in files
        )  # the folder is gone soon
    return GateReport(source if source is not None else asset.name, reports)


@dataclass
class _Run:
    """What is known of a file so far."""

    findings: list[Finding] = field(default_factory=list)
    stages: dict[str, bool | None] = field(default_factory=lambda: dict.fromkeys(STAGES))
    timings: dict[str, float] = field(default_factory=dict)

    def time(self, stage: str, work: Callable[[], _Result]) -> _Result:
        start = time.perf_counter()
        try:
            return work()
        finally:
            self.timings[stage] = time.perf_counter() - start

    def close(self, stage: str, findings: list[Finding]) -> bool:
        passed = not any(f.severity is Severity.ERROR for f in findings)
        self.findings += findings
        self.stages[stage] = passed
        return passed


def _gate_file(path: Path, fixed_base: bool | None) -> FileReport:
    with collected_warnings() as warnings:
        run, form = _Run(), file_format(path)
        try:
            report = _stages(run, path, form, fixed_base)
        except mujoco.FatalError as error:
            run.close(
                next(stage for stage, passed in run.stages.items() if passed is None),
                [
                    Finding(
                        Severity.ERROR,
                        "mujoco.gives_up",
                        f"file '{path.name}'",
                        f"MuJoCo gives up: {' '.join(str(error).split())}",
                        "simplify the asset (fewer shapes and contacts), or export it again",
                    )
                ],
            )
            report = _report(run, path, form, None, Standing(), [], {})
    notes = [
        Finding(
            Severity.WARNING,
            "mujoco.warning",
            f"file '{path.name}'",
            f"MuJoCo warns: {' '.join(text.split())}",
            "look at the element it names, or at the other findings",
        )
        for text in dict.fromkeys(warnings)
    ]
    return replace(report, findings=(*report.findings, *notes))


def _stages(run: _Run, path: Path, form: str, fixed_base: bool | None) -> FileReport:
    try:
        world = run.time("compiles", lambda: load_world(path, fixed_base=fixed_base))
    except CompileError as error:
        run.close("compiles", [error.finding])
        return _report(run, path, form, None, Standing(), [], {})
    run.close("compiles", list(world.notes))
    standing, sweeps, drives = Standing(), [], {}
    if run.close("masses", run.time("masses", lambda: check_masses(world.standing))):
        run.close("rest", run.time("rest", lambda: check_rest(world.held)))
        standing, findings = run.time("stands", lambda: check_standing(world))
        run.close("stands", findings)
        sweeps = run.time("sweeps", lambda: check_sweeps(Probe(world.held)))
        run.close("sweeps", [f for s in sweeps for f in s.findings])
        drives = run.time("drives", lambda: _drive_all(world, sweeps))
        # a joint that is blocked was not driven, and so did not come back
        passed = run.close("drives", [f for d in drives.values() for f in d.findings])
        run.stages["drives"] = passed and all(s.free for s in sweeps)
    return _report(run, path, form, world, standing, sweeps, drives)


def _drive_all(world: World, sweeps: list[Sweep]) -> dict[int, Drive]:
    servo = Servo(world.held)
    return {s.joint: check_drive(servo, s) for s in sweeps if s.free and s.high > s.low}


def _report(
    run: _Run,
    path: Path,
    form: str,
    world: World | None,
    standing: Standing,
    sweeps: list[Sweep],
    drives: dict[int, Drive],
) -> FileReport:
    joints = []
    if world is not None and sweeps:
        structure = Structure(world.held)
        assert len(sweeps) == len(swept_joints(structure)), "every joint was swept"
        for s in sweeps:
            drive = drives.get(s.joint)
            joints.append(
                JointReport(
                    name=structure.joint_name(s.joint),
                    kind=s.kind,
                    low=s.low,
                    high=s.high,
                    limited=s.limited,
                    reached_low=s.reached_low,
                    reached_high=s.reached_high,
                    blocked_by=s.blocked_by,
                    needs=tuple((structure.joint_name(j), v) for j, v in s.needs.items()),
                    reach_error=None if drive is None else drive.reach_error,
                    return_error=None if drive is None else drive.return_error,
                )
            )
    return FileReport(
        file=str(path),
        format=form,
        fixed_base=world.fixed_base if world is not None else False,
        bodies=world.standing.nbody - 1 if world is not None else 0,
        mass=float(world.standing.body_mass.sum()) if world is not None else 0.0,
        stages=tuple(run.stages.items()),
        joints=tuple(joints),
        findings=tuple(dict.fromkeys(run.findings)),
        standing=tuple(vars(standing).items()),
        timings=tuple(run.timings.items()),
    )

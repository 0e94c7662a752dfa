# SPDX-License-Identifier: GPL-3.0-or-later
"""What the physics gate reports: plain frozen data, readable as text and as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from physx_blender.checks.finding import Finding, Severity

STAGES = ("compiles", "masses", "rest", "stands", "sweeps", "drives")
STAGE_TITLES = {
    "compiles": "compiles",
    "masses": "moving bodies have mass and a valid inertia",
    "rest": "nothing interpenetrates at rest",
    "stands": "stands for 3 s",
    "sweeps": "joints sweep their whole range",
    "drives": "driven joints arrive and come back",
}


@dataclass(frozen=True)
class JointReport:
    """How one joint fared.

    kind: hinge, slide or ball.  low, high: ends of the sweep from the joint's zero (rad, m; a ball: 0 and its cone).
    reached_low, reached_high: how far the kinematic sweep got.  blocked_by: what it met, or "".
    needs: positions of other joints that must be opened first (rad, m).
    return_error: how far from rest it was after it had been driven through the range (rad, m), None if not driven.
    """

    name: str
    kind: str
    low: float
    high: float
    limited: bool
    reached_low: float
    reached_high: float
    blocked_by: str = ""
    needs: tuple[tuple[str, float], ...] = ()
    reach_error: float | None = None
    return_error: float | None = None

    @property
    def unit(self) -> str:
        """Unit of the values: m or rad."""
        return "m" if self.kind == "slide" else "rad"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "limited": self.limited,
            "reached_low": self.reached_low,
            "reached_high": self.reached_high,
            "blocked_by": self.blocked_by,
            "needs": dict(self.needs),
            "reach_error": self.reach_error,
            "return_error": self.return_error,
        }


@dataclass(frozen=True)
class FileReport:
    """The gate's verdict on one file.

    stages: verdict by the names in `STAGES`; None where an earlier failure left nothing to try.
    timings: seconds by stage.  standing: drift (m), tilt (rad), sinking (m) and energy gain (J) of the 3 s.
    """

    file: str
    format: str
    fixed_base: bool
    bodies: int
    mass: float
    stages: tuple[tuple[str, bool | None], ...]
    joints: tuple[JointReport, ...]
    findings: tuple[Finding, ...]
    standing: tuple[tuple[str, float], ...]
    timings: tuple[tuple[str, float], ...]

    @property
    def ok(self) -> bool:
        """Whether every stage was reached and passed."""
        return all(passed for _, passed in self.stages)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "file": self.file,
            "format": self.format,
            "ok": self.ok,
            "fixed_base": self.fixed_base,
            "bodies": self.bodies,
            "mass": self.mass,
            "stages": dict(self.stages),
            "joints": [j.to_dict() for j in self.joints],
            "findings": [f.to_dict() for f in self.findings],
            "standing": dict(self.standing),
            "timings": dict(self.timings),
        }

    def text(self) -> str:
        """Several readable lines."""
        base = "fixed" if self.fixed_base else "free"
        seconds = sum(t for _, t in self.timings)
        lines = [
            f"{'PASS' if self.ok else 'FAIL'} {self.file} ({self.format}, {base} base, {self.bodies} bodies, "
            f"{len(self.joints)} joints, {self.mass:.4g} kg; {seconds:.1f} s)"
        ]
        for stage, passed in self.stages:
            word = "not tried" if passed is None else "ok" if passed else "FAILED"
            lines.append(f"  {STAGE_TITLES[stage]}: {word}")
        for joint in self.joints:
            scale, unit = (1000.0, "mm") if joint.kind == "slide" else (180.0 / math.pi, "deg")
            lines.append(
                f"  joint '{joint.name}' ({joint.kind}): {joint.reached_low * scale:.1f} to "
                f"{joint.reached_high * scale:.1f} of {joint.low * scale:.1f} to {joint.high * scale:.1f} {unit}"
            )
        lines.extend("  " + finding.text() for finding in self.findings)
        return "\n".join(lines)


@dataclass(frozen=True)
class GateReport:
    """The verdict on what was asked for: one file, or the two files of an asset."""

    source: str
    files: tuple[FileReport, ...]

    @property
    def ok(self) -> bool:
        """Whether every file passed."""
        return bool(self.files) and all(f.ok for f in self.files)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of all files."""
        return tuple(f for report in self.files for f in report.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make the gate fail."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"source": self.source, "ok": self.ok, "files": [f.to_dict() for f in self.files]}

    def to_json(self) -> str:
        """JSON text, indented; values that are not finite are written as null."""
        return json.dumps(_finite(self.to_dict()), indent=2, allow_nan=False)

    def text(self) -> str:
        """Readable text for a terminal."""
        return "\n".join(f.text() for f in self.files)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks and the physics gate on one path, as one report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.gate import GateReport, gate_asset, run_gate
from physx_blender.checks import Finding, Severity, check_asset
from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset


@dataclass(frozen=True)
class CheckReport:
    """findings: of the rules on the asset.  gate: of the physics of its files."""

    source: str
    findings: tuple[Finding, ...]
    gate: GateReport

    @property
    def passed(self) -> bool:
        """No rule found an error, and the gate was passed."""
        return self.gate.ok and not any(f.severity is Severity.ERROR for f in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "source": self.source,
            "passed": self.passed,
            "findings": [f.to_dict() for f in self.findings],
            "gate": json.loads(self.gate.to_json()),  # its writer replaces what is not finite
        }

    def text(self) -> str:
        """Readable text for a terminal."""
        lines = [f"{self.source}: {'passed' if self.passed else 'FAILED'}", self.gate.text()]
        if self.findings:
            lines.append("asset:")
            lines.extend("  " + finding.text() for finding in self.findings)
        return "\n".join(lines)


def check_path(
    source: Path,
    *,
    fixed_base: bool | None = None,
    progress: Callable[[str, float, str], None] | None = None,
) -> CheckReport:
    """Check an asset package, a PhysX-Anything result, an MJCF or a URDF.

    A file is gated as it is; a folder is exported first, to both formats. A file that MuJoCo takes but our reader does
    not is gated only, with a warning. Raises `AssetError` when `source` is nothing that can be checked.
    """
    tell = progress or (lambda stage, fraction, message: None)
    tell("Reading", 0.0, source.name)
    findings: list[Finding] = []
    asset = None
    try:
        asset = load_asset(source)
    except AssetError as error:
        if not source.is_file():
            raise
        findings.append(
            Finding(
                Severity.WARNING,
                "file.unread",
                f"file {source.name!r}",
                f"the rules on assets could not be tried: {error}",
                "only the physics was checked",
            )
        )
    if asset is not None:
        tell("Checking the asset", 0.1, asset.name)
        findings.extend(check_asset(asset))
    tell("Checking the physics", 0.3, source.name)
    if source.is_file() or asset is None:
        gate = run_gate(source, fixed_base=fixed_base)
    else:
        gate = gate_asset(asset, source=str(source), fixed_base=fixed_base)
    tell("Checked", 1.0, source.name)
    return CheckReport(str(source), tuple(findings), gate)

# SPDX-License-Identifier: GPL-3.0-or-later
"""The physics gate: does an exported MJCF or URDF behave in MuJoCo?"""

from __future__ import annotations

from .report import FileReport, GateReport, JointReport
from .run import gate_asset, run_gate

__all__ = ["FileReport", "GateReport", "JointReport", "gate_asset", "run_gate"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an asset that need neither Blender nor a simulator.

A check is a function from a `Subject` to findings, one file per family; `CHECKS` is the registry.
"""

from __future__ import annotations

from ..model import Asset
from .appearance import check_appearance
from .finding import Finding, Severity
from .joints import check_joints
from .masses import check_masses
from .meshes import check_meshes
from .overlaps import check_overlaps
from .placement import check_placement
from .registry import Check, Subject, run_checks
from .structure import check_structure

CHECKS: dict[str, Check] = {
    "structure": check_structure,
    "meshes": check_meshes,
    "masses": check_masses,
    "joints": check_joints,
    "placement": check_placement,
    "overlaps": check_overlaps,
    "appearance": check_appearance,
}


def check_asset(asset: Asset) -> list[Finding]:
    """Run every check; errors come first. An asset without errors can be exported and simulated."""
    return run_checks(asset, CHECKS.values())


__all__ = ["CHECKS", "Check", "Finding", "Severity", "Subject", "check_asset"]

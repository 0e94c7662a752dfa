# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of an asset that need neither Blender nor a simulator.

A check is a function from a `Subject` to findings, one file per family; `CHECKS` is the registry. A repair stands beside
the rule whose findings name it; `FIXES` is their registry.
"""

from __future__ import annotations

from ..errors import AssetError
from ..model import Asset
from ..model.edits import Edit, apply_edits
from . import appearance, joint_fixes, masses, meshes, overlap_fixes, placement
from .appearance import check_appearance
from .finding import Finding, Severity
from .fix import Fix
from .joints import check_joints
from .masses import check_masses
from .memo import Memo
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


FIXES: dict[str, Fix] = {
    fix.name: fix
    for family in (meshes, masses, joint_fixes, placement, overlap_fixes, appearance)
    for fix in family.FIXES
}


def check_asset(asset: Asset, memo: Memo | None = None) -> list[Finding]:
    """Run every check; errors come first. An asset without errors can be exported and simulated.

    memo: kept from call to call it lets a check work out only what has changed since the last one.
    """
    return check_subject(subject_of(asset, memo))


def subject_of(asset: Asset, memo: Memo | None = None) -> Subject:
    """What checks look at; with it a new run of the memo begins."""
    subject = Subject(asset, Memo() if memo is None else memo)
    subject.memo.begin()
    return subject


def check_subject(subject: Subject) -> list[Finding]:
    """`check_asset`, for who needs what the checks have worked out."""
    return run_checks(subject, CHECKS.values())


def edits_for(asset: Asset, finding: Finding) -> tuple[Edit, ...]:
    """The changes that make a finding of this asset go away. Raises AssetError when there is no safe repair."""
    if finding.fix is None or finding.fix not in FIXES:
        raise AssetError(f"has no repair; {finding.advice or 'look at it'}", where=finding.element)
    return FIXES[finding.fix].edits(Subject(asset), finding)


def repaired(asset: Asset, finding: Finding) -> Asset:
    """The asset after the repair of a finding. Raises AssetError when there is no safe repair."""
    return apply_edits(asset, edits_for(asset, finding))


__all__ = [
    "CHECKS",
    "FIXES",
    "Check",
    "Finding",
    "Fix",
    "Memo",
    "Severity",
    "Subject",
    "check_asset",
    "check_subject",
    "edits_for",
    "repaired",
    "subject_of",
]

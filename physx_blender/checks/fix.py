# SPDX-License-Identifier: GPL-3.0-or-later
"""A repair that a check offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..model.edits import Edit
from .finding import Finding
from .registry import Subject


@dataclass(frozen=True)
class Fix:
    """One repair; it stands beside the rule whose findings name it.

    name: as in `Finding.fix`.  label: for a button.  tooltip: what it does and what follows from that.
    edits: the changes that make the finding go away; raises AssetError where it cannot be done safely.
    """

    name: str
    label: str
    tooltip: str
    edits: Callable[[Subject, Finding], tuple[Edit, ...]]

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user can do; one file per family of operators."""

from __future__ import annotations


def register() -> None:
    """Register all operators."""


def unregister() -> None:
    """Undo `register`."""

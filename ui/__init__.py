# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user sees."""

from __future__ import annotations


def register() -> None:
    """Register the user interface."""


def unregister() -> None:
    """Undo `register`."""

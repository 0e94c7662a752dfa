# SPDX-License-Identifier: GPL-3.0-or-later
"""Handles in the viewport for the active joint."""

from __future__ import annotations

from . import figure, group, handle

# a group needs its gizmos to be known
CLASSES = (*figure.CLASSES, *handle.CLASSES, *group.CLASSES)

# SPDX-License-Identifier: GPL-3.0-or-later
"""File formats; each reads or writes an `Asset`, and none talks to another directly."""

from __future__ import annotations

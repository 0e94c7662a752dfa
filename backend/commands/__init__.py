# SPDX-License-Identifier: GPL-3.0-or-later
"""The subcommands, one file each: ``add_parser(subparsers)`` (cheap, imports nothing heavy) and ``run(args) -> int``."""

from __future__ import annotations

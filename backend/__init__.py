# SPDX-License-Identifier: GPL-3.0-or-later
"""The inference process: models, simulation, jobs, server, command line. Never imported inside Blender."""

from __future__ import annotations

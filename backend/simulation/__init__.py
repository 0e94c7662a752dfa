# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes that play: one process per simulation, stepped by whoever watches it."""

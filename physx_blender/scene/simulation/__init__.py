# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes that play: who takes part, how positions become poses, and keyframes of what has been played."""

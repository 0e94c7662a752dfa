# SPDX-License-Identifier: GPL-3.0-or-later
"""A first guess of how one body moves against another, from their geometry at rest alone."""

from .guess import JointGuess
from .rank import guess_joint

__all__ = ["JointGuess", "guess_joint"]

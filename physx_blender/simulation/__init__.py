# SPDX-License-Identifier: GPL-3.0-or-later
"""A scene to be simulated, and what the add-on and a simulation say to each other while it plays."""

from __future__ import annotations

from .messages import Grab, Push, SimulatedBody, SimulatedJoint, SimulationLayout, StepReply, StepRequest
from .scene import SceneBody, SimulationScene, asset_body

__all__ = [
    "Grab",
    "Push",
    "SceneBody",
    "SimulatedBody",
    "SimulatedJoint",
    "SimulationLayout",
    "SimulationScene",
    "StepReply",
    "StepRequest",
    "asset_body",
]

# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's end of the backend: own its process, order jobs, learn how they go. No bpy.

`BackendProcess` starts, watches and stops a backend on this machine; `BackendClient` talks to one, here or elsewhere;
`JobFeed` polls, and `SimulationFeed` plays, on a thread of its own, so that a window never waits. Connections are made
directly: the proxies that a user may have configured know nothing of this machine, and are ignored.
"""

from __future__ import annotations

from .address import check_identity, normalise_address
from .connection import BackendClient
from .feed import JobFeed
from .process import BackendProcess
from .simulation import Hand, Pace, SimulationClient, SimulationFeed

__all__ = [
    "BackendClient",
    "BackendProcess",
    "Hand",
    "JobFeed",
    "Pace",
    "SimulationClient",
    "SimulationFeed",
    "check_identity",
    "normalise_address",
]

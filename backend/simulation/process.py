# SPDX-License-Identifier: GPL-3.0-or-later
"""The process of one simulation: orders as JSON lines on standard input, replies on standard output.

In: {"scene": <base64 of the packed scene>} first, then {"step": `StepRequest`} as often as wanted. Out, one line for each:
{"layout": `SimulationLayout` without an id}, {"reply": `StepReply`}, or {"error": `ErrorInfo`}. It ends with its server.
"""

from __future__ import annotations

import base64
import logging
import queue
from typing import Any

from backend.jobs.channel import Channel
from backend.jobs.worker import explain
from physx_blender.errors import AssetError
from physx_blender.simulation import SimulationLayout, SimulationScene, StepRequest

_LOG = logging.getLogger("simulation")


def run_simulation() -> int:
    """Serve until the server goes."""
    channel = Channel()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    channel.listen(orders.put)
    player = _Player()
    while True:
        channel.send(player.answer(orders.get()))


class _Player:
    def __init__(self) -> None:
        self._simulation: Any = None

    def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do one order; whatever goes wrong is an answer as well."""
        try:
            if "scene" in order:
                return {"layout": self._begin(base64.b64decode(order["scene"])).to_json()}
            if self._simulation is None:
                raise AssetError("there is no scene yet", where="simulation")
            return {"reply": self._simulation.advance(StepRequest.from_json(order["step"])).to_json()}
        except Exception as error:  # noqa: BLE001 - the client has to learn of it, whatever it is
            if not isinstance(error, AssetError):
                _LOG.exception("the simulation failed")
            return {"error": explain(error).to_json()}

    def _begin(self, data: bytes) -> SimulationLayout:
        import mujoco

        from .stepper import Simulation
        from .world import compose

        # MuJoCo's own way is a file in the working directory, which grows with every step that goes wrong
        mujoco.set_mju_user_warning(lambda text: _LOG.warning("MuJoCo: %s", text))
        world = compose(SimulationScene.from_bytes(data))
        self._simulation = Simulation(world)
        return SimulationLayout(
            "",
            world.bodies,
            world.joints,
            tuple(world.positions.tolist()),
            float(world.model.opt.timestep),
            world.notes,
        )

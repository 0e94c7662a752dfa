# SPDX-License-Identifier: GPL-3.0-or-later
"""Real backends on loopback, started the way Blender starts them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from physx_blender.client import BackendClient, BackendProcess
from physx_blender.protocol import WorkerState

MAIN = Path(__file__).resolve().parents[2] / "backend" / "__main__.py"

BOX_MJCF = """\
<mujoco model="box">
  <worldbody>
    <body name="base" pos="0 0 0.1">
      <freejoint/>
      <geom name="case" type="box" size=".1 .1 .1" rgba=".8 .2 .1 1"/>
      <body name="lid" pos="0 0 .11">
        <joint name="hinge" type="hinge" axis="1 0 0" pos="0 .1 0" range="-90 0"/>
        <geom type="box" size=".1 .1 .01" rgba=".1 .2 .9 1"/>
      </body>
    </body>
  </worldbody>
</mujoco>
"""


@pytest.fixture
def box_mjcf(tmp_path: Path) -> Path:
    """A small valid MJCF: a box with a lid."""
    path = tmp_path / "box.xml"
    path.write_text(BOX_MJCF, encoding="utf-8")
    return path


MakeBackend = Callable[..., BackendProcess]


@pytest.fixture
def make_backend(tmp_path: Path) -> Iterator[MakeBackend]:
    """Make `BackendProcess`es that are stopped after the test."""
    made: list[BackendProcess] = []

    def make(*arguments: str) -> BackendProcess:
        process = BackendProcess(
            Path(sys.executable), MAIN, tmp_path / f"backend-{len(made)}.log", arguments=arguments
        )
        made.append(process)
        return process

    yield make
    for process in made:
        process.stop()


@pytest.fixture(scope="session")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """One backend for the tests that leave it as they found it."""
    with BackendProcess(
        Path(sys.executable), MAIN, tmp_path_factory.mktemp("backend") / "backend.log"
    ) as process:
        process.wait_ready()
        yield process


@pytest.fixture
def client(backend: BackendProcess) -> BackendClient:
    """A client of the shared backend, with its worker idle."""
    client = backend.wait_ready()
    wait_idle(client)
    return client


def wait_idle(client: BackendClient, timeout: float = 60.0) -> int:
    """Wait until the worker is idle; returns its process id."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        status = client.status()
        if status.worker is WorkerState.IDLE:
            return status.worker_pid
        time.sleep(0.02)
    raise AssertionError(f"the worker is not idle after {timeout} s: {client.status()}")


@pytest.fixture
def idle() -> Callable[[BackendClient], int]:
    """`wait_idle`, for tests."""
    return wait_idle

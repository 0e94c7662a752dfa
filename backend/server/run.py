# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the server: open the port, say where it is on one line, serve until told to stop or left alone."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import logging
import os
import secrets
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from physx_blender.protocol import TOKEN_VARIABLE, ExitCode, ReadyLine

from .app import make_app
from .parent import watch_parent
from .simulations import IDLE_TIME, Simulations
from .supervisor import IDENTITY, Limits, Supervisor

_LOG = logging.getLogger("server")
_MIN_TOKEN = 16
_STOP_TIME = 3.0


@dataclass(frozen=True)
class ServeOptions:
    """host, port: where to listen; port 0 = any free one.  parent: process to stop with, 0 = none.

    hosts: further names under which this machine may be addressed, when others may reach it.
    weights: None = the shipped ones.  preload: load the model before the first job.  job_time: seconds a job may take.
    simulation_idle: seconds after which a simulation that nobody watches is ended.
    """

    host: str = "127.0.0.1"
    port: int = 0
    parent: int = 0
    hosts: tuple[str, ...] = ()
    preload: bool = False
    weights: Path | None = None
    job_time: float = Limits.job_time
    simulation_idle: float = IDLE_TIME


def is_loopback(host: str) -> bool:
    """Only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(options: ServeOptions) -> int:
    """Serve; returns the exit code. The token comes from the environment variable, or is made and printed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    given = os.environ.pop(TOKEN_VARIABLE, None)  # popped, so that no child has it
    if given is not None and (len(given) < _MIN_TOKEN or not given.isascii() or not given.isprintable()):
        print(f"{TOKEN_VARIABLE} needs at least {_MIN_TOKEN} printable ASCII characters.", file=sys.stderr)
        return ExitCode.BAD_TOKEN
    token = given or secrets.token_urlsafe(32)
    try:
        listener = _listen(options.host, options.port)
    except OSError as error:
        print(
            f"Cannot listen on {options.host} port {options.port}: {error.strerror or error}.",
            file=sys.stderr,
        )
        return ExitCode.CANNOT_LISTEN
    ready = ReadyLine(options.host, listener.getsockname()[1], os.getpid(), IDENTITY, "" if given else token)
    loopback = is_loopback(options.host)
    if not loopback:
        _LOG.warning(
            "other machines can reach this backend at %s; the token is their only barrier", ready.address
        )
    with contextlib.suppress(
        KeyboardInterrupt
    ):  # Ctrl-C is how one stops it by hand; it has shut down in order by now
        asyncio.run(_serve(options, listener, ready, token, loopback))
    return ExitCode.OK


async def _serve(
    options: ServeOptions, listener: socket.socket, ready: ReadyLine, token: str, loopback: bool
) -> None:
    supervisor = Supervisor(
        local_paths=loopback,
        preload=options.preload,
        weights=options.weights,
        limits=Limits(job_time=options.job_time),
    )

    def announce() -> None:
        print(json.dumps(ready.to_json()), flush=True)
        _LOG.info("ready at %s", ready.address)

    simulations = Simulations(idle_time=options.simulation_idle)
    app = make_app(
        supervisor, simulations, token=token, loopback=loopback, hosts=options.hosts, ready=announce
    )
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    if options.parent:
        loop = asyncio.get_running_loop()

        def leave() -> None:
            _LOG.info("the parent process %s is gone", options.parent)
            loop.call_soon_threadsafe(setattr, server, "should_exit", True)
            # should the orderly way hang, go anyway: nobody is left who could end us
            last = threading.Timer(_STOP_TIME, os._exit, (ExitCode.OK,))
            last.daemon = True
            last.start()

        watch_parent(options.parent, leave)
    await server.serve(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named, because asyncio sends without delay only where it sees that this is TCP: 40 ms for every answer otherwise
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # on Windows it would let another program take over the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener

# SPDX-License-Identifier: GPL-3.0-or-later
"""``serve``: the backend by hand, or as Blender starts it."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from physx_blender.protocol import TOKEN_VARIABLE

_DESCRIPTION = f"""\
Start the backend and print one line of JSON with its address once it listens.

The bearer token is read from the environment variable {TOKEN_VARIABLE}; without one
the server makes a token and prints it in that line. Ctrl-C stops it."""

_EXAMPLES = """\
examples:
  physx-blender serve
  physx-blender serve --host 0.0.0.0 --port 8765     # for a Blender on another machine: guard the token
"""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "serve",
        help="start the backend server",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=_port, default=0, help="port to listen on (default: any free one)")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="name under which others address this machine",
    )
    parser.add_argument(
        "--parent", type=int, default=0, metavar="PID", help="stop when this process or the input ends"
    )
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="weights of your own training (.safetensors)"
    )
    parser.add_argument("--preload", action="store_true", help="load the model before the first job")
    parser.add_argument(
        "--job-time", type=_seconds, default=1800.0, metavar="SECONDS", help="longest time for one job"
    )
    parser.add_argument(
        "--simulation-idle",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="end a simulation that nobody has stepped for so long",
    )
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from backend.server.run import ServeOptions, serve

    options = ServeOptions(
        host=args.host,
        port=args.port,
        parent=args.parent,
        hosts=tuple(args.allow_host),
        preload=args.preload,
        weights=args.weights,
        job_time=args.job_time,
        simulation_idle=args.simulation_idle,
    )
    return serve(options)

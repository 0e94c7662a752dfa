# SPDX-License-Identifier: GPL-3.0-or-later
"""``worker``: started by the server, not by people; not in the help."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("worker")
    parser.add_argument("--preload", action="store_true")
    parser.add_argument("--weights", type=Path)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the worker until the server ends it."""
    from backend.jobs.worker import run_worker

    return run_worker(preload=args.preload, weights=args.weights)

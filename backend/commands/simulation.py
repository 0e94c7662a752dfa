# SPDX-License-Identifier: GPL-3.0-or-later
"""``simulation``: started by the server, not by people; not in the help."""

from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    subparsers.add_parser("simulation").set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play one scene until the server ends it."""
    del args
    from backend.simulation.process import run_simulation

    return run_simulation()

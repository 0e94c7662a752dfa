# SPDX-License-Identifier: GPL-3.0-or-later
"""Repair: programs read a little wrong become assets that the physics gate lets pass."""

from __future__ import annotations

import numpy as np
import pytest

from backend.embedded.categories.base import boxed, filling, node, on
from backend.embedded.infer.repair import repair
from backend.embedded.program.build import to_asset
from backend.embedded.program.node import Program
from backend.embedded.world.sampling import sample_program
from backend.gate import gate_asset

GREY = (0.5, 0.5, 0.5)


def sash_window() -> Program:
    """A window whose lower sash slides up."""
    rng = np.random.default_rng(3)
    while True:
        program = sample_program(rng, "window")
        if any(n.kind == "sash" and n.values["motion"] == 1.0 for n in program.nodes):
            return program


def buried_slider() -> Program:
    """A slider on the root box's front, with a block standing out over it."""
    return boxed(
        "press_lever",
        0.2,
        0.2,
        0.2,
        [
            node("block", GREY, form="box", **filling(), material="abs"),
            node("block", GREY, form="box", **filling(0.1, 0.9, -0.2, 0.5, 0.1, 0.9), material="abs"),
            node(
                "slider",
                GREY,
                **on("front", 0.3, 0.7, 0.3, 0.7),
                depth=0.1,
                form="block",
                way="up",
                travel=0.1,
                open=0.0,
                material="abs",
            ),
        ],
    )


def tight_drawer() -> Program:
    """A chest whose inset front is wider than its opening."""
    rng = np.random.default_rng(5)
    while True:
        program = sample_program(rng, "storage_furniture")
        drawers = [n for n in program.nodes if n.kind == "drawer" and n.values["mount"] == 1.0]
        if drawers:
            drawers[0].values["u0"] -= 0.02
            return program


def blocked_window() -> Program:
    """A window whose upper member was read as filling the opening."""
    program = sash_window()
    header = max((n for n in program.nodes if n.kind == "block"), key=lambda n: n.values["z0"])
    header.values["z0"] = 0.1
    return program


def touching_hands() -> Program:
    """A clock whose hands were read as lying in each other."""
    program = sample_program(np.random.default_rng(7), "clock")
    hands = [n for n in program.walk() if n.kind == "hand"]
    assert len(hands) >= 2
    for hand in hands:
        hand.values["lift"] = hands[0].values["lift"]
    return program


def sunk_jug() -> Program:
    """A coffee machine whose jug was read as standing a little in the hot plate."""
    rng = np.random.default_rng(1)
    while True:
        program = sample_program(rng, "coffee_machine")
        for n in program.nodes:
            if n.kind == "tray" and n.values["travel"] == 1.0:
                n.values["z0"] -= 0.02
                return program


@pytest.mark.parametrize("make", [buried_slider, tight_drawer, blocked_window, touching_hands, sunk_jug])
def test_what_overlaps_is_mended(make) -> None:  # type: ignore[no-untyped-def]
    program = make()
    broken = to_asset(program)
    assert not gate_asset(broken).ok
    mended, asset, _ = repair(program, to_asset)
    report = gate_asset(asset)
    assert report.ok, report.text()
    assert len(asset.joints) == len(broken.joints)
    assert program == make(), "the given program is not touched"
    assert mended != program


def test_a_sound_program_stays_as_it_is() -> None:
    program = sash_window()
    mended, asset, notes = repair(program, to_asset)
    assert mended == program
    assert asset == to_asset(program)
    assert notes == ()

# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn over the viewport while a scene plays: the pull of the hand, and how it goes."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from bpy.types import SpaceView3D

from ..operators.simulation_player import theatre
from ..operators.view import ui_scale, view_direction, world_per_pixel
from .drawing import blended, draw_lines, draw_text, line_batch
from .palette import BRIGHT, DARK, WRONG, colour

PULL = (1.0, 0.62, 0.12)
FAST = (0.65, 0.65, 0.65)
RING = 24
"""Corners of a ring."""


_drawn: list[Any] = []


def register() -> None:
    """Draw whenever something plays; nothing is done while nothing does."""
    _drawn.append(SpaceView3D.draw_handler_add(draw_hold, (), "WINDOW", "POST_VIEW"))
    _drawn.append(SpaceView3D.draw_handler_add(draw_status, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Draw no more."""
    while _drawn:
        SpaceView3D.draw_handler_remove(_drawn.pop(), "WINDOW")


def draw_hold() -> None:
    """A line from the held point to the hand, with a ring at either end."""
    player = theatre.player
    context = bpy.context
    if player is None or player.hold is None or context.region_data is None:
        return
    hold = player.hold
    place, target = np.array(hold.place), np.array(hold.target)
    lines = line_batch(np.array([place, target]))
    rings = line_batch(np.concatenate([_ring(place, 5.0), _ring(target, 8.0)]))
    scale = ui_scale(context)
    rgb = FAST if hold.fast else PULL
    with blended():
        for batch, width in ((lines, 2.0), (rings, 2.0)):
            draw_lines(batch, colour(DARK, 0.6), (width + 2.0) * scale)
            draw_lines(batch, colour(rgb, 1.0), width * scale)


def draw_status() -> None:
    """One line at the lower left: that it plays, how fast, and what is recorded."""
    player = theatre.player
    context = bpy.context
    if player is None or context.region is None:
        return
    scale = ui_scale(context)
    x, y = 20.0 * scale, 22.0 * scale
    if not player.playing:
        draw_text("Starting the simulation", x, y, colour(BRIGHT, 1.0), scale, size=13.0)
        return
    assert player.feed is not None
    what = "Paused" if player.paused else f"Playing  {player.feed.pace.factor:.2f} x real time"
    draw_text(what, x, y, colour(BRIGHT, 1.0), scale, size=13.0)
    if player.hold is not None and player.hold.fast:
        draw_text(
            f"{player.hold.name} is held fast", x, y + 20.0 * scale, colour(FAST, 1.0), scale, size=13.0
        )
    if context.window_manager.simready_simulation.record or player.recorded:
        on = context.window_manager.simready_simulation.record
        text = f"{'Recording' if on else 'Recorded'} {len(player.recorded)} frames"
        draw_text(text, x, y + 40.0 * scale, colour(WRONG if on else BRIGHT, 1.0), scale, size=13.0)


def _ring(middle: np.ndarray, pixels: float) -> np.ndarray:
    """Ends of lines (2 N, 3) of a ring that faces the viewer."""
    context = bpy.context
    radius = pixels * ui_scale(context) * world_per_pixel(context, middle)
    normal = view_direction(context, middle)
    helper = np.eye(3)[int(np.argmin(np.abs(normal)))]
    across = np.cross(normal, helper)
    across /= np.linalg.norm(across)
    along = np.cross(normal, across)
    angles = np.linspace(0.0, 2.0 * np.pi, RING + 1)
    points = middle + radius * (np.outer(np.cos(angles), across) + np.outer(np.sin(angles), along))
    return np.stack([points[:-1], points[1:]], axis=1).reshape(-1, 3)

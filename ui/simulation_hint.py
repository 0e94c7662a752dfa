# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn over the viewport while a scene plays: the pull of the hand, and how it goes."""

from __future__ import annotations

from typing import Any

import blf
import bpy
import numpy as np
from bpy.types import SpaceView3D

from ..operators.common import counted
from ..operators.simulation_player import theatre
from ..operators.view import free_width, ui_scale, view_direction, world_per_pixel
from .drawing import blended, draw_lines, draw_text, line_batch
from .palette import BRIGHT, DARK, WRONG, colour

PULL = (1.0, 0.62, 0.12)
FAST = (0.65, 0.65, 0.65)
SIZE = 14.0
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
    """Words at the lower middle: that it plays, how fast, what is recorded."""
    player = theatre.player
    context = bpy.context
    if player is None or context.region is None:
        return
    record = context.window_manager.simready_simulation.record
    if not player.playing or player.feed is None:
        lines = [("Starting the simulation", BRIGHT)]
    elif player.frames:
        lines = [(f"Simulating  {player.fraction:.0%}", BRIGHT)]
    else:
        lines = [
            ("Paused" if player.paused else f"Playing  {player.feed.pace.factor:.2f} x real time", BRIGHT)
        ]
        if player.hold is not None and player.hold.fast:
            lines.append((f"{player.hold.name} is held fast", FAST))
        if record or player.recorded:
            what = "Recording" if record else "Recorded"
            lines.append((f"{what}  {counted(len(player.recorded), 'frame')}", WRONG if record else BRIGHT))
    scale = ui_scale(context)
    left, right = free_width(context)
    for number, (text, rgb) in enumerate(lines):
        blf.size(0, SIZE * scale)
        x = (left + right - blf.dimensions(0, text)[0]) / 2.0
        draw_text(text, x, (24.0 + 20.0 * number) * scale, colour(rgb, 1.0), scale, size=SIZE)


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

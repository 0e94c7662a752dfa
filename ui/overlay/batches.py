# SPDX-License-Identifier: GPL-3.0-or-later
"""The signs of all joints as a handful of batches on the graphics card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader

from ...physx_blender.geometry.joint_symbols import Stroke, strokes
from ...physx_blender.geometry.pose import Array
from ..palette import KINDS, WRONG
from .gather import Shown

LINE, LINE_OF_FOLLOWER = 0.95, 0.45
AREA, AREA_OF_FOLLOWER, AREA_WRONG = 0.14, 0.07, 0.32


@dataclass(frozen=True)
class Batches:
    """What is drawn: by layer ('axis', 'range'), lines and areas; None where there is nothing."""

    lines: dict[str, Any]
    areas: dict[str, Any]


def build(joints: Iterable[Shown]) -> Batches:
    """Upload the signs; the only place that does."""
    groups: dict[tuple[str, bool], list[tuple[Array, tuple[float, float, float, float]]]] = {}
    for joint in joints:
        for stroke in strokes(joint.symbol):
            groups.setdefault((stroke.layer, stroke.filled), []).append(
                (stroke.points, _colour(joint, stroke))
            )
    lines, areas = {}, {}
    for (layer, filled), items in groups.items():
        content = {
            "pos": np.vstack([points for points, _ in items]).astype(np.float32),
            "color": np.repeat(
                np.array([rgba for _, rgba in items], np.float32),
                [len(points) for points, _ in items],
                axis=0,
            ),
        }
        if filled:
            areas[layer] = batch_for_shader(_area_shader(), "TRIS", content)
        else:
            lines[layer] = batch_for_shader(_line_shader(), "LINES", content)
    return Batches(lines, areas)


def draw(batches: Batches, layers: Iterable[str], width: float) -> None:
    """Draw some layers in world space; `width` of lines in pixels of the screen."""
    for layer in layers:
        if layer in batches.areas:
            shader = _area_shader()
            shader.bind()
            batches.areas[layer].draw(shader)
    for layer in layers:
        if layer in batches.lines:
            shader = _line_shader()
            shader.bind()
            shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
            shader.uniform_float("lineWidth", width)
            batches.lines[layer].draw(shader)


def _colour(joint: Shown, stroke: Stroke) -> tuple[float, float, float, float]:
    rgb = WRONG if stroke.wrong else KINDS[joint.symbol.kind]
    if stroke.filled:
        return (*rgb, AREA_WRONG if stroke.wrong else AREA_OF_FOLLOWER if joint.follows else AREA)
    return (*rgb, LINE_OF_FOLLOWER if joint.follows else LINE)


def _line_shader() -> Any:
    return gpu.shader.from_builtin("POLYLINE_SMOOTH_COLOR")


def _area_shader() -> Any:
    return gpu.shader.from_builtin("SMOOTH_COLOR")

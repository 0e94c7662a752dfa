# SPDX-License-Identifier: GPL-3.0-or-later
"""The signs of all joints as a handful of batches on the graphics card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """What is drawn: by layer ('axis', 'range'), lines and areas; nothing where there is nothing."""

    lines: dict[str, Any]
    areas: dict[str, Any]

    def draw(self, layers: Iterable[str], width: float) -> None:
        """Draw some layers in world space; `width` of lines in pixels of the screen."""
        shader = _area_shader()
        shader.bind()
        for layer in layers:
            if layer in self.areas:
                self.areas[layer].draw(shader)
        shader = _line_shader()
        shader.bind()
        shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
        shader.uniform_float("lineWidth", width)
        for layer in layers:
            if layer in self.lines:
                self.lines[layer].draw(shader)


Group = tuple[str, bool]


class Signs:
    """Signs that have been worked out; of many joints usually one has changed."""

    def __init__(self) -> None:
        self.known: dict[Any, dict[Group, tuple[Array, Array]]] = {}

    def forget(self) -> None:
        """Keep none."""
        self.known = {}

    def build(self, joints: Sequence[Shown], signatures: Sequence[Any]) -> Batches:
        """Upload the signs; the only place that does. signatures: one for each joint, equal where it looks the same."""
        self.known = {
            key: self.known.get(key) or _vertices(joint)
            for joint, key in zip(joints, signatures, strict=True)
        }
        lines, areas = {}, {}
        for group in {g for one in self.known.values() for g in one}:
            found = [one[group] for one in self.known.values() if group in one]
            layer, filled = group
            content = {
                "pos": np.vstack([places for places, _ in found]),
                "color": np.vstack([colours for _, colours in found]),
            }
            if filled:
                areas[layer] = batch_for_shader(_area_shader(), "TRIS", content)
            else:
                lines[layer] = batch_for_shader(_line_shader(), "LINES", content)
        return Batches(lines, areas)


def _vertices(joint: Shown) -> dict[Group, tuple[Array, Array]]:
    """Places (N, 3) and colours (N, 4) of one joint, by layer and whether they are areas."""
    groups: dict[Group, list[Stroke]] = {}
    for stroke in strokes(joint.symbol):
        groups.setdefault((stroke.layer, stroke.filled), []).append(stroke)
    return {
        group: (
            np.vstack([s.points for s in found]).astype(np.float32),
            np.vstack([np.tile(_colour(joint, s), (len(s.points), 1)) for s in found]).astype(np.float32),
        )
        for group, found in groups.items()
    }


def _colour(joint: Shown, stroke: Stroke) -> tuple[float, float, float, float]:
    rgb = WRONG if stroke.wrong else KINDS[joint.symbol.kind]
    if stroke.filled:
        return (*rgb, AREA_WRONG if stroke.wrong else AREA_OF_FOLLOWER if joint.follows else AREA)
    return (*rgb, LINE_OF_FOLLOWER if joint.follows else LINE)


def _line_shader() -> Any:
    return gpu.shader.from_builtin("POLYLINE_SMOOTH_COLOR")


def _area_shader() -> Any:
    return gpu.shader.from_builtin("SMOOTH_COLOR")

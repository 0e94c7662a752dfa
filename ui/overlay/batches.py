# SPDX-License-Identifier: GPL-3.0-or-later
"""The signs of all joints as a handful of batches on the graphics card."""

from __future__ import annotations

from collections.abc import Sequence
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


Group = tuple[str, bool]


@dataclass(frozen=True)
class Batches:
    """What is drawn: places (N, 3) and colours (N, 4) of each group, uploaded when its layers are first asked for.

    All lines of a redraw are one batch: each batch of smooth lines has a price of its own, however few they are.
    """

    vertices: dict[Group, tuple[Array, Array]]
    uploaded: dict[tuple[bool, tuple[str, ...]], Any]

    def draw(self, layers: Sequence[str], width: float) -> None:
        """Draw some layers in world space; `width` of lines in pixels of the screen."""
        areas, lines = self._batch(True, layers), self._batch(False, layers)
        if areas is not None:
            shader = _area_shader()
            shader.bind()
            areas.draw(shader)
        if lines is not None:
            shader = _line_shader()
            shader.bind()
            shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
            shader.uniform_float("lineWidth", width)
            lines.draw(shader)

    def _batch(self, filled: bool, layers: Sequence[str]) -> Any:
        key = (filled, tuple(layers))
        if key not in self.uploaded:
            found = [self.vertices[layer, filled] for layer in layers if (layer, filled) in self.vertices]
            self.uploaded[key] = None
            if found:
                content = {
                    "pos": np.vstack([places for places, _ in found]),
                    "color": np.vstack([colours for _, colours in found]),
                }
                shader, kind = (_area_shader(), "TRIS") if filled else (_line_shader(), "LINES")
                self.uploaded[key] = batch_for_shader(shader, kind, content)
        return self.uploaded[key]


@dataclass(frozen=True)
class Sheet:
    """All signs, each in the frame of its joint: places (N, 3), the number of the joint (N,) and colours (N, 4)."""

    groups: dict[Group, tuple[Array, Array, Array]]

    def placed(self, frames: Array) -> Batches:
        """Where the frames (joints, 4, 4) are now."""
        placed = {}
        for group, (places, owners, colours) in self.groups.items():
            mine = frames[owners]
            there = np.einsum("nij,nj->ni", mine[:, :3, :3], places) + mine[:, :3, 3]
            placed[group] = (there.astype(np.float32), colours)
        return Batches(placed, {})


class Signs:
    """Signs that have been worked out; of many joints usually one has changed."""

    def __init__(self) -> None:
        self.known: dict[Any, dict[Group, tuple[Array, Array]]] = {}

    def forget(self) -> None:
        """Keep none."""
        self.known = {}

    def sheet(self, joints: Sequence[Shown], signatures: Sequence[Any]) -> Sheet:
        """Put the signs together. joints: in their own frames.  signatures: equal for joints that look the same."""
        self.known = {
            key: self.known.get(key) or _vertices(joint)
            for joint, key in zip(joints, signatures, strict=True)
        }
        parts: dict[Group, list[tuple[Array, Array, Array]]] = {}
        for number, key in enumerate(signatures):
            for group, (places, colours) in self.known[key].items():
                parts.setdefault(group, []).append((places, np.full(len(places), number), colours))
        return Sheet(
            {
                group: (
                    np.vstack([p for p, _, _ in found]),
                    np.concatenate([o for _, o, _ in found]),
                    np.vstack([c for _, _, c in found]),
                )
                for group, found in parts.items()
            }
        )


def _vertices(joint: Shown) -> dict[Group, tuple[Array, Array]]:
    """Places (N, 3) and colours (N, 4) of one joint, by layer and whether they are areas."""
    groups: dict[Group, list[Stroke]] = {}
    for stroke in strokes(joint.symbol):
        if joint.has_handles and not stroke.wrong:
            continue
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

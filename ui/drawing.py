# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines, areas and words in the viewport, in sizes that are meant in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import blf
import gpu
import numpy as np
from bpy.types import Context
from gpu_extras.batch import batch_for_shader
from mathutils import Matrix

from ..physx_blender.geometry.pose import Array
from .palette import Colour

TEXT_SIZE = 12.0


def line_batch(ends: Array) -> Any:
    """Pieces of line between the points of each pair (2 M, 3)."""
    return batch_for_shader(line_shader(), "LINES", {"pos": ends.astype(np.float32)})


def area_batch(corners: Array) -> Any:
    """Triangles (3 M, 3)."""
    return batch_for_shader(area_shader(), "TRIS", {"pos": corners.astype(np.float32)})


def line_shader() -> Any:
    """Lines of any width, smoothed."""
    return gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")


def area_shader() -> Any:
    """Areas of one colour."""
    return gpu.shader.from_builtin("UNIFORM_COLOR")


def draw_lines(batch: Any, colour: Colour, width: float, matrix: Matrix | None = None) -> None:
    """Draw what `line_batch` made; `width` in pixels of the screen."""
    shader = line_shader()
    shader.bind()
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", width)
    shader.uniform_float("color", colour)
    _draw(batch, shader, matrix)


def draw_area(batch: Any, colour: Colour, matrix: Matrix | None = None) -> None:
    """Draw what `area_batch` made."""
    shader = area_shader()
    shader.bind()
    shader.uniform_float("color", colour)
    _draw(batch, shader, matrix)


def _draw(batch: Any, shader: Any, matrix: Matrix | None) -> None:
    if matrix is None:
        batch.draw(shader)
        return
    with gpu.matrix.push_pop():
        gpu.matrix.multiply_matrix(matrix)
        batch.draw(shader)


@contextmanager
def blended() -> Iterator[None]:
    """See-through colours, on top of everything, whoever draws next unharmed."""
    depth = gpu.state.depth_test_get()
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("NONE")
    try:
        yield
    finally:
        gpu.state.depth_test_set(depth)
        gpu.state.blend_set("NONE")


def pixels(width: int, height: int) -> Matrix:
    """Projection that lets coordinates be pixels, from the lower left corner."""
    return Matrix(((2.0 / width, 0, 0, -1.0), (0, 2.0 / height, 0, -1.0), (0, 0, -1.0, 0), (0, 0, 0, 1.0)))


@contextmanager
def pixel_space(context: Context) -> Iterator[None]:
    """Draw in pixels of the region, from within a callback that draws in the world."""
    with gpu.matrix.push_pop(), gpu.matrix.push_pop_projection():
        gpu.matrix.load_identity()
        gpu.matrix.load_projection_matrix(pixels(max(context.region.width, 1), max(context.region.height, 1)))
        yield


def draw_text(
    text: str, x: float, y: float, colour: Colour, scale: float, *, size: float = TEXT_SIZE
) -> None:
    """Words with a soft shadow, from (x, y) in pixels of the region."""
    blf.size(0, size * scale)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 5, 0.0, 0.0, 0.0, 0.9)
    blf.shadow_offset(0, 0, 0)
    blf.color(0, *colour)
    blf.position(0, x, y, 0.0)
    blf.draw(0, text)
    blf.disable(0, blf.SHADOW)

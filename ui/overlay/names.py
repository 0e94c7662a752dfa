# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of joints beside their anchors, as many as there is room for.

Each name is written once into a picture; a redraw puts pieces of the picture where they belong, in one go. Writing a hundred
names at every redraw would take longer than all the rest.
"""

from __future__ import annotations

import math
from typing import Any

import blf
import gpu
import numpy as np
from bpy.types import Context
from gpu_extras.batch import batch_for_shader

from ...operators.view import to_pixels, ui_scale
from ...physx_blender.geometry.pose import Array
from ..drawing import pixels
from ..palette import KINDS
from .gather import Shown

SIZE = 11.0
ASIDE = 9.0
PADDING = 3
WIDTH = 1024
FOLLOWER = 0.75


class Names:
    """The picture with all names, and where in it each is."""

    def __init__(self) -> None:
        self.key: tuple[Any, ...] | None = None
        self.picture: Any = None
        self.sizes = np.zeros((0, 2))
        self.corners = np.zeros((0, 2))
        self.height = 1

    def forget(self) -> None:
        """Let go of the picture."""
        self.key, self.picture = None, None

    def draw(self, context: Context, joints: list[Shown], points: Array) -> None:
        """Put the names beside the places (N, 3) of their joints; the nearest first, and none over another."""
        if not joints:
            return
        scale = ui_scale(context)
        key = (scale, *((j.name, j.symbol.kind, j.follows) for j in joints))
        if key != self.key:
            self._write(joints, scale)
            self.key = key
        matrix = np.array(context.region_data.perspective_matrix)
        depth = points @ matrix[3, :3] + matrix[3, 3]
        places = np.floor(to_pixels(context, points) + ASIDE * scale - PADDING)
        chosen = room_for(
            places, self.sizes, np.argsort(depth), (context.region.width, context.region.height)
        )
        if len(chosen):
            self._put(places[chosen], chosen)

    def _write(self, joints: list[Shown], scale: float) -> None:
        """Write all names into a picture, row by row."""
        blf.size(0, SIZE * scale)
        line = math.ceil(blf.dimensions(0, "Ayg|")[1] + SIZE * 0.4 * scale) + 2 * PADDING
        widths = np.array([math.ceil(blf.dimensions(0, j.name)[0]) + 2 * PADDING for j in joints])
        corners, x, y = [], 0, 0
        for width in np.minimum(widths, WIDTH):
            if x + width > WIDTH:
                x, y = 0, y + line
            corners.append((x, y))
            x += int(width)
        self.height = y + line
        self.sizes = np.column_stack([np.minimum(widths, WIDTH), np.full(len(joints), line)]).astype(float)
        self.corners = np.array(corners, float)
        off = gpu.types.GPUOffScreen(WIDTH, self.height, format="RGBA8")
        with off.bind():
            gpu.state.active_framebuffer_get().clear(color=(0.0, 0.0, 0.0, 0.0))
            with gpu.matrix.push_pop(), gpu.matrix.push_pop_projection():
                gpu.matrix.load_identity()
                gpu.matrix.load_projection_matrix(pixels(WIDTH, self.height))
                gpu.state.blend_set("ALPHA")
                blf.enable(0, blf.SHADOW)
                blf.shadow(0, 3, 0.0, 0.0, 0.0, 0.9)
                blf.shadow_offset(0, 0, 0)
                base = PADDING + 0.25 * SIZE * scale
                for joint, (left, low) in zip(joints, corners, strict=True):
                    blf.color(0, *KINDS[joint.symbol.kind], FOLLOWER if joint.follows else 1.0)
                    blf.position(0, left + PADDING, low + base, 0.0)
                    blf.draw(0, joint.name)
                blf.disable(0, blf.SHADOW)
                gpu.state.blend_set("NONE")
        self.picture = off

    def _put(self, places: Array, chosen: Array) -> None:
        square = np.array([(0, 0), (1, 0), (1, 1), (0, 0), (1, 1), (0, 1)], float)
        size = self.sizes[chosen][:, None]
        there = places[:, None] + square * size
        taken = (self.corners[chosen][:, None] + square * size) / (WIDTH, self.height)
        shader = gpu.shader.from_builtin("IMAGE")
        batch = batch_for_shader(
            shader,
            "TRIS",
            {
                "pos": there.reshape(-1, 2).astype(np.float32),
                "texCoord": taken.reshape(-1, 2).astype(np.float32),
            },
        )
        gpu.state.blend_set("ALPHA_PREMULT")  # the picture was mixed with nothing behind it
        shader.bind()
        shader.uniform_sampler("image", self.picture.texture_color)
        batch.draw(shader)
        gpu.state.blend_set("NONE")


def room_for(places: Array, sizes: Array, order: Array, region: tuple[int, int]) -> Array:
    """Numbers of the labels that are shown: in this order, inside the region, and none over one before it.

    places: lower left corners (N, 2), NaN = behind the viewer.  sizes: (N, 2).  All in pixels.
    """
    high = places + sizes
    free = (places >= 0.0).all(axis=1) & (high <= np.array(region)).all(axis=1)  # NaN is not inside
    meets = ((places[:, None] < high[None]) & (places[None] < high[:, None])).all(axis=2)
    shown: list[int] = []
    for k in order:
        if free[k]:
            shown.append(int(k))
            free &= ~meets[k]
    return np.array(shown, int)

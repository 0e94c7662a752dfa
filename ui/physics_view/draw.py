# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what was gathered: batches are made once, and each redraw only places them where the bones are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader
from mathutils import Matrix, Vector

from ...physx_blender.model.display_colours import Rgb
from ..drawing import draw_lines, line_batch
from .gather import MASS_COLOUR, Picture, Piece

NEARER = 2e-4
"""Share of the depth range by which faces are drawn nearer: they often coincide with the part itself."""
FACES = {"collision": 0.62, "ranks": 0.88, "inertia": 0.07}
EDGE = (0.03, 0.03, 0.04, 0.85)
DOT, BIG_DOT = 7.0, 15.0


@dataclass(frozen=True)
class Drawn:
    """What hangs on one bone, on the GPU; without lines where there is no edge."""

    bone: str
    faces: Any
    lines: Any
    colour: Rgb


@dataclass
class Batches:
    """All layers of a picture, on the GPU."""

    picture: Picture
    layers: dict[str, list[Drawn]]

    @staticmethod
    def of(picture: Picture) -> Batches:
        """Hand the triangles and lines over."""
        layers: dict[str, list[Drawn]] = {}
        for name, alpha in FACES.items():
            by_bone: dict[str, list[Piece]] = getattr(picture, name)
            layers[name] = [
                Drawn(
                    bone, _faces(pieces, alpha), None if name == "ranks" else _lines(pieces), pieces[0].colour
                )
                for bone, pieces in by_bone.items()
                if pieces
            ]
        return Batches(picture, layers)

    def draw(self) -> None:
        """Draw into the viewport that is being drawn."""
        rig = bpy.data.objects.get(self.picture.rig)
        if rig is None or not rig.visible_get():
            return
        matrices = self.picture.matrices(rig)
        scale = bpy.context.preferences.system.ui_scale
        for name, drawn in self.layers.items():
            on_top = name == "inertia"
            with _state(on_top):
                for item in drawn:
                    if item.bone not in matrices:
                        continue
                    with gpu.matrix.push_pop():
                        gpu.matrix.multiply_matrix(matrices[item.bone])
                        item.faces.draw(_face_shader())
                        if item.lines is not None:
                            colour = (*item.colour, 0.95) if on_top else EDGE
                            draw_lines(item.lines, colour, (1.8 if on_top else 1.2) * scale)
        if self.picture.masses:
            self._draw_centres(matrices)

    def _draw_centres(self, matrices: dict[str, Matrix]) -> None:
        total, centre = self.picture.centre_of_mass(matrices)
        each = [matrices[b] @ Vector(c) for b, (_, c) in self.picture.masses.items() if b in matrices]
        with _state(on_top=True):
            _draw_dots(each, DOT + 3.0, (0.05, 0.05, 0.05, 1.0))
            _draw_dots(each, DOT, (*MASS_COLOUR, 1.0))
            if total > 0.0:
                _draw_dots([centre], BIG_DOT + 5.0, (0.05, 0.05, 0.05, 1.0))
                _draw_dots([centre], BIG_DOT, (1.0, 1.0, 1.0, 1.0))
                _draw_dots([centre], BIG_DOT - 7.0, (0.05, 0.05, 0.05, 1.0))


def _face_shader() -> Any:
    return gpu.shader.from_builtin("SMOOTH_COLOR")


def _faces(pieces: list[Piece], alpha: float) -> Any:
    corners = np.concatenate([p.triangles.reshape(-1, 3) for p in pieces]).astype(np.float32)
    shades = np.concatenate([np.repeat(p.shades, 3, axis=0) for p in pieces])
    colours = np.column_stack([shades, np.full(len(shades), alpha)]).astype(np.float32)
    return batch_for_shader(_face_shader(), "TRIS", {"pos": corners, "color": colours})


def _lines(pieces: list[Piece]) -> Any:
    ends = np.concatenate([p.edges.reshape(-1, 3) for p in pieces])
    return line_batch(ends) if len(ends) else None  # a ball has no edges


def _draw_dots(points: list[Any], size: float, colour: tuple[float, float, float, float]) -> None:
    shader = gpu.shader.from_builtin("POINT_UNIFORM_COLOR")
    shader.bind()
    shader.uniform_float("color", colour)
    gpu.state.point_size_set(size * bpy.context.preferences.system.ui_scale)
    batch_for_shader(shader, "POINTS", {"pos": [tuple(p) for p in points]}).draw(shader)


@contextmanager
def _state(on_top: bool) -> Iterator[None]:
    """See-through faces, just in front of what they lie on, or on top of everything; whoever draws next is unharmed."""
    depth = gpu.state.depth_test_get()
    gpu.state.blend_set("ALPHA")
    gpu.state.face_culling_set("BACK")
    gpu.state.depth_test_set("NONE" if on_top else "LESS_EQUAL")
    try:
        with gpu.matrix.push_pop_projection():
            nearer = Matrix.Identity(4)
            nearer[2][3] = -NEARER
            gpu.matrix.load_projection_matrix(nearer @ gpu.matrix.get_projection_matrix())
            yield
    finally:
        gpu.state.depth_test_set(depth)
        gpu.state.face_culling_set("NONE")
        gpu.state.blend_set("NONE")
        gpu.state.point_size_set(1.0)

# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the active joint: ring and sector of a hinge, rail of a slide, cone of a ball, and the axis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from bpy.types import Context, Gizmo
from mathutils import Matrix

from ...operators.joint_drag import ring_radius
from ...operators.view import ui_scale, world_per_pixel
from ...physx_blender.geometry.dragging import arc, fan, pieces
from ...physx_blender.geometry.pose import Array
from ...physx_blender.scene.joint_view import SLIDING, TURNING, JointView
from ..drawing import area_batch, blended, draw_area, draw_lines, line_batch
from ..palette import BRIGHT, DARK, KINDS, colour
from .layout import NEEDLE

AXIS = 1.15
"""Length of the axis arrow, in radii of the ring."""
TICK = 7.0
"""Half the length of the mark at the end of a rail, in pixels."""
LOOSE_RAIL = 110.0
"""What is drawn of a rail without ends, to each side, in pixels."""
CONE_SIDES = 48
BACKGROUND = 2.5
"""Pixels by which the dark line under a coloured one is wider: it makes it legible on any ground."""


class SIMREADY_GT_joint_figure(Gizmo):
    """Everything that cannot be dragged."""

    bl_idname = "SIMREADY_GT_joint_figure"

    __slots__ = ("batches", "view")

    def setup(self) -> None:
        """Nothing is made before it is needed."""
        self.batches: dict[Any, Any] = {}
        self.view: JointView | None = None

    def draw(self, context: Context) -> None:
        """Draw it."""
        view = self.view
        if view is None:
            return
        radius = ring_radius(context, view)
        with blended():
            if view.kind in TURNING:
                self._hinge(context, view, radius)
            if view.kind == "ball":
                self._ball(context, view, radius)
            if view.kind in SLIDING:
                self._rail(context, view)
            if view.kind != "slide":
                self._pivot(context, view, radius)

    def _hinge(self, context: Context, view: JointView, radius: float) -> None:
        low, high = view.angle_limits or (-math.pi, math.pi)
        shown = colour(KINDS[view.kind], 0.5 if view.follows else 0.95)
        matrix = _matrix(view.origin, view.zero, np.cross(view.axis, view.zero), view.axis, radius)
        if ("hinge", low, high) not in self.batches:
            edge = _flat(arc(low, high))
            whole = high - low >= 2.0 * math.pi - 1e-6
            self._keep(
                ("hinge", low, high),
                (
                    line_batch(pieces(_flat(arc(0.0, 2.0 * math.pi)))),
                    area_batch(fan(edge)),
                    line_batch(pieces(edge)),
                    None if whole else line_batch(np.array([[0, 0, 0], edge[0], [0, 0, 0], edge[-1]])),
                ),
            )
        ring, sector, edge, sides = self.batches["hinge", low, high]
        scale = ui_scale(context)
        draw_lines(ring, colour(BRIGHT, 0.25), 1.0 * scale, matrix)
        if view.angle_limits is not None:
            draw_area(sector, colour(KINDS[view.kind], 0.06 if view.follows else 0.12), matrix)
        if sides is not None:
            draw_lines(sides, colour(KINDS[view.kind], 0.55), 1.2 * scale, matrix)
        self._line(edge, shown, 2.2 * scale, matrix)
        needle = NEEDLE if not view.follows else 1.0
        tip = view.origin + needle * radius * view.direction(view.angle)
        self._free_line(np.array([view.origin, tip]), colour(BRIGHT, 0.9), 1.8 * scale)
        if view.kind == "hinge" or abs(float(view.slide @ view.axis)) < 0.99:  # else the rail has the arrow
            self._axis(context, view, view.axis, radius)

    def _axis(self, context: Context, view: JointView, direction: Array, radius: float) -> None:
        """An arrow along the axis; angles count right-handed about it."""
        scale = ui_scale(context)
        if "arrow" not in self.batches:
            tip = np.array([0.0, 0.0, AXIS])
            rim = 0.06 * _flat(arc(0.0, 2.0 * math.pi, math.radians(20.0)))
            hull = tip + fan(rim - (0.0, 0.0, 0.18))
            stem = np.array([[0.0, 0.0, -0.35], [0.0, 0.0, AXIS - 0.18]])
            self.batches["arrow"] = (line_batch(stem), area_batch(hull))
        matrix = _matrix(view.origin, view.zero, np.cross(direction, view.zero), direction, radius)
        stem, head = self.batches["arrow"]
        self._line(stem, colour(KINDS[view.kind], 0.95), 2.0 * scale, matrix)
        draw_area(head, colour(KINDS[view.kind], 0.95), matrix)

    def _rail(self, context: Context, view: JointView) -> None:
        scale = ui_scale(context)
        pixel = scale * world_per_pixel(context, view.origin)
        if view.travel_limits is None:
            now = view.on_rail(view.travel)
            ends = np.array([now - LOOSE_RAIL * pixel * view.slide, now + LOOSE_RAIL * pixel * view.slide])
        else:
            ends = np.array([view.on_rail(t) for t in view.travel_limits])
        shown = colour(KINDS[view.kind], 0.5 if view.follows else 0.95)
        self._free_line(ends, shown, 3.0 * scale)
        side = _towards_side(context, view.slide)
        if view.travel_limits is not None:
            marks = np.concatenate([(e - TICK * pixel * side, e + TICK * pixel * side) for e in ends])
            self._free_line(marks, shown, 2.2 * scale)
        head = 9.0 * pixel
        tip = ends[1] + (34.0 * pixel if view.travel_limits is not None else head) * view.slide
        foot = tip - head * view.slide
        wing = 0.5 * head * side
        draw_area(area_batch(np.array([tip, foot - wing, foot + wing])), shown)
        if view.follows:
            now = view.on_rail(view.travel)
            self._free_line(
                np.array([now - TICK * pixel * side, now + TICK * pixel * side]),
                colour(BRIGHT, 0.9),
                2.0 * scale,
            )

    def _ball(self, context: Context, view: JointView, radius: float) -> None:
        angle = view.angle_limits[1] if view.angle_limits is not None else math.pi
        scale = ui_scale(context)
        if ("cone", angle) not in self.batches:
            ring = arc(0.0, 2.0 * math.pi, 2.0 * math.pi / CONE_SIDES)
            rim = np.column_stack([ring * math.sin(angle), np.full(len(ring), math.cos(angle))])
            spokes = np.stack([np.zeros((4, 3)), rim[: -1 : CONE_SIDES // 4]], axis=1).reshape(-1, 3)
            self._keep(("cone", angle), (area_batch(fan(rim)), line_batch(pieces(rim)), line_batch(spokes)))
        hull, rim, spokes = self.batches["cone", angle]
        matrix = _matrix(view.origin, view.zero, np.cross(view.axis, view.zero), view.axis, radius)
        if view.angle_limits is not None:
            draw_area(hull, colour(KINDS[view.kind], 0.12), matrix)
            draw_lines(spokes, colour(KINDS[view.kind], 0.45), 1.2 * scale, matrix)
            self._line(rim, colour(KINDS[view.kind], 0.95), 2.2 * scale, matrix)
        self._free_line(
            np.array([view.origin, view.origin + radius * view.axis]), colour(BRIGHT, 0.6), 1.2 * scale
        )

    def _pivot(self, context: Context, view: JointView, radius: float) -> None:
        """A small ring around the anchor, in the plane of turning."""
        if "pivot" not in self.batches:
            self.batches["pivot"] = line_batch(pieces(_flat(arc(0.0, 2.0 * math.pi, math.radians(15.0)))))
        matrix = _matrix(view.origin, view.zero, np.cross(view.axis, view.zero), view.axis, 0.1 * radius)
        self._line(self.batches["pivot"], colour(KINDS[view.kind], 0.95), 2.0 * ui_scale(context), matrix)

    def _line(
        self, batch: Any, rgba: tuple[float, float, float, float], width: float, matrix: Matrix
    ) -> None:
        draw_lines(batch, colour(DARK, 0.45 * rgba[3]), width + BACKGROUND, matrix)
        draw_lines(batch, rgba, width, matrix)

    def _free_line(self, ends: Array, rgba: tuple[float, float, float, float], width: float) -> None:
        """A line that moves with every change of joint or view, and so is not kept."""
        self._line(line_batch(ends), rgba, width, Matrix.Identity(4))

    def _keep(self, key: tuple[Any, ...], made: tuple[Any, ...]) -> None:
        """Keep the newest of a kind only: while a limit is dragged every redraw has another."""
        for old in [k for k in self.batches if isinstance(k, tuple) and k[0] == key[0]]:
            del self.batches[old]
        self.batches[key] = made


def _flat(points: Array) -> Array:
    return np.column_stack([points, np.zeros(len(points))])


def _matrix(origin: Array, x: Array, y: Array, z: Array, size: float) -> Matrix:
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2], matrix[:3, 3] = size * x, size * y, size * z, origin
    return Matrix(matrix.tolist())


def _towards_side(context: Context, direction: Array) -> Array:
    """Unit vector (3,) across a direction and across the view."""
    back = np.array(context.region_data.view_matrix.inverted())[:3, 2]
    side = np.cross(direction, back)
    length = float(np.linalg.norm(side))
    return side / length if length > 1e-3 else np.array(context.region_data.view_matrix.inverted())[:3, 0]


CLASSES = (SIMREADY_GT_joint_figure,)

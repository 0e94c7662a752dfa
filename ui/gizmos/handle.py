# SPDX-License-Identifier: GPL-3.0-or-later
"""A dot to drag at: a limit (a diamond in the colour of the joint's kind) or the position (a round, white one)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from bpy.app.translations import pgettext_iface as iface_
from bpy.types import Context, Gizmo
from mathutils import Matrix

from ...operators.joint_drag import LABELS, SIMREADY_OT_drag_joint, readable
from ...operators.view import to_pixels, ui_scale, world_per_pixel
from ...physx_blender.geometry.dragging import arc, fan, pieces
from ...physx_blender.geometry.pose import Array
from ...physx_blender.scene.joint_view import JointView
from ..drawing import (
    area_batch,
    blended,
    draw_area,
    draw_lines,
    draw_text,
    line_batch,
    pixel_space,
)
from ..palette import BRIGHT, DARK, KINDS, colour
from .layout import GRASP, HANDLE_RADIUS, handle_place

TEXT_ASIDE = 14.0


def _flat(outline: Array) -> Array:
    return np.column_stack([outline, np.zeros(len(outline))])


class SIMREADY_GT_joint_handle(Gizmo):
    """One handle; what it is for is `role`."""

    bl_idname = "SIMREADY_GT_joint_handle"

    __slots__ = ("batches", "rig", "role", "view")

    def setup(self) -> None:
        """Make what is drawn, once."""
        self.role, self.rig = "ANGLE", ""
        self.view: JointView | None = None
        self.batches: dict[bool, tuple[Any, Any]] = {}

    def test_select(self, context: Context, location: Any) -> int:
        """Is the mouse at it?"""
        if self.view is None or self.role not in self.view.handles:
            return -1
        place = to_pixels(context, handle_place(context, self.view, self.role)[None])[0]
        near = math.dist(place, location) <= GRASP * ui_scale(context)
        return 0 if near else -1

    def draw(self, context: Context) -> None:
        """Draw it, and beside it what it stands for while the mouse is at it."""
        view = self.view
        if view is None or self.role not in view.handles:
            return
        running = SIMREADY_OT_drag_joint.running
        dragged = running is not None and (running.rig, running.bone, running.handle) == (
            self.rig,
            view.bone,
            self.role,
        )
        lit = dragged or (running is None and self.is_highlight)
        place, scale = handle_place(context, view, self.role), ui_scale(context)
        size = HANDLE_RADIUS * scale * world_per_pixel(context, place) * (1.3 if lit else 1.0)
        matrix = (
            Matrix.Translation(place)
            @ context.region_data.view_rotation.to_matrix().to_4x4()
            @ Matrix.Scale(size, 4)
        )
        position = self.role in ("ANGLE", "TRAVEL")
        area, edge = self._batches(position)
        rgb = BRIGHT if position or lit else KINDS[view.kind]
        with blended():
            draw_area(area, colour(rgb, 1.0 if lit else 0.9), matrix)
            draw_lines(edge, colour(DARK, 0.85), (2.0 if lit else 1.5) * scale, matrix)
            if lit:
                x, y = to_pixels(context, place[None])[0] + TEXT_ASIDE * scale
                with pixel_space(context):
                    text = f"{iface_(LABELS[self.role])}  {readable(self.role, view.value(self.role))}"
                    draw_text(text, x, y, colour(BRIGHT, 1.0), scale)

    def _batches(self, round_one: bool) -> tuple[Any, Any]:
        if round_one not in self.batches:
            outline = (
                arc(0.0, 2.0 * math.pi, math.radians(12.0))[:-1]
                if round_one
                else 1.2 * np.array([(0.0, 1.0), (-1.0, 0.0), (0.0, -1.0), (1.0, 0.0)])
            )
            closed = np.vstack([outline, outline[:1]])
            self.batches[round_one] = (
                area_batch(fan(_flat(closed))),
                line_batch(pieces(_flat(outline), closed=True)),
            )
        return self.batches[round_one]


CLASSES = (SIMREADY_GT_joint_handle,)

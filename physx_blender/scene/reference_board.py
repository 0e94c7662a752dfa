# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference picture as a board that stands beside the asset; no part of it."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Object
from mathutils import Vector

GAP = 0.15
"""Room between board and asset, as a share of the asset's width."""
MARK = "simready_reference_board"


def board_of(rig: Object) -> Object | None:
    """The board of this rig, or None."""
    return next((o for o in rig.children if o.type == "EMPTY" and MARK in o), None)


def make_board(rig: Object, image: Any) -> Object:
    """Stand `image` to the left of the asset, facing its front, as high as the asset."""
    low, high = bounds(rig)
    size = high - low
    width, height = image.size
    tall = size.z if size.z > 1e-6 else 1.0
    wide = tall * (width / height if width and height else 1.0)
    board = bpy.data.objects.new(f"{rig.name} reference", None)
    board[MARK] = True
    board.empty_display_type = "IMAGE"
    board.data = image
    board.empty_display_size = max(tall, wide)
    board.empty_image_side = "DOUBLE_SIDED"
    board.hide_render = True
    (rig.users_collection[0] if rig.users_collection else bpy.context.scene.collection).objects.link(board)
    board.parent = rig
    # an empty's picture lies in its XY plane, centred; upright and facing -y it is turned by a quarter about x
    board.rotation_euler = (1.5707963267948966, 0.0, 0.0)
    gap = GAP * max(size.x, 0.2 * tall)
    board.location = (low.x - gap - wide / 2, (low.y + high.y) / 2, low.z + tall / 2)
    return board


def remove_board(rig: Object) -> None:
    """Take the board away."""
    board = board_of(rig)
    if board is not None:
        bpy.data.objects.remove(board)


def bounds(rig: Object) -> tuple[Vector, Vector]:
    """Lowest and highest corner of the asset's meshes in the rig's space, posed as they are."""
    to_rig = rig.matrix_world.inverted_safe()
    corners = [
        to_rig @ o.matrix_world @ Vector(c)
        for o in rig.children_recursive
        if o.type == "MESH" and o.simready_part.role in ("NONE", "PART")
        for c in o.bound_box
    ]
    if not corners:
        return Vector((-0.5, -0.5, 0.0)), Vector((0.5, 0.5, 1.0))
    low = Vector(tuple(min(c[k] for c in corners) for k in range(3)))
    high = Vector(tuple(max(c[k] for c in corners) for k in range(3)))
    return low, high

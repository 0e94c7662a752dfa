# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference picture in the viewport: before the estimated camera, and beside the asset."""

from __future__ import annotations

import math
from typing import Any

from bpy.types import Context, Object, Operator, Space

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.reference_board import board_of, make_board, remove_board
from ..physx_blender.scene.replacing import reference_camera, reference_of
from . import ids
from .common import active_rig, has_rig, reports_errors
from .view import free_width

MARGIN = 0.92
"""Share of the room in the viewport that the camera's frame fills."""
ZOOMS = (-30.0, 600.0)
"""What Blender takes as zoom of a camera view."""


def has_reference(cls: Any, context: Context) -> bool:
    """`poll`: an asset with a camera and a picture."""
    if not has_rig(cls, context):
        return False
    rig = active_rig(context)
    if rig is None or reference_of(rig) is None:
        cls.poll_message_set("This asset has no reference picture; generate one from a picture")
        return False
    return True


def looks_through(space: Space | None, camera: Object | None) -> bool:
    """Whether a viewport looks through this camera."""
    return (
        camera is not None
        and space is not None
        and space.type == "VIEW_3D"
        and space.region_3d is not None
        and space.region_3d.view_perspective == "CAMERA"
        and space.camera == camera
    )


def fit_picture(background: Any, width: float, height: float) -> None:
    """Scale a background image so that its longer side spans the longer side of a frame of `width` x `height`.

    The camera's angle belongs to the longer side of the picture, and Blender gives it to the longer side of the
    render's frame, whatever its shape; its own fitting goes by the shorter one.
    """
    image_width, image_height = background.image.size
    if not image_width or not image_height:
        return
    shown = min(width / image_width, height / image_height)
    wanted = max(width, height) / max(image_width, image_height)
    background.frame_method = "FIT"
    background.scale = wanted / shown


class SIMREADY_OT_look_through(Operator):
    """Look through the camera that is estimated to have taken the picture, with the picture over it; again to come back"""

    bl_idname = ids.LOOK_THROUGH
    bl_label = "Look Through the Reference Camera"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A reference, and a viewport."""
        if not has_reference(cls, context):
            return False
        if context.space_data is None or context.space_data.type != "VIEW_3D":
            cls.poll_message_set("Use it in a 3D viewport")
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Look, or come back."""
        rig = active_rig(context)
        camera = None if rig is None else reference_camera(rig)
        if camera is None:
            raise AssetError("this asset has no reference camera; generate one from a picture")
        space = context.space_data
        region = space.region_3d
        if looks_through(space, camera):
            region.view_perspective = "PERSP"
            space.use_local_camera = False
            camera.hide_set(True)
            return {"FINISHED"}
        render = context.scene.render
        for background in camera.data.background_images:
            if background.image is not None:
                fit_picture(
                    background,
                    render.resolution_x * render.pixel_aspect_x,
                    render.resolution_y * render.pixel_aspect_y,
                )
        # Blender draws the pictures of visible cameras only
        camera.hide_set(False)
        space.use_local_camera = True
        space.camera = camera
        region.view_perspective = "CAMERA"
        _fit_frame(
            context, [tuple(b.image.size) for b in camera.data.background_images if b.image is not None]
        )
        return {"FINISHED"}


def _fit_frame(context: Context, pictures: list[tuple[int, int]]) -> None:
    """Let the frame of the camera, with the pictures in it, fill what toolbar and sidebar leave of the viewport.

    pictures: their sizes; their longer sides are as long as the frame's.  How Blender places the frame: its longer side
    is `factor` times the longer side of the region, `factor` being (zoom / 50 + sqrt 2)² / 4, and it stands
    2 offset factor widths of the region to the left of the middle.
    """
    view, render = context.space_data.region_3d, context.scene.render
    width, height = float(context.region.width), float(context.region.height)
    left, right = free_width(context)
    frame = (render.resolution_x * render.pixel_aspect_x, render.resolution_y * render.pixel_aspect_y)
    shapes = [(w / max(w, h), h / max(w, h)) for w, h in (frame, *pictures) if w > 0 and h > 0]
    longer = max(width, height)
    factor = MARGIN * min(
        (right - left) / (longer * max(w for w, _ in shapes)), height / (longer * max(h for _, h in shapes))
    )
    if factor <= 0.0:  # the sidebar leaves nothing
        factor, left, right = 0.5, 0.0, width
    view.view_camera_zoom = min(max(50.0 * (2.0 * math.sqrt(factor) - math.sqrt(2.0)), ZOOMS[0]), ZOOMS[1])
    view.view_camera_offset = ((width - left - right) / (4.0 * factor * width), 0.0)


class SIMREADY_OT_reference_board(Operator):
    """Show the reference picture standing beside the asset, as high as the asset, or take it away"""

    bl_idname = ids.REFERENCE_BOARD
    bl_label = "Picture Beside the Asset"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A reference."""
        return has_reference(cls, context)

    def execute(self, context: Context) -> set[str]:
        """Show, or remove."""
        rig = active_rig(context)
        assert rig is not None
        if board_of(rig) is not None:
            remove_board(rig)
        else:
            make_board(rig, reference_of(rig))
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_look_through, SIMREADY_OT_reference_board)

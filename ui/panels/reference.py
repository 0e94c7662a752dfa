# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference picture against the asset."""

from __future__ import annotations

from bpy.types import Context

from ...operators import ids
from ...operators.common import active_rig
from ...operators.reference import looks_through
from ...physx_blender.scene.reference_board import board_of
from ...physx_blender.scene.replacing import reference_camera, reference_of
from .base import Side


class SIMREADY_PT_reference(Side):
    """Compare with the picture."""

    bl_idname = "SIMREADY_PT_reference"
    bl_parent_id = "SIMREADY_PT_generate"
    bl_label = "Compare with the Picture"
    bl_order = 2

    @classmethod
    def poll(cls, context: Context) -> bool:
        """An asset with a picture."""
        rig = active_rig(context)
        return rig is not None and reference_of(rig) is not None

    def draw(self, context: Context) -> None:
        """Through the camera, and beside."""
        rig = active_rig(context)
        camera = None if rig is None else reference_camera(rig)
        if rig is None or camera is None:
            return
        layout = self.layout
        through = looks_through(context.space_data, camera)
        layout.operator(
            ids.LOOK_THROUGH,
            text="Leave the Camera" if through else "Look Through the Camera",
            icon="VIEW_CAMERA",
            depress=through,
        )
        background = next((b for b in camera.data.background_images if b.image is not None), None)
        if background is not None and through:
            layout.prop(background, "alpha", text="Picture Opacity", slider=True)
            layout.row().prop(background, "display_depth", expand=True)
        shown = board_of(rig) is not None
        layout.operator(ids.REFERENCE_BOARD, icon="IMAGE_REFERENCE", depress=shown)


CLASSES = (SIMREADY_PT_reference,)

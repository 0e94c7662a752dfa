# SPDX-License-Identifier: GPL-3.0-or-later
"""From a picture to an asset: the first panel."""

from __future__ import annotations

from bpy.types import Context

from ...operators import ids
from ...operators.backend_session import session
from ...operators.common import active_rig
from ...physx_blender.protocol import JobKind, ServerState
from ..preferences import backend_state, draw_backend, wrapped
from .base import Side, draw_job, draw_outcome

RECOGNISES = (
    "The embedded model knows about fifty kinds of household things: furniture, doors and windows, kitchen appliances, "
    "boxes, bottles and pots, lamps and fans, laptops, phones and printers, hand tools, switches, knobs and levers. It learned "
    "from drawn objects, never from photographs. Give it one whole object; a transparent background is best, a plain one "
    "good. Of anything else it makes the nearest thing it knows, and says so with a low confidence. Sizes and materials are "
    "estimates: check them."
)


class SIMREADY_PT_generate(Side):
    """From a picture."""

    bl_idname = "SIMREADY_PT_generate"
    bl_label = "From a Picture"

    def draw(self, context: Context) -> None:
        """Picture, seed, generate, progress."""
        layout = self.layout
        panel = context.window_manager.simready
        row = layout.row(align=True)
        row.prop(panel, "image", text="")
        row.operator(ids.PASTE_PICTURE, text="", icon="PASTEDOWN")
        row.operator(ids.PICTURE_FROM_EDITOR, text="", icon="IMAGE")
        if not panel.image:
            wrapped(layout, "Choose, paste or drop a picture of one object.", context, "INFO")
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        if panel.image:
            column.prop(panel, "mask")
            column.prop(panel, "seed")
        job = session.job
        if job is None or job.order.kind is not JobKind.GENERATE:
            row = layout.row()
            row.scale_y = 1.4
            row.enabled = bool(panel.image)
            row.operator(ids.GENERATE, icon="SHADERFX")
        else:
            draw_job(layout, context)
        draw_outcome(layout, context, JobKind.GENERATE)
        if session.last_error and session.last_kind is JobKind.GENERATE:
            layout.operator(ids.OPEN_LOG, icon="TEXT")
        if backend_state(context) not in (ServerState.RUNNING, ServerState.STOPPED):
            # who works on an asset already knows that this needs no backend
            draw_backend(layout, context, explain=active_rig(context) is None)


class SIMREADY_PT_model(Side):
    """What to expect."""

    bl_idname = "SIMREADY_PT_model"
    bl_parent_id = "SIMREADY_PT_generate"
    bl_label = "What the Model Recognises"
    bl_order = 3
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Say it plainly."""
        wrapped(self.layout, RECOGNISES, context)


CLASSES = (
    SIMREADY_PT_generate,
    SIMREADY_PT_model,
)

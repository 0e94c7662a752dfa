# SPDX-License-Identifier: GPL-3.0-or-later
"""Where all panels are, and pieces that several share."""

from __future__ import annotations

from bpy.types import Context, Panel, UILayout

from ...operators import ids
from ...operators.backend_session import session
from ...physx_blender.protocol import JobKind
from ..preferences import wrapped

CATEGORY = "SimReady"


class Side(Panel):
    """Where all panels are."""

    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = CATEGORY


def draw_outcome(layout: UILayout, context: Context, kind: JobKind) -> None:
    """How the last job of a kind has ended."""
    if session.last_kind is not kind:
        return
    if session.last_error:
        wrapped(layout, session.last_error, context, "ERROR")
    elif session.last_message:
        wrapped(layout, session.last_message, context, "CHECKMARK" if session.last_good else "CANCEL")


def draw_job(layout: UILayout, context: Context) -> None:
    """The running job."""
    job = session.job
    if job is None:
        return
    row = layout.row(align=True)
    text = "Cancelling" if job.cancelling else (job.progress.stage or "waiting").capitalize()
    row.progress(factor=job.progress.fraction, text=text)
    row.operator(ids.CANCEL, text="", icon="X")
    if job.progress.message:
        wrapped(layout, job.progress.message, context)
        layout.separator(factor=0.5)


def kilograms(mass: float) -> str:
    """A mass as people read it."""
    return f"{1000 * mass:.3g} g" if mass < 0.1 else f"{mass:.3g} kg"

# SPDX-License-Identifier: GPL-3.0-or-later
"""The running job in Blender's status bar, as a render shows itself there."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.app.translations import pgettext_iface as iface_

_shown: dict[str, str] = {}
"""Text by workspace; set only when it changes, because each setting draws the whole bar anew."""


def status_text(job: Any) -> str:
    """One line: what is done, how far it is, and how to stop it."""
    if job.cancelling:
        return f"SimReady: {iface_('Cancelling')}"
    stage = iface_((job.progress.stage or "waiting").capitalize())
    return f"SimReady: {stage} {job.progress.fraction:.0%}   |   {iface_('Esc over a 3D viewport cancels')}"


def show(job: Any) -> None:
    """Show the job in all windows; None gives the bar back to Blender."""
    text = "" if job is None else status_text(job)
    manager = bpy.context.window_manager
    for workspace in {w.workspace for w in manager.windows} if manager is not None else ():
        if _shown.get(workspace.name, "") != text:
            workspace.status_text_set_internal(text or None)
            _shown[workspace.name] = text
    if not text:
        # a workspace that was left while a job ran must not keep its text
        for name in [n for n, shown in _shown.items() if shown]:
            if name in bpy.data.workspaces:
                bpy.data.workspaces[name].status_text_set_internal(None)
        _shown.clear()

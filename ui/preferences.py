# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: the backend, its state and its environment."""

from __future__ import annotations

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import AddonPreferences, Context, UILayout

from ..operators import extension, ids
from ..operators.backend_session import session
from ..operators.backend_setup import setup
from ..physx_blender.protocol import ServerState

STATES = {
    ServerState.NOT_INSTALLED: ("Not set up", "ERROR"),
    ServerState.STOPPED: ("Stopped; starts with the first job", "PAUSE"),
    ServerState.STARTING: ("Starting", "TIME"),
    ServerState.RUNNING: ("Running", "CHECKMARK"),
    ServerState.FAILED: ("Failed", "ERROR"),
    ServerState.UPDATE_REQUIRED: ("Update required", "ERROR"),
}


def backend_state(context: Context) -> ServerState:
    """State of the backend, including that there is none."""
    settings = extension.preferences(context)
    if session.process is None and not settings.use_remote and extension.backend_python(context) is None:
        return ServerState.NOT_INSTALLED
    return session.state()


def draw_backend(layout: UILayout, context: Context) -> None:
    """State of the backend and what can be done about it."""
    state = backend_state(context)
    text, icon = STATES.get(state, (state.value, "INFO"))
    settings = extension.preferences(context)
    if settings.use_remote:
        text, icon = f"At {settings.remote_address or '(no address)'}", "URL"
    layout.label(text=f"Backend: {text}", icon=icon)
    row = layout.row(align=True)
    if setup.running:
        row.progress(factor=setup.fraction, text=setup.message)
        row.operator(ids.BACKEND_SETUP_CANCEL, text="", icon="X")
    elif state is ServerState.NOT_INSTALLED:
        row.operator(ids.BACKEND_SETUP, text="Set Up Backend...", icon="IMPORT")
    elif state in (ServerState.RUNNING, ServerState.STARTING) and not settings.use_remote:
        row.operator(ids.BACKEND_STOP, text="Stop", icon="SNAP_FACE")
    else:
        row.operator(ids.BACKEND_START, text="Try" if settings.use_remote else "Start", icon="PLAY")
    error = setup.error or (
        str(session.process.error) if session.process is not None and session.process.error else ""
    )
    if error:
        wrapped(layout, error, context, "ERROR")


def wrapped(layout: UILayout, text: str, context: Context, icon: str = "NONE") -> None:
    """Text over as many lines as the width of the region needs."""
    width = max(20, int(context.region.width / (7.2 * context.preferences.system.ui_scale)) - 6)
    column = layout.column(align=True)
    column.scale_y = 0.8
    line = ""
    lines = []
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    for number, item in enumerate([*lines, line]):
        column.label(text=item, icon=icon if number == 0 else ("BLANK1" if icon != "NONE" else "NONE"))


class SimReadyPreferences(AddonPreferences):
    """Settings of the extension."""

    bl_idname = extension.ROOT_PACKAGE

    backend_python: StringProperty(
        name="Python",
        description="Python of an existing backend environment; empty = the one made by Set Up",
        subtype="FILE_PATH",
    )
    package_index: StringProperty(
        name="Package Index",
        description="Address of a further package index for the set-up, for example one with the CPU build of torch",
    )
    use_remote: BoolProperty(
        name="Backend on Another Machine", description="Use a backend that somebody has started there"
    )
    remote_address: StringProperty(name="Address", description="host:port, as that backend has printed it")
    remote_token: StringProperty(
        name="Token", description="As that backend has printed it", subtype="PASSWORD"
    )

    def draw(self, context: Context) -> None:
        """Draw the preferences."""
        layout = self.layout
        box = layout.box()
        draw_backend(box, context)
        box.operator(ids.OPEN_LOG, icon="TEXT")
        column = layout.column()
        column.use_property_split = True
        column.prop(self, "use_remote")
        if self.use_remote:
            column.prop(self, "remote_address")
            column.prop(self, "remote_token")
        else:
            column.prop(self, "backend_python", placeholder=str(extension.backend_python(context) or ""))
            column.prop(self, "package_index")
            row = column.row()
            row.operator(
                ids.BACKEND_SETUP,
                text="Set Up Again..." if extension.backend_python(context) else "Set Up...",
            )
        if not bpy.app.online_access:
            wrapped(
                layout,
                "Online access is off. Everything works without it, but setting up the backend needs downloads.",
                context,
                "INFO",
            )


CLASSES = (SimReadyPreferences,)

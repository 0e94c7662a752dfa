# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences: the backend, its state and its environment."""

from __future__ import annotations

import unicodedata

import bpy
from bpy.app.translations import pgettext_iface as iface_
from bpy.props import BoolProperty, StringProperty
from bpy.types import AddonPreferences, Context, UILayout

from ..operators import extension, ids
from ..operators.backend_session import session
from ..operators.backend_setup import setup
from ..physx_blender.protocol import ServerState

STATES = {
    ServerState.NOT_INSTALLED: (
        "Not set up yet",
        "INFO",
        "Importing, editing, checking and exporting work already. To generate assets from pictures and to "
        "simulate, set up the backend once.",
    ),
    ServerState.STOPPED: ("Ready", "CHECKMARK", "It starts by itself with the first job."),
    ServerState.STARTING: ("Starting", "TIME", ""),
    ServerState.RUNNING: ("Running", "CHECKMARK", "It ends with Blender."),
    ServerState.FAILED: ("Failed", "ERROR", "Open the log to see why, or set it up again."),
    ServerState.UPDATE_REQUIRED: (
        "Update required",
        "ERROR",
        "The extension is newer than it: set it up again.",
    ),
}
"""Headline, icon and what it means, by state."""


def backend_state(context: Context) -> ServerState:
    """State of the backend, including that there is none."""
    settings = extension.preferences(context)
    if session.process is None and not settings.use_remote and extension.backend_python(context) is None:
        return ServerState.NOT_INSTALLED
    return session.state()


def draw_backend(layout: UILayout, context: Context, explain: bool = True) -> None:
    """State of the backend and the one thing to do about it; explain: and what the state means."""
    state = backend_state(context)
    text, icon, meaning = STATES.get(state, (state.value, "INFO", ""))
    settings = extension.preferences(context)
    row = layout.row()
    if settings.use_remote:
        row.label(
            text=f"{iface_('Backend at')} {settings.remote_address or '-'}", icon="URL", translate=False
        )
        meaning = ""
    elif setup.running:
        row.label(text="The backend is being set up", icon="TIME")
        meaning = "You can go on working."
    else:
        row.label(text=f"{iface_('Backend')}: {iface_(text)}", icon=icon, translate=False)
    if meaning and explain:
        wrapped(layout, meaning, context)
    row = layout.row(align=True)
    if setup.running:
        row.progress(factor=setup.fraction, text=iface_(setup.message))
        row.operator(ids.BACKEND_SETUP_CANCEL, text="", icon="X")
    elif state is ServerState.NOT_INSTALLED:
        if not bpy.app.online_access:
            wrapped(row.column(), "The set-up downloads packages. Allow that first:", context, "INFO")
            layout.prop(context.preferences.system, "use_online_access")
            row = layout.row(align=True)
        row.scale_y = 1.6
        row.operator(ids.BACKEND_SETUP, text="Set Up", icon="IMPORT")
    elif state in (ServerState.RUNNING, ServerState.STARTING) and not settings.use_remote:
        row.operator(ids.BACKEND_STOP, text="Stop", icon="SNAP_FACE")
    else:
        row.operator(
            ids.BACKEND_START, text="Try Connection" if settings.use_remote else "Start", icon="PLAY"
        )
    error = setup.error or (
        str(session.process.error) if session.process is not None and session.process.error else ""
    )
    if error:
        wrapped(layout, error, context, "ERROR")


def _width(text: str) -> int:
    """Width in halves of an East Asian character, which is about that of a Latin one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pieces(text: str) -> list[str]:
    """Words, and single characters where a script has no spaces; each with the space that follows it."""
    pieces: list[str] = []
    word = ""
    for c in text:
        if unicodedata.east_asian_width(c) in "WF":
            pieces += [word, c] if word else [c]
            word = ""
        elif c == " ":
            pieces.append(word + c)
            word = ""
        else:
            word += c
    return [*pieces, word] if word else pieces


def lines_of(text: str, width: int) -> list[str]:
    """`text` over lines of at most `width` Latin characters; no line begins with a full stop or comma."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(" ".join(text.split())):
        if line.strip() and _width((line + piece).rstrip()) > width and piece not in "、。）」":
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def wrapped(layout: UILayout, text: str, context: Context, icon: str = "NONE") -> None:
    """Text in the user's language over as many lines as the width of the region needs."""
    width = max(20, int(context.region.width / (6.8 * context.preferences.system.ui_scale)) - 6)
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(lines_of(iface_(text), width)):
        shown = icon if number == 0 else ("BLANK1" if icon != "NONE" else "NONE")
        column.label(text=line, icon=shown, translate=False)


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
        """What a newcomer needs, then what is rarely needed."""
        layout = self.layout
        box = layout.box()
        draw_backend(box, context)
        row = box.row()
        row.alignment = "LEFT"
        row.operator(ids.OPEN_LOG, icon="TEXT", emboss=False)
        header, body = layout.panel("simready_advanced", default_closed=True)
        header.label(text="Advanced")
        if body is not None:
            self._advanced(body, context)

    def _advanced(self, layout: UILayout, context: Context) -> None:
        column = layout.column()
        column.use_property_split = True
        column.prop(self, "use_remote")
        if self.use_remote:
            column.prop(self, "remote_address")
            column.prop(self, "remote_token")
            return
        column.prop(self, "backend_python", placeholder=str(extension.backend_python(context) or ""))
        column.prop(self, "package_index")
        if extension.backend_python(context) is not None:
            column.row().operator(ids.BACKEND_SETUP, text="Set Up Again...")


CLASSES = (SimReadyPreferences,)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Start, stop and set up the backend by hand."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Operator

from ..physx_blender.errors import AssetError
from . import extension, ids
from .backend_session import session
from .backend_setup import DOWNLOAD_TEXT, candidate_pythons, setup
from .common import reports_errors


class SIMREADY_OT_backend_start(Operator):
    """Start the backend now (otherwise it starts with the first job)"""

    bl_idname = ids.BACKEND_START
    bl_label = "Start Backend"

    wait: BoolProperty(name="Wait", description="Come back only when it runs", options={"SKIP_SAVE"})

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Start."""
        session.start(context, wait=self.wait or bpy.app.background)
        return {"FINISHED"}


class SIMREADY_OT_backend_stop(Operator):
    """Stop the backend and what it is working on"""

    bl_idname = ids.BACKEND_STOP
    bl_label = "Stop Backend"

    def execute(self, context: Context) -> set[str]:
        """Stop."""
        session.stop(wait=bpy.app.background)
        return {"FINISHED"}


class SIMREADY_OT_backend_setup(Operator):
    """Make the backend's own Python environment; asks before anything is downloaded"""

    bl_idname = ids.BACKEND_SETUP
    bl_label = "Set Up Backend"

    python: StringProperty(
        name="Python",
        description="Python 3.11, 3.12 or 3.13 to make the environment with",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )
    use_gpu: BoolProperty(
        name="NVIDIA GPU",
        description="Allow the CUDA build of torch, which needs several gigabytes",
        options={"SKIP_SAVE"},
    )
    agreed: BoolProperty(name="Download and install", options={"SKIP_SAVE"})

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Downloads need the user's leave."""
        if not bpy.app.online_access:
            cls.poll_message_set("Allow Online Access first (Preferences > System > Network)")
            return False
        if setup.running:
            cls.poll_message_set("The set-up is running already; wait for it, or cancel it")
            return False
        return True

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Show what will happen and ask."""
        self.python = self.python or str(next(iter(candidate_pythons()), ""))
        return context.window_manager.invoke_props_dialog(self, width=460)

    def draw(self, context: Context) -> None:
        """The consent."""
        column = self.layout.column()
        for line in DOWNLOAD_TEXT:
            column.label(text=line)
        column.label(text=f"Folder: {extension.environment_folder()}")
        column.prop(self, "python")
        column.prop(self, "use_gpu")
        column.prop(self, "agreed")

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Begin."""
        if not self.agreed:
            raise AssetError("nothing was downloaded, because 'Download and install' was not ticked")
        if not self.python:
            raise AssetError("no Python 3.11, 3.12 or 3.13 was found; install one and name it here")
        session.stop(wait=False)
        index = extension.preferences(context).package_index
        setup.start(Path(bpy.path.abspath(self.python)), cuda=self.use_gpu, index=index)
        return {"FINISHED"}


class SIMREADY_OT_backend_setup_cancel(Operator):
    """Stop the set-up; what was downloaded is removed"""

    bl_idname = ids.BACKEND_SETUP_CANCEL
    bl_label = "Cancel Set-up"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """It must be running."""
        return setup.running

    def execute(self, context: Context) -> set[str]:
        """Stop."""
        setup.cancel()
        return {"FINISHED"}


class SIMREADY_OT_open_log(Operator):
    """Open the newest log of the backend, or of its set-up, in the program that your system opens .log files with"""

    bl_idname = ids.OPEN_LOG
    bl_label = "Open Log"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be one."""
        if newest_log() is None:
            cls.poll_message_set(
                "There is no log yet; it begins with the first start or set-up of the backend"
            )
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Open."""
        log = newest_log()
        if log is None:
            raise AssetError("there is no log yet")
        bpy.ops.wm.path_open(filepath=str(log))
        return {"FINISHED"}


def newest_log() -> Path | None:
    """The log that was written last, or None."""
    logs = [p for p in extension.user_folder("logs").glob("*.log") if p.is_file()]
    return max(logs, key=lambda p: p.stat().st_mtime, default=None)


CLASSES = (
    SIMREADY_OT_backend_start,
    SIMREADY_OT_backend_stop,
    SIMREADY_OT_backend_setup,
    SIMREADY_OT_backend_setup_cancel,
    SIMREADY_OT_open_log,
)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring assets of all formats into the scene."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Operator
from bpy_extras.io_utils import ImportHelper

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import load_asset
from ..physx_blender.scene import asset_to_scene
from . import ids
from .common import counted, reports_errors


class SIMREADY_OT_import_asset(Operator, ImportHelper):
    """Import an asset package, an MJCF, a URDF or a PhysX-Anything result folder as a rig"""

    bl_idname = ids.IMPORT
    bl_label = "Import Asset"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.urdf;*.xml;*.mjcf;asset.json;basic_info.txt", options={"HIDDEN"})
    use_folder: BoolProperty(
        name="Use Folder",
        description="Import the folder of the chosen file as a whole (an asset package or a PhysX-Anything result)",
        default=False,
    )

    def invoke(self, context: Context, event: Event) -> set[str]:
        """A dropped file is imported at once."""
        return self.execute(context) if self.filepath else ImportHelper.invoke(self, context, event)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Read and build."""
        if not self.filepath:
            raise AssetError("choose a file or a folder to import")
        path = Path(bpy.path.abspath(self.filepath))
        if self.use_folder and path.is_file():
            path = path.parent
        asset = load_asset(path)
        asset_to_scene(asset, context)
        for note in asset.provenance.notes:
            self.report({"WARNING"}, note)
        parts, joints = counted(len(asset.parts), "part"), counted(len(asset.joints), "joint")
        self.report({"INFO"}, f"Imported {asset.name}: {parts}, {joints}")
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_import_asset,)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring assets of all formats into the scene."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Operator
from bpy_extras.io_utils import ImportHelper

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import load_asset
from ..physx_blender.scene.asset_to_scene import building
from ..physx_blender.steps import Steps, aside, scaled
from . import ids
from .common import counted
from .sliced import Sliced, report_notes


class ImportOptions(ImportHelper):
    """What may be chosen beside the file."""

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.urdf;*.xml;*.mjcf;asset.json;basic_info.txt", options={"HIDDEN"})
    use_folder: BoolProperty(
        name="Use Folder",
        description="Import the folder of the chosen file as a whole (an asset package or a PhysX-Anything result)",
        default=False,
    )


class SIMREADY_OT_import_asset(Operator, Sliced, ImportOptions):
    """Import an asset package, an MJCF, a URDF or a PhysX-Anything result folder as a rig"""

    bl_idname = ids.IMPORT
    bl_label = "Import Asset"
    bl_options = {"REGISTER", "UNDO"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """A dropped file is imported at once; without one ask for it."""
        if self.filepath:
            return self.begin(context)
        bpy.ops.simready.choose_import("INVOKE_DEFAULT", use_folder=self.use_folder)
        return {"CANCELLED"}

    def steps(self, context: Context) -> Steps[set[str]]:
        """Read and build."""
        if not self.filepath:
            raise AssetError("choose a file or a folder to import")
        path = Path(bpy.path.abspath(self.filepath))
        if self.use_folder and path.is_file():
            path = path.parent
        asset = yield from aside("Reading", partial(load_asset, path))
        yield from scaled(building(asset, context), 0.1, 1.0)
        report_notes(self, list(asset.provenance.notes))
        parts, joints = counted(len(asset.parts), "part"), counted(len(asset.joints), "joint")
        self.report({"INFO"}, f"Imported {asset.name}: {parts}, {joints}")
        return {"FINISHED"}


class SIMREADY_OT_choose_import(Operator, ImportOptions):
    """Choose an asset package, an MJCF, a URDF or a PhysX-Anything result folder, and import it as a rig"""

    # An operator of its own, without a step to undo: Blender pushes one when the file has been chosen, and not when all
    # is imported.
    bl_idname = ids.CHOOSE_IMPORT
    bl_label = "Import Asset"
    bl_options = {"INTERNAL"}

    def execute(self, context: Context) -> set[str]:
        """Import what was chosen."""
        bpy.ops.simready.import_asset(
            "INVOKE_DEFAULT", True, filepath=self.filepath, use_folder=self.use_folder
        )
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_import_asset, SIMREADY_OT_choose_import)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the active asset, as it is in the scene, for simulators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty
from bpy.types import Context, Event, Operator
from bpy_extras.io_utils import ExportHelper

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import write_outputs
from ..physx_blender.formats.mjcf import write_mjcf
from ..physx_blender.formats.package import write_package
from ..physx_blender.formats.urdf import write_urdf
from ..physx_blender.model import Asset
from ..physx_blender.scene.simulators import for_simulators
from . import ids
from .common import active_rig, has_rig, read_asset, reports_errors

PLACEMENTS = (
    ("SCENE", "As in the Scene", "The file's origin is the origin of the scene"),
    ("ASSET", "At the Asset's Origin", "Ignore where the rig has been moved and turned to in the scene"),
)


class _Export(ExportHelper):
    """What the exporters share."""

    check_extension = True
    placement: EnumProperty(name="Origin", items=PLACEMENTS, default="SCENE")

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Propose the asset's name."""
        rig = active_rig(context)
        if rig is not None and not self.filepath:
            folder = Path(bpy.data.filepath).parent if bpy.data.filepath else Path.home()
            self.filepath = str(folder / f"{rig.name}{self.filename_ext}")
        return ExportHelper.invoke(self, context, event)

    def export(self, context: Context, write: Callable[[Asset], Path]) -> set[str]:
        """Read the scene, make the asset fit for simulators, write, and say what happened."""
        notes: list[str] = []
        asset = read_asset(context, notes, placed=self.placement == "SCENE")
        asset = for_simulators(asset, notes)
        try:
            path = write(asset)
        except OSError as error:
            raise AssetError(f"cannot be written ({error.strerror or error})", where=self.filepath) from error
        for note in notes:
            self.report({"WARNING"}, note)
        self.report({"INFO"}, f"Exported {asset.name} to {path}")
        return {"FINISHED"}

    def target(self) -> Path:
        """The chosen file."""
        if not self.filepath:
            raise AssetError("choose a file to write")
        return Path(bpy.path.abspath(self.filepath))


class SIMREADY_OT_export_mjcf(Operator, _Export):
    """Write the active asset for MuJoCo, with its meshes and textures beside the file"""

    bl_idname = ids.EXPORT_MJCF
    bl_label = "Export MJCF"
    bl_options = {"PRESET"}
    filename_ext = ".xml"
    filter_glob: StringProperty(default="*.xml;*.mjcf", options={"HIDDEN"})
    use_actuators: BoolProperty(name="Actuators", description="Add a position servo to every hinge and slide")
    use_scene: BoolProperty(
        name="Floor and Lights", description="Make a scene to look at, instead of a prop to include"
    )

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Write."""
        path = self.target()
        return self.export(
            context,
            lambda asset: write_mjcf(
                asset, path.parent, name=path.stem, actuators=self.use_actuators, scene=self.use_scene
            ),
        )


class SIMREADY_OT_export_urdf(Operator, _Export):
    """Write the active asset as URDF, with its meshes and textures beside the file"""

    bl_idname = ids.EXPORT_URDF
    bl_label = "Export URDF"
    bl_options = {"PRESET"}
    filename_ext = ".urdf"
    filter_glob: StringProperty(default="*.urdf", options={"HIDDEN"})
    package: StringProperty(
        name="ROS Package", description="Name files as package://<this>/...; empty = relative to the URDF"
    )

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Write."""
        path = self.target()
        return self.export(
            context,
            lambda asset: write_urdf(asset, path.parent, name=path.stem, package=self.package or None),
        )


class SIMREADY_OT_export_package(Operator):
    """Write everything into one folder: asset.json, MJCF, URDF, meshes and textures"""

    bl_idname = ids.EXPORT_PACKAGE
    bl_label = "Export Package"
    directory: StringProperty(subtype="DIR_PATH", options={"SKIP_SAVE"})
    placement: EnumProperty(name="Origin", items=PLACEMENTS, default="SCENE")
    filepath: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Ask for the folder."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Write."""
        if not self.directory:
            raise AssetError("choose a folder to write to")
        folder = Path(bpy.path.abspath(self.directory))
        notes: list[str] = []
        asset = read_asset(context, notes, placed=self.placement == "SCENE")
        divided = for_simulators(asset, notes)
        write_outputs(divided, folder)
        if divided is not asset:
            # the package keeps the asset as it is; only the files for simulators need convex pieces and PNG
            write_package(asset, folder)
            # which clears away textures that it does not know
            write_mjcf(divided, folder)
        for note in notes:
            self.report({"WARNING"}, note)
        self.report({"INFO"}, f"Exported {asset.name} to {folder}")
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_export_mjcf, SIMREADY_OT_export_urdf, SIMREADY_OT_export_package)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Write assets, as they are in the scene, for simulators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bpy
from bpy.props import EnumProperty, StringProperty
from bpy.types import Context, Event, Object, Operator
from bpy_extras.io_utils import ExportHelper

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import write_outputs
from ..physx_blender.formats.files import write_files
from ..physx_blender.formats.mjcf import write_mjcf
from ..physx_blender.formats.package import write_package
from ..physx_blender.formats.targets import ExportOptions, prepared, ros_package_files, ros_package_name
from ..physx_blender.formats.urdf import write_urdf
from ..physx_blender.formats.usd import write_usd
from ..physx_blender.model import Asset
from ..physx_blender.model.names import clean_name
from ..physx_blender.scene.simulators import fitting_for_simulators
from ..physx_blender.steps import Steps, aside
from . import ids
from .common import active_rig, has_rig, reading
from .export_options import PLACEMENTS, MjcfOptions, UrdfOptions, UsdOptions
from .sliced import Sliced, report_notes


def any_rig(context: Context) -> bool:
    """Whether the scene has an asset."""
    return any(o.type == "ARMATURE" and o.simready_asset.is_asset for o in context.scene.objects)


def some_rig(cls: Any, context: Context) -> bool:
    """`poll` of the exporters: an asset to write. A collection's exporter runs with any active object, or none."""
    if any_rig(context):
        return True
    cls.poll_message_set("There is no asset in the scene; generate or import one first")
    return False


def rigs_of_collection(name: str) -> list[Object]:
    """All assets in a collection and those below it; AssetError when there are none."""
    collection = bpy.data.collections.get(name)
    if collection is None:
        raise AssetError("does not exist", where=f"collection {name!r}")
    rigs = [o for o in collection.all_objects if o.type == "ARMATURE" and o.simready_asset.is_asset]
    if not rigs:
        raise AssetError("holds no asset; put the rig of one into it", where=f"collection {name!r}")
    return rigs


class _Export(Sliced, ExportHelper):
    """What the exporters share."""

    check_extension = True
    collection: StringProperty(
        name="Source Collection",
        description="Export all assets of this collection, each into its own folder if there are several; empty = the active one",
        options={"HIDDEN"},
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return some_rig(cls, context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Propose the asset's name."""
        rig = active_rig(context)
        if rig is not None and not self.filepath:
            folder = Path(bpy.data.filepath).parent if bpy.data.filepath else Path.home()
            self.filepath = str(folder / f"{rig.name}{self.filename_ext}")
        self._asked = True
        return ExportHelper.invoke(self, context, event)

    def execute(self, context: Context) -> set[str]:
        """Write, and wait; not where the file was chosen in the window."""
        return self.begin(context) if getattr(self, "_asked", False) else Sliced.execute(self, context)

    def exporting(self, context: Context, write: Callable[[Asset, Path], Path]) -> Steps[set[str]]:
        """Read the scene, make the assets fit for simulators, write them, and say what happened.

        Everything is read before anything is written: one asset that cannot be read keeps all from being written.
        Several get a folder each, because their meshes may have equal names.
        write: called on another thread; it must not ask Blender anything.
        """
        target = self.target()
        notes: list[str] = []
        rigs = rigs_of_collection(self.collection) if self.collection else [None]
        read: list[tuple[Asset, Path]] = []
        taken: list[str] = []
        for rig in rigs:
            asset = yield from reading(context, notes, placed=self.placement == "SCENE", rig=rig)
            path = target
            if rig is not None and len(rigs) > 1:
                taken.append(clean_name(rig.name, taken))
                path = target.parent / target.stem / taken[-1] / f"{taken[-1]}{target.suffix}"
            fit = yield from fitting_for_simulators(asset, notes)
            read.append((prepared(fit, self.writer_options()), path))
        try:
            paths = yield from aside(
                "Writing", lambda: [write(asset, path) for asset, path in read], stoppable=False
            )
        except OSError as error:
            raise AssetError(f"cannot be written ({error.strerror or error})", where=self.filepath) from error
        report_notes(self, notes)
        written = ", ".join(str(p) for p in paths)
        self.report({"INFO"}, f"Exported {', '.join(a.name for a, _ in read)} to {written}")
        return {"FINISHED"}

    def target(self) -> Path:
        """The chosen file."""
        if not self.filepath:
            raise AssetError("choose a file to write")
        path = Path(bpy.path.abspath(self.filepath))
        return path if path.suffix else path.with_suffix(self.filename_ext)


class SIMREADY_OT_export_mjcf(Operator, MjcfOptions, _Export):
    """Write the active asset for MuJoCo (.xml), with its meshes and textures beside the file"""

    bl_idname = ids.EXPORT_MJCF
    bl_label = "Export MJCF"
    bl_options = {"PRESET"}
    filename_ext = ".xml"
    filter_glob: StringProperty(default="*.xml;*.mjcf", options={"HIDDEN"})

    def steps(self, context: Context) -> Steps[set[str]]:
        """Write."""
        actuators, scene = self.use_actuators, self.use_scene
        return self.exporting(
            context,
            lambda asset, path: write_mjcf(
                asset, path.parent, name=path.stem, actuators=actuators, scene=scene
            ),
        )


class SIMREADY_OT_export_urdf(Operator, UrdfOptions, _Export):
    """Write the active asset as URDF for ROS 2, Isaac Sim, PyBullet and others, with meshes and textures beside the file"""

    bl_idname = ids.EXPORT_URDF
    bl_label = "Export URDF"
    bl_options = {"PRESET"}
    filename_ext = ".urdf"
    filter_glob: StringProperty(default="*.urdf", options={"HIDDEN"})
    package: StringProperty(
        name="ROS Package",
        description="Name of the package for package:// paths; empty = as the folder is called, if Package Paths is on",
    )

    def steps(self, context: Context) -> Steps[set[str]]:
        """Write."""
        return self.exporting(context, partial(self._write, self.writer_options(), self.package))

    @staticmethod
    def _write(options: ExportOptions, package: str, asset: Asset, path: Path) -> Path:
        named = package or ros_package_name(path.parent.name)
        uses_package = bool(package) or options.package_paths
        missing = {}
        if options.package_files:
            files = ros_package_files(named, path.name)
            missing = {n: data for n, data in files.items() if not (path.parent / n).exists()}
        done = write_urdf(
            asset, path.parent, name=path.stem, package=named if uses_package else None, options=options
        )
        write_files(path.parent, missing)
        return done


class SIMREADY_OT_export_usd(Operator, UsdOptions, _Export):
    """Write the active asset as USD with UsdPhysics for Isaac Sim, Omniverse and others: bodies, joints, colliders, masses"""

    bl_idname = ids.EXPORT_USD
    bl_label = "Export USD with Physics"
    bl_options = {"PRESET"}
    filename_ext = ".usda"
    filter_glob: StringProperty(default="*.usda;*.usd", options={"HIDDEN"})

    def check(self, context: Context) -> bool:
        """Both suffixes are good as they are typed; anything else gets the usual one."""
        return False if Path(self.filepath).suffix in (".usda", ".usd") else ExportHelper.check(self, context)

    def steps(self, context: Context) -> Steps[set[str]]:
        """Write."""
        return self.exporting(
            context,
            lambda asset, path: write_usd(asset, path.parent, name=path.stem, suffix=path.suffix.lower()),
        )


class SIMREADY_OT_export_package(Operator, Sliced):
    """Write everything into one folder: asset.json, MJCF, URDF, meshes and textures"""

    bl_idname = ids.EXPORT_PACKAGE
    bl_label = "Export Package"
    directory: StringProperty(
        name="Folder", description="Folder to write into", subtype="DIR_PATH", options={"SKIP_SAVE"}
    )
    placement: EnumProperty(
        name="Origin", description="Where the file's origin is", items=PLACEMENTS, default="SCENE"
    )
    filepath: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Ask for the folder."""
        self._asked = True
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        """Write, and wait; not where the folder was chosen in the window."""
        return self.begin(context) if getattr(self, "_asked", False) else Sliced.execute(self, context)

    def steps(self, context: Context) -> Steps[set[str]]:
        """Write."""
        if not self.directory:
            raise AssetError("choose a folder to write to")
        folder = Path(bpy.path.abspath(self.directory))
        notes: list[str] = []
        asset = yield from reading(context, notes, placed=self.placement == "SCENE")
        divided = yield from fitting_for_simulators(asset, notes)
        yield from aside("Writing", partial(_write_all, asset, divided, folder), stoppable=False)
        report_notes(self, notes)
        self.report({"INFO"}, f"Exported {asset.name} to {folder}")
        return {"FINISHED"}


def _write_all(asset: Asset, divided: Asset, folder: Path) -> None:
    write_outputs(divided, folder)
    if divided is not asset:
        # the package keeps the asset as it is; only the files for simulators need convex pieces and PNG
        write_package(asset, folder)
        # which clears away textures that it does not know
        write_mjcf(divided, folder)


CLASSES = (
    SIMREADY_OT_export_mjcf,
    SIMREADY_OT_export_urdf,
    SIMREADY_OT_export_usd,
    SIMREADY_OT_export_package,
)

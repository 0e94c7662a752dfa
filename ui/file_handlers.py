# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens when files are dropped on the window, and which exporters a collection can have."""

from __future__ import annotations

from bpy.types import Context, FileHandler

from ..operators import ids


class _Dropped:
    """Where files may be dropped."""

    @classmethod
    def poll_drop(cls, context: Context) -> bool:
        """Anywhere in the 3D viewport or the outliner."""
        return context.area is not None and context.area.type in ("VIEW_3D", "OUTLINER")


class SIMREADY_FH_mjcf(_Dropped, FileHandler):
    """MJCF: dropped, and as an exporter of a collection"""

    bl_idname = "SIMREADY_FH_mjcf"
    bl_label = "MJCF (MuJoCo)"
    bl_import_operator = ids.IMPORT
    bl_export_operator = ids.EXPORT_MJCF
    bl_file_extensions = ".xml;.mjcf"


class SIMREADY_FH_urdf(_Dropped, FileHandler):
    """URDF: dropped, and as an exporter of a collection"""

    bl_idname = "SIMREADY_FH_urdf"
    bl_label = "URDF"
    bl_import_operator = ids.IMPORT
    bl_export_operator = ids.EXPORT_URDF
    bl_file_extensions = ".urdf"


class SIMREADY_FH_usd(FileHandler):
    """USD with UsdPhysics: as an exporter of a collection; files that are dropped go to Blender's own importer"""

    bl_idname = "SIMREADY_FH_usd"
    bl_label = "USD with Physics"
    bl_export_operator = ids.EXPORT_USD
    bl_file_extensions = ".usda;.usd"


class SIMREADY_FH_package(_Dropped, FileHandler):
    """The asset.json of an asset package"""

    bl_idname = "SIMREADY_FH_package"
    bl_label = "Sim-Ready Asset Package"
    bl_import_operator = ids.IMPORT
    bl_file_extensions = ".json"


class SIMREADY_FH_picture(_Dropped, FileHandler):
    """A picture to generate from; Blender asks whether it shall be that or a reference image"""

    bl_idname = "SIMREADY_FH_picture"
    bl_label = "Picture to Generate from"
    bl_import_operator = ids.SET_PICTURE
    bl_file_extensions = ".png;.jpg;.jpeg;.webp"


CLASSES = (SIMREADY_FH_mjcf, SIMREADY_FH_urdf, SIMREADY_FH_usd, SIMREADY_FH_package, SIMREADY_FH_picture)

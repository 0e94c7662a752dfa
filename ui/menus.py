# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries in Blender's own menus: File > Import and Export, Object, Pose, and the text editor's Text menu."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context, Menu

from ..operators import ids
from ..operators.common import rig_of
from ..operators.export_options import settings_of
from ..physx_blender.formats.targets import MJCF_TARGETS, URDF_TARGETS


def _import(self: Any, context: Context) -> None:
    self.layout.operator(ids.IMPORT, text="Sim-Ready Asset (.urdf, .xml, package)")


def _export(self: Any, context: Context) -> None:
    self.layout.operator(ids.EXPORT_MJCF, text="MJCF for MuJoCo (.xml)")
    self.layout.operator(ids.EXPORT_URDF, text="URDF for ROS, Isaac, PyBullet (.urdf)")
    self.layout.operator(ids.EXPORT_USD, text="USD with Physics for Isaac, Omniverse (.usda)")
    self.layout.operator(ids.EXPORT_PACKAGE, text="Sim-Ready Asset, Everything into a Folder")


def _text(self: Any, context: Context) -> None:
    self.layout.separator()
    self.layout.operator(ids.REBUILD_FROM_TEXT, icon="FILE_REFRESH")


class SIMREADY_MT_object(Menu):
    """What can be done with the selected parts; being in a menu, F3 finds it too"""

    bl_idname = "SIMREADY_MT_object"
    bl_label = "SimReady"

    def draw(self, context: Context) -> None:
        """Joints, poses, and what comes after."""
        layout = self.layout
        # from a header or a search as well: picking needs the viewport itself
        layout.operator_context = "INVOKE_REGION_WIN"
        groups = (
            ((ids.CREATE_JOINT, "ADD"), (ids.GUESS_JOINT, "LIGHT"), (ids.FLIP_AXIS, "ARROW_LEFTRIGHT")),
            (
                (ids.REST_POSE, "LOOP_BACK"),
                (ids.RANDOM_POSE, "MOD_NOISE"),
                (ids.CLOSE_POSE, "FULLSCREEN_EXIT"),
                (ids.OPEN_POSE, "FULLSCREEN_ENTER"),
                (ids.PLAY_JOINTS, "PLAY"),
            ),
            ((ids.CHECK, "VIEWZOOM"), (ids.MAKE_ASSET, "ARMATURE_DATA"), (ids.MARK_ASSET, "ASSET_MANAGER")),
        )
        for number, group in enumerate(groups):
            if number:
                layout.separator()
            for operator, icon in group:
                layout.operator(operator, icon=icon)
            if number == 0:
                layout.operator_menu_enum(ids.PICK_FRAME, "what", icon="RESTRICT_SELECT_OFF")
                layout.operator_menu_enum(ids.MOVE_PIVOT, "target", icon="PIVOT_CURSOR")
                layout.operator_menu_enum(ids.AIM_AXIS, "source", icon="EMPTY_SINGLE_ARROW")
                layout.menu("SIMREADY_MT_links")


def _object(self: Any, context: Context) -> None:
    self.layout.separator()
    self.layout.menu(SIMREADY_MT_object.bl_idname)


def _part(self: Any, context: Context) -> None:
    """In the menu of the right mouse button only where it is about an asset."""
    if rig_of(context.active_object) is not None:
        _object(self, context)


class SIMREADY_MT_export_for(Menu):
    """Export with the settings that a simulator wants"""

    bl_idname = "SIMREADY_MT_export_for"
    bl_label = "Export for"

    def draw(self, context: Context) -> None:
        """One entry per simulator and format."""
        layout = self.layout
        for title, operator, targets in (
            ("MJCF", ids.EXPORT_MJCF, MJCF_TARGETS),
            ("URDF", ids.EXPORT_URDF, URDF_TARGETS),
        ):
            layout.label(text=title)
            for name, options in targets.items():
                button = layout.operator(operator, text=name, translate=False)
                for setting, value in settings_of(options, urdf=operator == ids.EXPORT_URDF).items():
                    setattr(button, setting, value)
            layout.separator()


CLASSES = (SIMREADY_MT_object, SIMREADY_MT_export_for)
_ENTRIES = (
    ("TOPBAR_MT_file_import", _import),
    ("TOPBAR_MT_file_export", _export),
    ("TEXT_MT_text", _text),
    ("VIEW3D_MT_object", _object),
    ("VIEW3D_MT_pose", _object),
    ("VIEW3D_MT_object_context_menu", _part),
    ("VIEW3D_MT_pose_context_menu", _part),
)


def register() -> None:
    """Add the entries."""
    for menu, draw in _ENTRIES:
        getattr(bpy.types, menu).append(draw)


def unregister() -> None:
    """Remove the entries."""
    for menu, draw in reversed(_ENTRIES):
        getattr(bpy.types, menu).remove(draw)

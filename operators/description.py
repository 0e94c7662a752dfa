# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset as text in Blender's text editor, and the asset that the changed text describes."""

from __future__ import annotations

import bpy
from bpy.props import StringProperty
from bpy.types import Context, Event, Operator, Text

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.description import read_description, write_description
from ..physx_blender.scene.replacing import replacing
from ..physx_blender.steps import Steps
from . import ids
from .common import active_rig, has_rig, read_asset, reading, reports_errors
from .sliced import Sliced

SUFFIX = ".asset.toml"


def text_of(rig_name: str) -> Text | None:
    """The text of the asset of this name, if it was written."""
    return bpy.data.texts.get(rig_name + SUFFIX)


class SIMREADY_OT_edit_text(Operator):
    """Write names, materials, shapes and joints of the active asset as text, and open it in a text editor"""

    bl_idname = ids.EDIT_TEXT
    bl_label = "Edit as Text"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Write the text."""
        rig = active_rig(context)
        assert rig is not None
        asset = read_asset(context, [], placed=False)
        text = text_of(rig.name) or bpy.data.texts.new(rig.name + SUFFIX)
        text.from_string(write_description(asset))
        text.cursor_set(0)
        self.report({"INFO"}, f"Wrote {text.name}; change it, then use Rebuild from Text")
        return {"FINISHED"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Write, and show it: in a text editor that is open, else in a window of its own."""
        result = self.execute(context)
        rig = active_rig(context)
        text = text_of(rig.name) if rig is not None else None
        if "FINISHED" in result and text is not None:
            _show(context, text)
        return result


def _show(context: Context, text: Text) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "TEXT_EDITOR":
                area.spaces.active.text = text
                return
    bpy.ops.wm.window_new()
    area = context.window_manager.windows[-1].screen.areas[0]
    area.type = "TEXT_EDITOR"
    area.spaces.active.text = text
    area.spaces.active.show_line_numbers = True


class SIMREADY_OT_rebuild_from_text(Operator, Sliced):
    """Make the active asset what its text says; the asset in the scene is replaced, and Undo brings it back"""

    bl_idname = ids.REBUILD_FROM_TEXT
    bl_label = "Rebuild from Text"
    bl_options = {"REGISTER", "UNDO"}

    text: StringProperty(
        name="Text",
        description="Name of the text; empty = the one of the active asset",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset, and its text."""
        if not has_rig(cls, context):
            return False
        rig = active_rig(context)
        space = context.space_data
        open_text = space is not None and space.type == "TEXT_EDITOR" and space.text is not None
        if not open_text and rig is not None and text_of(rig.name) is None:
            cls.poll_message_set("Use Edit as Text first")
            return False
        return True

    def steps(self, context: Context) -> Steps[set[str]]:
        """Read the text, and build."""
        rig = active_rig(context)
        assert rig is not None
        text = self._text(context, rig.name)
        asset = yield from reading(context, [], placed=False)
        changed = read_description(text.as_string(), asset)
        if changed == asset:
            self.report({"INFO"}, "The text says what the asset is already")
            return {"CANCELLED"}
        new = yield from replacing(rig, changed, context, keep_name=changed.name == asset.name)
        # the heads of its tables are the names of now
        text.name = new.name + SUFFIX
        text.from_string(write_description(changed))
        self.report({"INFO"}, f"Rebuilt {new.name}")
        return {"FINISHED"}

    def _text(self, context: Context, rig: str) -> Text:
        if self.text:
            if self.text not in bpy.data.texts:
                raise AssetError("does not exist; use Edit as Text", where=f"text {self.text!r}")
            return bpy.data.texts[self.text]
        found = text_of(rig)
        space = context.space_data
        if found is None and space is not None and space.type == "TEXT_EDITOR":
            found = space.text
        if found is None:
            raise AssetError("has no text yet; use Edit as Text", where=f"asset {rig!r}")
        return found


CLASSES = (SIMREADY_OT_edit_text, SIMREADY_OT_rebuild_from_text)

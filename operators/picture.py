# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the picture to generate from comes from: a dropped file, the clipboard, an image editor."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import bpy
from bpy.props import StringProperty
from bpy.types import Area, Context, Event, Operator

from ..physx_blender.errors import AssetError
from . import ids
from .common import reports_errors

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
PNG = b"\x89PNG\r\n\x1a\n"
CLIPBOARD_TIME = 0.5
"""Seconds for the program that owns the clipboard to hand its image over."""


def take_picture(context: Context, path: Path) -> None:
    """Make the file the picture of the panel, and show the sidebar, where it goes on."""
    panel = context.window_manager.simready
    panel.image, panel.mask = str(path), ""
    area = context.area
    if area is not None and area.type == "VIEW_3D":
        area.spaces.active.show_region_ui = True


def _new_path(stem: str) -> Path:
    """Place for a picture that goes with the session of Blender."""
    folder = Path(bpy.app.tempdir) / "simready-pictures"
    folder.mkdir(exist_ok=True)
    return folder / f"{stem}_{time.strftime('%H%M%S')}.png"


def _saved(image: Any, what: str) -> Path:
    """A PNG of the image in Blender's folder for this session."""
    path = _new_path(bpy.path.clean_name(Path(image.name).stem) or what)
    settings = bpy.context.scene.render.image_settings
    if image.type == "RENDER_RESULT":
        before = settings.file_format, settings.color_mode
        settings.file_format, settings.color_mode = "PNG", "RGBA"
        try:
            image.save_render(str(path))
        except RuntimeError as error:
            raise AssetError(f"cannot be saved ({error}); render it first", where=image.name) from None
        finally:
            settings.file_format, settings.color_mode = before
        return path
    copy = image.copy()
    try:
        copy.file_format = "PNG"
        copy.save(filepath=str(path))
    except RuntimeError as error:
        raise AssetError(f"cannot be saved ({str(error).strip()})", where=f"image {image.name}") from None
    finally:
        bpy.data.images.remove(copy)
    return path


class SIMREADY_OT_set_picture(Operator):
    """Take this file as the picture to generate from"""

    bl_idname = ids.SET_PICTURE
    bl_label = "Picture for Generation"
    bl_options = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Dropped."""
        return self.execute(context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Take it."""
        path = Path(bpy.path.abspath(self.filepath))
        if path.suffix.lower() not in SUFFIXES:
            raise AssetError("is no PNG, JPEG or WebP; save it as one of them", where=path.name)
        if not path.is_file():
            raise AssetError("does not exist; choose another file", where=f"picture {path}")
        take_picture(context, path)
        self.report(
            {"INFO"}, f"{path.name} is the picture now; press Generate in the sidebar (N), tab SimReady"
        )
        return {"FINISHED"}


def editor_image(context: Context) -> Any:
    """The image that an image editor of this screen shows, or None."""
    areas = context.screen.areas if context.screen is not None else ()
    return next(
        (a.spaces.active.image for a in areas if a.type == "IMAGE_EDITOR" and a.spaces.active.image), None
    )


class SIMREADY_OT_picture_from_editor(Operator):
    """Take what the open image editor shows (painted, rendered or loaded) as the picture to generate from"""

    bl_idname = ids.PICTURE_FROM_EDITOR
    bl_label = "From Image Editor"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """An image editor with an image."""
        if editor_image(context) is None:
            cls.poll_message_set("Open an image in an image editor first")
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Take the file, or save a copy where there is none or it was painted on."""
        image = editor_image(context)
        path = Path(bpy.path.abspath(image.filepath)) if image.filepath else None
        on_disk = path is not None and path.is_file() and path.suffix.lower() in SUFFIXES
        if not on_disk or image.is_dirty or image.type == "RENDER_RESULT":
            path = _saved(image, "picture")
        assert path is not None
        take_picture(context, path)
        self.report({"INFO"}, f"{image.name} is the picture now")
        return {"FINISHED"}


class SIMREADY_OT_paste_picture(Operator):
    """Take the image in the clipboard as the picture to generate from"""

    bl_idname = ids.PASTE_PICTURE
    bl_label = "Paste"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A window, and Blender's own operator."""
        if context.window is None or context.area is None:
            cls.poll_message_set("The clipboard can be used only in a window")
            return False
        return True

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Paste, save, take."""
        path = x11_clipboard()
        if path is None:
            image = pasted_image(context)
            try:
                path = _saved(image, "clipboard")
            finally:
                bpy.data.images.remove(image)
        take_picture(context, path)
        self.report({"INFO"}, "The pasted image is the picture now")
        return {"FINISHED"}


def on_x11() -> bool:
    """Is this a Linux or BSD desktop with X11? Blender itself pastes images everywhere but there."""
    return bool(os.environ.get("DISPLAY")) and not os.environ.get("WAYLAND_DISPLAY")


def x11_clipboard() -> Path | None:
    """A PNG of the image in the clipboard of X11, by the program xclip; None elsewhere, without it, or without an image."""
    program = shutil.which("xclip") if on_x11() else None
    if program is None:
        return None
    try:
        told = subprocess.run(
            [program, "-selection", "clipboard", "-target", "image/png", "-out"],
            capture_output=True,
            timeout=CLIPBOARD_TIME,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if told.returncode != 0 or not told.stdout.startswith(PNG):
        return None
    path = _new_path("clipboard")
    path.write_bytes(told.stdout)
    return path


def pasted_image(context: Context) -> Any:
    """A new image with what is in the clipboard. Blender pastes only in an image editor: one is borrowed for that."""
    before = set(bpy.data.images)
    area = next((a for a in context.screen.areas if a.type == "IMAGE_EDITOR"), None)
    try:
        if area is not None:
            shown = area.spaces.active.image
            _paste(context, area)
            area.spaces.active.image = shown
        else:
            area, kind = context.area, context.area.ui_type
            area.type = "IMAGE_EDITOR"
            try:
                _paste(context, area)
            finally:
                area.ui_type = kind
    except RuntimeError as error:
        # what Blender's own operator says comes after its name
        reason = str(error).strip().removeprefix("Error: ").rpartition("poll() ")[2].rstrip(".")
        if on_x11() and shutil.which("xclip") is None:
            raise AssetError(
                "Blender cannot paste images on X11 by itself; install the program xclip, or choose a file"
            ) from None
        raise AssetError(
            f"there is no image in the clipboard ({reason}); copy one, or choose a file"
        ) from None
    new = next((i for i in bpy.data.images if i not in before), None)
    if new is None:
        raise AssetError("there is no image in the clipboard; copy one, or choose a file")
    return new


def _paste(context: Context, area: Area) -> None:
    region = next(r for r in area.regions if r.type == "WINDOW")
    with context.temp_override(area=area, region=region):
        bpy.ops.image.clipboard_paste()


CLASSES = (SIMREADY_OT_set_picture, SIMREADY_OT_picture_from_editor, SIMREADY_OT_paste_picture)

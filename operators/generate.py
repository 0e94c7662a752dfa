# SPDX-License-Identifier: GPL-3.0-or-later
"""From a picture to a rig in the scene."""

from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import BoolProperty, IntProperty, StringProperty
from bpy.types import Context, Event, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import load_asset
from ..physx_blender.protocol import MAX_UPLOAD_BYTES, JobKind, JobRequest, JobStatus, Progress
from ..physx_blender.scene import asset_to_scene
from . import ids
from .backend_session import Order, session
from .common import push_undo, reports_errors


class SIMREADY_OT_generate(Operator):
    """Make a rigged, simulation-ready asset from the chosen picture"""

    bl_idname = ids.GENERATE
    bl_label = "Generate"
    # no UNDO here: the step is pushed when the asset is there, which may be minutes later
    bl_options = {"REGISTER"}

    image: StringProperty(name="Picture", subtype="FILE_PATH", options={"SKIP_SAVE"})
    mask: StringProperty(name="Mask", subtype="FILE_PATH", options={"SKIP_SAVE"})
    seed: IntProperty(name="Seed", min=0, options={"SKIP_SAVE"})
    name: StringProperty(
        name="Name", description="Name of the asset; empty = that of the picture", options={"SKIP_SAVE"}
    )
    wait: BoolProperty(
        name="Wait",
        description="Come back only when the asset is there (always so in background mode)",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """One job at a time."""
        if session.job is not None:
            cls.poll_message_set("A job is running")
            return False
        return True

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Take what the panel says."""
        panel = context.window_manager.simready
        if not self.image:
            self.image, self.mask, self.seed = panel.image, panel.mask, panel.seed
        return self.execute(context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Order the asset."""
        order = generate_order(self.image, self.mask, self.seed, self.name)
        if self.wait or bpy.app.background:
            session.run(context, order, print_progress)
        else:
            session.order(context, order)
        return {"FINISHED"}


def generate_order(image: str, mask: str, seed: int, name: str) -> Order:
    """An order for an asset from the files `image` and `mask` (may be empty)."""
    if not image:
        raise AssetError("choose a picture first")
    picture = _existing(image, "picture")
    silhouette = _existing(mask, "mask") if mask else None

    def request(client: object, output: str) -> JobRequest:
        upload = client.upload  # type: ignore[attr-defined]
        return JobRequest(
            JobKind.GENERATE,
            output=output,
            image=upload(picture.read_bytes()),
            mask=upload(silhouette.read_bytes()) if silhouette else "",
            name=name or picture.stem,
            seed=seed,
        )

    def done(context: Context, status: JobStatus, folder: Path) -> None:
        rig = asset_to_scene(load_asset(folder), context)
        show_reference(rig, picture)
        confidence = rig.simready_asset.confidence
        session.last_message = f"Made {rig.name}" + (
            f", confidence {confidence:.0%}" if confidence >= 0 else ""
        )
        push_undo(context, f"Generate {rig.name}")

    return Order(f"Generating from {picture.name}", JobKind.GENERATE, request, done)


def _existing(text: str, what: str) -> Path:
    path = Path(bpy.path.abspath(text))
    if not path.is_file():
        raise AssetError("does not exist; choose another file", where=f"{what} {path}")
    if path.stat().st_size > MAX_UPLOAD_BYTES:
        raise AssetError(f"is over {MAX_UPLOAD_BYTES // 2**20} MB; save it smaller", where=f"{what} {path}")
    return path


def show_reference(rig: Object, picture: Path) -> None:
    """Put the picture behind the reference camera, so that the artist can compare."""
    camera = next((o for o in rig.children if o.type == "CAMERA" and o.simready_part.role == "CAMERA"), None)
    if camera is None:
        return
    background = camera.data.background_images.new()
    background.image = bpy.data.images.load(str(picture), check_existing=True)
    background.image.pack()
    background.alpha = 0.5
    background.display_depth = "BACK"
    camera.data.show_background_images = True


def print_progress(progress: Progress) -> None:
    """One line per change, for scripts."""
    if not progress.stage:
        return
    print(
        f"{progress.fraction:4.0%} {progress.stage}{': ' if progress.message else ''}{progress.message}",
        flush=True,
    )


class SIMREADY_OT_cancel(Operator):
    """Stop the running job; the scene stays as it is"""

    bl_idname = ids.CANCEL
    bl_label = "Cancel"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be a job."""
        return session.job is not None and not session.job.cancelling

    def execute(self, context: Context) -> set[str]:
        """Ask the backend to stop."""
        if session.job is not None:
            session.job.cancel(session)
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_generate, SIMREADY_OT_cancel)

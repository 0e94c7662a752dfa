# SPDX-License-Identifier: GPL-3.0-or-later
"""From a picture to a rig in the scene."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import bpy
from bpy.app.translations import pgettext_iface as iface_
from bpy.props import BoolProperty, IntProperty, StringProperty
from bpy.types import Context, Event, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import load_asset
from ..physx_blender.protocol import MAX_UPLOAD_BYTES, JobKind, JobRequest, JobStatus, Progress
from ..physx_blender.scene.asset_to_scene import building
from ..physx_blender.scene.replacing import replacing, show_behind_camera
from ..physx_blender.steps import Steps, aside
from . import ids
from .backend_session import Order, session
from .choices import choices, keep, mark, store
from .common import active_rig, push_undo, reports_errors

ALTERNATIVES = 3
"""Further proposals that every picture gives; the model makes them anyway, so they cost little more than their files."""


class SIMREADY_OT_generate(Operator):
    """Make a rigged, simulation-ready asset from the chosen picture. Takes some seconds to a minute; Blender stays usable"""

    bl_idname = ids.GENERATE
    bl_label = "Generate"
    # no UNDO here: the step is pushed when the asset is there, which may be minutes later
    bl_options = {"REGISTER"}

    image: StringProperty(
        name="Picture",
        description="Picture of one object; empty = the one of the panel",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )
    mask: StringProperty(
        name="Mask",
        description="Picture of the same size that is white where the object is; may be empty",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )
    seed: IntProperty(
        name="Seed", description="Another seed gives other proposals", min=0, options={"SKIP_SAVE"}
    )
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
        return no_job_runs(cls)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Take what the panel says."""
        panel = context.window_manager.simready
        if not self.image:
            self.image, self.mask, self.seed = panel.image, panel.mask, panel.seed
        return self.execute(context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Order the asset."""
        place_order(context, generate_order(self.image, self.mask, self.seed, self.name), self.wait)
        return {"FINISHED"}


class SIMREADY_OT_regenerate(Operator):
    """Make the active asset anew from its picture with the next seed, in the place of what is there now"""

    bl_idname = ids.REGENERATE
    bl_label = "Try Another Seed"
    bl_options = {"REGISTER"}

    wait: BoolProperty(
        name="Wait",
        description="Come back only when the asset is there (always so in background mode)",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A generated asset, and no job."""
        rig = active_rig(context)
        if rig is None or not rig.simready_generation.picture:
            cls.poll_message_set("Select an asset that was generated from a picture")
            return False
        return no_job_runs(cls)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Order it."""
        rig = active_rig(context)
        assert rig is not None
        made = rig.simready_generation
        seed = int(made.seed or 0) + 1
        order = generate_order(made.picture, made.mask, seed, rig.name, replaces=rig.name)
        panel = context.window_manager.simready
        panel.image, panel.mask, panel.seed = made.picture, made.mask, min(seed, 2**31 - 1)
        place_order(context, order, self.wait)
        return {"FINISHED"}


def no_job_runs(cls: type[Operator]) -> bool:
    """`poll` of what starts a job."""
    if session.job is not None:
        cls.poll_message_set("A job is running; wait for it, or cancel it")
        return False
    return True


def place_order(context: Context, order: Order, wait: bool) -> None:
    """Do the job now, or begin it in the background."""
    if wait or bpy.app.background:
        session.run(context, order, print_progress)
    else:
        session.order(context, order)


def generate_order(image: str, mask: str, seed: int, name: str, replaces: str = "") -> Order:
    """An order for an asset from the files `image` and `mask` (may be empty).

    replaces: name of the rig that the new one takes the place of, if it is still there.
    """
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
            alternatives=ALTERNATIVES,
        )

    kept: list[str] = []

    def done(context: Context, status: JobStatus, folder: Path) -> Steps[None]:
        if not kept:  # it is begun anew after an undo in its middle
            kept.append((yield from aside("Reading", partial(keep, folder, store()), stoppable=False)))
        choices(kept[0])  # what cannot be read is told now, and not by a panel
        asset = yield from aside("Reading", partial(load_asset, store() / kept[0]))
        old = bpy.data.objects.get(replaces) if replaces else None
        rig = yield from (building(asset, context) if old is None else replacing(old, asset, context))
        mark(rig, kept[0], 0, str(picture), str(silhouette or ""), seed)
        if picture.is_file():  # it may have been deleted meanwhile
            show_reference(rig, picture)
        confidence = rig.simready_asset.confidence
        made = iface_("Made {name}, confidence {sure}") if confidence >= 0 else iface_("Made {name}")
        session.last_message = made.format(name=rig.name, sure=f"{confidence:.0%}")
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
    """Put the picture before the reference camera, packed into the file, so that the artist can compare."""
    image = bpy.data.images.load(str(picture), check_existing=True)
    if image.packed_file is None:
        image.pack()
    show_behind_camera(rig, image)


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
        if session.job is None or session.job.cancelling:
            cls.poll_message_set("No job is running")
            return False
        return True

    def execute(self, context: Context) -> set[str]:
        """Ask the backend to stop."""
        if session.job is not None:
            session.job.cancel(session)
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_generate, SIMREADY_OT_regenerate, SIMREADY_OT_cancel)

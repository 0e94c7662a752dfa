# SPDX-License-Identifier: GPL-3.0-or-later
"""The proposals that one picture gave: kept for this session of Blender, to swap one for another."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import bpy
from bpy.props import IntProperty, StringProperty
from bpy.types import Context, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.formats.convert import load_asset
from ..physx_blender.formats.json_text import parse_json
from ..physx_blender.formats.package import FILE_NAME
from ..physx_blender.scene.replacing import replacing
from ..physx_blender.steps import Steps, aside
from . import ids
from .common import active_rig
from .sliced import Sliced

KEPT_JOBS = 20
"""Jobs whose proposals are kept; older ones go, so that a long session does not fill the disk."""


@dataclass(frozen=True)
class Choice:
    """One proposal. number: 0 is the best.  joints: those that move."""

    number: int
    folder: Path
    label: str
    parts: int
    joints: int
    confidence: float | None

    @property
    def thumbnail(self) -> Path:
        """A square picture of the asset, opened."""
        return self.folder / "thumbnail.png"


def store() -> Path:
    """Folder of the proposals; Blender removes it when it ends."""
    folder = Path(bpy.app.tempdir) / "simready-proposals"
    folder.mkdir(exist_ok=True)
    return folder


def keep(result: Path, home: Path) -> str:
    """Take over the folder of a finished job into `store()`; returns the name under which `choices` finds it.

    Asks nothing of Blender. Raises AssetError, and leaves nothing, where there is no room for it.
    """
    job = uuid.uuid4().hex
    try:
        shutil.move(result, home / job)
    except OSError as error:
        shutil.rmtree(home / job, ignore_errors=True)
        raise AssetError(
            f"has no room for the proposals ({_reason(error)}); free some space and generate again",
            where=str(home),
        ) from error
    jobs = sorted((p for p in home.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime)
    for old in jobs[:-KEPT_JOBS]:
        shutil.rmtree(old, ignore_errors=True)
    return job


def _reason(error: OSError) -> str:
    """What the disk says; the copy of a folder collects what it says of each file."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][-1]).partition("] ")[2].partition(":")[0] or str(error)
    return error.strerror or str(error)


@lru_cache(maxsize=KEPT_JOBS)
def choices(job: str) -> tuple[Choice, ...]:
    """The proposals of a job, the best first; none when it was made in an earlier session."""
    folder = store() / job
    if not job or not folder.is_dir():
        return ()
    others = sorted((p for p in folder.glob("alternatives/*") if p.name.isdigit()), key=lambda p: int(p.name))
    return tuple(_choice(number, place) for number, place in enumerate((folder, *others)))


def _choice(number: int, folder: Path) -> Choice:
    # the text alone, without meshes: a panel that draws must not wait for them
    path = folder / FILE_NAME
    try:
        asset = parse_json(path.read_bytes(), str(path))["asset"]
        label = str(asset.get("category") or asset["name"]).replace("_", " ")
        moving = [j for j in asset.get("joints", ()) if j["kind"] not in ("fixed", "free")]
        confidence = asset.get("provenance", {}).get("confidence")
        return Choice(number, folder, label, len(asset["parts"]), len(moving), confidence)
    except (OSError, KeyError, TypeError, AttributeError) as error:
        raise AssetError(f"is no asset package ({error}); generate again", where=str(path)) from error


def mark(rig: Object, job: str, number: int, picture: str, mask: str, seed: int) -> None:
    """Note on a rig how it was made."""
    settings = rig.simready_generation
    settings.job, settings.choice = job, number
    settings.picture, settings.mask, settings.seed = picture, mask, str(seed)


class SIMREADY_OT_use_choice(Operator, Sliced):
    """Put this proposal in the place of the asset, as it was proposed; Undo brings back what was there"""

    bl_idname = ids.USE_CHOICE
    bl_label = "Use This Proposal"
    bl_options = {"REGISTER", "UNDO"}

    number: IntProperty(name="Proposal", description="0 is the one that the model finds best", min=0)
    rig: StringProperty(
        name="Asset", description="Armature to replace; empty = the active one", options={"SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be something to choose from."""
        rig = active_rig(context)
        if rig is None or len(choices(rig.simready_generation.job)) < 2:
            cls.poll_message_set("Select an asset that was generated since Blender was started")
            return False
        return True

    def steps(self, context: Context) -> Steps[set[str]]:
        """Replace."""
        rig = bpy.data.objects.get(self.rig) if self.rig else active_rig(context)
        if rig is None or rig.type != "ARMATURE":
            raise AssetError("is gone; select the asset", where=f"asset {self.rig!r}")
        made = rig.simready_generation
        found = choices(made.job)
        if self.number >= len(found):
            raise AssetError(f"there are only {len(found)} proposals; choose 0 to {len(found) - 1}")
        job, picture, mask, seed = made.job, made.picture, made.mask, int(made.seed or 0)
        asset = yield from aside("Reading", partial(load_asset, found[self.number].folder / FILE_NAME))
        new = yield from replacing(rig, asset, context)
        mark(new, job, self.number, picture, mask, seed)
        return {"FINISHED"}


CLASSES = (SIMREADY_OT_use_choice,)

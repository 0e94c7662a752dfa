# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset in Blender's asset browser: its collection, with description, tags, catalogue and a picture."""

from __future__ import annotations

import uuid
from pathlib import Path

import bpy
from bpy.props import StringProperty
from bpy.types import Collection, Context, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.replacing import collections_of
from . import ids
from .choices import choices
from .common import active_rig, has_rig, read_asset, reports_errors

CATALOGUE = "SimReady"
CATALOGUE_FILE = "blender_assets.cats.txt"
_HEAD = (
    "# This is an Asset Catalog Definition file for Blender.\n#\n"
    "# Empty lines and lines starting with `#` will be ignored.\n"
    "# The first non-ignored line should be the version indicator.\n"
    '# Other lines are of the format "UUID:catalog/path/for/assets:simple catalog name"\n\nVERSION 1\n\n'
)


def collection_of(rig: Object) -> Collection:
    """The collection that holds the whole asset and nothing else of importance; AssetError when there is none."""
    members = {rig, *rig.children_recursive}
    for home in collections_of(rig):
        if members <= set(home.all_objects):
            return home
    raise AssetError(
        "is not together in one collection; select it with its parts and use Object > Collection > Move to Collection",
        where=f"asset {rig.name!r}",
    )


def catalogue_line(path: str) -> str:
    """Line of the catalogue file; the same catalogue has the same id in every library."""
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"simready:{path}")
    return f"{number}:{path}:{path.replace('/', '-')}"


def write_catalogue(folder: Path, path: str) -> str:
    """Add the catalogue to the library in `folder` if it lacks it; returns the catalogue's id."""
    line = catalogue_line(path)
    number = line.partition(":")[0]
    file = folder / CATALOGUE_FILE
    try:
        text = file.read_text("utf-8") if file.is_file() else _HEAD
        if number not in text:
            beside = file.with_suffix(".txt.new")
            beside.write_text(
                text.rstrip("\n") + "\n" + line + "\n" if file.is_file() else text + line + "\n", "utf-8"
            )
            beside.replace(file)
    except OSError as error:
        raise AssetError(f"cannot be written: {error.strerror or error}", where=str(file)) from None
    return number


class SIMREADY_OT_mark_asset(Operator):
    """Put the asset into the asset browser: its collection with description, tags, catalogue and a preview picture"""

    bl_idname = ids.MARK_ASSET
    bl_label = "Mark as Asset"
    bl_options = {"REGISTER", "UNDO"}

    catalogue: StringProperty(
        name="Catalogue",
        description="Catalogue of the library, with slashes; empty = SimReady and the asset's category. "
        "It is written beside the file, once the file is saved",
        options={"SKIP_SAVE"},
    )
    author: StringProperty(name="Author", description="Who made it; may be empty")

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Mark the collection."""
        rig = active_rig(context)
        assert rig is not None
        home = collection_of(rig)
        asset = read_asset(context, [], placed=False)
        category = asset.category.replace("_", " ").strip()
        path = self.catalogue.strip(" /") or (f"{CATALOGUE}/{category}" if category else CATALOGUE)
        home.asset_mark()
        data = home.asset_data
        moving = [j for j in asset.joints if j.kind.value != "fixed"]
        data.description = asset.description or (
            f"{category or asset.name}: {len(asset.parts)} parts, {len(moving)} joints that move"
        )
        data.author = self.author
        tags = {
            "simready",
            category,
            *(j.kind.value for j in moving),
            *(p.material.name for p in asset.parts),
        }
        for tag in sorted(t for t in tags if t):
            data.tags.new(tag, skip_if_exists=True)
        if bpy.data.filepath:
            data.catalog_id = write_catalogue(Path(bpy.data.filepath).parent, path)
        else:
            self.report(
                {"WARNING"}, "The catalogue is written beside the file: save the file and mark it again"
            )
        self._preview(context, rig, home)
        self.report({"INFO"}, f"{home.name} is in the asset browser (Current File)")
        return {"FINISHED"}

    def _preview(self, context: Context, rig: Object, home: Collection) -> None:
        """The thumbnail of its proposal, as long as it is that; else a picture that Blender renders by itself."""
        made = rig.simready_generation
        found = choices(made.job)
        picture = found[made.choice].thumbnail if made.choice < len(found) else None
        if picture is not None and picture.is_file():
            with context.temp_override(id=home):
                bpy.ops.ed.lib_id_load_custom_preview(filepath=str(picture))
        elif not bpy.app.background:
            home.asset_generate_preview()


CLASSES = (SIMREADY_OT_mark_asset,)

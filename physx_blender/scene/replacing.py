# SPDX-License-Identifier: GPL-3.0-or-later
"""Put another asset in the place of one that is in the scene."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Collection, Context, Object

from ..model import Asset
from .asset_to_scene import asset_to_scene


def replace_rig(rig: Object, asset: Asset, context: Context) -> Object:
    """Build `asset` where `rig` stands, in the same collection, under the same name; `rig` and its parts are removed.

    The new rig takes over location and rotation; scale is part of an asset that was read from a scene, so it is 1. On
    failure the old one stays as it was. Raises AssetError.
    """
    location, rotation, _ = rig.matrix_world.decompose()
    homes = collections_of(rig)
    reference = reference_of(rig)
    new = asset_to_scene(asset, context)
    home = new.users_collection[0]
    wanted, collection_name = rig.name, homes[0].name if homes else home.name
    remove_rig(rig)
    new.name = wanted if asset.name == wanted else asset.name
    home.name = collection_name if asset.name == wanted else asset.name
    new.location = location
    new.rotation_mode = "QUATERNION"
    new.rotation_quaternion = rotation
    new.rotation_mode = "XYZ"
    if reference is not None:
        show_behind_camera(new, reference)
    return new


def collections_of(rig: Object) -> list[Collection]:
    """Collections that the rig is in, but for the scene's own."""
    roots = {s.collection for s in bpy.data.scenes}
    return [c for c in rig.users_collection if c not in roots]


def remove_rig(rig: Object) -> None:
    """Remove an asset from the file: its objects, their data where nobody else uses them, collections left empty."""
    homes = collections_of(rig)
    objects = [rig, *rig.children_recursive]
    data = [o.data for o in objects if o.data is not None]
    for obj in reversed(objects):
        bpy.data.objects.remove(obj)
    for block in data:
        if block.users == 0:
            _remove_data(block)
    for home in homes:
        if not home.all_objects and not home.children:
            bpy.data.collections.remove(home)


def _remove_data(block: Any) -> None:
    for home, kind in (
        (bpy.data.meshes, bpy.types.Mesh),
        (bpy.data.armatures, bpy.types.Armature),
        (bpy.data.cameras, bpy.types.Camera),
    ):
        if isinstance(block, kind):
            home.remove(block)
            return


def reference_camera(rig: Object) -> Object | None:
    """The camera that took the reference picture, or None."""
    return next((o for o in rig.children if o.type == "CAMERA" and o.simready_part.role == "CAMERA"), None)


def reference_of(rig: Object) -> Any:
    """The reference picture behind the rig's camera, or None."""
    camera = reference_camera(rig)
    if camera is None:
        return None
    return next((b.image for b in camera.data.background_images if b.image is not None), None)


def show_behind_camera(rig: Object, image: Any) -> None:
    """Put a picture before the reference camera, half transparent, so that the artist can compare."""
    camera = reference_camera(rig)
    if camera is None:
        return
    data = camera.data
    data.background_images.clear()
    background = data.background_images.new()
    background.image = image
    background.alpha = 0.5
    background.display_depth = "FRONT"
    data.show_background_images = True
    data.show_passepartout = False

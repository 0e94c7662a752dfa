# SPDX-License-Identifier: GPL-3.0-or-later
"""Put another asset in the place of one that is in the scene."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Collection, Context, Object

from ..model import Asset
from ..steps import Steps, run
from .asset_to_scene import building
from .reference_board import board_of, make_board


def replace_rig(rig: Object, asset: Asset, context: Context, *, keep_name: bool = True) -> Object:
    """Build `asset` where `rig` stands, `rig` and its parts are removed.

    keep_name: rig and collection are called as before, and not as the asset.
    The new rig takes over location and rotation, the reference picture, and the board; scale is part of an asset that
    was read from a scene, so it is 1. On failure the old one stays as it was. Raises AssetError.
    """
    return run(replacing(rig, asset, context, keep_name=keep_name))


def replacing(rig: Object, asset: Asset, context: Context, *, keep_name: bool = True) -> Steps[Object]:
    """`replace_rig` in small steps; closed before its end it leaves the old one as it was."""
    location, rotation, _ = rig.matrix_world.decompose()
    homes = collections_of(rig)
    reference, board = reference_of(rig), board_of(rig) is not None
    wanted, collection_name = rig.name, homes[0].name if homes else asset.name
    # out of the way, or Blender would number the names of the new ones
    names = [(block, block.name) for block in (*_blocks(rig), *homes)]
    for block, name in names:
        block.name = f"~{name}"
    try:
        new = yield from building(asset, context)
    except BaseException:
        for block, name in names:
            if _is_there(block):
                block.name = name
        raise
    home = new.users_collection[0]
    remove_rig(rig)
    for block, name in names[-len(homes) :] if homes else ():
        if _is_there(block):  # it holds other things of the artist
            block.name = name
    if keep_name:
        new.name, home.name = wanted, collection_name
    new.location = location
    new.rotation_mode = "QUATERNION"
    new.rotation_quaternion = rotation
    new.rotation_mode = "XYZ"
    if reference is not None:
        show_behind_camera(new, reference)
        if board:
            make_board(new, reference)
    return new


def _blocks(rig: Object) -> list[Any]:
    """The rig, its objects, and the data and materials that only they use."""
    objects = [rig, *rig.children_recursive]
    data = {o.data for o in objects if o.data is not None and o.type != "EMPTY"}
    materials = {m for o in objects if o.type == "MESH" for m in o.data.materials if m is not None}
    users = {m: sum(m in tuple(o.data.materials) for o in objects if o.type == "MESH") for m in materials}
    return [*objects, *data, *(m for m in materials if m.users <= users[m])]


def _is_there(block: Any) -> bool:
    try:
        return bool(block.name)
    except ReferenceError:
        return False


def collections_of(rig: Object) -> list[Collection]:
    """Collections that the rig is in, but for the scene's own."""
    roots = {s.collection for s in bpy.data.scenes}
    return [c for c in rig.users_collection if c not in roots]


def remove_rig(rig: Object) -> None:
    """Remove an asset from the file: its objects, their data where nobody else uses them, collections left empty."""
    homes = collections_of(rig)
    objects = [rig, *rig.children_recursive]
    blocks = [b for b in _blocks(rig) if not isinstance(b, bpy.types.Object)]
    for obj in reversed(objects):
        bpy.data.objects.remove(obj)
    # meshes before the materials that they use
    blocks.sort(key=lambda b: isinstance(b, bpy.types.Material))
    for block in blocks:
        if block.users == 0:
            bpy.data.batch_remove([block])
    for home in homes:
        if not home.all_objects and not home.children:
            bpy.data.collections.remove(home)


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

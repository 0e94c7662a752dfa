# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes, masses and the size of an asset, kept in the scene for panels that must not work anything out."""

from __future__ import annotations

from bpy.types import Object

from ..checks.registry import bounds_of, union
from ..errors import AssetError
from ..geometry import PlacedShape
from ..model import Asset
from ..model.inertia import part_mass_properties
from .asset_frame import AssetFrame
from .part_values import silently
from .scene_to_asset import part_name


def measure(rig: Object, asset: Asset) -> None:
    """Remember what was measured of `asset`, which was read from `rig` as it stands in the scene.

    All is kept at scale 1 of the armature: volumes and masses of parts, and the sides of the box around the closed asset
    along the armature's axes.
    """
    frame = AssetFrame.of(rig)
    by_name = {part.name: part for part in asset.parts}
    boxes = []
    for obj in rig.children_recursive:
        part = by_name.get(part_name(obj)) if obj.simready_part.role in ("NONE", "PART") else None
        if part is None:
            continue
        settings = obj.simready_part
        try:
            mass = part_mass_properties(part).mass
        except AssetError:  # its shapes enclose nothing; the check says so
            mass = part.mass or 0.0
        with silently(settings):
            settings.volume = sum(s.volume_properties().mass for s in part.shapes) / frame.scale**3
            settings.measured_mass = mass / frame.scale**3
        back = frame.pose.inverse()
        boxes.append(
            bounds_of(PlacedShape(s.shape, back @ s.pose) for s in part.shapes or part.collision or ())
        )
    if boxes:
        low, high = union(boxes)
        rig.simready_asset.measured_size = [float(v) for v in (high - low) / frame.scale]

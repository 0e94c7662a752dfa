# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes, masses and the size of an asset, kept in the scene for panels that must not work anything out."""

from __future__ import annotations

from functools import partial

import numpy as np
from bpy.types import Object

from ..checks import Subject
from ..checks.registry import bounds_of, union
from ..geometry import PlacedShape, Pose
from ..geometry.pose import Array
from ..model import Asset, Part
from ..steps import Step, Steps, run
from .asset_frame import AssetFrame
from .part_values import silently
from .scene_to_asset import part_name


def measure(rig: Object, seen: Asset | Subject) -> None:
    """Remember what was measured of an asset, which was read from `rig` as it stands in the scene.

    All is kept at scale 1 of the armature: volumes and masses of parts, and the sides of the box around the closed asset
    along the armature's axes. A subject of a check brings what the check has worked out already.
    """
    run(measuring(rig, seen))


def measuring(rig: Object, seen: Asset | Subject) -> Steps[None]:
    """`measure` in small steps."""
    subject = Subject(seen) if isinstance(seen, Asset) else seen
    frame = AssetFrame.of(rig)
    back, cubed = frame.pose.inverse(), frame.scale**3
    boxes = []
    for obj in rig.children_recursive:
        if obj.simready_part.role not in ("NONE", "PART"):
            continue
        part = subject.parts_by_name.get(part_name(obj))
        if part is None:
            continue
        yield Step("Measuring")
        volume, mass = subject.volume_of(part), subject.mass_of(part).mass or part.mass or 0.0
        settings = obj.simready_part
        # Blender keeps single precision; what has not changed is not written, or the scene would count as changed
        if not np.allclose(
            (settings.volume, settings.measured_mass), (volume / cubed, mass / cubed), rtol=1e-6, atol=0.0
        ):
            with silently(settings):
                settings.volume, settings.measured_mass = volume / cubed, mass / cubed
        reads = (subject.geometry_numbers(part), back)
        boxes.append(subject.memo.recall("box", reads, partial(_box, part, back)))
    if boxes:
        low, high = union(boxes)
        rig.simready_asset.measured_size = [float(v) for v in (high - low) / frame.scale]


def _box(part: Part, back: Pose) -> tuple[Array, Array]:
    """The box around a part along the armature's axes."""
    return bounds_of(PlacedShape(s.shape, back @ s.pose) for s in part.shapes or part.collision or ())

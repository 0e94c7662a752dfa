# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an armature stands in the world: between an asset as it is in the scene and its armature's own frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from bpy.types import Object

from ..geometry import Pose
from ..model import Asset
from ..model.placement import moved_asset
from .exact import matrix_array, rigid_part


@dataclass(frozen=True)
class AssetFrame:
    """Scaled by `scale` about its origin and then moved by `pose`, the armature's frame stands in the world."""

    pose: Pose
    scale: float

    @staticmethod
    def of(rig: Object) -> AssetFrame:
        """Of an armature with a uniform, positive scale."""
        world = matrix_array(rig.matrix_world)
        scale = float(np.cbrt(np.linalg.det(world[:3, :3])))
        world[:3, :3] /= scale
        return AssetFrame(rigid_part(world), scale)

    def from_world(self, asset: Asset) -> Asset:
        """An asset that was read from the scene, in the armature's own frame and at its scale 1."""
        back = self.pose.inverse()
        x, y, z = (v / self.scale for v in back.position)
        return moved_asset(asset, Pose((x, y, z), back.quaternion), 1.0 / self.scale)

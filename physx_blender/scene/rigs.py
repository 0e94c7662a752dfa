# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rig an object belongs to."""

from __future__ import annotations

from bpy.types import Object


def rig_of(obj: Object | None) -> Object | None:
    """The armature of the asset that an object belongs to, or None."""
    while obj is not None:
        if obj.type == "ARMATURE" and obj.simready_asset.is_asset:
            return obj
        obj = obj.parent
    return None

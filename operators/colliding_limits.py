# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the limits that let parts run into others, for the overlay to show in red."""

from __future__ import annotations

from bpy.types import Context, Object, Operator

from ..physx_blender.checks.colliding_limits import colliding_limits
from ..physx_blender.model import Asset
from . import ids
from .common import active_rig, has_rig, read_asset, reports_errors


class SIMREADY_OT_find_colliding_limits(Operator):
    """Look which limits of the active asset let its parts run into others (by boxes around their colliders), and show \
these in red in the overlay until they are changed"""

    bl_idname = ids.FIND_COLLIDING_LIMITS
    bl_label = "Find Colliding Limits"
    bl_options = {"REGISTER"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Find them."""
        rig = active_rig(context)
        assert rig is not None
        found = remember_collisions(context, rig, read_asset(context, [], placed=False))
        context.window_manager.simready_viewport.show_overlay = True
        self.report(
            {"WARNING" if found else "INFO"},
            f"{rig.name}: {found or 'no'} limit{'' if found == 1 else 's'} at which parts run into others",
        )
        return {"FINISHED"}


def remember_collisions(context: Context, rig: Object, asset: Asset) -> int:
    """Work out which limits of an asset collide, keep them for the overlay, and say how many there are."""
    kept = context.window_manager.simready_viewport.collisions
    for k in reversed(range(len(kept))):
        if kept[k].rig == rig.name:
            kept.remove(k)
    found = colliding_limits(asset)
    settings = {b.simready_joint.name: b.simready_joint for b in rig.pose.bones}
    for joint, ends in found.items():
        for end in sorted(ends):
            item = kept.add()
            item.rig, item.joint, item.end = rig.name, joint, end
            item.value = getattr(settings[joint], end)
    return sum(len(ends) for ends in found.values())


CLASSES = (SIMREADY_OT_find_colliding_limits,)

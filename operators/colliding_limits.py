# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the limits that let parts run into others, for the overlay to show in red."""

from __future__ import annotations

from functools import partial

from bpy.types import Context, Object, Operator

from ..physx_blender.checks.colliding_limits import colliding_limits
from ..physx_blender.model import Asset
from ..physx_blender.steps import Steps, aside
from . import ids
from .common import active_rig, has_rig, reading
from .sliced import Sliced


class SIMREADY_OT_find_colliding_limits(Operator, Sliced):
    """Look which limits of the active asset let its parts run into others (by boxes around their colliders), and show \
these in red in the overlay until they are changed"""

    bl_idname = ids.FIND_COLLIDING_LIMITS
    bl_label = "Find Colliding Limits"
    bl_options = {"REGISTER"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """There must be an asset."""
        return has_rig(cls, context)

    def steps(self, context: Context) -> Steps[set[str]]:
        """Find them."""
        rig = active_rig(context)
        assert rig is not None
        asset = yield from reading(context, [], placed=False, rig=rig)
        found = yield from remembering_collisions(context, rig, asset)
        context.window_manager.simready_viewport.show_overlay = True
        self.report(
            {"WARNING" if found else "INFO"},
            f"{rig.name}: {found or 'no'} limit{'' if found == 1 else 's'} at which parts run into others",
        )
        return {"FINISHED"}


def remembering_collisions(context: Context, rig: Object, asset: Asset) -> Steps[int]:
    """Work out which limits of an asset collide, keep them for the overlay, and say how many there are."""
    found = yield from aside("Looking for limits that collide", partial(colliding_limits, asset))
    kept = context.window_manager.simready_viewport.collisions
    for k in reversed(range(len(kept))):
        if kept[k].rig == rig.name:
            kept.remove(k)
    settings = {b.simready_joint.name: b.simready_joint for b in rig.pose.bones}
    for joint, ends in found.items():
        for end in sorted(ends):
            item = kept.add()
            item.rig, item.joint, item.end = rig.name, joint, end
            item.value = getattr(settings[joint], end)
    return sum(len(ends) for ends in found.values())


CLASSES = (SIMREADY_OT_find_colliding_limits,)

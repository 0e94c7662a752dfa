# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a joint between selected parts: of one asset, of two, or of plain mesh objects."""

from __future__ import annotations

from bpy.props import BoolProperty
from bpy.types import Context, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.link_geometry import is_part, parts_on
from ..physx_blender.scene.placement import bone_of
from ..physx_blender.scene.rig_join import base_of, join_rigs, new_rig
from ..physx_blender.scene.rig_links import add_link, frame_at_rest, hang_part, set_parent
from . import ids
from .common import reports_errors, rig_of
from .joint_edit import can_edit, in_object_mode
from .joint_guessing import WithGuesses


def selected_parts(context: Context) -> list[Object]:
    """Selected objects that are or can be parts, the active one last."""
    active = context.active_object
    found = [o for o in context.selected_objects if is_part(o) and o != active]
    found.sort(key=lambda o: o.name)
    return [*found, active] if active is not None and is_part(active) and active.select_get() else found


def link_of(rig: Object, obj: Object) -> str:
    """Link that a part of a rig belongs to."""
    return bone_of(obj, rig) or base_of(rig)


class SIMREADY_OT_create_joint(WithGuesses, Operator):
    """Let the other selected parts move against the active one; axis, pivot and range are guessed from their shapes"""

    bl_idname = ids.CREATE_JOINT
    bl_label = "Make Joint"
    bl_options = {"REGISTER", "UNDO"}

    swap: BoolProperty(
        name="Swap", description="Let the active part move instead, against the other one selected"
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Two parts, the active one among them."""
        parts = selected_parts(context)
        if len(parts) < 2 or parts[-1] != context.active_object:
            cls.poll_message_set(
                "Select the parts that move, then (Shift click) the part that they move against"
            )
            return False
        return all(can_edit(cls, rig_of(o)) for o in parts)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Make it."""
        *movers, still = selected_parts(context)
        if self.swap:
            if len(movers) > 1:
                raise AssetError("swap needs exactly two selected parts")
            movers, still = [still], movers[0]
        with in_object_mode(context):
            rig, bone = _moving_link(context, movers, still)
            guess = self.choose(context, rig, bone)
            context.view_layer.objects.active = movers[0]
        self.report({"INFO"}, f"{rig.pose.bones[bone].simready_joint.name}: {guess.why}")
        return {"FINISHED"}

    def draw(self, context: Context) -> None:
        """Redo panel."""
        self.draw_guesses(self.layout)
        self.layout.prop(self, "swap")


def _moving_link(context: Context, movers: list[Object], still: Object) -> tuple[Object, str]:
    """Rig and link of the parts that will move, hung on the link of the part that stays."""
    rigs = {rig_of(o) for o in movers}
    if len(rigs) > 1:
        raise AssetError("the parts that move belong to different assets; select parts of one")
    source = rigs.pop()
    rig = rig_of(still)
    if rig is None and source is not None:
        return _below_new_base(context, source, movers, still)
    if rig is None:
        rig = new_rig(context, still)
    parent = link_of(rig, still)
    if source is None:
        return rig, split_off(context, rig, movers, parent)
    if source != rig:
        links = {link_of(source, o) for o in movers}
        if links != {base_of(source)}:
            raise AssetError(
                f"of {source.name!r} only its base can be joined to another asset; select a part of the base"
            )
        base = join_rigs(context, rig, source)[links.pop()]
        set_parent(context, rig, base, parent)
        return rig, base
    links = {link_of(rig, o) for o in movers}
    if len(links) > 1:
        raise AssetError("the parts that move belong to different links; merge those links first")
    link = links.pop()
    if link == parent:
        if len(movers) == len(parts_on(rig, link)):
            raise AssetError("nothing of the link would be left; select fewer parts")
        return rig, split_off(context, rig, movers, parent)
    if rig.data.bones[link].parent is None:
        raise AssetError(f"{movers[0].name!r} is part of the base, which cannot move; swap the two")
    set_parent(context, rig, link, parent)
    return rig, link


def _below_new_base(
    context: Context, source: Object, movers: list[Object], still: Object
) -> tuple[Object, str]:
    """A plain object becomes the base of an asset, whose old base moves against it."""
    base = base_of(source)
    if {link_of(source, o) for o in movers} != {base}:
        raise AssetError(
            f"{still.name!r} belongs to no asset, so only the base of {source.name!r} can move against it; "
            "make it a part of the asset first"
        )
    rest = frame_at_rest(still, source, context)
    new = add_link(context, source, still.name, "", 0.35 * max(max(still.dimensions), 1e-3))
    hang_part(still, source, new, rest)
    return source, base


def split_off(context: Context, rig: Object, parts: list[Object], parent: str) -> str:
    """A link of its own for some parts, below the link `parent`; its bone. Nothing moves at rest."""
    places = {o: frame_at_rest(o, rig, context) for o in parts}
    size = max(max(o.dimensions) for o in parts)
    bone = add_link(context, rig, parts[0].name, parent, 0.35 * max(size, 1e-3))
    for obj, rest in places.items():
        hang_part(obj, rig, bone, rest)
    return bone


CLASSES = (SIMREADY_OT_create_joint,)

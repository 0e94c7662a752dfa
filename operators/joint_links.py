# SPDX-License-Identifier: GPL-3.0-or-later
"""Change what hangs on what: split a part off, merge links, give a link another parent, dissolve a joint."""

from __future__ import annotations

from bpy.props import BoolProperty
from bpy.types import Context, Object, Operator

from ..physx_blender.errors import AssetError
from ..physx_blender.scene.link_geometry import is_part, parts_on
from ..physx_blender.scene.rig_links import dissolve, merge_into, rest_pose, set_parent
from . import ids
from .common import reports_errors, rig_of
from .joint_create import link_of, selected_parts, split_off
from .joint_edit import JointOperator, can_edit, in_object_mode
from .joint_guessing import WithGuesses


def selected_links(context: Context) -> tuple[Object | None, list[str]]:
    """The rig of the active object, and the links of what is selected in it, that of the active one last.

    In pose mode the selected bones, else the links of the selected parts.
    """
    active = context.active_object
    rig = rig_of(active)
    if rig is None or active is None:
        return None, []
    if context.mode == "POSE" and active == rig:
        names = [b.name for b in context.selected_pose_bones or () if b.id_data == rig]
        last = rig.data.bones.active.name if rig.data.bones.active else ""
    else:
        parts = [o for o in context.selected_objects if is_part(o) and rig_of(o) == rig]
        names = [link_of(rig, o) for o in parts]
        last = link_of(rig, active) if is_part(active) else ""
    found = [name for name in dict.fromkeys(names) if name != last]
    return rig, [*found, last] if last in names else found


class LinksOperator(Operator):
    """A change of two or more links of one asset, the active one last."""

    bl_options = {"REGISTER", "UNDO"}
    advice = ""

    @classmethod
    def poll(cls, context: Context) -> bool:
        """At least two links of one asset."""
        rig, links = selected_links(context)
        if rig is None or len(links) < 2:
            cls.poll_message_set(cls.advice)
            return False
        return can_edit(cls, rig)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Change them in object mode."""
        rig, links = selected_links(context)
        if rig is None or len(links) < 2:
            raise AssetError(self.advice)
        with in_object_mode(context):
            for note in self.change(context, rig, links[:-1], links[-1]):
                self.report({"WARNING"}, note)
        return {"FINISHED"}

    def change(self, context: Context, rig: Object, others: list[str], active: str) -> list[str]:
        """Do it; notes on what was lost."""
        raise NotImplementedError


class SIMREADY_OT_merge_links(LinksOperator):
    """Make one rigid link of the selected ones; their parts go to the link of the active part"""

    bl_idname = ids.MERGE_LINKS
    bl_label = "Merge Links"
    advice = "Select parts of two or more links of one asset; the active one stays"

    def change(self, context: Context, rig: Object, others: list[str], active: str) -> list[str]:
        """Merge one after the other."""
        notes: list[str] = []
        for name in others:
            notes += merge_into(context, rig, name, active)
        return notes


class SIMREADY_OT_reparent_joint(LinksOperator):
    """Let the selected links hang on the link of the active part; their joints keep axis, pivot and range"""

    bl_idname = ids.REPARENT_JOINT
    bl_label = "Hang on Active"
    advice = (
        "Select the parts that shall hang elsewhere, then (Shift click) a part of the link to hang them on"
    )

    def change(self, context: Context, rig: Object, others: list[str], active: str) -> list[str]:
        """Give each its new parent."""
        for name in others:
            if rig.data.bones[name].parent is None:
                raise AssetError(
                    "is the base, on which all hangs; select other parts", where=f"link {name!r}"
                )
            set_parent(context, rig, name, active)
        return []


class SIMREADY_OT_split_part(WithGuesses, Operator):
    """Give the selected parts a link of their own, with a joint to the link that they were on"""

    bl_idname = ids.SPLIT_PART
    bl_label = "Split Part Off"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Parts of one asset."""
        rig = rig_of(context.active_object)
        if rig is None or not selected_parts(context):
            cls.poll_message_set("Select one or more parts of a link")
            return False
        return can_edit(cls, rig)

    @reports_errors
    def execute(self, context: Context) -> set[str]:
        """Split them off, and guess the joint."""
        parts = selected_parts(context)
        rig = rig_of(parts[-1])
        if rig is None or {rig_of(o) for o in parts} != {rig}:
            raise AssetError("the selected parts belong to different assets; select parts of one link")
        links = {link_of(rig, o) for o in parts}
        if len(links) > 1:
            raise AssetError("the selected parts are on different links; select parts of one link")
        link = links.pop()
        if len(parts) >= len(parts_on(rig, link)):
            raise AssetError("nothing would be left; select fewer parts", where=f"link {link!r}")
        with in_object_mode(context):
            self.choose(context, rig, split_off(context, rig, parts, link))
        return {"FINISHED"}

    def draw(self, context: Context) -> None:
        """Redo panel."""
        self.draw_guesses(self.layout)


class SIMREADY_OT_dissolve_joint(JointOperator):
    """Fix the joint at rest, or merge its link with the one that it hangs on"""

    bl_idname = ids.DISSOLVE_JOINT
    bl_label = "Dissolve Joint"

    merge: BoolProperty(
        name="Merge Links", description="Make one rigid link of both, instead of a fixed joint between them"
    )

    def change(self, context: Context, rig: Object, bone: str) -> None:
        """Fix or merge."""
        if not self.merge:
            rest_pose(rig.pose.bones[bone])
            dissolve(rig, bone)
            return
        for note in merge_into(context, rig, bone, rig.data.bones[bone].parent.name):
            self.report({"WARNING"}, note)


CLASSES = (
    SIMREADY_OT_split_part,
    SIMREADY_OT_merge_links,
    SIMREADY_OT_reparent_joint,
    SIMREADY_OT_dissolve_joint,
)

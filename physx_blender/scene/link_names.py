# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bones of a rig are links, in which order, and what the links are called."""

from __future__ import annotations

from collections.abc import Iterable

from bpy.types import Object, PoseBone

from ..errors import AssetError
from ..model.names import clean_name


def ordered_bones(armature: Object) -> list[PoseBone]:
    """Bones in the order of their links, the base first. Raises AssetError when there is not exactly one base."""
    bones = sorted(armature.pose.bones, key=lambda b: b.simready_joint.link_order)
    roots = [b for b in bones if b.parent is None]
    where = f"asset {armature.name!r}"
    if not roots:
        raise AssetError("its armature has no bones; an asset needs a base", where=where)
    if len(roots) > 1:
        names = ", ".join(repr(b.name) for b in roots)
        raise AssetError(
            f"{names} have no parent bone, but an asset has one base; parent the others in edit mode",
            where=where,
        )
    return [roots[0], *(b for b in bones if b != roots[0])]


def link_names(bones: Iterable[PoseBone]) -> dict[str, str]:
    """Name of the link of each bone, by the bone's name."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for bone in bones:
        names[bone.name] = clean_name(bone.name, taken, "link")
        taken.add(names[bone.name])
    return names


def link_bones(armature: Object) -> dict[str, str]:
    """Bone of each link, by the name that the link has in an asset read from the rig."""
    return {link: bone for bone, link in link_names(ordered_bones(armature)).items()}

# SPDX-License-Identifier: GPL-3.0-or-later
"""Small changes of an asset, as data: what a repair answers with.

The same change can be put on an `Asset` (`apply_edits`) and on the scene that the asset was read from
(`scene/apply_edits.py`), so that a repair is written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..errors import AssetError
from ..geometry.pose import Pose
from .asset import Asset
from .joint import Joint
from .link import Link
from .part import Part
from .placement import moved_asset


@dataclass(frozen=True)
class SetPart:
    """The part of this name becomes this one."""

    part: Part


@dataclass(frozen=True)
class SetJoint:
    """The joint of this name becomes this one."""

    joint: Joint


@dataclass(frozen=True)
class SetLink:
    """The link of this name becomes this one."""

    link: Link


@dataclass(frozen=True)
class MoveAsset:
    """The whole asset is scaled about the origin, then moved."""

    pose: Pose = Pose()
    scale: float = 1.0


Edit: TypeAlias = SetPart | SetJoint | SetLink | MoveAsset


def apply_edits(asset: Asset, edits: Iterable[Edit]) -> Asset:
    """The asset after the changes, in their order. Raises AssetError when an element does not exist."""
    for edit in edits:
        if isinstance(edit, MoveAsset):
            asset = moved_asset(asset, edit.pose, edit.scale)
        elif isinstance(edit, SetPart):
            _known(edit.part.name, (p.name for p in asset.parts), "part")
            parts = tuple(edit.part if p.name == edit.part.name else p for p in asset.parts)
            asset = replace(asset, parts=parts)
        elif isinstance(edit, SetJoint):
            _known(edit.joint.name, (j.name for j in asset.joints), "joint")
            joints = tuple(edit.joint if j.name == edit.joint.name else j for j in asset.joints)
            asset = replace(asset, joints=joints)
        else:
            _known(edit.link.name, (one.name for one in asset.links), "link")
            links = tuple(edit.link if one.name == edit.link.name else one for one in asset.links)
            asset = replace(asset, links=links)
    return asset


def _known(name: str, names: Iterable[str], what: str) -> None:
    if name not in set(names):
        raise AssetError("does not exist any more; check again", where=f"{what} {name!r}")

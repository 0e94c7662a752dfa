# SPDX-License-Identifier: GPL-3.0-or-later
"""The hub of the project: every producer makes an `Asset`, every consumer takes one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ..errors import AssetError
from ..geometry.pose import Pose
from .camera import Camera
from .joint import Joint
from .link import Link
from .names import check_name
from .part import Part
from .provenance import Provenance

_Named = TypeVar("_Named", Part, Link, Joint)


def _by_name(items: Iterable[_Named], what: str) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for item in items:
        if item.name in found:
            raise AssetError(f"two {what}s have this name; rename one", where=f"{what} {item.name!r}")
        found[item.name] = item
    return found


@dataclass(frozen=True)
class Asset:
    """An articulated object at rest: z up, front towards -y, standing on z = 0, footprint centred on the origin.

    links: the first is the base.  joints: a tree over all links, one joint per link but the base.
    fixed_base: the base is fastened to the world (a wall cabinet, a door in its frame) or stands free.
    """

    name: str
    parts: tuple[Part, ...]
    links: tuple[Link, ...]
    joints: tuple[Joint, ...] = ()
    category: str = ""
    description: str = ""
    fixed_base: bool = False
    camera: Camera | None = None
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        where = f"asset {self.name!r}"
        check_name(self.name, where)
        for name in ("parts", "links", "joints"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.links:
            raise AssetError("has no link; an asset needs a base", where=where)
        links = _by_name(self.links, "link")
        _by_name(self.parts, "part")
        joints = _by_name(self.joints, "joint")
        for part in self.parts:
            if part.link not in links:
                raise AssetError(f"is on link {part.link!r}, which does not exist", where=part.where)
        self._check_tree(links)
        for joint in self.joints:
            if joint.mimic is not None:
                leader = joints.get(joint.mimic.joint)
                if leader is None:
                    raise AssetError(
                        f"mimics {joint.mimic.joint!r}, which does not exist", where=f"joint {joint.name!r}"
                    )
                if leader.mimic is not None:
                    raise AssetError(
                        f"mimics {leader.name!r}, which itself mimics another; name the leader",
                        where=f"joint {joint.name!r}",
                    )
                if leader.kind is not joint.kind:
                    raise AssetError(
                        f"is a {joint.kind.value} and cannot mimic the {leader.kind.value} {leader.name!r}",
                        where=f"joint {joint.name!r}",
                    )

    def _check_tree(self, links: dict[str, Link]) -> None:
        parent: dict[str, str] = {}
        for joint in self.joints:
            where = f"joint {joint.name!r}"
            for end in (joint.parent, joint.child):
                if end not in links:
                    raise AssetError(f"names link {end!r}, which does not exist", where=where)
            if joint.child in parent:
                raise AssetError(
                    f"link {joint.child!r} already hangs on another joint; joints must form a tree",
                    where=where,
                )
            if joint.child == self.base.name:
                raise AssetError(f"link {joint.child!r} is the base and cannot be a child", where=where)
            parent[joint.child] = joint.parent
        for name in links:
            seen = {name}
            at = name
            while at in parent:
                at = parent[at]
                if at in seen:
                    raise AssetError(
                        "joints go round in a circle; joints must form a tree", where=f"link {name!r}"
                    )
                seen.add(at)
            if at != self.base.name:
                raise AssetError(
                    f"is not connected to the base {self.base.name!r}; add a joint (kind fixed or free will do)",
                    where=f"link {at!r}",
                )

    @property
    def base(self) -> Link:
        """The root of the joint tree."""
        return self.links[0]

    @cached_property
    def joint_of(self) -> dict[str, Joint]:
        """Joint that carries each link but the base, by the link's name."""
        return {j.child: j for j in self.joints}

    @cached_property
    def links_in_order(self) -> tuple[Link, ...]:
        """Links with every parent before its children; siblings in the order of `links`."""
        children: dict[str, list[Link]] = {}
        for link in self.links[1:]:
            children.setdefault(self.joint_of[link.name].parent, []).append(link)
        order: list[Link] = []
        stack = [self.base]
        while stack:
            link = stack.pop()
            order.append(link)
            stack.extend(reversed(children.get(link.name, [])))
        return tuple(order)

    def parts_of(self, link: str) -> tuple[Part, ...]:
        """Parts that belong to the link of this name."""
        return tuple(p for p in self.parts if p.link == link)

    def link_poses(self, positions: dict[str, tuple[float, ...]] | None = None) -> dict[str, Pose]:
        """Forward kinematics: for each link the pose that takes its points at rest to where they are.

        positions: joint positions by joint name; joints that are not named stand at rest, or follow their leader.
        """
        given = positions or {}
        poses = {self.base.name: Pose()}
        for link in self.links_in_order[1:]:
            joint = self.joint_of[link.name]
            q = given.get(joint.name)
            if q is None and joint.mimic is not None:
                leader = given.get(joint.mimic.joint, (0.0,))
                q = (joint.mimic.multiplier * leader[0] + joint.mimic.offset,)
            if q is None:
                poses[link.name] = poses[joint.parent]
            else:
                poses[link.name] = poses[joint.parent] @ joint.motion(q)
        return poses

    def current_positions(self) -> dict[str, tuple[float, ...]]:
        """Joint positions as stored in the joints."""
        return {j.name: j.position for j in self.joints if j.position is not None}

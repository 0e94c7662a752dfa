# SPDX-License-Identifier: GPL-3.0-or-later
"""From a program to an asset: hosts, links, joints and parts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from physx_blender.geometry import Capsule, Cylinder, Ellipsoid, PlacedShape
from physx_blender.geometry.pose import Array, Vec3
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part, Provenance
from physx_blender.model.inertia import link_mass_properties, part_mass_properties
from physx_blender.model.materials import find_material
from physx_blender.model.names import clean_name

from .fields import MATERIALS
from .frames import HostBox
from .node import Node, Program

BASE = "base"
# what a hand-sized mechanism loses to friction: enough that nothing swings for ever (N m per kg m^2-free estimate)
_FRICTION_SHARE = 0.05
_DAMPING_SHARE = 0.4
GRAVITY = 9.81
# grids on the cells of grids multiply; a program beyond this many shapes is left unfinished rather than never finished
MAX_SHAPES = 1000
_SOLID_VOLUME = 5e-6  # m^3; smaller pieces, as the wheel of a lighter, are solid
# kinds of component that a real object has hollow, of sheet or tube; handles, controls and plates are solid
_HOLLOW = frozenset(
    (
        "block",
        "cap",
        "carcass",
        "door",
        "drawer",
        "flap",
        "pipe",
        "post",
        "ring",
        "sash",
        "strut",
        "tray",
        "turned",
        "turntable",
    )
)


@dataclass(frozen=True)
class Place:
    """Where the children of a node go: a box and the link that carries it."""

    box: HostBox
    link: str


@dataclass
class Build:
    """Collects the pieces of an asset while the components of a program are built.

    size: longest side of the root box (m).  gap: clearance between things that move past each other (m).
    """

    size: float
    gap: float
    parts: list[Part] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    node_of_part: list[Node] = field(default_factory=list)
    hosts: dict[int, Place] = field(default_factory=dict)  # by id of the node: what it sits on
    places: dict[int, list[Place]] = field(
        default_factory=dict
    )  # by id of the node: what its children sit on
    shapes: int = 0
    _names: set[str] = field(default_factory=set)

    def name(self, stem: str) -> str:
        """A name not yet used for a part or a link."""
        name = clean_name(stem, self._names)
        self._names.add(name)
        return name

    def length(self, share_of_size: float) -> float:
        """Metres of a `thickness` value."""
        return share_of_size * self.size

    def part(
        self,
        stem: str,
        link: str,
        shapes: list[PlacedShape],
        node: Node,
        *,
        second: bool = False,
        material: str | None = None,
        rank: int = 8,
        alpha: float = 1.0,
        description: str = "",
    ) -> None:
        """Add a part of `node`; `second` takes the node's second colour, `material` overrides its material."""
        colour = node.colours[1 if second else 0]
        words = material or MATERIALS[int(node.values.get("material", 0))]
        self.parts.append(
            Part(
                name=self.name(stem),
                link=link,
                shapes=tuple(shapes),
                material=_material(words),
                colour=(*colour, alpha),
                affordance_rank=rank,
                description=description,
            )
        )
        self.node_of_part.append(node)
        self.shapes += len(shapes)

    def moving(
        self,
        stem: str,
        parent: str,
        kind: JointKind,
        axis: Vec3,
        anchor: Vec3,
        *,
        angle: tuple[float, float] | None = None,
        travel: tuple[float, float] | None = None,
        open_share: float = 0.0,
    ) -> str:
        """Add a link that moves against `parent`; returns its name. `open_share` is 0 closed .. 1 wide open."""
        link = self.name(stem)
        self.links.append(Link(link))
        position: tuple[float, ...] = ()
        if kind is JointKind.HINGE:
            position = (_share(angle, open_share),)
        elif kind is JointKind.SLIDE:
            position = (_share(travel, open_share),)
        elif kind is JointKind.CYLINDRICAL:
            position = (_share(angle, open_share), _share(travel, open_share))
        self.joints.append(
            Joint(
                name=f"{link} joint"[:60],
                kind=kind,
                parent=parent,
                child=link,
                axis=axis,
                anchor=anchor,
                angle_limits=angle,
                travel_limits=travel,
                position=position,
            )
        )
        return link


def _share(limits: tuple[float, float] | None, share: float) -> float:
    """Joint value that is `share` of the way from rest to the farther limit; half a turn where there is no limit."""
    if limits is None:
        return share * math.pi
    far = limits[1] if abs(limits[1]) >= abs(limits[0]) else limits[0]
    return share * far


@cache
def _material(words: str) -> Material:
    return find_material(words)


def root_box(program: Program) -> HostBox:
    """The root box in metres: on z = 0, footprint centred."""
    w, d, h = (program.size * b for b in program.box)
    return HostBox((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h))


def _build_node(node: Node, place: Place, build: Build) -> None:
    from ..components import COMPONENTS

    if build.shapes >= MAX_SHAPES:
        return
    build.hosts[id(node)] = place
    build.places[id(node)] = COMPONENTS[node.kind].build(node, place, build)
    for inner in build.places[id(node)]:
        for child in node.children:
            _build_node(child, inner, build)


def collect(program: Program) -> Build:
    """Run all components of a program; parts are where the program puts them (not yet dropped to the floor)."""
    build = Build(size=program.size, gap=max(0.0006, 0.004 * program.size))
    build.links.append(Link(build.name(BASE)))
    place = Place(root_box(program), BASE)
    for node in program.nodes:
        _build_node(node, place, build)
    return build


def settle_shift(build: Build) -> Array:
    """Shift (3,) that puts the lowest point at rest on z = 0 and the footprint's centre on the origin."""
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for part in build.parts:
        for placed in part.shapes:
            lo, hi = placed_bounds(placed)
            low, high = np.minimum(low, lo), np.maximum(high, hi)
    if not np.isfinite(low).all():
        return np.zeros(3)
    return np.array([-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2]])


def _settled(build: Build) -> tuple[list[Part], list[Joint]]:
    """The parts and joints on the floor, footprint centred."""
    shift = settle_shift(build)

    def move(p: Vec3) -> Vec3:
        return (p[0] + float(shift[0]), p[1] + float(shift[1]), p[2] + float(shift[2]))

    parts = [
        replace(
            part,
            shapes=tuple(
                PlacedShape(s.shape, replace(s.pose, position=move(s.pose.position))) for s in part.shapes
            ),
        )
        for part in build.parts
    ]
    return parts, [replace(j, anchor=move(j.anchor)) for j in build.joints]


def placed_bounds(placed: PlacedShape) -> tuple[Array, Array]:
    """Axis-aligned bounds (3,), (3,) in the asset frame: exact for bars and balls, else those of the shape's own box.

    An oblique bar's own box would reach below the floor that the bar stands on.
    """
    shape = placed.shape
    if isinstance(shape, Capsule | Cylinder | Ellipsoid):
        r, centre = placed.pose.rotation, np.array(placed.pose.position)
        if isinstance(shape, Ellipsoid):
            h = np.linalg.norm(r * np.array(shape.radii), axis=1)
        elif isinstance(shape, Capsule):
            h = shape.length / 2 * np.abs(r[:, 2]) + shape.radius
        else:
            ends = [
                (sign * shape.height / 2 * r[:, 2], radius * np.sqrt(np.maximum(1 - r[:, 2] ** 2, 0.0)))
                for sign, radius in ((-1, shape.radius), (1, _top_radius(shape)))
            ]
            low = np.min([at - reach for at, reach in ends], axis=0)
            return centre + low, centre + np.max([at + reach for at, reach in ends], axis=0)
        return centre - h, centre + h
    lo, hi = shape.bounds()
    centre, half = (lo + hi) / 2, (hi - lo) / 2
    r = placed.pose.rotation
    c = r @ centre + np.array(placed.pose.position)
    h = np.abs(r) @ half
    return c - h, c + h


def _top_radius(shape: Cylinder) -> float:
    return shape.radius if shape.top_radius is None else shape.top_radius


def to_asset(program: Program, name: str | None = None, provenance: Provenance | None = None) -> Asset:
    """The asset a program stands for: at rest, on the floor, with joint positions as in the program."""
    from ..categories import CATEGORIES

    build = collect(program)
    parts, joints = _settled(build)
    category = CATEGORIES[program.category]
    parts = [_weighed(p, n, category.bulk) for p, n in zip(parts, build.node_of_part, strict=True)]
    asset = Asset(
        name=clean_name(name or program.category),
        parts=tuple(parts),
        links=tuple(build.links),
        joints=tuple(joints),
        category=program.category.replace("_", " "),
        description=category.description,
        fixed_base=category.fixed_base,
        provenance=provenance or Provenance(generator="procedural"),
    )
    return with_joint_losses(asset)


def _weighed(part: Part, node: Node, bulk: float) -> Part:
    """A hollow body weighs what its bulk does; its material is only its skin."""
    if node.kind not in _HOLLOW or part.material.density <= bulk:
        return part
    solid = part_mass_properties(part).mass
    if solid < _SOLID_VOLUME * part.material.density:
        return part
    return replace(part, mass=bulk / part.material.density * solid)


def with_joint_losses(asset: Asset) -> Asset:
    """Give every joint the damping and friction loss that a mechanism of its load usually has.

    The load is the weight the joint carries times its distance from the axis (hinge) or the weight (slide); friction
    holds a few per cent of it, damping brings it to rest within about a second.
    """
    own = {link.name: link_mass_properties(asset, link.name) for link in asset.links}
    below: dict[str, list[str]] = {link.name: [link.name] for link in asset.links}
    for link in reversed(asset.links_in_order[1:]):
        below[asset.joint_of[link.name].parent] += below[link.name]
    joints = []
    for joint in asset.joints:
        carried = [own[name] for name in below[joint.child]]
        mass = sum(c.mass for c in carried)
        if joint.kind is JointKind.SLIDE:
            joint = replace(
                joint, friction_loss=_FRICTION_SHARE * mass * GRAVITY, damping=_DAMPING_SHARE * 10 * mass
            )
        elif joint.kind in (JointKind.HINGE, JointKind.CYLINDRICAL):
            axis, anchor = np.array(joint.axis), np.array(joint.anchor)
            inertia = torque = 0.0
            for c in carried:
                inertia += float(axis @ c.about(joint.anchor) @ axis)
                arm = np.array(c.centre) - anchor
                torque += c.mass * GRAVITY * float(np.linalg.norm(arm - (arm @ axis) * axis))
            joint = replace(
                joint,
                friction_loss=_FRICTION_SHARE * torque + 1e-6,
                damping=_DAMPING_SHARE * 5 * inertia + 1e-6,
                armature=0.02 * inertia,
            )
        joints.append(joint)
    return replace(asset, joints=tuple(joints))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies, joints, geoms and masses of an MJCF file, in the world frame at the reference configuration."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...errors import AssetError
from ...geometry import Box, Capsule, Cylinder, Ellipsoid, MassProperties, Mesh, PlacedShape, Pose, Shape
from ...geometry.pose import Vec3, rotation_between, unit
from ...model import Colour, JointKind, Texture
from ...model.joint import MAX_ANGLE, MAX_TRAVEL
from ..assembling import symmetric
from ..xmlsafe import Node
from .assets import Assets, colour_of
from .document import Document
from .meshmass import mesh_mass_properties

_GREY: Colour = (0.5, 0.5, 0.5, 1.0)  # MuJoCo's default geom colour
_JOINTS = {"hinge": JointKind.HINGE, "slide": JointKind.SLIDE, "ball": JointKind.BALL, "free": JointKind.FREE}
_SIMULATED = {
    "replicate": "repeats bodies",
    "attach": "attaches another model",
    "flexcomp": "makes a soft body",
    "composite": "makes a chain, rope or cloth",
}
_SHOWN_GROUPS = 2  # MuJoCo's viewer shows groups 0 to 2 unless told otherwise


@dataclass(frozen=True)
class GeomRead:
    """A geom in the world frame. mass: what it adds to its body."""

    name: str
    placed: PlacedShape
    visible: bool
    collides: bool
    colour: Colour
    texture: Texture | None
    friction: float
    hint: str


@dataclass(frozen=True)
class JointRead:
    """A joint in the world frame; limits are counted from the reference configuration."""

    name: str
    kind: JointKind
    axis: Vec3
    anchor: Vec3
    limits: tuple[float, float] | None
    damping: float
    friction_loss: float
    stiffness: float
    armature: float


@dataclass(frozen=True)
class BodyRead:
    """A body; number 0 is the world. mass_properties: in the world frame."""

    index: int
    name: str
    parent: int
    pose: Pose
    joints: tuple[JointRead, ...]
    geoms: tuple[GeomRead, ...]
    mass_properties: MassProperties


def read_bodies(document: Document, assets: Assets, note: Callable[[str], None]) -> list[BodyRead]:
    """All bodies, parents first."""
    return _Bodies(document, assets, note).read()


class _Bodies:
    def __init__(self, document: Document, assets: Assets, note: Callable[[str], None]) -> None:
        self.document, self.assets, self.note = document, assets, note
        self.units, self.compiler = document.units, document.compiler
        self.bodies: list[BodyRead] = []

    def read(self) -> list[BodyRead]:
        world = Node("body", {"name": "world"}, self.document.path, self.document.root.line)
        for section in self.document.root.all("worldbody"):
            world.children += section.children
        self._body(world, -1, Pose(), None)
        total = self.compiler.number("settotalmass", -1.0)
        mass = sum(b.mass_properties.mass for b in self.bodies[1:])
        if total > 0.0 and mass > 0.0:
            self.bodies = [
                BodyRead(
                    b.index,
                    b.name,
                    b.parent,
                    b.pose,
                    b.joints,
                    b.geoms,
                    b.mass_properties.scaled(total / mass),
                )
                for b in self.bodies
            ]
        return self.bodies

    def _body(self, node: Node, parent: int, around: Pose, childclass: str | None) -> None:
        if node.flag("mocap", False):
            self.note("a mocap body is an ordinary one here")
        pose = around @ self.units.pose(node)
        childclass = node.get("childclass") or childclass
        index = len(self.bodies)
        self.bodies.append(
            BodyRead(index, "", parent, pose, (), (), MassProperties.of(0.0, (0, 0, 0), np.zeros((3, 3))))
        )
        joints: list[JointRead] = []
        geoms: list[tuple[GeomRead, MassProperties]] = []
        inner: list[tuple[Node, Pose, str | None]] = []
        self._contents(node, pose, childclass, joints, geoms, inner, is_world=parent < 0)
        inertial = node.find("inertial")
        choice = self.compiler.get("inertiafromgeom") or "auto"
        if parent < 0:
            props = MassProperties.of(0.0, (0, 0, 0), np.zeros((3, 3)))
        elif choice == "true" or (choice == "auto" and inertial is None):
            props = self._bounded(MassProperties.total(p for _, p in geoms), bool(joints))
        elif inertial is not None:
            props = self._bounded(self._inertial(inertial, pose), bool(joints))
        else:
            raise node.error("has no <inertial>, and the compiler forbids to take it from the geoms; add one")
        self.bodies[index] = BodyRead(
            index, node.get("name") or "", parent, pose, tuple(joints), tuple(g for g, _ in geoms), props
        )
        for child, place, name in inner:
            self._body(child, index, place, name)

    def _contents(
        self,
        node: Node,
        pose: Pose,
        childclass: str | None,
        joints: list[JointRead],
        geoms: list[tuple[GeomRead, MassProperties]],
        inner: list[tuple[Node, Pose, str | None]],
        *,
        is_world: bool,
    ) -> None:
        for child in node.children:
            tag = child.tag
            if tag == "body":
                inner.append((child, pose, childclass))
            elif tag == "frame":
                place = pose @ self.units.pose(child)
                self._contents(
                    child,
                    place,
                    child.get("childclass") or childclass,
                    joints,
                    geoms,
                    inner,
                    is_world=is_world,
                )
            elif tag in ("joint", "freejoint"):
                joints.append(self._joint(child, pose, childclass))
            elif tag == "geom":
                geom = self._geom(child, pose, childclass, is_world)
                if geom is not None:
                    geoms.append(geom)
            elif tag in _SIMULATED:
                raise child.error(
                    f"{_SIMULATED[tag]}, which only MuJoCo itself can do; load the model there, save the result "
                    "(mj_saveLastXML) and read that"
                )
            elif tag not in ("inertial", "light", "camera"):
                self.note(f"<{tag}> is not kept")

    def _joint(self, node: Node, pose: Pose, childclass: str | None) -> JointRead:
        if node.tag == "freejoint":
            return JointRead(
                node.get("name") or "", JointKind.FREE, (0, 0, 1), pose.position, None, 0, 0, 0, 0
            )
        own = self.document.resolved(node, childclass)
        kind = _JOINTS.get(own.get("type") or "hinge")
        if kind is None:
            raise own.error(f"type {own.get('type')!r} is not one of {', '.join(_JOINTS)}")
        place = Pose(own.vector("pos", (0.0, 0.0, 0.0)))
        anchor = (pose @ place).position
        axis: Vec3 = (0.0, 0.0, 1.0)
        if kind in (JointKind.HINGE, JointKind.SLIDE):
            turned = pose.rotation @ np.array(unit(own.vector("axis", (0.0, 0.0, 1.0)), f"{own.where} axis"))
            axis = unit(turned, own.where)
        if kind is JointKind.FREE:
            return JointRead(own.get("name") or "", kind, axis, pose.position, None, 0, 0, 0, 0)
        scale = self.units.angle if kind is not JointKind.SLIDE else 1.0
        reference = own.number("ref") * scale
        if reference:
            self.note("joint positions are counted from the reference (ref) of the file")
        if abs(own.number("springref") * scale - reference) > 1e-12 and own.get("stiffness") not in (
            None,
            "0",
        ):
            self.note(f"the spring of joint {own.get('name') or '?'!r} does not rest at 0; springs here do")
        return JointRead(
            own.get("name") or "",
            kind,
            axis,
            anchor,
            self._limits(own, kind, scale, reference),
            self._dynamic(own, "damping"),
            self._dynamic(own, "frictionloss"),
            self._dynamic(own, "stiffness"),
            self._dynamic(own, "armature"),
        )

    def _dynamic(self, node: Node, key: str) -> float:
        values = node.numbers(key) or (0.0,)
        if any(values[1:]):
            self.note(f"only the linear term of the {key} of joint {node.get('name') or '?'!r} is kept")
        if values[0] < 0.0:
            raise node.error(f"{key} must not be negative")
        return values[0]

    def _limits(
        self, node: Node, kind: JointKind, scale: float, reference: float
    ) -> tuple[float, float] | None:
        limits = node.numbers("range", 2)
        limited = node.get("limited") or "auto"
        if limited == "auto":
            limited = "true" if limits is not None and self.compiler.flag("autolimits", True) else "false"
        if limited != "true" or limits is None:
            return None
        low, high = limits[0] * scale - reference, limits[1] * scale - reference
        if kind is JointKind.BALL:
            low = 0.0
        most = MAX_TRAVEL if kind is JointKind.SLIDE else MAX_ANGLE
        if low < -most and high > most:
            return None
        if low > high or max(abs(low), abs(high)) > most:
            raise node.error(f"range {low:g} to {high:g} is not usable")
        return (low, high)

    def _geom(
        self, node: Node, pose: Pose, childclass: str | None, is_world: bool
    ) -> tuple[GeomRead, MassProperties] | None:
        own = self.document.resolved(node, childclass)
        kind = own.get("type") or ("mesh" if own.get("mesh") else "sphere")
        if kind == "plane" and is_world:
            self.note("a plane of the world (a floor) is not kept")
            return None
        if kind in ("plane", "hfield", "sdf"):
            self.note(f"a geom of type {kind} is not kept")
            return None
        if kind != "mesh" and own.get("mesh"):
            self.note(f"a {kind} fitted to a mesh is not kept")
            return None
        try:
            shape, place = self._shape(own, kind)
        except AssetError as error:
            if error.where == own.where:
                raise
            raise own.error(str(error)) from error
        place = pose @ place
        look = self.assets.look(own, own.require("material")) if own.get("material") else None
        colour = colour_of(own) or (look.colour if look is not None else None)
        texture = look.texture if look is not None else None
        if texture is not None and (not isinstance(shape, Mesh) or shape.triangles.uv is None):
            self.note("a texture on a primitive, or on a mesh without uv, is not kept; its colour is")
            texture = None
        collides = own.number("contype", 1) != 0 or own.number("conaffinity", 1) != 0
        group = own.number("group")
        friction = own.numbers("friction") or (1.0,)
        name = own.get("name") or ""
        geom = GeomRead(
            name,
            PlacedShape(shape, place),
            visible=group <= _SHOWN_GROUPS or not collides,
            collides=collides,
            colour=colour or (1.0, 1.0, 1.0, 1.0) if look is not None else colour or _GREY,
            texture=texture,
            friction=friction[0],
            hint=own.get("mesh") or "",
        )
        low, high = (int(v) for v in (self.compiler.numbers("inertiagrouprange", 2) or (0, 5)))
        mass = self._geom_mass(own, shape, place) if low <= group <= high else None
        return geom, mass if mass is not None else MassProperties.of(0.0, (0, 0, 0), np.zeros((3, 3)))

    def _shape(self, node: Node, kind: str) -> tuple[Shape, Pose]:
        if kind == "mesh":
            return Mesh(self.assets.mesh(node, node.require("mesh"))), self.units.pose(node)
        size = node.numbers("size") or ()
        ends = node.numbers("fromto", 6)
        place = self.units.pose(node)
        half: float | None = None
        if ends is not None and kind in ("capsule", "cylinder", "box", "ellipsoid"):
            a, b = np.array(ends[:3]), np.array(ends[3:])
            half = float(np.linalg.norm(b - a)) / 2.0
            if half < 1e-12:
                raise node.error("fromto names one point twice")
            middle = (a + b) / 2.0
            # MuJoCo turns the z axis to point from the second end to the first
            line: Vec3 = (float(a[0] - b[0]), float(a[1] - b[1]), float(a[2] - b[2]))
            place = Pose(
                (float(middle[0]), float(middle[1]), float(middle[2])), rotation_between((0, 0, 1), line)
            )

        def need(count: int) -> tuple[float, ...]:
            wanted = count - (half is not None)
            if kind in ("box", "ellipsoid") and half is not None and len(size) == 1:
                return (size[0], size[0], half)
            if len(size) < wanted:
                raise node.error(f"a {kind} needs {wanted} sizes, has {len(size)}")
            return size[:count] if half is None else (*size[:wanted], half)

        if kind == "sphere":
            (r,) = need(1)
            return Ellipsoid((r, r, r)), place
        if kind == "capsule":
            r, h = need(2)
            return Capsule(r, 2 * h), place
        if kind == "cylinder":
            r, h = need(2)
            return Cylinder(r, 2 * h), place
        if kind == "box":
            x, y, z = need(3)
            return Box((2 * x, 2 * y, 2 * z)), place
        if kind == "ellipsoid":
            x, y, z = need(3)
            return Ellipsoid((x, y, z)), place
        raise node.error(f"type {kind!r} is not a type of geom")

    def _geom_mass(self, node: Node, shape: Shape, place: Pose) -> MassProperties | None:
        density = node.number("density", 1000.0)
        mass = node.numbers("mass", 1)
        if (mass is not None and mass[0] == 0.0) or (mass is None and density == 0.0):
            return None
        if node.flag("shellinertia", False):
            self.note("a primitive whose mass is in its skin (shellinertia) is taken as solid")
        if isinstance(shape, Mesh):
            mode = self.assets.mesh_inertia(node.require("mesh"))
            unit_mass = mesh_mass_properties(shape.triangles, mode)
            if mode != "shell" and not shape.report.closed:
                self.note(
                    "the mass of an open mesh is some per cent off MuJoCo's; its volume has no one meaning"
                )
        else:
            unit_mass = shape.volume_properties()
        if unit_mass.mass <= 0.0:
            return None
        factor = mass[0] / unit_mass.mass if mass is not None else density
        return unit_mass.scaled(factor).moved(place)

    def _inertial(self, node: Node, pose: Pose) -> MassProperties:
        place = pose @ self.units.pose(node)
        mass = node.numbers("mass", 1)
        if mass is None or mass[0] < 0.0:
            raise node.error("needs a mass that is not negative")
        full = node.numbers("fullinertia", 6)
        diagonal = node.numbers("diaginertia")
        if full is not None:
            matrix = np.array(symmetric(full))
        elif diagonal is not None and len(diagonal) in (1, 3):
            matrix = np.diag(diagonal if len(diagonal) == 3 else diagonal * 3)
        elif mass[0] == 0.0:
            matrix = np.zeros((3, 3))
        else:
            raise node.error("needs diaginertia or fullinertia")
        return MassProperties.of(mass[0], (0, 0, 0), matrix).moved(place)

    def _bounded(self, props: MassProperties, moves: bool) -> MassProperties:
        """Apply the compiler's boundmass, boundinertia and balanceinertia."""
        mass = max(props.mass, self.compiler.number("boundmass"))
        least = self.compiler.number("boundinertia")
        matrix = props.matrix
        if least > 0.0 or self.compiler.flag("balanceinertia", False):
            moments, axes = np.linalg.eigh(matrix)
            moments = np.maximum(moments, least)
            if self.compiler.flag("balanceinertia", False) and moments[0] + moments[1] < moments[2]:
                moments = np.full(3, moments.mean())
            matrix = axes @ np.diag(moments) @ axes.T
        if moves and not math.isfinite(mass):
            raise AssetError("a mass is not finite", where=self.document.path.name)
        return MassProperties.of(mass, props.centre, matrix)

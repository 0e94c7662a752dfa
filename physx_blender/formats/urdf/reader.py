# SPDX-License-Identifier: GPL-3.0-or-later
"""URDF -> Asset, with the standard library and numpy only."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...errors import AssetError
from ...geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    TriangleMesh,
)
from ...geometry.pose import Vec3, matrix_quaternion, unit
from ...model import Asset, Colour, Joint, JointKind, Link, Mimic, Part, Provenance, Texture
from ...model.joint import MAX_ANGLE, MAX_TRAVEL
from ..angles import rpy_matrix
from ..assembling import GREY, FileGeom, Images, Names, gathered, parts_of_link, symmetric
from ..layout import WORLD
from ..meshfiles import MeshSection, read_mesh_file
from ..xmlsafe import Node, parse_xml
from .paths import Paths

_TYPES = {
    "revolute": JointKind.HINGE,
    "continuous": JointKind.HINGE,
    "prismatic": JointKind.SLIDE,
    "fixed": JointKind.FIXED,
    "floating": JointKind.FREE,
    "spherical": JointKind.BALL,
}
_IGNORED = {"safety_controller", "calibration"}


def read_urdf(path: Path, *, packages: Mapping[str, Path] | None = None) -> Asset:
    """Read the URDF at `path` with its meshes (OBJ, STL) and textures.

    packages: folders of ROS packages by name, where ``package://`` cannot be found around the file.

    Frames: the root link's frame is the asset frame, all joints at 0 the rest pose.  A root link called "world" that
    holds nothing and one fixed joint means a fixed base; otherwise the base is free, as a URDF does not say.
    Composite joints written by this project (ball, cylindrical) become one again; a planar joint becomes two slides and
    a hinge.  What an Asset cannot hold is listed in provenance.notes.

    Raises AssetError naming file, line and remedy.
    """
    return _Reader(Path(path), packages).asset()


@dataclass(frozen=True)
class _Look:
    colour: Colour | None
    texture: Texture | None


@dataclass(frozen=True)
class _JointNode:
    node: Node
    name: str
    type: str
    parent: str
    child: str
    pose: Pose
    axis: Vec3


class _Reader:
    def __init__(self, path: Path, packages: Mapping[str, Path] | None) -> None:
        self.path = path
        self.root = parse_xml(path)
        if self.root.tag != "robot":
            raise AssetError(
                f"line {self.root.line}: the first element is <{self.root.tag}>, not <robot>; this is no URDF",
                where=path.name,
            )
        if any(c.tag.startswith("xacro:") for c in self.root.children):
            raise AssetError(
                "is a xacro file, not yet a URDF; run 'xacro FILE > robot.urdf' first", where=path.name
            )
        self.notes: Counter[str] = Counter()
        self.paths = Paths(path, packages)
        self.images = Images()
        self.link_names = Names(self.note)
        self.joint_names = Names(self.note)
        self.part_names = Names(lambda text: None)  # many files name no geometry at all
        self.nodes = {n.require("name"): n for n in self.root.all("link")}
        if len(self.nodes) != sum(1 for _ in self.root.all("link")):
            raise AssetError("has two links of one name; rename one", where=path.name)
        if not self.nodes:
            raise AssetError("has no link", where=path.name)
        self.joints_read = [self._joint_node(n) for n in self.root.all("joint")]
        self.looks: dict[str, _Look] = {}
        for node in self.root.all("material"):
            self.looks[node.require("name")] = self._look(node)
        self.meshes: dict[Path, list[MeshSection]] = {}
        self.links: list[Link] = []
        self.parts: list[Part] = []
        self.joints: list[Joint] = []
        self.called: dict[str, str] = {}
        self.joint_called: dict[str, str] = {}
        self.mimics: dict[str, Node] = {}

    def note(self, text: str) -> None:
        self.notes[text] += 1

    def _joint_node(self, node: Node) -> _JointNode:
        ends = []
        for tag in ("parent", "child"):
            end = node.find(tag)
            name = end.require("link") if end is not None else ""
            if name not in self.nodes:
                raise node.error(f"its {tag} link {name!r} does not exist")
            ends.append(name)
        axis_node = node.find("axis")
        axis: Vec3 = axis_node.vector("xyz", (1.0, 0.0, 0.0)) if axis_node is not None else (1.0, 0.0, 0.0)
        return _JointNode(
            node, node.require("name"), node.require("type"), ends[0], ends[1], _origin(node), axis
        )

    def asset(self) -> Asset:
        children: dict[str, list[_JointNode]] = {}
        carried: dict[str, _JointNode] = {}
        for joint in self.joints_read:
            if joint.child in carried:
                raise joint.node.error(f"link {joint.child!r} hangs on two joints; a URDF is a tree")
            carried[joint.child] = joint
            children.setdefault(joint.parent, []).append(joint)
        roots = [name for name in self.nodes if name not in carried]
        if len(roots) != 1:
            raise AssetError(
                f"has {len(roots)} root links ({', '.join(roots[:4]) or 'its joints go round in a circle'}); "
                "a URDF must be one tree",
                where=self.path.name,
            )
        root = roots[0]
        base, fixed, pose = self._base(root, children)
        self.called[base] = self._add_link(base, pose)
        if base != root:
            self.called[root] = self.called[base]
        # depth first, siblings in the order of the file
        pending = [(j, pose) for j in children.get(base, [])]
        if base != root:
            pending += [(j, Pose()) for j in children.get(root, []) if j.child != base]
        pending.reverse()
        while pending:
            joint, at = pending.pop()
            name, here = self._descend(joint, at, children)
            pending += [(j, here) for j in reversed(children.get(name, []))]
        if len(self.called) != len(self.nodes):
            lost = next(n for n in self.nodes if n not in self.called)
            raise AssetError(
                f"link {lost!r} is not connected to the root {root!r}; add a joint", where=self.path.name
            )
        self._add_mimics()
        for name, folder in self.paths.guessed.items():
            self.note(
                f"the package {name!r} is not around; its files were found in the folder {folder.name!r}"
            )
        for node in self.root.children:
            if node.tag not in ("link", "joint", "material", "mujoco"):
                self.note(f"<{node.tag}> is not kept")
        return Asset(
            name=Names(self.note).take(self.root.get("name") or self.path.stem, "asset"),
            parts=tuple(self.parts),
            links=tuple(self.links),
            joints=tuple(self.joints),
            fixed_base=fixed,
            provenance=Provenance(
                generator="urdf",
                notes=gathered(self.notes),
            ),
        )

    def _base(self, root: str, children: dict[str, list[_JointNode]]) -> tuple[str, bool, Pose]:
        """Base link, whether it is fixed, and its pose; a link "world" that holds nothing stands for the world."""
        if root != WORLD:
            return root, False, Pose()
        own = children.get(root, [])
        if any(self.nodes[root].find(tag) is not None for tag in ("visual", "collision", "inertial")):
            return root, True, Pose()
        rest = [j for j in own if j.type != "floating"]
        if len(rest) == 1 and rest[0].type == "fixed":
            return rest[0].child, True, rest[0].pose
        if not rest and own:
            return own[0].child, False, own[0].pose
        return root, True, Pose()

    def _descend(
        self, joint: _JointNode, at: Pose, children: dict[str, list[_JointNode]]
    ) -> tuple[str, Pose]:
        """Add the joint and the link it carries; helper links of our own composite joints are passed over."""
        chain = [joint]
        helpers = []
        stem, _, suffix = joint.name.rpartition(":")
        wanted = {"slide": ("slide", "turn"), "x": ("x", "y", "z")}.get(suffix, ())
        while stem and len(chain) < len(wanted):
            helper = chain[-1].child
            following = children.get(helper, [])
            if (
                helper != chain[-1].name
                or len(following) != 1
                or following[0].name != f"{stem}:{wanted[len(chain)]}"
            ):
                break
            helpers.append(helper)
            chain.append(following[0])
        if wanted and len(chain) == len(wanted):
            last = chain[-1]
            pose = at @ joint.pose
            lent = [self._inertial(self.nodes[h], pose) for h in helpers]
            for helper in helpers:
                self.called[helper] = ""
            self.called[last.child] = self._add_link(last.child, pose, lent)
            self._add_composite(stem, chain, pose)
            return last.child, pose
        pose = at @ joint.pose
        if joint.type == "planar":
            self._add_planar(joint, pose)
        else:
            self.called[joint.child] = self._add_link(joint.child, pose)
            self._add_joint(joint, pose)
        return joint.child, pose

    def _add_link(self, name: str, pose: Pose, lent: list[MassProperties] | None = None) -> str:
        node = self.nodes[name]
        inertial = self._inertial(node, pose)
        own = MassProperties.of(
            inertial.mass + sum(p.mass for p in lent or ()), inertial.centre, inertial.matrix
        )
        kept = own if own.mass > 0.0 else None
        called = self.link_names.take(name, "link")
        self.links.append(Link(called, kept))
        geoms: list[FileGeom] = []
        for child in node.children:
            if child.tag in ("visual", "collision"):
                geoms += self._geoms(child, pose, name)
            elif child.tag != "inertial":
                self.note(f"<link> {child.tag} is not kept")
        self.parts += parts_of_link(called, geoms, self.part_names, kept, self.note)
        return called

    def _inertial(self, link: Node, pose: Pose) -> MassProperties:
        node = link.find("inertial")
        none = MassProperties.of(0.0, (0, 0, 0), np.zeros((3, 3)))
        if node is None:
            return none
        mass_node, inertia_node = node.find("mass"), node.find("inertia")
        mass = mass_node.number("value") if mass_node is not None else 0.0
        if mass < 0.0:
            raise node.error("mass must not be negative")
        if mass == 0.0:
            return none
        matrix = np.zeros((3, 3))
        if inertia_node is not None:
            six = tuple(inertia_node.number(key) for key in ("ixx", "iyy", "izz", "ixy", "ixz", "iyz"))
            matrix = np.array(symmetric(six))
        return MassProperties.of(mass, (0, 0, 0), matrix).moved(pose @ _origin(node))

    def _geoms(self, node: Node, link_pose: Pose, link: str) -> list[FileGeom]:
        geometry = node.find("geometry")
        shape_node = geometry.children[0] if geometry is not None and geometry.children else None
        if shape_node is None:
            raise node.error(f"of link {link!r} has no geometry")
        pose = link_pose @ _origin(node)
        visible = node.tag == "visual"
        material = node.find("material")
        look = self._visual_look(material) if visible and material is not None else None
        name = node.get("name") or ""
        if shape_node.tag == "mesh":
            return self._mesh_geoms(shape_node, pose, name, visible, look)
        if any(
            shape_node.get(key) and not any(shape_node.numbers(key) or ())
            for key in ("radius", "size", "length")
        ):
            self.note(f"a {shape_node.tag} of size 0 is not kept")
            return []
        try:
            shape = _primitive(shape_node)
        except AssetError as error:
            raise error if error.where == shape_node.where else shape_node.error(str(error)) from error
        colour = look.colour if look is not None and look.colour is not None else GREY
        if look is not None and look.texture is not None:
            self.note("a texture on a primitive is not kept; its colour is")
        return [FileGeom(name, PlacedShape(shape, pose), visible, not visible, colour)]

    def _mesh_geoms(
        self, node: Node, pose: Pose, name: str, visible: bool, look: _Look | None
    ) -> list[FileGeom]:
        path = self.paths.resolve(node, node.require("filename"))
        if path not in self.meshes:
            try:
                self.meshes[path] = read_mesh_file(path)
            except AssetError as error:
                raise node.error(str(error)) from error
        scale = np.array(node.vector("scale", (1.0, 1.0, 1.0)))
        if not np.all(scale != 0.0):
            raise node.error("scale must not be 0")
        sections = self.meshes[path]
        if not visible or look is not None:  # one look for all of it
            sections = [MeshSection(TriangleMesh.join([s.mesh for s in sections]))]
        geoms = []
        for k, section in enumerate(sections):
            mesh = section.mesh
            faces, uv = mesh.faces, mesh.uv
            if float(np.prod(scale)) < 0.0:  # a mirror turns the faces inside out
                faces = faces[:, ::-1]
                uv = None if uv is None else uv[:, ::-1]
            shape = Mesh(TriangleMesh(mesh.vertices * scale, faces, uv))
            colour = (look.colour if look is not None else section.colour) or GREY
            texture = look.texture if look is not None else self._section_texture(section)
            if texture is not None and uv is None:
                self.note("a texture on a mesh without uv is not kept; its colour is")
                texture = None
            own = name if k == 0 or not name else f"{name}_{k + 1}"
            geoms.append(
                FileGeom(own, PlacedShape(shape, pose), visible, not visible, colour, texture, hint=path.stem)
            )
        return geoms

    def _section_texture(self, section: MeshSection) -> Texture | None:
        if section.texture is None:
            return None
        if not section.texture.is_file() or section.texture.suffix.lower() not in (".png", ".jpg", ".jpeg"):
            self.note(f"texture {section.texture.name!r} is missing or no PNG or JPEG")
            return None
        return self.images.read(section.texture.resolve())

    def _visual_look(self, node: Node) -> _Look:
        name = node.get("name") or ""
        if node.children:
            look = self._look(node)
            if name and name not in self.looks:
                self.looks[name] = look
            return look
        if name not in self.looks:
            self.note(f"material {name!r} is not defined; it is grey")
            return _Look(None, None)
        return self.looks[name]

    def _look(self, node: Node) -> _Look:
        colour: Colour | None = None
        colour_node, texture_node = node.find("color"), node.find("texture")
        if colour_node is not None:
            values = colour_node.numbers("rgba", 4)
            if values is not None:
                r, g, b, a = (min(max(v, 0.0), 1.0) for v in values)
                colour = (r, g, b, a)
        texture = None
        if texture_node is not None and texture_node.get("filename"):
            path = self.paths.resolve(texture_node, texture_node.require("filename"))
            if path.suffix.lower() in (".png", ".jpg", ".jpeg"):
                texture = self.images.read(path)
            else:
                self.note(f"texture {path.name!r} is no PNG or JPEG and is not kept")
        return _Look(colour, texture)

    def _named(self, joint: _JointNode, wanted: str) -> str:
        name = self.joint_names.take(wanted, "joint")
        self.joint_called[joint.name] = name
        if joint.node.find("mimic") is not None:
            mimic = joint.node.find("mimic")
            assert mimic is not None
            self.mimics[name] = mimic
        for child in joint.node.children:
            if child.tag in _IGNORED:
                self.note(f"<joint> {child.tag} is not kept")
        return name

    def _add_joint(self, joint: _JointNode, pose: Pose) -> None:
        kind = _TYPES.get(joint.type)
        if kind is None:
            raise joint.node.error(f"type {joint.type!r} is not one of {', '.join((*_TYPES, 'planar'))}")
        damping, friction = _dynamics(joint.node)
        moves = kind not in (JointKind.FIXED, JointKind.FREE)
        self.joints.append(
            Joint(
                self._named(joint, joint.name),
                kind,
                self.called[joint.parent],
                self.called[joint.child],
                _turned(joint, pose) if kind in (JointKind.HINGE, JointKind.SLIDE) else (0.0, 0.0, 1.0),
                pose.position,
                angle_limits=_limits(joint, JointKind.HINGE) if kind is JointKind.HINGE else None,
                travel_limits=_limits(joint, JointKind.SLIDE) if kind is JointKind.SLIDE else None,
                damping=damping if moves else 0.0,
                friction_loss=friction if moves else 0.0,
            )
        )

    def _add_composite(self, stem: str, chain: list[_JointNode], pose: Pose) -> None:
        last = chain[-1]
        name = self._named(last, stem)
        damping, friction = _dynamics(last.node)
        parent, child = self.called[chain[0].parent], self.called[last.child]
        if len(chain) == 3:
            limits = _limits(chain[0], JointKind.HINGE)
            cone = None if limits is None or limits[1] > math.pi - 1e-9 else (0.0, limits[1])
            self.joints.append(
                Joint(
                    name,
                    JointKind.BALL,
                    parent,
                    child,
                    anchor=pose.position,
                    angle_limits=cone,
                    damping=damping,
                    friction_loss=friction,
                )
            )
            return
        slide, axis = _turned(chain[0], pose), _turned(last, pose)
        same = float(np.dot(slide, axis)) > 1.0 - 1e-12
        self.joints.append(
            Joint(
                name,
                JointKind.CYLINDRICAL,
                parent,
                child,
                axis,
                pose.position,
                angle_limits=_limits(last, JointKind.HINGE),
                travel_limits=_limits(chain[0], JointKind.SLIDE),
                slide_axis=None if same else slide,
                damping=damping,
                friction_loss=friction,
            )
        )

    def _add_planar(self, joint: _JointNode, pose: Pose) -> None:
        """Slides along two directions across the normal, then a hinge about it."""
        self.note(f"planar joint {joint.name!r} is two slides and a hinge here")
        normal = np.array(_turned(joint, pose))
        first = np.cross(normal, [0.0, 0.0, 1.0] if abs(normal[2]) < 0.9 else [1.0, 0.0, 0.0])
        first = first / np.linalg.norm(first)
        second = np.cross(normal, first)
        ends = [self.called[joint.parent]]
        for letter in "uv":
            helper = self.link_names.take(f"{joint.child[:56]}_{letter}", "helper")
            self.links.append(Link(helper))
            ends.append(helper)
        self.called[joint.child] = self._add_link(joint.child, pose)
        ends.append(self.called[joint.child])
        steps = (
            ("u", JointKind.SLIDE, first),
            ("v", JointKind.SLIDE, second),
            ("turn", JointKind.HINGE, normal),
        )
        for k, (letter, kind, axis) in enumerate(steps):
            own = self.joint_names.take(f"{joint.name[:54]}_{letter}", "joint")
            direction = unit(axis, joint.node.where)
            self.joints.append(Joint(own, kind, ends[k], ends[k + 1], direction, pose.position))

    def _add_mimics(self) -> None:
        at = {j.name: k for k, j in enumerate(self.joints)}
        for name, node in self.mimics.items():
            joint = self.joints[at[name]]
            leader_name = self.joint_called.get(node.require("joint"))
            leader = self.joints[at[leader_name]] if leader_name in at else None
            usable = (
                leader is not None
                and leader is not joint
                and joint.kind in (JointKind.HINGE, JointKind.SLIDE)
                and leader.kind is joint.kind
                and leader.name not in self.mimics
            )
            if not usable or leader is None:
                self.note(
                    f"the mimic of joint {name!r} is not kept: its leader is missing, of another kind, or mimics too"
                )
                continue
            mimic = Mimic(leader.name, node.number("multiplier", 1.0), node.number("offset", 0.0))
            self.joints[at[name]] = replace(joint, mimic=mimic)


def _origin(node: Node) -> Pose:
    origin = node.find("origin")
    if origin is None:
        return Pose()
    rpy = origin.vector("rpy", (0.0, 0.0, 0.0))
    return Pose(origin.vector("xyz", (0.0, 0.0, 0.0)), matrix_quaternion(rpy_matrix(rpy)))


def _turned(joint: _JointNode, pose: Pose) -> Vec3:
    axis = unit(joint.axis, f"{joint.node.where}, axis")
    return unit(pose.rotation @ np.array(axis), joint.node.where)


def _dynamics(node: Node) -> tuple[float, float]:
    dynamics = node.find("dynamics")
    if dynamics is None:
        return 0.0, 0.0
    return max(dynamics.number("damping"), 0.0), max(dynamics.number("friction"), 0.0)


def _limits(joint: _JointNode, kind: JointKind) -> tuple[float, float] | None:
    """Limits in rad or m; None for continuous joints and for limits at or beyond what counts as endless."""
    if joint.type == "continuous":
        return None
    node = joint.node.find("limit")
    if node is None:
        raise joint.node.error(f"is {joint.type} and needs a <limit>; add one, or make it continuous")
    low, high = node.number("lower"), node.number("upper")
    if low > high:
        raise node.error(f"the lower limit {low:g} is above the upper limit {high:g}")
    most = MAX_TRAVEL if kind is JointKind.SLIDE else MAX_ANGLE
    return None if low <= -most and high >= most else (max(low, -most), min(high, most))


def _primitive(node: Node) -> Box | Cylinder | Capsule | Ellipsoid:
    if node.tag == "box":
        size = node.numbers("size", 3)
        if size is None:
            raise node.error("has no size")
        return Box((size[0], size[1], size[2]))
    if node.tag == "cylinder":
        return Cylinder(node.number("radius"), node.number("length"))
    if node.tag == "capsule":
        return Capsule(node.number("radius"), node.number("length"))
    if node.tag == "sphere":
        radius = node.number("radius")
        return Ellipsoid((radius, radius, radius))
    raise node.error(f"<{node.tag}> is not a geometry; it must be box, cylinder, sphere, capsule or mesh")

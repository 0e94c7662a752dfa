# SPDX-License-Identifier: GPL-3.0-or-later
"""Asset -> URDF."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...errors import AssetError
from ...geometry import Box, Cylinder, Ellipsoid, MassProperties, Pose
from ...geometry.pose import Vec3
from ...model import Asset, Joint, JointKind
from ...model.joint import MAX_TRAVEL
from ..angles import rpy_of
from ..files import write_files
from ..layout import WORLD, Geom, Layout, LinkLayout, is_urdf_primitive, joint_element_names, plan
from ..targets import ExportOptions, MeshFormat
from ..texturefiles import png_texture
from ..xmlwrite import Value, XmlWriter

# URDF demands both for a limited joint; they are bounds for a controller, not properties of the object.
EFFORT = 1000.0
VELOCITY = 10.0
# Share of the child's mass and inertia that each helper link of a composite joint borrows from the child.
HELPER_SHARE = 2e-7
LEAST_HELPER_MASS = 1e-14  # kg; MuJoCo's least is 1e-15


EMPTY_ROOT = "root"
"""Name of the link without inertia that may stand before the base."""


def write_urdf(
    asset: Asset,
    folder: Path,
    *,
    package: str | None = None,
    name: str | None = None,
    options: ExportOptions | None = None,
) -> Path:
    """Write ``<name>.urdf`` (default: the asset's name), ``meshes/`` and ``textures/`` into `folder`; return its path.

    package: refer to files as ``package://<package>/...`` (the folder is then the ROS package) and not relative to the
    URDF.  options: mesh format, empty root and <mujoco> element; None = those for MuJoCo.  Raises AssetError; never leaves
    a half-written file.
    """
    stem = name or asset.name
    stl = options is not None and options.mesh_format is MeshFormat.STL
    layout = plan(asset, mesh_suffix=".stl" if stl else ".obj")
    write_files(Path(folder), urdf_files(layout, name=stem, package=package, options=options))
    return Path(folder) / f"{stem}.urdf"


def urdf_files(
    layout: Layout,
    *,
    name: str | None = None,
    package: str | None = None,
    options: ExportOptions | None = None,
) -> dict[str, bytes]:
    """The URDF and all that it names, as relative path -> bytes; see `write_urdf`."""
    if package is not None and (not package or "/" in package or ".." in package):
        raise AssetError(
            f"package name {package!r} must be one folder name", where=f"asset {layout.asset.name!r}"
        )
    return _Writer(layout, name or layout.asset.name, package, options or ExportOptions()).files()


class _Writer:
    def __init__(self, layout: Layout, name: str, package: str | None, options: ExportOptions) -> None:
        self.options = options
        self.layout, self.asset, self.name = layout, layout.asset, name
        self.prefix = f"package://{package}/" if package else ""
        self.xml = XmlWriter()
        self.resources: dict[str, bytes] = {}
        free = any(j.kind is JointKind.FREE for j in self.asset.joints)
        self.rooted = (self.asset.fixed_base or free) and not layout.base_is_world

    def files(self) -> dict[str, bytes]:
        xml, asset = self.xml, self.asset
        xml.comment(
            f"{asset.name}{f' ({asset.category})' if asset.category else ''}, written by SimReady Props. "
            "Metres, kilograms, radians; z up, front towards -y."
        )
        with xml.inside("robot", name=self.name):
            if self.options.mujoco_words:
                self._mujoco_words()
            self._materials()
            if self.rooted:
                xml.blank()
                xml.leaf("link", name=WORLD)
                base = self.layout.links[0]
                kind = "fixed" if asset.fixed_base else "floating"
                self._simple_joint(
                    f"{base.name}:{'fixed' if asset.fixed_base else 'free'}",
                    kind,
                    WORLD,
                    base.name,
                    (0, 0, 0),
                )
            elif self.options.empty_root and not self.layout.base_is_world:
                xml.blank()
                xml.comment("a root without inertia, as KDL wants it")
                below = self.layout.links[0].name
                root = _free_name(EMPTY_ROOT, (x.name for x in self.layout.links))
                joint = _free_name(f"{root}_joint", (j.name for j in asset.joints))
                xml.leaf("link", name=root)
                self._simple_joint(joint, "fixed", root, below, (0, 0, 0))
            for link in self.layout.links:
                xml.blank()
                self._link(link)
        return {f"{self.name}.urdf": xml.text().encode("utf-8"), **self.resources}

    def _mujoco_words(self) -> None:
        self.xml.comment("for MuJoCo: keep visuals, links on fixed joints and relative paths")
        with self.xml.inside("mujoco"):
            self.xml.leaf(
                "compiler",
                fusestatic=False,
                discardvisual=False,
                strippath=False,
                balanceinertia=True,
                autolimits=True,
            )

    def _materials(self) -> None:
        parts = [p for p in self.asset.parts if p.shapes]
        if parts:
            self.xml.blank()
        for part in parts:
            with self.xml.inside("material", name=part.name):
                if part.texture is None:
                    self.xml.leaf("color", rgba=part.colour)
                else:
                    path, data = png_texture(part.texture)
                    self.resources[path] = data
                    self.xml.leaf("color", rgba=(1, 1, 1, part.colour[3]))
                    self.xml.leaf("texture", filename=self.prefix + path)

    def _link(self, link: LinkLayout) -> None:
        xml = self.xml
        helpers = () if link.joint is None else joint_element_names(link.joint, urdf=True)[:-1]
        inertial = link.inertial
        if helpers and inertial is not None:
            lent = len(helpers) * _helper_inertial(inertial).mass
            inertial = MassProperties.of(inertial.mass - lent, inertial.centre, inertial.matrix)
        if link.joint is not None:
            self._joint(link.joint, link)
        for note in link.notes:
            xml.comment(f"{link.name} {note}")
        with xml.inside("link", name=link.name):
            if inertial is not None:
                self._inertial(inertial)
            for geom in link.visuals:
                self._geom(geom, "visual")
            for geom in link.collisions:
                self._geom(geom, "collision")

    def _inertial(self, props: MassProperties) -> None:
        xml, m = self.xml, props.matrix
        with xml.inside("inertial"):
            xml.leaf("origin", xyz=props.centre, rpy=(0, 0, 0))
            xml.leaf("mass", value=props.mass)
            xml.leaf("inertia", ixx=m[0, 0], ixy=m[0, 1], ixz=m[0, 2], iyy=m[1, 1], iyz=m[1, 2], izz=m[2, 2])

    def _geom(self, geom: Geom, tag: str) -> None:
        xml, shape = self.xml, geom.shape
        mesh = geom.textured or not is_urdf_primitive(shape)
        files = self.layout.mesh_files(geom) if mesh else {}
        if mesh and not files:
            xml.comment(f"{geom.name} has no area and is left out")
            return
        with xml.inside(tag, name=geom.name):
            self._origin(geom.pose)
            with xml.inside("geometry"):
                if mesh:
                    self.resources.update(files)
                    xml.leaf("mesh", filename=self.prefix + next(iter(files)))
                elif isinstance(shape, Box):
                    xml.leaf("box", size=shape.size)
                elif isinstance(shape, Cylinder):
                    xml.leaf("cylinder", radius=shape.radius, length=shape.height)
                else:
                    assert isinstance(shape, Ellipsoid)
                    xml.leaf("sphere", radius=shape.radii[0])
            if tag == "visual":
                xml.leaf("material", name=geom.part.name)

    def _origin(self, pose: Pose) -> None:
        if pose != Pose():
            self.xml.leaf("origin", xyz=pose.position, rpy=rpy_of(pose.rotation))

    def _simple_joint(self, name: str, kind: str, parent: str, child: str, origin: Vec3) -> None:
        xml = self.xml
        with xml.inside("joint", name=name, type=kind):
            xml.leaf("origin", xyz=origin, rpy=(0, 0, 0))
            xml.leaf("parent", link=parent)
            xml.leaf("child", link=child)

    def _joint(self, joint: Joint, link: LinkLayout) -> None:
        xml, kind = self.xml, joint.kind
        parent = self.layout.by_name[joint.parent]
        step = np.array(link.origin) - np.array(parent.origin)
        origin: Vec3 = (float(step[0]), float(step[1]), float(step[2]))
        if kind is JointKind.FREE:
            # at the top level, as in the MJCF: MuJoCo knows floating joints nowhere else
            if joint.parent != self.asset.base.name:
                xml.comment(f"{joint.name} belongs to {joint.parent}")
            self._simple_joint(joint.name, "floating", WORLD, joint.child, link.origin)
            return
        if kind is JointKind.FIXED:
            self._simple_joint(joint.name, "fixed", joint.parent, joint.child, origin)
            return
        if joint.stiffness or joint.armature:
            xml.comment(
                f"{joint.name}: URDF has no words for its spring ({joint.stiffness:g}) and rotor inertia ({joint.armature:g})"
            )
        names = joint_element_names(joint, urdf=True)
        chain = [joint.parent, *names[:-1], joint.child]
        if len(names) > 1 and link.inertial is not None:
            tiny = _helper_inertial(link.inertial)
            xml.comment(
                f"{joint.name} is {'a ball joint' if kind is JointKind.BALL else 'cylindrical'}, which URDF lacks: "
                f"{len(names)} joints with helper links of {tiny.mass:.3g} kg each, taken from {link.name}"
            )
            for helper in names[:-1]:
                with xml.inside("link", name=helper):
                    self._inertial(tiny)
        for k, name in enumerate(names):
            self._moving_joint(joint, name, k, chain[k], chain[k + 1], origin if k == 0 else (0.0, 0.0, 0.0))

    def _moving_joint(self, joint: Joint, name: str, k: int, parent: str, child: str, origin: Vec3) -> None:
        xml = self.xml
        kind, axis, limits = self._one_axis(joint, k)
        with xml.inside("joint", name=name, type=kind):
            xml.leaf("origin", xyz=origin, rpy=(0, 0, 0))
            xml.leaf("parent", link=parent)
            xml.leaf("child", link=child)
            xml.leaf("axis", xyz=axis)
            bounds: dict[str, Value] = {} if limits is None else {"lower": limits[0], "upper": limits[1]}
            xml.leaf("limit", **bounds, effort=EFFORT, velocity=VELOCITY)
            xml.leaf("dynamics", damping=joint.damping, friction=joint.friction_loss)
            if joint.mimic is not None:
                m = joint.mimic
                xml.leaf("mimic", joint=m.joint, multiplier=m.multiplier, offset=m.offset)

    @staticmethod
    def _one_axis(joint: Joint, k: int) -> tuple[str, Vec3, tuple[float, float] | None]:
        """URDF type, axis and limits of the k-th element of a joint."""
        if joint.kind is JointKind.BALL:
            cone = math.pi if joint.angle_limits is None else min(joint.angle_limits[1], math.pi)
            # A turn about y by up to a quarter reaches every orientation together with whole turns about x and z.
            most = min(cone, math.pi / 2) if k == 1 else cone
            axis: Vec3 = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))[k]
            return "revolute", axis, (-most, most)
        if joint.kind is JointKind.SLIDE or (joint.kind is JointKind.CYLINDRICAL and k == 0):
            return "prismatic", joint.sliding_direction, joint.travel_limits or (-MAX_TRAVEL, MAX_TRAVEL)
        return ("continuous" if joint.angle_limits is None else "revolute"), joint.axis, joint.angle_limits


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    names = set(taken)
    while wanted in names:
        wanted = f"_{wanted}"
    return wanted


def _helper_inertial(child: MassProperties) -> MassProperties:
    """A small part of the child's mass, with a small ball's inertia, so that solvers never meet a zero."""
    mass = max(HELPER_SHARE * child.mass, LEAST_HELPER_MASS)
    moment = max(HELPER_SHARE * float(np.trace(child.matrix)) / 3, 2e-13)
    return MassProperties.of(mass, (0.0, 0.0, 0.0), np.eye(3) * moment)

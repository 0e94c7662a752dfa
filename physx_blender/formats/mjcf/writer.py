# SPDX-License-Identifier: GPL-3.0-or-later
"""Asset -> MJCF."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from ...geometry import Box, Capsule, Cylinder, Ellipsoid, Pose
from ...geometry.pose import Vec3
from ...model import Asset, Joint, JointKind, Part
from ..files import write_files
from ..layout import Geom, Layout, LinkLayout, is_mjcf_primitive, joint_element_names, plan
from ..texturefiles import png_texture
from ..xmlwrite import Value, XmlWriter
from .exclusions import exclusions
from .notes import join, joint_texts, part_text

# MuJoCo refuses a range of no width; a locked joint gets this much (m or rad).
LEAST_RANGE = 1e-7


def write_mjcf(
    asset: Asset, folder: Path, *, name: str | None = None, actuators: bool = False, scene: bool = False
) -> Path:
    """Write ``<name>.xml`` (default: the asset's name), ``meshes/`` and ``textures/`` into `folder`; return the XML's path.

    actuators: add a position servo to every hinge and slide.  scene: add a floor, lights and a camera (by default the
    file holds the object alone, to be attached to a scene).  Raises AssetError; never leaves a half-written file.
    """
    stem = name or asset.name
    files = mjcf_files(plan(asset), name=stem, actuators=actuators, scene=scene)
    write_files(Path(folder), files)
    return Path(folder) / f"{stem}.xml"


def mjcf_files(
    layout: Layout, *, name: str | None = None, actuators: bool = False, scene: bool = False
) -> dict[str, bytes]:
    """The MJCF and all that it names, as relative path -> bytes; see `write_mjcf`."""
    return _Writer(layout, name or layout.asset.name, actuators, scene).files()


class _Writer:
    def __init__(self, layout: Layout, name: str, actuators: bool, scene: bool) -> None:
        self.layout, self.asset, self.name = layout, layout.asset, name
        self.actuators, self.scene = actuators, scene
        self.xml = XmlWriter()
        self.resources: dict[str, bytes] = {}
        self.children: dict[str, list[LinkLayout]] = {}
        self.free: list[LinkLayout] = []
        for link in layout.links[1:]:
            assert link.joint is not None
            if link.joint.kind is JointKind.FREE:
                self.free.append(link)  # MuJoCo has free joints at the top level only
            else:
                self.children.setdefault(link.joint.parent, []).append(link)
        # A geom whose mesh has no area cannot be written at all.
        self.empty = {
            g.name
            for link in layout.links
            for g in (*link.visuals, *link.collisions)
            if self._needs_mesh(g) and not layout.mesh_files(g)
        }

    @staticmethod
    def _needs_mesh(geom: Geom) -> bool:
        return geom.textured or not is_mjcf_primitive(geom.shape)

    def files(self) -> dict[str, bytes]:
        xml, asset = self.xml, self.asset
        xml.comment(
            f"{asset.name}{f' ({asset.category})' if asset.category else ''}, written by SimReady Props. "
            "Metres, kilograms, radians; z up, front towards -y."
        )
        with xml.inside("mujoco", model=self.name):
            xml.leaf("compiler", angle="radian", autolimits=True)
            self._defaults()
            self._assets()
            self._world()
            self._contacts()
            self._equalities()
            if self.actuators:
                self._actuators()
            self._custom()
        return {f"{self.name}.xml": xml.text().encode("utf-8"), **self.resources}

    def _defaults(self) -> None:
        xml = self.xml
        xml.blank()
        with xml.inside("default"):
            xml.comment("seen but not touched")
            with xml.inside("default", class_="visual"):
                xml.leaf("geom", group=2, contype=0, conaffinity=0, mass=0)
            xml.comment("touched but not seen; masses stand in each body's inertial")
            with xml.inside("default", class_="collision"):
                xml.leaf("geom", group=3, mass=0)

    def _assets(self) -> None:
        xml, asset = self.xml, self.asset
        xml.blank()
        with xml.inside("asset"):
            textures: dict[str, str] = {}
            for part in asset.parts:
                texture = part.texture
                if texture is None or not part.shapes:
                    continue
                path, data = png_texture(texture)
                if path not in self.resources:
                    self.resources[path] = data
                    textures[path] = Path(path).stem
                    xml.leaf("texture", name=textures[path], type="2d", file=path)
                white = (1.0, 1.0, 1.0, part.colour[3])
                xml.leaf(
                    "material",
                    name=part.name,
                    texture=textures[path],
                    rgba=white,
                    specular=0.2,
                    shininess=0.3,
                )
            for part in asset.parts:
                if part.texture is None and part.shapes:
                    xml.leaf("material", name=part.name, rgba=part.colour, specular=0.2, shininess=0.3)
            written: set[str] = set()
            for link in self.layout.links:
                for geom in (*link.visuals, *link.collisions):
                    if not self._needs_mesh(geom) or geom.name in self.empty:
                        continue
                    files = self.layout.mesh_files(geom)
                    name = self.layout.mesh_name(geom)
                    if name not in written:
                        written.add(name)
                        self.resources.update(files)
                        # "shell": the mass stands in the body, and thin meshes have no volume worth the name
                        xml.leaf("mesh", name=name, file=next(iter(files)), inertia="shell")
            if self.scene:
                xml.leaf(
                    "texture",
                    name="scene:sky",
                    type="skybox",
                    builtin="gradient",
                    rgb1=(0.9, 0.93, 0.97),
                    rgb2=(0.55, 0.65, 0.8),
                    width=256,
                    height=256,
                )
                xml.leaf(
                    "texture",
                    name="scene:floor",
                    type="2d",
                    builtin="checker",
                    rgb1=(0.82, 0.82, 0.82),
                    rgb2=(0.74, 0.74, 0.74),
                    width=256,
                    height=256,
                )
                xml.leaf(
                    "material", name="scene:floor", texture="scene:floor", texrepeat=(2, 2), texuniform=True
                )

    def _world(self) -> None:
        xml = self.xml
        xml.blank()
        with xml.inside("worldbody"):
            if self.scene:
                self._scene()
            base = self.layout.links[0]
            if self.layout.base_is_world:
                self._parts(base)
                for child in self.children.get(base.name, ()):
                    self._body(child, base.origin)
            else:
                self._body(base, (0.0, 0.0, 0.0))
            for link in self.free:
                self._body(link, (0.0, 0.0, 0.0))

    def _scene(self) -> None:
        size = 1.0
        boxes = [p.shape.bounds() for part in self.asset.parts for p in part.shapes]
        if boxes:
            size = max(float(np.max(high - low)) for low, high in boxes)
        xml = self.xml
        xml.leaf("geom", name="scene:floor", type="plane", size=(0, 0, 0.05), material="scene:floor")
        xml.leaf(
            "light",
            name="scene:key",
            pos=(-2 * size, -3 * size, 5 * size),
            dir=(0.33, 0.5, -0.8),
            directional=True,
        )
        xml.leaf(
            "camera",
            name="scene:front",
            pos=(1.6 * size, -2.4 * size, 1.6 * size),
            xyaxes=(0.83, 0.55, 0, -0.22, 0.33, 0.92),
        )

    def _body(self, link: LinkLayout, parent_origin: Vec3) -> None:
        xml = self.xml
        offset = np.array(link.origin) - np.array(parent_origin)
        with xml.inside("body", name=link.name, pos=offset if np.any(offset) else None):
            for note in link.notes:
                xml.comment(f"{link.name} {note}")
            if link.joint is None:
                if not self.asset.fixed_base:
                    xml.leaf("freejoint", name=f"{link.name}:free")
            else:
                self._joint(link.joint)
            self._inertial(link)
            self._parts(link)
            for child in self.children.get(link.name, ()):
                self._body(child, link.origin)

    def _inertial(self, link: LinkLayout) -> None:
        props = link.inertial
        if props is None:
            self.xml.leaf("inertial", pos=(0, 0, 0), mass=0, diaginertia=(0, 0, 0))
            return
        m = props.matrix
        diagonal = (m[0, 0], m[1, 1], m[2, 2])
        off = (m[0, 1], m[0, 2], m[1, 2])
        if max(map(abs, off)) <= 1e-12 * max(diagonal):
            self.xml.leaf("inertial", pos=props.centre, mass=props.mass, diaginertia=diagonal)
        else:
            self.xml.leaf("inertial", pos=props.centre, mass=props.mass, fullinertia=(*diagonal, *off))

    def _joint(self, joint: Joint) -> None:
        kind = joint.kind
        if kind is JointKind.FIXED:
            return
        if kind is JointKind.FREE:
            self.xml.leaf("freejoint", name=joint.name)
            return
        names = joint_element_names(joint)
        dynamics: dict[str, Value] = {
            "damping": joint.damping or None,
            "frictionloss": joint.friction_loss or None,
            "stiffness": joint.stiffness or None,
            "armature": joint.armature or None,
        }
        if kind in (JointKind.SLIDE, JointKind.CYLINDRICAL):
            # The slide comes first: its axis does not turn with the hinge.
            limits = _range(joint.travel_limits)
            self.xml.leaf(
                "joint", name=names[0], type="slide", axis=joint.sliding_direction, range=limits, **dynamics
            )
        if kind in (JointKind.HINGE, JointKind.CYLINDRICAL):
            self.xml.leaf(
                "joint",
                name=names[-1],
                type="hinge",
                axis=joint.axis,
                range=_range(joint.angle_limits),
                **dynamics,
            )
        if kind is JointKind.BALL:
            self.xml.leaf("joint", name=names[0], type="ball", range=_range(joint.angle_limits), **dynamics)

    def _parts(self, link: LinkLayout) -> None:
        shown: Part | None = None
        for geom in link.visuals:
            if geom.part is not shown:
                shown = geom.part
                self._part_comment(geom.part)
            self._geom(geom)
        for geom in link.collisions:
            self._geom(geom)

    def _part_comment(self, part: Part) -> None:
        rank = f", touched {part.affordance_rank} of 10" if part.affordance_rank is not None else ""
        text = f": {part.description}" if part.description else ""
        self.xml.comment(f"{part.name}, {part.material.name}{rank}{text[:200]}")

    def _geom(self, geom: Geom) -> None:
        if geom.name in self.empty:
            self.xml.comment(f"{geom.name} has no area and is left out")
            return
        attributes: dict[str, Value] = {"name": geom.name, "class_": "visual" if geom.visual else "collision"}
        if self._needs_mesh(geom):
            attributes |= {"type": "mesh", "mesh": self.layout.mesh_name(geom)}
        else:
            attributes |= _primitive(geom)
        attributes |= _placement(geom.pose)
        if geom.visual:
            attributes["material"] = geom.part.name
        else:
            # sliding from the material; torsional and rolling are MuJoCo's defaults
            attributes["friction"] = (geom.part.material.friction, 0.005, 0.0001)
        self.xml.leaf("geom", **attributes)

    def _contacts(self) -> None:
        pairs = exclusions(self.layout)
        if not pairs:
            return
        xml = self.xml
        xml.blank()
        with xml.inside("contact"):
            for pair in pairs:
                xml.comment(
                    f"{pair.first} and {pair.second} are {pair.reason}"
                    if pair.reason.startswith("joined")
                    else f"{pair.first} and {pair.second} {pair.reason}"
                )
                xml.leaf("exclude", name=f"{pair.first}:{pair.second}", body1=pair.first, body2=pair.second)

    def _equalities(self) -> None:
        followers = [j for j in self.asset.joints if j.mimic is not None]
        if not followers:
            return
        xml = self.xml
        xml.blank()
        with xml.inside("equality"):
            for joint in followers:
                assert joint.mimic is not None
                poly = (joint.mimic.offset, joint.mimic.multiplier, 0, 0, 0)
                xml.leaf(
                    "joint",
                    name=f"{joint.name}:mimic",
                    joint1=joint.name,
                    joint2=joint.mimic.joint,
                    polycoef=poly,
                )

    def _actuators(self) -> None:
        """Position servos, critically damped for the moving subtree's inertia, at 2 Hz."""
        driven = [
            j for j in self.asset.joints if j.kind in (JointKind.HINGE, JointKind.SLIDE) and j.mimic is None
        ]
        if not driven:
            return
        xml = self.xml
        xml.blank()
        with xml.inside("actuator"):
            for joint in driven:
                limits = joint.angle_limits if joint.kind is JointKind.HINGE else joint.travel_limits
                inertia = self._moved_inertia(joint) + joint.armature
                rate = 2.0 * math.pi * 2.0
                kp = inertia * rate * rate
                xml.leaf(
                    "position",
                    name=joint.name,
                    joint=joint.name,
                    kp=float(f"{kp:.3g}"),
                    kv=float(f"{2 * inertia * rate:.3g}"),
                    ctrlrange=_range(limits) if limits else None,
                )

    def _moved_inertia(self, joint: Joint) -> float:
        """Mass (slide) or moment about the axis (hinge) of all that the joint moves, at rest."""
        below, total = {joint.child}, 0.0
        axis = np.array(joint.axis)
        for link in self.layout.links:
            if (
                link.joint is not None
                and link.joint.parent in below
                and link.joint.kind is not JointKind.FREE
            ):
                below.add(link.name)
            if link.name not in below or link.inertial is None:
                continue
            if joint.kind is JointKind.SLIDE:
                total += link.inertial.mass
            else:
                d = np.array(joint.anchor) - np.array(link.origin)
                total += float(axis @ link.inertial.about((d[0], d[1], d[2])) @ axis)
        return total

    def _custom(self) -> None:
        asset = self.asset
        texts = {}
        if asset.category or asset.description:
            about = {"category": asset.category, "description": asset.description}
            texts["asset:info"] = join({k: v for k, v in about.items() if v})
        texts |= joint_texts(asset)
        texts |= {f"part:{part.name}": part_text(part) for part in asset.parts}
        xml = self.xml
        xml.blank()
        with xml.inside("custom"):
            xml.comment("what MJCF has no words for; SI units, simulators ignore it")
            for name, data in texts.items():
                xml.leaf("text", name=name, data=data)


def _range(limits: tuple[float, float] | None) -> tuple[float, float] | None:
    if limits is None:
        return None
    low, high = limits
    return (low, max(high, low + LEAST_RANGE))


def _primitive(geom: Geom) -> dict[str, Value]:
    shape = geom.shape
    if isinstance(shape, Box):
        return {"type": "box", "size": [s / 2 for s in shape.size]}
    if isinstance(shape, Cylinder):
        return {"type": "cylinder", "size": (shape.radius, shape.height / 2)}
    if isinstance(shape, Capsule):
        return {"type": "capsule", "size": (shape.radius, shape.length / 2)}
    assert isinstance(shape, Ellipsoid)
    if len(set(shape.radii)) == 1:
        return {"type": "sphere", "size": (shape.radii[0],)}
    return {"type": "ellipsoid", "size": shape.radii}


def _placement(pose: Pose) -> dict[str, Value]:
    placed: dict[str, Value] = {}
    if any(pose.position):
        placed["pos"] = pose.position
    if pose.quaternion != (1.0, 0.0, 0.0, 0.0):
        placed["quat"] = pose.quaternion
    return placed

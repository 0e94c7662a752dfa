# SPDX-License-Identifier: GPL-3.0-or-later
"""Asset -> USD with UsdPhysics, one text layer and its textures."""

from __future__ import annotations

import math
from pathlib import Path

from ...errors import AssetError
from ...geometry import MassProperties
from ...model import Asset, JointKind
from ..files import write_files
from ..layout import Geom, Layout, plan, texture_file
from ..mjcf.exclusions import exclusions
from ..targets import ros_name
from .materials import write_material
from .plan import PRISMATIC, REVOLUTE, SPHERICAL, Body, UsdJoint, UsdPlan, principal, usd_plan
from .shapes import write_geom
from .usda import UsdaWriter

SUFFIXES = (".usda", ".usd")
LOOKS, JOINTS = "Looks", "joints"


def write_usd(asset: Asset, folder: Path, *, name: str | None = None, suffix: str = ".usda") -> Path:
    """Write ``<name>.usda`` (default: the asset's name) and ``textures/`` into `folder`; return its path.

    suffix: ".usda" or ".usd"; both hold USD's text form.  Raises AssetError; never leaves a half-written file.
    """
    if suffix not in SUFFIXES:
        raise AssetError(
            "is no text form of USD; write a .usda, and convert it with usdcat where the binary form is wanted",
            where=f"suffix {suffix!r}",
        )
    stem = name or asset.name
    write_files(Path(folder), usd_files(plan(asset), name=stem, suffix=suffix))
    return Path(folder) / f"{stem}{suffix}"


def usd_files(layout: Layout, *, name: str | None = None, suffix: str = ".usda") -> dict[str, bytes]:
    """The layer and its textures, as relative path -> bytes; see `write_usd`."""
    return _Writer(layout, name or layout.asset.name, suffix).files()


class _Names:
    """Names that USD takes for prims, each used once in its place."""

    def __init__(self, *reserved: str) -> None:
        self._taken = set(reserved)
        self.of: dict[str, str] = {}

    def add(self, text: str) -> str:
        stem = new = ros_name(text)
        k = 2
        while new in self._taken:
            new, k = f"{stem}_{k}", k + 1
        self._taken.add(new)
        self.of[text] = new
        return new


class _Writer:
    def __init__(self, layout: Layout, name: str, suffix: str) -> None:
        self.layout, self.asset, self.name, self.suffix = layout, layout.asset, name, suffix
        self.plan: UsdPlan = usd_plan(layout)
        self.root = ros_name(self.asset.name)
        self.bodies = _Names(LOOKS, JOINTS)
        self.joints = _Names()
        self.materials = _Names()
        for body in self.plan.bodies:
            self.bodies.add(body.name)
        for joint in self.plan.joints:
            self.joints.add(joint.name)
        self.resources: dict[str, bytes] = {}
        asset = self.asset
        self.out = UsdaWriter(
            self.root,
            doc=f"{asset.name}{f' ({asset.category})' if asset.category else ''}, written by SimReady Props. "
            "Metres, kilograms, degrees; z up, front towards -y.",
        )

    def files(self) -> dict[str, bytes]:
        out = self.out
        with out.prim("Xform", self.root, shown_as=self.asset.name, model="component"):
            with out.prim("Scope", LOOKS):
                for part in self.asset.parts:
                    name = self.materials.add(part.name)
                    texture = None
                    if part.texture is not None:
                        texture = texture_file(part.texture)
                        self.resources[texture] = part.texture.data
                    write_material(out, name, self._material(part.name), part, texture)
            apart = self._kept_apart()
            for body in self.plan.bodies:
                self._body(body, apart.get(body.name, []))
            if self.plan.joints:
                with out.prim("Scope", JOINTS):
                    for joint in self.plan.joints:
                        self._joint(joint)
        return {f"{self.name}{self.suffix}": out.text().encode("utf-8"), **self.resources}

    def _material(self, part: str) -> str:
        return f"/{self.root}/{LOOKS}/{self.materials.of[part]}"

    def _path(self, body: str | None) -> str:
        return f"/{self.root}" if body is None else f"/{self.root}/{self.bodies.of[body]}"

    def _kept_apart(self) -> dict[str, list[str]]:
        """Bodies that must not collide although no joint joins them; joined ones never do in UsdPhysics."""
        joined = {frozenset((j.body0, j.body1)) for j in self.plan.joints}
        found: dict[str, list[str]] = {}
        for pair in exclusions(self.layout):
            if frozenset((pair.first, pair.second)) not in joined:
                found.setdefault(pair.first, []).append(pair.second)
        return found

    def _body(self, body: Body, apart: list[str]) -> None:
        out = self.out
        apis = ["PhysicsRigidBodyAPI"]
        if body.inertial is not None:
            apis.append("PhysicsMassAPI")
        if apart:
            apis.append("PhysicsFilteredPairsAPI")
        if self.plan.articulation == body.name:
            apis.append("PhysicsArticulationRootAPI")
        with out.prim("Xform", self.bodies.of[body.name], apis=apis, shown_as=body.name):
            if body.inertial is not None:
                self._mass(body.inertial)
            if apart:
                out.relationship("physics:filteredPairs", *(self._path(b) for b in apart))
            out.transform(body.pose)
            if body.link is not None:
                self._geoms("visuals", body.link.visuals)
                self._geoms("collisions", body.link.collisions)

    def _mass(self, props: MassProperties) -> None:
        moments, axes = principal(props)
        self.out.attribute("float", "physics:mass", props.mass)
        self.out.attribute("point3f", "physics:centerOfMass", props.centre)
        self.out.attribute("float3", "physics:diagonalInertia", moments)
        self.out.attribute("quatf", "physics:principalAxes", axes)

    def _geoms(self, scope: str, geoms: tuple[Geom, ...]) -> None:
        if not geoms:
            return
        names = _Names()
        with self.out.prim("Scope", scope):
            if scope == "collisions":
                # renderers leave guides out
                self.out.line('uniform token purpose = "guide"')
            for geom in geoms:
                write_geom(self.out, names.add(geom.name), geom, self.layout, self._material(geom.part.name))

    def _joint(self, joint: UsdJoint) -> None:
        out, source = self.out, joint.source
        apis = ["PhysicsArticulationRootAPI"] if self.plan.articulation == joint.name else []
        passive = source is not None and source.kind not in (JointKind.FIXED, JointKind.FREE)
        if passive:
            apis.append("MjcJointAPI")
        dof = "rotX" if joint.kind == REVOLUTE else "transX"
        mimic = source.mimic if source is not None else None
        if mimic is not None:
            apis.append(f"PhysxMimicJointAPI:{dof}")
        with out.prim(joint.kind, self.joints.of[joint.name], apis=apis, shown_as=joint.name):
            if joint.kind in (REVOLUTE, PRISMATIC, SPHERICAL):
                out.line('uniform token physics:axis = "X"')
            out.relationship("physics:body0", self._path(joint.body0))
            out.relationship("physics:body1", self._path(joint.body1))
            for k, frame in ((0, joint.frame0), (1, joint.frame1)):
                out.attribute("point3f", f"physics:localPos{k}", frame.position)
                out.attribute("quatf", f"physics:localRot{k}", frame.quaternion)
            if joint.limits is not None:
                out.attribute("float", "physics:lowerLimit", joint.limits[0])
                out.attribute("float", "physics:upperLimit", joint.limits[1])
            if joint.cone is not None:
                out.attribute("float", "physics:coneAngle0Limit", joint.cone)
                out.attribute("float", "physics:coneAngle1Limit", joint.cone)
            if passive and source is not None:
                # UsdPhysics has no words for passive resistance; these are MuJoCo's, in SI units
                out.attribute("uniform double", "mjc:armature", source.armature)
                out.attribute("uniform double", "mjc:damping", source.damping)
                out.attribute("uniform double", "mjc:frictionloss", source.friction_loss)
                out.attribute("uniform double", "mjc:stiffness", source.stiffness)
            if mimic is not None:
                # PhysX: position + gearing * leader's position + offset = 0, angles in degrees
                offset = math.degrees(mimic.offset) if joint.kind == REVOLUTE else mimic.offset
                leader = f"/{self.root}/{JOINTS}/{self.joints.of[mimic.joint]}"
                out.attribute("float", f"physxMimicJoint:{dof}:gearing", -mimic.multiplier)
                out.attribute("float", f"physxMimicJoint:{dof}:offset", -offset)
                out.relationship(f"physxMimicJoint:{dof}:referenceJoint", leader)
                out.line(f'uniform token physxMimicJoint:{dof}:referenceJointAxis = "{dof}"')

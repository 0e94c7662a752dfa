# SPDX-License-Identifier: GPL-3.0-or-later
"""What MuJoCo makes of our MJCF, and yourdfpy of our URDF: names, masses, limits, forward kinematics."""

from __future__ import annotations

import math
from pathlib import Path

import mujoco
import numpy as np
import yourdfpy

from physx_blender.formats.angles import ball_angles
from physx_blender.formats.layout import WORLD, joint_element_names
from physx_blender.geometry import MassProperties, Pose
from physx_blender.geometry.pose import quaternion_matrix
from physx_blender.model import Asset, JointKind

Positions = dict[str, tuple[float, ...]]


class MjcfSide:
    """The MJCF, compiled by MuJoCo."""

    def __init__(self, path: Path, asset: Asset) -> None:
        self.asset = asset
        self.model = mujoco.MjModel.from_xml_path(str(path))
        self.data = mujoco.MjData(self.model)

    def body_names(self) -> set[str]:
        return {self.model.body(k).name for k in range(1, self.model.nbody)}

    def joint_names(self) -> set[str]:
        return {self.model.joint(k).name for k in range(self.model.njnt)}

    def mass_properties(self, link: str) -> MassProperties:
        """In the link's frame."""
        body = self.model.body(link)
        r = np.zeros(9)
        mujoco.mju_quat2Mat(r, body.iquat)
        r = r.reshape(3, 3)
        return MassProperties.of(float(body.mass[0]), body.ipos, r @ np.diag(body.inertia) @ r.T)

    def limits(self, joint: str) -> tuple[float, float] | None:
        k = self.model.joint(joint).id
        return tuple(self.model.jnt_range[k]) if self.model.jnt_limited[k] else None

    def frames(self, positions: Positions) -> dict[str, np.ndarray]:
        """World matrices (4, 4) of all link frames, the base at the origin."""
        mujoco.mj_resetData(self.model, self.data)
        expected = link_frames(self.asset, positions)
        for joint in self.asset.joints:
            if joint.kind is JointKind.FIXED:
                continue
            if joint.kind is JointKind.FREE:  # absolute in MuJoCo, relative to the parent in ours
                pose = Pose.from_matrix(expected[joint.child])
                self._set(joint.name, (*pose.position, *pose.quaternion))
                continue
            q = position_of(self.asset, joint.name, positions)
            if joint.kind is JointKind.CYLINDRICAL:
                slide, turn = joint_element_names(joint)
                self._set(slide, (q[1],))
                self._set(turn, (q[0],))
            else:
                self._set(joint.name, q)
        mujoco.mj_kinematics(self.model, self.data)
        found = {}
        for link in self.asset.links:
            k = self.model.body(link.name).id
            m = np.eye(4)
            m[:3, :3], m[:3, 3] = self.data.xmat[k].reshape(3, 3), self.data.xpos[k]
            found[link.name] = m
        return found

    def _set(self, joint: str, values: tuple[float, ...]) -> None:
        at = int(self.model.joint(joint).qposadr[0])
        self.data.qpos[at : at + len(values)] = values


class UrdfSide:
    """The URDF, read by yourdfpy."""

    def __init__(self, path: Path, asset: Asset) -> None:
        self.asset = asset
        self.robot = yourdfpy.URDF.load(str(path), load_meshes=False, build_collision_scene_graph=False)
        assert self.robot.validate(), self.robot.errors
        for joint in asset.joints:
            if joint.mimic is not None:
                found = self.robot.joint_map[joint.name].mimic
                assert found.joint == joint.mimic.joint
                assert np.allclose(
                    (found.multiplier, found.offset), (joint.mimic.multiplier, joint.mimic.offset)
                )
        if any(j.type == "floating" for j in self.robot.robot.joints):
            # yourdfpy 0.0.60 looks a leader up at a wrong place when a floating joint comes before it
            for j in self.robot.robot.joints:
                j.mimic = None

    def link_names(self) -> set[str]:
        return set(self.robot.link_map)

    def mass_properties(self, link: str) -> MassProperties | None:
        inertial = self.robot.link_map[link].inertial
        if inertial is None:
            return None
        origin = np.eye(4) if inertial.origin is None else inertial.origin
        r = origin[:3, :3]
        return MassProperties.of(float(inertial.mass), origin[:3, 3], r @ inertial.inertia @ r.T)

    def limits(self, joint: str) -> tuple[float, float] | None:
        found = self.robot.joint_map[joint]
        if found.type == "continuous" or found.limit is None:
            return None
        low, high = float(found.limit.lower), float(found.limit.upper)
        return None if max(abs(low), abs(high)) >= 1000.0 else (low, high)

    def frames(self, positions: Positions) -> dict[str, np.ndarray]:
        """Matrices (4, 4) of all link frames, each relative to `free_root` of the link."""
        values: dict[str, float] = {}
        for joint in self.asset.joints:
            names = joint_element_names(joint, urdf=True)
            if joint.kind in (JointKind.FIXED, JointKind.FREE):
                continue  # yourdfpy keeps floating joints at rest
            if joint.mimic is not None and self.robot.joint_map[joint.name].mimic is not None:
                continue  # yourdfpy moves followers itself
            q = position_of(self.asset, joint.name, positions)
            if joint.kind is JointKind.BALL:
                values |= dict(zip(names, ball_angles(quaternion_matrix(q)), strict=True))
            elif joint.kind is JointKind.CYLINDRICAL:
                values |= {names[0]: q[1], names[1]: q[0]}
            else:
                values[names[0]] = q[0]
        self.robot.update_cfg(values)
        return {
            link.name: self.robot.get_transform(link.name, free_root(self.asset, link.name))
            for link in self.asset.links
        }


def position_of(asset: Asset, name: str, positions: Positions) -> tuple[float, ...]:
    """Position of a joint, through its mimic."""
    joint = next(j for j in asset.joints if j.name == name)
    if joint.mimic is None:
        return positions[name]
    return (joint.mimic.multiplier * positions[joint.mimic.joint][0] + joint.mimic.offset,)


def link_frames(asset: Asset, positions: Positions) -> dict[str, np.ndarray]:
    """Ours: link pose times the frame at rest (origin at the anchor)."""
    frames = {}
    for name, pose in asset.link_poses(positions).items():
        joint = asset.joint_of.get(name)
        frames[name] = pose.matrix @ Pose(joint.anchor if joint is not None else (0, 0, 0)).matrix
    return frames


def free_root(asset: Asset, link: str) -> str:
    """The nearest link, from this one towards the base, that hangs on a free joint, or the base."""
    while (joint := asset.joint_of.get(link)) is not None and joint.kind is not JointKind.FREE:
        link = joint.parent
    return link


def angle_between(a: np.ndarray, b: np.ndarray) -> float:
    """Angle (radians) between two rotation matrices, good also when tiny."""
    r = a[:3, :3].T @ b[:3, :3]
    sine = math.hypot(r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]) / 2.0
    return math.atan2(sine, (np.trace(r) - 1.0) / 2.0)


def assert_agree(asset: Asset, mjcf: Path, urdf: Path, *, poses: int, seed: int = 0) -> None:
    """Names, masses (1e-6), inertia (1e-4), limits and forward kinematics (1e-6 m, 1e-6 rad) of both files."""
    from physx_blender.model.inertia import link_mass_properties

    from .random_assets import random_positions

    m, u = MjcfSide(mjcf, asset), UrdfSide(urdf, asset)
    names = {link.name for link in asset.links}
    helpers = {
        n
        for j in asset.joints
        for n in joint_element_names(j, urdf=True)[:-1]
        if len(joint_element_names(j, urdf=True)) > 1
    }
    assert m.body_names() == names
    assert u.link_names() - {WORLD} == names | helpers
    totals = np.zeros(3)
    for link in asset.links:
        a, b = m.mass_properties(link.name), u.mass_properties(link.name)
        assert b is not None
        truth = link_mass_properties(asset, link.name)
        origin = np.array(asset.joint_of[link.name].anchor if link.name in asset.joint_of else (0, 0, 0))
        for side in (a, b):
            assert math.isclose(side.mass, truth.mass, rel_tol=1e-6), link.name
            assert np.allclose(np.array(side.centre) + origin, truth.centre, atol=1e-7), link.name
            scale = max(np.trace(truth.matrix), 1e-8)
            assert np.abs(side.matrix - truth.matrix).max() <= 1e-4 * scale, link.name
        totals += (a.mass, b.mass, truth.mass)
    totals[1] += sum(u.mass_properties(h).mass for h in helpers)
    assert np.allclose(totals, totals[2], rtol=1e-9), totals
    for joint in asset.joints:
        if joint.kind is JointKind.FIXED:
            assert u.robot.joint_map[joint.name].type == "fixed"
            continue
        if joint.kind is JointKind.FREE:
            assert u.robot.joint_map[joint.name].type == "floating"
            assert joint.name in m.joint_names()
            continue
        elements = joint_element_names(joint)
        assert set(elements) <= m.joint_names()
        if joint.kind is JointKind.BALL:
            assert same_limits(m.limits(joint.name), joint.angle_limits)
            cone = u.limits(f"{joint.name}:x")
            assert cone is not None
            assert math.isclose(
                cone[1], joint.angle_limits[1] if joint.angle_limits else math.pi, rel_tol=1e-9
            )
            continue
        for element in elements:
            travels = joint.kind is JointKind.SLIDE or element.endswith(":slide")
            truth_limits = joint.travel_limits if travels else joint.angle_limits
            assert same_limits(m.limits(element), truth_limits), element
            assert same_limits(u.limits(element), truth_limits), element
    rng = np.random.default_rng(seed)
    for _ in range(poses):
        positions = random_positions(asset, rng)
        truth_frames, ours, theirs = link_frames(asset, positions), m.frames(positions), u.frames(positions)
        for name in names:
            assert np.abs(ours[name][:3, 3] - truth_frames[name][:3, 3]).max() < 1e-6, name
            assert angle_between(ours[name], truth_frames[name]) < 1e-6, name
            relative = np.linalg.inv(truth_frames[free_root(asset, name)]) @ truth_frames[name]
            assert np.abs(theirs[name][:3, 3] - relative[:3, 3]).max() < 1e-6, name
            assert angle_between(theirs[name][:3, :3], relative[:3, :3]) < 1e-6, name


def same_limits(a: tuple[float, float] | None, b: tuple[float, float] | None) -> bool:
    if a is None or b is None:
        return a is b
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-9))

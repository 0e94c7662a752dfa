# SPDX-License-Identifier: GPL-3.0-or-later
"""What an asset is in the words of UsdPhysics: rigid bodies side by side, and joints with a frame on each body.

Source: "Rigid Body Physics in USD" (UsdPhysics, openusd.org). A body is never inside another. A joint holds a frame fixed in
body 0 to one fixed in body 1; its axis is always the x axis of these frames, and the frames coincide at rest, so that limits
count from rest. The bodies stand where the joints are now, because UsdPhysics has no other place for joint positions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...geometry import MassProperties, Pose
from ...geometry.pose import Quat, Vec3, matrix_quaternion, rotation_between
from ...model import Asset, Joint, JointKind
from ..layout import LEAST_MOMENT, Layout, LinkLayout

HELPER_SHARE = 1e-3
"""Share of the child's mass and inertia that the middle body of a cylindrical joint borrows. Simulators in single precision
stall on bodies that are much lighter than their neighbours."""


@dataclass(frozen=True)
class Body:
    """A rigid body. pose: of its frame in the asset frame, now.  inertial: in its own frame; None = left to the simulator.

    link: the link it stands for; None for the middle of a cylindrical joint.
    """

    name: str
    pose: Pose
    inertial: MassProperties | None
    link: LinkLayout | None


@dataclass(frozen=True)
class UsdJoint:
    """A joint prim. kind: name of its schema.  body0: None = the asset's root.

    frame0, frame1: of the joint in either body.  limits: degrees or metres, None = unlimited.  cone: degrees or None.
    source: the joint of the asset, for resistance and coupling; None for the fastening of the base.
    """

    name: str
    kind: str
    body0: str | None
    body1: str
    frame0: Pose
    frame1: Pose
    limits: tuple[float, float] | None = None
    cone: float | None = None
    source: Joint | None = None


@dataclass(frozen=True)
class UsdPlan:
    """All bodies and joints. articulation: name of the body or joint that carries the articulation root, or None."""

    bodies: tuple[Body, ...]
    joints: tuple[UsdJoint, ...]
    articulation: str | None


FIXED, REVOLUTE, PRISMATIC, SPHERICAL = (
    "PhysicsFixedJoint",
    "PhysicsRevoluteJoint",
    "PhysicsPrismaticJoint",
    "PhysicsSphericalJoint",
)


def usd_plan(layout: Layout) -> UsdPlan:
    """Bodies and joints of a layout. Names are those of the asset; helpers are ``JOINT:slide``, the fastening ``BASE:fixed``."""
    asset = layout.asset
    now = asset.link_poses(asset.current_positions())
    bodies: list[Body] = []
    joints: list[UsdJoint] = []
    if asset.fixed_base:
        base = layout.links[0].name
        joints.append(UsdJoint(f"{base}:fixed", FIXED, None, base, now[base], Pose()))
    for link in layout.links:
        inertial = link.inertial
        joint = link.joint
        if joint is not None and joint.kind is JointKind.CYLINDRICAL and inertial is not None:
            helper, inertial = _shared(inertial)
            bodies.append(Body(f"{joint.name}:slide", _middle(asset, joint, now[joint.parent]), helper, None))
        bodies.append(Body(link.name, now[link.name] @ Pose(link.origin), inertial, link))
        if joint is not None:
            joints += _joints(joint, layout.by_name[joint.parent])
    moving = [j for j in joints if j.source is not None]
    articulation = None
    if moving:
        articulation = joints[0].name if asset.fixed_base else layout.links[0].name
    return UsdPlan(tuple(bodies), tuple(joints), articulation)


def principal(props: MassProperties) -> tuple[Vec3, Quat]:
    """Principal moments (kg m^2) and the rotation of the principal axes in the body's frame."""
    moments, axes = np.linalg.eigh(props.matrix)
    if np.linalg.det(axes) < 0:
        axes[:, 2] = -axes[:, 2]
    a, b, c = (max(float(m), LEAST_MOMENT) for m in moments)
    return (a, b, c), matrix_quaternion(axes)


def _joints(joint: Joint, parent: LinkLayout) -> list[UsdJoint]:
    step = np.array(joint.anchor) - np.array(parent.origin)
    place: Vec3 = (float(step[0]), float(step[1]), float(step[2]))
    turned, slid = _along(joint.axis), _along(joint.sliding_direction)
    angles = None if joint.angle_limits is None else _degrees(joint.angle_limits)

    def made(
        name: str,
        kind: str,
        body0: str,
        body1: str,
        at: Vec3,
        turn: Quat,
        limits: tuple[float, float] | None = None,
        cone: float | None = None,
    ) -> UsdJoint:
        return UsdJoint(
            name, kind, body0, body1, Pose(at, turn), Pose(quaternion=turn), limits, cone, source=joint
        )

    ends = (joint.parent, joint.child)
    if joint.kind is JointKind.FREE:
        return []
    if joint.kind is JointKind.FIXED:
        return [made(joint.name, FIXED, *ends, place, (1.0, 0.0, 0.0, 0.0))]
    if joint.kind is JointKind.BALL:
        cone = None if angles is None else min(angles[1], 180.0)
        return [made(joint.name, SPHERICAL, *ends, place, (1.0, 0.0, 0.0, 0.0), cone=cone)]
    if joint.kind is JointKind.HINGE:
        return [made(joint.name, REVOLUTE, *ends, place, turned, angles)]
    if joint.kind is JointKind.SLIDE:
        return [made(joint.name, PRISMATIC, *ends, place, slid, joint.travel_limits)]
    slide, turn = f"{joint.name}:slide", f"{joint.name}:turn"
    return [
        made(slide, PRISMATIC, joint.parent, slide, place, slid, joint.travel_limits),
        made(turn, REVOLUTE, slide, joint.child, (0.0, 0.0, 0.0), turned, angles),
    ]


def _along(direction: Vec3) -> Quat:
    """The rotation that lays the x axis along `direction`."""
    return rotation_between((1.0, 0.0, 0.0), direction)


def _degrees(limits: tuple[float, float]) -> tuple[float, float]:
    return (math.degrees(limits[0]), math.degrees(limits[1]))


def _middle(asset: Asset, joint: Joint, parent: Pose) -> Pose:
    """Where the middle body of a cylindrical joint is: moved along, not turned."""
    travel = (joint.position or (0.0, 0.0))[1]
    d, a = joint.sliding_direction, joint.anchor
    return parent @ Pose((a[0] + travel * d[0], a[1] + travel * d[1], a[2] + travel * d[2]))


def _shared(child: MassProperties) -> tuple[MassProperties, MassProperties]:
    """The child's mass divided between a helper at the joint, a small ball, and the child."""
    mass = HELPER_SHARE * child.mass
    moment = max(HELPER_SHARE * float(np.trace(child.matrix)) / 3, LEAST_MOMENT)
    helper = MassProperties.of(mass, (0.0, 0.0, 0.0), np.eye(3) * moment)
    return helper, MassProperties.of(child.mass - mass, child.centre, child.matrix)

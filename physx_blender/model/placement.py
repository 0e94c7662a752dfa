# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a whole asset elsewhere, or make it larger or smaller, with everything that follows from it.

Lengths scale with s, volumes and masses with s^3, inertia with s^5. Damping, friction and springs of joints stay as
they are: somebody has chosen these numbers, and there is no one right way to scale them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

import numpy as np

from ..errors import AssetError
from ..geometry import MassProperties, PlacedShape, Pose, Shape, TriangleMesh
from ..geometry.pose import Vec3
from .asset import Asset
from .camera import Camera
from .joint import Joint, JointKind
from .link import Link

S = TypeVar("S", bound=Shape)
_NOT_LENGTHS = frozenset({"open_faces"})


def scaled_shape(shape: S, scale: float) -> S:
    """The shape `scale` times as large about its own origin; every number in a shape is a length."""
    if scale == 1.0:
        return shape
    values = {f.name: getattr(shape, f.name) for f in fields(shape) if f.init}  # type: ignore[arg-type]
    return type(shape)(**{k: v if k in _NOT_LENGTHS else _scaled_value(v, scale) for k, v in values.items()})


def _scaled_value(value: object, scale: float) -> object:
    if isinstance(value, float):
        return value * scale
    if isinstance(value, tuple):
        return tuple(_scaled_value(v, scale) for v in value)
    if isinstance(value, TriangleMesh):
        return TriangleMesh(value.vertices * scale, value.faces, value.uv)
    if value is None:
        return None
    assert not is_dataclass(value), f"no rule to scale a {type(value).__name__}"
    return value


def moved_asset(asset: Asset, pose: Pose, scale: float = 1.0) -> Asset:
    """The asset scaled about the origin, then moved by `pose`; names, order and everything else are kept."""
    if not scale > 0.0:
        raise AssetError(f"scale must be above 0, got {scale:g}", where=f"asset {asset.name!r}")
    if pose == Pose() and scale == 1.0:
        return asset

    def point(p: Vec3) -> Vec3:
        x, y, z = pose.apply(np.array([p]) * scale)[0]
        return (float(x), float(y), float(z))

    def direction(d: Vec3) -> Vec3:
        x, y, z = pose.rotation @ np.array(d)
        return (float(x), float(y), float(z))

    def place(p: Pose) -> Pose:
        x, y, z = p.position
        return pose @ Pose((x * scale, y * scale, z * scale), p.quaternion)

    def shapes(items: tuple[PlacedShape, ...]) -> tuple[PlacedShape, ...]:
        return tuple(PlacedShape(scaled_shape(s.shape, scale), place(s.pose)) for s in items)

    parts = tuple(
        replace(
            part,
            shapes=shapes(part.shapes),
            collision=None if part.collision is None else shapes(part.collision),
            mass=None if part.mass is None else part.mass * scale**3,
        )
        for part in asset.parts
    )
    return replace(
        asset,
        parts=parts,
        links=tuple(_moved_link(link, pose, scale) for link in asset.links),
        joints=tuple(_moved_joint(joint, point, direction, pose, scale) for joint in asset.joints),
        camera=None if asset.camera is None else _moved_camera(asset.camera, place),
    )


def _moved_link(link: Link, pose: Pose, scale: float) -> Link:
    body = link.inertial
    if body is None:
        return link
    larger = MassProperties.of(body.mass * scale**3, np.array(body.centre) * scale, body.matrix * scale**5)
    return replace(link, inertial=larger.moved(pose))


def _moved_camera(camera: Camera, place: Callable[[Pose], Pose]) -> Camera:
    return replace(camera, pose=place(camera.pose))


def _moved_joint(
    joint: Joint, point: Callable[[Vec3], Vec3], direction: Callable[[Vec3], Vec3], pose: Pose, scale: float
) -> Joint:
    limits, mimic = joint.travel_limits, joint.mimic
    if mimic is not None and joint.kind is JointKind.SLIDE:
        mimic = replace(mimic, offset=mimic.offset * scale)
    return replace(
        joint,
        axis=direction(joint.axis),
        anchor=point(joint.anchor),
        slide_axis=None if joint.slide_axis is None else direction(joint.slide_axis),
        travel_limits=None if limits is None else (limits[0] * scale, limits[1] * scale),
        position=_moved_position(joint, pose, scale),
        mimic=mimic,
        armature=joint.armature * (scale**5 if joint.kind in _TURNING else scale**3),
    )


_TURNING = (JointKind.HINGE, JointKind.BALL, JointKind.CYLINDRICAL)


def _moved_position(joint: Joint, pose: Pose, scale: float) -> tuple[float, ...]:
    q = joint.position or ()
    if joint.kind is JointKind.SLIDE:
        return (q[0] * scale,)
    if joint.kind is JointKind.CYLINDRICAL:
        return (q[0], q[1] * scale)
    if joint.kind is JointKind.BALL:
        return _turned(q, pose)
    if joint.kind is JointKind.FREE:
        shift = pose.rotation @ (np.array(q[:3]) * scale)
        return (float(shift[0]), float(shift[1]), float(shift[2]), *_turned(q[3:], pose))
    return q


def _turned(q: tuple[float, ...], pose: Pose) -> tuple[float, ...]:
    """The same rotation seen in the turned frame."""
    if pose.quaternion == (1.0, 0.0, 0.0, 0.0):
        return q
    w, x, y, z = q
    axis = pose.rotation @ np.array([x, y, z])
    return (w, float(axis[0]), float(axis[1]), float(axis[2]))

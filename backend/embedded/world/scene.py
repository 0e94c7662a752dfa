# SPDX-License-Identifier: GPL-3.0-or-later
"""From a program to what the ray-caster takes: placed shapes, each moved by its link."""

from __future__ import annotations

import numpy as np

from backend.render import SceneItem
from backend.render.pack import matrices
from physx_blender.geometry import Pose
from physx_blender.geometry.pose import Array
from physx_blender.model.joint import REST_POSITION

from ..program.build import Build, collect
from ..program.node import Program

GLOSS = {
    "glass": 0.8,
    "stainless steel": 0.6,
    "steel": 0.4,
    "aluminium": 0.5,
    "brass": 0.6,
    "copper": 0.6,
    "porcelain": 0.6,  # glazed
    "ceramic": 0.5,
    "polycarbonate": 0.5,
}
_SIGNS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)


def link_motions(build: Build) -> dict[str, Array]:
    """4x4 matrix that takes each link's points at rest to where they are, at the joints' positions."""
    motions: dict[str, Array] = {build.links[0].name: np.eye(4)}
    for joint in build.joints:  # built parents first
        before = motions[joint.parent]
        closed = joint.position == REST_POSITION[joint.kind]
        motions[joint.child] = before if closed else before @ joint.motion().matrix
    return motions


def items_of(build: Build) -> list[SceneItem]:
    """One item per shape, in the order of parts; `part` is the index of the part."""
    motions = link_motions(build)
    still = {name: bool(np.array_equal(m, np.eye(4))) for name, m in motions.items()}
    out = []
    for k, part in enumerate(build.parts):
        gloss = GLOSS.get(part.material.name.lower(), 0.2)
        for placed in part.shapes:
            motion = None if still[part.link] else motions[part.link]
            out.append(SceneItem(placed, motion, part.colour[:3], part=k, gloss=gloss))
    return out


def scene(program: Program) -> tuple[Build, list[SceneItem]]:
    """The pieces of a program and its scene."""
    build = collect(program)
    return build, items_of(build)


def corners(items: list[SceneItem]) -> Array:
    """Corners (8 n, 3) of the boxes around the scene's shapes, where they are: enough to frame a picture."""
    low, high = (np.array(b) for b in zip(*(item.placed.shape.bounds() for item in items), strict=True))
    points = low[:, None] + _SIGNS * (high - low)[:, None]
    place = matrices([(item.placed.pose.quaternion, item.placed.pose.position) for item in items])
    points = points @ place[:, :3, :3].transpose(0, 2, 1) + place[:, None, :3, 3]
    for k, item in enumerate(items):
        if item.motion is not None:
            m = item.motion.matrix if isinstance(item.motion, Pose) else np.asarray(item.motion)
            points[k] = points[k] @ m[:3, :3].T + m[:3, 3]
    return points.reshape(-1, 3)

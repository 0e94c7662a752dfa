# SPDX-License-Identifier: GPL-3.0-or-later
"""Random assets for property tests: every kind of joint and shape, nested up to six deep, 8 cm to 2 m."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    Mesh,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    TriangleMesh,
    Tube,
)
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Mimic, Part

SCALES = (0.08, 0.3, 2.0)
DEPTH = 6
_MATERIALS = (Material("Oak wood", 700.0, friction=0.45), Material("Steel", 7850.0, friction=0.3))
_CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], float)
_SIDES = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])


def random_shape(rng: np.random.Generator, size: float) -> Shape:
    """One shape of any kind, not larger than `size` metres."""
    a, b, c = (float(v) for v in rng.uniform(0.15, 0.5, 3) * size)
    kinds: tuple[Shape, ...] = (
        Box((a, b, c)),
        Box((a, b, c), min(a, b, c) * 0.1),
        Cylinder(a / 2, b),
        Cylinder(a / 2, b, a / 4),
        Ellipsoid((a / 2, b / 2, c / 2)),
        Ellipsoid((a / 2, a / 2, a / 2)),
        Capsule(a / 3, b),
        Tube(((0, 0, 0), (a, 0, 0), (a, b, 0)), min(a, b) * 0.1, min(a, b) * 0.05),
        Extrusion(((0, 0), (a, 0), (a, b / 2), (a / 2, b / 2), (a / 2, b), (0, b)), c),
        Revolution(((0, 0), (a / 2, 0), (a / 3, c), (0, c))),
        HollowBox((a, b, c), min(a, b, c) * 0.1, ("+z",)),
        Box((a, b, size * 1e-3)),
        Mesh(TriangleMesh(_CORNERS * (a, b, c), _SIDES)),
    )
    return kinds[int(rng.integers(len(kinds)))]


def _direction(rng: np.random.Generator) -> tuple[float, float, float]:
    if rng.random() < 0.5:
        return ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0))[int(rng.integers(4))]
    x, y, z = rng.normal(size=3)
    return (float(x), float(y), float(z) or 1.0)


def _placed(rng: np.random.Generator, size: float) -> PlacedShape:
    x, y, z = rng.uniform(-0.4, 0.4, 3) * size
    w = rng.normal(size=4) if rng.random() < 0.5 else np.array([1.0, 0, 0, 0])
    return PlacedShape(random_shape(rng, size), Pose((float(x), float(y), float(z)), tuple(w)))


@st.composite
def assets(draw: st.DrawFn, kinds: tuple[JointKind, ...] = tuple(JointKind), most_links: int = 9) -> Asset:
    """Assets whose tree and kinds hypothesis chooses (and shrinks); numbers come from a seed that it draws."""
    scale = draw(st.sampled_from(SCALES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(1, most_links))
    links, depth = ["base"], {"base": 0}
    parts = [Part("body of base", "base", (_placed(rng, scale),), _MATERIALS[0])]
    joints: list[Joint] = []
    for k in range(1, count):
        deep = [name for name in links if depth[name] < DEPTH]
        parent = deep[-1] if draw(st.booleans()) else draw(st.sampled_from(deep))
        kind = draw(st.sampled_from(kinds))
        child = f"link {k}"
        links.append(child)
        depth[child] = depth[parent] + 1
        for i in range(draw(st.integers(1, 2))):
            shapes = tuple(_placed(rng, scale) for _ in range(int(rng.integers(1, 3))))
            red, green, blue = (float(v) for v in rng.uniform(0, 1, 3).round(3))
            colour = (red, green, blue, 1.0)
            parts.append(Part(f"part {k}-{i}", child, shapes, _MATERIALS[i], colour))
        low, high = sorted(float(v) for v in rng.uniform(-1.5, 1.5, 2))
        if kind is JointKind.BALL:
            low, high = 0.0, float(rng.uniform(0.2, math.pi))
        turns = kind in (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL) and draw(st.booleans())
        slides = kind in (JointKind.SLIDE, JointKind.CYLINDRICAL)
        leaders = [j for j in joints if j.kind is kind and j.mimic is None]
        follows = kind in (JointKind.HINGE, JointKind.SLIDE) and leaders and draw(st.booleans())
        anchor = tuple(float(v) for v in rng.uniform(-0.5, 0.5, 3) * scale)
        joints.append(
            Joint(
                f"joint {k}",
                kind,
                parent,
                child,
                _direction(rng),
                anchor,  # type: ignore[arg-type]
                angle_limits=(low, high) if turns else None,
                travel_limits=(-0.1 * scale, float(rng.uniform(0.1, 0.5)) * scale)
                if slides and draw(st.booleans())
                else None,
                slide_axis=_direction(rng) if kind is JointKind.CYLINDRICAL and rng.random() < 0.5 else None,
                damping=float(rng.uniform(0, 0.1)),
                friction_loss=float(rng.uniform(0, 0.1)),
                mimic=Mimic(leaders[0].name, float(rng.uniform(-1, 1)), float(rng.uniform(-0.1, 0.1)))
                if follows
                else None,
            )
        )
    return Asset(
        "random thing",
        tuple(parts),
        tuple(Link(name) for name in links),
        tuple(joints),
        fixed_base=draw(st.booleans()),
    )


def random_positions(asset: Asset, rng: np.random.Generator) -> dict[str, tuple[float, ...]]:
    """A position within the limits for every joint that follows no other; free joints move too."""
    found: dict[str, tuple[float, ...]] = {}
    for joint in asset.joints:
        if joint.mimic is not None or joint.kind is JointKind.FIXED:
            continue
        angle = float(rng.uniform(*(joint.angle_limits or (-math.pi, math.pi))))
        travel = float(rng.uniform(*(joint.travel_limits or (-1.0, 1.0))))
        if joint.kind is JointKind.HINGE:
            found[joint.name] = (angle,)
        elif joint.kind is JointKind.SLIDE:
            found[joint.name] = (travel,)
        elif joint.kind is JointKind.CYLINDRICAL:
            found[joint.name] = (angle, travel)
        else:
            axis = rng.normal(size=3)
            axis = axis / np.linalg.norm(axis)
            quaternion = (math.cos(angle / 2), *(float(v) for v in math.sin(angle / 2) * axis))
            shift = tuple(float(v) for v in rng.uniform(-1, 1, 3)) if joint.kind is JointKind.FREE else ()
            found[joint.name] = (*shift, *quaternion)
    return found

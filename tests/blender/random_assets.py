# SPDX-License-Identifier: GPL-3.0-or-later
"""Random assets: every kind of joint and shape, nested up to six deep, from 8 cm to 2 m."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from tests.blender.zoo import png, unit


def random_asset(m: Any, r: Random) -> Any:
    """An asset of 1 to 8 links; `m` has the classes of the model, `r` decides."""
    size = 10 ** r.uniform(math.log10(0.08), math.log10(2.0))
    count = r.randint(1, 8)
    names = [r.choice(("base", "door", "Lid 2", "arm.left", "x-y", "_part")) + f" {k}" for k in range(count)]
    parents = {k: r.randrange(max(0, k - 6), k) for k in range(1, count)}
    parts = []
    for k, name in enumerate(names):
        for n in range(r.randint(1, 2)):
            shapes = tuple(placed(m, r, size) for _ in range(r.choice((1, 1, 1, 3))))
            parts.append(
                m.Part(
                    f"{name} {n}",
                    name,
                    shapes,
                    material(m, r, n),
                    colour=tuple(r.random() for _ in range(4)),
                    texture=m.Texture(f"picture {k}", png(2 + k)) if r.random() < 0.2 else None,
                    collision=r.choice((None, None, (), (placed(m, r, size), placed(m, r, size)))),
                    mass=r.uniform(1e-4, 50) if r.random() < 0.2 else None,
                    affordance_rank=r.choice((None, 1, 10)),
                    description=r.choice(("", "an umlaut: ä, a line\nbreak, a \"quote\"")),
                )
            )  # fmt: skip
    r.shuffle(parts)
    joints = [joint(m, r, size, k, names[parents[k]], names[k]) for k in range(1, count)]
    joints = [mimicking(m, r, j, joints[:k]) for k, j in enumerate(joints)]
    r.shuffle(joints)
    links = tuple(m.Link(n, inertial(m, r, size) if r.random() < 0.2 else None) for n in names)
    return m.Asset(
        r.choice(("thing", "Thing 1.5")), tuple(parts), links, tuple(joints), fixed_base=r.random() < 0.5
    )  # fmt: skip


def material(m: Any, r: Random, n: int) -> Any:
    modulus, ratio = 10 ** r.uniform(6, 11), r.uniform(-0.9, 0.49)
    return m.Material(
        f"stuff {n}", r.uniform(10, 9000), modulus, ratio, r.random(), r.random(), r.random() < 0.5
    )


def vector(r: Random, size: float) -> tuple[float, ...]:
    return tuple(r.uniform(-size, size) for _ in range(3))


def direction(r: Random) -> tuple[float, ...]:
    if r.random() < 0.5:
        axis = [0.0, 0.0, 0.0]
        axis[r.randrange(3)] = r.choice((-1.0, 1.0))
        return tuple(axis)
    return unit(r.gauss(0, 1), r.gauss(0, 1), r.gauss(0, 1))


def quaternion(r: Random) -> tuple[float, ...]:
    return unit(*(r.gauss(0, 1) for _ in range(4)))


def placed(m: Any, r: Random, size: float) -> Any:
    return m.PlacedShape(shape(m, r, size / 2), m.Pose(vector(r, size), quaternion(r)))


def shape(m: Any, r: Random, s: float) -> Any:
    a, b, c = (s * r.uniform(0.05, 1.0) for _ in range(3))
    hole = ((0.2 * s, 0.2 * s), (0.4 * s, 0.2 * s), (0.3 * s, 0.5 * s))
    kinds = [
        lambda: m.Box((a, b, c), r.choice((0.0, 0.2 * min(a, b, c)))),
        lambda: m.Cylinder(a, b, r.choice((None, 0.0, c))),
        lambda: m.Ellipsoid((a, b, c)),
        lambda: m.Capsule(a, b),
        lambda: m.Tube(((0, 0, 0), (s, 0, 0), (s, s, 0.5 * s)), 0.05 * a, r.choice((0.0, 0.03 * a))),
        lambda: m.Extrusion(((0, 0), (s, 0), (s, s), (0, s)), a, r.choice(((), (hole,)))),
        lambda: m.Revolution(((0, 0), (a, 0), (a, b), (0.9 * a, b), (0.9 * a, 0.1 * b), (0, 0.1 * b))),
        lambda: m.HollowBox((s, s, s), 0.03 * s, r.choice((("+z",), ("-y",), ("-y", "+x")))),
        lambda: m.Mesh(tetrahedron(m, r, s), r.choice((None, 0.001))),
    ]  # fmt: skip
    return r.choice(kinds)()


def tetrahedron(m: Any, r: Random, s: float) -> Any:
    corners = [vector(r, s) for _ in range(4)]
    faces = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]
    uv = [[(r.random(), r.random()) for _ in range(3)] for _ in faces] if r.random() < 0.5 else None
    return m.TriangleMesh(corners, faces, uv)


def inertial(m: Any, r: Random, size: float) -> Any:
    mass = r.uniform(0.01, 20.0)
    a, b, c = (mass * size**2 * r.uniform(0.05, 0.07) for _ in range(3))
    d = 0.001 * mass * size**2
    return m.MassProperties(mass, vector(r, size), ((a, d, 0.0), (d, b, -d), (0.0, -d, c)))


def joint(m: Any, r: Random, size: float, k: int, parent: str, child: str) -> Any:
    kind = r.choice(list(m.JointKind))
    turns = kind.value in ("hinge", "cylindrical")
    slides = kind.value in ("slide", "cylindrical")
    # Blender's limits know one turn either way; what they cannot hold is tested apart
    angles = r.choice((None, (-3.0, 3.0), (0.0, 1.5), (0.5, 4.0))) if turns else None
    angles = r.choice((None, (0.0, 1.0))) if kind.value == "ball" else angles
    travel = r.choice((None, (0.0, 0.3 * size), (-0.2 * size, -0.1 * size))) if slides else None
    low, high = angles or (-1.0, 1.0)
    start, end = travel or (-0.1 * size, 0.1 * size)
    position = {
        "fixed": (),
        "hinge": (r.uniform(low, high),),
        "slide": (r.uniform(start, end),),
        "cylindrical": (r.uniform(low, high), r.uniform(start, end)),
        "ball": unit(1.0, *(0.1 * r.gauss(0, 1) for _ in range(3))),
        "free": (*vector(r, size), *quaternion(r)),
    }[kind.value]
    return m.Joint(
        f"joint {k}", kind, parent, child, direction(r), vector(r, size), angles, travel,
        direction(r) if kind.value == "cylindrical" and r.random() < 0.5 else None,
        r.choice((None, position)), r.random(), r.random(), 10 * r.random(), 0.01 * r.random(),
    )  # fmt: skip


def mimicking(m: Any, r: Random, j: Any, others: list[Any]) -> Any:
    import dataclasses

    leaders = [o for o in others if o.kind is j.kind and o.mimic is None]
    if j.kind.value not in ("hinge", "slide") or not leaders or r.random() < 0.6:
        return j
    return dataclasses.replace(
        j, mimic=m.Mimic(r.choice(leaders).name, r.uniform(-2, 2), r.uniform(-0.1, 0.1))
    )

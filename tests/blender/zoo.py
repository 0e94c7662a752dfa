# SPDX-License-Identifier: GPL-3.0-or-later
"""Assets for the Blender tests, made with the model of the installed extension."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

Load = Callable[[str], ModuleType]


def names(load: Load) -> Any:
    """Model and geometry classes of the extension in one name space."""
    found: dict[str, Any] = {}
    for module in ("physx_blender.model", "physx_blender.geometry"):
        loaded = load(module)
        found.update({n: getattr(loaded, n) for n in loaded.__all__})
    return SimpleNamespace(**found)


def png(size: int = 4) -> bytes:
    """A small RGB picture with a gradient."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + b"".join(bytes((200 * x // size, 200 * y // size, 99)) for x in range(size))
        for y in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def unit(*v: float) -> tuple[float, ...]:
    """The vector at unit length."""
    n = math.sqrt(sum(x * x for x in v))
    return tuple(x / n for x in v)


def cabinet(m: Any) -> Any:
    """A plain cabinet with a door, a drawer and a knob on the door: what an artist would start from."""
    wood = m.Material("oak", 720.0, 1.1e10, 0.35, 0.45, 0.3)
    steel = m.Material("steel", 7850.0, 2.0e11, 0.29, 0.6, 0.5)
    body = m.HollowBox((0.6, 0.4, 0.8), 0.018, ("-y",))
    parts = (
        m.Part(
            "body", "base", (m.PlacedShape(body, m.Pose((0, 0, 0.4))),), wood, colour=(0.5, 0.3, 0.2, 1.0)
        ),
        m.Part(
            "door", "door", (m.PlacedShape(m.Box((0.29, 0.018, 0.76)), m.Pose((-0.15, -0.209, 0.4))),), wood
        ),
        m.Part(
            "knob",
            "door",
            (
                m.PlacedShape(
                    m.Cylinder(0.012, 0.03),
                    m.Pose((-0.03, -0.233, 0.4), (math.cos(math.pi / 4), math.sin(math.pi / 4), 0, 0)),
                ),
            ),
            steel,
            colour=(0.8, 0.8, 0.85, 1.0),
            affordance_rank=1,
        ),
        m.Part(
            "drawer",
            "drawer",
            (m.PlacedShape(m.Box((0.25, 0.35, 0.15)), m.Pose((0.15, 0.0, 0.6))),),
            wood,
            mass=1.5,
        ),
    )
    joints = (
        m.Joint(
            "door hinge",
            m.JointKind.HINGE,
            "base",
            "door",
            (0, 0, 1),
            (-0.295, -0.2, 0.4),
            angle_limits=(-1.9, 0.0),
            damping=0.1,
        ),
        m.Joint(
            "drawer slide",
            m.JointKind.SLIDE,
            "base",
            "drawer",
            (0, -1, 0),
            (0.15, -0.2, 0.6),
            travel_limits=(0.0, 0.3),
        ),
    )
    return m.Asset(
        "cabinet", parts, (m.Link("base"), m.Link("door"), m.Link("drawer")), joints, category="cabinet"
    )


def zoo(m: Any) -> Any:
    """Every kind of joint and shape, nested, with every optional field used somewhere."""
    abs_plastic = m.Material("ABS plastic", 1050.123456789, 2.2e9, 0.35, 0.41, 0.52, estimated=False)
    brass = m.Material("brass", 8500.0)
    pose = m.Pose((0.123456789, -0.2, 0.3), unit(0.9, 0.1, -0.3, 0.2))

    def place(shape: Any, x: float, z: float = 0.5) -> Any:
        return m.PlacedShape(shape, m.Pose((x, 0.1 * x, z), unit(1.0, 0.3 * x, -0.2, 0.1)))

    tetra = m.TriangleMesh(
        [[0, 0, 0], [0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]], [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]
    )
    sheet = m.TriangleMesh(
        [[0, 0, 0], [0.1, 0, 0], [0.1, 0.1, 0]], [[0, 1, 2]], [[[0.0, 0.0], [1.0, 0.0], [1.0, 0.6]]]
    )
    texture = m.Texture("label", png())
    shapes = {
        "base": (
            m.PlacedShape(m.HollowBox((0.6, 0.4, 0.8), 0.02, ("-y", "+z")), pose),
            place(m.Box((0.1, 0.2, 0.3), 0.01), 0.4),
        ),
        "hinged": (place(m.Box((0.3, 0.02, 0.5)), 0.3),),
        "sliding": (place(m.Cylinder(0.05, 0.2), 0.5), place(m.Cylinder(0.05, 0.2, 0.01), 0.55)),
        "balled": (place(m.Ellipsoid((0.05, 0.06, 0.07)), 0.7),),
        "twisting": (place(m.Capsule(0.03, 0.1), 0.8),),
        "oblique": (place(m.Tube(((0, 0, 0), (0.1, 0, 0), (0.1, 0.1, 0)), 0.01, 0.006), 0.9),),
        "floating": (
            place(
                m.Extrusion(((0, 0), (0.1, 0), (0.1, 0.05), (0.05, 0.05), (0.05, 0.1), (0, 0.1)), 0.03), 1.0
            ),
        ),
        "welded": (
            place(
                m.Revolution(((0.0, 0.0), (0.05, 0.0), (0.05, 0.1), (0.04, 0.1), (0.04, 0.01), (0.0, 0.01))),
                1.1,
            ),
        ),
        "follower": (place(m.Mesh(tetra), 1.2), place(m.Mesh(sheet, 0.002), 1.3)),
        "slow": (place(m.Box((0.1, 0.1, 0.1)), 1.4),),
    }
    parts = []
    for k, (link, items) in enumerate(shapes.items()):
        parts.append(
            m.Part(
                f"{link} part",
                link,
                items,
                brass if k % 2 else abs_plastic,
                colour=(0.1 * k, 0.03, 1.0 - 0.07 * k, 1.0 if k else 0.5),
                texture=texture if link in ("follower", "hinged") else None,
                collision=(place(m.Box((0.2, 0.2, 0.2)), 0.3), place(m.Mesh(tetra), 0.2))
                if k == 1
                else ()
                if k == 2
                else None,
                mass=0.123456789 if k == 3 else None,
                affordance_rank=k if k else None,
                confidence=0.1 * k if k else None,
                description=f"part number {k}",
            )
        )
    parts.append(m.Part("ghost", "base", (), brass, collision=(place(m.Box((0.1, 0.1, 0.1)), 0.0),)))
    kind = m.JointKind
    joints = (
        m.Joint(
            "j hinge",
            kind.HINGE,
            "base",
            "hinged",
            unit(0.1, 0.2, 1.0),
            (0.1, 0.2, 0.3),
            (-0.3, 2.2),
            position=(1.2345678901,),
        ),
        m.Joint(
            "j slide",
            kind.SLIDE,
            "hinged",
            "sliding",
            unit(1, 1, 0),
            (0.5, 0.0, 0.4),
            travel_limits=(-0.05, 0.25),
            position=(0.1,),
            damping=1.5,
            friction_loss=0.25,
            stiffness=3.5,
            armature=0.0123,
        ),
        m.Joint(
            "j ball",
            kind.BALL,
            "sliding",
            "balled",
            (0, 0, 1),
            (0.7, 0.0, 0.5),
            (0.0, 1.0),
            position=unit(0.9, 0.1, 0.2, -0.1),
        ),
        m.Joint(
            "j twist",
            kind.CYLINDRICAL,
            "base",
            "twisting",
            (0, 1, 0),
            (0.8, 0, 0.5),
            (-1.0, 1.0),
            (0.0, 0.1),
            position=(0.5, 0.05),
        ),
        m.Joint(
            "j oblique",
            kind.CYLINDRICAL,
            "twisting",
            "oblique",
            (0, 0, 1),
            (0.9, 0, 0.5),
            None,
            (-0.1, 0.1),
            slide_axis=unit(1, 0.5, 0.5),
            position=(4.0, 0.03),
        ),
        m.Joint(
            "j free",
            kind.FREE,
            "base",
            "floating",
            (0, 0, 1),
            (1.0, 0, 0.5),
            position=(0.1, 0.2, 0.3, *unit(0.5, -0.5, 0.5, 0.4)),
        ),
        m.Joint("j fixed", kind.FIXED, "floating", "welded", unit(0, 1, 1), (1.1, 0, 0.5)),
        m.Joint(
            "j follow",
            kind.HINGE,
            "base",
            "follower",
            (1, 0, 0),
            (1.2, 0, 0.5),
            position=(-0.6,),
            mimic=m.Mimic("j hinge", -0.5, 0.01),
        ),
        m.Joint("j wheel", kind.HINGE, "welded", "slow", (0, 0, -1), (1.4, 0, 0.5), position=(-20.0,)),
    )
    links = tuple(
        m.Link(
            name,
            m.MassProperties(
                1.23456789, (0.1, 0.2, 0.3), ((0.02, 0.001, 0.0), (0.001, 0.03, 0.002), (0.0, 0.002, 0.04))
            ),
        )
        if name == "sliding"
        else m.Link(name)
        for name in shapes
    )
    camera = m.Camera(m.Pose((0.5, -2.0, 1.1), unit(0.8, 0.6, 0.1, 0.05)), 0.7, 640, 480, 0.01, -0.02)
    provenance = m.Provenance("embedded", "0.1.0", "small", "ab" * 32, 7, "cd" * 32, 0.4321, ("one note",))
    return m.Asset("zoo.1", tuple(parts), links, joints, "test", "all there is", True, camera, provenance)


def differences(a: Any, b: Any, where: str = "", tolerance: float = 1e-6) -> list[str]:
    """Everything in which two assets differ by more than the tolerance (relative above 1), by path."""
    import dataclasses

    import numpy as np

    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, (str, bytes)) or a is None or b is None:
        return [] if a == b else [f"{where}: {a!r:.80} != {b!r:.80}"]
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return [] if abs(a - b) <= tolerance * max(1.0, abs(a)) else [f"{where}: {a!r} != {b!r}"]
    if type(a) is not type(b):
        return [f"{where}: {type(a).__name__} != {type(b).__name__}"]
    if isinstance(a, np.ndarray):
        if a.shape != b.shape:
            return [f"{where}: {a.shape} != {b.shape}"]
        return (
            [] if np.abs(a - b).max(initial=0.0) <= tolerance else [f"{where}: off by {np.abs(a - b).max()}"]
        )
    if isinstance(a, tuple):
        if len(a) != len(b):
            return [f"{where}: {len(a)} items != {len(b)}"]
        return [
            d
            for k, (x, y) in enumerate(zip(a, b, strict=True))
            for d in differences(x, y, f"{where}[{k}]", tolerance)
        ]
    if dataclasses.is_dataclass(a):
        fields = [f.name for f in dataclasses.fields(a)]
        name = getattr(a, "name", "")
        return [
            d
            for f in fields
            for d in differences(
                getattr(a, f),
                getattr(b, f),
                f"{where}.{f}" if not name else f"{where}<{name}>.{f}",
                tolerance,
            )
        ]
    return [] if a == b else [f"{where}: {a!r:.80} != {b!r:.80}"]

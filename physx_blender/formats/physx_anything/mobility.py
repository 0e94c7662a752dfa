# SPDX-License-Identifier: GPL-3.0-or-later
"""The annotation of an asset as a record of the layout of PhysX-Mobility, with a mesh per part.

Meshes and joints share one frame: y up, the box around the asset centred on the origin, its longest side 1. Limits of
hinges are in half turns, those of slides in sides of that box; `dimension` (cm) says how large it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...geometry import TriangleMesh
from ...geometry.pose import Vec3
from ...model import Asset, Joint, JointKind
from ..json_text import format_json
from ..meshfiles import obj_bytes
from .description import GroupText, Movement
from .disassemble import disassemble

_FULL_TURN = (-1.0, 1.0)


def mobility_files(asset: Asset, name: str) -> dict[str, bytes]:
    """``finaljson/<name>.json`` and ``partseg/<name>/objs/<part>.obj`` by path."""
    record, meshes = mobility_record(asset)
    files = {f"finaljson/{name}.json": format_json(record).encode()}
    for number, mesh in enumerate(meshes):
        files[f"partseg/{name}/objs/{number}.obj"] = obj_bytes(mesh)
    return files


def mobility_record(asset: Asset) -> tuple[dict[str, Any], list[TriangleMesh]]:
    """The record as plain values, and the mesh of every part at rest in the record's frame."""
    description, _ = disassemble(asset)
    whole = [TriangleMesh.join([s.mesh() for s in p.shapes or p.collision or ()]) for p in asset.parts]
    low = np.min([m.vertices.min(axis=0) for m in whole], axis=0)
    high = np.max([m.vertices.max(axis=0) for m in whole], axis=0)
    side, centre = float((high - low).max()), (low + high) / 2
    meshes = [TriangleMesh(_up((m.vertices - centre) / side), m.faces) for m in whole]
    grid = description.grid
    parts = [
        {
            "label": text.id,
            "name": text.name,
            "material": text.material,
            "density": f"{_short((text.density or 0.0) / 1000)} g/cm^3",
            "Young's Modulus (GPa)": _short((text.youngs_modulus or 0.0) / 1e9),
            "Poisson's Ratio": _short(text.poissons_ratio or 0.0),
            "priority_rank": text.rank or 10,
            "Basic_description": text.description or text.name,
            "Functional_description": "",
            "Movement_description": _movement_words(asset, text.id),
            "obj": [str(text.id)],
        }
        for text in description.parts
    ]
    groups: dict[str, Any] = {}
    for group in description.groups:
        members = list(group.parts)
        if group.parent is None:
            groups[str(group.id)] = members
        else:
            groups[str(group.id)] = [members, str(group.parent), _params(group, grid), group.movement.value]
    record = {
        "object_name": description.name,
        "category": description.category,
        "dimension": "*".join(f"{_short(d):g}" for d in description.dimension),
        "parts": parts,
        "group_info": groups,
    }
    return record, meshes


def _up(points: np.ndarray) -> np.ndarray:
    """Points (..., 3) with z up as points with y up: (x, z, -y)."""
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)


def _direction(axis: Vec3 | None) -> list[float]:
    v = np.zeros(3) if axis is None else np.asarray(axis, float) / np.linalg.norm(axis)
    return [_short(x) for x in _up(v)]


def _params(group: GroupText, grid: int) -> list[float]:
    """The numbers of a joint: directions, places, limits, in the order of its type."""
    place = [0.0] * 3
    if group.position is not None:
        place = [_short(x) for x in _up(np.asarray(group.position, float) / grid - 0.5)]
    turn = _FULL_TURN if group.angles is None else tuple(a / 180 for a in group.angles)
    travel = (0.0, 0.0) if group.travel is None else tuple(t / grid for t in group.travel)
    angles, slide = [_short(a) for a in turn], [_short(t) for t in travel]
    if group.movement is Movement.SLIDE:
        return [*_direction(group.slide_axis), 0.0, 0.0, 0.0, *slide]
    if group.movement is Movement.HINGE:
        return [*_direction(group.axis), *place, *angles]
    if group.movement is Movement.BALL:
        return [0.0, 0.0, 0.0, *place]
    if group.movement is Movement.HINGE_SLIDE:
        return [
            *_direction(group.axis),
            *place,
            *angles,
            *_direction(group.slide_axis),
            0.0,
            0.0,
            0.0,
            *slide,
        ]
    return []


def _movement_words(asset: Asset, number: int) -> str:
    """One sentence about how a part moves."""
    joint: Joint | None = asset.joint_of.get(asset.parts[number].link)
    words = {
        JointKind.HINGE: "It turns about a hinge.",
        JointKind.SLIDE: "It slides along a straight line.",
        JointKind.CYLINDRICAL: "It turns about an axis and slides along it.",
        JointKind.BALL: "It turns about a point.",
        JointKind.FREE: "It can be taken away.",
    }
    return words.get(joint.kind, "It does not move.") if joint is not None else "It does not move."


def _short(value: float) -> float:
    """Six significant digits, no negative zero."""
    return float(f"{value:.6g}") + 0.0

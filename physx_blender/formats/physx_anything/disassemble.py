# SPDX-License-Identifier: GPL-3.0-or-later
"""From an `Asset` to the structured description and the voxels of its parts.

What the format cannot say is told to the report: colours, dampings and springs, mimics, limits of balls, hand-set masses,
angles finer than a degree in the training flavour.
"""

from __future__ import annotations

import math

import numpy as np

from ...errors import AssetError
from ...geometry import TriangleMesh
from ...geometry.pose import Array, Vec3
from ...model import Asset, Joint, JointKind, Part
from .description import GRIDS, Description, GroupText, PartText
from .joints import KINDS
from .report import Report
from .runs import Indices
from .voxelise import surface_cells

MOVEMENTS = {kind: movement for movement, kind in KINDS.items()}
LONGEST_RANGE = 360.0


def disassemble(
    asset: Asset, *, grid: int = 32, report: Report | None = None
) -> tuple[Description, dict[int, Indices]]:
    """The description and, per part, the (N, 3) voxels of its surface at rest; part k is the asset's k-th part."""
    report = report if report is not None else Report()
    if grid not in GRIDS:
        raise AssetError(f"grid must be 32 or 64, got {grid!r}", where="structured description")
    if not asset.parts:
        raise AssetError("has no part to write", where=f"asset {asset.name!r}")
    meshes = [_mesh(p) for p in asset.parts]
    low = np.min([m.vertices.min(axis=0) for m in meshes], axis=0)
    high = np.max([m.vertices.max(axis=0) for m in meshes], axis=0)
    side = float((high - low).max())
    if side <= 0.0:
        raise AssetError("has no extent", where=f"asset {asset.name!r}")
    centre = (low + high) / 2.0

    def lattice(points: Array) -> Array:
        return ((np.asarray(points, float) - centre) / side + 0.5) * grid

    cells = {k: surface_cells(TriangleMesh(lattice(m.vertices), m.faces), grid) for k, m in enumerate(meshes)}
    number = {link.name: i for i, link in enumerate(asset.links)}
    groups = []
    for link in asset.links:
        members = tuple(k for k, p in enumerate(asset.parts) if p.link == link.name)
        joint = asset.joint_of.get(link.name)
        if joint is None:
            groups.append(GroupText(0, members))
            continue
        anchor = lattice(np.array([joint.anchor]))[0]
        place = (float(anchor[0]), float(anchor[1]), float(anchor[2]))
        groups.append(
            _group(number[link.name], members, number[joint.parent], joint, place, grid / side, report)
        )
    description = Description(
        asset.description if asset.description and len(asset.description) <= 80 else asset.name,
        asset.category,
        tuple(float(v) * 100.0 for v in high - low),
        tuple(_part(k, p, report) for k, p in enumerate(asset.parts)),
        tuple(groups),
        grid,
    )
    if asset.fixed_base:
        report.note("that the base is fastened to the world is not in the format", place=asset.name)
    return description, cells


def _mesh(part: Part) -> TriangleMesh:
    """What is seen of the part, or what collides when nothing is seen; asset frame."""
    return TriangleMesh.join([s.mesh() for s in part.shapes or part.collision or ()])


def _part(k: int, part: Part, report: Report) -> PartText:
    m = part.material
    if part.mass is not None:
        report.note("its mass is not in the format; volume times density stands for it", place=part.name)
    return PartText(
        k,
        part.name,
        part.affordance_rank,
        m.name,
        m.density,
        m.youngs_modulus,
        m.poissons_ratio,
        part.description,
    )


def _group(
    k: int, parts: tuple[int, ...], parent: int, joint: Joint, anchor: Vec3, scale: float, report: Report
) -> GroupText:
    """scale: lattice units per metre."""
    movement = MOVEMENTS[joint.kind]
    turns = joint.kind in (JointKind.HINGE, JointKind.CYLINDRICAL)
    slides = joint.kind in (JointKind.SLIDE, JointKind.CYLINDRICAL)
    if joint.mimic is not None:
        report.loss(f"that it follows {joint.mimic.joint!r} is not in the format", place=joint.name)
    if joint.kind is JointKind.BALL and joint.angle_limits is not None:
        report.loss("the cone of a ball is not in the format", place=joint.name)
    if joint.damping or joint.friction_loss or joint.stiffness or joint.armature:
        report.loss("damping, friction, spring and armature are not in the format", place=joint.name)
    angles = travel = None
    if turns:
        limits = joint.angle_limits
        angles = (-180.0, 180.0) if limits is None else (math.degrees(limits[0]), math.degrees(limits[1]))
        if angles[1] - angles[0] > LONGEST_RANGE:
            report.loss("a range over a full turn is written as a full turn", place=joint.name)
            angles = (-180.0, 180.0)
    if slides and joint.travel_limits is not None:
        travel = (joint.travel_limits[0] * scale, joint.travel_limits[1] * scale)
    elif slides:
        report.loss("a slide without limits is written without a range", place=joint.name)
    return GroupText(
        k,
        parts,
        movement,
        parent,
        axis=joint.axis if turns else None,
        position=anchor if turns or joint.kind is JointKind.BALL else None,
        angles=angles,
        slide_axis=joint.sliding_direction if slides else None,
        travel=travel,
    )

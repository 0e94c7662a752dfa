# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes are surfaces of bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from ..errors import AssetError
from ..geometry import Mesh, PlacedShape, TriangleMesh
from ..geometry.mesh_repair import turned_outwards, with_holes_filled, without_copies, without_needles
from ..model import Part
from ..model.edits import Edit, SetPart
from .finding import Finding, Severity
from .fix import Fix
from .registry import Subject


def check_meshes(subject: Subject) -> Iterator[Finding]:
    """Open, inverted, non-manifold and degenerate meshes; each names how its mass is found then."""
    for part in subject.asset.parts:
        if any(isinstance(placed.shape, Mesh) for placed in part.shapes):
            yield from subject.memo.recall(
                "meshes", (part.name, subject.geometry_of[part.name][0]), partial(_faults, part)
            )


def _faults(part: Part) -> tuple[Finding, ...]:
    return tuple(_faults_of(part))


def _faults_of(part: Part) -> Iterator[Finding]:
    element = f"part '{part.name}'"
    for placed in part.shapes:
        if isinstance(placed.shape, Mesh):
            report, wall = placed.shape.report, placed.shape.wall_thickness
            shell = (
                f"its mass is that of a skin of {wall * 1000:.2g} mm"
                if wall is not None
                else "its mass is that of a solid"
            )
            if report.inverted_components:
                yield Finding(
                    Severity.WARNING,
                    "mesh.inverted",
                    element,
                    f"{report.inverted_components} of {report.components} pieces of its mesh are inside out; {shell}",
                    "flip the normals of these faces outwards",
                    "flip_normals",
                )
            if report.open_edges and placed.shape.wall is None:
                yield Finding(
                    Severity.WARNING,
                    "mesh.open",
                    element,
                    f"its mesh has {report.open_edges} open edges; {shell}",
                    "close the holes, or set the thickness of its wall",
                    "fill_holes",
                )
            if report.non_manifold_edges:
                yield Finding(
                    Severity.WARNING,
                    "mesh.non_manifold",
                    element,
                    f"its mesh has {report.non_manifold_edges} edges with more than two faces; {shell}",
                    "delete inner faces, or split the mesh there",
                )
            if report.flipped_edges:
                yield Finding(
                    Severity.WARNING,
                    "mesh.flipped",
                    element,
                    f"its mesh has {report.flipped_edges} edges whose faces disagree about the outside; {shell}",
                    "recalculate the normals",
                    "flip_normals",
                )
            if report.duplicate_faces:
                yield Finding(
                    Severity.WARNING,
                    "mesh.duplicate",
                    element,
                    f"its mesh has {report.duplicate_faces} faces twice",
                    "merge by distance, or delete the copies",
                    "merge_vertices",
                )
            if report.degenerate_faces:
                yield Finding(
                    Severity.INFO,
                    "mesh.degenerate",
                    element,
                    f"its mesh has {report.degenerate_faces} faces without area",
                    "dissolve them",
                    "dissolve_degenerate",
                )


def _mended(
    fault: Callable[[Mesh], bool], mend: Callable[[TriangleMesh], TriangleMesh]
) -> Callable[[Subject, Finding], tuple[Edit, ...]]:
    """A repair of every mesh of a part that has the fault."""

    def edits(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
        part = subject.culprit_part(finding)
        shapes = []
        for placed in part.shapes:
            if isinstance(placed.shape, Mesh) and fault(placed.shape):
                try:
                    mesh = mend(placed.shape.triangles)
                except AssetError as error:
                    raise AssetError(
                        error.args[0].removeprefix("mesh: "), where=f"part {part.name!r}"
                    ) from error
                placed = PlacedShape(replace(placed.shape, triangles=mesh), placed.pose)
            shapes.append(placed)
        return (SetPart(replace(part, shapes=tuple(shapes))),)

    return edits


FIXES = (
    Fix(
        "fill_holes",
        "Close Holes",
        "Put a face over every hole of the mesh. The part then weighs what a solid of its shape weighs",
        _mended(lambda m: bool(m.report.open_edges), with_holes_filled),
    ),
    Fix(
        "flip_normals",
        "Turn Faces Outwards",
        "Let all faces agree about the outside, so that volume and mass can be trusted",
        _mended(lambda m: bool(m.report.inverted_components or m.report.flipped_edges), turned_outwards),
    ),
    Fix(
        "merge_vertices",
        "Delete Copies",
        "Delete faces that lie on each other, and merge corners at the same place",
        _mended(lambda m: bool(m.report.duplicate_faces), without_copies),
    ),
    Fix(
        "dissolve_degenerate",
        "Dissolve Needles",
        "Take away faces without area; the surface stays where it is",
        _mended(lambda m: bool(m.report.degenerate_faces), without_needles),
    ),
)

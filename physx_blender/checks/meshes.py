# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes are surfaces of bodies."""

from __future__ import annotations

from collections.abc import Iterator

from ..geometry import Mesh
from .finding import Finding, Severity
from .registry import Subject


def check_meshes(subject: Subject) -> Iterator[Finding]:
    """Open, inverted, non-manifold and degenerate meshes; each names how its mass is found then."""
    for part in subject.asset.parts:
        element = f"part '{part.name}'"
        for placed in part.shapes:
            if not isinstance(placed.shape, Mesh):
                continue
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

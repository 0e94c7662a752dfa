# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures can be placed, and materials are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..geometry import Mesh, PlacedShape
from ..geometry.unwrap import unwrapped
from ..model.edits import Edit, SetPart
from .finding import Finding, Severity
from .fix import Fix
from .registry import Subject


def check_appearance(subject: Subject) -> Iterator[Finding]:
    """Textures on meshes without uv, parts that cannot be seen, material values that nobody has confirmed."""
    estimated: dict[str, list[str]] = {}
    for part in subject.asset.parts:
        element = f"part '{part.name}'"
        bare = [s for s in part.shapes if isinstance(s.shape, Mesh) and s.shape.triangles.uv is None]
        if part.texture is not None and bare:
            yield Finding(
                Severity.WARNING,
                "texture.no_uv",
                element,
                f"has the texture '{part.texture.name}' but its mesh has no uv",
                "unwrap the mesh; until then a simple unwrapping is used",
                "unwrap",
            )
        if part.colour[3] == 0.0 and part.shapes:
            yield Finding(
                Severity.WARNING,
                "colour.invisible",
                element,
                "is fully transparent",
                "raise the alpha of its colour",
            )
        if part.collision == ():
            yield Finding(Severity.INFO, "collision.none", element, "never collides", "", None)
        if part.material.estimated:
            estimated.setdefault(part.material.name, []).append(part.name)
    for material, parts in estimated.items():
        yield Finding(
            Severity.INFO,
            "material.estimated",
            f"material '{material}'",
            f"its values are estimated ({len(parts)} part{'s' if len(parts) > 1 else ''}: {', '.join(parts[:3])}"
            f"{', ...' if len(parts) > 3 else ''})",
            "confirm or correct them",
        )


def _unwrap(subject: Subject, finding: Finding) -> tuple[Edit, ...]:
    part = subject.culprit_part(finding)
    shapes = tuple(
        PlacedShape(replace(s.shape, triangles=unwrapped(s.shape.triangles)), s.pose)
        if isinstance(s.shape, Mesh) and s.shape.triangles.uv is None
        else s
        for s in part.shapes
    )
    return (SetPart(replace(part, shapes=shapes)),)


FIXES = (
    Fix(
        "unwrap",
        "Unwrap",
        "Give the mesh texture coordinates: faces that look the same way are laid side by side",
        _unwrap,
    ),
)

# SPDX-License-Identifier: GPL-3.0-or-later
"""How thick the skin of a hollow thing usually is, by its material.

A voxel of a 2 m object is 6 cm wide and the text gives only the density of the skin, so volume times density makes a
refrigerator of solid steel. Sheet materials are therefore taken as hollow where they are much thicker than any sheet.
The thicknesses are common trade sizes (sheet steel 0.8 to 2 mm, injection moulding 2 to 4 mm, window and container glass 3
to 6 mm, stoneware 4 to 8 mm, board 12 to 19 mm, upholstery leather and fabric 1 to 2 mm): priors, and told as such in the report.
"""

from __future__ import annotations

import re

SOLID_UP_TO = 12.0
"""A part is taken as hollow when its mean thickness (twice its volume over its surface) is over this many walls."""

_WALLS = (
    (re.compile(r"steel|iron|alumin|brass|copper|metal|alloy|zinc|tin\b|bronze|titanium|chrome", re.IGNORECASE), 0.0015),
    (re.compile(r"plastic|abs\b|polypropylene|polyethylene|pvc|polycarbonate|acrylic|nylon|polymer|pet\b|polystyrene|melamine",
                re.IGNORECASE), 0.003),
    (re.compile(r"glass|crystal", re.IGNORECASE), 0.004),
    (re.compile(r"ceramic|porcelain|stoneware|china|earthenware|terracotta", re.IGNORECASE), 0.005),
    (re.compile(r"leather|fabric|textile|cloth|cardboard|paper", re.IGNORECASE), 0.002),
    (re.compile(r"wood|mdf|board|ply|oak|pine|beech|walnut|bamboo|laminate|veneer", re.IGNORECASE), 0.018),
)  # fmt: skip


def usual_wall(material: str) -> float | None:
    """Usual wall in metres of things of this material, or None for what is not made hollow (foam, rubber, stone ...)."""
    if re.search(r"foam|sponge|rubber|stone|marble|concrete|granite", material, re.IGNORECASE):
        return None
    return next((wall for pattern, wall in _WALLS if pattern.search(material)), None)


def hollow_mass(
    material: str, density: float, volume: float, area: float, *, sheet: bool
) -> tuple[float, float] | None:
    """(mass in kg, wall in metres) of a part taken as thinner than its geometry, or None when it is as its geometry says.

    volume (m^3) and area (m^2): of the part's closed surface.  sheet: the part is a sheet of voxels, so its surface counts
    both sides and any voxel thicker than the wall is too thick; else a closed body, hollow when far thicker than a wall.
    """
    wall = usual_wall(material)
    if wall is None or area <= 0.0:
        return None
    thickness = 2.0 * volume / area
    if sheet:
        return (density * area / 2.0 * wall, wall) if thickness > wall else None
    return (density * area * wall, wall) if thickness > SOLID_UP_TO * wall else None

# SPDX-License-Identifier: GPL-3.0-or-later
"""Mass, centre and inertia of parts and links."""

from __future__ import annotations

from ..errors import AssetError
from ..geometry.mass import MassProperties
from .asset import Asset
from .part import Part


def part_mass_properties(part: Part) -> MassProperties:
    """Mass (kg), centre and inertia about the centre, in the asset frame at rest.

    The volume of a part is the sum of its shapes' volumes: where two shapes overlap, the overlap counts twice, since a
    union of shapes has no closed form; keep the shapes of a part apart where the mass matters.  A part that is not seen
    (no shapes) has the volume of its collision shapes.  `Part.mass` replaces density times volume; centre and
    distribution stay those of the shapes.  Raises AssetError when the shapes enclose no volume.
    """
    placed = part.shapes or part.collision or ()
    body = MassProperties.total(p.volume_properties() for p in placed)
    if body.mass <= 0.0:
        raise AssetError(
            "its shapes enclose no volume; repair them or give the part a shape with a thickness",
            where=part.where,
        )
    return body.scaled(part.material.density if part.mass is None else part.mass / body.mass)


def link_mass_properties(asset: Asset, link_name: str) -> MassProperties:
    """Mass (kg), centre and inertia about the centre of a link, in the asset frame at rest.

    `Link.inertial` where it is given, else the sum over the parts; a link without parts has no mass.
    Raises AssetError when there is no such link.
    """
    link = next((one for one in asset.links if one.name == link_name), None)
    if link is None:
        raise AssetError(f"has no link {link_name!r}", where=f"asset {asset.name!r}")
    if link.inertial is not None:
        return link.inertial
    return MassProperties.total(part_mass_properties(part) for part in asset.parts_of(link_name))


def asset_mass_properties(asset: Asset) -> MassProperties:
    """Of the whole asset at rest, in the asset frame."""
    return MassProperties.total(link_mass_properties(asset, link.name) for link in asset.links)

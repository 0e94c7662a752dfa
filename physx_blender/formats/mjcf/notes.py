# SPDX-License-Identifier: GPL-3.0-or-later
"""What MJCF has no words for, kept in its <custom> section as short texts that simulators ignore.

One text per item: name ``kind:name`` (``part:left door``, ``joint:cup_free``, ``asset:category``), data
``key=value; key=value``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...model import Asset, JointKind, Material, Part


def part_text(part: Part) -> str:
    """Material, mass, affordance rank and description of a part."""
    m = part.material
    items = {
        "material": m.name,
        "density": f"{m.density:.12g}",
        "youngs_modulus": f"{m.youngs_modulus:.12g}",
        "poissons_ratio": f"{m.poissons_ratio:.12g}",
        "friction": f"{m.friction:.12g}",
        "restitution": f"{m.restitution:.12g}",
        "estimated": "yes" if m.estimated else "no",
    }
    if part.mass is not None:
        items["mass"] = f"{part.mass:.12g}"
    if part.affordance_rank is not None:
        items["affordance_rank"] = str(part.affordance_rank)
    if part.description:
        items["description"] = part.description
    return join(items)


def joint_texts(asset: Asset) -> dict[str, str]:
    """What cannot be seen from the bodies: names of fixed joints, and the parent of a free link off the base."""
    found = {}
    for joint in asset.joints:
        if joint.kind is JointKind.FIXED:
            found[f"joint:{joint.name}"] = join({"kind": "fixed", "child": joint.child})
        elif joint.kind is JointKind.FREE and joint.parent != asset.base.name:
            found[f"joint:{joint.name}"] = join({"kind": "free", "parent": joint.parent})
    return found


def join(items: Mapping[str, str]) -> str:
    """``key=value; key=value``, with semicolons inside values softened to commas."""
    return "; ".join(f"{key}={' '.join(value.replace(';', ',').split())}" for key, value in items.items())


def split(text: str) -> dict[str, str]:
    """The inverse of `join`."""
    pairs = (item.split("=", 1) for item in text.split(";") if "=" in item)
    return {key.strip(): value.strip() for key, value in pairs}


def material_of(items: Mapping[str, str], default: Material) -> Material:
    """The material of a part's text; what it does not say is taken from `default`."""

    def number(key: str, fallback: float) -> float:
        try:
            return float(items[key])
        except (KeyError, ValueError):
            return fallback

    return Material(
        name=items.get("material", default.name)[:80] or default.name,
        density=number("density", default.density),
        youngs_modulus=number("youngs_modulus", default.youngs_modulus),
        poissons_ratio=number("poissons_ratio", default.poissons_ratio),
        friction=number("friction", default.friction),
        restitution=number("restitution", default.restitution),
        estimated=items.get("estimated", "yes") != "no",
    )

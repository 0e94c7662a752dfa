# SPDX-License-Identifier: GPL-3.0-or-later
"""What a result says of an asset in a few JSON values."""

from __future__ import annotations

from typing import Any

from physx_blender.formats.convert import Written
from physx_blender.model import Asset, JointKind
from physx_blender.model.inertia import link_mass_properties


def describe(asset: Asset) -> dict[str, Any]:
    """Name, category, part and link names, joints by kind, and mass (kg, all links)."""
    return {
        "name": asset.name,
        "category": asset.category,
        "parts": [part.name for part in asset.parts],
        "links": [link.name for link in asset.links],
        "joints": {j.name: j.kind.value for j in asset.joints if j.kind is not JointKind.FIXED},
        "mass": sum(link_mass_properties(asset, link.name).mass for link in asset.links),
    }


def files_of(written: Written) -> list[str]:
    """Files of a result, as sorted paths relative to its folder, with forward slashes."""
    folder = written.folder
    named = [written.package, written.mjcf, written.urdf, folder / "preview.png", folder / "thumbnail.png"]
    bulk = [f for name in ("meshes", "textures", "alternatives") for f in (folder / name).rglob("*")]
    return sorted(f.relative_to(folder).as_posix() for f in (*named, *bulk) if f.is_file())

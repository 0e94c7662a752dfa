# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the asset of a rig came from."""

from __future__ import annotations

from functools import lru_cache

from bpy.types import Object

from ..formats.shapes_json import NoBlobs, from_json
from ..model import Provenance
from .exact import read_record


def provenance_of(rig: Object) -> Provenance:
    """The provenance that came with the asset; that of a scene for a rig of the artist's own."""
    return _provenance(rig.simready_asset.record, rig.name)


@lru_cache(maxsize=16)
def _provenance(record: str, name: str) -> Provenance:
    data = read_record(record, name)
    if "provenance" not in data:
        return Provenance("scene")
    return from_json(data["provenance"], Provenance, NoBlobs(), "provenance")

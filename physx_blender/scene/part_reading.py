# SPDX-License-Identifier: GPL-3.0-or-later
"""The physics of a part: first its raw numbers and texts in the scene, then, from a cache, what they mean."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..formats.shapes_json import NoBlobs, from_json
from ..geometry import PlacedShape
from ..model import Material, Part, Texture
from ..model.collision_fit import CollisionFit
from .exact import known_record, settle, unmoved
from .seen_shapes import Seen


class RawMaterial(NamedTuple):
    """Everything in the scene that a physical material follows from."""

    record: str
    where: str
    name: str
    density: float
    youngs_modulus: float
    poissons_ratio: float
    friction: float
    restitution: float
    estimated: bool


def raw_material(settings: Any, record: str, where: str) -> RawMaterial:
    """What the settings of a part say now. record: text of the record of its object."""
    return RawMaterial(
        record,
        where,
        settings.material_name,
        settings.density,
        settings.youngs_modulus,
        settings.poissons_ratio,
        settings.friction,
        settings.restitution,
        settings.material_estimated,
    )


@lru_cache(maxsize=4096)
def read_material(raw: RawMaterial) -> Material:
    """The material, exact where it has not been touched."""
    data = known_record(raw.record, raw.where).get("material")
    given = from_json(data, Material, NoBlobs(), raw.where) if data else None
    return Material(
        name=raw.name.strip() or "unknown",
        density=settle(raw.density, given.density if given else None),
        youngs_modulus=settle(raw.youngs_modulus, given.youngs_modulus if given else None),
        poissons_ratio=settle(raw.poissons_ratio, given.poissons_ratio if given else None),
        friction=settle(raw.friction, given.friction if given else None),
        restitution=settle(raw.restitution, given.restitution if given else None),
        estimated=raw.estimated,
    )


class RawPart(NamedTuple):
    """The other settings of a part. A mass or a confidence that is not used is None."""

    name: str
    link: str
    material: RawMaterial
    rest: bytes
    colour: tuple[float, float, float, float]
    mass: float | None
    mass_at_volume: float
    affordance_rank: int
    description: str
    confidence: float | None


def _given_mass(raw: RawPart) -> float | None:
    """The part's own mass (kg), which its own scale has changed since it was recorded or typed; None = it has none."""
    if raw.mass is None:
        return None
    record = known_record(raw.material.record, raw.material.where)
    return settle(raw.mass, record.get("mass")) * _own_scale(raw, record.get("rest"))


def _own_scale(raw: RawPart, recorded: list[float] | None) -> float:
    """How much heavier the part has become by its own scale. `mass_at_volume` 0 = its mass was never typed."""
    rest = np.frombuffer(raw.rest).reshape(4, 4)
    if raw.mass_at_volume > 0.0:
        before = raw.mass_at_volume
    elif recorded is None or unmoved(rest, recorded):
        return 1.0
    else:
        before = abs(float(np.linalg.det(np.array(recorded).reshape(4, 4)[:3, :3])))
    factor = abs(float(np.linalg.det(rest[:3, :3]))) / before
    return 1.0 if abs(factor - 1.0) < 1e-5 else factor


def _given_confidence(raw: RawPart) -> float | None:
    """How sure the generator was, None = unknown."""
    if raw.confidence is None:
        return None
    return settle(raw.confidence, known_record(raw.material.record, raw.material.where).get("confidence"))


def read_part(
    raw: RawPart,
    seen: Seen,
    texture: Texture | None,
    collision: tuple[PlacedShape, ...] | None,
    fit: CollisionFit | None,
) -> Part:
    """The part; the very one that was read last where nothing of it has changed."""
    follows = texture is None and not collision
    # an empty collision is another setting than none
    key = (raw, collision is None)
    if follows and seen.part is not None and seen.part[0] == key:
        return seen.part[1]
    part = Part(
        name=raw.name,
        link=raw.link,
        shapes=seen.shapes,
        material=read_material(raw.material),
        colour=raw.colour,
        texture=texture,
        collision=collision,
        collision_fit=fit,
        mass=_given_mass(raw),
        affordance_rank=raw.affordance_rank or None,
        description=raw.description,
        confidence=_given_confidence(raw),
    )
    if follows:
        seen.part = (key, part)
    return part

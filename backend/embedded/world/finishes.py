# SPDX-License-Identifier: GPL-3.0-or-later
"""How the parts of an object look: gloss, metal, textures by material, prints on fronts, glass."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backend.render import SceneItem
from backend.render.finish import Finish, Mapping
from physx_blender.geometry import Cylinder, PlacedShape, Revolution
from physx_blender.geometry.pose import Array
from physx_blender.model import Part

from ..program.build import Build
from .textures import texture_bank

METALS = {"steel", "stainless steel", "aluminium", "brass", "chrome", "copper", "zinc", "iron", "nickel"}
WOODS = {"oak", "mdf", "pine", "beech", "walnut", "plywood", "wood", "bamboo", "birch"}
CLOTHS = {"fabric", "cotton", "leather", "polyester", "wool", "felt"}
PRINTS = ("label", "mark", "mark", "panel", "screen", "gauge")


def is_clear(part: Part) -> bool:
    """Whether a part may be seen through."""
    return part.colour[3] < 0.99 or part.material.name.lower() == "glass"


@dataclass(frozen=True)
class Style:
    """How much of everything one picture shows.

    texture: chance that a material has a texture.  printed: chance that a front that invites it is printed.
    metal: chance that grey metal is bare.  strength: of textures, 0 to 1.  seen_through: chance that glass is clear.
    """

    texture: float
    printed: float
    metal: float
    strength: float
    seen_through: float


def random_style(rng: np.random.Generator) -> Style:
    """Strengths of one picture; every seventh is plain."""
    if rng.random() < 0.15:
        return Style(0.0, 0.0, 0.0, 0.0, float(rng.random() < 0.5))
    return Style(
        float(rng.uniform(0.2, 0.95)),
        float(rng.uniform(0.0, 0.7)),
        float(rng.uniform(0.3, 1.0)),
        float(rng.uniform(0.3, 1.0)),
        0.85,
    )


def tile_frame(scale: float, grain: int, shift: Array) -> Array:
    """(3, 4) that puts tiles of `scale` metres on a shape, v along the axis `grain`."""
    frame = np.zeros((3, 4))
    for row, axis in enumerate(((grain + 1) % 3, (grain + 2) % 3, grain)):
        frame[row, axis] = 1 / scale
    frame[:, 3] = shift
    return frame


def front_frame(placed: PlacedShape) -> tuple[Array, float]:
    """(3, 4) that lays one tile on the broad sides of a flat shape, and width over height; upright in the world."""
    low, high = placed.shape.bounds()
    size = np.maximum(high - low, 1e-9)
    thin = int(np.argmin(size))
    others = [a for a in range(3) if a != thin]
    up = placed.pose.rotation[2, others]  # which of the two is more upright
    v = others[int(np.argmax(np.abs(up)))]
    u = next(a for a in others if a != v)
    frame = np.zeros((3, 4))
    for row, axis in ((0, u), (1, thin), (2, v)):
        frame[row, axis] = 1 / size[axis]
        frame[row, 3] = -low[axis] / size[axis]
    if thin != 1:  # the front is at the low end of y
        frame[1] = -frame[1]
    return frame, float(size[u] / size[v])


class Dresser:
    """Chooses the looks of one object's parts; parts of one material and colour look alike."""

    def __init__(self, rng: np.random.Generator, size: float) -> None:
        self.rng, self.size = rng, size
        self.style = random_style(rng)
        self.bank, self.kinds = texture_bank()
        self.known: dict[object, tuple[float, float, int, float]] = {}

    def _choose(self, kind: str) -> int:
        among = self.kinds[kind]
        return among.start + int(self.rng.integers(len(among)))

    def _look(self, part: Part) -> tuple[float, float, int, float]:
        """Gloss, metal, texture and size of its tile in metres, of a part's material."""
        key = (part.material.name, part.colour[:3])
        if key in self.known:
            return self.known[key]
        rng, style = self.rng, self.style
        name = part.material.name.lower()
        grey = max(part.colour[:3]) - min(part.colour[:3]) < 0.2 or "brass" in name or "copper" in name
        gloss, metal, kinds = rng.uniform(0.05, 0.75), 0.0, ["clouds", "clouds", "speckle", "stripes"]
        if any(word in name for word in METALS):
            if grey and rng.random() < style.metal:
                gloss, metal, kinds = (
                    rng.uniform(0.35, 0.95),
                    rng.uniform(0.7, 1.0),
                    ["brushed", "brushed", "clouds"],
                )
            else:
                gloss, kinds = rng.uniform(0.2, 0.9), ["clouds", "clouds", "speckle"]
        elif any(word in name for word in WOODS):
            gloss, kinds = rng.uniform(0.05, 0.6), ["wood"] * 6 + ["clouds", "planks"]
        elif any(word in name for word in CLOTHS):
            gloss, kinds = rng.uniform(0.0, 0.2), ["woven", "woven", "stripes", "checks"]
        elif "ceramic" in name or "glass" in name:
            gloss = rng.uniform(0.6, 1.0)
        elif "rubber" in name or "cardboard" in name:
            gloss = rng.uniform(0.0, 0.3)
        texture, scale = -1, 1.0
        if rng.random() < style.texture:
            kind = kinds[int(rng.integers(len(kinds)))]
            texture = self._choose(kind)
            scale = self.size * float(np.exp(rng.uniform(np.log(0.12), np.log(1.2))))
        self.known[key] = (float(gloss), float(metal), texture, scale)
        return self.known[key]

    def is_glass(self, part: Part) -> bool:
        """Whether a part is seen through in this picture."""
        return is_clear(part) and self.rng.random() < self.style.seen_through

    def dress(self, part: Part, item: SceneItem) -> SceneItem:
        """The item with its look."""
        rng, style = self.rng, self.style
        gloss, metal, texture, scale = self._look(part)
        shape = item.placed.shape
        low, high = shape.bounds()
        size = high - low
        printed = self._print(part, item, size)
        if printed is not None:
            return replace(item, gloss=gloss, finish=printed)
        if texture < 0:
            return replace(item, gloss=gloss, finish=Finish(metal=metal))
        shift = rng.uniform(0, 1, 3)
        if isinstance(shape, (Cylinder, Revolution)):
            turns = max(1.0, round(3.14 * float(size[0]) / scale))
            finish = Finish(
                metal,
                texture,
                tile_frame(scale, 2, shift * np.array([0, 0, 1])),
                Mapping.ROUND,
                style.strength,
                turns,
            )
        else:
            frame = tile_frame(scale, int(np.argmax(size)), shift)
            finish = Finish(metal, texture, frame, Mapping.BOX, style.strength)
        return replace(item, gloss=gloss, finish=finish)

    def _print(self, part: Part, item: SceneItem, size: Array) -> Finish | None:
        """A print, where the shape is flat and broad enough to carry one."""
        rng = self.rng
        ordered = np.sort(size)
        flat = (
            ordered[0] < 0.45 * ordered[1] and ordered[1] > 0.05 * self.size and ordered[2] < 6 * ordered[1]
        )
        words = part.name.lower()
        asked = any(
            w in words for w in ("screen", "panel", "label", "plate", "display", "face", "keyboard", "dial")
        )
        if not flat or rng.random() > self.style.printed * (1.0 if asked else 0.3):
            return None
        kind = PRINTS[int(rng.integers(len(PRINTS)))]
        if "screen" in words or "display" in words:
            kind = "screen"
        frame, aspect = front_frame(item.placed)
        if not 0.25 < aspect < 4:
            return None
        # all of the front, or a part of it
        zoom = 1.0 if asked else rng.uniform(1.0, 3.0)
        at = rng.uniform(0, 1, 2)
        for row, share in ((0, at[0]), (2, at[1])):
            frame[row] = frame[row] * zoom
            frame[row, 3] -= share * (zoom - 1)
        return Finish(0.0, self._choose(kind), frame, Mapping.FRONT)


def dressed(
    build: Build, items: list[SceneItem], rng: np.random.Generator
) -> tuple[list[SceneItem], list[SceneItem]]:
    """Opaque items and panes of glass, in random looks; items as `items_of` lists them."""
    dresser = Dresser(rng, build.size)
    glass_parts = [dresser.is_glass(part) for part in build.parts]
    opaque, glass = [], []
    for item in items:
        part = build.parts[item.part]
        if glass_parts[item.part]:
            glass.append(item)
        else:
            opaque.append(dresser.dress(part, item))
    return opaque, glass

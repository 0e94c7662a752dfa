# SPDX-License-Identifier: GPL-3.0-or-later
"""From the geoms of a simulator file to the parts of an `Asset`; shared by the readers of MJCF and URDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import AssetError
from ..geometry import MassProperties, Mesh, PlacedShape, is_convex
from ..model import Colour, Material, Part, Texture
from ..model.names import clean_name
from ..model.texture import MAX_TEXTURE_BYTES

GREY: Colour = (0.7, 0.7, 0.7, 1.0)
_OWN = re.compile(r"(?P<part>[^:]+)(?P<collision>:collision)?(?::\d+)?\Z")
_VARYING = re.compile(r"'[^']*'|\d+")
UNKNOWN = Material("unknown", density=1000.0)


@dataclass(frozen=True)
class FileGeom:
    """One geom of a file, in the asset frame. name: as in the file, or "". hint: what to call it if it has none."""

    name: str
    placed: PlacedShape
    visible: bool
    collides: bool
    colour: Colour = GREY
    texture: Texture | None = None
    friction: float | None = None
    hint: str = ""


MANY = 4
"""From so many notes that differ in names and numbers only, one stands for all."""


def gathered(notes: Mapping[str, int]) -> tuple[str, ...]:
    """What a reader has noted, and how often, as lines that a person reads to the end.

    A robot whose names all had to change would bury the one note that matters.
    """
    alike: dict[str, list[str]] = {}
    for text in notes:
        alike.setdefault(_VARYING.sub("*", text), []).append(text)
    lines = []
    for texts in alike.values():
        if len(texts) >= MANY:
            lines.append(f"{texts[0]} (and {sum(notes[t] for t in texts) - notes[texts[0]]} more like this)")
        else:
            lines += [t if notes[t] == 1 else f"{t} ({notes[t]} times)" for t in texts]
    return tuple(lines)


class Names:
    """Allowed, unique names for what a file calls otherwise; remembers what became of what."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._taken: set[str] = set()

    def take(self, wanted: str, fallback: str) -> str:
        """An allowed name as near to `wanted` as possible."""
        name = clean_name(wanted, self._taken, fallback)
        if wanted and name != wanted:
            self._note(f"{wanted!r} is called {name!r} here")
        self._taken.add(name)
        return name


def own_part_name(name: str) -> str | None:
    """The part's name when a geom's name is made by our own rule (see `layout`), else None."""
    match = _OWN.match(name)
    return match["part"] if match else None


def parts_of_link(
    link: str,
    geoms: list[FileGeom],
    names: Names,
    inertial: MassProperties | None,
    note: Callable[[str], None],
) -> list[Part]:
    """Parts of one link. Visible geoms named by our rule are grouped as they were; others are one part each.

    Collision geoms go to the part that their name says, else to the first part of the link. A link that shows
    nothing gets its collision geoms to be seen, because nobody can edit what they cannot see.
    """
    if geoms and not any(g.visible for g in geoms):
        note(f"link {link!r} has no visible geometry; its collision geometry is shown")
        geoms = [replace(g, visible=True) for g in geoms]
    groups: dict[object, list[FileGeom]] = {}
    for k, geom in enumerate(geoms):
        if geom.visible:
            own = own_part_name(geom.name) if ":" in geom.name else geom.name
            key: object = (own, geom.colour, geom.texture) if own else k
            groups.setdefault(key, []).append(geom)
    leaders = {own_part_name(g[0].name) or g[0].name: key for key, g in reversed(groups.items())}
    extra: dict[object, list[PlacedShape]] = {key: [] for key in groups}
    frictions: dict[object, list[float]] = {key: [] for key in groups}
    first = next(iter(groups), None)
    for geom in geoms:
        if geom.collides and not geom.visible and first is not None:
            key = leaders.get(own_part_name(geom.name) or "", first)
            extra[key].append(geom.placed)
            if geom.friction is not None:
                frictions[key].append(geom.friction)
    material = _material(geoms, inertial)
    parts = []
    for key, group in groups.items():
        wanted = own_part_name(group[0].name) or group[0].name or group[0].hint or link
        frictions[key] += [g.friction for g in group if g.collides and g.friction is not None]
        parts.append(
            Part(
                name=names.take(wanted, "part"),
                link=link,
                shapes=tuple(g.placed for g in group),
                material=replace(material, friction=min(frictions[key][0], 10.0))
                if frictions[key]
                else material,
                colour=group[0].colour,
                texture=group[0].texture,
                collision=_collision(group, extra[key]),
            )
        )
    return parts


def _collision(group: list[FileGeom], extra: list[PlacedShape]) -> tuple[PlacedShape, ...] | None:
    """None where collision follows from the visible shapes: they collide themselves, or the file repeats them."""
    if not extra and all(g.collides and _simple(g.placed) for g in group):
        return None
    pieces = (*(g.placed for g in group if g.collides), *extra)
    if len(pieces) == len(group) and all(_same(g.placed, p) for g, p in zip(group, pieces, strict=True)):
        return None
    return pieces


def _same(a: PlacedShape, b: PlacedShape) -> bool:
    """Whether two primitives are one, up to the digits that files are written with."""
    if a.shape.kind != b.shape.kind or isinstance(a.shape, Mesh):
        return False
    ours = np.concatenate([*a.shape.bounds(), a.pose.position, a.pose.rotation.ravel()])
    theirs = np.concatenate([*b.shape.bounds(), b.pose.position, b.pose.rotation.ravel()])
    return bool(np.allclose(ours, theirs, rtol=1e-9, atol=1e-10))


def _simple(placed: PlacedShape) -> bool:
    return not isinstance(placed.shape, Mesh) or is_convex(placed.shape.triangles)


def _material(geoms: list[FileGeom], inertial: MassProperties | None) -> Material:
    """Unknown, with the density that the link's mass and visible volume give when it is that of some material."""
    if inertial is None or inertial.mass <= 0.0:
        return UNKNOWN
    volume = sum(g.placed.volume_properties().mass for g in geoms if g.visible)
    density = inertial.mass / volume if volume > 0.0 else 0.0
    return replace(UNKNOWN, density=density) if 1.0 <= density <= 25_000.0 else UNKNOWN


class Images:
    """Texture files read once each."""

    def __init__(self) -> None:
        self._textures: dict[Path, Texture] = {}
        self._names: set[str] = set()

    def read(self, path: Path) -> Texture:
        """The texture at `path`; raises AssetError when it is missing, too big, or neither PNG nor JPEG."""
        if path not in self._textures:
            try:
                if path.stat().st_size > MAX_TEXTURE_BYTES:
                    raise AssetError(
                        f"is over the limit of {MAX_TEXTURE_BYTES} bytes; make it smaller", where=str(path)
                    )
                data = path.read_bytes()
            except OSError as error:
                raise AssetError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
            name = clean_name(re.sub(r"-[0-9a-f]{16}\Z", "", path.stem), self._names, "texture")
            self._names.add(name)
            try:
                self._textures[path] = Texture(name, data)
            except AssetError as error:
                raise AssetError(str(error), where=str(path)) from error
        return self._textures[path]


def inside(root: Path, path: Path, what: str) -> Path:
    """`path` resolved, if it lies in `root` (links followed); else an AssetError."""
    resolved, base = path.resolve(), root.resolve()
    if not resolved.is_relative_to(base):
        raise AssetError(
            f"lies outside {base}; copy it into the model's folder and correct the reference",
            where=f"{what} {path}",
        )
    return resolved


def upper_folder(folder: Path, levels: int) -> Path:
    """The folder `levels` above; what mesh and texture references may reach."""
    resolved = folder.resolve()
    for _ in range(levels):
        resolved = resolved.parent
    return resolved


def symmetric(values: tuple[float, ...]) -> list[list[float]]:
    """Matrix of (xx, yy, zz, xy, xz, yz)."""
    xx, yy, zz, xy, xz, yz = values
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]).tolist()

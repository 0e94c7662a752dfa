# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of the text as links, parts and joints; what is unchanged keeps its exact value."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import AssetError
from ...geometry import MassProperties, PlacedShape, Pose
from ...model import Joint, JointKind, Link, Material, Mimic, Part
from ...model.materials import match_material
from ..angles import rpy_matrix
from ..shapes_json import shape_from_dict
from .plain import (
    MATERIAL_WORDS,
    RESISTANCE_WORDS,
    Plain,
    describe_shape,
    from_text_position,
)

Where = Callable[[str], str]
LINK_WORDS = ("name", "mass", "centre", "inertia")
PART_WORDS = (
    "name",
    "link",
    "material",
    *MATERIAL_WORDS.values(),
    "colour",
    "mass",
    "touch_rank",
    "description",
    "shapes",
)
JOINT_WORDS = (
    "name",
    "kind",
    "parent",
    "child",
    "axis",
    "anchor",
    "angle",
    "travel",
    "slide_axis",
    "position",
    *RESISTANCE_WORDS.values(),
    "follows",
)


@dataclass(frozen=True)
class Names:
    """New names of links and joints by the heads of their tables; other tables may use either."""

    links: Mapping[str, str]
    joints: Mapping[str, str]


def link_from(table: Plain, old: Link | None, before: Plain, names: Names, where: Where) -> Link:
    """A link; its own inertia needs all of mass, centre and inertia."""
    _check_words(table, LINK_WORDS, where)
    given = {w: table[w] for w in ("mass", "centre", "inertia") if w in table}
    inertial: MassProperties | None = None
    if old is not None and given == {w: before[w] for w in ("mass", "centre", "inertia") if w in before}:
        inertial = old.inertial
    elif given:
        if len(given) < 3:
            raise AssetError(
                "needs all of mass, centre and inertia, or none of them (then its parts say it)",
                where=where("mass"),
            )
        xx, yy, zz, xy, xz, yz = _numbers(given["inertia"], 6, "inertia", where)
        matrix = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        (mass,) = _numbers([given["mass"]], 1, "mass", where)
        inertial = MassProperties.of(mass, _numbers(given["centre"], 3, "centre", where), matrix)
    return Link(_need_text(table, "name", where), inertial)


def part_from(table: Plain, old: Part | None, before: Plain, names: Names, where: Where) -> Part:
    """A part; a new one needs link, material and shapes."""
    _check_words(table, PART_WORDS, where)
    kept = _kept(table, before)
    shapes = _shapes(table, old, before, where)
    collision = old.collision if old is not None and (kept("shapes") or not old.collision) else None
    if kept("colour") and old is not None:
        colour = old.colour
    else:
        colour = (
            _numbers(table["colour"], 4, "colour", where) if "colour" in table else Part.colour  # type: ignore[assignment]
        )
    mass = old.mass if kept("mass") and old is not None else table.get("mass")
    if mass is not None:
        (mass,) = _numbers([mass], 1, "mass", where)
    fields: dict[str, Any] = {
        "name": _need_text(table, "name", where),
        "link": _reference(table, "link", names.links, where),
        "shapes": shapes,
        "material": _material(table, old, before, where),
        "colour": colour,
        "texture": old.texture if old is not None and kept("colour") else None,
        "collision": collision,
        "mass": mass,
        "affordance_rank": table.get("touch_rank"),
        "description": _text(table, "description", where),
    }
    if old is None:
        return Part(**fields)
    # the model's doubt is about the shape that it proposed
    confidence = old.confidence if kept("shapes") else None
    # what the text has no word for stays
    return replace(old, **fields, confidence=confidence)


def _shapes(table: Plain, old: Part | None, before: Plain, where: Where) -> tuple[PlacedShape, ...]:
    entries = table.get("shapes", before.get("shapes", []) if old is not None else None)
    if entries is None:
        raise AssetError(
            'needs shapes, such as [{ kind = "box", size = [1, 1, 1], at = [0, 0, 0] }]', where=where("")
        )
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise AssetError("shapes must be a list of { kind = ..., ... }", where=where("shapes"))
    left = [(describe_shape(s), s) for s in old.shapes] if old is not None else []
    found = []
    for number, entry in enumerate(entries, 1):
        same = next((k for k, (plain, _) in enumerate(left) if plain == entry), None)
        if same is not None:
            found.append(left.pop(same)[1])
        else:
            found.append(_new_shape(dict(entry), f"{where('shapes')}, shape {number}", left))
    return tuple(found)


def _new_shape(entry: Plain, where: str, left: list[tuple[Plain, PlacedShape]]) -> PlacedShape:
    at, turn = entry.pop("at", [0.0, 0.0, 0.0]), entry.pop("turn", [0.0, 0.0, 0.0])
    place: Where = lambda word: where  # noqa: E731 - one line, used twice
    roll, pitch, yaw = (math.radians(v) for v in _numbers(turn, 3, "turn", place))
    matrix = np.eye(4)
    matrix[:3, :3] = rpy_matrix((roll, pitch, yaw))
    matrix[:3, 3] = _numbers(at, 3, "at", place)
    if entry.get("kind") == "mesh":
        # a mesh may be moved and turned, but its triangles are not in the text
        same = next((k for k, (p, _) in enumerate(left) if _is_mesh_of(p, entry)), None)
        if same is None:
            raise AssetError("a mesh cannot be made in text; only moved, turned or removed", where=where)
        shape = left.pop(same)[1].shape
    else:
        shape = shape_from_dict(_floats(entry), where=where)
    return PlacedShape(shape, Pose.from_matrix(matrix))


def _is_mesh_of(plain: Plain, entry: Plain) -> bool:
    return bool(plain["kind"] == "mesh" and plain["triangles"] == entry.get("triangles"))


def _floats(value: Any) -> Any:
    """Whole numbers as people type them become floats."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [_floats(v) for v in value]
    return {k: _floats(v) for k, v in value.items()} if isinstance(value, dict) else value


def _material(table: Plain, old: Part | None, before: Plain, where: Where) -> Material:
    words = ("material", *MATERIAL_WORDS.values())
    given = {w: table[w] for w in words if w in table}
    then = {w: before[w] for w in words if w in before}
    if old is not None and given == then:
        return old.material
    name = _need_text(table, "material", where)
    if old is not None and name != old.material.name:
        # another material brings its own values; those that stood in the text belonged to the one before
        given = {w: v for w, v in given.items() if w == "material" or v != then.get(w)}
    row = match_material(name)
    if row is None and "density" not in given:
        raise AssetError(
            f"{name!r} names no known material; use one from the table, or write its density",
            where=where("material"),
        )
    values = {f: getattr(row, f) for f in MATERIAL_WORDS} if row is not None else {}
    for field, word in MATERIAL_WORDS.items():
        if word in given:
            (values[field],) = _numbers([given[word]], 1, word, where)
    # a name of one's own with a density is a material of one's own, however it sounds
    own = row is None or "density" in given
    return Material(name if own or row is None else row.name, **values, estimated=False)


def joint_from(table: Plain, old: Joint | None, before: Plain, names: Names, where: Where) -> Joint:
    """A joint; a new one needs parent and child."""
    _check_words(table, JOINT_WORDS, where)
    kept = _kept(table, before)
    try:
        kind = JointKind(table.get("kind", "hinge"))
    except ValueError:
        kinds = ", ".join(k.value for k in JointKind)
        raise AssetError(f"kind must be one of {kinds}", where=where("kind")) from None

    def vector(word: str, size: int, otherwise: Any) -> Any:
        if old is not None and kept(word):
            return getattr(old, word)
        return _numbers(table[word], size, word, where) if word in table else otherwise

    angle = old.angle_limits if old is not None and kept("angle") else None
    if not kept("angle") and "angle" in table:
        low, high = (math.radians(v) for v in _numbers(table["angle"], 2, "angle", where))
        angle = (low, high)
    travel = old.travel_limits if old is not None and kept("travel") else None
    if not kept("travel") and "travel" in table:
        first, last = _numbers(table["travel"], 2, "travel", where)
        travel = (first, last)
    position = old.position if old is not None and kept("position") and kept("kind") else None
    if position is None and "position" in table:
        position = from_text_position(kind, list(_numbers(table["position"], None, "position", where)))
    resistance = {}
    for field, word in RESISTANCE_WORDS.items():
        same = old is not None and kept(word)
        (resistance[field],) = (
            (getattr(old, field),) if same else _numbers([table.get(word, 0.0)], 1, word, where)
        )
    fields: dict[str, Any] = {
        "name": _need_text(table, "name", where),
        "kind": kind,
        "parent": _reference(table, "parent", names.links, where),
        "child": _reference(table, "child", names.links, where),
        "axis": vector("axis", 3, Joint.axis),
        "anchor": vector("anchor", 3, Joint.anchor),
        "angle_limits": angle,
        "travel_limits": travel,
        "slide_axis": vector("slide_axis", 3, None),
        "position": position,
        **resistance,
        "mimic": _mimic(table, old, before, kind, names, where),
    }
    return Joint(**fields) if old is None else replace(old, **fields)


def _mimic(
    table: Plain, old: Joint | None, before: Plain, kind: JointKind, names: Names, where: Where
) -> Mimic | None:
    follows = table.get("follows")
    if follows is None:
        return None
    if (
        not isinstance(follows, dict)
        or not set(follows) <= {"joint", "times", "plus"}
        or "joint" not in follows
    ):
        raise AssetError(
            'follows must be { joint = "name", times = 1.0, plus = 0.0 }', where=where("follows")
        )
    leader = names.joints.get(str(follows["joint"]), str(follows["joint"]))
    if old is not None and old.mimic is not None and follows == before.get("follows") and kind is old.kind:
        return Mimic(leader, old.mimic.multiplier, old.mimic.offset)
    times, plus = _numbers([follows.get("times", 1.0), follows.get("plus", 0.0)], 2, "follows", where)
    return Mimic(leader, times, math.radians(plus) if kind is JointKind.HINGE else plus)


def _kept(table: Plain, before: Plain) -> Callable[[str], bool]:
    """Whether the text says of a word what it was written with (or, like then, nothing)."""
    return lambda word: bool(before) and table.get(word) == before.get(word)


def _check_words(table: Plain, known: tuple[str, ...], where: Where) -> None:
    for word in table:
        if word not in known:
            raise AssetError(
                f"{word!r} is no word of a description; the words here are {', '.join(known)}",
                where=where(word),
            )


def _need_text(table: Plain, word: str, where: Where) -> str:
    text = _text(table, word, where)
    if not text:
        raise AssetError(f"needs a {word}", where=where(word))
    return text


def _text(table: Plain, word: str, where: Where) -> str:
    value = table.get(word, "")
    if not isinstance(value, str):
        raise AssetError(f"{word} must be text in quotes", where=where(word))
    return value


def _reference(table: Plain, word: str, names: Mapping[str, str], where: Where) -> str:
    text = _need_text(table, word, where)
    name = names.get(text, text)
    if name not in names.values():
        raise AssetError(
            f"{word} {text!r} does not exist; use one of {', '.join(names.values())}", where=where(word)
        )
    return name


def _numbers(value: Any, count: int | None, word: str, where: Where) -> Any:
    """`count` finite floats (None: any number of them)."""
    good = isinstance(value, list) and all(
        isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in value
    )
    if not good or (count is not None and len(value) != count):
        what = (
            "a number" if count == 1 else f"{count} numbers in brackets" if count else "numbers in brackets"
        )
        raise AssetError(f"{word} must be {what}", where=where(word))
    return tuple(float(v) for v in value)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the structured description in either flavour of its grammar."""

from __future__ import annotations

import math
import re
from enum import Enum

from ...errors import AssetError
from ...geometry.pose import Vec3
from .description import Description, GroupText, Movement, PartText


class Flavour(str, Enum):
    """training: as the encoder of the training set writes it.  prompt: as the prompt of the model prints it."""

    TRAINING = "training"
    PROMPT = "prompt"


def format_description(description: Description, flavour: Flavour = Flavour.TRAINING) -> str:
    """Text of the description, one line each, ending with a line break.

    Training flavour: members as a list of strings, "Param:", "Parts: " and "Group_info: " with a trailing space, fields
    apart by ", " (grid 32) or "| " (grid 64), directions normalised with x + y + z >= 0, and 0 for the coordinate of a
    position along an axis-aligned direction.  Prompt flavour: bare members, "(child)", "(parent)", "Params:".
    What the grammar gives a meaning (the separator, line breaks) is replaced in names, materials and descriptions.
    """
    training = flavour is Flavour.TRAINING
    separator = "| " if training and description.grid == 64 else ", "
    if not description.dimension:
        raise AssetError("needs a dimension to be written", where="structured description")
    lines = [
        f"Name: {_plain(description.name)}",
        f"Category: {_plain(description.category) or 'Object'}",
        f"Dimension: {'*'.join(_number(d) for d in description.dimension)}",
        "Parts: " if training else "Parts:",
        *(_part_line(p, separator) for p in description.parts),
        "Group_info: " if training else "Group_info:",
        *(_group_line(g, training) for g in description.groups),
    ]
    return "\n".join(lines) + "\n"


def _part_line(part: PartText, separator: str) -> str:
    mark = separator.strip()
    density = "N/A" if part.density is None else f"{_number(part.density / 1000.0)} g/cm^3"
    modulus = "N/A" if part.youngs_modulus is None else _number(part.youngs_modulus / 1e9)
    ratio = "N/A" if part.poissons_ratio is None else _number(part.poissons_ratio)
    rank = "10" if part.rank is None else str(part.rank)
    fields = [
        _plain(part.name, mark) or f"part {part.id}", rank, _plain(part.material, mark) or "unknown", density, modulus,
        ratio, _plain(part.description, "|" if mark == "|" else ""),
    ]  # fmt: skip
    return f"l_{part.id}: {separator.join(fields)}"


def _group_line(group: GroupText, training: bool) -> str:
    names = [f"l_{k}" for k in group.parts]
    members = str(names) if training else f"[{', '.join(names)}] (child)"
    line = f"group_{group.id}: {members}; Type: {group.movement.value}"
    if group.parent is not None:
        line += f" relative to group_{group.parent}" + ("" if training else " (parent)")
    return f"{line}; {'Param' if training else 'Params'}: {_params(group, training)}"


def _params(group: GroupText, training: bool) -> str:
    axis, angles = _canonical(group.axis, group.angles)
    slide, travel = _canonical(group.slide_axis, group.travel)
    position = group.position
    if training and axis is not None and position is not None:
        along = [k for k in range(3) if abs(axis[k]) > 1.0 - 1e-6]
        position = tuple(0.0 if k in along else position[k] for k in range(3))  # type: ignore[assignment]
    words: list[str] = []
    kind = group.movement
    if kind is Movement.HINGE and axis is not None:
        words.append(f"direction: {_list(axis, 4)}")
    if kind is Movement.HINGE_SLIDE and axis is not None:
        words.append(f"axis direction: {_list(axis, 4)}")
    if kind in (Movement.HINGE, Movement.HINGE_SLIDE):
        if position is not None:
            words.append(f"axis position (in voxel grid): {_list(position)}")
        if angles is not None:
            words.append(f"revolute range (degree): {_list(angles, 0 if training else 2)}")
    if kind is Movement.BALL and position is not None:
        words.append(f"hinge position (in voxel grid): {_list(position)}")
    if kind in (Movement.SLIDE, Movement.HINGE_SLIDE):
        if slide is not None:
            words.append(f"{'direction' if kind is Movement.SLIDE else 'slide direction'}: {_list(slide, 4)}")
        if travel is not None:
            words.append(f"slide range (in voxel grid): {_list(travel)}")
    return ", ".join(words) or "N/A"


def _canonical(
    axis: Vec3 | None, limits: tuple[float, float] | None
) -> tuple[Vec3 | None, tuple[float, float] | None]:
    """Unit direction with x + y + z >= 0; a flipped direction negates the range and sorts it again."""
    if axis is None:
        return None, limits
    size = math.hypot(*axis)
    unit = (axis[0] / size, axis[1] / size, axis[2] / size)
    if sum(unit) < -1e-9:
        unit = (-unit[0], -unit[1], -unit[2])
        limits = None if limits is None else (-limits[1], -limits[0])
    return unit, limits


def _list(values: tuple[float, ...], digits: int = 2) -> str:
    return "[" + ", ".join(_number(round(v, digits)) for v in values) + "]"


def _number(value: float) -> str:
    """Shortest decimal of at most 6 significant digits, never in exponent form, never -0."""
    if value == 0.0:
        return "0"
    digits = max(0, 5 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(text: str, mark: str = "") -> str:
    """One line; a separator inside becomes a slash."""
    line = " ".join(text.split())
    return re.sub(rf"\s*{re.escape(mark)}\s*", " / ", line).strip(" /") if mark else line

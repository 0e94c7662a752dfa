# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers as language models write them: ranges, approximations and units."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
NUMBER = re.compile(_NUMBER)
_QUANTITY = re.compile(
    rf"""\s*(?:about|approximately|approx\.?|around|circa|ca\.|[~≈<>≤≥])?\s*
    (?P<low>{_NUMBER})
    (?:\s*(?:-|–|—|~|to|\.\.+|…)\s*(?P<high>{_NUMBER.replace("[+-]?", "", 1)}))?
    \s*(?P<unit>\(?[A-Za-zµ°"'][A-Za-z0-9^/³·*.\s]*\)?|%)?\s*\Z""",
    re.VERBOSE | re.IGNORECASE,
)
DENSITY_UNITS = {  # to kg/m^3
    "g/cm3": 1000.0, "g/cc": 1000.0, "g/ml": 1000.0, "kg/l": 1000.0, "kg/dm3": 1000.0, "t/m3": 1000.0, "g/cm": 1000.0,
    "kg/m3": 1.0, "g/l": 1.0, "g/m3": 0.001, "lb/ft3": 16.018463, "kg/cm3": 1.0e6,
}  # fmt: skip
PRESSURE_UNITS = {
    "gpa": 1.0e9,
    "mpa": 1.0e6,
    "kpa": 1.0e3,
    "pa": 1.0,
    "n/mm2": 1.0e6,
    "psi": 6894.757,
    "ksi": 6894757.0,
}
LENGTH_UNITS = {
    "cm": 1.0,
    "mm": 0.1,
    "m": 100.0,
    "dm": 10.0,
    "in": 2.54,
    "inch": 2.54,
    "inches": 2.54,
    "ft": 30.48,
}


@dataclass(frozen=True)
class Quantity:
    """A value (the mean of a range), its unit in plain lower-case letters, and whether it was a range."""

    value: float
    unit: str = ""
    ranged: bool = False


def read_quantity(text: str) -> Quantity | None:
    """Read ``0.7``, ``~0.7``, ``0.6-0.8 g/cm^3``, ``600 kg/m³``; None when the text is anything else."""
    if len(text) > 80:
        return None
    match = _QUANTITY.match(text)
    if match is None:
        return None
    low = float(match["low"])
    high = float(match["high"]) if match["high"] else None
    value = low if high is None else (low + high) / 2.0
    if not math.isfinite(value):
        return None
    return Quantity(value, plain_unit(match["unit"] or ""), high is not None)


def plain_unit(text: str) -> str:
    """``g/cm³``, ``g / cm^3``, ``(GPa)`` in the spelling of the tables above."""
    return re.sub(r"[\s^*·()]", "", text).replace("³", "3").replace("²", "2").lower().rstrip(".")


def read_numbers(text: str) -> list[float]:
    """All finite numbers in the text, in order."""
    values = [float(m) for m in NUMBER.findall(text)]
    return [v for v in values if math.isfinite(v)]

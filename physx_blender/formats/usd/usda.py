# SPDX-License-Identifier: GPL-3.0-or-later
"""A small writer of USD's text form.

Source: "Usda file format specification" and the grammar of Sdf's text format (openusd.org). It needs no USD library, which
not every Blender brings along.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from ...geometry import Pose
from ...geometry.pose import Array

Scalar = float | int | bool | str
Value = Scalar | Sequence[float]


def quoted(text: str) -> str:
    """A string of the text form."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "")
    return f'"{escaped}"'


def number(value: float) -> str:
    """Shortest digits that give the same double back; infinity as USD spells it."""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(float(value)).removesuffix(".0")


def formatted(value: Value) -> str:
    """A number, a truth value, a token or string, or a tuple of numbers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, float)):
        return number(value)
    return f"({', '.join(number(v) for v in value)})"


def rows(values: Array, digits: int = 9) -> str:
    """An array (N, k) as a list of tuples; nine digits are enough for single precision."""
    items = np.asarray(values, float).tolist()
    return "[" + ", ".join("(" + ", ".join(f"{v:.{digits}g}" for v in row) + ")" for row in items) + "]"


def integers(values: npt.NDArray[np.integer]) -> str:
    """An array of whole numbers as a list."""
    return "[" + ", ".join(map(str, np.asarray(values).reshape(-1).tolist())) + "]"


class UsdaWriter:
    """Lines of a layer, indented by the prim they are in."""

    def __init__(self, default_prim: str, *, doc: str) -> None:
        self._depth = 0
        self._lines = [
            "#usda 1.0",
            "(",
            f"    defaultPrim = {quoted(default_prim)}",
            f"    doc = {quoted(doc)}",
            "    kilogramsPerUnit = 1",
            "    metersPerUnit = 1",
            '    upAxis = "Z"',
            ")",
        ]

    def text(self) -> str:
        """The whole layer."""
        return "\n".join(self._lines) + "\n"

    def line(self, text: str) -> None:
        """One line in the prim that is open."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def prim(
        self, kind: str, name: str, *, apis: Iterable[str] = (), shown_as: str = "", model: str = ""
    ) -> Iterator[None]:
        """A prim of the schema `kind`. shown_as: its name for people, where `name` had to be changed."""
        metadata = []
        applied = list(apis)
        if applied:
            metadata.append(f"prepend apiSchemas = [{', '.join(quoted(a) for a in applied)}]")
        if shown_as and shown_as != name:
            metadata.append(f"displayName = {quoted(shown_as)}")
        if model:
            metadata.append(f"kind = {quoted(model)}")
        self.line("")
        if metadata:
            self.line(f"def {kind} {quoted(name)} (")
            for entry in metadata:
                self.line(f"    {entry}")
            self.line(")")
        else:
            self.line(f"def {kind} {quoted(name)}")
        self.line("{")
        self._depth += 1
        yield
        self._depth -= 1
        self.line("}")

    def attribute(self, kind: str, name: str, value: Value) -> None:
        """An attribute with one value, as ``float physics:mass = 2``."""
        self.line(f"{kind} {name} = {formatted(value)}")

    def relationship(self, name: str, *targets: str) -> None:
        """A relationship to prims by path."""
        paths = [f"<{t}>" for t in targets]
        self.line(f"rel {name} = {paths[0] if len(paths) == 1 else '[' + ', '.join(paths) + ']'}")

    def transform(self, pose: Pose, scale: Sequence[float] | None = None) -> None:
        """Place the open prim in its parent: translation, rotation and perhaps scale, as simulators expect them."""
        order = ["xformOp:translate", "xformOp:orient"]
        self.attribute("double3", order[0], pose.position)
        self.attribute("quatd", order[1], pose.quaternion)
        if scale is not None:
            order.append("xformOp:scale")
            self.attribute("double3", order[2], scale)
        self.line(f"uniform token[] xformOpOrder = [{', '.join(quoted(o) for o in order)}]")

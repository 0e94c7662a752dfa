# SPDX-License-Identifier: GPL-3.0-or-later
"""An MJCF file with its includes put in, and its default classes and compiler settings resolved.

Source of the rules: MuJoCo's XML reference and the chapter "Modeling" of its documentation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import AssetError
from ...geometry import Pose
from ...geometry.pose import Array, axis_angle_matrix, matrix_quaternion, rotation_between, unit
from ..angles import euler_matrix
from ..assembling import inside, upper_folder
from ..xmlsafe import MAX_ELEMENTS, Node, parse_xml

# Robot collections keep meshes and shared files in folders beside that of the model; further up nothing is read.
LEVELS_UP = 4
MAX_INCLUDES = 200
# Elements whose attributes defaults may set and that this reader looks at.
_DEFAULTED = ("geom", "joint", "mesh", "material")


class Document:
    """The parsed file: `root` (element mujoco), `folder` of the main file, `compiler`, and defaults by class."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.folder = self.path.resolve().parent
        self._included: set[Path] = set()
        self._count = 0
        self.root = parse_xml(self.path)
        if self.root.tag != "mujoco":
            raise AssetError(
                f"line {self.root.line}: the first element is <{self.root.tag}>, not <mujoco>; this is no MJCF file",
                where=self.path.name,
            )
        self._expand(self.root)
        self.compiler = self._merge("compiler")
        self._classes: dict[str, dict[str, dict[str, str]]] = {}
        self._main = ""
        for section in self.root.all("default"):
            self._read_defaults(section, None)
        self.units = Units.of(self.compiler)

    def _expand(self, node: Node) -> None:
        """Replace every <include> below `node` by what the named file holds."""
        children: list[Node] = []
        for child in node.children:
            self._count += 1
            if self._count > MAX_ELEMENTS:
                raise AssetError("has too many elements with its includes", where=self.path.name)
            if child.tag != "include":
                self._expand(child)
                children.append(child)
                continue
            path = self._include_path(child)
            if path in self._included or path == self.path.resolve():
                raise child.error(f"includes {path.name!r} a second time, which MuJoCo forbids; remove it")
            if len(self._included) >= MAX_INCLUDES:
                raise child.error(f"is one include more than the limit of {MAX_INCLUDES}")
            self._included.add(path)
            root = parse_xml(path)
            self._expand(root)
            children += root.children
        node.children = children

    def _include_path(self, node: Node) -> Path:
        name = node.require("file")
        for folder in (self.folder, node.file.resolve().parent):
            path = folder / name
            if path.is_file():
                try:
                    return inside(upper_folder(self.folder, LEVELS_UP), path, "include")
                except AssetError as error:
                    raise node.error(str(error)) from None
        raise node.error(f"names {name!r}, which is not in the model's folder; put it there")

    def _merge(self, tag: str) -> Node:
        merged: dict[str, str] = {}
        for node in self.root.all(tag):
            merged |= node.attributes
        return Node(tag, merged, self.path, self.root.line)

    def sections(self, tag: str) -> Iterator[Node]:
        """Children of all top sections of this tag."""
        for section in self.root.all(tag):
            yield from section.children

    def _read_defaults(self, node: Node, parent: str | None) -> None:
        if parent is None:
            name = node.get("class") or self._main or "main"
            self._main = self._main or name
            if name != self._main:
                name = self._main  # all top sections are the one main class
            settings = self._classes.get(name, {})
        else:
            name = node.require("class")
            if name in self._classes:
                raise node.error(f"defines the default class {name!r} a second time; rename one")
            settings = self._classes[parent]
        own = {tag: dict(values) for tag, values in settings.items()}
        for tag in _DEFAULTED:
            for setting in node.all(tag):
                own[tag] = own.get(tag, {}) | setting.attributes
        self._classes[name] = own
        for child in node.all("default"):
            self._read_defaults(child, name)

    def resolved(self, node: Node, childclass: str | None) -> Node:
        """The element with the attributes of its default class (its own, or the surrounding childclass) filled in."""
        name = node.get("class") or childclass or self._main
        if name and name not in self._classes and not (name == "main" and not self._main):
            raise node.error(f"names the default class {name!r}, which does not exist; define or correct it")
        settings = self._classes.get(name, {}).get(node.tag, {})
        if "type" in node.attributes and node.tag == "geom" and node.get("type") != settings.get("type"):
            pass  # sizes of another type are still inherited, as in MuJoCo
        return Node(node.tag, settings | node.attributes, node.file, node.line, node.children)


@dataclass(frozen=True)
class Units:
    """How the file's compiler reads angles."""

    angle: float
    sequence: str

    @staticmethod
    def of(compiler: Node) -> Units:
        """Degrees and xyz unless the compiler says otherwise."""
        kind = compiler.get("angle") or "degree"
        if kind not in ("degree", "radian"):
            raise compiler.error(f"angle={kind!r} must be degree or radian")
        if (compiler.get("coordinate") or "local") != "local":
            raise compiler.error(
                'coordinate="global" was removed from MuJoCo; convert the file with an old version (2.3.3) first'
            )
        sequence = compiler.get("eulerseq") or "xyz"
        if len(sequence) != 3 or any(c not in "xyzXYZ" for c in sequence):
            raise compiler.error(f"eulerseq={sequence!r} must be three letters out of xyzXYZ")
        return Units(math.pi / 180.0 if kind == "degree" else 1.0, sequence)

    def rotation(self, node: Node) -> Array | None:
        """Rotation matrix of the element's orientation, in any of MJCF's five ways; None when it has none."""
        quat = node.numbers("quat", 4)
        if quat is not None:
            return Pose(quaternion=(quat[0], quat[1], quat[2], quat[3])).rotation
        turn = node.numbers("axisangle", 4)
        if turn is not None:
            return axis_angle_matrix(unit(turn[:3], node.where), turn[3] * self.angle)
        euler = node.numbers("euler", 3)
        if euler is not None:
            return euler_matrix(
                (euler[0] * self.angle, euler[1] * self.angle, euler[2] * self.angle), self.sequence
            )
        axes = node.numbers("xyaxes", 6)
        if axes is not None:
            x = np.array(unit(axes[:3], node.where))
            y = np.array(axes[3:])
            y = np.array(unit(y - (x @ y) * x, node.where))
            return np.stack([x, y, np.cross(x, y)], axis=1)
        z = node.numbers("zaxis", 3)
        if z is not None:
            return Pose(quaternion=rotation_between((0.0, 0.0, 1.0), unit(z, node.where))).rotation
        return None

    def pose(self, node: Node) -> Pose:
        """Position and orientation of the element in its parent."""
        position = node.vector("pos", (0.0, 0.0, 0.0))
        rotation = self.rotation(node)
        return Pose(position, (1.0, 0.0, 0.0, 0.0) if rotation is None else matrix_quaternion(rotation))

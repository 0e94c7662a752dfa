# SPDX-License-Identifier: GPL-3.0-or-later
"""Box with a real inside: drawer, cabinet, tray, bin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..errors import AssetError
from .box import Box
from .builder import MeshBuilder
from .mass import MassProperties
from .moments import Moments
from .placed import PlacedShape
from .polygon import triangulate
from .pose import Array, Pose, Vec3, vec3
from .shape import Shape
from .trianglemesh import TriangleMesh
from .values import Points2, length

FACES = ("-x", "+x", "-y", "+y", "-z", "+z")
Cell = tuple[int, int]


@dataclass(frozen=True)
class HollowBox(Shape):
    """Centred box of outer `size` with walls of thickness `wall` (metres); `open_faces` have no wall.

    The inside is one box: it reaches through the open faces and stops at the walls.
    open_faces: any of '+x', '-x', '+y', '-y', '+z', '-z', but not all six.
    """

    kind: ClassVar[str] = "hollow_box"
    size: Vec3
    wall: float
    open_faces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        put = object.__setattr__
        x, y, z = (length(v, "hollow box", "a side") for v in vec3(self.size, "hollow box size"))
        put(self, "size", (x, y, z))
        put(self, "wall", length(self.wall, "hollow box", "wall"))
        if isinstance(self.open_faces, str):
            raise AssetError(
                f"open faces must be a list such as ('+z',), got {self.open_faces!r}", where="hollow box"
            )
        put(self, "open_faces", tuple(self.open_faces))
        for face in self.open_faces:
            if face not in FACES:
                raise AssetError(f"open face {face!r} is not one of {', '.join(FACES)}", where="hollow box")
        if len(set(self.open_faces)) != len(self.open_faces):
            raise AssetError("an open face is named twice", where="hollow box")
        if len(self.open_faces) == 6:
            raise AssetError("all six faces are open and nothing is left; close one", where="hollow box")
        low, high = self.inside()
        for axis, name in enumerate("xyz"):
            if high[axis] - low[axis] <= 1e-6:
                raise AssetError(
                    f"walls of {self.wall:g} m leave no inside along {name} ({self.size[axis]:g} m); make them thinner",
                    where="hollow box",
                )

    def inside(self) -> tuple[Array, Array]:
        """Lower and upper corner (3,), (3,) of the free inside."""
        high = np.array(self.size) / 2.0
        low = -high
        for k, face in enumerate(FACES):
            if face not in self.open_faces:
                if k % 2:
                    high[k // 2] -= self.wall
                else:
                    low[k // 2] += self.wall
        return low, high

    def mesh(self, detail: int = 32) -> TriangleMesh:
        """One chart per plane of the surface; as few faces as its outline needs. `detail` has no effect."""
        half = np.array(self.size) / 2.0
        low, high = self.inside()
        # three slots per axis: lower wall, inside, upper wall; a slot without extent (open face) is left out
        lines = [np.unique([-half[k], low[k], high[k], half[k]]) for k in range(3)]
        solid = np.ones([len(line) - 1 for line in lines], bool)
        solid[np.ix_(*[(line[:-1] >= low[k]) & (line[1:] <= high[k]) for k, line in enumerate(lines)])] = (
            False
        )
        planes = _planes(solid)
        needed = {p for axis, level, _, loops in planes for loop in loops for p in _turns(loop, axis, level)}
        index = {p: k for k, p in enumerate(sorted(needed))}
        builder = MeshBuilder()
        builder.add_vertices([[lines[k][p[k]] for k in range(3)] for p in index])
        for axis, level, outward, loops in planes:
            for outline, holes in _nested(
                [[p for p in _lattice(loop, axis, level) if p in index] for loop in loops], axis
            ):
                _add_plane(builder, outline, holes, axis, outward, index, lines)
        return builder.build()

    def volume_properties(self) -> MassProperties:
        """Closed form: outer box minus inside."""
        half = np.array(self.size) / 2.0
        return (Moments.box(-half, half) - Moments.box(*self.inside())).properties()

    def colliders(self) -> tuple[PlacedShape, ...]:
        """One box per wall; they do not overlap, and the inside stays free."""
        low, high = self.inside()
        free_low, free_high = -np.array(self.size) / 2.0, np.array(self.size) / 2.0
        pieces = []
        for axis in (2, 1, 0):  # bottom and top in full, the sides between them
            for closed, edge in ((f"-{'xyz'[axis]}", low[axis]), (f"+{'xyz'[axis]}", high[axis])):
                if closed in self.open_faces:
                    continue
                a, b = free_low.copy(), free_high.copy()
                if closed[0] == "-":
                    b[axis] = edge
                else:
                    a[axis] = edge
                x, y, z = (float(v) for v in (a + b) / 2.0)
                w, d, h = (float(v) for v in b - a)
                pieces.append(PlacedShape(Box((w, d, h)), Pose((x, y, z))))
            free_low[axis], free_high[axis] = low[axis], high[axis]
        return tuple(pieces)

    def bounds(self) -> tuple[Array, Array]:
        """Of the walls that are there."""
        boxes = [(np.array(p.pose.position), np.array(p.shape.bounds()[1])) for p in self.colliders()]
        return np.min([c - half for c, half in boxes], axis=0), np.max(
            [c + half for c, half in boxes], axis=0
        )


Loop = list[Cell]
Point = tuple[int, int, int]


def _planes(solid: np.ndarray) -> list[tuple[int, int, int, list[Loop]]]:
    """Axis, lattice level, outward sign and boundary loops (in the two other axes, ascending) of each exposed plane."""
    result = []
    padded = np.pad(solid, 1)
    for axis in range(3):
        moved = np.moveaxis(padded, axis, 0)
        for level in range(moved.shape[0] - 1):
            below, above = moved[level, 1:-1, 1:-1], moved[level + 1, 1:-1, 1:-1]
            for outward, exposed in ((1, below & ~above), (-1, above & ~below)):
                if exposed.any():
                    result.append((axis, level, outward, _loops(exposed)))
    return result


def _loops(cells: np.ndarray) -> list[Loop]:
    """Boundary of a set of lattice cells; counter-clockwise around cells, clockwise around holes."""
    edges: dict[Cell, list[Cell]] = {}
    for i, j in np.argwhere(cells):
        i, j = int(i), int(j)
        for a, b, (di, dj) in (
            ((i, j), (i + 1, j), (0, -1)),
            ((i + 1, j), (i + 1, j + 1), (1, 0)),
            ((i + 1, j + 1), (i, j + 1), (0, 1)),
            ((i, j + 1), (i, j), (-1, 0)),
        ):
            m, n = i + di, j + dj
            if not (0 <= m < cells.shape[0] and 0 <= n < cells.shape[1] and cells[m, n]):
                edges.setdefault(a, []).append(b)
    loops = []
    while edges:
        start = next(iter(edges))
        loop, at = [start], edges[start][0]
        _drop(edges, start, at)
        while at != start:
            loop.append(at)
            following = edges[at][0]
            _drop(edges, at, following)
            at = following
        loops.append(loop)
    return loops


def _drop(edges: dict[Cell, list[Cell]], a: Cell, b: Cell) -> None:
    edges[a].remove(b)
    if not edges[a]:
        del edges[a]


def _lattice(loop: Loop, axis: int, level: int) -> list[Point]:
    """The loop's points with the level put in at its axis."""
    result = []
    for cell in loop:
        p = list(cell)
        p.insert(axis, level)
        result.append((p[0], p[1], p[2]))
    return result


def _turns(loop: Loop, axis: int, level: int) -> list[Point]:
    """Lattice points where the loop changes its direction."""
    n = len(loop)
    kept = [
        loop[k]
        for k in range(n)
        if (loop[k][0] - loop[k - 1][0]) * (loop[(k + 1) % n][1] - loop[k][1])
        != (loop[k][1] - loop[k - 1][1]) * (loop[(k + 1) % n][0] - loop[k][0])
    ]
    return _lattice(kept, axis, level)


def _flat(loop: list[Point], axis: int) -> list[Cell]:
    a, b = (k for k in range(3) if k != axis)
    return [(p[a], p[b]) for p in loop]


def _nested(loops: list[list[Point]], axis: int) -> list[tuple[list[Point], list[list[Point]]]]:
    """Outlines with their holes; the void is one box, so a plane with a hole has one outline only."""

    def area(loop: list[Point]) -> int:
        flat = _flat(loop, axis)
        return sum(flat[k - 1][0] * flat[k][1] - flat[k][0] * flat[k - 1][1] for k in range(len(flat)))

    outlines = [loop for loop in loops if area(loop) > 0]
    holes = [loop for loop in loops if area(loop) < 0]
    return [(outline, holes) for outline in outlines]


def _add_plane(
    builder: MeshBuilder,
    outline: list[Point],
    holes: list[list[Point]],
    axis: int,
    outward: int,
    index: dict[Point, int],
    lines: list[Array],
) -> None:
    a, b = (k for k in range(3) if k != axis)

    def place(loop: list[Point]) -> Points2:
        return tuple((float(lines[a][p[a]]), float(lines[b][p[b]])) for p in loop)

    points, triangles = triangulate(place(outline), [place(h) for h in holes])
    where = {
        (float(lines[a][p[a]]), float(lines[b][p[b]])): index[p] for loop in (outline, *holes) for p in loop
    }
    corner = np.array([where[p] for p in points])
    faces = np.array(triangles)
    flat = np.array(points)[faces]
    # (a, b, axis) is right-handed except for axis 1
    if (axis == 1) == (outward > 0):
        faces, flat = faces[:, ::-1], flat[:, ::-1][..., ::-1]
    low = flat.reshape(-1, 2).min(axis=0)
    extent = flat.reshape(-1, 2).max(axis=0) - low
    builder.add_faces(builder.add_chart(float(extent[0]), float(extent[1])), corner[faces], flat - low)

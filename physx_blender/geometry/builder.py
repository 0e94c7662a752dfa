# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a mesh with shared vertices and one uv rectangle per chart."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .atlas import pack
from .pose import Array
from .trianglemesh import TriangleMesh

Index = npt.NDArray[np.int32]


class MeshBuilder:
    """Collects vertices, and faces chart by chart; `build` packs the charts into the unit square."""

    def __init__(self) -> None:
        self._vertices: list[Array] = []
        self._count = 0
        self._sizes: list[tuple[float, float]] = []
        self._faces: list[Index] = []
        self._coords: list[Array] = []
        self._charts: list[Index] = []

    def add_vertices(self, points: Any) -> Index:
        """Add points (N, 3); returns their indices (N,)."""
        array = np.asarray(points, float).reshape(-1, 3)
        self._vertices.append(array)
        start, self._count = self._count, self._count + len(array)
        return np.arange(start, self._count, dtype=np.int32)

    def add_chart(self, width: float, height: float) -> int:
        """A new uv rectangle of this size in metres."""
        self._sizes.append((max(width, 1e-9), max(height, 1e-9)))
        return len(self._sizes) - 1

    def add_faces(self, chart: int, faces: Any, coords: Any) -> None:
        """Add triangles (M, 3) with their places (M, 3, 2) in the chart, metres from its lower left corner."""
        array = np.asarray(faces, np.int32).reshape(-1, 3)
        self._faces.append(array)
        self._coords.append(np.asarray(coords, float).reshape(-1, 3, 2))
        self._charts.append(np.full(len(array), chart, np.int32))

    def add_quads(self, chart: int, quads: Any, coords: Any) -> None:
        """Add quads (M, 4), counter-clockwise from outside, with coords (M, 4, 2), as two triangles each."""
        q = np.asarray(quads, np.int32).reshape(-1, 4)
        c = np.asarray(coords, float).reshape(-1, 4, 2)
        corners = [0, 1, 2, 0, 2, 3]
        self.add_faces(chart, q[:, corners].reshape(-1, 3), c[:, corners].reshape(-1, 3, 2))

    def add_flat(self, faces: Any, points: Any, right: Any, up: Any) -> None:
        """Add coplanar triangles as a chart of their own, projected on the directions `right` and `up`.

        faces: (M, 3) indices.  points: (M, 3, 3) the corners' positions.
        """
        p = np.asarray(points, float)
        coords = np.stack([p @ np.asarray(right, float), p @ np.asarray(up, float)], axis=-1)
        low = coords.reshape(-1, 2).min(axis=0)
        extent = coords.reshape(-1, 2).max(axis=0) - low
        self.add_faces(self.add_chart(float(extent[0]), float(extent[1])), faces, coords - low)

    def build(self) -> TriangleMesh:
        """The mesh; uv in [0, 1]."""
        slots = pack(self._sizes)
        offset = np.array([[s.u, s.v] for s in slots])
        scale = np.array([[s.scale_u, s.scale_v] for s in slots])
        charts = np.concatenate(self._charts)
        uv = np.concatenate(self._coords) * scale[charts][:, None, :] + offset[charts][:, None, :]
        return TriangleMesh(
            np.concatenate(self._vertices), np.concatenate(self._faces), np.clip(uv, 0.0, 1.0)
        )

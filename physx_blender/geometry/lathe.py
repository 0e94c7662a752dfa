# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns a profile (r, z) about the z axis: meshes and volume integrals of all round shapes."""

from __future__ import annotations

import math

import numpy as np

from .builder import Index, MeshBuilder
from .moments import Moments
from .pose import Array
from .trianglemesh import TriangleMesh
from .values import Points2

SHARP = math.radians(40.0)  # a profile that bends more starts a new uv chart


def circle(detail: int) -> Array:
    """Unit circle (N, 2) with at least 3 points, starting on +x, counter-clockwise."""
    n = max(3, int(detail))
    angle = np.arange(n) * (2.0 * math.pi / n)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def frustum_moments(r0: float, z0: float, r1: float, z1: float) -> Moments:
    """Of the solid between the axis and the profile edge (r0, z0) -> (r1, z1); negative when the edge runs down.

    Integrals of the powers of the radius r0 (1 - t) + r1 t over t (Pappus; beta functions).
    """
    h = z1 - z0
    r2 = (r0 * r0 + r0 * r1 + r1 * r1) / 3.0
    r2t = r0 * r0 / 12.0 + r0 * r1 / 6.0 + r1 * r1 / 4.0
    r2tt = r0 * r0 / 30.0 + r0 * r1 / 10.0 + r1 * r1 / 5.0
    r4 = (r0**4 + r0**3 * r1 + r0**2 * r1**2 + r0 * r1**3 + r1**4) / 5.0
    volume = math.pi * h * r2
    first = math.pi * h * (z0 * r2 + h * r2t)
    zz = math.pi * h * (z0 * z0 * r2 + 2.0 * z0 * h * r2t + h * h * r2tt)
    xx = math.pi * h * r4 / 4.0
    return Moments(volume, np.array([0.0, 0.0, first]), np.diag([xx, xx, zz]))


def lathe_moments(profile: Points2) -> Moments:
    """Of the solid of a counter-clockwise closed profile (r, z), r >= 0."""
    return Moments.total(
        frustum_moments(*a, *b) for a, b in zip(profile, profile[1:] + profile[:1], strict=True)
    )


def _runs(profile: Points2) -> list[list[int]]:
    """Edges (by their first point) grouped into smooth runs, without edges along the axis; flat caps stand alone."""
    n = len(profile)

    def edge(k: int) -> tuple[float, float]:
        a, b = profile[k % n], profile[(k + 1) % n]
        return (b[0] - a[0], b[1] - a[1])

    def skipped(k: int) -> bool:
        return profile[k % n][0] == 0.0 and profile[(k + 1) % n][0] == 0.0

    def cap(k: int) -> bool:
        return profile[k % n][1] == profile[(k + 1) % n][1] and 0.0 in (
            profile[k % n][0],
            profile[(k + 1) % n][0],
        )

    def breaks(k: int) -> bool:
        """Whether a new run starts with edge k."""
        if any(skipped(e) or cap(e) for e in (k - 1, k)):
            return True
        (ax, ay), (bx, by) = edge(k - 1), edge(k)
        return abs(math.atan2(ax * by - ay * bx, ax * bx + ay * by)) > SHARP

    first = next((k for k in range(n) if breaks(k)), 0)
    runs: list[list[int]] = []
    for k in range(first, first + n):
        if not runs or breaks(k):
            runs.append([])
        runs[-1].append(k % n)
    return [r for r in runs if not skipped(r[0])]


def lathe_mesh(profile: Points2, detail: int) -> TriangleMesh:
    """Closed mesh of a counter-clockwise closed profile (r, z), r >= 0.

    Each smooth run of the profile is one uv strip (u around, v along the profile), each flat cap one disc.
    """
    ring = circle(detail)
    n = len(ring)
    builder = MeshBuilder()
    rows: list[Index] = []
    for r, z in profile:
        if r == 0.0:
            rows.append(np.repeat(builder.add_vertices([[0.0, 0.0, z]]), n))
        else:
            rows.append(builder.add_vertices(np.column_stack([r * ring, np.full(n, z)])))
    for run in _runs(profile):
        a, b = profile[run[0]], profile[(run[0] + 1) % len(profile)]
        if len(run) == 1 and a[1] == b[1] and 0.0 in (a[0], b[0]):
            _add_cap(
                builder,
                rows[run[0]] if a[0] else rows[(run[0] + 1) % len(profile)],
                ring,
                max(a[0], b[0]),
                not a[0],
            )
        else:
            _add_strip(builder, rows, profile, run, n)
    return builder.build()


def _add_cap(builder: MeshBuilder, row: Index, ring: Array, radius: float, below: bool) -> None:
    n = len(ring)
    fan = np.stack([np.zeros(n - 2, int), np.arange(1, n - 1), np.arange(2, n)], axis=1)
    plane = radius * (1.0 + ring)
    if below:
        fan = fan[:, ::-1]
        plane = radius * (1.0 + ring * [1.0, -1.0])
    builder.add_faces(builder.add_chart(2.0 * radius, 2.0 * radius), row[fan], plane[fan])


def _add_strip(builder: MeshBuilder, rows: list[Index], profile: Points2, run: list[int], n: int) -> None:
    m = len(profile)
    lengths = [math.dist(profile[k], profile[(k + 1) % m]) for k in run]
    around = 2.0 * math.pi * max(max(profile[k][0], profile[(k + 1) % m][0]) for k in run)
    chart = builder.add_chart(around, sum(lengths))
    here = np.arange(n)
    there = (here + 1) % n
    u0, u1 = here * (around / n), (here + 1) * (around / n)
    v0 = 0.0
    for k, extent in zip(run, lengths, strict=True):
        a, b, v1 = rows[k], rows[(k + 1) % m], v0 + extent
        low, high = np.full(n, v0), np.full(n, v1)
        if profile[k][0] == 0.0:  # a pole: one triangle instead of a quad
            faces = np.stack([a, b[there], b[here]], axis=1)
            coords = np.stack(
                [np.stack([(u0 + u1) / 2, low], 1), np.stack([u1, high], 1), np.stack([u0, high], 1)], 1
            )
            builder.add_faces(chart, faces, coords)
        elif profile[(k + 1) % m][0] == 0.0:
            faces = np.stack([a[here], a[there], b], axis=1)
            coords = np.stack(
                [np.stack([u0, low], 1), np.stack([u1, low], 1), np.stack([(u0 + u1) / 2, high], 1)], 1
            )
            builder.add_faces(chart, faces, coords)
        else:
            quads = np.stack([a[here], a[there], b[there], b[here]], axis=1)
            corners = [np.stack(c, 1) for c in ((u0, low), (u1, low), (u1, high), (u0, high))]
            builder.add_quads(chart, quads, np.stack(corners, axis=1))
        v0 = v1

# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons in the plane: checks, moments, triangles, convex pieces."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..errors import AssetError
from .pose import Array
from .values import Point2, Points2

Triangle = tuple[int, int, int]
Labels = npt.NDArray[np.int64]


def cross(o: Point2, a: Point2, b: Point2) -> float:
    """Twice the signed area of the triangle o, a, b."""
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def signed_area(points: Points2) -> float:
    """Area in m^2, positive when counter-clockwise."""
    p = np.array(points) - points[0]
    q = np.roll(p, -1, axis=0)
    return float(np.sum(p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]) / 2.0)


def oriented(points: Points2, *, counter_clockwise: bool = True) -> Points2:
    """The same polygon, running in the asked direction."""
    return points if (signed_area(points) > 0.0) == counter_clockwise else points[::-1]


def plane_moments(points: Points2) -> tuple[float, Array, Array]:
    """Area, integral of p (2,) and of p p^T (2, 2) over a counter-clockwise polygon (Green's theorem)."""
    p = np.array(points)
    q = np.roll(p, -1, axis=0)
    c = p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]
    first = ((p + q) * c[:, None]).sum(axis=0) / 6.0
    pp, qq = p[:, :, None] * p[:, None, :], q[:, :, None] * q[:, None, :]
    pq = p[:, :, None] * q[:, None, :]
    second = (c[:, None, None] * (2 * pp + 2 * qq + pq + pq.transpose(0, 2, 1))).sum(axis=0) / 24.0
    return float(c.sum() / 2.0), first, second


def check_simple(rings: Sequence[Points2], where: str, what: str) -> None:
    """Raise unless no edge of the rings touches another except its neighbours at their common corner."""
    if len(rings) == 1 and _is_convex(np.array(rings[0])):
        return
    starts, ends, ring, place = [], [], [], []
    for r, points in enumerate(rings):
        size = float(np.ptp(np.array(points), axis=0).max())
        for k, a in enumerate(points):
            b = points[(k + 1) % len(points)]
            if abs(a[0] - b[0]) + abs(a[1] - b[1]) <= 1e-9 * max(size, 1e-6):
                raise AssetError(f"{what}: point {k} and the next one are the same; remove one", where=where)
            starts.append(a)
            ends.append(b)
            ring.append(r)
            place.append(k)
        around = hull(np.array(points))
        if (
            len(around) < 3
            or abs(signed_area(tuple((float(x), float(y)) for x, y in around))) <= 1e-12 * size * size
        ):
            raise AssetError(f"{what} encloses no area", where=where)
    first_corner, last_corner = np.array(starts), np.array(ends)
    _check_edges(
        first_corner, last_corner, np.array(ring), np.array(place), [len(p) for p in rings], where, what
    )


def _is_convex(p: Array) -> bool:
    """Whether a ring (N, 2) turns one way at every corner and around once: then it cannot meet itself.

    Only what is clearly so counts; a ring with a straight or a doubtful corner has its edges compared.
    """
    if len(p) < 3:
        return False
    edge = np.roll(p, -1, axis=0) - p
    following = np.roll(edge, -1, axis=0)
    lengths = np.hypot(edge[:, 0], edge[:, 1])
    if lengths.min() <= 1e-6 * lengths.sum():
        return False
    cross = edge[:, 0] * following[:, 1] - edge[:, 1] * following[:, 0]
    if abs(int(np.sign(cross).sum())) != len(p):
        return False
    turn = np.arctan2(cross, (edge * following).sum(axis=1))
    clear = np.abs(turn).min() > 1e-5 and np.abs(turn).max() < math.pi - 1e-3
    return bool(clear and abs(abs(float(turn.sum())) - 2 * math.pi) < 1e-6)


def _check_edges(
    a: Array, b: Array, rings_of: Labels, places: Labels, sizes: Sequence[int], where: str, what: str
) -> None:
    """Raise when two of the edges a -> b (N, 2), (N, 2) meet that are not neighbours on their ring."""
    n = len(a)
    tolerance = 1e-12 * float(np.ptp(a, axis=0).max()) ** 2
    counts = np.array(sizes)[rings_of]
    for k in range(n):
        others = np.arange(k + 1, n)
        if not len(others):
            break
        d = b[k] - a[k]
        side_a = d[0] * (a[others, 1] - a[k, 1]) - d[1] * (a[others, 0] - a[k, 0])
        side_b = d[0] * (b[others, 1] - a[k, 1]) - d[1] * (b[others, 0] - a[k, 0])
        e = b[others] - a[others]
        my_a = e[:, 0] * (a[k, 1] - a[others, 1]) - e[:, 1] * (a[k, 0] - a[others, 0])
        my_b = e[:, 0] * (b[k, 1] - a[others, 1]) - e[:, 1] * (b[k, 0] - a[others, 0])
        low = np.minimum(a[others], b[others]) <= np.maximum(a[k], b[k]) + 1e-12
        high = np.maximum(a[others], b[others]) >= np.minimum(a[k], b[k]) - 1e-12
        near = (low & high).all(axis=1)
        meets = near & (side_a * side_b <= tolerance**2) & (my_a * my_b <= tolerance**2)
        same = rings_of[others] == rings_of[k]
        step = np.abs(places[others] - places[k])
        neighbour = same & ((step == 1) | (step == counts[others] - 1))
        # neighbours share a corner; they may not fold back onto each other
        dot = e @ d
        folded = neighbour & (np.abs(side_a) + np.abs(side_b) <= tolerance) & (dot < 0.0)
        bad = (meets & ~neighbour) | folded
        if bad.any():
            first = int(others[np.argmax(bad)])
            raise AssetError(
                f"{what} crosses or touches itself: edge {places[k]} of ring {rings_of[k]} meets edge {places[first]} of "
                f"ring {rings_of[first]}; move the points apart",
                where=where,
            )


def contains(points: Points2, p: Point2) -> bool:
    """Whether the polygon holds the point (even-odd rule)."""
    inside = False
    for k, a in enumerate(points):
        b = points[k - 1]
        if (a[1] > p[1]) != (b[1] > p[1]) and p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]:
            inside = not inside
    return inside


def _in_triangle(p: Point2, a: Point2, b: Point2, c: Point2) -> bool:
    """Whether the counter-clockwise triangle holds p, its border included."""
    return cross(a, b, p) >= 0.0 and cross(b, c, p) >= 0.0 and cross(c, a, p) >= 0.0


def _bridge(chain: list[int], hole: list[int], points: Points2) -> list[int]:
    """Join a clockwise hole to the counter-clockwise chain by a pair of coincident edges.

    Source of the visibility test: D. Eberly, "Triangulation by Ear Clipping", section 3.
    """
    start = max(range(len(hole)), key=lambda k: points[hole[k]])
    m = points[hole[start]]
    best_x, at = float("inf"), -1
    for k, i in enumerate(chain):
        a, b = points[i], points[chain[(k + 1) % len(chain)]]
        if a[1] <= m[1] <= b[1] and a[1] != b[1]:  # an upward edge has the inside to its left
            x = a[0] + (m[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            if m[0] <= x < best_x:
                best_x, at = x, k
    if at < 0:
        raise AssetError("a hole is not inside the outline", where="polygon")
    after = (at + 1) % len(chain)
    hit = (best_x, m[1])
    candidate = at if points[chain[at]][0] > points[chain[after]][0] else after
    for k in (at, after):
        if points[chain[k]] == hit:
            candidate = k
    corner = points[chain[candidate]]
    if corner != hit:
        low, high = (hit, corner) if corner[1] > hit[1] else (corner, hit)
        best = (float("inf"), float("inf"))
        choice = candidate
        for k, i in enumerate(chain):
            p = points[i]
            before, following = points[chain[k - 1]], points[chain[(k + 1) % len(chain)]]
            if p[0] < m[0] or (p != corner and not _in_triangle(p, m, low, high)):
                continue
            if p != corner and cross(before, p, following) > 0.0:
                continue
            # a corner that occurs twice (an earlier bridge) counts where m lies inside its angle
            convex = cross(before, p, following) > 0.0
            left, right = cross(before, p, m) >= 0.0, cross(p, following, m) >= 0.0
            if not ((left and right) if convex else (left or right)):
                continue
            slope = abs(p[1] - m[1]) / (abs(p[0] - m[0]) + 1e-300)
            key = (slope, p[0] - m[0])
            if key < best:
                best, choice = key, k
        candidate = choice
    ring = hole[start:] + hole[: start + 1]
    return chain[: candidate + 1] + ring + chain[candidate:]


def _clip_ears(chain: list[int], points: Points2, tolerance: float) -> list[Triangle]:
    triangles: list[Triangle] = []
    chain = list(chain)
    k = 0
    misses = 0
    while len(chain) > 3:
        n = len(chain)
        k %= n
        i, j, h = chain[k - 1], chain[k], chain[(k + 1) % n]
        a, b, c = points[i], points[j], points[h]
        ear = cross(a, b, c) > tolerance
        if ear:
            for q in range(n):
                p = points[chain[q]]
                if p in (a, b, c):
                    continue
                if cross(points[chain[q - 1]], p, points[chain[(q + 1) % n]]) <= tolerance and _in_triangle(
                    p, a, b, c
                ):
                    ear = False
                    break
        if ear:
            triangles.append((i, j, h))
            del chain[k]
            misses = 0
            k += 1  # leave the neighbour alone for a round: better shaped triangles
        else:
            misses += 1
            k += 1
            if misses > n:
                return []
    triangles.append((chain[0], chain[1], chain[2]))
    return triangles


def triangulate(outline: Points2, holes: Sequence[Points2] = ()) -> tuple[Points2, list[Triangle]]:
    """Counter-clockwise triangles of a simple polygon with holes, by ear clipping.

    Returns all points (the outline's, counter-clockwise, then each hole's, clockwise) and the triangles' indices.
    No point is added, so neighbours of the polygon fit without a gap.
    """
    rings = [oriented(outline)] + [oriented(h, counter_clockwise=False) for h in holes]
    points: Points2 = tuple(p for ring in rings for p in ring)
    indices: list[list[int]] = []
    start = 0
    for ring in rings:
        indices.append(list(range(start, start + len(ring))))
        start += len(ring)
    chain = indices[0]
    for hole in sorted(indices[1:], key=lambda h: -max(points[i][0] for i in h)):
        chain = _bridge(chain, hole, points)
    area = sum(signed_area(r) for r in rings)
    for tolerance in (1e-12 * abs(area), 0.0):
        triangles = _clip_ears(chain, points, tolerance)
        covered = sum(cross(points[a], points[b], points[c]) / 2.0 for a, b, c in triangles)
        if triangles and abs(covered - area) <= 1e-6 * abs(area):
            return points, triangles
    raise AssetError("cannot be divided into triangles; simplify it", where="polygon")


def convex_polygons(outline: Points2, holes: Sequence[Points2] = ()) -> list[Points2]:
    """Few convex polygons that fill the polygon exactly: triangles joined over diagonals (Hertel and Mehlhorn)."""
    points, triangles = triangulate(outline, holes)
    size = float(np.ptp(np.array(points), axis=0).max())
    tolerance = 1e-12 * size * size
    pieces: dict[int, list[int]] = {k: list(t) for k, t in enumerate(triangles)}
    owner = {(p[k], p[(k + 1) % 3]): n for n, p in pieces.items() for k in range(3)}
    for edge in sorted(owner, key=lambda e: -np.hypot(*(np.array(points[e[0]]) - points[e[1]]))):
        back = (edge[1], edge[0])
        if edge not in owner or back not in owner or owner[edge] == owner[back]:
            continue
        first, second = pieces[owner[edge]], pieces[owner[back]]
        k, m = first.index(edge[0]), second.index(edge[1])
        one, two = first[k + 1 :] + first[: k + 1], second[m + 1 :] + second[: m + 1]
        merged = one + two[1:-1]  # one runs edge[1] .. edge[0], two runs edge[0] .. edge[1]
        n = len(merged)
        if len(set(merged)) != n:
            continue
        turns = (
            cross(points[merged[q - 1]], points[merged[q]], points[merged[(q + 1) % n]]) for q in range(n)
        )
        if min(turns) < -tolerance:
            continue
        keep, drop = owner[edge], owner[back]
        pieces[keep] = merged
        del pieces[drop], owner[edge], owner[back]
        for q in range(n):
            owner[(merged[q], merged[(q + 1) % n])] = keep
    return [tuple(points[i] for i in p) for p in pieces.values()]


def hull(points: Array) -> Array:
    """Corners (K, 2) of the convex hull of points (N, 2), counter-clockwise (Andrew's monotone chain)."""
    p = np.unique(np.asarray(points, float), axis=0)
    if len(p) < 3:
        return p
    rows: list[Point2] = [(float(x), float(y)) for x, y in p]
    chains = []
    for order in (rows, rows[::-1]):
        chain: list[Point2] = []
        for q in order:
            while len(chain) >= 2 and cross(chain[-2], chain[-1], q) <= 0.0:
                chain.pop()
            chain.append(q)
        chains.append(chain[:-1])
    return np.array(chains[0] + chains[1])

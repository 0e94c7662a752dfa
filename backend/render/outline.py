# SPDX-License-Identifier: GPL-3.0-or-later
"""A polygon with holes as few convex pieces, for the ray-caster."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from physx_blender.geometry.pose import Array

Mask = npt.NDArray[np.bool_]


def _area(p: Array) -> float:
    q = np.roll(p, -1, axis=0)
    return float((p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum()) / 2


def _cross(a: Array, b: Array, c: Array) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _bridge(outer: list[int], hole: list[int], points: Array) -> list[int]:
    """Join a hole (clockwise) to the loop around it by a seam from the hole's rightmost corner to a visible corner."""
    start = max(range(len(hole)), key=lambda k: (points[hole[k]][0], points[hole[k]][1]))
    m = points[hole[start]]
    best: tuple[float, int] | None = None
    loops = np.array(outer)
    a, b = points[loops], points[np.roll(loops, -1)]
    inner_a, inner_b = points[np.array(hole)], points[np.roll(np.array(hole), -1)]
    a, b = np.concatenate([a, inner_a]), np.concatenate([b, inner_b])
    for k, index in enumerate(outer):
        p = points[index]
        distance = float(((p - m) ** 2).sum())
        if best is not None and distance >= best[0]:
            continue
        before, after = points[outer[k - 1]], points[outer[(k + 1) % len(outer)]]
        # The seam must leave the corner into the polygon, else it would run outside.
        if _cross(before, p, after) >= 0:
            inside = _cross(before, p, m) > 0 and _cross(p, after, m) > 0
        else:
            inside = _cross(before, p, m) > 0 or _cross(p, after, m) > 0
        if not inside:
            continue
        d = p - m
        side_a = d[0] * (a[:, 1] - m[1]) - d[1] * (a[:, 0] - m[0])
        side_b = d[0] * (b[:, 1] - m[1]) - d[1] * (b[:, 0] - m[0])
        e = b - a
        side_m = e[:, 0] * (m[1] - a[:, 1]) - e[:, 1] * (m[0] - a[:, 0])
        side_p = e[:, 0] * (p[1] - a[:, 1]) - e[:, 1] * (p[0] - a[:, 0])
        if not ((side_a * side_b < 0) & (side_m * side_p < 0)).any():
            best = (distance, k)
    if best is None:
        raise ValueError("a hole of the outline cannot be joined to it; do the loops cross?")
    k = best[1]
    return outer[: k + 1] + hole[start:] + hole[: start + 1] + outer[k:]


def _ears(loop: list[int], points: Array) -> list[tuple[int, int, int]]:
    """Triangulate a counter-clockwise loop that may run twice through the corners of a bridge."""
    rest = list(loop)
    triangles = []
    while len(rest) > 3:
        chosen, fallback = -1, (-np.inf, 0)
        for k in range(len(rest)):
            a, b, c = (points[rest[j % len(rest)]] for j in (k - 1, k, k + 1))
            turn = _cross(a, b, c)
            if turn <= 0:
                continue
            others = points[
                np.array([i for i in rest if i not in (rest[k - 1], rest[k], rest[(k + 1) % len(rest)])])
            ]
            if len(others):
                s0 = (b[0] - a[0]) * (others[:, 1] - a[1]) - (b[1] - a[1]) * (others[:, 0] - a[0])
                s1 = (c[0] - b[0]) * (others[:, 1] - b[1]) - (c[1] - b[1]) * (others[:, 0] - b[0])
                s2 = (a[0] - c[0]) * (others[:, 1] - c[1]) - (a[1] - c[1]) * (others[:, 0] - c[0])
                # Corners that lie on the corners of the ear belong to bridges and do not block it.
                same = ((others == a).all(1)) | ((others == b).all(1)) | ((others == c).all(1))
                if ((s0 >= 0) & (s1 >= 0) & (s2 >= 0) & ~same).any():
                    if turn > fallback[0]:
                        fallback = (turn, k)
                    continue
            chosen = k
            break
        if chosen < 0:  # only slivers are left: cut the widest
            chosen = fallback[1]
        triangles.append((rest[chosen - 1], rest[chosen], rest[(chosen + 1) % len(rest)]))
        del rest[chosen]
    triangles.append((rest[0], rest[1], rest[2]))
    return [t for t in triangles if _cross(points[t[0]], points[t[1]], points[t[2]]) > 0]


def _is_convex(loop: list[int], points: Array) -> bool:
    p = points[np.array(loop)]
    a, b = np.roll(p, 1, axis=0), np.roll(p, -1, axis=0)
    turn = (p[:, 0] - a[:, 0]) * (b[:, 1] - p[:, 1]) - (p[:, 1] - a[:, 1]) * (b[:, 0] - p[:, 0])
    return bool((turn >= 0).all())


def _merge_once(pieces: list[list[int]], points: Array, max_corners: int) -> bool:
    """Merge the first two neighbours that stay convex together; False when there are none."""
    owner = {(p[k - 1], p[k]): n for n, p in enumerate(pieces) for k in range(len(p))}
    for (a, b), n in owner.items():
        m = owner.get((b, a))
        if m is None or m <= n or len(pieces[n]) + len(pieces[m]) - 2 > max_corners:
            continue
        piece, other = pieces[n], pieces[m]
        k, j = piece.index(b), other.index(a)
        joined = piece[k:] + piece[:k] + [other[(j + s) % len(other)] for s in range(1, len(other) - 1)]
        if len(set(joined)) == len(joined) and _is_convex(joined, points):
            pieces[n] = joined
            del pieces[m]
            return True
    return False


def _fan(count: int, max_corners: int) -> list[list[int]]:
    """A convex polygon of `count` corners as a fan of polygons."""
    return [[0, *range(k, min(k + max_corners - 1, count))] for k in range(1, count - 1, max_corners - 2)]


def convex_pieces_2d(outline: Array, holes: list[Array], *, max_corners: int) -> list[tuple[Array, Mask]]:
    """Cut a polygon (K, 2) with holes into convex pieces of at most `max_corners` corners.

    Returns for each piece its corners counter-clockwise (k, 2), and for each of its edges whether it is a seam between
    pieces (k,).  Ear clipping, then neighbours are merged while they stay convex (Hertel and Mehlhorn 1983).
    """
    outline = outline if _area(outline) > 0 else outline[::-1]
    points = np.concatenate([outline, *(h if _area(h) < 0 else h[::-1] for h in holes)])
    loop = list(range(len(outline)))
    borders = {(i, (i + 1) % len(outline)) for i in range(len(outline))}
    rings, first = [], len(outline)
    for hole in holes:
        ring = list(range(first, first + len(hole)))
        borders |= set(zip(ring, ring[1:] + ring[:1], strict=True))
        rings.append(ring)
        first += len(hole)
    # Holes further right are joined first, so that a seam never has to cross a hole not joined yet.
    for ring in sorted(rings, key=lambda r: -float(points[np.array(r), 0].max())):
        loop = _bridge(loop, ring, points)
    if not holes and _is_convex(loop, points):
        pieces = _fan(len(loop), max_corners)
    else:
        pieces = [list(t) for t in _ears(loop, points)]
    while _merge_once(pieces, points, max_corners):
        pass
    return [
        (
            points[np.array(p)],
            np.array([(a, b) not in borders for a, b in zip(p, p[1:] + p[:1], strict=True)]),
        )
        for p in pieces
    ]

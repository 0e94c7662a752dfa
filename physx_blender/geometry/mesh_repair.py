# SPDX-License-Identifier: GPL-3.0-or-later
"""Repairs of surfaces: close holes, turn faces outwards, drop copies, dissolve needles.

Every function returns a new mesh without the fault it is for, or raises AssetError with what to do by hand.
"""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np

from ..errors import AssetError
from .mesh_integrals import corners, face_vectors, solid_moments
from .mesh_report import edge_pairs, face_components, mesh_report, welded, winding
from .polygon import check_simple, triangulate
from .pose import Array
from .trianglemesh import TriangleMesh

FLAT = 1e-4  # of the cube of the mesh's size: less volume than this is a sheet
Edge = tuple[int, int]


def with_holes_filled(mesh: TriangleMesh) -> TriangleMesh:
    """The mesh closed: a face across every hole, flat where the rim is, else a fan about the rim's middle."""
    body = welded(mesh)
    rims = _rims(body)
    vertices, faces = [body.vertices], [body.faces]
    uvs = None if body.uv is None else [body.uv]
    count = len(body.vertices)
    known: dict[int, Array] = {}
    if body.uv is not None:
        known = dict(zip(body.faces.reshape(-1).tolist(), body.uv.reshape(-1, 2), strict=True))
    for rim in rims:
        triangles, middle = _across(body.vertices, rim, count)
        if middle is not None:
            vertices.append(middle[None])
            if known:
                known[count] = np.mean([known[k] for k in rim], axis=0)
            count += 1
        faces.append(np.array(triangles, np.int32))
        if uvs is not None:
            uvs.append(np.array([[known[k] for k in t] for t in triangles]))
    closed = TriangleMesh(
        np.concatenate(vertices), np.concatenate(faces), None if uvs is None else np.concatenate(uvs)
    )
    size = float(np.ptp(body.vertices, axis=0).max())
    if abs(solid_moments(closed).volume) < FLAT * size**3:
        raise AssetError("is a sheet and encloses nothing; give it a thickness (Solidify)", where="mesh")
    if mesh_report(closed).open_edges:
        raise AssetError("has holes with a tangled rim; close them by hand", where="mesh")
    return closed


def _rims(body: TriangleMesh) -> list[list[int]]:
    """Closed rings of vertices around the holes, in the direction that the missing faces have."""
    edges = body.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    key = np.sort(edges, axis=1)
    _, inverse, uses = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    onward: dict[int, list[int]] = defaultdict(list)
    for a, b in edges[uses[inverse.reshape(-1)] == 1].tolist():
        onward[b].append(a)
    rims: list[list[int]] = []
    for start in sorted(onward):
        while onward[start]:
            path = [start]
            while True:
                if not onward[path[-1]]:
                    raise AssetError("has holes with a tangled rim; close them by hand", where="mesh")
                following = onward[path[-1]].pop()
                if following in path:  # a ring is complete; what led to it waits for the rest of its own ring
                    at = path.index(following)
                    rims.append(path[at:])
                    path = path[: at + 1]
                    if at == 0:
                        break
                else:
                    path.append(following)
    return rims


def _across(vertices: Array, rim: list[int], free: int) -> tuple[list[tuple[int, int, int]], Array | None]:
    """Triangles over a rim, and the vertex (number `free`) that was added for them, if any."""
    if len(rim) == 3:
        return [(rim[0], rim[1], rim[2])], None
    points = vertices[rim]
    middle = points.mean(axis=0)
    around = np.roll(points, -1, axis=0)
    normal = np.cross(points - middle, around - middle).sum(axis=0)
    length = float(np.linalg.norm(normal))
    size = float(np.ptp(points, axis=0).max())
    if length > 1e-9 * size * size:
        normal = normal / length
        flat = float(np.abs((points - middle) @ normal).max()) <= 1e-3 * size
        if flat:
            right = np.linalg.svd(normal[None])[2][1]
            up = np.cross(normal, right)
            outline = tuple((float(p @ right), float(p @ up)) for p in points - middle)
            try:
                check_simple([outline], "mesh", "hole")
                return [(rim[a], rim[b], rim[c]) for a, b, c in triangulate(outline)[1]], None
            except AssetError:
                pass  # a rim that crosses itself when seen from above: the fan below closes it all the same
    fan = [(rim[k], rim[(k + 1) % len(rim)], free) for k in range(len(rim))]
    return fan, middle


def turned_outwards(mesh: TriangleMesh) -> TriangleMesh:
    """Faces agree with their neighbours, and closed pieces look outwards; a cavity inside a piece stays turned inwards."""
    body = welded(mesh)
    flip = _disagreeing(body)
    faces = np.where(flip[:, None], body.faces[:, ::-1], body.faces)
    uv = None if body.uv is None else np.where(flip[:, None, None], body.uv[:, ::-1], body.uv)
    body = TriangleMesh(body.vertices, faces, uv)
    report = mesh_report(body)
    if report.flipped_edges:
        raise AssetError("has only one side (a Möbius strip); cut it open", where="mesh")
    label = face_components(body)
    points = corners(body)
    shifted = points - points.reshape(-1, 3).mean(axis=0)
    cross = np.cross(shifted[:, 1], shifted[:, 2])
    volume = np.bincount(label, np.einsum("ij,ij->i", shifted[:, 0], cross) / 6.0)
    wrong = np.zeros(len(faces), bool)
    for k in np.flatnonzero(volume < 0.0):
        mine, others = label == k, (label != k) & (volume[label] > 0.0)
        inside = False
        if others.any():
            hull = TriangleMesh(body.vertices, body.faces[others])
            inside = float(winding(points[mine][0, :1], hull)[0]) >= 0.5
        if not inside:
            wrong |= mine
    return TriangleMesh(
        body.vertices,
        np.where(wrong[:, None], body.faces[:, ::-1], body.faces),
        None if body.uv is None else np.where(wrong[:, None, None], body.uv[:, ::-1], body.uv),
    )


def _disagreeing(body: TriangleMesh) -> Array:
    """Mask (M,) of the faces to turn so that neighbours agree; of each piece the smaller area is turned."""
    first, second = edge_pairs(body.faces)
    directed = [{(int(f[k]), int(f[(k + 1) % 3])) for k in range(3)} for f in body.faces]
    beside: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        against = bool(directed[a] & directed[b])
        beside[a].append((b, against))
        beside[b].append((a, against))
    area = np.linalg.norm(face_vectors(body), axis=1)
    flip = np.zeros(len(body.faces), bool)
    seen = np.zeros(len(body.faces), bool)
    for start in range(len(body.faces)):
        if seen[start]:
            continue
        piece, waiting = [start], deque([start])
        seen[start] = True
        while waiting:
            at = waiting.popleft()
            for other, against in beside[at]:
                if not seen[other]:
                    seen[other] = True
                    flip[other] = flip[at] ^ against
                    piece.append(other)
                    waiting.append(other)
        if area[piece] @ flip[piece] > area[piece].sum() / 2.0:
            flip[piece] = ~flip[piece]
    return flip


def without_copies(mesh: TriangleMesh) -> TriangleMesh:
    """One face per three corners; of copies the first is kept."""
    body = welded(mesh)
    _, kept = np.unique(np.sort(body.faces, axis=1), axis=0, return_index=True)
    kept = np.sort(kept)
    return TriangleMesh(body.vertices, body.faces[kept], None if body.uv is None else body.uv[kept])


def without_needles(mesh: TriangleMesh) -> TriangleMesh:
    """No face without area: where three corners lie on a line, the neighbour across the long edge is divided instead."""
    body = welded(mesh)
    faces = [tuple(int(v) for v in f) for f in body.faces]
    uvs = None if body.uv is None else [np.array(u) for u in body.uv]
    for _ in range(len(faces) + 1):
        needle = _needle(body.vertices, faces)
        if needle is None:
            break
        number, tip = needle
        face = faces[number]
        b, c, a = (face[(tip + k) % 3] for k in range(3))  # b lies between c and a
        other = next((k for k, f in enumerate(faces) if k != number and {a, c} <= set(f)), None)
        if other is not None:
            there = faces[other]
            at = next(k for k in range(3) if there[k] not in (a, c))
            d, one, two = (there[(at + k) % 3] for k in range(3))
            if uvs is not None:
                du, ou, tu = (uvs[other][(at + k) % 3] for k in range(3))
                span = max(float(np.linalg.norm(body.vertices[two] - body.vertices[one])), 1e-300)
                share = float(np.linalg.norm(body.vertices[b] - body.vertices[one]) / span)
                bu = ou + share * (tu - ou)
                uvs[other] = np.array([du, ou, bu])
                uvs.append(np.array([du, bu, tu]))
            faces[other] = (d, one, b)
            faces.append((d, b, two))
        del faces[number]
        if uvs is not None:
            del uvs[number]
    if not faces:
        raise AssetError("has no face with an area; delete it", where="mesh")
    return TriangleMesh(body.vertices, np.array(faces), None if uvs is None else np.array(uvs))


def _needle(vertices: Array, faces: list[tuple[int, ...]]) -> tuple[int, int] | None:
    """Number of a face without area, and which of its corners lies between the others."""
    points = vertices[np.array(faces)]
    area = np.linalg.norm(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), axis=1)
    opposite = np.stack(
        [np.linalg.norm(points[:, (k + 1) % 3] - points[:, (k + 2) % 3], axis=1) for k in range(3)], axis=1
    )
    bad = np.flatnonzero(area <= 1e-12 * opposite.max(axis=1) ** 2)
    if not len(bad):
        return None
    return int(bad[0]), int(np.argmax(opposite[bad[0]]))


__all__ = ["turned_outwards", "with_holes_filled", "without_copies", "without_needles"]

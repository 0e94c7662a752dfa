# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out whether a mesh is the surface of a body."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .mesh_integrals import corners, face_vectors, solid_moments
from .pose import Array
from .trianglemesh import TriangleMesh

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MeshReport:
    """Counts of faults; vertices at exactly the same place count as one.

    open_edges: used by one face.  non_manifold_edges: used by more than two.  flipped_edges: used twice in the same
    direction (neighbours disagree about the outside).  degenerate_faces: no area.  duplicate_faces: same three corners.
    inverted_components: closed pieces whose faces look into the body.  components: pieces joined by edges.
    """

    faces: int
    open_edges: int
    non_manifold_edges: int
    flipped_edges: int
    degenerate_faces: int
    duplicate_faces: int
    inverted_components: int
    components: int

    @property
    def closed(self) -> bool:
        """Every edge joins exactly two faces that agree about the outside."""
        return not (self.open_edges or self.non_manifold_edges or self.flipped_edges)

    @property
    def solid(self) -> bool:
        """The mesh is the surface of a body, and its volume means something."""
        return self.closed and not self.inverted_components and not self.duplicate_faces

    def problems(self) -> tuple[str, ...]:
        """One short phrase per kind of fault, empty when the mesh is in order."""
        phrases = (
            (self.open_edges, "open edge"),
            (self.non_manifold_edges, "edge with more than two faces"),
            (self.flipped_edges, "edge whose faces disagree about the outside"),
            (self.degenerate_faces, "face without area"),
            (self.duplicate_faces, "duplicate face"),
            (self.inverted_components, "piece turned inside out"),
        )
        return tuple(f"{n} {_plural(text, n)}" for n, text in phrases if n)


def _plural(text: str, n: int) -> str:
    head, _, tail = text.partition(" with ")
    for word in ("edge whose", "piece turned"):
        if n != 1 and text.startswith(word):
            return text.replace(word, word.replace(" ", "s ", 1), 1)
    if n == 1:
        return text
    if tail:
        return f"{head}s with {tail}"
    if text.startswith("face without"):
        return text.replace("face", "faces", 1)
    return text + "s"


def welded(mesh: TriangleMesh) -> TriangleMesh:
    """The mesh with one vertex per place, without unused vertices and without faces that name a vertex twice."""
    named = np.zeros(len(mesh.vertices), bool)
    named[mesh.faces.reshape(-1)] = True
    used, inverse = np.unique(
        mesh.vertices[named] + 0.0, axis=0, return_inverse=True
    )  # + 0.0 makes -0.0 equal 0.0
    place = np.full(len(named), -1, np.int32)
    place[named] = inverse.reshape(-1)
    faces = place[mesh.faces]
    keep = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    if not keep.any():
        return mesh
    return TriangleMesh(used, faces[keep], None if mesh.uv is None else mesh.uv[keep])


def _half_edges(faces: npt.NDArray[np.int32]) -> tuple[Labels, Labels, npt.NDArray[np.bool_], Labels]:
    """Undirected key, face, direction (start below end) of each half edge, sorted by key; and where each key starts."""
    f = faces.astype(np.int64)
    start = f.reshape(-1)
    end = f[:, [1, 2, 0]].reshape(-1)
    n = int(f.max()) + 1
    key = np.minimum(start, end) * n + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    return key, order // 3, (start < end)[order], first


def connected(count: int, a: Labels, b: Labels) -> Labels:
    """Component number (count,) of each of `count` nodes joined by the pairs a, b; numbered by first node."""
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        following = label.copy()
        np.minimum.at(following, label[a], low)
        np.minimum.at(following, label[b], low)
        following = np.minimum(following, following[label])
        following = following[following]
        if np.array_equal(following, label):
            break
        label = following
    return np.unique(label, return_inverse=True)[1].reshape(-1)


def edge_pairs(faces: npt.NDArray[np.int32]) -> tuple[Labels, Labels]:
    """Pairs of faces (K,), (K,) that share an edge (vertices by index)."""
    key, face, _, _ = _half_edges(faces)
    same = key[1:] == key[:-1]
    return face[:-1][same], face[1:][same]


def face_components(mesh: TriangleMesh) -> Labels:
    """Component number (M,) of each face; faces are joined by shared edges (vertices by index)."""
    return connected(len(mesh.faces), *edge_pairs(mesh.faces))


def winding(points: Array, mesh: TriangleMesh) -> Array:
    """Winding number (K,) of a closed mesh about points (K, 3): the sum of solid angles (van Oosterom and Strackee)."""
    p = corners(mesh)
    result = []
    for point in points:
        a, b, c = (p[:, k] - point for k in range(3))
        la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
        numerator = np.einsum("ij,ij->i", a, np.cross(b, c))
        ab, bc, ca = (np.einsum("ij,ij->i", x, y) for x, y in ((a, b), (b, c), (c, a)))
        angle = np.arctan2(numerator, la * lb * lc + ab * lc + bc * la + ca * lb)
        result.append(float(angle.sum()) / (2.0 * math.pi))
    return np.array(result)


def _inverted(mesh: TriangleMesh, label: Labels, closed_component: npt.NDArray[np.bool_]) -> int:
    """Closed components of negative volume that are not cavities of a body around them.

    An outward piece inside another body is not counted: it overlaps, but is not inside out.
    """
    p = corners(mesh)
    middle = p.reshape(-1, 3).mean(axis=0)
    q = p - middle
    volume = np.bincount(label, np.einsum("ij,ij->i", q[:, 0], np.cross(q[:, 1], q[:, 2])) / 6.0)
    count = 0
    for k in np.flatnonzero(closed_component & (volume < 0.0)):
        others = closed_component[label] & (label != k)
        if not others.any():
            count += 1
            continue
        around = winding(p[label == k][0, :1], TriangleMesh(mesh.vertices, mesh.faces[others]))
        if around[0] < 0.5:
            count += 1
    return count


def _distinct(triples: npt.NDArray[np.int32]) -> int:
    """Number of different rows of sorted vertex triples (M, 3)."""
    n = int(triples.max()) + 1
    if n > 2_000_000:  # the key would not fit 63 bits
        return len(np.unique(triples, axis=0))
    t = triples.astype(np.int64)
    return len(np.unique((t[:, 0] * n + t[:, 1]) * n + t[:, 2]))


def mesh_report(mesh: TriangleMesh) -> MeshReport:
    """Look at every edge and face of a mesh."""
    area = np.linalg.norm(face_vectors(mesh), axis=1)
    p = corners(mesh)
    longest = np.max([np.linalg.norm(p[:, k] - p[:, k - 1], axis=1) for k in range(3)], axis=0)
    degenerate = area <= 1e-12 * longest**2
    body = welded(mesh)
    key, face, ascending, first = _half_edges(body.faces)
    uses = np.diff(np.append(first, len(key)))
    ups = np.add.reduceat(ascending.astype(int), first)
    bad = (uses != 2) | (ups != 1)
    same = key[1:] == key[:-1]
    label = connected(len(body.faces), face[:-1][same], face[1:][same])
    closed_component = np.ones(int(label.max()) + 1, bool)
    closed_component[label[face[np.repeat(bad, uses)]]] = False
    triples = np.sort(body.faces, axis=1)
    return MeshReport(
        faces=len(mesh.faces),
        open_edges=int((uses == 1).sum()),
        non_manifold_edges=int((uses > 2).sum()),
        flipped_edges=int(((uses == 2) & (ups != 1)).sum()),
        degenerate_faces=int(degenerate.sum()),
        duplicate_faces=len(triples) - _distinct(triples),
        inverted_components=_inverted(body, label, closed_component),
        components=len(closed_component),
    )


def is_convex(mesh: TriangleMesh, tolerance: float = 1e-6) -> bool:
    """Whether a mesh is closed, in one piece, outward and convex.

    A closed connected surface that is convex at every edge is convex; the tolerance is relative to its size.
    """
    report = mesh_report(mesh)
    if not report.solid or report.components != 1:
        return False
    body = welded(mesh)
    size = float(np.ptp(body.vertices, axis=0).max())
    if solid_moments(body).volume <= 0.0:
        return False
    normal = face_vectors(body)
    twice_area = np.linalg.norm(normal, axis=1)
    good = twice_area > 1e-12 * size * size
    normal = normal / np.maximum(twice_area, 1e-300)[:, None]
    _, face, _, first = _half_edges(body.faces)
    one, two = face[first], face[first + 1]
    both = good[one] & good[two]
    for a, b in ((one[both], two[both]), (two[both], one[both])):
        origin = body.vertices[body.faces[a, 0]]
        height = np.einsum("ijk,ik->ij", corners(body)[b] - origin[:, None, :], normal[a])
        if len(height) and float(height.max()) > tolerance * size:
            return False
    used = len(np.unique(body.faces))
    return used - len(first) + len(body.faces) == 2  # a sphere's Euler characteristic: not wound around twice

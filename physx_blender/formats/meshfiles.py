# SPDX-License-Identifier: GPL-3.0-or-later
"""Mesh files that simulators read: OBJ and STL (written and read) and MuJoCo's MSH (read only)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import AssetError
from ..geometry import TriangleMesh
from ..geometry.pose import Array
from ..geometry.trianglemesh import MAX_FACES, MAX_VERTICES, renumbered
from ..model.part import Colour

MAX_MESH_FILE_BYTES = 512 * 1024 * 1024
_STL_FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


@dataclass(frozen=True)
class MeshSection:
    """Triangles of a file that share one material; colour (sRGB) and texture file where the material has them."""

    mesh: TriangleMesh
    material: str = ""
    colour: Colour | None = None
    texture: Path | None = None


def obj_bytes(
    mesh: TriangleMesh, *, comment: str = "", library: str | None = None, material: str | None = None
) -> bytes:
    """The mesh as Wavefront OBJ: v, vt where it has uv, f; nine digits, which is exact for single precision.

    No normals are written: flat and smooth shading stay the viewer's choice, and MuJoCo keeps sharp edges sharp
    without them.
    """
    lines = []
    if comment:
        lines.append(f"# {' '.join(comment.split())}\n")
    if library:
        lines.append(f"mtllib {library}\n")
    vertices = np.where(np.abs(mesh.vertices) < 1e-15, 0.0, mesh.vertices)
    lines.append("v %.9g %.9g %.9g\n" * len(vertices) % tuple(vertices.ravel()))
    faces = mesh.faces.astype(np.int64) + 1
    if mesh.uv is None:
        head, corners = "f %d %d %d\n", faces
    else:
        # nine digits first, so that equal texts are one vt
        coords = np.round(mesh.uv.reshape(-1, 2), 9) + 0.0
        unique, index = np.unique(coords, axis=0, return_inverse=True)
        lines.append("vt %.9g %.9g\n" * len(unique) % tuple(unique.ravel()))
        head = "f %d/%d %d/%d %d/%d\n"
        corners = np.stack([faces, np.asarray(index).reshape(-1, 3) + 1], axis=-1).reshape(len(faces), 6)
    if material:
        lines.append(f"usemtl {material}\n")
    lines.append(head * len(corners) % tuple(corners.ravel().tolist()))
    return "".join(lines).encode("ascii", "replace")


def stl_bytes(mesh: TriangleMesh) -> bytes:
    """The mesh as binary STL: single precision, facets with their normals, no uv."""
    corners = mesh.vertices[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    record = np.zeros(len(corners), _STL_FACET)
    record["normal"] = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    record["corners"] = corners
    return b"binary STL".ljust(80) + struct.pack("<I", len(corners)) + record.tobytes()


def mtl_bytes(material: str, colour: Colour, texture: str) -> bytes:
    """A material library with one textured material; `texture` is relative to the library."""
    r, g, b, a = colour
    text = f"newmtl {material}\nKd {r:.6g} {g:.6g} {b:.6g}\nd {a:.6g}\nmap_Kd {texture}\n"
    return text.encode("ascii", "replace")


def read_mesh_file(path: Path) -> list[MeshSection]:
    """The triangles of an OBJ, STL or MSH file, by material (STL and MSH: one section).

    Raises AssetError, naming the file, for anything else or anything broken.
    """
    suffix = path.suffix.lower()
    if suffix in (".dae", ".glb", ".gltf", ".fbx", ".ply", ".3ds", ".usd", ".usda", ".usdc"):
        how = "Blender's File > Import and File > Export do it"
        if suffix == ".dae":  # Blender 5 reads no Collada
            how = "Blender 4.5 does it: File > Import > Collada, File > Export > Wavefront, forward Y, up Z"
        raise AssetError(
            f"is a {suffix[1:].upper()} mesh, which this reader does not know; convert it to OBJ or STL "
            f"({how}) and name that file instead",
            where=str(path),
        )
    readers = {".obj": _read_obj, ".stl": _read_stl, ".msh": _read_msh}
    if suffix not in readers:
        raise AssetError(f"has the suffix {suffix!r}; meshes must be .obj, .stl or .msh", where=str(path))
    data = _load(path)
    try:
        return readers[suffix](data, path)
    except AssetError as error:
        if error.where == str(path):
            raise
        raise AssetError(str(error), where=str(path)) from error


def _load(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise AssetError("does not exist; put the mesh there or correct the reference", where=str(path))
        size = path.stat().st_size
        if size > MAX_MESH_FILE_BYTES:
            raise AssetError(
                f"has {size} bytes, over the limit of {MAX_MESH_FILE_BYTES}; decimate it", where=str(path)
            )
        return path.read_bytes()
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror or error}", where=str(path)) from None


def weld(corners: Array) -> tuple[Array, npt.NDArray[np.int32]]:
    """Vertices (N, 3) and faces (M, 3) of triangle corners (M, 3, 3), equal corners made one."""
    unique, index = np.unique(corners.reshape(-1, 3) + 0.0, axis=0, return_inverse=True)
    return unique, np.asarray(index).reshape(-1, 3).astype(np.int32)


def _section(vertices: Array, faces: npt.NDArray[np.int32], path: Path) -> list[MeshSection]:
    if not len(faces):
        raise AssetError("has no triangles", where=str(path))
    return [MeshSection(TriangleMesh(vertices, faces))]


def _read_stl(data: bytes, path: Path) -> list[MeshSection]:
    """Binary when the length fits the triangle count, else ASCII (some binary files begin with "solid")."""
    if len(data) >= 84:
        (count,) = struct.unpack_from("<I", data, 80)
        if len(data) == 84 + 50 * count or (
            not data.lstrip().startswith(b"solid") and len(data) >= 84 + 50 * count > 84
        ):
            if count > MAX_FACES:
                raise AssetError(f"has {count} triangles, over the limit", where=str(path))
            corners = np.frombuffer(data, _STL_FACET, count, 84)["corners"].astype(float)
            return _section(*weld(corners), path)
    if not data.lstrip().startswith(b"solid"):
        raise AssetError("is neither a binary nor an ASCII STL file; it may be cut short", where=str(path))
    numbers: list[bytes] = []
    for line in data.splitlines():
        fields = line.split()
        if fields and fields[0].lower() == b"vertex":
            numbers += fields[1:4]
    try:
        corners = np.array([float(t) for t in numbers]).reshape(-1, 3, 3)
    except ValueError:
        raise AssetError(
            "has a vertex line that is not three numbers, or an incomplete triangle", where=str(path)
        ) from None
    return _section(*weld(corners), path)


def _read_msh(data: bytes, path: Path) -> list[MeshSection]:
    """MuJoCo's binary MSH: int32 vertex, normal, texcoord and face counts, then float32 and int32 arrays.

    Source: the mesh asset's description in MuJoCo's XML reference.
    """
    if len(data) < 16:
        raise AssetError("is too short for an MSH file", where=str(path))
    nv, nn, nt, nf = struct.unpack_from("<4i", data)
    if min(nv, nn, nt, nf) < 0 or nv > MAX_VERTICES or nf > MAX_FACES or max(nn, nt) > 3 * MAX_FACES:
        raise AssetError("has counts that no MSH file can have", where=str(path))
    if len(data) != 16 + 12 * nv + 12 * nn + 8 * nt + 12 * nf:
        raise AssetError("has a length that does not fit its counts; it is damaged", where=str(path))
    vertices = np.frombuffer(data, "<f4", 3 * nv, 16).astype(float).reshape(-1, 3)
    at = 16 + 12 * nv + 12 * nn
    texcoord = np.frombuffer(data, "<f4", 2 * nt, at).astype(float).reshape(-1, 2)
    faces = np.frombuffer(data, "<i4", 3 * nf, at + 8 * nt).reshape(-1, 3)
    if not nf:
        raise AssetError("has no triangles", where=str(path))
    mesh = TriangleMesh(vertices, faces, texcoord[faces] * (1, -1) + (0, 1) if nt == nv else None)
    return [MeshSection(mesh)]


def _read_obj(data: bytes, path: Path) -> list[MeshSection]:
    vertices: list[tuple[float, float, float]] = []
    coords: list[tuple[float, float]] = []
    faces: dict[str, list[tuple[int, int, int]]] = {}
    corners: dict[str, list[tuple[int, int, int]]] = {}
    known: dict[str, tuple[int, int]] = {}  # a corner stands in about six faces
    libraries: list[str] = []
    material = ""
    text = data.decode("utf-8", "replace").replace("\\\n", " ").replace("\\\r\n", " ")
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields:
            continue
        word = fields[0]
        try:
            if word == "v":
                vertices.append((float(fields[1]), float(fields[2]), float(fields[3])))
            elif word == "vt":
                coords.append((float(fields[1]), float(fields[2]) if len(fields) > 2 else 0.0))
            elif word == "f":
                indices = []
                for corner in fields[1:]:
                    pair = known.get(corner)
                    if pair is None:
                        pair = _obj_corner(corner, len(vertices), len(coords))
                        if "-" not in corner:  # those that count back mean another vertex further down
                            known[corner] = pair
                    indices.append(pair)
                if len(indices) < 3:
                    raise ValueError
                own, own_uv = faces.setdefault(material, []), corners.setdefault(material, [])
                for k in range(1, len(indices) - 1):  # a polygon is a fan, as in MuJoCo and most viewers
                    trio = (indices[0], indices[k], indices[k + 1])
                    own.append((trio[0][0], trio[1][0], trio[2][0]))
                    own_uv.append((trio[0][1], trio[1][1], trio[2][1]))
                if len(vertices) > MAX_VERTICES or len(own) > MAX_FACES:
                    raise AssetError("is over the size limit; decimate it", where=str(path))
            elif word == "usemtl":
                material = line.split(None, 1)[1].strip() if len(fields) > 1 else ""
            elif word == "mtllib" and len(fields) > 1:
                libraries.append(line.split(None, 1)[1].strip())
        except AssetError:
            raise
        except (ValueError, IndexError):
            raise AssetError(
                f"line {number} is not a valid {word!r} line: {line.strip()[:60]!r}", where=str(path)
            ) from None
    if not faces:
        raise AssetError("has no faces", where=str(path))
    looks: dict[str, tuple[Colour | None, Path | None]] = {}
    for library in libraries:
        looks.update(_read_mtl(path.parent / library))
    points = np.array(vertices, float).reshape(-1, 3)
    uvs = np.array(coords, float).reshape(-1, 2)
    sections = []
    for name, trios in faces.items():
        used, index = renumbered(np.array(trios), len(points))
        uv_index = np.array(corners[name])
        uv: Array | None = uvs[uv_index] if len(uvs) and (uv_index >= 0).all() else None
        colour, texture = looks.get(name, (None, None))
        mesh = TriangleMesh(points[used], index, uv)
        sections.append(MeshSection(mesh, name, colour, texture))
    return sections


def _obj_corner(field: str, vertices: int, coords: int) -> tuple[int, int]:
    """Zero-based vertex and uv index (-1: none) of ``v``, ``v/vt``, ``v//vn`` or ``v/vt/vn``; negative counts back."""
    parts = field.split("/")
    v = int(parts[0])
    t = int(parts[1]) if len(parts) > 1 and parts[1] else 0
    v = v - 1 if v > 0 else vertices + v
    t = t - 1 if t > 0 else (coords + t if t < 0 else -1)
    if not 0 <= v < vertices or not -1 <= t < coords:
        raise ValueError
    return v, t


def _read_mtl(path: Path) -> dict[str, tuple[Colour | None, Path | None]]:
    """Diffuse colour and texture of each material; a missing library is no error (many OBJ files lack theirs)."""
    if path.suffix.lower() != ".mtl" or not path.is_file() or path.stat().st_size > 4 * 1024 * 1024:
        return {}
    found: dict[str, tuple[Colour | None, Path | None]] = {}
    name = ""
    for line in path.read_text("utf-8", "replace").splitlines():
        fields = line.split()
        if len(fields) < 2:
            continue
        if fields[0] == "newmtl":
            name = line.split(None, 1)[1].strip()
            found[name] = (None, None)
            continue
        colour, texture = found.get(name, (None, None))
        try:
            if fields[0] == "Kd" and len(fields) >= 4:
                r, g, b = (min(max(float(v), 0.0), 1.0) for v in fields[1:4])
                colour = (r, g, b, colour[3] if colour else 1.0)
            elif fields[0] == "d":
                alpha = min(max(float(fields[-1]), 0.0), 1.0)
                colour = (*(colour[:3] if colour else (0.7, 0.7, 0.7)), alpha)
            elif fields[0] == "map_Kd":
                texture = path.parent / fields[-1]
        except ValueError:
            continue  # a colour nobody can read is no reason to refuse the geometry
        found[name] = (colour, texture)
    return found

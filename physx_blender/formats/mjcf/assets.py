# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes, textures and materials of an MJCF file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
import numpy.typing as npt

from ...errors import AssetError
from ...geometry import Pose, TriangleMesh
from ...model import Colour, Texture
from ..assembling import Images, inside, upper_folder
from ..meshfiles import read_mesh_file
from ..xmlsafe import Node
from .document import LEVELS_UP, Document


@dataclass(frozen=True)
class Look:
    """A material: colour (None: the geom's own) and texture."""

    colour: Colour | None
    texture: Texture | None


class Assets:
    """Looks things up by name and reads each file once, when it is first wanted."""

    def __init__(self, document: Document, note: Callable[[str], None]) -> None:
        self.document, self.note = document, note
        self._images = Images()
        self._mesh_nodes: dict[str, Node] = {}
        self._texture_nodes: dict[str, Node] = {}
        self._material_nodes: dict[str, Node] = {}
        self._meshes: dict[str, TriangleMesh] = {}
        self._looks: dict[str, Look] = {}
        self._root = upper_folder(document.folder, LEVELS_UP)
        for node in document.sections("asset"):
            resolved = document.resolved(node, None)
            name = node.get("name") or Path(_posix(node.get("file") or "")).stem
            if node.tag == "mesh":
                self._mesh_nodes[name] = resolved
            elif node.tag == "texture":
                self._texture_nodes[name] = resolved
            elif node.tag == "material":
                self._material_nodes[name] = resolved
            else:
                note(f"<asset> {node.tag} is not kept")

    def _path(self, node: Node, directory: str) -> Path:
        compiler = self.document.compiler
        name = _posix(node.require("file"))
        if compiler.flag("strippath", False):
            name = PurePosixPath(name).name
        folder = compiler.get(directory) or compiler.get("assetdir") or ""
        path = self.document.folder / _posix(folder) / name
        try:
            return inside(self._root, path, "file")
        except AssetError as error:
            raise node.error(str(error)) from None

    def mesh(self, node: Node, name: str) -> TriangleMesh:
        """The mesh of this name as MuJoCo would place it in a geom's frame; `node` is who asks."""
        if name not in self._meshes:
            if name not in self._mesh_nodes:
                raise node.error(f"names the mesh {name!r}, which the file does not define")
            self._meshes[name] = self._read_mesh(self._mesh_nodes[name])
        return self._meshes[name]

    def mesh_inertia(self, name: str) -> str:
        """How MuJoCo computes the mesh's mass: legacy, exact, convex or shell."""
        return self._mesh_nodes[name].get("inertia") or "legacy"

    def _read_mesh(self, node: Node) -> TriangleMesh:
        if node.get("builtin"):
            raise node.error(
                f"is made by MuJoCo itself (builtin={node.get('builtin')!r}); save it as a mesh file and name that"
            )
        if node.get("file"):
            path = self._path(node, "meshdir")
            try:
                sections = read_mesh_file(path)
            except AssetError as error:
                raise node.error(str(error)) from error
            mesh = TriangleMesh.join([s.mesh for s in sections])
        else:
            mesh = self._inline_mesh(node)
        quat = node.numbers("refquat", 4, (1.0, 0.0, 0.0, 0.0))
        assert quat is not None
        reference = Pose(node.vector("refpos", (0.0, 0.0, 0.0)), (quat[0], quat[1], quat[2], quat[3]))
        scale = np.array(node.vector("scale", (1.0, 1.0, 1.0)))
        vertices = mesh.vertices
        if reference != Pose():
            vertices = (vertices - np.array(reference.position)) @ reference.rotation
        vertices = vertices * scale  # last, as in MuJoCo
        faces, uv = mesh.faces, mesh.uv
        if float(np.prod(scale)) < 0.0:  # a mirror turns the faces inside out
            faces = faces[:, ::-1]
            uv = None if uv is None else uv[:, ::-1]
        return TriangleMesh(vertices, faces, uv)

    @staticmethod
    def _inline_mesh(node: Node) -> TriangleMesh:
        points = node.numbers("vertex")
        faces = node.numbers("face")
        if not points or len(points) % 3:
            raise node.error("has neither a file nor a usable list of vertices")
        if not faces:
            return _hull(node, np.array(points).reshape(-1, 3))
        if len(faces) % 3 or any(f != int(f) for f in faces):
            raise node.error("needs three whole numbers per face")
        try:
            return TriangleMesh(np.array(points).reshape(-1, 3), np.array(faces, np.int32).reshape(-1, 3))
        except AssetError as error:
            raise node.error(str(error)) from error

    def look(self, node: Node, name: str) -> Look:
        """The material of this name; `node` is who asks."""
        if name not in self._looks:
            if name not in self._material_nodes:
                raise node.error(f"names the material {name!r}, which the file does not define")
            self._looks[name] = self._read_look(self._material_nodes[name])
        return self._looks[name]

    def _read_look(self, node: Node) -> Look:
        colour = colour_of(node)
        texture = node.get("texture")
        for layer in node.all("layer"):
            if layer.get("role") in ("rgb", "rgba"):
                texture = layer.get("texture")
        if texture is None:
            return Look(colour, None)
        source = self._texture_nodes.get(texture)
        if source is None:
            raise node.error(f"names the texture {texture!r}, which the file does not define")
        if (
            source.get(
                "builtin",
            )
            not in (None, "none")
            or not source.get("file")
            or source.get("type") == "skybox"
        ):
            self.note(f"texture {texture!r} is made by MuJoCo itself and is not kept")
            return Look(colour, None)
        if (source.get("type") or "cube") != "2d":
            self.note(f"texture {texture!r} is wrapped as a cube and is not kept")
            return Look(colour, None)
        path = self._path(source, "texturedir")
        if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
            self.note(f"texture {texture!r} is no PNG or JPEG and is not kept")
            return Look(colour, None)
        try:
            return Look(colour, self._images.read(path))
        except AssetError as error:
            raise source.error(str(error)) from error


def colour_of(node: Node) -> Colour | None:
    """Attribute rgba, held within 0..1, or None."""
    values = node.numbers("rgba", 4)
    if values is None:
        return None
    r, g, b, a = (min(max(v, 0.0), 1.0) for v in values)
    return (r, g, b, a)


def _posix(name: str) -> str:
    return PureWindowsPath(name).as_posix() if "\\" in name else name


def _hull(node: Node, points: npt.NDArray[np.float64]) -> TriangleMesh:
    """The convex hull that MuJoCo takes for a mesh of points without faces."""
    try:
        from trimesh.convex import convex_hull
    except ImportError:
        raise node.error(
            "has vertices but no faces, and their hull needs the trimesh and scipy libraries, which this Python lacks; "
            "add a 'face' list, or convert the file with the command line"
        ) from None
    if np.linalg.matrix_rank(points - points.mean(axis=0), tol=1e-9 * float(np.ptp(points))) < 3:
        raise node.error("has vertices but no faces, and they span no volume; correct them")
    try:
        found = convex_hull(points)
    except ImportError as error:  # trimesh without scipy
        raise node.error(f"has vertices but no faces, and their hull cannot be made: {error}") from error
    except ValueError as error:  # scipy's QhullError is one
        raise node.error(f"has vertices but no faces, and their hull cannot be made: {error}") from error
    return TriangleMesh(np.array(found.vertices, float), np.array(found.faces, np.int32))

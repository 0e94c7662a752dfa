# SPDX-License-Identifier: GPL-3.0-or-later
"""What the MJCF and the URDF of an asset have in common: names, frames, masses, geoms and mesh files.

Both writers take everything that must agree from here. The frame of a link has its origin at its joint's anchor at rest
and axes parallel to the asset frame; the base's frame is the asset frame. Derived names use a colon, which no name of
an asset may contain, so they can neither clash nor be mistaken: ``door``, ``door:2`` (a part's second visual shape),
``door:collision``, ``door:collision:2``, ``lid:slide`` and ``lid:turn`` (halves of a cylindrical joint), ``base:free``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..errors import AssetError
from ..geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    Shape,
    TriangleMesh,
)
from ..geometry.pose import Array, Vec3
from ..geometry.trianglemesh import renumbered
from ..model import Asset, Joint, JointKind, Part, Texture
from ..model.inertia import link_mass_properties
from .meshfiles import mtl_bytes, obj_bytes, stl_bytes

WORLD = "world"
LEAST_MOMENT = 1e-12  # kg m^2; MuJoCo refuses inertia matrices below some 1e-13
LEAST_MASS = 1e-9  # kg
FLAT = 1e-3  # m; what a flat collision mesh is thickened to
SHEET = 1e-4  # m; what a flat visual mesh is thickened to


@dataclass(frozen=True)
class Geom:
    """A visual or collision element. pose: in the link's frame. textured: shows the part's texture over its uv."""

    name: str
    part: Part
    shape: Shape
    pose: Pose
    visual: bool

    @property
    def textured(self) -> bool:
        return self.visual and self.part.texture is not None


@dataclass(frozen=True)
class LinkLayout:
    """A link in its own frame. origin: of the frame, in the asset frame. joint: towards the parent (None: the base).

    inertial: in the link's frame, such that simulators accept it; None where a fixed base has no mass at all.
    notes: what was changed for that, and other remarks for the reader of the file.
    """

    name: str
    origin: Vec3
    joint: Joint | None
    inertial: MassProperties | None
    visuals: tuple[Geom, ...]
    collisions: tuple[Geom, ...]
    notes: tuple[str, ...] = ()


def joint_element_names(joint: Joint, *, urdf: bool = False) -> tuple[str, ...]:
    """Names of the elements that make up the joint, from the parent to the child.

    A cylindrical joint is ``name:slide`` then ``name:turn`` in both formats; a ball is one joint in MJCF and
    ``name:x``, ``name:y``, ``name:z`` in URDF; every other kind keeps its name.
    """
    if joint.kind is JointKind.CYLINDRICAL:
        return (f"{joint.name}:slide", f"{joint.name}:turn")
    if joint.kind is JointKind.BALL and urdf:
        return (f"{joint.name}:x", f"{joint.name}:y", f"{joint.name}:z")
    return (joint.name,)


def is_mjcf_primitive(shape: Shape) -> bool:
    """Whether MuJoCo draws this very shape without a mesh."""
    if isinstance(shape, Box):
        return shape.bevel == 0.0
    if isinstance(shape, Cylinder):
        return shape.top == shape.radius
    return isinstance(shape, (Capsule, Ellipsoid))


def is_urdf_primitive(shape: Shape) -> bool:
    """Whether URDF has this very shape: box, cylinder, sphere."""
    if isinstance(shape, Ellipsoid):
        return len(set(shape.radii)) == 1
    return is_mjcf_primitive(shape) and not isinstance(shape, Capsule)


def usable_inertial(props: MassProperties) -> tuple[MassProperties, str | None]:
    """The nearest inertial that simulators accept, and what had to be changed by more than rounding (or None).

    Principal moments are raised to `LEAST_MOMENT` and, equally, until the smaller two together exceed the largest
    (no rigid body can break this triangle inequality, and MuJoCo refuses one that does).
    """
    moments, axes = np.linalg.eigh(props.matrix)
    good = np.maximum(moments, LEAST_MOMENT)
    lack = good[2] * (1.0 + 1e-9) - good[0] - good[1]
    if lack > 0.0:
        good = good + lack
    mass = max(props.mass, LEAST_MASS)
    if np.array_equal(good, moments) and mass == props.mass:
        return props, None
    changed = float(np.max(np.abs(good - moments))) > 1e-6 * max(float(abs(moments).max()), LEAST_MOMENT)
    note = None
    if changed or mass != props.mass:
        note = (
            "inertia raised to what a rigid body can have"
            if props.mass > 0
            else "has no mass; given a token one"
        )
    return MassProperties.of(mass, props.centre, axes @ np.diag(good) @ axes.T), note


def collision_pieces(part: Part) -> tuple[PlacedShape, ...]:
    """What collides for the part, as simulator primitives and meshes in the asset frame.

    A collision shape that was given is kept, a mesh too (simulators take its convex hull); everything else is asked
    for its convex pieces.
    """
    if part.collision is None:
        return tuple(p for s in part.shapes for p in s.colliders())
    pieces: list[PlacedShape] = []
    for placed in part.collision:
        if is_mjcf_primitive(placed.shape) or isinstance(placed.shape, Mesh):
            pieces.append(placed)
        else:
            pieces += placed.colliders()
    return tuple(pieces)


def thickened(placed: PlacedShape) -> PlacedShape:
    """A flat collision mesh as a thin box around it (a simulator cannot take the hull of a plane); others unchanged."""
    if not isinstance(placed.shape, Mesh):
        return placed
    mesh = placed.shape.triangles
    points = mesh.vertices[np.unique(mesh.faces)]
    centre = points.mean(axis=0)
    axes = np.linalg.eigh(np.cov((points - centre).T))[1].T
    if np.linalg.det(axes) < 0:
        axes[2] = -axes[2]
    local = (points - centre) @ axes.T
    low, high = local.min(axis=0), local.max(axis=0)
    extent = high - low
    if extent.min() > 1e-6 * max(float(extent.max()), 1e-3):
        return placed
    size = np.maximum(extent, FLAT)
    matrix = np.eye(4)
    matrix[:3, :3] = axes.T
    matrix[:3, 3] = centre + axes.T @ ((low + high) / 2)
    box = Box((float(size[0]), float(size[1]), float(size[2])))
    return PlacedShape(box, placed.pose @ Pose.from_matrix(matrix))


def tidy(mesh: TriangleMesh) -> TriangleMesh | None:
    """Without faces that have no area and vertices that no face uses; None when nothing remains.

    A flat mesh becomes a thin closed one: simulators refuse a mesh without volume, and a single side is invisible
    from behind.
    """
    corners = mesh.vertices[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(normals, axis=1)
    keep = area > 1e-15
    if not keep.any():
        return None
    faces = mesh.faces[keep]
    uv = None if mesh.uv is None else mesh.uv[keep]
    used, faces = renumbered(faces, len(mesh.vertices))
    vertices = mesh.vertices[used]
    normal = normals[int(np.argmax(area))] / area.max()
    height = (vertices - vertices[0]) @ normal
    if np.ptp(height) > 1e-7 * float(np.ptp(vertices, axis=0).max()):
        return TriangleMesh(vertices, faces, uv)
    return _sheet(vertices, faces, uv, normal)


def _sheet(vertices: Array, faces: npt.NDArray[np.int32], uv: Array | None, normal: Array) -> TriangleMesh:
    """A flat mesh as two sides and a rim, `SHEET` thick."""
    n = len(vertices)
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    _, first, count = np.unique(np.sort(edges, axis=1), axis=0, return_index=True, return_counts=True)
    a, b = edges[first[count == 1]].T
    rim = np.concatenate([np.stack([b, a, a + n], 1), np.stack([b, a + n, b + n], 1)])
    solid = np.concatenate([faces, faces[:, ::-1] + n, rim]).astype(np.int32)
    both = np.concatenate([vertices + normal * SHEET / 2, vertices - normal * SHEET / 2])
    if uv is not None:
        uv = np.concatenate([uv, uv[:, ::-1], np.repeat(uv[:1, :1], 3 * len(rim), axis=1).reshape(-1, 3, 2)])
    return TriangleMesh(both, solid, uv)


def file_stem(text: str, taken: Iterable[str] = ()) -> str:
    """A file name without suffix that every system and XML reader takes; unique in lower case."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_") or "x"
    used = {t.lower() for t in taken}
    name, k = stem, 2
    while name.lower() in used:
        name, k = f"{stem}_{k}", k + 1
    return name


def texture_file(texture: Texture, suffix: str | None = None) -> str:
    """Relative path of a texture, named after its content (the asset package names its files the same way)."""
    stem = re.sub(r"[^a-z0-9]+", "_", texture.name.lower()).strip("_")[:40].strip("_") or "x"
    return f"textures/{stem}-{hashlib.sha256(texture.data).hexdigest()[:16]}{suffix or texture.suffix}"


@dataclass
class Layout:
    """The plan of both files. Mesh files are named for the whole asset, so that both formats share them."""

    asset: Asset
    detail: int
    links: tuple[LinkLayout, ...]
    mesh_suffix: str = ".obj"
    _names: dict[tuple[Shape, str | None], str] = field(default_factory=dict)
    _bytes: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken: list[str] = []
        for link in self.links:
            for geom in (*link.visuals, *link.collisions):
                key = self._key(geom)
                if key in self._names or (is_urdf_primitive(geom.shape) and not geom.textured):
                    continue
                self._names[key] = file_stem(geom.name, taken)
                taken.append(self._names[key])

    @staticmethod
    def _key(geom: Geom) -> tuple[Shape, str | None]:
        texture = geom.part.texture if geom.textured else None
        return (geom.shape, texture_file(texture) if texture is not None else None)

    @cached_property
    def by_name(self) -> dict[str, LinkLayout]:
        return {link.name: link for link in self.links}

    @property
    def base_is_world(self) -> bool:
        """A fixed base of the name "world" is the simulator's world itself."""
        return self.asset.fixed_base and self.asset.base.name == WORLD

    def mesh_name(self, geom: Geom) -> str:
        """Stem of the mesh file of a geom that needs one."""
        return self._names[self._key(geom)]

    def mesh(self, geom: Geom) -> TriangleMesh | None:
        """Mesh of a geom in its shape's own frame, fit for simulators; None when it has no area at all."""
        shape = geom.shape
        return tidy(
            shape.triangles if isinstance(shape, Mesh) and not geom.textured else shape.mesh(self.detail)
        )

    def mesh_files(self, geom: Geom) -> dict[str, bytes]:
        """Mesh file (first) and material library of a geom, by path; empty when the geom has no area at all.

        The mesh is in the shape's own frame, so equal shapes share a file. Textured ones bring a material library,
        for the many viewers that look there and not in the URDF.
        """
        name = self.mesh_name(geom)
        if name not in self._bytes:
            mesh = self.mesh(geom)
            files: dict[str, bytes] = {}
            if mesh is not None and geom.textured:
                assert geom.part.texture is not None
                image = "../" + texture_file(geom.part.texture)
                files[f"meshes/{name}.obj"] = obj_bytes(
                    mesh, comment=geom.part.name, library=f"{name}.mtl", material=name
                )
                files[f"meshes/{name}.mtl"] = mtl_bytes(name, (1.0, 1.0, 1.0, geom.part.colour[3]), image)
            elif mesh is not None and self.mesh_suffix == ".stl":
                files[f"meshes/{name}.stl"] = stl_bytes(mesh)
            elif mesh is not None:
                files[f"meshes/{name}.obj"] = obj_bytes(mesh, comment=geom.part.name)
            self._bytes[name] = files
        return self._bytes[name]


def plan(asset: Asset, *, detail: int = 32, mesh_suffix: str = ".obj") -> Layout:
    """Lay out `asset` for the writers. detail: segments of a full circle in the meshes.

    mesh_suffix: ".obj", or ".stl" for the meshes without texture.

    Raises AssetError when a link other than a fixed base is called "world", which simulators keep for themselves.
    """
    for link in asset.links:
        if link.name == WORLD and not (asset.fixed_base and link is asset.base):
            raise AssetError(
                'is called "world", a name that simulators keep for the world itself; rename it',
                where=f"link {link.name!r}",
            )
    masses = {link.name: link_mass_properties(asset, link.name) for link in asset.links}
    total = sum(m.mass for m in masses.values())
    layouts = []
    for link in asset.links_in_order:
        joint = asset.joint_of.get(link.name)
        origin = joint.anchor if joint is not None else (0.0, 0.0, 0.0)
        inertial, notes = _inertial(
            masses[link.name], origin, total, may_be_none=joint is None and asset.fixed_base
        )
        visuals, collisions = _geoms(asset.parts_of(link.name), origin)
        layouts.append(LinkLayout(link.name, origin, joint, inertial, visuals, collisions, notes))
    return Layout(asset, detail, tuple(layouts), mesh_suffix)


def _inertial(
    props: MassProperties, origin: Vec3, total: float, *, may_be_none: bool
) -> tuple[MassProperties | None, tuple[str, ...]]:
    if props.mass <= 0.0:
        if may_be_none:
            return None, ()
        mass = max(1e-5 * total, 2e-6)
        token = MassProperties.of(mass, (0.0, 0.0, 0.0), np.eye(3) * max(mass * 1e-4, LEAST_MOMENT))
        return token, ("has no mass of its own; given a token one, which simulators demand",)
    here = MassProperties.of(props.mass, np.array(props.centre) - np.array(origin), props.matrix)
    good, note = usable_inertial(here)
    return good, (note,) if note else ()


def _geoms(parts: tuple[Part, ...], origin: Vec3) -> tuple[tuple[Geom, ...], tuple[Geom, ...]]:
    def local(placed: PlacedShape) -> Pose:
        p = placed.pose.position
        return Pose((p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]), placed.pose.quaternion)

    visuals: list[Geom] = []
    collisions: list[Geom] = []
    for part in parts:
        for k, placed in enumerate(part.shapes, 1):
            name = part.name if k == 1 else f"{part.name}:{k}"
            visuals.append(Geom(name, part, placed.shape, local(placed), True))
        for k, piece in enumerate(map(thickened, collision_pieces(part)), 1):
            name = f"{part.name}:collision" + ("" if k == 1 else f":{k}")
            collisions.append(Geom(name, part, piece.shape, local(piece), False))
    return tuple(visuals), tuple(collisions)

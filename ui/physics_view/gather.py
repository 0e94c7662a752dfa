# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to draw of an asset: triangles and lines with colours, link by link. No GPU in here.

Everything is in the asset's frame at rest; `Picture.matrices` carries it to where the bones are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from bpy.types import Context, Object
from mathutils import Matrix

from ...operators.common import reading
from ...physx_blender.checks import Memo
from ...physx_blender.errors import AssetError
from ...physx_blender.geometry import Ellipsoid, PlacedShape
from ...physx_blender.geometry.inertia_ellipsoid import equivalent_ellipsoid
from ...physx_blender.geometry.pose import Array
from ...physx_blender.model import Asset, Part
from ...physx_blender.model.display_colours import Rgb, piece_colour, rank_colour
from ...physx_blender.model.inertia import link_mass_properties
from ...physx_blender.scene.apply_edits import bone_of_link
from ...physx_blender.scene.asset_frame import AssetFrame
from ...physx_blender.scene.convex import cutting_ahead
from ...physx_blender.scene.simulators import exported_colliders
from ...physx_blender.steps import Step, Steps, run

DETAIL = 32
MASS_COLOUR: Rgb = (0.98, 0.80, 0.20)
LEAST_HALF_AXIS = (
    1e-3  # of the asset's size: a body without extent in a direction still shows as a disc or a rod
)
CREASE = 0.35  # rad: edges sharper than this are drawn as lines
LIGHT = np.array([0.35, -0.55, 0.76])


@dataclass(frozen=True, eq=False)
class Piece:
    """One body: triangles (K, 3, 3) in metres, its edges (L, 2, 3), and its colour."""

    triangles: Array
    edges: Array
    colour: Rgb

    @property
    def shades(self) -> Array:
        """Colour of each triangle (K, 3) as lit from one side, so that a body looks solid without lamps."""
        normals = np.cross(
            self.triangles[:, 1] - self.triangles[:, 0], self.triangles[:, 2] - self.triangles[:, 0]
        )
        length = np.linalg.norm(normals, axis=1)
        light = normals @ (LIGHT / np.linalg.norm(LIGHT)) / np.maximum(length, 1e-30)
        shades: Array = np.clip(np.array(self.colour) * (0.72 + 0.28 * light)[:, None], 0.0, 1.0)
        return shades


@dataclass
class Picture:
    """Of one rig: pieces by layer and bone, masses by bone.

    masses: (mass in kg, centre (3,) in the asset's frame at rest) of each link with mass.
    """

    rig: str
    scale: float
    collision: dict[str, list[Piece]] = field(default_factory=dict)
    ranks: dict[str, list[Piece]] = field(default_factory=dict)
    inertia: dict[str, list[Piece]] = field(default_factory=dict)
    masses: dict[str, tuple[float, Array]] = field(default_factory=dict)

    def matrices(self, rig: Object) -> dict[str, Matrix]:
        """For each bone the matrix from the asset's frame at rest to the world, as the rig is posed now."""
        back = Matrix.Scale(1.0 / self.scale, 4)
        world = rig.matrix_world
        return {b.name: world @ b.matrix @ b.bone.matrix_local.inverted() @ back for b in rig.pose.bones}

    def centre_of_mass(self, matrices: dict[str, Matrix]) -> tuple[float, Array]:
        """Mass (kg) and centre (3,) of the whole asset in the world, as it is posed now."""
        total, moment = 0.0, np.zeros(3)
        for bone, (mass, centre) in self.masses.items():
            if bone in matrices:
                total += mass
                moment += mass * np.array(matrices[bone] @ Matrix.Translation(centre).translation)
        return total, moment / total if total > 0.0 else moment


def gather(
    context: Context, rig: Object, memo: Memo, *, collision: bool, ranks: bool, inertia: bool
) -> Picture:
    """Read a rig and work out what is asked for; what has not changed since the last call comes from `memo`.

    Raises AssetError where the scene cannot be read.
    """
    return run(gathering(context, rig, memo, collision=collision, ranks=ranks, inertia=inertia))


def gathering(
    context: Context, rig: Object, memo: Memo, *, collision: bool, ranks: bool, inertia: bool
) -> Steps[Picture]:
    """`gather` in small steps. The memo is in use until the end."""
    asset = yield from reading(context, [], placed=False, rig=rig)
    memo.begin()
    if collision:
        yield from cutting_ahead(asset.parts)
        for part in asset.parts:
            yield Step("Gathering")
            _colliders(part, memo)
    picture = Picture(rig.name, AssetFrame.of(rig).scale)
    bones = {link.name: bone_of_link(rig, asset, link.name).name for link in asset.links}
    if collision:
        picture.collision = _by_bone(asset, bones, lambda part: _colliders(part, memo), recoloured=True)
    if ranks:
        picture.ranks = _by_bone(asset, bones, lambda part: _seen(part, memo))
    if inertia:
        _add_masses(picture, asset, bones, memo)
    return picture


def _by_bone(
    asset: Asset,
    bones: dict[str, str],
    pieces: Callable[[Part], Iterable[Piece]],
    *,
    recoloured: bool = False,
) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    number = 0
    for part in asset.parts:
        for piece in pieces(part):
            colour = piece_colour(number) if recoloured else piece.colour
            found.setdefault(bones[part.link], []).append(Piece(piece.triangles, piece.edges, colour))
            number += 1
    return found


def _colliders(part: Part, memo: Memo) -> tuple[Piece, ...]:
    return memo.recall(
        "shown colliders",
        (part.shapes, part.collision),
        lambda: tuple(body(placed, (1.0, 1.0, 1.0)) for placed in exported_colliders(part)),
    )


def _seen(part: Part, memo: Memo) -> tuple[Piece, ...]:
    colour = rank_colour(part.affordance_rank)
    return memo.recall(
        "shown shapes", (part.shapes, colour), lambda: tuple(body(placed, colour) for placed in part.shapes)
    )


def _add_masses(picture: Picture, asset: Asset, bones: dict[str, str], memo: Memo) -> None:
    for number, link in enumerate(asset.links):
        parts = asset.parts_of(link.name)
        reads = (link.inertial, tuple((p.shapes, p.collision, p.mass, p.material.density) for p in parts))
        found: Any = memo.recall(
            "shown inertia",
            reads,
            lambda link=link: _ellipsoid(asset, link.name),  # type: ignore[misc]
        )
        if found is not None:
            mass, centre, piece = found
            picture.masses[bones[link.name]] = (mass, centre)
            if piece is not None:
                coloured = Piece(piece.triangles, piece.edges, piece_colour(number))
                picture.inertia.setdefault(bones[link.name], []).append(coloured)


def _ellipsoid(asset: Asset, link: str) -> tuple[float, Array, Piece | None] | None:
    try:
        properties = link_mass_properties(asset, link)
    except AssetError:
        return None  # encloses nothing; the check says so
    if not properties.mass > 0.0:
        return None
    centre = np.array(properties.centre)
    try:
        pose, half = equivalent_ellipsoid(properties)
    except AssetError:
        return properties.mass, centre, None
    a, b, c = (float(v) for v in np.maximum(half, max(LEAST_HALF_AXIS * float(half.max()), 1e-5)))
    placed = PlacedShape(Ellipsoid((a, b, c)), pose)
    rings = np.concatenate([_ring(pose.matrix, (a, b, c), k) for k in range(3)])
    return properties.mass, centre, Piece(_corners(placed), rings, MASS_COLOUR)


def _ring(matrix: Array, half: tuple[float, float, float], axis: int) -> Array:
    """The ellipse of an ellipsoid across one of its axes, as pieces of line (L, 2, 3)."""
    turn = np.linspace(0.0, 2.0 * np.pi, 2 * DETAIL + 1)
    points = np.zeros((len(turn), 3))
    one, two = (axis + 1) % 3, (axis + 2) % 3
    points[:, one], points[:, two] = half[one] * np.cos(turn), half[two] * np.sin(turn)
    points = points @ matrix[:3, :3].T + matrix[:3, 3]
    return np.stack([points[:-1], points[1:]], axis=1)


def body(placed: PlacedShape, colour: Rgb) -> Piece:
    """A shape as triangles, and as lines where its surface has a crease or an end."""
    return Piece(_corners(placed), creases(placed), colour)


def _corners(placed: PlacedShape) -> Array:
    mesh = placed.mesh(DETAIL)
    corners: Array = mesh.vertices[mesh.faces]
    return corners


def creases(placed: PlacedShape) -> Array:
    """Edges (L, 2, 3) whose faces meet at an angle, or that have one face alone."""
    mesh = placed.mesh(DETAIL)
    place, index = np.unique(mesh.vertices.round(9), axis=0, return_inverse=True)
    faces = index.reshape(-1)[mesh.faces]
    corners = place[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    pairs = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    owner = np.repeat(np.arange(len(faces)), 3)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, owner = pairs[order], owner[order]
    same = (pairs[1:] == pairs[:-1]).all(axis=1)
    flat = np.zeros(len(pairs), bool)
    smooth = same & (np.einsum("ij,ij->i", normals[owner[1:]], normals[owner[:-1]]) > np.cos(CREASE))
    flat[1:] |= smooth
    flat[:-1] |= smooth
    kept = np.unique(pairs[~flat], axis=0)
    return place[kept]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes of placed shapes as flat tensors for the ray-caster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from physx_blender.geometry import PlacedShape, Pose
from physx_blender.geometry.pose import Array
from physx_blender.model import Asset

from .camera import Device
from .finish import Finish, finish_rows
from .primitives import Kind, Primitive, primitives_of

__all__ = ["PrimitiveBatch", "SceneItem", "pack", "primitives_of", "scene_of"]

# Planes and quadrics per kind, in the order of Kind: the solid is where all planes and the first quadric are <= 0, less
# where the second quadric is <= 0. A triangle is a thin prism: its face twice (front, back), three sides, one repeated.
PLANES = (6, 8, 6, 0, 2, 2)
QUADRICS = (0, 0, 0, 1, 1, 2)
_SIGNS = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])


@dataclass(frozen=True)
class SceneItem:
    """One shape of a scene.

    motion: where its link is, as a rigid motion of the rest pose (Pose, or (4, 4) array; None = at rest).
    colour: sRGB in 0 to 1.  part: number shown in the part image.  gloss: 0 (matt) to 1 (polished).
    finish: metal, texture and the like, which only `photo` shows; None = plain.
    """

    placed: PlacedShape
    motion: Pose | Array | None = None
    colour: tuple[float, float, float] = (0.6, 0.6, 0.6)
    part: int = 0
    gloss: float = 0.2
    finish: Finish | None = None


def scene_of(asset: Asset, positions: dict[str, tuple[float, ...]] | None = None) -> list[SceneItem]:
    """An asset in its own colours; `part` counts the asset's parts, positions are joint positions by name."""
    poses = asset.link_poses(positions)
    return [
        SceneItem(placed, poses[part.link], part.colour[:3], number)
        for number, part in enumerate(asset.parts)
        for placed in part.shapes
    ]


@dataclass(frozen=True)
class PrimitiveBatch:
    """The primitives of `scenes` scenes, sorted by kind; world frame, metres, float64 where geometry is concerned.

    planes: (N, 8, 4), n.x + d <= 0 inside, unit n.  corners: (N, 8, 3) of a box around each.
    quadrics: (Q, 2, 4, 4) symmetric and nappes: (Q, 2, 4), only for the last Q primitives (ELLIPSOID and later kinds);
    a nappe is positive on the side of a cone's apex where the body is.
    scene, part: (N,) int64.  colour: (N, 3) linear.  gloss: (N,).  finish: (N, FINISH) rows of `finish_rows`.
    starts: first primitive of each kind, and N.
    """

    planes: Tensor
    corners: Tensor
    quadrics: Tensor
    nappes: Tensor
    scene: Tensor
    part: Tensor
    colour: Tensor
    gloss: Tensor
    finish: Tensor
    starts: tuple[int, ...]
    scenes: int

    @property
    def device(self) -> torch.device:
        """Where the tensors are."""
        return self.planes.device

    def kind(self, kind: Kind) -> slice:
        """The range of primitives of one kind."""
        return slice(self.starts[kind], self.starts[kind + 1])

    def tail(self, kind: Kind) -> slice:
        """The range of one kind within `quadrics` and `nappes`."""
        first = self.starts[Kind.ELLIPSOID]
        return slice(self.starts[kind] - first, self.starts[kind + 1] - first)

    def to(self, device: Device) -> PrimitiveBatch:
        """The same batch on another device."""
        return PrimitiveBatch(
            self.planes.to(device), self.corners.to(device), self.quadrics.to(device), self.nappes.to(device),
            self.scene.to(device), self.part.to(device), self.colour.to(device), self.gloss.to(device),
            self.finish.to(device), self.starts, self.scenes,
        )  # fmt: skip

    def take(self, scenes: Tensor) -> PrimitiveBatch:
        """The batch of the scenes with these numbers (S,), in this order; a scene may be taken many times."""
        numbers = torch.as_tensor(scenes, device=self.device, dtype=torch.int64)
        match = self.scene[:, None] == numbers[None, :]
        old, new = match.nonzero(as_tuple=True)  # sorted by primitive, so kinds stay together
        counts = match.sum(dim=1)
        per_kind = [int(counts[a:b].sum()) for a, b in pairwise(self.starts)]
        first = self.starts[Kind.ELLIPSOID]
        curved = old[old >= first] - first
        return PrimitiveBatch(
            self.planes[old], self.corners[old], self.quadrics[curved], self.nappes[curved], new, self.part[old],
            self.colour[old], self.gloss[old], self.finish[old], tuple(np.cumsum([0, *per_kind]).tolist()), len(numbers),
        )  # fmt: skip

    def repeat(self, count: int) -> PrimitiveBatch:
        """Each scene `count` times in a row: for many cameras on one scene."""
        return self.take(torch.arange(self.scenes, device=self.device).repeat_interleave(count))


def _rotations(q: Array) -> Array:
    """Rotation matrices (N, 3, 3) of unit quaternions (N, 4) w, x, y, z."""
    w, x, y, z = q.T
    m = np.empty((len(q), 3, 3))
    m[:, 0, 0], m[:, 0, 1], m[:, 0, 2] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)
    m[:, 1, 0], m[:, 1, 1], m[:, 1, 2] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)
    m[:, 2, 0], m[:, 2, 1], m[:, 2, 2] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
    return m


def matrices(poses: Sequence[tuple[Any, Any]]) -> Array:
    """Rigid transforms (N, 4, 4) of (unit quaternion w, x, y, z, position) pairs."""
    m = np.zeros((len(poses), 4, 4))
    if len(poses):
        m[:, :3, :3] = _rotations(np.array([p[0] for p in poses], float))
        m[:, :3, 3] = np.array([p[1] for p in poses], float)
    m[:, 3, 3] = 1.0
    return m


def _flat_planes(kind: Kind, params: Array, found: Sequence[Primitive]) -> tuple[Array, Array]:
    """Planes (n, 8, 4) and corners (n, 8, 3), in each primitive's frame."""
    n = len(found)
    planes = np.zeros((n, 8, 4))
    if kind is Kind.BOX:
        for axis in range(3):
            planes[:, 2 * axis, axis], planes[:, 2 * axis + 1, axis] = 1.0, -1.0
            planes[:, 2 * axis : 2 * axis + 2, 3] = -params[:, axis, None]
        return planes, _SIGNS * params[:, None, :]
    if kind is Kind.POLYHEDRON:
        return np.stack([p.data[0] for p in found]), np.stack([p.data[1] for p in found])
    if kind is Kind.ELLIPSOID:
        return planes, _SIGNS * params[:, None, :]
    h, widest = params[:, 0], params[:, 1:3].max(axis=1)
    lean = np.ones((n, 2))
    for end in (0, 1):
        normal = params[:, 5 + 3 * end : 8 + 3 * end]
        planes[:, end, :3] = normal
        planes[:, end, 3] = -np.abs(normal[:, 2]) * h
        lean[:, end] = np.hypot(normal[:, 0], normal[:, 1]) / np.maximum(np.abs(normal[:, 2]), 1e-6)
    half = np.stack([widest, widest, h + widest * lean.max(axis=1)], axis=1)
    return planes, _SIGNS * half[:, None, :]


def _quadrics(kind: Kind, params: Array) -> tuple[Array, Array]:
    """Quadrics (n, 2, 4, 4) and nappes (n, 2, 4), in each primitive's frame."""
    n = len(params)
    q, nappe = np.zeros((n, 2, 4, 4)), np.zeros((n, 2, 4))
    nappe[:, :, 3] = 1.0
    if kind is Kind.ELLIPSOID:
        for axis in range(3):
            # Scaled by the smallest radius, so that the value near the surface is about a distance in metres squared.
            q[:, 0, axis, axis] = (params.min(axis=1) / params[:, axis]) ** 2
        q[:, 0, 3, 3] = -(params.min(axis=1) ** 2)
        return q, nappe
    h = params[:, 0]
    for which in (0, 1) if kind is Kind.RING else (0,):
        low, high = params[:, 1 + 2 * which], params[:, 2 + 2 * which]
        slope, middle = (high - low) / (2 * h), (high + low) / 2
        q[:, which, 0, 0] = q[:, which, 1, 1] = 1.0
        q[:, which, 2, 2] = -(slope**2)
        q[:, which, 2, 3] = q[:, which, 3, 2] = -slope * middle
        q[:, which, 3, 3] = -(middle**2)
        nappe[:, which, 2], nappe[:, which, 3] = slope, middle
    return q, nappe


def _triangles(corners: Array) -> tuple[Array, Array, Array]:
    """Thin prisms over triangles (M, 3, 3): planes, corners of boxes, and which triangles have an area (M,) bool."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    normal = np.cross(b - a, c - a)
    double = np.linalg.norm(normal, axis=1)
    longest = np.sqrt(np.max([((b - a) ** 2).sum(1), ((c - b) ** 2).sum(1), ((a - c) ** 2).sum(1)], axis=0))
    good = double > 1e-9 * longest**2
    corners, normal, longest = corners[good], normal[good] / double[good, None], longest[good]
    planes = np.zeros((len(corners), 8, 4))
    thickness = 1e-4 * longest
    planes[:, 0, :3], planes[:, 0, 3] = normal, -(normal * corners[:, 0]).sum(1)
    planes[:, 1, :3], planes[:, 1, 3] = -normal, -planes[:, 0, 3] - thickness
    for k in range(3):
        p, along = corners[:, k], corners[:, (k + 1) % 3] - corners[:, k]
        side = np.cross(along, normal)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        # A hair wider than the face: no ray slips between neighbours.
        planes[:, 2 + k, :3], planes[:, 2 + k, 3] = side, -(side * p).sum(1) - 1e-5 * longest
    planes[:, 5:] = planes[:, 4:5]
    low, high = corners.min(axis=1) - thickness[:, None], corners.max(axis=1) + thickness[:, None]
    return planes, np.where(_SIGNS[None] < 0, low[:, None], high[:, None]), good


def linear_colour(colour: Array) -> Array:
    """Linear light of sRGB values in 0 to 1 (IEC 61966-2-1)."""
    c = np.asarray(colour)
    # whole pictures come in single precision, and stay in it: that is four times as fast
    c = c if c.dtype == np.float32 else c.astype(float)
    return np.where(c <= 0.04045, c / 12.92, ((np.maximum(c, 0.0) + 0.055) / 1.055) ** 2.4)


def pack(scenes: Sequence[Sequence[SceneItem]], device: Device = None) -> PrimitiveBatch:
    """Flatten scenes into one batch; numpy only, then one copy per tensor to the device."""
    items = [item for scene in scenes for item in scene]
    item_scene = np.repeat(np.arange(len(scenes)), [len(scene) for scene in scenes])
    world = matrices([(i.placed.pose.quaternion, i.placed.pose.position) for i in items])
    rigid = [(k, i.motion) for k, i in enumerate(items) if isinstance(i.motion, Pose)]
    if rigid:
        rows = [k for k, _ in rigid]
        world[rows] = matrices([(p.quaternion, p.position) for _, p in rigid]) @ world[rows]
    for k, item in enumerate(items):
        if item.motion is not None and not isinstance(item.motion, Pose):
            world[k] = np.asarray(item.motion, float) @ world[k]

    found: list[list[Primitive]] = [[] for _ in Kind]
    owners: list[list[int]] = [[] for _ in Kind]
    for k, item in enumerate(items):
        for primitive in primitives_of(item.placed.shape):
            found[primitive.kind].append(primitive)
            owners[primitive.kind].append(k)

    planes, corners, quadrics, nappes, owner = [], [], [], [], []
    for kind in Kind:
        mine, of = found[kind], np.array(owners[kind], dtype=np.int64)
        if not mine:
            owner.append(of)
            continue
        if kind is Kind.TRIANGLES:
            soup = np.concatenate([p.data for p in mine])
            of = np.repeat(of, [len(p.data) for p in mine])
            local = world[of]
            soup = np.einsum("nij,nkj->nki", local[:, :3, :3], soup) + local[:, None, :3, 3]
            flat, box, good = _triangles(soup)
            planes.append(flat)
            corners.append(box)
            owner.append(of[good])
            continue
        place = world[of] @ matrices([(p.quaternion, p.position) for p in mine])
        params = np.array([p.params for p in mine], float)
        flat, box = _flat_planes(kind, params, mine)
        r, t = place[:, :3, :3], place[:, :3, 3]
        turned = np.empty_like(flat)
        turned[..., :3] = flat[..., :3] @ r.transpose(0, 2, 1)
        turned[..., 3] = flat[..., 3] - np.einsum("nkj,nj->nk", turned[..., :3], t)
        planes.append(turned)
        corners.append(box @ r.transpose(0, 2, 1) + t[:, None])
        owner.append(of)
        if QUADRICS[kind]:
            back = np.zeros((len(mine), 4, 4))
            back[:, :3, :3] = r.transpose(0, 2, 1)
            back[:, :3, 3] = -np.einsum("nji,nj->ni", r, t)
            back[:, 3, 3] = 1.0
            q, nappe = _quadrics(kind, params)
            quadrics.append(back.transpose(0, 2, 1)[:, None] @ q @ back[:, None])
            nappes.append(nappe @ back)
    index = np.concatenate(owner)

    def tensor(parts: list[Array], shape: tuple[int, ...]) -> Tensor:
        return torch.from_numpy(np.concatenate(parts) if parts else np.zeros((0, *shape))).to(device)

    colour = linear_colour(np.array([i.colour for i in items], float).reshape(-1, 3))[index]
    gloss = np.array([i.gloss for i in items], float)[index]
    part = np.array([i.part for i in items], np.int64)[index]
    finish = finish_rows([i.finish for i in items], world)[index]
    return PrimitiveBatch(
        tensor(planes, (8, 4)), tensor(corners, (8, 3)), tensor(quadrics, (2, 4, 4)), tensor(nappes, (2, 4)),
        torch.from_numpy(item_scene[index]).to(device), torch.from_numpy(part).to(device),
        torch.from_numpy(colour.astype(np.float32)).to(device), torch.from_numpy(gloss.astype(np.float32)).to(device),
        torch.from_numpy(finish).to(device), tuple(np.cumsum([0, *(len(o) for o in owner)]).tolist()), len(scenes),
    )  # fmt: skip

# SPDX-License-Identifier: GPL-3.0-or-later
"""The ray-caster against trimesh's rays on the mesh of every shape, and against closed forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
import trimesh

from backend.render import CameraBatch, SceneItem, pack, render
from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Extrusion,
    HollowBox,
    Mesh,
    PlacedShape,
    Pose,
    Revolution,
    Shape,
    TriangleMesh,
    Tube,
)

SIZE = (56, 72)  # not a multiple of a tile, nor square


def _star(points: int, outer: float, inner: float) -> tuple[tuple[float, float], ...]:
    angles = [math.pi * k / points for k in range(2 * points)]
    return tuple(
        ((inner if k % 2 else outer) * math.cos(a), (inner if k % 2 else outer) * math.sin(a))
        for k, a in enumerate(angles)
    )


def _circle(count: int, radius: float, x: float = 0.0) -> tuple[tuple[float, float], ...]:
    return tuple(
        (x + radius * math.cos(2 * math.pi * k / count), radius * math.sin(2 * math.pi * k / count))
        for k in range(count)
    )


SHAPES: dict[str, Shape] = {
    "box": Box((0.5, 0.3, 0.7)),
    "thin box": Box((0.8, 0.01, 0.5)),
    "rounded box": Box((0.6, 0.4, 0.3), bevel=0.1),
    "cylinder": Cylinder(0.3, 0.5),
    "frustum": Cylinder(0.35, 0.5, 0.15),
    "widening frustum": Cylinder(0.1, 0.3, 0.4),
    "cone": Cylinder(0.3, 0.6, 0.0),
    "disc": Cylinder(0.4, 0.02),
    "rod": Cylinder(0.01, 1.0),
    "ellipsoid": Ellipsoid((0.4, 0.2, 0.3)),
    "flat ellipsoid": Ellipsoid((0.4, 0.4, 0.03)),
    "capsule": Capsule(0.15, 0.4),
    "bar": Tube(((-0.3, 0, 0), (-0.3, 0, 0.3), (0.2, 0.1, 0.3), (0.3, 0.4, 0.0)), 0.05),
    "pipe": Tube(((-0.3, 0, 0), (0.0, 0, 0.2), (0.3, 0.0, 0.0)), 0.12, 0.1),
    "straight pipe": Tube(((0, 0, -0.2), (0, 0, 0.2)), 0.3, 0.25),
    "star": Extrusion(_star(5, 0.4, 0.15), 0.2),
    "many-sided": Extrusion(_circle(24, 0.35), 0.3),
    "frame": Extrusion(
        ((-0.4, -0.3), (0.4, -0.3), (0.4, 0.3), (-0.4, 0.3)),
        0.1,
        (_circle(7, 0.12, -0.2), _circle(5, 0.1, 0.2)),
    ),
    "vase": Revolution(
        ((0.0, 0.0), (0.2, 0.0), (0.35, 0.2), (0.2, 0.5), (0.18, 0.5), (0.32, 0.2), (0.18, 0.03), (0.0, 0.03))
    ),
    "ring": Revolution(((0.3, -0.05), (0.4, -0.05), (0.4, 0.05), (0.35, 0.08), (0.3, 0.05))),
    "tray": HollowBox((0.6, 0.4, 0.2), 0.02, ("+z",)),
    "sleeve": HollowBox((0.4, 0.5, 0.4), 0.03, ("-y", "+y")),
    "mesh": Mesh(Extrusion(_star(4, 0.4, 0.2), 0.3).mesh()),
}


def _pose(rng: np.random.Generator) -> Pose:
    x, y, z = rng.uniform(-0.2, 0.2, 3)
    a, b, c, d = rng.normal(size=4)
    return Pose((x, y, z), (a, b, c, d))


def _cameras(rng: np.random.Generator, count: int, size: tuple[int, int] = SIZE) -> CameraBatch:
    eye = rng.normal(size=(count, 3))
    eye *= rng.uniform(1.3, 2.5, (count, 1)) / np.linalg.norm(eye, axis=1, keepdims=True)
    return CameraBatch.looking_at(eye, rng.uniform(-0.1, 0.1, 3), 85.0, size)


def _trace(mesh: trimesh.Trimesh, cameras: CameraBatch, k: int, size: tuple[int, int]) -> tuple[Any, Any]:
    """Depth along the axis (inf where missed) and face normal, by trimesh."""
    h, w = size
    y, x = np.meshgrid(np.arange(h) + 0.5, np.arange(w) + 0.5, indexing="ij")
    f, (cx, cy) = float(cameras.focal[k]), cameras.centre[k].tolist()
    local = np.stack([(x - cx) / f, -(y - cy) / f, -np.ones_like(x)], axis=-1).reshape(-1, 3)
    directions = local @ cameras.rotation[k].numpy().T
    origin = cameras.eye[k].numpy()
    face, ray, place = mesh.ray.intersects_id(
        np.tile(origin, (len(local), 1)), directions, return_locations=True, multiple_hits=False
    )
    depth, normal = np.full(h * w, np.inf), np.zeros((h * w, 3))
    depth[ray] = (place - origin) @ -cameras.rotation[k].numpy()[:, 2]
    normal[ray] = mesh.face_normals[face]
    return depth.reshape(h, w), normal.reshape(h, w, 3)


@pytest.mark.parametrize("name", SHAPES)
def test_agrees_with_rays_on_the_mesh(name: str) -> None:
    rng = np.random.default_rng(len(name))
    shape = SHAPES[name]
    poses = [_pose(rng) for _ in range(6)]
    cameras = _cameras(rng, len(poses))
    out = render(pack([[SceneItem(PlacedShape(shape, p))] for p in poses]), cameras, SIZE)
    overlap = union = 0
    errors, cosines = [], []
    for k, pose in enumerate(poses):
        triangles = PlacedShape(shape, pose).mesh(160)
        mesh = trimesh.Trimesh(triangles.vertices, triangles.faces, process=False)
        depth, normal = _trace(mesh, cameras, k, SIZE)
        truth, mine = np.isfinite(depth), out["mask"][k].numpy() > 0
        overlap += int((truth & mine).sum())
        union += int((truth | mine).sum())
        both = truth & mine
        errors.append(np.abs(out["depth"][k].numpy()[both] - depth[both]))
        cosines.append((out["normal"][k].numpy() * normal).sum(-1)[both])
    assert union > 150
    assert overlap / union > (0.95 if name == "rod" else 0.98)
    error, cosine = np.concatenate(errors), np.concatenate(cosines)
    assert np.median(error) < 3e-4  # what the mesh lacks of the round body
    assert (error < 5e-3).mean() > 0.985
    assert (cosine > 0.99).mean() > 0.96


def test_depth_of_a_box_face_is_exact() -> None:
    cameras = CameraBatch.looking_at([[0.0, -2.0, 0.0]], [0.0, 0.0, 0.0], 60.0, (64, 64))
    out = render(pack([[SceneItem(PlacedShape(Box((1.0, 0.5, 1.0))))]]), cameras, (64, 64))
    seen = out["mask"][0] > 0
    # The face is 1.75 m away and 1 m wide: 60 / 1.75 pixels.
    assert torch.allclose(out["depth"][0][seen], torch.tensor(1.75), atol=1e-6)
    assert int(seen.sum()) == 34 * 34
    assert torch.isinf(out["depth"][0][~seen]).all()
    assert torch.allclose(out["normal"][0][seen], torch.tensor([0.0, -1.0, 0.0]))


def test_silhouette_of_a_sphere_has_the_area_of_its_cone() -> None:
    distance, radius, focal, size = 3.0, 0.7, 300.0, (256, 256)
    cameras = CameraBatch.looking_at([[distance, 0.0, 0.0]], [0.0, 0.0, 0.0], focal, size)
    ball = Ellipsoid((radius, radius, radius))
    mask = render(pack([[SceneItem(PlacedShape(ball))]]), cameras, size, want=("mask",), samples=2)["mask"]
    tangent = radius / math.sqrt(distance**2 - radius**2)
    assert float(mask.sum()) == pytest.approx(math.pi * (focal * tangent) ** 2, rel=2e-3)


def test_a_closed_mesh_of_triangles_has_no_cracks() -> None:
    ball = trimesh.creation.icosphere(subdivisions=3, radius=0.5)
    mesh = Mesh(TriangleMesh(ball.vertices, ball.faces))
    size = (200, 200)
    cameras = CameraBatch.looking_at([[0.0, -2.0, 0.3]], [0.0, 0.0, 0.0], 330.0, size)
    depth = render(pack([[SceneItem(PlacedShape(mesh))]]), cameras, size, want=("depth",))["depth"][0]
    y, x = torch.meshgrid(torch.arange(200) - 99.5, torch.arange(200) - 99.5, indexing="ij")
    middle = (x**2 + y**2).sqrt() < 75
    assert float(depth[middle].max()) < 2.03  # never through the skin to its far side or beyond


def test_an_eye_above_a_cup_sees_the_inside() -> None:
    cup = Revolution(((0.0, 0.0), (0.2, 0.0), (0.3, 0.4), (0.28, 0.4), (0.18, 0.02), (0.0, 0.02)))
    cameras = CameraBatch.looking_at([[0.0, 0.0, 1.0]], [0.0, 0.0, 0.0], 60.0, (65, 65))
    out = render(pack([[SceneItem(PlacedShape(cup))]]), cameras, (65, 65))
    assert float(out["depth"][0, 32, 32]) == pytest.approx(0.98, abs=1e-5)
    # The inner wall leans outwards going up: its normal looks up and to the axis.
    wall = out["normal"][0, 32, 48]
    assert float(wall[0]) < -0.9
    assert float(wall[2]) > 0.1


def test_empty_scenes_give_empty_images() -> None:
    cameras = CameraBatch.looking_at(np.full((2, 3), 2.0), [0.0, 0.0, 0.0], 50.0, (16, 16))
    out = render(pack([[], []]), cameras, (16, 16))
    assert out["rgb"].shape == (2, 16, 16, 3)
    assert float(out["mask"].sum()) == 0
    assert (out["part"] == -1).all()

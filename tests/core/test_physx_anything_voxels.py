# SPDX-License-Identifier: GPL-3.0-or-later
"""Voxel runs, solids and their surfaces; trimesh is the oracle of what a closed surface is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.formats.physx_anything import (
    Report,
    cells_to_indices,
    format_runs,
    indices_to_cells,
    parse_runs,
    voxel_surface,
)
from physx_blender.formats.physx_anything.solids import part_solids
from physx_blender.formats.physx_anything.voxel_grid import (
    boxes,
    components,
    outside,
    pinholes,
    well_composed,
)
from physx_blender.formats.physx_anything.voxelise import surface_cells
from physx_blender.geometry import TriangleMesh, mesh_report


def ball(n: int, radius: float) -> np.ndarray:
    at = np.indices((n, n, n)) + 0.5
    return ((at - n / 2) ** 2).sum(axis=0) < radius**2


def as_trimesh(mesh: TriangleMesh) -> trimesh.Trimesh:
    return trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)


# Runs


def test_index_order_is_x_slowest_z_fastest_and_runs_pass_rows() -> None:
    assert indices_to_cells(parse_runs("31-32 1024 32767")).tolist() == [
        [0, 0, 31],
        [0, 1, 0],
        [1, 0, 0],
        [31, 31, 31],
    ]
    assert indices_to_cells(parse_runs("64 4096", 64), 64).tolist() == [[0, 1, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("text", "expected", "repairs", "losses"),
    [
        ("184 198 199-201", [184, 198, 199, 200, 201], 0, 0),
        ("", [], 0, 0),
        ("5 5 4-6", [4, 5, 6], 0, 0),
        ("5, 6", [5, 6], 1, 0),
        ("[5, 6]\n7", [5, 6, 7], 1, 0),
        ("12-", [12], 1, 0),
        ("1-2-3", [1, 2, 3], 1, 0),
        ("9-7", [7, 8, 9], 1, 0),
        ("7 - 9", [7, 8, 9], 0, 0),
        ("7–9", [7, 8, 9], 0, 0),
        ("7...9", [7, 8, 9], 0, 0),
        ("32767 32768", [32767], 0, 1),
        ("32766-40000", [32766, 32767], 0, 1),
        ("99999999999999999999", [], 0, 1),
        ("voxels: 5 6 end", [5, 6], 0, 1),
        ("5.5 6", [6], 0, 1),
        ("²", [], 0, 1),
    ],
)
def test_runs(text: str, expected: list[int], repairs: int, losses: int) -> None:
    report = Report()
    assert parse_runs(text, report=report, place="coord_3.txt").tolist() == expected
    assert (len(report.repairs), len(report.losses)) == (repairs, losses)
    assert all(r.place == "coord_3.txt" for r in report.remarks)


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(0, 32767), max_size=80), st.integers(0, 32767), st.integers(0, 300))
def test_runs_come_back_and_are_maximal(numbers: set[int], start: int, length: int) -> None:
    numbers |= set(range(start, min(start + length, 32768)))
    report = Report()
    text = format_runs(list(numbers))
    assert set(parse_runs(text, report=report).tolist()) == numbers
    assert report.remarks == ()
    ends = [tuple(map(int, run.split("-"))) for run in text.split()]
    assert all(a[-1] + 1 < b[0] for a, b in itertools.pairwise(ends))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789-–. ,\n[]x²٣", max_size=80) | st.text(max_size=60))
def test_runs_fuzz(text: str) -> None:
    found = parse_runs(text, 64)
    assert len(found) == 0 or (found[0] >= 0 and found[-1] < 64**3)


def test_runs_limits() -> None:
    with pytest.raises(AssetError, match="over the limit"):
        parse_runs("1 " * 5_000_000)
    with pytest.raises(AssetError, match="outside"):
        cells_to_indices(np.array([[0, 0, 32]]))


# Grids


grids = st.integers(0, 2**32 - 1).flatmap(
    lambda seed: st.floats(0.02, 0.98).map(lambda fill: np.random.default_rng(seed).random((7, 7, 7)) < fill)
)


def test_components_against_a_walk() -> None:
    rng = np.random.default_rng(3)
    for corners in (False, True):
        grid = rng.random((9, 9, 9)) < 0.25
        label = components(grid, corners=corners)
        left = {tuple(c) for c in np.argwhere(grid).tolist()}
        steps = [o for o in np.ndindex(3, 3, 3) if corners or sum(v != 1 for v in o) == 1]
        groups = 0
        while left:
            todo = [left.pop()]
            members = []
            while todo:
                c = todo.pop()
                members.append(c)
                for o in steps:
                    near = (c[0] + o[0] - 1, c[1] + o[1] - 1, c[2] + o[2] - 1)
                    if near in left:
                        left.remove(near)
                        todo.append(near)
            groups += 1
            assert len({int(label[m]) for m in members}) == 1
        assert len(set(label[grid].tolist())) == groups


def test_outside_does_not_pass_diagonals() -> None:
    shell = ball(12, 5) & ~ball(12, 3)
    assert int((~outside(shell) & ~shell).sum()) == int(ball(12, 3).sum())
    shell[0:6, 6, 6] = False
    assert not (~outside(shell) & ~shell).any()


@settings(max_examples=60, deadline=None)
@given(grids)
def test_boxes_cover_exactly(grid: np.ndarray) -> None:
    found = boxes(grid, 10_000)
    assert found is not None
    count = np.zeros(grid.shape, dtype=int)
    for low, high in found:
        count[tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))] += 1
    assert np.array_equal(count, grid.astype(int))
    if len(found) > 1:
        assert boxes(grid, len(found) - 1) is None


# Surfaces


@settings(max_examples=80, deadline=None)
@given(grids, st.integers(0, 2**32 - 1))
def test_surface_of_any_voxels_is_closed_manifold_and_outward(grid: np.ndarray, seed: int) -> None:
    if not grid.any():
        return
    others = (np.random.default_rng(seed).random(grid.shape) < 0.1) & ~grid
    mesh = voxel_surface(grid, others, clearance=0.05)
    oracle = as_trimesh(mesh)
    assert oracle.is_watertight
    assert oracle.is_winding_consistent
    assert oracle.volume > 0
    assert mesh_report(mesh).solid
    full = np.argwhere(well_composed(grid, others))
    assert (mesh.vertices.min(axis=0) >= full.min(axis=0) - 1e-9).all()
    assert (mesh.vertices.max(axis=0) <= full.max(axis=0) + 1 + 1e-9).all()


@pytest.mark.parametrize("n", [32, 64])
def test_ball_is_smooth_and_of_true_size(n: int) -> None:
    radius = n / 2 - 2
    mesh = voxel_surface(ball(n, radius))
    oracle = as_trimesh(mesh)
    assert oracle.volume == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.03)
    distance = np.linalg.norm(mesh.vertices - n / 2, axis=1)
    assert abs(distance - radius).max() < 0.6
    assert abs(distance - radius).mean() < 0.25
    # The stairs of voxels have 1.5 times the area of the ball they stand for.
    assert oracle.area == pytest.approx(4 * np.pi * radius**2, rel=0.04)


@pytest.mark.parametrize("height", [1, 2, 9])
def test_a_disc_has_a_round_rim_and_flat_ends(height: int) -> None:
    at = np.indices((32, 32, 32))[:2] + 0.5
    grid = ((at - 16) ** 2).sum(axis=0) < 13**2
    grid[:, :, height:] = False
    mesh = voxel_surface(grid)
    side = mesh.faces[np.abs(as_trimesh(mesh).face_normals[:, 2]) < 0.5]
    rim = mesh.vertices[[k for k in np.unique(side) if mesh.vertices[k, 2] == 0]]
    distance = np.linalg.norm(rim[:, :2] - 16, axis=1)
    assert len(rim) > 70
    assert distance.std() < 0.15  # the stairs have 0.35
    assert as_trimesh(mesh).volume == pytest.approx(np.pi * 13**2 * height, rel=0.03)
    assert as_trimesh(mesh).area == pytest.approx(2 * np.pi * 13 * (13 + height), rel=0.03)


@pytest.mark.parametrize("size", [(1, 20, 14), (2, 9, 30), (5, 6, 7), (1, 1, 32)])
def test_boxes_and_panels_keep_their_edges(size: tuple[int, int, int]) -> None:
    grid = np.zeros((32, 32, 32), dtype=bool)
    grid[: size[0], 3 : 3 + size[1], : size[2]] = True
    mesh = voxel_surface(grid)
    assert as_trimesh(mesh).volume == pytest.approx(np.prod(size), rel=1e-9)
    assert np.ptp(mesh.vertices, axis=0) == pytest.approx(size)


def test_clearance_keeps_neighbours_apart() -> None:
    one = np.zeros((8, 8, 8), dtype=bool)
    two = one.copy()
    one[2:4, 2:6, 2:6] = True
    two[4:6, 2:6, 2:6] = True
    left, right = voxel_surface(one, two, clearance=0.04), voxel_surface(two, one, clearance=0.04)
    assert left.vertices[:, 0].max() == pytest.approx(3.96)
    assert right.vertices[:, 0].min() == pytest.approx(4.04)
    assert right.vertices[:, 0].max() == pytest.approx(6.0)


# Solids


def cells(grid: np.ndarray) -> np.ndarray:
    return np.argwhere(grid)


def test_a_sampled_skin_becomes_a_solid_and_an_open_shell_stays_one() -> None:
    skin = ball(32, 8) & ~ball(32, 7)
    bowl = skin.copy()
    bowl[:, :, 17:] = False
    report = Report()
    assert np.array_equal(part_solids({0: cells(skin)}, 32, report)[0], ball(32, 8))
    assert any(r.place == "l_0" and "filled" in r.message for r in report.remarks)
    assert np.array_equal(part_solids({0: cells(bowl)}, 32, Report())[0], bowl)


def test_a_closed_cabinet_with_something_inside_stays_a_room() -> None:
    walls = np.zeros((32, 32, 32), dtype=bool)
    walls[4:28, 4:28, 4:28] = True
    walls[5:27, 5:27, 5:27] = False
    shelf = np.zeros_like(walls)
    shelf[5:27, 5:27, 15] = True
    found = part_solids({0: cells(walls), 1: cells(shelf)}, 32, Report())
    assert np.array_equal(found[0], walls)
    assert np.array_equal(found[1], shelf)


def test_pinholes_are_closed_before_the_inside_is_filled() -> None:
    skin = np.zeros((32, 32, 32), dtype=bool)
    skin[4:20, 4:20, 4:20] = True
    solid = skin.copy()
    skin[5:19, 5:19, 5:19] = False
    skin[4, 10, 10] = skin[12, 4, 7] = False
    assert pinholes(skin).sum() == 2
    assert np.array_equal(part_solids({0: cells(skin)}, 32, Report())[0], solid)


def test_specks_go_and_shared_voxels_belong_to_the_smaller_part() -> None:
    body = np.zeros((32, 32, 32), dtype=bool)
    body[4:20, 4:20, 4:20] = True
    knob = np.zeros_like(body)
    knob[10:13, 2:6, 10:13] = True
    noisy = body.copy()
    noisy[30, 30, 30] = noisy[0, 31, 0] = True
    report = Report()
    found = part_solids({3: cells(noisy), 5: cells(knob)}, 32, report)
    assert np.array_equal(found[5], knob)
    assert np.array_equal(found[3], body & ~knob)
    assert [r.message for r in report.losses] == ["2 stray voxels dropped"]


# Voxelising


def test_a_box_on_the_lattice_gives_exactly_its_rim_cells() -> None:
    box = trimesh.creation.box(bounds=[[4, 6, 8], [10, 15, 9]])
    found = surface_cells(TriangleMesh(np.array(box.vertices), np.array(box.faces)), 32)
    solid = np.zeros((32, 32, 32), dtype=bool)
    solid[4:10, 6:15, 8:9] = True
    assert np.array_equal(found, np.argwhere(solid))


def test_a_sphere_gives_a_shell_without_holes() -> None:
    sphere = trimesh.creation.icosphere(4, 13.3)
    found = surface_cells(TriangleMesh(np.array(sphere.vertices) + 16.1, np.array(sphere.faces)), 32)
    shell = np.zeros((32, 32, 32), dtype=bool)
    shell[tuple(found.T)] = True
    inside = ~shell & ~outside(shell)
    assert inside.sum() + shell.sum() / 2 == pytest.approx(4 / 3 * np.pi * 13.3**3, rel=0.03)
    distance = np.linalg.norm(found + 0.5 - 16.1, axis=1)
    assert abs(distance - 13.3).max() <= np.sqrt(3) / 2 + 1e-6

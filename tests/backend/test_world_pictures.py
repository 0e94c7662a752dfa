# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the procedural world: what the mask, the view and the framing promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from backend.embedded.categories.base import boxed, filling, node, on
from backend.embedded.program.build import collect
from backend.embedded.program.node import Program, View
from backend.embedded.world.framing import direction, frame, orientation
from backend.embedded.world.picture import cameras, photograph
from backend.embedded.world.sampling import sample_program, sample_view
from backend.embedded.world.scene import corners, link_motions, scene
from backend.embedded.world.spoil import spoil
from backend.render import LightBatch, pack, render

RED, GREEN, BLUE = (0.9, 0.05, 0.05), (0.05, 0.9, 0.05), (0.05, 0.05, 0.9)


def marked_box(view: View) -> Program:
    """A white block with a red plate on its front, a green one on its right and a blue one on its top."""

    def plate(face: str, colour: tuple[float, float, float]) -> object:
        return node(
            "plate",
            colour,
            **on(face, 0.1, 0.9, 0.1, 0.9),
            columns=1,
            rows=1,
            depth=0.01,
            form="box",
            material="abs",
        )

    nodes = [
        node("block", (0.9, 0.9, 0.9), form="box", **filling(), material="abs"),
        plate("front", RED),
        plate("right", GREEN),
        plate("top", BLUE),
    ]
    program = boxed("box", 0.4, 0.4, 0.4, nodes)  # type: ignore[arg-type]
    program.view = view
    return program


def picture(program: Program, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Plain picture (H, W, 3) and mask (H, W) under even light, framed by default."""
    _, items = scene(program)
    framing = frame(program.view, corners(items), size)
    light = LightBatch.studio(1, shadow=False)
    out = render(pack([items], "cpu"), cameras([framing]), (size, size), light, want=("rgb", "mask"))
    return out["rgb"][0].numpy(), out["mask"][0].numpy()


def share(rgb: np.ndarray, mask: np.ndarray, channel: int) -> float:
    """Share of the object's pixels in which one channel clearly leads."""
    others = [c for c in range(3) if c != channel]
    return float(
        ((rgb[..., channel] > 1.5 * rgb[..., others].max(axis=-1)) & (mask > 0.5)).sum() / (mask > 0.5).sum()
    )


def test_the_front_is_seen_from_azimuth_zero() -> None:
    rgb, mask = picture(marked_box(View(0.0, 0.0, 0.1)))
    assert share(rgb, mask, 0) > 0.5
    assert share(rgb, mask, 1) < 0.02
    assert share(rgb, mask, 2) < 0.02


@pytest.mark.parametrize(
    ("azimuth", "seen"), [(0.7, True), (math.pi / 2, True), (-0.7, False), (math.pi, False)]
)
def test_a_positive_azimuth_puts_the_camera_on_the_right(azimuth: float, seen: bool) -> None:
    rgb, mask = picture(marked_box(View(azimuth, 0.0, 0.1)))
    assert (share(rgb, mask, 1) > 0.2) == seen
    assert (direction(View(azimuth, 0.0))[0] > 1e-6) == seen


def test_a_positive_elevation_shows_the_top() -> None:
    above, below = picture(marked_box(View(0.0, 0.6, 0.1))), picture(marked_box(View(0.0, -0.6, 0.1)))
    assert share(*above, 2) > 0.15
    assert share(*below, 2) < 0.01


def test_right_of_the_object_is_right_in_the_picture() -> None:
    rgb, mask = picture(marked_box(View(0.5, 0.0, 0.2)))
    green = (rgb[..., 1] > 1.5 * rgb[..., 0]) & (mask > 0.5)
    red = (rgb[..., 0] > 1.5 * rgb[..., 1]) & (mask > 0.5)
    assert np.nonzero(green)[1].mean() > np.nonzero(red)[1].mean() + 10


@pytest.mark.parametrize("view", [View(0.3, 0.4, 0.1), View(-2.8, -0.3, 0.3), View(1.0, math.pi / 2, 0.2)])
def test_orientations_are_right_handed_and_look_at_the_object(view: View) -> None:
    rotation = orientation(view)
    assert rotation.T @ rotation == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1.0)
    assert rotation[:, 2] == pytest.approx(direction(view), abs=1e-9)
    assert rotation[2, 0] == pytest.approx(0.0, abs=1e-9)  # no roll


def _extent(mask: np.ndarray) -> tuple[float, float, float, float]:
    rows, columns = np.nonzero((mask > 0.5).any(axis=1))[0], np.nonzero((mask > 0.5).any(axis=0))[0]
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


@pytest.mark.parametrize("azimuth", [0.0, 0.6, 2.0])
def test_framing_fills_the_square_less_its_margin(azimuth: float) -> None:
    _, mask = picture(marked_box(View(azimuth, 0.3, 0.3)), size=100)
    left, top, right, bottom = _extent(mask)
    assert max(right - left, bottom - top) == pytest.approx(88, abs=2.5)
    assert (left + right) / 2 == pytest.approx(50, abs=1.5)
    assert (top + bottom) / 2 == pytest.approx(50, abs=1.5)


def test_framing_lays_the_object_over_a_given_box() -> None:
    program = marked_box(View(0.4, 0.3, 0.2))
    _, items = scene(program)
    points = corners(items)
    default = frame(program.view, points, 100)
    local = (points - default.eye) @ default.rotation
    x = default.focal * local[:, 0] / -local[:, 2] + default.centre[0]
    y = -default.focal * local[:, 1] / -local[:, 2] + default.centre[1]
    aspect = (y.max() - y.min()) / (x.max() - x.min())
    box = (20.0, 10.0, 70.0, 10.0 + 50.0 * aspect)
    framing = frame(program.view, points, 100, box)
    light = LightBatch.studio(1, shadow=False)
    out = render(pack([items], "cpu"), cameras([framing]), (100, 100), light, want=("mask",))
    assert _extent(out["mask"][0].numpy()) == pytest.approx(box, abs=2.0)


def test_pictures_and_masks_agree() -> None:
    rng = np.random.default_rng(3)
    programs = [sample_program(rng) for _ in range(12)]
    rgb, mask = photograph(programs, rng, 64)
    assert rgb.shape == (12, 3, 64, 64)
    assert mask.shape == (12, 1, 64, 64)
    assert torch.isfinite(rgb).all()
    assert ((mask >= 0) & (mask <= 1)).all()
    inside, outside = mask > 0.99, mask < 0.01
    assert (rgb * outside).amax() == 0.0, "background must be blank"
    lit = (rgb.amax(dim=1, keepdim=True) > 0) & inside
    assert (lit.sum(dim=(1, 2, 3)) > 0.9 * inside.sum(dim=(1, 2, 3))).all(), "the object must be lit"
    for one in mask[:, 0].numpy():
        left, top, right, bottom = _extent(one)
        assert 0.6 * 64 < max(right - left, bottom - top) <= 64


def test_single_pictures_are_made_whatever_effects_they_get() -> None:
    program = sample_program(np.random.default_rng(0), "kitchen_pot")
    for seed in range(12):
        rgb, _ = photograph([program], np.random.default_rng(seed), 32)
        assert torch.isfinite(rgb).all()
        assert float(rgb.mean()) > 0.01
        again, _ = photograph([program], np.random.default_rng(seed), 32)
        assert torch.equal(rgb, again)


def test_an_open_door_is_open_in_the_picture() -> None:
    def cabinet(opened: float) -> Program:
        carcass = node(
            "carcass", BLUE, **filling(), opening="front", wall=0.03, shelves=0, dividers=0, material="mdf"
        )
        door = node(
            "door",
            RED,
            **on("front", 0.0, 1.0, 0.0, 1.0),
            depth=0.03,
            mount="overlay",
            hinge="left",
            leaves="one",
            style="plain",
            border=0.02,
            range=1.55,
            open=opened,
            material="mdf",
        )
        program = boxed("storage_furniture", 0.4, 0.4, 0.4, [carcass, door])
        program.view = View(0.0, 0.0, 0.05)
        return program

    assert share(*picture(cabinet(0.0)), 0) > 0.9
    assert share(*picture(cabinet(1.0)), 0) < 0.25
    assert share(*picture(cabinet(1.0)), 2) > 0.6
    motions = link_motions(collect(cabinet(1.0)))
    hinge = next(m for name, m in motions.items() if name != "base")
    assert math.acos((np.trace(hinge[:3, :3]) - 1) / 2) == pytest.approx(1.55)
    # hinged on the left, seen from the front: the free edge comes out towards the camera
    assert (hinge @ np.array([0.2, -0.2, 0.2, 1.0]))[1] < -0.4


def test_spoiling_keeps_the_shape_and_blanks_the_background() -> None:
    rng = np.random.default_rng(1)
    rgb, mask = photograph([sample_program(rng) for _ in range(3)], rng, 64)
    first = spoil(rgb, mask, torch.Generator().manual_seed(1))
    again = spoil(rgb, mask, torch.Generator().manual_seed(1))
    other = spoil(rgb, mask, torch.Generator().manual_seed(2))
    assert first.shape == (3, 4, 64, 64)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert ((first >= 0) & (first <= 1)).all()
    far = torch.nn.functional.max_pool2d(mask, 21, 1, 10) == 0
    assert far.any()
    assert (first * far).amax() == 0.0
    assert (first[:, :3] * (first[:, 3:] == 0)).amax() == 0.0


def test_views_are_mostly_from_the_front_and_a_little_above() -> None:
    rng = np.random.default_rng(0)
    views = [sample_view(rng) for _ in range(2000)]
    azimuths = np.array([v.azimuth for v in views])
    assert (np.abs(azimuths) <= math.pi).all()
    assert 0.75 < (np.abs(azimuths) < math.pi / 2).mean() < 0.98
    assert 0.2 < np.mean([v.elevation for v in views]) < 0.6

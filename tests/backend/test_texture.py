# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures from the picture: a pattern that is known on the object's surface has to come back from the picture of it."""

from __future__ import annotations

import io
from pathlib import Path

import mujoco
import numpy as np
import pytest
import torch
from PIL import Image

from backend.embedded.categories.base import boxed, filling, node
from backend.embedded.infer.crop import Crop
from backend.embedded.infer.texture import SIDE, sharpest, textured, unwrapped_points
from backend.embedded.program.build import collect, to_asset
from backend.embedded.world.framing import Framing, frame
from backend.embedded.world.picture import cameras
from backend.embedded.world.sampling import sample_program
from backend.embedded.world.scene import corners, items_of
from backend.render import LightBatch, pack, render
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.model import Asset

WIDTH, DEPTH, HEIGHT = 0.5, 0.3, 0.4
BASE = 0.6


def checks(points: np.ndarray) -> np.ndarray:
    """Grey of the pattern on the front (N, 3): 5 x 4 fields, dark and light."""
    column = np.floor((points[:, 0] / WIDTH + 0.5) * 5)
    row = np.floor(points[:, 2] / HEIGHT * 4)
    return np.where((column + row) % 2 == 0, 0.2, 0.9)


@pytest.fixture(scope="module")
def scene() -> tuple[Asset, object, Crop, Framing]:
    """A box whose front bears the pattern, its picture made point by point from the depth the camera sees."""
    program = boxed(
        "box", WIDTH, DEPTH, HEIGHT, [node("block", (BASE,) * 3, form="box", **filling(), material="oak")]
    )
    program.view.azimuth, program.view.elevation, program.view.perspective = 0.5, 0.3, 0.2
    build = collect(program)
    items = items_of(build)
    framing = frame(program.view, corners(items), SIDE)
    drawn = render(
        pack([items], "cpu"),
        cameras([framing]),
        (SIDE, SIDE),
        LightBatch.studio(1, shadow=False),
        want=("mask", "depth", "normal"),
    )
    mask = drawn["mask"][0].numpy()
    depth, normal = drawn["depth"][0].double().numpy(), drawn["normal"][0].numpy()
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    local = np.stack(
        [(x - framing.centre[0]), -(y - framing.centre[1]), np.full_like(x, -framing.focal)], axis=-1
    )
    with np.errstate(invalid="ignore"):
        points = framing.eye + (local / framing.focal * depth[..., None]) @ framing.rotation.T
    front = (mask > 0.5) & (normal[..., 1] < -0.9)
    grey = np.where(mask > 0.5, BASE, 0.0)
    grey[front] = checks(points[front])
    rgb = np.repeat(grey[..., None], 3, axis=2).astype(np.float32)
    crop = Crop(rgb, mask.astype(np.float32), 0.0, 0.0, float(SIDE), (0.0, 0.0, float(SIDE), float(SIDE)))
    return to_asset(program, "printed"), build, crop, framing


def test_the_print_comes_back_where_it_is(scene: tuple[Asset, object, Crop, Framing]) -> None:
    asset, build, crop, framing = scene
    part = textured(asset, build, crop, framing).parts[0]  # type: ignore[arg-type]
    assert part.texture is not None
    image = np.asarray(Image.open(io.BytesIO(part.texture.data)).convert("RGB"), float)[..., 0] / 255
    placed = part.shapes[0]
    points, covered = unwrapped_points(placed.shape.mesh(), len(image))
    points = placed.pose.apply(points.reshape(-1, 3)).reshape(points.shape)
    front = covered & (np.abs(points[..., 1] + DEPTH / 2) < 1e-6)
    # away from the edges of the fields and of the face, where the picture is blurred
    u, v = (points[..., 0] / WIDTH + 0.5) * 5, points[..., 2] / HEIGHT * 4
    middle = front & (np.abs(u - np.round(u)) > 0.15) & (np.abs(v - np.round(v)) > 0.15)
    assert middle.sum() > 1000
    wanted = checks(points[middle])
    assert (np.abs(image[middle] - wanted) < 0.1).mean() > 0.97
    hidden = covered & (np.abs(points[..., 1] - DEPTH / 2) < 1e-6)
    assert np.abs(image[hidden] - BASE).max() < 0.02


def test_what_is_only_lit_unevenly_gets_no_texture(scene: tuple[Asset, object, Crop, Framing]) -> None:
    asset, build, crop, framing = scene
    shade = np.linspace(0.4, 0.8, SIDE, dtype=np.float32)[None, :, None] * np.ones((SIDE, 1, 3), np.float32)
    plain = Crop(shade * (crop.mask[..., None] > 0.5), crop.mask, 0.0, 0.0, float(SIDE), crop.box)
    assert textured(asset, build, plain, framing).parts[0].texture is None  # type: ignore[arg-type]


def test_a_textured_asset_compiles(scene: tuple[Asset, object, Crop, Framing], tmp_path: Path) -> None:
    asset, build, crop, framing = scene
    path = write_mjcf(textured(asset, build, crop, framing), tmp_path)  # type: ignore[arg-type]
    model = mujoco.MjModel.from_xml_path(str(path))
    assert model.ntex >= 1
    assert torch.is_inference_mode_enabled() is False


def test_keys_of_a_keyboard_get_their_letters() -> None:
    rng = np.random.default_rng(3)
    program = sample_program(rng, "keyboard")
    build = collect(program)
    items = items_of(build)
    side = 1024
    framing = frame(program.view, corners(items), side)
    seen = render(
        pack([items], "cpu"),
        cameras([framing]),
        (side, side),
        LightBatch.studio(1, shadow=False),
        want=("mask", "part"),
    )
    part, mask = seen["part"][0].numpy(), seen["mask"][0].numpy()
    keys = {k for k, n in enumerate(build.node_of_part) if n.kind == "button" and (part == k).sum() > 700}
    assert len(keys) > 20
    grey = np.where(mask > 0.5, BASE, 0.0)
    stripes = np.arange(side)[None, :] // 5 % 2 == 0
    grey = np.where(np.isin(part, list(keys)) & stripes, 0.1, grey)
    rgb = np.repeat(grey[..., None], 3, axis=2).astype(np.float32)
    whole = (0.0, 0.0, float(side), float(side))
    crop = Crop(rgb, mask.astype(np.float32), 0.0, 0.0, float(side), whole)
    parts = textured(to_asset(program, "keyboard"), build, crop, framing).parts
    printed = {k for k, p in enumerate(parts) if p.texture is not None}
    assert printed == keys


def test_a_large_picture_is_looked_at_finely() -> None:
    def picture(side: int) -> tuple[np.ndarray, np.ndarray]:
        mask = np.zeros((side, side), np.uint8)
        mask[side // 10 : -side // 10, side // 10 : -side // 10] = 255
        return np.full((side, side, 3), 128, np.uint8), mask

    assert sharpest(*picture(300)).size == SIDE
    assert 600 < sharpest(*picture(800)).size < 800
    assert sharpest(*picture(3000)).size == 1024

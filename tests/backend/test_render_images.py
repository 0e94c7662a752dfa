# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches, cameras, light and options of the ray-caster."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from backend.render import CameraBatch, LightBatch, SceneItem, look_at, pack, render, scene_of
from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, HollowBox, PlacedShape, Pose, Tube
from physx_blender.model import Asset, Camera, Joint, JointKind, Link, Material, Part

SIZE = (48, 48)


def _scene(seed: int) -> list[SceneItem]:
    rng = np.random.default_rng(seed)
    shapes = [
        HollowBox((0.6, 0.4, 0.5), 0.02, ("-y",)),
        Box((0.3, 0.2, 0.1)),
        Cylinder(0.1, 0.4, 0.05),
        Ellipsoid((0.2, 0.1, 0.1)),
        Capsule(0.05, 0.3),
        Tube(((0, 0, 0), (0, 0, 0.3), (0.2, 0, 0.3)), 0.03, 0.02),
    ]
    items = []
    for k, shape in enumerate(shapes):
        x, y, z = rng.uniform(-0.4, 0.4, 3)
        a, b, c, d = rng.normal(size=4)
        red, green, blue = rng.uniform(0.1, 0.9, 3)
        items.append(
            SceneItem(PlacedShape(shape, Pose((x, y, z), (a, b, c, d))), None, (red, green, blue), k, 0.5)
        )
    return items


def _cameras(count: int) -> CameraBatch:
    angles = np.linspace(0.1, 5.0, count)
    eye = np.stack([2 * np.cos(angles), 2 * np.sin(angles), np.linspace(-0.5, 1.5, count)], axis=1)
    return CameraBatch.looking_at(eye, [0.0, 0.0, 0.0], 60.0, SIZE)


def test_a_batch_gives_the_images_of_its_scenes_alone() -> None:
    cameras = _cameras(7)
    together = render(pack([_scene(k) for k in range(7)]), cameras, SIZE)
    for k in (0, 3, 6):
        alone = CameraBatch(cameras.eye[k : k + 1], cameras.rotation[k : k + 1], cameras.focal[k : k + 1],
                            cameras.centre[k : k + 1])  # fmt: skip
        single = render(pack([_scene(k)]), alone, SIZE)
        assert torch.equal(single["mask"][0], together["mask"][k])
        assert torch.equal(single["part"][0], together["part"][k])
        assert torch.allclose(single["rgb"][0], together["rgb"][k], atol=2e-3)


def test_the_same_call_gives_the_same_bits() -> None:
    batch, cameras = pack([_scene(k) for k in range(3)]), _cameras(3)
    first, second = render(batch, cameras, SIZE), render(batch, cameras, SIZE)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_scenes_can_be_repeated_and_chosen() -> None:
    batch = pack([_scene(0), _scene(1)])
    camera = _cameras(1)
    three = render(batch.take(torch.tensor([1, 0, 1])), camera.repeat(3), SIZE)
    two = render(batch, camera.repeat(2), SIZE)
    for name in ("mask", "part", "depth"):
        assert torch.equal(three[name][0], two[name][1])
        assert torch.equal(three[name][1], two[name][0])
        assert torch.equal(three[name][2], two[name][1])
    repeated = render(batch.repeat(2), camera.repeat(4), SIZE, want=("part",))["part"]
    assert torch.equal(repeated[0], repeated[1])
    assert torch.equal(repeated[2], two["part"][1])


def test_a_body_throws_a_shadow_on_the_floor_opposite_the_light() -> None:
    floor = SceneItem(
        PlacedShape(Box((4.0, 4.0, 0.1)), Pose((0.0, 0.0, -0.05))), None, (0.8, 0.8, 0.8), 0, 0.0
    )
    post = SceneItem(PlacedShape(Box((0.3, 0.3, 1.0)), Pose((0.0, 0.0, 0.5))), None, (0.8, 0.2, 0.2), 1, 0.0)
    size = (129, 129)
    camera = CameraBatch.looking_at([[0.0, 0.0, 5.0]], [0.0, 0.0, 0.0], 150.0, size)
    light = LightBatch(
        torch.tensor([[-1.0, 0.0, 1.0]]),
        torch.ones(1, 3),
        torch.full((1, 3), 0.1),
        torch.full((1, 3), 0.1),
        torch.zeros(1),
    )
    out = render(pack([[floor, post]]), camera, size, light)
    rgb, part = out["rgb"][0, ..., 1], out["part"][0]
    # A metre of post with the light at 45 degrees shades 0.15 to 1.15 m on the far side, and nothing on the near side.
    shaded, lit = rgb[64, 64 + 18], rgb[64, 64 - 18]
    assert part[64, 64 + 18] == part[64, 64 - 18] == 0
    assert float(lit) > float(shaded) + 0.3
    assert float(rgb[64, 64 + 45]) == pytest.approx(float(lit), abs=1e-4)
    reach = int((rgb[64, 64:] < 0.5 * float(lit))[part[64, 64:] == 0].sum()) / 150.0 * 5.0
    assert reach == pytest.approx(1.0, abs=0.12)
    without = LightBatch(light.direction, light.colour, light.sky, light.ground, light.softness, shadow=False)
    bright = render(pack([[floor, post]]), camera, size, without)["rgb"][0, ..., 1]
    assert float(bright[64, 64 + 18]) == pytest.approx(float(lit), abs=1e-4)


def test_a_lit_convex_body_does_not_shade_itself() -> None:
    ball = SceneItem(PlacedShape(Ellipsoid((0.5, 0.5, 0.5))), None, (0.5, 0.5, 0.5), 0, 0.0)
    camera = CameraBatch.looking_at([[0.0, -2.0, 0.0]], [0.0, 0.0, 0.0], 60.0, SIZE)
    light = LightBatch.studio(1)
    plain = LightBatch(light.direction, light.colour, light.sky, light.ground, light.softness, shadow=False)
    a, b = (render(pack([[ball]]), camera, SIZE, li)["rgb"] for li in (light, plain))
    assert torch.equal(a, b)


def test_gloss_adds_a_highlight_towards_the_light() -> None:
    camera = CameraBatch.looking_at([[0.0, -2.0, 0.0]], [0.0, 0.0, 0.0], 80.0, SIZE)
    images = []
    for gloss in (0.0, 0.9):
        ball = SceneItem(PlacedShape(Ellipsoid((0.4, 0.4, 0.4))), None, (0.3, 0.3, 0.3), 0, gloss)
        images.append(render(pack([[ball]]), camera, SIZE)["rgb"][0].mean(-1))
    gain = images[1] - images[0]
    row, column = divmod(int(gain.argmax()), SIZE[1])
    assert float(gain.max()) > 0.2
    # The studio light stands to the upper left.
    assert row < 24
    assert column < 24


def test_supersampling_smooths_the_mask_and_keeps_the_size() -> None:
    batch, cameras = pack([_scene(1)]), _cameras(1)
    one, four = render(batch, cameras, SIZE), render(batch, cameras, SIZE, samples=2)
    assert all(one[name].shape == four[name].shape for name in one)
    assert set(four["mask"].unique().tolist()) <= {0.0, 0.25, 0.5, 0.75, 1.0}
    assert float((one["mask"] - four["mask"]).abs().mean()) < 0.05
    inside = (four["mask"] == 1.0) & (one["part"] == four["part"])
    assert float((one["rgb"] - four["rgb"])[inside].abs().mean()) < 0.05


def test_model_camera_projects_as_blender_does() -> None:
    pose = Pose.from_matrix(
        np.block([[look_at([0.0, -3.0, 0.0], [0.0, 0.0, 0.0]).numpy(), np.array([[0.0], [-3.0], [0.0]])],
                  [np.zeros((1, 3)), np.ones((1, 1))]])
    )  # fmt: skip
    size = (60, 80)
    dot = pack([[SceneItem(PlacedShape(Ellipsoid((0.05, 0.05, 0.05))))]])

    def centre(camera: Camera) -> tuple[float, float]:
        mask = render(dot, CameraBatch.of(camera, size), size, want=("mask",), samples=4)["mask"][0]
        y, x = torch.meshgrid(torch.arange(60) + 0.5, torch.arange(80) + 0.5, indexing="ij")
        return float((mask * x).sum() / mask.sum()), float((mask * y).sum() / mask.sum())

    assert centre(Camera(pose, 0.7, 800, 600)) == pytest.approx((40.0, 30.0), abs=0.05)
    # Positive shift moves what is seen to the left and down, in units of the longer side.
    assert centre(Camera(pose, 0.7, 800, 600, 0.1, 0.05)) == pytest.approx((32.0, 34.0), abs=0.05)
    camera = CameraBatch.of(Camera(pose, 0.7, 800, 600), size)
    assert float(camera.focal[0]) == pytest.approx(40.0 / math.tan(0.35))


def test_an_asset_opens_with_its_joint() -> None:
    material = Material("wood", 600.0)
    body = Part("body", "base", (PlacedShape(Box((0.4, 0.4, 0.4)), Pose((0.0, 0.0, 0.2))),), material)
    door = Part("door", "door", (PlacedShape(Box((0.4, 0.02, 0.4)), Pose((0.0, -0.21, 0.2))),), material)
    joint = Joint(
        "hinge", JointKind.HINGE, "base", "door", anchor=(-0.2, -0.21, 0.2), angle_limits=(-2.0, 0.0)
    )
    asset = Asset("box", (body, door), (Link("base"), Link("door")), (joint,))
    camera = CameraBatch.looking_at([[0.0, -2.0, 0.2]], [0.0, 0.0, 0.2], 80.0, SIZE)
    closed = render(pack([scene_of(asset)]), camera, SIZE, want=("part",))["part"][0]
    opened = render(pack([scene_of(asset, {"hinge": (-1.5,)})]), camera, SIZE, want=("part",))["part"][0]
    assert set(closed.unique().tolist()) == {-1, 1}
    assert set(opened.unique().tolist()) == {-1, 0, 1}
    assert int((opened == 1).sum()) < int((closed == 1).sum()) / 2
    matrix = asset.link_poses({"hinge": (-1.5,)})["door"].matrix
    items = [SceneItem(body.shapes[0], None, part=0), SceneItem(door.shapes[0], matrix, part=1)]
    assert torch.equal(render(pack([items]), camera, SIZE, want=("part",))["part"][0], opened)


def test_wrong_numbers_are_named() -> None:
    batch = pack([_scene(0), _scene(1)])
    with pytest.raises(ValueError, match="2 scenes need as many cameras"):
        render(batch, _cameras(1), SIZE)
    with pytest.raises(ValueError, match="colour"):
        render(batch, _cameras(2), SIZE, want=("colour",))
    with pytest.raises(ValueError, match="sky"):
        LightBatch(torch.ones(2, 3), torch.ones(2, 3), torch.ones(1, 3), torch.ones(2, 3), torch.zeros(2))


def test_an_eye_in_a_closed_room_sees_wall_everywhere() -> None:
    room = HollowBox((2.0, 3.0, 2.5), 0.1)
    camera = CameraBatch.looking_at([[0.3, -0.4, 0.2]], [0.9, 1.0, -0.3], 40.0, SIZE)
    out = render(pack([[SceneItem(PlacedShape(room))]]), camera, SIZE)
    assert float(out["mask"].min()) == 1.0
    # Every point seen lies on the inside of a wall.
    y, x = torch.meshgrid(torch.arange(48) - 23.5, torch.arange(48) - 23.5, indexing="ij")
    local = torch.stack([x / 40, -y / 40, -torch.ones_like(x)], dim=-1).double()
    place = camera.eye[0] + out["depth"][0][..., None] * (local @ camera.rotation[0].T)
    gap = (torch.tensor([0.9, 1.4, 1.15]) - place.abs()).amin(dim=-1)
    assert float(gap.abs().max()) < 1e-5


def test_images_can_be_the_input_of_a_training_step() -> None:
    image = render(pack([_scene(2)]), _cameras(1), SIZE, want=("rgb",))["rgb"]
    layer = torch.nn.Linear(3, 1)
    layer(image).sum().backward()
    assert layer.weight.grad is not None
    assert torch.allclose(layer.weight.grad[0], image.sum(dim=(0, 1, 2)), rtol=1e-4)

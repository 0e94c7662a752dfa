# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs of the ray-caster: surroundings, textures, soft shadows, glass, a room, crevices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.render import CameraBatch, LightBatch, SceneItem, pack, render
from backend.render.environment import EnvironmentBatch, blurred, directions
from backend.render.finish import FINISH, Finish, Mapping
from backend.render.occlusion import occlusion
from backend.render.photo import Photo, Setting, take_photo
from backend.render.room import RoomBatch
from backend.render.texture import TextureBank
from physx_blender.geometry import Box, Ellipsoid, PlacedShape, Pose

SIZE = 64
GREY = (0.735, 0.735, 0.735)  # 0.5 in linear light


def even(level: float = 1.0) -> EnvironmentBatch:
    return EnvironmentBatch(blurred(torch.full((1, 16, 16, 3), level)), torch.zeros(1))


def bank(colour: tuple[float, float, float] = (1.0, 0.0, 0.0)) -> TextureBank:
    """Texture 0 is red on its left half and clear on its right one."""
    t = torch.zeros(1, 32, 32, 5)
    t[..., 0] = 1.0
    t[..., 1:4] = torch.tensor(colour)
    t[:, :, :16, 4] = 1.0
    return TextureBank(t)


def setting(**changes: object) -> Setting:
    dark = torch.zeros(1, 3)
    lights = LightBatch(torch.tensor([[0.0, 0.0, 1.0]]), dark, dark, dark, torch.zeros(1))
    one = torch.ones(1)
    plain = Setting(lights, even(), bank(), 0.1 * one, 0.0 * one, 0.2 * one)
    return replace(plain, **changes)  # type: ignore[arg-type]


def sun(direction: tuple[float, float, float], strength: float = 1.0) -> LightBatch:
    dark = torch.zeros(1, 3)
    return LightBatch(torch.tensor([direction]), torch.full((1, 3), strength), dark, dark, torch.zeros(1))


def shoot(
    items: list[SceneItem],
    where: Setting,
    panes: list[SceneItem] | None = None,
    eye: tuple[float, ...] = (0, -4, 0),
) -> Photo:
    camera = CameraBatch.looking_at([eye], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE))
    return take_photo(pack([items]), pack([panes or []]), camera, (SIZE, SIZE), where)


def box(
    size: tuple[float, float, float], at: tuple[float, float, float] = (0.0, 0.0, 0.0), **changes: object
) -> SceneItem:
    item = SceneItem(PlacedShape(Box(size), Pose(at)), None, GREY, 0, 0.0)
    return replace(item, **changes)  # type: ignore[arg-type]


def test_even_surroundings_light_every_matt_surface_alike() -> None:
    photo = shoot([SceneItem(PlacedShape(Ellipsoid((0.7, 0.7, 0.7)), Pose()), None, GREY, 0, 0.0)], setting())
    inside = photo.radiance[0][photo.mask[0] == 1]
    # albedo 0.5 diffuse and the 4 per cent that every surface mirrors
    assert inside.numpy() == pytest.approx(0.54, abs=0.01)
    assert photo.radiance[0][photo.mask[0] == 0].numpy() == pytest.approx(1.0)  # the surroundings themselves


def test_the_matt_level_is_what_a_lambert_surface_receives() -> None:
    d = directions(32)
    sky = (d[..., 2:] > 0).float().expand(-1, -1, 3)
    levels = blurred(sky[None])
    surroundings = EnvironmentBatch(levels, torch.zeros(1))
    normals = torch.tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.6, 0.8], [0.0, 0.0, -1.0]])
    found = surroundings.radiance(torch.zeros(4, dtype=torch.int64), normals, torch.zeros(4))[:, 0]
    assert found.numpy() == pytest.approx((1 + normals[:, 2].numpy()) / 2, abs=0.03)


def test_turning_the_surroundings_turns_what_is_mirrored() -> None:
    d = directions(32)
    bright = (d[..., 0] > 0.9).float()[..., None].expand(-1, -1, 3)
    levels = blurred(bright[None])
    at, sharp, first = torch.tensor([[0.0, 1.0, 0.0]]), torch.ones(1), torch.zeros(1, dtype=torch.int64)
    assert float(EnvironmentBatch(levels, torch.zeros(1)).radiance(first, at, sharp).max()) == 0.0
    turned = EnvironmentBatch(levels, torch.tensor([np.pi / 2], dtype=torch.float32))
    assert float(turned.radiance(first, at, sharp).min()) > 0.9


def test_a_print_lies_on_the_front_the_right_way_round() -> None:
    frame = np.array([[1.0, 0, 0, 0.5], [0, 1.0, 0, 0.5], [0, 0, 1.0, 0.5]])
    look = Finish(texture=0, frame=frame, mapping=Mapping.FRONT)
    items = [box((1.0, 1.0, 1.0), finish=look)]
    for eye in ((0, -4, 0), (0, 4, 0)):
        rgb = shoot(items, setting(), eye=eye).radiance[0]
        assert rgb[32, 22, 1] < 0.1 < 0.5 < rgb[32, 42, 1], (
            "red on the left, clear on the right, from both sides"
        )
    aside = shoot(items, setting(), eye=(4, 0, 0)).radiance[0]
    assert aside[20:44, 20:44].numpy() == pytest.approx(0.54, abs=0.02), "a print is on the front alone"


def test_textures_follow_their_shape() -> None:
    frame = np.array([[1.0, 0, 0, 0.25], [0, 1.0, 0, 0.0], [0, 0, 1.0, 0.0]])
    look = Finish(texture=0, frame=frame)
    still = shoot([box((1.0, 0.2, 1.0), finish=look)], setting()).radiance
    moved = box((1.0, 0.2, 1.0), finish=look, motion=Pose((0.25, 0.0, 0.0)))
    shifted = shoot([moved], setting()).radiance
    step = round(0.25 * SIZE * 2.0 / 3.9)
    off = (still[0, 22:42, 20:40] - shifted[0, 22:42, 20 + step : 40 + step]).abs().mean()
    unmoved = (still[0, 22:42, 20:40] - shifted[0, 22:42, 20:40]).abs().mean()
    assert float(off) < 0.06 < 0.15 < float(unmoved)


def test_far_textures_are_averaged() -> None:
    flat = torch.zeros(2, dtype=torch.int64)
    uv = torch.tensor([[0.2, 0.5], [0.7, 0.5]])
    near = bank().look_up(flat, uv, torch.full((2,), 0.001))[:, 4]
    far = bank().look_up(flat, uv, torch.full((2,), 1.0))[:, 4]
    assert near.tolist() == [1.0, 0.0]
    assert ((far > 0.2) & (far < 0.8)).all()


def test_textures_need_a_power_of_two_and_five_channels() -> None:
    for shape in ((1, 30, 30, 5), (1, 32, 16, 5), (1, 32, 32, 3)):
        with pytest.raises(ValueError, match="power of two"):
            TextureBank(torch.zeros(shape))
    with pytest.raises(ValueError, match="frame"):
        Finish(texture=3)


def test_a_shadow_is_sharp_where_bodies_touch_and_soft_far_away() -> None:
    def widths(height: float) -> int:
        # a plate over the floor throws its edge along x; the camera looks down from above
        items = [box((3.0, 3.0, 0.1), (0, 0, -0.05)), box((0.6, 3.0, 0.02), (-0.9, 0, height))]
        where = setting(lights=sun((0.0, 0.0, 1.0)), environment=even(0.0), spread=torch.tensor([0.3]))
        camera = CameraBatch.looking_at([(0.3, -0.001, 5.0)], [0.3, 0.0, 0.0], SIZE * 2.4, (SIZE, SIZE))
        photo = take_photo(pack([items]), pack([[]]), camera, (SIZE, SIZE), where, shadow_pixels=192)
        row = photo.radiance[0, SIZE // 2 - 6 : SIZE // 2 + 6, :, 0].mean(dim=0)
        full = float(row[-8:].mean())
        assert full == pytest.approx(0.5, abs=0.03)
        return int(((row > 0.12 * full) & (row < 0.9 * full)).sum())

    assert widths(0.03) <= 4
    assert widths(0.5) > widths(0.03) + 1


def test_light_that_reaches_everything_leaves_no_shadow() -> None:
    where = setting(lights=sun((0.3, -0.8, 0.5)), environment=even(0.0), spread=torch.tensor([0.35]))
    for item in (
        box((1.0, 1.0, 1.0)),
        SceneItem(PlacedShape(Ellipsoid((0.7, 0.5, 0.6)), Pose()), None, GREY, 0, 0.0),
    ):
        photo = shoot([item], where)
        plain = render(
            pack([[item]]),
            CameraBatch.looking_at([(0, -4, 0)], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE)),
            (SIZE, SIZE),
            where.lights,
            ("normal", "mask"),
        )
        facing = (plain["normal"][0] @ where.lights.direction[0]).clamp(min=0)
        inside = (plain["mask"][0] == 1) & (photo.mask[0] == 1) & (facing > 0.2)
        ratio = photo.radiance[0, ..., 0][inside] / (0.5 * facing[inside])
        assert float(ratio.median()) == pytest.approx(1.0, abs=0.03)
        assert float((ratio < 0.8).float().mean()) < 0.02, "acne"


def test_glass_shows_what_is_behind_it_and_counts_as_object() -> None:
    pane = box((1.0, 0.02, 1.0), (0.0, -0.5, 0.0), colour=(1.0, 1.0, 1.0))
    red = box((0.5, 0.2, 0.5), colour=(0.9, 0.05, 0.05))
    where = setting(environment=even(0.5))
    with_glass, without = shoot([red], where, [pane]), shoot([red], where)
    assert with_glass.mask[0, 22, 22] == 1.0
    assert with_glass.opaque[0, 22, 22] == 0.0, "nothing is behind the pane there"
    assert with_glass.opaque[0, 32, 32] == 1.0, "but the red box is here"
    assert torch.equal(with_glass.opaque, without.mask)
    assert without.mask[0, 22, 22] == 0.0
    behind, direct = with_glass.radiance[0, 32, 32], without.radiance[0, 32, 32]
    assert float(behind[0]) > 3 * float(behind[2]), "red is seen through the pane"
    # 8 per cent mirrored light of 0.5 and 92 per cent of what is behind
    assert behind.numpy() == pytest.approx(0.92 * direct.numpy() + 0.04, abs=0.02)
    in_front = shoot([box((1.2, 0.1, 1.2), (0.0, -0.8, 0.0))], where, [pane])
    assert torch.equal(in_front.radiance, shoot([box((1.2, 0.1, 1.2), (0.0, -0.8, 0.0))], where).radiance)


def test_edges_are_shared_between_object_and_background() -> None:
    photo = shoot([box((1.0, 1.0, 1.0))], setting(environment=even(0.0)))
    partial = (photo.mask[0] > 0) & (photo.mask[0] < 1)
    assert set(photo.mask.unique().tolist()) <= {0.0, 0.25, 0.5, 0.75, 1.0}
    assert partial.any()
    camera = CameraBatch.looking_at([(0, -4, 0)], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE))
    exact = render(pack([[box((1.0, 1.0, 1.0))]]), camera, (SIZE, SIZE), want=("mask",), samples=2)["mask"]
    assert torch.equal(photo.mask, exact)


def _room(gloss: float = 0.0) -> RoomBatch:
    planes = torch.tensor([[[0.0, 0.0, 1.0, 0.5], [0.0, -1.0, 0.0, 2.0]]])  # floor z = -0.5, wall y = 2
    finish = torch.zeros(1, 2, FINISH)
    finish[..., 13] = -1
    colour = torch.tensor([[[0.5, 0.5, 0.5], [0.2, 0.4, 0.6]]])
    return RoomBatch(planes, colour, torch.full((1, 2), gloss), finish)


def test_a_room_has_a_floor_and_a_wall_where_they_are() -> None:
    photo = shoot([box((0.2, 0.2, 0.2))], setting(room=_room()), eye=(0, -4, 0))
    # the floor meets the wall at y = 2, z = -0.5: 6 m ahead, 0.5 m below the axis
    row = SIZE / 2 + SIZE * 2.0 * 0.5 / 6
    rgb = photo.radiance[0, :, 5]
    wall, floor = rgb[int(row) - 2], rgb[int(row) + 2]
    assert wall.numpy() == pytest.approx([0.24, 0.44, 0.64], abs=0.03)
    assert floor.numpy() == pytest.approx(0.54, abs=0.04)
    assert float(photo.depth[0, 5, 5]) == pytest.approx(6.0, abs=1e-3)
    assert float(photo.mask[0, 5, 5]) == 0.0


def test_the_object_throws_a_shadow_on_the_floor() -> None:
    items = [box((0.5, 0.5, 0.5), (0.0, 0.0, -0.25))]
    where = setting(lights=sun((-0.7, -0.2, 0.7)), environment=even(0.1), room=_room())
    lit = shoot(items, where, eye=(0.0, -3.0, 2.0))
    dark = lit.radiance[0, ..., 0]
    right, left = dark[44:47, 46:50].mean(), dark[44:47, 14:18].mean()
    assert float(right) < 0.5 * float(left)


def test_clutter_is_in_the_picture_but_not_in_the_mask() -> None:
    things = [box((0.4, 0.4, 0.4), (-0.5, 0, 0)), box((0.4, 0.4, 0.4), (0.5, 0, 0), part=1000)]
    camera = CameraBatch.looking_at([(0, -4, 0)], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE))
    photo = take_photo(pack([things]), pack([[]]), camera, (SIZE, SIZE), setting(), background_part=1000)
    alone = take_photo(pack([things[:1]]), pack([[]]), camera, (SIZE, SIZE), setting())
    assert torch.equal(photo.mask, alone.mask)
    assert not torch.equal(photo.radiance, alone.radiance)


def test_crevices_are_darker_than_open_surfaces() -> None:
    camera = CameraBatch.looking_at([(-2.5, -4, 0)], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE))
    items = [box((1.4, 0.1, 1.4)), box((0.5, 0.6, 1.4), (0.0, -0.3, 0.0))]
    at = torch.tensor([[-0.27, -0.05, 0.0], [-0.66, -0.05, 0.0]], dtype=torch.float64)
    local = (at - camera.eye) @ camera.rotation[0]
    corner_x, open_x = (SIZE / 2 - camera.focal * local[:, 0] / local[:, 2]).floor().long().tolist()
    depth = render(pack([items]), camera, (SIZE, SIZE), want=("depth",))["depth"]
    free = occlusion(depth, camera, torch.tensor([0.6])).view(SIZE, SIZE)
    corner, open_ = free[32, corner_x], free[32, open_x]
    assert float(open_) > 0.95
    assert float(corner) < 0.85


def test_cut_outs_leave_the_background_black_and_the_object_as_it_is() -> None:
    items = [box((0.7, 0.7, 0.7))]
    camera = CameraBatch.looking_at([(1, -4, 1)], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE))
    whole = take_photo(pack([items]), pack([[]]), camera, (SIZE, SIZE), setting())
    cut = take_photo(pack([items]), pack([[]]), camera, (SIZE, SIZE), setting(), cut_out=True)
    assert torch.equal(whole.mask, cut.mask)
    assert torch.equal(whole.radiance * (whole.mask > 0)[..., None], cut.radiance)


def test_batches_give_what_single_pictures_give() -> None:
    scenes = [[box((0.6, 0.6, 0.6))], [box((0.3, 0.9, 0.5))]]
    panes = [[], [box((0.8, 0.02, 0.8), (0.0, -0.7, 0.0))]]
    camera = CameraBatch.looking_at([(1, -4, 1), (-1, -4, 2)], [0.0, 0.0, 0.0], SIZE * 2.0, (SIZE, SIZE))
    one = setting(lights=sun((0.3, -0.8, 0.5)), environment=even(0.3))
    lights = LightBatch(*(t.repeat(2, 1) for t in (one.lights.direction, one.lights.colour)), torch.zeros(2, 3),
                        torch.zeros(2, 3), torch.zeros(2))  # fmt: skip
    both = replace(
        one,
        lights=lights,
        environment=EnvironmentBatch(one.environment.levels.repeat(2, 1, 1, 1, 1), torch.zeros(2)),
        spread=one.spread.repeat(2),
        crevices=one.crevices.repeat(2),
        reach=one.reach.repeat(2),
    )
    pair = take_photo(pack(scenes), pack(panes), camera, (SIZE, SIZE), both)
    for k in range(2):
        single = CameraBatch(
            camera.eye[k : k + 1],
            camera.rotation[k : k + 1],
            camera.focal[k : k + 1],
            camera.centre[k : k + 1],
        )
        alone = take_photo(pack([scenes[k]]), pack([panes[k]]), single, (SIZE, SIZE), one)
        assert torch.equal(pair.mask[k], alone.mask[0])
        # the taps of the shadow are turned by the pixel's number in the batch
        assert float((pair.radiance[k] - alone.radiance[0]).abs().mean()) < 0.01

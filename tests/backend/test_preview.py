# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview shows the asset: at the right place, in its colours and textures, closed and opened."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image

from backend.images import load_image
from backend.preview import opened_positions, preview_png, preview_sheet, thumbnail_png
from backend.preview.sheet import BACKGROUND
from backend.preview.texturing import View, surface_uv
from physx_blender.geometry import Box, Mesh, PlacedShape, Pose, TriangleMesh
from physx_blender.model import Asset, Joint, JointKind, Link, Mimic, Part, Texture
from physx_blender.model.materials import find_material

PANEL = 96
OAK = find_material("oak")


def picture_bytes(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def cabinet(texture: Texture | None = None) -> Asset:
    """A red block with a green drawer that comes out towards the viewer by 30 cm, and a blue lid that turns up."""
    body = PlacedShape(Box((0.4, 0.4, 0.2)), Pose((0, 0, 0.3)))
    drawer = PlacedShape(Box((0.38, 0.38, 0.18)), Pose((0, 0, 0.1)))
    lid = PlacedShape(Box((0.4, 0.4, 0.02)), Pose((0, 0, 0.41)))
    return Asset(
        "cabinet",
        (
            Part("body", "base", (body,), OAK, (0.9, 0.1, 0.1, 1.0), texture),
            Part("drawer", "drawer", (drawer,), OAK, (0.1, 0.8, 0.1, 1.0)),
            Part("lid", "lid", (lid,), OAK, (0.1, 0.1, 0.9, 1.0)),
        ),
        (Link("base"), Link("drawer"), Link("lid")),
        (
            Joint("slide", JointKind.SLIDE, "base", "drawer", axis=(0, -1, 0), travel_limits=(0, 0.3)),
            Joint("hinge", JointKind.HINGE, "base", "lid", (1, 0, 0), (0, 0.2, 0.4), angle_limits=(-3.0, 0)),
        ),
    )


def share(panel: np.ndarray, channel: int) -> float:
    """Share of pixels in which one channel is well over the two others."""
    values = panel.astype(int)
    others = np.delete(values, channel, axis=2).max(axis=2)
    return float((values[..., channel] > others + 40).mean())


def test_opened_positions_take_the_far_end_of_each_range() -> None:
    positions = opened_positions(cabinet())
    assert positions["slide"] == pytest.approx((0.225,))
    assert positions["hinge"][0] == pytest.approx(-math.radians(110))


def test_opened_positions_leave_followers_to_their_leader() -> None:
    links = (Link("base"), Link("a"), Link("b"), Link("c"), Link("d"), Link("e"))
    parts = tuple(Part(link.name, link.name, (PlacedShape(Box((0.1, 0.1, 0.1))),), OAK) for link in links)
    asset = Asset(
        "all",
        parts,
        links,
        (
            Joint("a", JointKind.HINGE, "base", "a"),
            Joint("b", JointKind.HINGE, "base", "b", mimic=Mimic("a", -1.0)),
            Joint("c", JointKind.BALL, "base", "c", angle_limits=(0, 0.2)),
            Joint("d", JointKind.FREE, "base", "d"),
            Joint("e", JointKind.CYLINDRICAL, "base", "e", travel_limits=(-0.2, 0.1)),
        ),
    )
    positions = opened_positions(asset)
    assert set(positions) == {"a", "c", "e"}
    assert positions["c"][0] == pytest.approx(math.cos(0.075))
    assert positions["e"][1] == pytest.approx(-0.15)
    asset.link_poses(positions)  # they are positions that the joints take


def test_sheet_shows_rest_and_opened_in_the_parts_colours() -> None:
    sheet = preview_sheet(cabinet(), panel=PANEL)
    assert sheet.shape == (PANEL, 2 * PANEL + 8, 3)
    rest, opened = sheet[:, :PANEL], sheet[:, -PANEL:]
    for channel in range(3):
        assert share(rest, channel) > 0.01
    assert share(opened, 1) > 1.3 * share(rest, 1)  # the drawer has come out
    assert np.abs(sheet[0, 0].astype(int) - BACKGROUND).max() <= 2


def test_whole_asset_is_in_the_frame_in_both_states() -> None:
    sheet = preview_sheet(cabinet(), panel=PANEL)
    for panel in (sheet[:, :PANEL], sheet[:, -PANEL:]):
        coloured = panel.max(axis=2).astype(int) - panel.min(axis=2) > 40
        rows, columns = np.nonzero(coloured)
        assert min(rows.min(), columns.min()) > 1
        assert max(rows.max(), columns.max()) < PANEL - 2


def test_reference_comes_first_and_its_background_is_cut() -> None:
    pixels = np.zeros((60, 90, 4), np.uint8)
    pixels[..., 0] = 255
    pixels[20:40, 30:60, 3] = 255
    sheet = preview_sheet(cabinet(), load_image(picture_bytes(pixels)), panel=PANEL)
    assert sheet.shape[1] == 3 * PANEL + 16
    reference = sheet[:, :PANEL]
    assert share(reference, 0) == pytest.approx((20 / 90) * (30 / 90), abs=0.02)
    assert np.abs(reference[PANEL // 2, 3].astype(int) - BACKGROUND).max() <= 2


def test_asset_without_joints_has_one_state() -> None:
    block = Asset("block", (Part("block", "base", (PlacedShape(Box((1, 1, 1))),), OAK),), (Link("base"),))
    assert preview_sheet(block, panel=PANEL).shape == (PANEL, PANEL, 3)


def test_texture_replaces_the_colour_of_its_part_only() -> None:
    """Magenta and black stripes on the body: no red is left, and the drawer is as green as before."""
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::8] = stripes[:, 1::8] = stripes[:, 2::8] = stripes[:, 3::8] = (255, 0, 255)
    textured = preview_sheet(cabinet(Texture("stripes", picture_bytes(stripes))), panel=PANEL)[:, :PANEL]
    plain = preview_sheet(cabinet(), panel=PANEL)[:, :PANEL]
    values = textured.astype(int)
    magenta = (values[..., 0] > values[..., 1] + 60) & (values[..., 2] > values[..., 1] + 60)
    assert 0.3 < magenta.mean() / share(plain, 0) < 0.75
    assert share(textured, 0) < 0.01
    assert share(textured, 1) == pytest.approx(share(plain, 1), abs=0.003)


def test_uv_of_a_tilted_square_is_perspective_correct() -> None:
    """The oracle is the plane itself: intersect each pixel's ray with it and read off where on the square it is."""
    corners = np.array([[-1.0, 0, -1], [1, 1.5, -1], [1, 1.5, 1], [-1, 0, 1]])
    faces = np.array([[0, 1, 2], [0, 2, 3]])
    flat = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    mesh = TriangleMesh(corners, faces, flat[faces])
    rotation = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # looks along +y, up is z
    view = View(np.array([0.0, -3.0, 0.0]), rotation, 60.0, np.array([32.0, 32.0]))
    y, x = np.mgrid[0:64, 0:64] + 0.5
    rays = np.stack([(x - 32) / 60, np.ones_like(x), -(y - 32) / 60], axis=-1)
    normal = np.cross(corners[1] - corners[0], corners[3] - corners[0])
    depth = ((corners[0] - view.eye) @ normal) / (rays @ normal)
    points = view.eye + rays * depth[..., None]
    u, v = (points[..., 0] + 1) / 2, (points[..., 2] + 1) / 2
    hit = (u > 0.02) & (u < 0.98) & (v > 0.02) & (v < 0.98) & (depth > 0)
    uv = surface_uv(mesh, view, np.ones((64, 64), bool), depth)
    assert hit.sum() > 500
    assert np.abs(uv[hit] - np.stack([u, v], axis=-1)[hit]).max() < 1e-9
    assert np.isnan(uv[0, 0]).all()


def test_mesh_assets_are_shown() -> None:
    shape = Mesh(Box((0.4, 0.4, 0.4)).mesh())
    part = Part("block", "base", (PlacedShape(shape, Pose((0, 0, 0.2))),), OAK, (0.9, 0.1, 0.1, 1.0))
    assert share(preview_sheet(Asset("block", (part,), (Link("base"),)), panel=PANEL), 0) > 0.15


def test_same_asset_same_bytes() -> None:
    data = preview_png(cabinet())
    assert data == preview_png(cabinet())
    assert Image.open(io.BytesIO(data)).size == (2 * 448 + 8, 448)


def test_thumbnail_shows_the_asset_opened() -> None:
    pixels = np.asarray(Image.open(io.BytesIO(thumbnail_png(cabinet(), side=PANEL))))
    assert pixels.shape == (PANEL, PANEL, 3)
    opened = preview_sheet(cabinet(), panel=PANEL)[:, -PANEL:]
    # the drawer that is out, and the lid that is up, show more than in the closed cabinet
    assert share(pixels, 1) == pytest.approx(share(opened, 1), rel=0.35)
    assert share(pixels, 2) > 0.5 * share(opened, 2) > 0

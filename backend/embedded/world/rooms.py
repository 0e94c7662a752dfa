# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole pictures: an object somewhere in a room, on a floor or at a wall, among other things."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from backend.render import SceneItem, pack
from backend.render.finish import Finish, finish_rows
from backend.render.pack import linear_colour
from backend.render.photo import take_photo
from backend.render.room import RoomBatch
from physx_blender.geometry import Box, Cylinder, Ellipsoid, PlacedShape, Pose, Shape
from physx_blender.geometry.pose import Array

from ..categories import CATEGORIES
from ..program.build import Build
from ..program.node import Program
from .finishes import dressed, tile_frame
from .framing import LEAST_PERSPECTIVE, Framing, direction, orientation
from .lens import captured, developed, exposed
from .picture import Shots, cameras, random_setting
from .scene import corners, scene
from .textures import texture_bank

CLUTTER = 1 << 20  # first part number of what is not the object
_PLANES = 3
_FLOORS = ("planks", "tiles", "woven", "speckle", "clouds", "checks", "wood", "stripes")
_WALLS = ("clouds", "clouds", "tiles", "stripes", "wood", "woven", "checks", "speckle")


@dataclass(frozen=True)
class Plane:
    """One plane of a room: inner normal n and d with n.x + d = 0 on it, sRGB colour, gloss, finish in world metres."""

    normal: Array
    offset: float
    colour: Array
    gloss: float
    finish: Finish


def random_colour(rng: np.random.Generator) -> Array:
    """sRGB (3,): mostly the quiet colours of rooms, sometimes a loud one."""
    if rng.random() < 0.6:
        grey = rng.uniform(0.08, 0.97)
        return np.clip(grey + rng.normal(0, 0.04, 3), 0.02, 1.0)
    return rng.uniform(0.03, 1.0, 3)


def _surface(
    rng: np.random.Generator, kinds: Sequence[str], size: float, plain: float
) -> tuple[Finish, float]:
    """A finish for a plane near an object of `size` metres, and its gloss."""
    gloss = float(rng.uniform(0.0, 0.75) if rng.random() < 0.5 else rng.uniform(0.0, 0.25))
    if rng.random() < plain:
        return Finish(), gloss
    among = texture_bank()[1][kinds[int(rng.integers(len(kinds)))]]
    coarse = 4.0 if "collage" in kinds else 1.0
    scale = coarse * size * float(np.exp(rng.uniform(math.log(0.4), math.log(4.0))))
    frame = tile_frame(scale, int(rng.integers(3)), rng.uniform(0, 1, 3))
    texture = among.start + int(rng.integers(len(among)))
    return Finish(texture=texture, frame=frame, strength=float(rng.uniform(0.2, 1.0))), gloss


def random_room(rng: np.random.Generator, program: Program, low: Array, high: Array) -> list[Plane]:
    """Planes around an object with bounds low, high (3,): its floor, walls, or a backdrop; or nothing."""
    size = float((high - low).max())
    towards = direction(program.view)
    planes: list[Plane] = []

    def add(normal: Array, at: Array, kinds: Sequence[str], plain: float = 0.4) -> None:
        finish, gloss = _surface(rng, kinds, size, plain)
        planes.append(Plane(normal, -float(normal @ at), random_colour(rng), gloss, finish))

    kind = rng.random()
    middle = (low + high) / 2
    if kind < 0.05:
        return planes
    if kind < 0.2:  # a picture of nothing in particular, upright behind the object
        kinds = ("collage",) if rng.random() < 0.7 else ("clouds", "stripes", "checks", "speckle")
        add(towards, middle - towards * size * rng.uniform(1.0, 4.0), kinds, 0.25)
        return planes
    fixed = CATEGORIES[program.category].fixed_base
    thin = high[1] - low[1] < 0.35 * max(high[0] - low[0], high[2] - low[2])
    if fixed and thin and rng.random() < 0.75:  # mounted on or in a wall
        add(
            np.array([0.0, -1.0, 0.0]),
            np.array([0.0, high[1] - rng.uniform(0.0, 0.7) * (high[1] - low[1]), 0.0]),
            _WALLS,
        )
        if rng.random() < 0.5:
            drop = size * rng.uniform(0.0, 1.5)
            add(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, low[2] - drop]), _FLOORS)
        return planes
    add(np.array([0.0, 0.0, 1.0]), low, _FLOORS)
    if rng.random() < 0.8:
        turn = program.view.azimuth + rng.normal(0, 0.35)
        normal = np.array([math.sin(turn), -math.cos(turn), 0.0])
        reach = float(np.abs(normal) @ (high - low)) / 2
        away = reach + size * float(np.exp(rng.uniform(math.log(0.05), math.log(4.0))))
        add(normal, middle - normal * away, _WALLS)
        if rng.random() < 0.35:
            side = np.array([-normal[1], normal[0], 0.0]) * rng.choice([-1.0, 1.0])
            reach = float(np.abs(side) @ (high - low)) / 2
            add(side, middle - side * (reach + size * rng.uniform(0.1, 2.0)), _WALLS)
    return planes


def room_batch(rooms: Sequence[Sequence[Plane]], device: str = "cpu") -> RoomBatch:
    """Rooms as a batch for the ray-caster."""
    shape = (len(rooms), _PLANES)
    planes, colour, gloss = np.zeros((*shape, 4)), np.zeros((*shape, 3)), np.zeros(shape)
    finishes: list[Finish | None] = [None] * (len(rooms) * _PLANES)
    for k, room in enumerate(rooms):
        for j, plane in enumerate(room):
            planes[k, j, :3], planes[k, j, 3] = plane.normal, plane.offset
            colour[k, j], gloss[k, j] = linear_colour(plane.colour), plane.gloss
            finishes[k * _PLANES + j] = plane.finish
    rows = finish_rows(finishes, np.broadcast_to(np.eye(4), (len(finishes), 4, 4)))
    tensors = (torch.from_numpy(a).float() for a in (planes, colour, gloss, rows.reshape(*shape, -1)))
    return RoomBatch(*tensors).to(device)


def random_clutter(rng: np.random.Generator, program: Program, low: Array, high: Array) -> list[SceneItem]:
    """Things that stand about on the object's floor: beside and behind it, sometimes a little in front."""
    found: list[SceneItem] = []
    size = float((high - low).max())
    radius = float(np.linalg.norm((high - low)[:2])) / 2
    middle = (low + high) / 2
    kinds = texture_bank()[1]
    for _ in range(int(rng.choice([0, 1, 2, 3, 5], p=[0.4, 0.2, 0.15, 0.15, 0.1]))):
        s = size * float(np.exp(rng.uniform(math.log(0.12), math.log(1.2))))
        w, d, h = s * rng.uniform(0.3, 1.0, 3)
        shape: Shape = Box((w, d, h))
        if rng.random() < 0.35:
            shape = Cylinder(w / 2, h, w / 2 * float(rng.uniform(0.3, 1.0)))
            d = w
        elif rng.random() < 0.3:
            shape = Ellipsoid((w / 2, d / 2, h / 2))
        # towards the camera it would hide the object
        spread = rng.normal(math.pi, 1.0) if rng.random() < 0.9 else rng.uniform(0, 2 * math.pi)
        angle = program.view.azimuth + spread
        away = radius + math.hypot(w, d) / 2 + size * float(rng.exponential(0.35)) + 0.02 * size
        place = (
            middle[0] + math.sin(angle) * away,
            middle[1] - math.cos(angle) * away,
            float(low[2]) + h / 2,
        )
        turn = rng.uniform(0, math.pi)
        pose = Pose(place, (math.cos(turn / 2), 0.0, 0.0, math.sin(turn / 2)))
        finish = Finish(metal=float(rng.random() < 0.15))
        if rng.random() < 0.5:
            among = kinds[
                str(rng.choice(["wood", "clouds", "stripes", "woven", "checks", "speckle", "collage"]))
            ]
            texture = among.start + int(rng.integers(len(among)))
            finish = Finish(
                finish.metal, texture, tile_frame(s * rng.uniform(0.3, 1.5), 2, rng.uniform(0, 1, 3))
            )
        r, g, b = random_colour(rng)
        found.append(
            SceneItem(
                PlacedShape(shape, pose),
                None,
                (float(r), float(g), float(b)),
                CLUTTER,
                float(rng.random()),
                finish,
            )
        )
    return found


def room_framing(rng: np.random.Generator, program: Program, points: Array, size: int) -> Framing:
    """A camera that sees `points` (N, 3) at 25 to 90 per cent of the picture's side, off centre, a little tilted;
    one object in ten is cut by the frame."""
    view = program.view
    low, high = points.min(axis=0), points.max(axis=0)
    middle, radius = (low + high) / 2, float(np.linalg.norm(high - low)) / 2
    eye = middle + direction(view) * radius / max(view.perspective, LEAST_PERSPECTIVE)
    roll = rng.normal(0, 0.035)
    c, s = math.cos(roll), math.sin(roll)
    rotation = orientation(view) @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    local = (points - eye) @ rotation
    depth = np.maximum(-local[:, 2], 0.05 * radius)
    x, y = local[:, 0] / depth, -local[:, 1] / depth
    extent = np.array([np.ptp(x), np.ptp(y)])
    fill = rng.uniform(0.25, 0.9)
    focal = fill * size / max(float(extent.max()), 1e-9)
    free = np.maximum(size - extent * focal, 0.0)
    share = np.clip(rng.normal(0.5, 0.22, 2), 0.03, 0.97)
    corner = free * share
    if rng.random() < 0.1:
        corner += rng.choice([-1.0, 1.0], 2) * rng.uniform(0.0, 0.3, 2) * extent * focal
    cx = corner[0] - focal * float(x.min())
    cy = corner[1] - focal * float(y.min())
    return Framing(eye, rotation, focal, (cx, cy))


def room_shots(
    programs: Sequence[Program],
    rng: np.random.Generator,
    size: int = 128,
    device: str = "cpu",
    samples: int = 2,
) -> Shots:
    """Whole pictures of programs' objects in random rooms; clutter is in neither the mask nor the items.

    samples: side of the grid of samples per pixel.
    """
    solid: list[list[SceneItem]] = []
    panes: list[list[SceneItem]] = []
    rooms: list[list[Plane]] = []
    framings: list[Framing] = []
    builds: list[Build] = []
    items: list[list[SceneItem]] = []
    for program in programs:
        build, things = scene(program)
        builds.append(build)
        items.append(things)
        points = corners(things)
        low, high = points.min(axis=0), points.max(axis=0)
        opaque, glass = dressed(build, things, rng)
        room = random_room(rng, program, low, high)
        grounded = any(plane.normal[2] > 0.99 and plane.offset == -low[2] for plane in room)
        clutter = random_clutter(rng, program, low, high) if grounded else []
        solid.append([*opaque, *clutter])
        panes.append(glass)
        rooms.append(room)
        framings.append(room_framing(rng, program, points, size))
    photo = take_photo(
        pack(solid, device),
        pack(panes, device),
        cameras(framings, device),
        (size, size),
        replace(random_setting(rng, programs, device), room=room_batch(rooms, device)),
        samples=samples,
        background_part=CLUTTER,
    )
    mask = photo.mask[:, None]
    rgb = exposed(photo.radiance.permute(0, 3, 1, 2), 0.4 + 0.6 * mask, rng)
    rgb = captured(developed(rgb, rng), rng, size / 128)
    return Shots(rgb, mask, photo.depth, framings, builds, items)


def room_photograph(
    programs: Sequence[Program],
    rng: np.random.Generator,
    size: int = 128,
    device: str = "cpu",
    samples: int = 2,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Whole pictures rgb (B, 3, H, W) and masks (B, 1, H, W) in 0..1 of programs' objects in random rooms.

    The object fills a quarter to nine tenths of the picture's side, anywhere; clutter is not in the mask.
    """
    shots = room_shots(programs, rng, size, device, samples)
    return shots.rgb, shots.mask

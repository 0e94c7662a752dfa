# SPDX-License-Identifier: GPL-3.0-or-later
"""Candidates for the line that a body turns about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..pose import Array, axis_angle_matrix
from ..surface import nearest_distances
from .body import ROUND, Body, Contact, roundness

SMALL = 0.3  # of the parent's size: a knob rather than a door
UP = np.array([0.0, 0.0, 1.0])
BACK = np.array([0.0, 1.0, 0.0])
EDGE_BINS = 12
FOLD_POINTS = 150


@dataclass(frozen=True)
class Line:
    """A line to turn about, what speaks for it, and how sure; `opens`: which way a positive angle has to go."""

    axis: Array
    anchor: Array
    score: float
    why: str
    family: str


def hinge_lines(child: Body, parent: Body, contact: Contact) -> Iterator[Line]:
    """All lines worth considering, unsorted."""
    yield from _symmetry(child, parent, contact)
    if child.thin_axis is not None:
        yield from _panel_edges(child, parent, contact)
    yield from _at_contact(child, parent, contact)


def _symmetry(child: Body, parent: Body, contact: Contact) -> Iterator[Line]:
    """Wheels, dials, rotors: about the axis that the body looks the same around."""
    for k in range(3):
        axis = child.axes[k]
        flat = child.local(child.points)[:, [(k + 1) % 3, (k + 2) % 3]]
        measure = roundness(flat)
        folds = 0 if measure >= ROUND else _folds(child, axis)
        if measure < ROUND and not folds:
            continue
        radius = float(np.linalg.norm(flat, axis=1).max())
        place = child.local(contact.points)[:, [(k + 1) % 3, (k + 2) % 3]]
        central = float(np.linalg.norm(place.mean(axis=0))) < 0.25 * radius
        narrow = float(np.median(np.linalg.norm(place, axis=1))) < 0.5 * radius
        small = child.diagonal < SMALL * parent.diagonal
        along = abs(float(axis @ contact.normal))
        lies = abs(float(axis @ UP)) > 0.9 and float((place**2).sum(axis=1).min()) < (0.2 * radius) ** 2
        score = 1.2 + 0.6 * central + 0.8 * narrow + 0.9 * small + 0.6 * along + 1.2 * (lies and central)
        # a rod is round as well, but a lever does not spin about itself
        if child.half[k] > 2.0 * radius:
            score -= 1.2
        why = "round about this axis" if measure >= ROUND else f"{folds} equal blades about this axis"
        yield Line(axis, child.centre, score, why, "turn")


def _folds(child: Body, axis: Array) -> int:
    """Number of equal sectors (3, 5 to 8; 4 only for what is mostly gaps) about an axis; 0 = none."""
    local = child.points - child.centre
    radial = np.linalg.norm(local - np.outer(local @ axis, axis), axis=1)
    outer = local[radial > 0.5 * radial.max()]
    if len(outer) < 10:
        return 0
    few, many = outer[:: max(len(outer) // FOLD_POINTS, 1)], local[:: max(len(local) // (4 * FOLD_POINTS), 1)]
    x, y, z = (float(v) for v in axis)
    rim = np.arctan2(*(outer @ _across(axis)).T)
    gaps = len(np.unique(np.floor(rim * 16 / math.pi))) <= 26  # a plate has something all around
    for n in (3, 5, 7, 8, 6, *((4,) if gaps else ())):
        turned = few @ axis_angle_matrix((x, y, z), 2.0 * math.pi / n).T
        if float(np.quantile(nearest_distances(turned, many)[0], 0.9)) < 0.1 * radial.max():
            return n
    return 0


def _across(axis: Array) -> Array:
    helper = UP if abs(axis[2]) < 0.9 else BACK
    first = np.cross(axis, helper)
    first = first / np.linalg.norm(first)
    return np.stack([first, np.cross(axis, first)], axis=1)


def _panel_edges(child: Body, parent: Body, contact: Contact) -> Iterator[Line]:
    """Doors, lids, flaps: about one of a panel's four sides."""
    k = child.thin_axis
    assert k is not None
    out = _outward(child, parent, contact, k)
    thickness = child.half[k]
    place = child.local(contact.points)
    depth = place[:, k] * float(np.sign(out @ child.axes[k]))  # towards the outside
    inset = float(np.median(depth)) > -0.6 * thickness and float(np.ptp(depth)) > thickness
    level = child.centre + out * (thickness if inset else -thickness)
    handle = _handle(child, k, out)
    small = child.diagonal < SMALL * parent.diagonal
    backed = _is_backed(child, parent, contact)
    sides = [(a, s) for a in ((k + 1) % 3, (k + 2) % 3) for s in (-1.0, 1.0)]
    for a, sign in sides:
        other = 3 - k - a
        direction = sign * child.axes[a]  # from the middle to this side
        line = child.axes[other]
        axis = np.cross(direction, -out)  # the free side swings outwards
        reach, length = child.half[a], child.half[other]
        reasons: list[str] = []
        score = 1.4 - 0.8 * small - 1.2 * backed
        touched = _touched(place, a, sign, other, reach, length)
        score += 1.1 * touched
        if touched > 0.6:
            reasons.append("touches all along")
        if handle is not None:
            where, stretch = handle
            pull = -float(where[a] / reach) * sign
            score += 2.2 * float(np.clip(pull, -1.0, 1.0))
            if pull > 0.4:
                reasons.append("grip at the far side")
            score += 0.4 * (stretch[other] > 2.0 * stretch[a]) - 0.4 * (stretch[a] > 2.0 * stretch[other])
        score += _custom(out, direction, line, reach, length, reasons)
        why = ", ".join([f"{side_name(direction)} side", *reasons])
        yield Line(axis, level + direction * reach, score, why, "swing")


def side_name(direction: Array) -> str:
    """What a person who stands before the object calls a direction."""
    k = int(np.argmax(np.abs(direction)))
    return (("right", "left"), ("back", "front"), ("upper", "lower"))[k][0 if direction[k] > 0 else 1]


def _touched(place: Array, a: int, sign: float, other: int, reach: float, length: float) -> float:
    """Share of a panel's side along which it meets its parent."""
    near = place[:, a] * sign > 0.8 * reach
    inside = near & (np.abs(place[:, other]) <= length)
    bins = np.floor((place[inside, other] / length + 1.0) / 2.0 * EDGE_BINS)
    return len(np.unique(np.clip(bins, 0, EDGE_BINS - 1))) / EDGE_BINS


def _is_backed(child: Body, parent: Body, contact: Contact) -> bool:
    """Is there something close behind the middle of a small panel, as behind a rocker and not behind a door?"""
    k = child.thin_axis
    if k is None or child.diagonal > 0.6 * parent.diagonal:
        return False
    if roundness(np.delete(child.local(child.points), k, axis=1)) >= ROUND:
        return False
    shares = np.abs(np.delete(child.local(contact.points) / child.half, k, axis=1))
    return float((shares < 0.5).all(axis=1).mean()) > 0.1


def _outward(child: Body, parent: Body, contact: Contact, k: int) -> Array:
    """The side of a panel that is away from its parent."""
    normal = child.axes[k]
    behind = float((parent.points.mean(axis=0) - child.centre) @ normal)
    if abs(behind) < 0.25 * child.half[k]:
        behind = float((contact.middle - child.centre) @ normal)
    if abs(behind) < 1e-9:
        behind = float(normal @ BACK)
    return -normal if behind > 0.0 else normal


def _handle(child: Body, k: int, out: Array) -> tuple[Array, Array] | None:
    """Middle and spread (3,), in the panel's axes, of what stands out of its outer face; None = nothing does."""
    local = child.local(child.points)
    outside = local[:, k] * float(np.sign(out @ child.axes[k])) > child.half[k] * 1.05 + 1e-4
    if outside.sum() < 6:
        return None
    chosen = local[outside]
    low, high = np.quantile(chosen, 0.03, axis=0), np.quantile(chosen, 0.97, axis=0)
    return (low + high) / 2.0, np.maximum(high - low, 1e-6)


def _custom(
    out: Array, direction: Array, line: Array, reach: float, length: float, reasons: list[str]
) -> float:
    """What people build: doors hang at the side, lids at the back, wide flaps at the bottom."""
    if abs(out[2]) > 0.7:  # a lid, or something under the object
        back = float(direction @ BACK)
        if back > 0.7:
            reasons.append("as lids do")
        return 0.7 * max(back, 0.0) - 0.4 * max(-back, 0.0)
    upright = abs(float(line @ UP)) > 0.7
    if upright:
        return 0.5 if length >= 0.75 * reach else (0.1 if length > 0.5 * reach else -0.3)
    wide = length > 1.5 * reach
    below = direction[2] < 0.0
    if wide and below:
        reasons.append("as wide flaps do")
    return (0.35 if wide else -0.2) + (0.15 if below else 0.0)


def _at_contact(child: Body, parent: Body, contact: Contact) -> Iterator[Line]:
    """Levers, rockers and whatever else: through the contact, about its own directions."""
    small = child.diagonal < SMALL * parent.diagonal
    spread = contact.points - contact.middle
    long = np.linalg.svd(spread, full_matrices=False)[2][0] if len(spread) >= 3 else None
    extent = (
        np.ptp(spread @ np.linalg.svd(spread, full_matrices=False)[2].T, axis=0) if long is not None else None
    )
    if long is not None and extent is not None and len(extent) > 1 and extent[0] > 4.0 * max(extent[1], 1e-9):
        score = 1.2 + 0.5 * (extent[0] > 0.5 * child.diagonal)
        yield Line(long, contact.middle, score, "along a narrow contact", "swing")
    normal = child.axes[int(np.argmax(np.abs(child.axes @ contact.normal)))]
    normal = normal * float(np.sign(normal @ contact.normal))
    sides = [v for v in child.axes if abs(float(v @ normal)) < 0.5]
    stands = float(np.ptp(child.points @ normal))
    flat = [float(np.ptp(child.points @ v)) for v in sides]
    tall = stands > 0.8 * max(flat)
    offset = contact.middle - child.points.mean(axis=0)
    sideways = float(np.linalg.norm(offset - (offset @ normal) * normal))
    off_centre = sideways > 0.2 * max(flat)
    backed = _is_backed(child, parent, contact)
    arm = off_centre and child.thin_axis is None and max(flat) > 2.5 * min(flat)
    yield Line(
        normal,
        contact.middle,
        1.0 + 0.8 * small + 1.0 * (off_centre and small) + 1.5 * arm - 0.6 * tall,
        "out of the contact",
        "turn",
    )
    order = np.argsort([abs(float(v @ UP)) for v in sides])  # level axes first: most switches tip up and down
    for rank, which in enumerate(order):
        axis = sides[which]
        # a rocker or a toggle tips over its shorter side
        longer = flat[1 - which] > 1.2 * flat[which]
        score = 1.2 + 0.5 * small + 1.2 * backed + 0.5 * longer + (0.7 if tall else 0.0) - 0.2 * rank
        foot = contact.middle
        if not tall:  # a rocker turns in its own middle
            foot = child.centre if backed else foot + ((child.centre - foot) @ normal) * normal
        yield Line(axis, foot, score, "tips over its foot", "tip")

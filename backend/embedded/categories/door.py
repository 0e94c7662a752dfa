# SPDX-License-Identifier: GPL-3.0-or-later
"""A room or cupboard door in its frame."""

from __future__ import annotations

import numpy as np

from ..program.node import Node, Program
from .base import Category, Draw, boxed, node, on
from .common import front_door


def sample(rng: np.random.Generator) -> Program:
    """Frame of posts (and header) with one leaf or two, and a lever or knob."""
    d = Draw(rng)
    h = d.one_of(d.between(1.8, 2.2), d.log_between(0.4, 2.0))
    w = h * d.between(0.35, 1.1)
    depth = w * (
        d.between(0.05, 0.18) if d.chance(0.75) else d.between(0.18, 0.5)
    )  # or in a deep box of a frame
    longest = max(w, h)
    frame, leaf = d.pair()
    if d.chance(0.5):
        frame = d.colour(0.5, 1.0)
    post = w * (d.between(0.03, 0.14) if d.chance(0.75) else d.between(0.14, 0.3))  # or a wall around it
    sides = d.one_of("four", "no bottom", "no bottom", "left and right", "left and right")
    hinge = d.one_of("left", "right")
    top = 0.0 if sides == "left and right" else post / h
    bottom = post / h if sides == "four" else (0.0 if d.chance(0.4) else d.between(0.0, 0.02))
    if sides == "left and right" and d.chance(0.5):  # a leaf that does not reach the ends of its posts
        top, bottom = d.between(0.0, 0.06), d.between(0.0, 0.06)
    u0 = post / w
    style = d.one_of("plain", "plain", "plain", "panelled", "glazed")
    leaf_node = front_door(
        d,
        longest,
        w * (1 - 2 * u0),
        h * (1 - top - bottom),
        (leaf, d.near(leaf)),
        on("front", u0, 1 - u0, bottom, 1 - top),
        thick=min(depth * d.between(0.25, 0.9), 0.1 * w),
        mount="inset",
        hinge=hinge,
        style=style,
        material=d.one_of("oak", "mdf", "steel"),
        leaves="two" if d.chance(0.12) else "one",
        border=w * d.between(0.08, 0.16),
    )
    nodes: list[Node] = []
    round_posts = sides == "left and right" and d.chance(0.5)
    form = "cylinder z" if round_posts else "box"
    if round_posts:
        post = min(post, depth)
    material = d.one_of("oak", "mdf", "steel")
    half = post / depth / 2 if round_posts else 0.5
    for x0, x1 in ((0.0, post / w), (1 - post / w, 1.0)):
        nodes.append(
            node(
                "block",
                frame,
                form=form,
                x0=x0,
                x1=x1,
                y0=0.5 - half,
                y1=0.5 + half,
                z0=0,
                z1=1,
                material=material,
            )
        )
    if sides != "left and right":
        nodes.append(
            node(
                "block",
                frame,
                form="box",
                x0=post / w,
                x1=1 - post / w,
                y0=0,
                y1=1,
                z0=1 - post / h,
                z1=1,
                material=material,
            )
        )
    if sides == "four":
        nodes.append(
            node(
                "block",
                frame,
                form="box",
                x0=post / w,
                x1=1 - post / w,
                y0=0,
                y1=1,
                z0=0,
                z1=post / h,
                material=material,
            )
        )
    nodes.append(leaf_node)
    return boxed("door", w, depth, h, nodes)


CATEGORY = Category("door", "Door in its frame", sample, bulk=350, fixed_base=True, weight=2.0)

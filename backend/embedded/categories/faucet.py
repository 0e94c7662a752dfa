# SPDX-License-Identifier: GPL-3.0-or-later
"""A faucet: a spout that swivels, with one lever, two handles, or cross knobs."""

from __future__ import annotations

import numpy as np

from ..program.node import RGB, Node, Program
from .base import Category, Draw, boxed, node
from .metres import Metres


def sample(rng: np.random.Generator) -> Program:
    """Kitchen and basin mixers and two-handle sets on a deck plate; the spout points at the viewer or aside."""
    d = Draw(rng)
    colour = d.one_of(
        (0.82, 0.83, 0.85), (0.75, 0.76, 0.78), (0.08, 0.08, 0.09), (0.78, 0.62, 0.32), d.metal()
    )
    two = d.chance(0.45)
    tall = d.chance(0.5)
    reach = d.between(0.16, 0.24) if tall else d.between(0.1, 0.17)
    high = d.between(0.26, 0.42) if tall else d.between(0.1, 0.2)
    post = d.between(0.038, 0.055)
    wide = d.between(0.18, 0.3) if two else post * d.between(1.2, 2.0)
    plate = d.between(0.006, 0.016)
    back = d.between(0.5, 0.8) * post + 0.01
    deep = reach + back + post / 2
    m = Metres.root(wide, deep, high)
    c, y = wide / 2, deep - back
    metal = d.one_of("brass", "stainless steel")
    nodes: list[Node] = []
    if two or d.chance(0.4):
        nodes.append(
            node(
                "block",
                colour,
                form=d.one_of("rounded box", "box"),
                **m.box(0, wide, y - 0.6 * post, y + 0.6 * post, 0, plate),
                material=metal,
            )
        )
    body = high * d.between(0.25, 0.45) if tall else high * d.between(0.5, 0.75)
    r = post / 2
    nodes.append(
        node(
            "block",
            colour,
            form=d.one_of("cylinder z", "cylinder z", "cone"),
            **m.box(c - r, c + r, y - r, y + r, 0, body),
            material=metal,
        )
    )
    nodes.append(_spout(d, m, c, y, body + 0.002, high, reach, post, tall, colour, metal))
    if two:
        x = 0.6 * post
        first = _stand(d, m, x, y, post, plate, high, colour, metal)
        second = first.copy()  # the same on the other side
        second.values |= {"x0": 1 - first.values["x1"], "x1": 1 - first.values["x0"]}
        nodes += [first, second]
    else:
        nodes += _lever(d, m, c, y, r, body, post, colour, metal)
    return boxed("faucet", wide, deep, high, nodes)


def _spout(
    d: Draw,
    m: Metres,
    c: float,
    y: float,
    low: float,
    high: float,
    reach: float,
    post: float,
    tall: bool,
    colour: RGB,
    metal: str,
) -> Node:
    """The spout with its collar, turning about the upright axis."""
    half = reach + 0.5 * post  # the box is even about the axis, so that its middle is the pivot
    t = m.inside(c - half, c + half, y - half, y + half, low, high)
    pipe = post * d.between(0.4, 0.6)
    x, out = c, y - reach
    children = [
        node(
            "block",
            colour,
            form="cylinder z",
            **t.box(
                c - post / 2.4,
                c + post / 2.4,
                y - post / 2.4,
                y + post / 2.4,
                low,
                low + 0.3 * (high - low) * (0.4 if tall else 1),
            ),
            material=metal,
        )
    ]
    if tall:
        bow = reach / 2 * d.between(0.9, 1.15)
        spring = high - bow - pipe / 2
        end = spring - d.between(0.0, 0.5) * max(spring - low - 0.05, 0.0)
        square = d.chance(0.3)
        if square:
            children.append(
                _tube(
                    t,
                    colour,
                    (x, y, low),
                    (x, out, high - pipe / 2),
                    pipe,
                    0.2 * reach,
                    "up, then across",
                    metal,
                )
            )
            children.append(
                _tube(
                    t,
                    colour,
                    (x, out, high - pipe / 2),
                    (x, out, high - 0.25 * (high - low)),
                    pipe,
                    0.01,
                    "straight",
                    metal,
                )
            )
        else:
            children.append(
                _tube(
                    t,
                    colour,
                    (x, y, low),
                    (x, out, end),
                    pipe,
                    high - pipe / 2 - max(end, low),
                    "gooseneck",
                    metal,
                )
            )
    else:
        z = high - pipe / 2
        drop = d.between(0.2, 0.6) * (high - low)
        if d.chance(0.5):
            children.append(
                _tube(
                    t,
                    colour,
                    (x, y, low + 0.2 * (high - low)),
                    (x, out, z),
                    pipe,
                    0.4 * (high - low),
                    d.one_of("straight", "up, then across"),
                    metal,
                )
            )
            children.append(
                _tube(t, colour, (x, out, z), (x, out - 0.001, z - drop), pipe, 0.01, "straight", metal)
            )
        else:
            children.append(
                node(
                    "block",
                    colour,
                    form=d.one_of("box", "rounded box"),
                    **t.box(c - 0.4 * post, c + 0.4 * post, out, y, z - 0.4 * pipe, high),
                    material=metal,
                )
            )
            children.append(
                _tube(
                    t,
                    colour,
                    (x, out + 0.4 * pipe, z),
                    (x, out + 0.4 * pipe, z - 0.6 * drop),
                    0.7 * pipe,
                    0.01,
                    "straight",
                    metal,
                )
            )
            children.append(_tube(t, colour, (x, y, low), (x, y, z), pipe, 0.01, "straight", metal))
    return node(
        "flap",
        colour,
        children,
        form="pin",
        **m.box(c - half, c + half, y - half, y + half, low, high),
        axis="z",
        pivot="middle middle",
        sense="both",
        range=d.between(1.0, 2.4) if tall else d.between(0.3, 1.0),
        open=0.5 if d.chance(0.6) else d.between(0, 1),
        material=metal,
    )


def _tube(
    t: Metres,
    colour: RGB,
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    wide: float,
    bow: float,
    form: str,
    metal: str,
) -> Node:
    return node(
        "pipe", colour, **t.line(a, b), width=t(wide), bow=t(max(bow, 0.002)), form=form, material=metal
    )


def _stand(
    d: Draw, m: Metres, x: float, y: float, post: float, plate: float, high: float, colour: RGB, metal: str
) -> Node:
    """A pillar with a cross knob or a lever on top."""
    r = 0.42 * post
    z1 = plate + d.between(0.02, 0.04)
    box = (x - r, x + r, y - r, y + r, 0.0, z1)
    top = m.inside(*box)
    style = d.one_of("dial", "rim", "lever", "dial")
    if style == "lever":
        k = 0.16 * post
        child = node(
            "lever",
            colour,
            **top.on("top", x - k, x + k, y - 1.35 * r, y + k),
            columns=1,
            rows=1,
            depth=m(0.02),
            width=m(2 * k),
            axis="normal",
            grip="none",
            range=d.between(1.0, 1.6),
            open=d.one_of(0.0, 1.0),
            material=metal,
        )
    elif style == "rim":
        k = 1.2 * r
        child = node(
            "wheel",
            colour,
            **top.on("top", x - k, x + k, y - k, y + k),
            columns=1,
            rows=1,
            depth=m(0.012),
            stem=m(0.012),
            form="rim",
            open=0.0,
            material=metal,
        )
    else:
        k = d.between(0.8, 1.15) * r
        child = node(
            "dial",
            (colour, d.one_of((0.7, 0.1, 0.1), (0.1, 0.2, 0.7), colour)),
            **top.on("top", x - k, x + k, y - k, y + k),
            columns=1,
            rows=1,
            depth=m(d.between(0.02, 0.035)),
            top=d.between(0.7, 1.0),
            ridge=d.one_of(0.0, 0.4),
            ridge_width=0.3,
            range=d.between(1.5, 6.0),
            open=0.0,
            material=metal,
        )
    return node("block", colour, [child], form="cylinder z", **m.box(*box), material=metal)


def _lever(
    d: Draw, m: Metres, c: float, y: float, r: float, body: float, post: float, colour: RGB, metal: str
) -> list[Node]:
    """The single lever: out of the side of the body."""
    z = body * d.between(0.6, 0.8)
    k = 0.3 * post
    long = d.between(0.06, 0.11)
    boss = (c + 0.7 * r, c + r + 0.018, y - k, y + k, z - k, z + k)
    b = m.inside(*boss)
    w = 0.16 * post
    lever = node(
        "lever",
        colour,
        **b.on("right", y - w, y + w, z - w, z - w + long),
        columns=1,
        rows=1,
        depth=m(0.022),
        width=m(2 * w),
        axis="normal",
        grip="none",
        range=d.between(0.8, 1.6),
        open=d.one_of(0.0, d.between(0, 1)),
        material=metal,
    )
    return [node("block", colour, [lever], form="cylinder x", **m.box(*boss), material=metal)]


CATEGORY = Category("faucet", "Faucet with a swivelling spout", sample, bulk=4000, fixed_base=True)

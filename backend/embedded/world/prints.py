# SPDX-License-Identifier: GPL-3.0-or-later
"""What is printed or shown on fronts: labels, marks, control panels, displays, screens. No mark of a real maker."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from backend.render.pack import linear_colour

Array = npt.NDArray[np.float32]
COUNT = 8
_LETTERS = "ABCDEFGHIKLMNOPRSTUVXZ0123456789"


def _word(rng: np.random.Generator, longest: int = 9) -> str:
    return "".join(rng.choice(list(_LETTERS)) for _ in range(int(rng.integers(2, longest))))


def _colour(rng: np.random.Generator, low: int = 0, high: int = 255) -> tuple[int, int, int, int]:
    r, g, b = rng.integers(low, high + 1, 3)
    return int(r), int(g), int(b), 255


class _Sheet:
    """A drawing (S, S) with transparency; coordinates are shares of its side."""

    def __init__(self, side: int) -> None:
        self.side = 2 * side
        self.image = Image.new("RGBA", (self.side, self.side), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, w: float, h: float, fill: tuple[int, ...], radius: float = 0.0) -> None:
        s = self.side
        corners = (x * s, y * s, max((x + w) * s - 1, x * s), max((y + h) * s - 1, y * s))
        self.draw.rounded_rectangle(corners, radius * s, fill=fill)

    def disc(self, x: float, y: float, r: float, fill: tuple[int, ...]) -> None:
        s = self.side
        self.draw.ellipse(((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=fill)

    def text(self, x: float, y: float, height: float, words: str, fill: tuple[int, ...]) -> None:
        s = self.side
        self.draw.text((x * s, y * s), words, fill=fill, font=ImageFont.load_default(max(height * s, 5.0)))

    def result(self, side: int) -> tuple[Array, Array]:
        small = np.asarray(self.image.resize((side, side), Image.Resampling.BOX), np.float32) / 255
        return linear_colour(small[..., :3]).astype(np.float32), small[..., 3].astype(np.float32)


def label(rng: np.random.Generator, side: int) -> tuple[Array, Array]:
    """A sticker with a headline, lines of small print, perhaps bars."""
    sheet = _Sheet(side)
    x, y, w, h = (
        rng.uniform(0.05, 0.3),
        rng.uniform(0.05, 0.4),
        rng.uniform(0.4, 0.65),
        rng.uniform(0.25, 0.5),
    )
    ground, ink = _colour(rng), _colour(rng, 0, 90)
    sheet.box(x, y, w, h, ground, 0.02)
    sheet.text(x + 0.03, y + 0.02, h * rng.uniform(0.2, 0.4), _word(rng, 7), ink)
    for k in range(int(rng.integers(1, 5))):
        sheet.box(x + 0.03, y + h * (0.5 + 0.1 * k), w * rng.uniform(0.3, 0.85), 0.014, ink)
    if rng.random() < 0.4:
        at = x + 0.55 * w
        while at < x + 0.95 * w:
            bar = rng.uniform(0.005, 0.02)
            sheet.box(at, y + 0.55 * h, bar, 0.35 * h, (10, 10, 10, 255))
            at += bar + rng.uniform(0.006, 0.02)
    return sheet.result(side)


def mark(rng: np.random.Generator, side: int) -> tuple[Array, Array]:
    """A maker's name or sign, small, somewhere on the front."""
    sheet = _Sheet(side)
    ink = _colour(rng)
    x, y = rng.uniform(0.05, 0.6), rng.uniform(0.05, 0.85)
    if rng.random() < 0.5:
        r = rng.uniform(0.02, 0.08)
        sheet.disc(x + r, y + r, r, ink)
        sheet.disc(x + 1.2 * r, y + r, 0.5 * r, _colour(rng))
        x += 2.4 * r
    sheet.text(x, y, rng.uniform(0.05, 0.16), _word(rng), ink)
    return sheet.result(side)


def panel(rng: np.random.Generator, side: int) -> tuple[Array, Array]:
    """A control panel: keys in a grid, a display, lamps."""
    sheet = _Sheet(side)
    if rng.random() < 0.6:
        sheet.box(0, 0, 1, 1, _colour(rng, 5, 80) if rng.random() < 0.6 else _colour(rng, 150, 245))
    columns, rows = int(rng.integers(1, 6)), int(rng.integers(1, 7))
    key, ink = _colour(rng), _colour(rng)
    top = 0.08
    if rng.random() < 0.7:
        height = rng.uniform(0.12, 0.3)
        sheet.box(0.1, top, 0.8, height, (12, 18, 22, 255), 0.02)
        lit = [(70, 230, 120, 255), (250, 90, 60, 255), (120, 200, 255, 255), (245, 245, 235, 255)]
        sheet.text(
            0.2,
            top + 0.02,
            height * 0.8,
            f"{int(rng.integers(24)):02d}:{int(rng.integers(60)):02d}",
            lit[int(rng.integers(4))],
        )
        top += height + 0.06
    w, h = 0.84 / columns, (0.92 - top) / rows
    round_ = rng.random() < 0.4
    for c in range(columns):
        for r in range(rows):
            x, y = 0.08 + c * w, top + r * h
            if round_:
                sheet.disc(x + w / 2, y + h / 2, 0.36 * min(w, h), key)
            else:
                sheet.box(x + 0.1 * w, y + 0.12 * h, 0.8 * w, 0.76 * h, key, 0.1 * min(w, h))
            if rng.random() < 0.8:
                sheet.text(x + 0.3 * w, y + 0.25 * h, 0.5 * min(w, h), str(rng.choice(list(_LETTERS))), ink)
    return sheet.result(side)


def screen(rng: np.random.Generator, side: int) -> tuple[Array, Array]:
    """A screen that is on: windows, lines of text, a picture; or one that is off."""
    sheet = _Sheet(side)
    sheet.box(0, 0, 1, 1, (8, 8, 10, 255))
    if rng.random() < 0.25:
        return sheet.result(side)
    m = rng.uniform(0.01, 0.07)
    sheet.box(m, m, 1 - 2 * m, 1 - 2 * m, _colour(rng))
    for _ in range(int(rng.integers(1, 6))):
        x, y = rng.uniform(m, 0.6), rng.uniform(m, 0.7)
        w, h = rng.uniform(0.1, 0.95 - x), rng.uniform(0.08, 0.95 - y)
        ground = _colour(rng)
        sheet.box(x, y, w, h, ground)
        for k in range(int(h / 0.06)):
            sheet.box(x + 0.02, y + 0.03 + 0.06 * k, w * rng.uniform(0.2, 0.9), 0.02, _colour(rng, 0, 120))
    return sheet.result(side)


def gauge(rng: np.random.Generator, side: int) -> tuple[Array, Array]:
    """A round scale with ticks and a hand, as on clocks, dials and meters."""
    sheet = _Sheet(side)
    ground, ink = _colour(rng, 180, 255), _colour(rng, 0, 80)
    if rng.random() < 0.3:
        ground, ink = ink, ground
    sheet.disc(0.5, 0.5, 0.48, ground)
    ticks = int(rng.choice([8, 10, 12, 24]))
    s = sheet.side
    for k in range(ticks):
        a = 2 * np.pi * k / ticks
        inner = 0.36 if k % 3 else 0.32
        line = [(s * (0.5 + r * np.sin(a)), s * (0.5 - r * np.cos(a))) for r in (inner, 0.44)]
        sheet.draw.line(line, fill=ink, width=max(2, s // 60))
    for reach in (0.25, 0.38):
        a = rng.uniform(0, 2 * np.pi)
        tip = (s * (0.5 + reach * np.sin(a)), s * (0.5 - reach * np.cos(a)))
        sheet.draw.line([(s * 0.5, s * 0.5), tip], fill=ink, width=max(3, s // 45))
    return sheet.result(side)


MAKERS: dict[str, Callable[[np.random.Generator, int], tuple[Array, Array]]] = {
    "label": label,
    "mark": mark,
    "panel": panel,
    "screen": screen,
    "gauge": gauge,
}

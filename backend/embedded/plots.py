# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of how a model does and how it has learned."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physx_blender.errors import AssetError

_COLOURS = ("#8a97a8", "#e0a030", "#2f6fb0")


def need_matplotlib() -> None:
    """Raise AssetError where plots cannot be drawn; it is not among the backend's own requirements."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise AssetError(
            "needs matplotlib; install it into the backend's environment, or leave --plots out",
            where="--plots",
        ) from None
    mpl.use("Agg")


def plot_evaluation(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw a report of `evaluate` into `folder`; returns the files."""
    need_matplotlib()
    folder.mkdir(parents=True, exist_ok=True)
    cases = report["cases"]
    return [
        _confusion(cases, folder / "confusion.png"),
        _categories(report["by_category"], folder / "categories.png"),
        _stages(cases, folder / "stages.png"),
        _reliability(cases, folder / "reliability.png"),
    ]


def plot_training(log: Sequence[Mapping[str, float]], path: Path) -> Path:
    """Draw the learning curve of a training (the `log` of its checkpoint)."""
    need_matplotlib()
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4))
    seen = [row["seen"] / 1000 for row in log]
    for name, colour in zip(("nll", "aux", "places"), _COLOURS[::-1], strict=True):
        axes.plot(seen, [row[name] for row in log], color=colour, label=name, linewidth=1)
    axes.set(xlabel="thousand samples", ylabel="loss", yscale="log", title="Learning curve")
    axes.legend(frameon=False)
    return _saved(figure, path)


def _saved(figure: Any, path: Path) -> Path:
    import matplotlib.pyplot as plt

    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def _confusion(cases: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """Which category is taken for which: shares of a true category's objects."""
    import matplotlib.pyplot as plt

    names = sorted({c["category"] for c in cases} | {c["predicted"] for c in cases})
    table = np.zeros((len(names), len(names)))
    for case in cases:
        table[names.index(case["category"]), names.index(case["predicted"])] += 1
    table /= np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(9, 9))
    axes.imshow(table, cmap="Blues", vmin=0, vmax=1)
    labels = [name.replace("_", " ") for name in names]
    axes.set_xticks(range(len(names)), labels, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), labels, fontsize=6)
    axes.set(xlabel="read as", ylabel="is", title="Categories")
    return _saved(figure, path)


def _categories(by_category: Mapping[str, Mapping[str, float]], path: Path) -> Path:
    import matplotlib.pyplot as plt

    names = sorted(by_category, key=lambda n: by_category[n]["joints_fitted"])
    figure, axes = plt.subplots(figsize=(7, max(3.0, 0.17 * len(names))))
    place = np.arange(len(names))
    for shift, (key, words, colour) in enumerate(
        (("right_fitted", "category", _COLOURS[0]), ("joints_fitted", "joint F1", _COLOURS[2]))
    ):
        axes.barh(place + 0.4 * shift, [by_category[n][key] for n in names], 0.4, color=colour, label=words)
    axes.set_yticks(place + 0.2, [name.replace("_", " ") for name in names], fontsize=6)
    axes.set(xlim=(0, 1), title="Results by category")
    axes.legend(frameon=False, fontsize=7)
    return _saved(figure, path)


def _stages(cases: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """What every stage adds: the share of objects that reach at least some silhouette overlap, and joint F1."""
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    for stage, colour in zip(cases[0]["stages"], _COLOURS, strict=True):
        for axes, key in ((left, "silhouette"), (right, "joints")):
            values = np.sort([c["stages"][stage][key] for c in cases])[::-1]
            share = np.arange(1, len(values) + 1) / len(values)
            axes.step(values, share, where="post", color=colour, label=stage)
    left.set(xlabel="silhouette IoU at least", ylabel="share of objects", xlim=(0.5, 1))
    right.set(xlabel="joint F1 at least", xlim=(0, 1))
    left.legend(frameon=False)
    return _saved(figure, path)


def _reliability(cases: Sequence[Mapping[str, Any]], path: Path) -> Path:
    """How often results were right, by the confidence that was said of them."""
    import matplotlib.pyplot as plt

    said = np.array([c["confidence"] for c in cases])
    right = np.array([float(c["correct"]) for c in cases])
    figure, axes = plt.subplots(figsize=(4, 4))
    axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
    edges = np.linspace(0, 1, 6)
    for low, high in itertools.pairwise(edges):
        here = (said >= low) & ((said < high) | (high == 1.0))
        if here.any():
            axes.scatter(said[here].mean(), right[here].mean(), s=20 + 3 * here.sum(), color=_COLOURS[2])
            axes.annotate(str(int(here.sum())), (said[here].mean(), right[here].mean()), fontsize=7)
    axes.set(
        xlabel="confidence", ylabel="share that was right", xlim=(0, 1), ylim=(0, 1), title="Reliability"
    )
    return _saved(figure, path)

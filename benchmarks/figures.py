# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of a benchmark that measures an asset of so many parts in so many rounds."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping


def tell(measure: Callable[[int, int], Mapping[str, float]], description: str | None, rounds: int) -> None:
    """Measure (parts, rounds) as the options say, and print the figures, a line each or as JSON."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.parts, options.rounds)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:30} {value:10.4g}")

# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure the model is of each part: from what it sees where the part is, and from how many proposals have one like it."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from backend.render import LightBatch, pack, render

from ..program.node import Program
from ..world.labels import kinds_and_motion
from ..world.picture import cameras
from ..world.scene import scene
from .compare import Observation
from .propose import Proposal

_LEAST_PIXELS = 6


def part_confidence(
    program: Program, observation: Observation, proposals: Sequence[Proposal]
) -> dict[int, float]:
    """Confidence 0..1 of each part by its number in the build.

    A part that is seen: the mean probability, over its pixels, of its kind of component and of whether it moves, as the
    network sees it there. One that is not: the share of the proposals that have a component of its kind.
    """
    build, items = scene(program)
    kinds, moves = kinds_and_motion(build)
    among = {
        kind: sum(any(n.kind == kind for n in p.program.walk()) for p in proposals) / max(len(proposals), 1)
        for kind in {node.kind for node in build.node_of_part}
    }
    out = {k: among[node.kind] for k, node in enumerate(build.node_of_part)}
    sight = observation.sight
    if sight is None or not items:
        return {k: round(v, 3) for k, v in out.items()}
    side = observation.size
    with torch.inference_mode():
        part = render(
            pack([items], "cpu"),
            cameras([observation.framing(program, items)]),
            (side, side),
            LightBatch.studio(1, shadow=False),
            want=("part",),
        )["part"][0]
    cell = torch.arange(side) * len(sight.moves) // side
    likely = sight.kinds[cell][:, cell].exp()
    moving = sight.moves[cell][:, cell]
    for k in out:
        here = part == k
        if int(here.sum()) < _LEAST_PIXELS:
            continue
        motion = moving[here] if moves[k + 1] else 1 - moving[here]
        out[k] = float((likely[here][:, int(kinds[k + 1])] * motion).mean())
    return {k: round(min(max(v, 0.0), 1.0), 3) for k, v in out.items()}

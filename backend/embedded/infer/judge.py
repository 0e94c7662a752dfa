# SPDX-License-Identifier: GPL-3.0-or-later
"""Which reading of a picture is best, and how far to trust it: weights that `calibrate` has learned from held-out objects."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from physx_blender.errors import AssetError

from .compare import Agreement
from .propose import Proposal

SHIPPED = Path(__file__).resolve().parents[1] / "weights" / "judgement.json"
EVIDENCE = ("silhouette", "regions", "edges", "places", "belief", "share", "consensus")
"""What speaks for a reading: its outline, its inner regions and edges, what the network sees at every place, the model's mean
log-probability of its structure, the logarithm of the share of proposals that are of its category, and how much it has in
common with the others (see `consensus`)."""

SHORTLIST = (1.0, 0.45, 0.4, 0.15, 0.3, 0.1, 0.7)
"""What the evidence counts when it is chosen which proposals are fitted: what they have in common counts much.

Between fitted readings, which have been chosen by that, the picture decides (see `calibrate.PRIOR`).
"""


LEAD_LIMIT = 0.5


def evidence(proposal: Proposal, agreement: Agreement, proposals: Sequence[Proposal]) -> tuple[float, ...]:
    """Values of EVIDENCE, but for the last, for a proposal that has come to this agreement."""
    same = sum(p.program.category == proposal.program.category for p in proposals)
    share = math.log(max(same, 1) / len(proposals))
    return (
        agreement.silhouette,
        agreement.regions,
        agreement.edges,
        agreement.places,
        max(proposal.log_probability, -3.0),
        share,
    )


@dataclass(frozen=True)
class Judgement:
    """ranking: weight of each EVIDENCE, between fitted readings.  shortlist: the same for what is fitted at all.

    trust: bias, then weight of each EVIDENCE and of the lead over other readings.  belongs: the same for whether the object is
    one of the model's world at all.
    """

    ranking: tuple[float, ...]
    trust: tuple[float, ...]
    belongs: tuple[float, ...]
    shortlist: tuple[float, ...] = SHORTLIST

    def __post_init__(self) -> None:
        sizes = {
            "ranking": len(EVIDENCE),
            "shortlist": len(EVIDENCE),
            "trust": len(EVIDENCE) + 2,
            "belongs": len(EVIDENCE) + 2,
        }
        for name, size in sizes.items():
            values = getattr(self, name)
            if len(values) != size or not all(math.isfinite(v) for v in values):
                raise AssetError(f"has not {size} finite numbers", where=name)

    @staticmethod
    def load(path: Path | None = None) -> Judgement:
        """Read what `calibrate` has written; the shipped one by default."""
        path = path or SHIPPED
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return Judgement(
                *(tuple(map(float, found[k])) for k in ("ranking", "trust", "belongs", "shortlist"))
            )
        except (OSError, ValueError, KeyError, TypeError, AssetError) as error:
            raise AssetError(
                f"is no judgement of the embedded model ({error}); write one with 'physx-blender calibrate'",
                where=str(path),
            ) from None

    def score(self, of: Sequence[float]) -> float:
        """What fitted readings of one picture are ranked by."""
        return _weighed(self.ranking, of)

    def promise(self, of: Sequence[float]) -> float:
        """What readings are chosen by to be fitted."""
        return _weighed(self.shortlist, of)

    def confidence(self, of: Sequence[float], lead: float) -> float:
        """Probability that a reading is right; `lead`: how far its score is above the best of another category."""
        return _logistic(self.trust, (*of, lead))

    def belonging(self, of: Sequence[float], lead: float) -> float:
        """Probability that the object is of a kind that the model knows."""
        return _logistic(self.belongs, (*of, lead))


def lead_of(scores: Sequence[float], categories: Sequence[str], first: int) -> float:
    """How far the score of a reading is above the best of another category, at most LEAD_LIMIT."""
    others = [s for s, c in zip(scores, categories, strict=True) if c != categories[first]]
    return min(scores[first] - max(others), LEAD_LIMIT) if others else LEAD_LIMIT


def _logistic(weights: Sequence[float], values: Sequence[float]) -> float:
    x = weights[0] + _weighed(weights[1:], values)
    return 1.0 / (1.0 + math.exp(-min(max(x, -30.0), 30.0)))


def _weighed(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(w * v for w, v in zip(weights, values, strict=True))

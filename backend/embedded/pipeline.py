# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded generator: one picture in, an asset (and alternatives) out."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.geometry import Pose
from physx_blender.model import Asset, Camera, Provenance
from physx_blender.model.provenance import LOW_CONFIDENCE

from .infer.compare import Agreement, Observation, best_first
from .infer.crop import Crop, crop_around
from .infer.fit import Search, fit, search_together
from .infer.paint import painted, part_colours
from .infer.propose import Proposal, propose
from .infer.repair import repair
from .infer.segment import estimate_mask
from .infer.sight import Sight, see
from .model.weights import load_weights
from .program.build import collect, settle_shift, to_asset
from .program.node import Program
from .world.framing import Framing
from .world.scene import scene

Progress = Callable[[str, float, str], None]
_SURE, _CONSENT = 0.88, 1.47


@dataclass(frozen=True)
class Settings:
    """How much to try.

    samples: proposals.  heats: (how many are fitted, rounds each) of a knock-out: after each heat the best go on.
    population: of a fit.  last_rounds: of the winner's at the finer resolution.  coarse, fine: pixels a side for comparing.
    belief: weight of the model's log-probability beside the agreement; consent: weight of the logarithm of the share of
        proposals of the same category.  alike: finalists of one structure at the most.
    """

    samples: int = 32
    heats: tuple[tuple[int, int], ...] = ((6, 4), (3, 5), (2, 4))
    last_rounds: int = 14
    population: int = 14
    coarse: int = 64
    fine: int = 96
    belief: float = 0.2
    consent: float = 0.05
    alike: int = 2


@dataclass(frozen=True)
class Candidate:
    """A proposal with the program it has become and how well that agrees."""

    proposal: Proposal
    program: Program
    agreement: Agreement
    prior: float

    @property
    def score(self) -> float:
        """What candidates are ranked by: agreement with the picture, and what the model thought."""
        return self.agreement.total + self.prior


@dataclass(frozen=True)
class Generated:
    """What a picture became.

    confidence: 0..1.  timings: seconds by stage.  notes: what the user should know.
    """

    asset: Asset
    alternatives: tuple[Asset, ...]
    confidence: float
    timings: dict[str, float]
    notes: tuple[str, ...]
    program: Program
    agreement: Agreement


class Generator:
    """Holds the weights; `generate` may be called again and again."""

    def __init__(self, weights: Path | None = None, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        loaded = load_weights(weights)
        self.network, self.sha256 = loaded.network, loaded.sha256

    def generate(
        self,
        rgb: npt.NDArray[np.uint8],
        mask: npt.NDArray[np.uint8] | None,
        *,
        seed: int,
        name: str,
        image_sha256: str,
        alternatives: int = 0,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Generated:
        """Turn a picture (H, W, 3) and its mask (H, W), if any, into an asset.

        alternatives: how many other readings to build as well. Raises AssetError when no object can be made out.
        Deterministic for the same picture, mask and seed.
        """
        tell = progress or (lambda stage, fraction, message: None)
        clock = _Clock()
        notes: list[str] = []
        if mask is None:
            tell("cutting out", 0.0, "finding the object")
            mask = estimate_mask(rgb)
            notes.append(
                "The object was cut out by estimate; a picture with transparency or a mask gives better results."
            )
            clock.lap("segment")
        crop = crop_around(rgb, mask, self.network.config.image)
        tell("proposing", 0.05, f"proposing {self.settings.samples} programs")
        picture = (
            torch.from_numpy(np.concatenate([crop.rgb, crop.mask[..., None]], axis=2))
            .permute(2, 0, 1)
            .contiguous()
        )
        sight = see(self.network, picture)
        proposals = propose(self.network, sight, self.settings.samples, seed)
        clock.lap("propose")
        tell("comparing", 0.3, f"comparing {len(proposals)} programs with the picture")
        finalists = self.compare(proposals, crop, sight)
        clock.lap("compare")
        ranked = self.refine(finalists, crop, sight, seed, tell, cancelled)
        clock.lap("fit")
        tell("building", 0.85, "making the asset physically possible, in the colours of the picture")
        built: list[tuple[Candidate, float, Asset]] = []
        failure: AssetError | None = None
        for candidate in ranked:
            if len(built) > alternatives:
                break
            own = self.confidence(candidate, proposals)
            try:
                asset = self._finish(
                    candidate, crop, rgb.shape[1], rgb.shape[0], name, image_sha256, seed, own, cancelled
                )
            except AssetError as error:  # a reading that cannot be built must not cost the others
                failure = error
                continue
            built.append((candidate, own, asset))
        if not built:
            assert failure is not None
            raise failure
        winner, confidence, _ = built[0]
        if confidence < LOW_CONFIDENCE:
            notes.append(
                f"Low confidence ({confidence:.0%}): this may not be an object the embedded model knows "
                f"({', '.join(sorted(_known()))})."
            )
        clock.lap("build")
        assets = [
            replace(a, provenance=replace(a.provenance, notes=(*notes, *a.provenance.notes)))
            for _, _, a in built
        ]
        return Generated(
            assets[0],
            tuple(assets[1:]),
            confidence,
            clock.laps,
            assets[0].provenance.notes,
            winner.program,
            winner.agreement,
        )

    def compare(self, proposals: list[Proposal], crop: Crop, sight: Sight | None) -> list[Candidate]:
        """The best proposals, each with the best of a few views around its own."""
        s = self.settings
        observation = Observation(crop, s.coarse, sight)
        programs, owner = [], []
        for k, proposal in enumerate(proposals):
            for azimuth, elevation in ((0, 0), (-0.15, 0), (0.15, 0), (0, -0.1), (0, 0.1)):
                program = proposal.program.copy()
                program.view.azimuth += azimuth
                program.view.elevation += elevation
                programs.append(program)
                owner.append(k)
        agreements = observation.agreement(programs)
        share = Counter(p.program.category for p in proposals)
        priors = [
            s.belief * p.log_probability + s.consent * math.log(share[p.program.category] / len(proposals))
            for p in proposals
        ]
        best: dict[int, Candidate] = {}
        for program, agreement, k in zip(programs, agreements, owner, strict=True):
            candidate = Candidate(proposals[k], program, agreement, priors[k])
            if k not in best or candidate.score > best[k].score:
                best[k] = candidate
        found = [c for c in best.values() if c.agreement.silhouette > 0.0]
        if not found:
            raise AssetError(
                "no proposal could be built from this picture; try another seed or a clearer cut-out",
                where="image",
            )
        ranked = [found[k] for k in best_first([c.score for c in found])]
        # fitting shall choose between different readings of the picture, not between copies of one
        chosen: list[Candidate] = []
        seen: Counter[tuple[str, ...]] = Counter()
        for candidate in ranked:
            structure = (candidate.program.category, *sorted(n.kind for n in candidate.program.walk()))
            seen[structure] += 1
            if seen[structure] <= s.alike:
                chosen.append(candidate)
        return chosen[: s.heats[0][0]]

    def refine(
        self,
        finalists: list[Candidate],
        crop: Crop,
        sight: Sight | None,
        seed: int,
        tell: Progress,
        cancelled: Callable[[], bool] | None,
    ) -> list[Candidate]:
        """Fit the finalists in a knock-out, then the winner once more at a finer resolution; best first."""
        s = self.settings
        observation = Observation(crop, s.coarse, sight)
        before = observation.agreement([c.program for c in finalists])
        searches = [
            Search(c.program, a, s.population, seed + k)
            for k, (c, a) in enumerate(zip(finalists, before, strict=True))
        ]
        running = list(range(len(searches)))
        out: list[int] = []

        def order(which: list[int]) -> list[int]:
            ranked = best_first([searches[k].result.after.total + finalists[k].prior for k in which])
            return [which[i] for i in ranked]

        for heat, (left, rounds) in enumerate(s.heats):
            out = [*running[left:], *out]
            running = running[:left]
            message = f"fitting {len(running)} of {len(finalists)} readings"
            tell("fitting", 0.4 + 0.35 * heat / len(s.heats), message)
            search_together([searches[k] for k in running], observation, rounds, cancelled)
            running = order(running)
        ranked = [
            replace(finalists[k], program=searches[k].result.program, agreement=searches[k].result.after)
            for k in [*running, *out]
        ]
        if s.last_rounds:
            tell("fitting", 0.75, "fitting the best reading")
            result = fit(
                ranked[0].program,
                Observation(crop, s.fine, sight),
                rounds=s.last_rounds,
                population=s.population,
                seed=seed + 97,
                cancelled=cancelled,
            )
            ranked[0] = replace(ranked[0], program=result.program, agreement=result.after)
        return ranked

    def confidence(self, candidate: Candidate, proposals: list[Proposal]) -> float:
        """How far to trust a candidate.

        A logistic function of the share of proposals of its category, fitted to 143 held-out objects of our own world
        ("right" = category right and joint F1 at least 2/3; 64 per cent were), times how well the outline fits: what
        is not of that world shows there.
        """
        same = sum(p.program.category == candidate.program.category for p in proposals) / len(proposals)
        right = 1.0 / (1.0 + math.exp(-(_SURE + _CONSENT * math.log(same))))
        outline = min(max((candidate.agreement.silhouette - 0.6) / 0.3, 0.0), 1.0)
        return round(right * outline, 3)

    def _finish(
        self,
        candidate: Candidate,
        crop: Crop,
        width: int,
        height: int,
        name: str,
        image: str,
        seed: int,
        confidence: float,
        cancelled: Callable[[], bool] | None,
    ) -> Asset:
        observation = Observation(crop, crop.size)
        program = candidate.program
        items = scene(program)[1]
        if not items:
            raise AssetError("the proposal has no parts; try another seed", where="image")
        framing = observation.framing(program, items)
        provenance = Provenance(
            generator="embedded",
            version=__version__,
            model="embedded",
            weights=self.sha256,
            seed=seed,
            image=image,
            confidence=confidence,
        )
        program, asset, notes = repair(program, lambda p: to_asset(p, name, provenance), cancelled)
        build = collect(program)
        asset = painted(asset, build, part_colours(program, observation))
        camera = _camera(framing, crop, width, height, settle_shift(build))
        return replace(asset, camera=camera, provenance=replace(asset.provenance, notes=notes))


def _camera(framing: Framing, crop: Crop, width: int, height: int, shift: npt.NDArray[np.float64]) -> Camera:
    """The whole picture's camera, in the frame of the settled asset."""
    scale = crop.side / crop.size
    focal = framing.focal * scale
    cx, cy = crop.left + framing.centre[0] * scale, crop.top + framing.centre[1] * scale
    longer = max(width, height)
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = framing.rotation, framing.eye + shift
    fov = 2 * float(np.arctan(longer / 2 / focal))
    return Camera(
        Pose.from_matrix(matrix), fov, width, height, (width / 2 - cx) / longer, (cy - height / 2) / longer
    )


def _known() -> list[str]:
    from .categories import CATEGORIES

    return [c.replace("_", " ") for c in CATEGORIES]


class _Clock:
    """Seconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """End a stage."""
        now = time.perf_counter()
        self.laps[name] = round(now - self._last, 3)
        self._last = now


__all__ = ["Generated", "Generator", "Settings"]

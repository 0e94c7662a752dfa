# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded generator: one picture in, an asset (and alternatives) out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.geometry import Pose
from physx_blender.geometry.pose import Array
from physx_blender.model import Asset, Camera, Provenance
from physx_blender.model.provenance import LOW_CONFIDENCE, NOT_IN_MY_WORLD

from .infer.certainty import part_confidence
from .infer.compare import Agreement, Observation, best_first
from .infer.consensus import Gist, consensus, likenesses
from .infer.crop import Crop, crop_around, picture_of
from .infer.fit import Search, fit, search_together
from .infer.judge import Judgement, evidence, lead_of
from .infer.paint import painted, part_colours
from .infer.propose import Proposal, propose
from .infer.repair import repair
from .infer.scale import KnownDimension, resized, size_note
from .infer.segment import estimate_mask
from .infer.sight import Sight, see
from .infer.texture import sharpest, textured
from .model.weights import load_weights
from .program.build import collect, settle_shift, to_asset
from .program.node import Program
from .world.framing import Framing
from .world.scene import scene

Progress = Callable[[str, float, str], None]
_COPY = 0.95  # likeness from which on a reading says nothing new


@dataclass(frozen=True)
class Settings:
    """How much to try.

    samples: proposals.  heats: (how many are fitted, rounds each) of a knock-out: after each heat the best go on.
    population: of a fit.  last_rounds: of the winner's at the finer resolution.  coarse, fine: pixels a side for comparing.
    alike, of_category: finalists that say the same, and of one category, at the most (unless there are no others).
    """

    samples: int = 32
    heats: tuple[tuple[int, int], ...] = ((5, 4), (2, 5))
    last_rounds: int = 14
    population: int = 14
    coarse: int = 64
    fine: int = 96
    alike: int = 2
    of_category: int = 3


@dataclass(frozen=True)
class Candidate:
    """A proposal with the program it has become, how well that agrees, and all that speaks for it (see `judge`)."""

    proposal: Proposal
    program: Program
    agreement: Agreement
    evidence: tuple[float, ...]


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

    def __init__(
        self,
        weights: Path | None = None,
        settings: Settings | None = None,
        judgement: Judgement | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.judge = judgement or Judgement.load()
        self.path = weights
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
        known: KnownDimension | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Generated:
        """Turn a picture (H, W, 3) and its mask (H, W), if any, into an asset.

        alternatives: how many other readings to build as well.  known: a real dimension, which overrides the estimate.
        Raises AssetError when no object can be made out. Deterministic for the same picture, mask and seed.
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
        sight = see(self.network, picture_of(crop))
        proposals = propose(self.network, sight, self.settings.samples, seed)
        clock.lap("propose")
        tell("comparing", 0.3, f"comparing {len(proposals)} programs with the picture")
        finalists = self.compare(proposals, crop, sight)
        clock.lap("compare")
        ranked = self.refine(finalists, crop, sight, seed, tell, cancelled)
        clock.lap("fit")
        tell("building", 0.85, "making the asset physically possible, in the colours of the picture")
        made_by = Provenance(
            generator="embedded",
            version=__version__,
            model="embedded",
            weights=self.sha256,
            seed=seed,
            image=image_sha256,
        )
        sharp = sharpest(rgb, mask)
        built: list[tuple[Candidate, float, float, Asset]] = []
        failure: AssetError | None = None
        scores = [self.judge.score(c.evidence) for c in ranked]
        categories = [c.program.category for c in ranked]
        for k, candidate in enumerate(ranked):
            if len(built) > alternatives:
                break
            lead = lead_of(scores, categories, k)
            belongs = self.judge.belonging(candidate.evidence, lead)
            own = round(self.judge.confidence(candidate.evidence, lead) * min(2 * belongs, 1.0), 3)
            try:
                asset = self._finish(
                    candidate,
                    Observation(crop, crop.size, sight),
                    sharp,
                    proposals,
                    (rgb.shape[1], rgb.shape[0]),
                    replace(made_by, confidence=own),
                    name,
                    known,
                    cancelled,
                )
            except AssetError as error:  # a reading that cannot be built must not cost the others
                failure = error
                continue
            built.append((candidate, own, belongs, asset))
        if not built:
            assert failure is not None
            raise failure
        winner, confidence, belongs, _ = built[0]
        if belongs < 0.5:
            notes.append(
                f"{NOT_IN_MY_WORLD}: this looks like nothing the embedded model knows; what it made is only the nearest of "
                f"{', '.join(sorted(_known()))}."
            )
        elif confidence < LOW_CONFIDENCE:
            notes.append(f"Low confidence ({confidence:.0%}): look at the alternatives before you use it.")
        clock.lap("build")
        assets = [
            replace(a, provenance=replace(a.provenance, notes=(*notes, *a.provenance.notes)))
            for *_, a in built
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
        best: dict[int, tuple[Program, Agreement]] = {}
        for program, agreement, k in zip(programs, agreements, owner, strict=True):
            if agreement.silhouette > 0.0 and (k not in best or agreement.total > best[k][1].total):
                best[k] = program, agreement
        if not best:
            raise AssetError(
                "no proposal could be built from this picture; try another seed or a clearer cut-out",
                where="image",
            )
        gists = [Gist.of(program.category, collect(program)) for program, _ in best.values()]
        alike = likenesses(gists)
        alone = [evidence(proposals[k], a, proposals) for k, (_, a) in best.items()]
        shared = consensus([self.judge.promise((*e, 0.0)) for e in alone], alike)
        found = [
            Candidate(proposals[k], p, a, (*e, float(common)))
            for (k, (p, a)), e, common in zip(best.items(), alone, shared, strict=True)
        ]
        order = best_first([self.judge.promise(c.evidence) for c in found])
        chosen = varied(order, [g.category for g in gists], alike, s.heats[0][0], s.alike, s.of_category)
        return [found[k] for k in chosen]

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

        def now(k: int) -> Candidate:
            fitted = searches[k].result
            return _moved(finalists[k], fitted.program, fitted.after)

        def order(which: list[int]) -> list[int]:
            return [which[i] for i in best_first([self.judge.score(now(k).evidence) for k in which])]

        for heat, (left, rounds) in enumerate(s.heats):
            out = [*running[left:], *out]
            running = running[:left]
            message = f"fitting {len(running)} of {len(finalists)} readings"
            tell("fitting", 0.4 + 0.35 * heat / len(s.heats), message)
            search_together([searches[k] for k in running], observation, rounds, cancelled)
            running = order(running)
        ranked = [now(k) for k in [*running, *out]]
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
            ranked[0] = _moved(ranked[0], result.program, result.after)
        return ranked

    def _finish(
        self,
        candidate: Candidate,
        observation: Observation,
        sharp: Crop,
        proposals: Sequence[Proposal],
        picture: tuple[int, int],
        provenance: Provenance,
        name: str,
        known: KnownDimension | None,
        cancelled: Callable[[], bool] | None,
    ) -> Asset:
        """The asset of a candidate: possible, in the picture's colours, with the camera of the whole picture (width, height)."""
        program = candidate.program if known is None else resized(candidate.program, known)
        items = scene(program)[1]
        if not items:
            raise AssetError("the proposal has no parts; try another seed", where="image")
        framing = observation.framing(program, items)
        program, asset, notes = repair(program, lambda p: to_asset(p, name, provenance), cancelled)
        build = collect(program)
        sure = part_confidence(program, observation, proposals)
        asset = painted(asset, build, part_colours(program, observation))
        asset = textured(asset, build, sharp, framing.scaled(sharp.size / observation.size))
        parts = tuple(replace(part, confidence=sure.get(k)) for k, part in enumerate(asset.parts))
        camera = _camera(framing, observation.crop, *picture, settle_shift(build))
        notes = (size_note(program, candidate.proposal.size_spread, known), *notes)
        return replace(asset, parts=parts, camera=camera, provenance=replace(asset.provenance, notes=notes))


def varied(
    order: Sequence[int], categories: Sequence[str], alike: Array, count: int, same: int, of_category: int
) -> list[int]:
    """The best `count` of `order`, best first, but different ones: fitting shall choose between readings, not between copies.

    alike: (N, N) their likeness.  same: how many copies of one are enough.  of_category: how many of one category are. What is
    beyond that comes after all others: where all readings agree, their proportions still differ.
    """
    chosen: list[int] = []
    kept: list[int] = []
    rest: list[int] = []
    copies: list[int] = []
    for k in order:
        if sum(alike[k, j] > _COPY for j in kept) >= same:
            copies.append(k)
            continue
        kept.append(k)
        enough = sum(categories[j] == categories[k] for j in chosen) >= of_category
        (rest if enough else chosen).append(k)
    return [*chosen, *rest, *copies][:count]


def _moved(candidate: Candidate, program: Program, agreement: Agreement) -> Candidate:
    """The candidate after fitting: what the model and its other proposals say for it has not changed."""
    seen = (agreement.silhouette, agreement.regions, agreement.edges, agreement.places)
    return replace(
        candidate, program=program, agreement=agreement, evidence=(*seen, *candidate.evidence[len(seen) :])
    )


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

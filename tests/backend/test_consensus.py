# SPDX-License-Identifier: GPL-3.0-or-later
"""What readings have in common: likeness by hand, and the reading that shares most."""

from __future__ import annotations

import numpy as np
import pytest

from backend.embedded.infer.consensus import NAMED, Gist, consensus, likenesses
from backend.embedded.measures import JointSet
from backend.embedded.pipeline import varied
from backend.embedded.program.build import collect
from backend.embedded.world.sampling import sample_program
from physx_blender.model import JointKind


def hinge(x: float, kind: JointKind = JointKind.HINGE) -> JointSet:
    """One joint about the vertical at a place x."""
    return JointSet((kind,), np.array([[0.0, 0.0, 1.0]]), np.array([[x, 0.0, 0.0]]))


def test_likeness_is_the_category_and_the_joints() -> None:
    left, right = Gist("door", hinge(-0.3)), Gist("door", hinge(0.3))
    assert left.likeness(left) == pytest.approx(1.0)
    assert left.likeness(right) == pytest.approx(NAMED)
    assert left.likeness(Gist("window", hinge(-0.25))) == pytest.approx(1 - NAMED)
    assert left.likeness(Gist("window", hinge(-0.3, JointKind.SLIDE))) == 0.0


def test_a_hinge_may_move_along_its_axis_and_a_slide_may_not() -> None:
    axis = np.array([[0.0, 0.0, 1.0]])
    for kind, agrees in ((JointKind.HINGE, True), (JointKind.SLIDE, False)):
        low = JointSet((kind,), axis, np.array([[0.0, 0.0, 0.0]]))
        high = JointSet((kind,), -axis, np.array([[0.0, 0.0, 0.4]]))
        assert bool(low.agreeing(high)[0, 0]) is agrees


def test_many_joints_are_matched_one_to_one() -> None:
    three = JointSet(
        (JointKind.HINGE,) * 3,
        np.tile([0.0, 0.0, 1.0], (3, 1)),
        np.array([[0, 0, 0], [0.05, 0, 0], [0.3, 0, 0]]),
    )
    one = hinge(0.02)
    assert three.f1(one) == pytest.approx(2 / 4)
    assert three.f1(three) == 1.0


def test_the_reading_that_shares_most_wins_over_one_that_scores_a_little_more() -> None:
    gists = [Gist("door", hinge(x)) for x in (0.3, -0.3, -0.29, -0.31)]
    common = consensus([1.02, 1.0, 1.0, 1.0], likenesses(gists))
    assert common.argmin() == 0
    # but not over one that explains the picture far better
    assert consensus([2.0, 1.0, 1.0, 1.0], likenesses(gists)).argmax() == 0


def test_likeness_of_programs_is_symmetric_and_one_with_itself() -> None:
    rng = np.random.default_rng(0)
    programs = [sample_program(rng, name) for name in ("door", "oven", "keyboard", "oven")]
    gists = [Gist.of(p.category, collect(p)) for p in programs]
    alike = likenesses(gists)
    assert np.allclose(np.diag(alike), 1.0)
    assert all(g.likeness(g) == 1.0 for g in gists)
    for i, a in enumerate(gists):
        for k, b in enumerate(gists):
            assert a.likeness(b) == pytest.approx(alike[i, k], abs=0.05)


def test_copies_and_too_many_of_a_category_come_last() -> None:
    alike = np.eye(5)
    alike[0, 1] = alike[1, 0] = 1.0
    names = ["a", "a", "a", "a", "b"]
    assert varied(range(5), names, alike, 3, 1, 2) == [0, 2, 4]
    assert varied(range(5), names, alike, 4, 1, 2) == [0, 2, 4, 3]
    assert varied(range(5), names, alike, 9, 1, 2) == [0, 2, 4, 3, 1]

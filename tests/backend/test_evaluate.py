# SPDX-License-Identifier: GPL-3.0-or-later
"""The measures by which the embedded model is judged."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backend.cli import main
from backend.embedded.evaluate import held_out, summary
from backend.embedded.measures import axis_error, azimuth_error, joint_f1
from backend.embedded.program.build import to_asset
from backend.embedded.world.sampling import sample_program
from physx_blender.geometry import PlacedShape
from physx_blender.model import Asset, Joint, JointKind


@pytest.fixture
def cabinet() -> Asset:
    """A cabinet with at least three joints of its own."""
    for seed in range(100):
        asset = to_asset(sample_program(np.random.default_rng(seed), "storage_furniture"))
        if len(asset.joints) >= 3:
            return asset
    raise AssertionError("no cabinet with three joints in a hundred")


def scaled(asset: Asset, factor: float) -> Asset:
    """The same asset at another size, as bounds and anchors go."""
    from physx_blender.geometry import Box

    parts = []
    for part in asset.parts:
        shapes = []
        for placed in part.shapes:
            low, high = placed.shape.bounds()
            centre = placed.pose.apply(((low + high) / 2)[None])[0] * factor
            size = np.maximum((high - low) * factor, 1e-5)
            pose = replace(placed.pose, position=tuple(centre.tolist()))
            shapes.append(PlacedShape(Box(tuple(size.tolist())), pose))
        parts.append(replace(part, shapes=tuple(shapes)))
    joints = tuple(replace(j, anchor=tuple(factor * a for a in j.anchor)) for j in asset.joints)
    return replace(asset, parts=tuple(parts), joints=joints)


def test_an_asset_agrees_with_itself_at_any_size(cabinet: Asset) -> None:
    assert joint_f1(cabinet, cabinet) == 1.0
    assert joint_f1(scaled(cabinet, 3.0), cabinet) == 1.0


def test_joints_too_few_too_many_or_of_another_kind_count(cabinet: Asset) -> None:
    n = len(cabinet.joints)
    first = cabinet.joints[0]
    fixed = replace(first, kind=JointKind.FIXED, angle_limits=None, travel_limits=None, position=())
    fewer = replace(cabinet, joints=(fixed, *cabinet.joints[1:]))
    assert joint_f1(fewer, cabinet) == pytest.approx(2 * (n - 1) / (2 * n - 1))
    assert joint_f1(cabinet, fewer) == pytest.approx(2 * (n - 1) / (2 * n - 1))
    other = JointKind.SLIDE if first.kind is JointKind.HINGE else JointKind.HINGE
    turned = replace(first, kind=other, angle_limits=None, travel_limits=None, position=(0.0,))
    assert joint_f1(replace(cabinet, joints=(turned, *cabinet.joints[1:])), cabinet) == pytest.approx(
        (n - 1) / n
    )


def test_axis_and_place_have_their_tolerances(cabinet: Asset) -> None:
    n = len(cabinet.joints)
    joint = cabinet.joints[0]
    axis = np.array(joint.axis)
    across = np.roll(axis, 1)

    def with_first(**changes: object) -> float:
        return joint_f1(
            replace(cabinet, joints=(replace(joint, **changes), *cabinet.joints[1:])),  # type: ignore[arg-type]
            cabinet,
        )

    def turned(degrees: float) -> tuple[float, ...]:
        a = math.radians(degrees)
        return tuple((math.cos(a) * axis + math.sin(a) * across).tolist())

    assert with_first(axis=turned(14)) == 1.0
    assert with_first(axis=turned(16)) == pytest.approx((n - 1) / n)
    assert with_first(axis=tuple((-axis).tolist())) == 1.0
    far = tuple((np.array(joint.anchor) + 10.0 * across).tolist())
    assert with_first(anchor=far) == pytest.approx((n - 1) / n)


def test_the_axis_error_is_that_of_the_joints_that_belong_together(cabinet: Asset) -> None:
    assert axis_error(cabinet, cabinet) == pytest.approx(0.0, abs=1e-6)

    def tilted(joint: Joint) -> Joint:
        axis = np.array(joint.axis)
        return replace(joint, axis=tuple((np.cos(0.1) * axis + np.sin(0.1) * np.roll(axis, 1)).tolist()))

    off = replace(cabinet, joints=tuple(tilted(j) for j in cabinet.joints))
    assert axis_error(off, cabinet) == pytest.approx(0.1, abs=1e-6)
    still = replace(
        cabinet,
        joints=tuple(
            replace(j, kind=JointKind.FIXED, angle_limits=None, travel_limits=None, position=())
            for j in cabinet.joints
        ),
    )
    assert axis_error(still, cabinet) is None


def test_no_joints_on_either_side(cabinet: Asset) -> None:
    still = replace(
        cabinet,
        joints=tuple(
            replace(j, kind=JointKind.FIXED, angle_limits=None, travel_limits=None, position=())
            for j in cabinet.joints
        ),
    )
    assert joint_f1(still, still) == 1.0
    assert joint_f1(still, cabinet) == 0.0
    assert joint_f1(cabinet, still) == 0.0


def test_azimuths_are_compared_round_the_circle() -> None:
    a, b = (sample_program(np.random.default_rng(0), "fan") for _ in range(2))
    a.view.azimuth, b.view.azimuth = 3.1, -3.1
    assert azimuth_error(a, b) == pytest.approx(2 * math.pi - 6.2)


def test_held_out_objects_are_repeatable_and_differ() -> None:
    first, crop = held_out(0, 1)
    again, crop_again = held_out(0, 1)
    assert first == again
    assert np.array_equal(crop.rgb, crop_again.rgb)
    assert held_out(0, 2)[0] != first
    assert crop.mask.max() == pytest.approx(1.0)


def test_the_command_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.json"
    plots = tmp_path / "plots"
    arguments = ["evaluate", "--count", "1", "--json", str(target), "--plots", str(plots), "--quiet"]
    assert main(arguments) == 0
    report = json.loads(target.read_text())
    assert report["count"] == len(report["cases"]) == 1
    assert 0.0 <= report["summary"]["silhouette_fitted"] <= 1.0
    assert "movable-joint F1" in capsys.readouterr().out
    names = ("categories", "confusion", "reliability", "stages")
    assert sorted(p.name for p in plots.iterdir()) == [f"{name}.png" for name in names]


def test_a_summary_needs_cases() -> None:
    with pytest.raises(ValueError, match="no cases"):
        summary([])

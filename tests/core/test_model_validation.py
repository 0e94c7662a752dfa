# SPDX-License-Identifier: GPL-3.0-or-later
"""The dataclasses of the model refuse what makes no sense, and name the element."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.geometry import Box, MassProperties, PlacedShape, Pose
from physx_blender.model import (
    Asset,
    Camera,
    Joint,
    JointKind,
    Link,
    Material,
    Mimic,
    Part,
    Provenance,
    Texture,
)
from physx_blender.model.names import MAX_NAME_LENGTH, check_name, clean_name

OAK = Material("oak", 700.0)
CUBE = (PlacedShape(Box((0.1, 0.1, 0.1))),)


def part(name: str = "body", link: str = "base", **other: Any) -> Part:
    return Part(name, link, **{"shapes": CUBE, "material": OAK, **other})


def joint(
    name: str = "hinge", kind: str = "hinge", parent: str = "base", child: str = "door", **other: Any
) -> Joint:
    return Joint(name, kind, parent, child, **other)  # type: ignore[arg-type]


def asset(*joints: Joint, links: str = "base door", parts: tuple[Part, ...] = (), **other: Any) -> Asset:
    return Asset("thing", parts or (part(),), tuple(Link(n) for n in links.split()), joints, **other)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Material("", 1), "material '': needs a name"),
        (lambda: Material("x", -1), "material 'x': density must be from 0 to 30000, got -1"),
        (lambda: Material("x", 0), "density must be"),
        (lambda: Material("x", math.nan), "density must be"),
        (lambda: Material("x", 1, poissons_ratio=0.6), "poissons_ratio must be from -1 to 0.5"),
        (lambda: Material("x", 1, restitution=1.5), "restitution must be from 0 to 1"),
        (lambda: Material("x", 1, friction="slippery"), "friction must be a number, got 'slippery'"),
        (lambda: part(""), "part '': name '' must be 1 to 60 letters"),
        (lambda: part("a/b"), "part 'a/b': name 'a/b' must be"),
        (lambda: part(shapes=()), "part 'body': has no geometry"),
        (lambda: part(colour=(1, 1, 1)), "colour must be four numbers from 0 to 1"),
        (lambda: part(colour=(1, 1, 1, 2)), "colour must be four numbers"),
        (lambda: part(mass=0), "part 'body': mass must be above 0"),
        (lambda: part(affordance_rank=11), "affordance rank must be a whole number from 1 to 10, got 11"),
        (lambda: part(description="x" * 5000), "description is over 4000 characters"),
        (lambda: joint(kind="screw"), "joint 'hinge': kind 'screw' is not one of fixed, hinge, slide"),
        (lambda: joint(axis=(0, 0, 0)), "joint 'hinge', axis: is a zero vector"),
        (lambda: joint(anchor=(0, math.inf, 0)), "joint 'hinge', anchor: has a value that is not finite"),
        (lambda: joint(child="base"), "joins link 'base' to itself"),
        (lambda: joint(angle_limits=(1, 0)), "angle limits: the lower limit 1 is above the upper limit 0"),
        (lambda: joint(angle_limits=(0, math.inf)), "angle limits must be finite"),
        (lambda: joint(angle_limits=(0, 1e9)), "are beyond .*; use None for no limit"),
        (lambda: joint(travel_limits=(0, 1)), "a hinge joint has no travel limits"),
        (lambda: joint(kind="slide", angle_limits=(0, 1)), "a slide joint has no angle limits"),
        (lambda: joint(kind="ball", angle_limits=(-1, 1)), r"must be \(0, largest cone angle\)"),
        (lambda: joint(slide_axis=(1, 0, 0)), "only a cylindrical joint has a slide axis"),
        (lambda: joint(position=(1, 2)), "position of a hinge joint needs 1 finite numbers"),
        (lambda: joint(damping=-1), "joint 'hinge': damping must be at least 0, got -1"),
        (lambda: joint(friction_loss=math.nan), "friction loss must be at least 0"),
        (lambda: joint(mimic=Mimic("hinge")), "cannot mimic itself"),
        (lambda: joint(kind="ball", mimic=Mimic("other")), "only a hinge or a slide can mimic"),
        (lambda: Asset("thing", (part(),), ()), "asset 'thing': has no link"),
        (lambda: asset(joint(), links="base door door"), "link 'door': two links have this name"),
        (
            lambda: asset(joint(), joint(child="knob"), links="base door knob"),
            "joint 'hinge': two joints have this name",
        ),
        (lambda: asset(joint(), parts=(part(), part())), "part 'body': two parts have this name"),
        (
            lambda: asset(joint(), parts=(part(link="roof"),)),
            "part 'body': is on link 'roof', which does not exist",
        ),
        (lambda: asset(joint(parent="wall")), "joint 'hinge': names link 'wall', which does not exist"),
        (lambda: asset(), "link 'door': is not connected to the base 'base'; add a joint"),
        (lambda: asset(joint(), joint("second")), "link 'door' already hangs on another joint"),
        (lambda: asset(joint(parent="door", child="base")), "link 'base' is the base and cannot be a child"),
        (
            lambda: asset(
                joint("a", parent="x", child="y"), joint("b", parent="y", child="x"), links="base x y"
            ),
            "joints go round in a circle",
        ),
        (lambda: asset(joint(mimic=Mimic("no"))), "joint 'hinge': mimics 'no', which does not exist"),
        (
            lambda: asset(
                joint("a", kind="slide", child="x"), joint("b", child="y", mimic=Mimic("a")), links="base x y"
            ),
            "joint 'b': is a hinge and cannot mimic the slide 'a'",
        ),
        (lambda: Camera(Pose(), 4.0, 10, 10), "camera: field of view"),
        (lambda: Camera(Pose(), 1.0, 0, 10), "camera: image size 0 x 10 is not usable"),
        (lambda: Texture("t", b"GIF89a"), "texture 't': is neither PNG nor JPEG"),
        (lambda: Provenance(confidence=2.0), "provenance: confidence must be from 0 to 1"),
        (lambda: MassProperties(-1, (0, 0, 0), ((1, 0, 0), (0, 1, 0), (0, 0, 1))), "mass must be finite"),
    ],
)
def test_messages(make: Callable[[], object], message: str) -> None:
    with pytest.raises(AssetError, match=message):
        make()


def test_names_have_their_limits() -> None:
    assert check_name("left door_2.b-c", "x") == "left door_2.b-c"
    for bad in ("-x", " x", "x ", "é", "x" * (MAX_NAME_LENGTH + 1), 5, "a\nb"):
        with pytest.raises(AssetError, match="must be 1 to 60"):
            check_name(bad, "x")


@given(st.text(max_size=100), st.lists(st.text(max_size=70), max_size=5))
def test_any_text_can_be_made_a_free_name(text: str, taken: list[str]) -> None:
    first = clean_name(text, taken)
    second = clean_name(text, [*taken, first])
    assert check_name(first, "x") not in taken
    assert check_name(second, "x") not in [*taken, first]


unit_floats = st.floats(-1, 1)
axes = st.tuples(unit_floats, unit_floats, unit_floats).filter(lambda v: sum(x * x for x in v) > 0.01)


@given(axis=axes, anchor=st.tuples(*[st.floats(-2, 2)] * 3), angle=st.floats(-3, 3), travel=st.floats(-1, 1))
@settings(deadline=None)
def test_motions_keep_what_they_must(
    axis: tuple[float, float, float], anchor: tuple[float, float, float], angle: float, travel: float
) -> None:
    turn = joint(axis=axis, anchor=anchor).motion((angle,))
    np.testing.assert_allclose(turn.apply(np.array([anchor]))[0], anchor, atol=1e-9)
    on_axis = np.array(anchor) + np.array(axis)
    np.testing.assert_allclose(turn.apply(on_axis[None])[0], on_axis, atol=1e-9)
    slide = joint(kind="slide", axis=axis).motion((travel,))
    np.testing.assert_allclose(slide.position, np.array(axis) / np.linalg.norm(axis) * travel, atol=1e-9)
    both = joint(kind="cylindrical", axis=axis, anchor=anchor).motion((angle, travel))
    np.testing.assert_allclose(both.matrix, (slide @ turn).matrix, atol=1e-9)


def test_forward_kinematics_of_a_chain() -> None:
    chain = asset(
        joint("lift", kind="slide", child="arm", axis=(0, 0, 1)),
        joint("elbow", parent="arm", child="hand", axis=(0, 0, 1), anchor=(1, 0, 0)),
        joint(
            "finger",
            parent="hand",
            child="tip",
            axis=(0, 0, 1),
            anchor=(2, 0, 0),
            mimic=Mimic("elbow", 2.0, 0.0),
        ),
        links="base arm hand tip",
    )
    assert [link.name for link in chain.links_in_order] == ["base", "arm", "hand", "tip"]
    poses = chain.link_poses({"lift": (0.5,), "elbow": (math.pi / 2,)})
    np.testing.assert_allclose(poses["tip"].apply(np.array([[2.0, 0, 0]]))[0], (1, 1, 0.5), atol=1e-12)
    np.testing.assert_allclose(poses["tip"].apply(np.array([[3.0, 0, 0]]))[0], (1, 0, 0.5), atol=1e-12)
    assert chain.link_poses()["tip"] == Pose()


def test_kinds_and_axes_are_normalised() -> None:
    one = joint(kind="hinge", axis=(0, 3, 4))
    assert one.kind is JointKind.HINGE
    assert one.axis == (0.0, 0.6, 0.8)
    assert one.position == (0.0,)

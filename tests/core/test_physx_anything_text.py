# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: E501 -- lines of the format are long, and are to be read as they are
"""The structured description: both grammars, every type of joint, tolerance and honesty, and back to text."""

from __future__ import annotations

import contextlib
import math
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physx_blender.errors import AssetError
from physx_blender.formats.physx_anything import (
    Description,
    Flavour,
    GroupText,
    Movement,
    PartText,
    Report,
    format_description,
    parse_description,
)

TRAINING = """Name: Kitchen Trolley
Category: Furniture
Dimension: 62.5*40*81
Parts:
l_0: Frame, 7, Beech, 0.72 g/cm^3, 12.0, 0.35, The frame carries everything, and stands on the floor.
l_1: Drawer, 1, Birch Plywood, 0.68 g/cm^3, 9.5, 0.3, A drawer that opens to the front.
l_2: Flap, 2, ABS Plastic, 1.05 g/cm^3, 2.3, 0.39, A flap at the side.
l_3: Castor, 4, Natural Rubber, 0.95 g/cm^3, 0.05, 0.49, A castor that swivels in its socket.
l_4: Jar, 3, Glass, 2.5 g/cm^3, 70.0, 0.22, A jar that stands loose on the top.
l_5: Screw cap, 5, Aluminum, 2.7 g/cm^3, 69.0, 0.33, The cap of the jar.
l_6: Badge, 9, Steel, 7.85 g/cm^3, 200.0, 0.29, A badge that is riveted on.
Group_info:
group_0: ['l_0']; Type: E; Param: N/A
group_1: ['l_1']; Type: B relative to group_0; Param: direction: [0, 1, 0], slide range (in voxel grid): [-11.25, -0.0]
group_2: ['l_2']; Type: C relative to group_0; Param: direction: [0.0, 0.7071, 0.7071], axis position (in voxel grid): [4.25, 8.5, 16.0], revolute range (degree): [0, 95]
group_3: ['l_3']; Type: D relative to group_0; Param: hinge position (in voxel grid): [16.0, 16.0, 2.5]
group_4: ['l_4']; Type: A relative to group_0; Param: N/A
group_5: ['l_5']; Type: CB relative to group_4; Param: axis direction: [0, 0, 1], axis position (in voxel grid): [16.0, 4.0, 0.0], revolute range (degree): [-180, 180], slide direction: [0, 0, 1], slide range (in voxel grid): [0, 2.5]
group_6: ['l_6']; Type: E relative to group_1; Param: N/A
"""

PROMPT = (
    re.sub(r"\['(l_\d)'\]", r"[\1] (child)", TRAINING).replace("Param:", "Params:").replace(": \n", ":\n")
)
# The training text has a space at the end of these lines, which editors and formatters like to take away.
TRAINING = TRAINING.replace("Parts:\n", "Parts: \n").replace("Group_info:\n", "Group_info: \n")

PROMPT = re.sub(r"relative to (group_\d)", r"relative to \1 (parent)", PROMPT)


@pytest.fixture(scope="module")
def trolley() -> Description:
    description, report = parse_description(TRAINING)
    assert report.remarks == ()
    return description


def test_training_grammar(trolley: Description) -> None:
    assert (trolley.name, trolley.category, trolley.dimension, trolley.grid) == (
        "Kitchen Trolley",
        "Furniture",
        (62.5, 40.0, 81.0),
        32,
    )
    assert trolley.parts[0] == PartText(
        0, "Frame", 7, "Beech", 720.0, 12e9, 0.35, "The frame carries everything, and stands on the floor."
    )
    assert [g.movement.value for g in trolley.groups] == ["E", "B", "C", "D", "A", "CB", "E"]
    assert [g.parent for g in trolley.groups] == [None, 0, 0, 0, 0, 4, 1]
    drawer, flap, castor, _, cap = trolley.groups[1:6]
    assert drawer == GroupText(1, (1,), Movement.SLIDE, 0, slide_axis=(0, 1, 0), travel=(-11.25, 0.0))
    assert flap.axis == (0.0, 0.7071, 0.7071)
    assert flap.position == (4.25, 8.5, 16.0)
    assert flap.angles == (0.0, 95.0)
    assert castor.position == (16.0, 16.0, 2.5)
    assert castor.angles is None
    assert cap == GroupText(
        5, (5,), Movement.HINGE_SLIDE, 4, (0, 0, 1), (16.0, 4.0, 0.0), (-180.0, 180.0), (0, 0, 1), (0.0, 2.5)
    )


def test_prompt_grammar_says_the_same(trolley: Description) -> None:
    assert "(child)" in PROMPT
    description, report = parse_description(PROMPT)
    assert description == trolley
    assert report.remarks == ()


def test_bars_as_separators_mean_grid_64(trolley: Description) -> None:
    text = "\n".join(
        re.sub(r", ", "| ", line, count=6) if line.startswith("l_") else line
        for line in TRAINING.splitlines()
    )
    description, report = parse_description(text)
    assert description.grid == 64
    assert description.parts == trolley.parts
    assert report.remarks == ()
    assert parse_description(text, grid=32)[0] == trolley


def test_windows_line_ends_markdown_and_fences(trolley: Description) -> None:
    text = "```\r\n" + "\r\n".join("- **" + line.replace(":", ":**", 1) if line.startswith("l_") else line
                                   for line in TRAINING.splitlines()) + "\r\n```"  # fmt: skip
    assert parse_description(text)[0] == trolley


def part(line: str) -> tuple[PartText, Report]:
    description, report = parse_description(TRAINING.replace(TRAINING.splitlines()[5], f"l_1: {line}"))
    whole = parse_description(TRAINING)[0]
    assert [p for p in description.parts if p.id != 1] == [p for p in whole.parts if p.id != 1]
    assert description.groups == whole.groups
    return description.parts[1], report


@pytest.mark.parametrize(
    ("line", "changes", "told"),
    [
        ("Drawer, lower, 1, Plywood, 0.7 g/cm^3, 9, 0.3, D", {"name": "Drawer, lower"}, "name"),
        ("Drawer, 1, MDF (board, raw), 0.7 g/cm^3, 9, 0.3, D", {"material": "MDF (board, raw)"}, "material"),
        ("A, b, c, 1, D, e, f, 0.7 g/cm^3, 9, 0.3, g, h", {"name": "A, b, c", "material": "D, e, f", "description": "g, h"}, "name"),
        ("Drawer, 1, Plywood, 0.6-0.8 g/cm^3, 9, 0.3, D", {"density": 700.0}, "density"),
        ("Drawer, 1, Plywood, 0.6 – 0.8 g/cm³, 9, 0.3, D", {"density": 700.0}, "density"),
        ("Drawer, 1, Plywood, 0.6 to 0.8 g/cm3, 9, 0.3, D", {"density": 700.0}, "density"),
        ("Drawer, 1, Plywood, 700 kg/m^3, 9, 0.3, D", {"density": 700.0}, "density"),
        ("Drawer, 1, Plywood, 700, 9, 0.3, D", {"density": 700.0}, "density"),
        ("Drawer, 1, Plywood, ~0.7 g/cc, 9, 0.3, D", {"density": 700.0}, "density"),
        ("Drawer, 1, Plywood, 43.7 lb/ft^3, 9, 0.3, D", {"density": pytest.approx(700.0, rel=1e-3)}, "density"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 9 GPa, 0.3, D", {"youngs_modulus": 9e9}, None),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 9000 MPa, 0.3, D", {"youngs_modulus": 9e9}, "Young's modulus"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 8-10, 0.3, D", {"youngs_modulus": 9e9}, "Young's modulus"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 1.2e1, 0.3, D", {"youngs_modulus": 12e9}, None),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 9, 0.25-0.35, D", {"poissons_ratio": 0.3}, "Poisson's ratio"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 9, 0.7, D", {"poissons_ratio": None}, "Poisson's ratio"),
        ("Drawer, 1, Plywood, 0 g/cm^3, 9, 0.3, D", {"density": None}, "density"),
        ("Drawer, 1, Plywood, N/A, 9, 0.3, D", {"density": None, "youngs_modulus": 9e9}, "density"),
        ("Drawer, 1.5, Plywood, 0.7 g/cm^3, 9, 0.3, D", {"rank": 2}, "affordance rank"),
        ("Drawer, 0, Plywood, 0.7 g/cm^3, 9, 0.3, D", {"rank": 1}, "affordance rank"),
        ("Drawer, 12, Plywood, 0.7 g/cm^3, 9, 0.3, D", {"rank": 10}, "affordance rank"),
        ("Drawer, 3/10, Plywood, 0.7 g/cm^3, 9, 0.3, D", {"rank": 3}, "affordance rank"),
        ("Drawer, Plywood, 0.7 g/cm^3, 9, 0.3, D", {"rank": None, "material": "Plywood"}, "affordance rank"),
        ("Drawer, 1, 0.7 g/cm^3, 9, 0.3, D", {"rank": 1, "material": ""}, "material"),
        ("Drawer, 1, Plywood, 9, 0.3, D", {"density": 9000.0, "youngs_modulus": None}, "Young's modulus"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 0.3, D", {"density": 700.0, "youngs_modulus": None, "poissons_ratio": 0.3}, "Young's modulus"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, D", {"density": 700.0, "youngs_modulus": None, "description": "D"}, "Poisson's ratio"),
        ("Drawer, 1, Plywood, D", {"density": None, "rank": 1, "material": "Plywood", "description": "D"}, "density"),
        ("Drawer", {"name": "Drawer", "rank": None, "density": None}, "affordance rank"),
        ("", {"name": "l_1"}, "name"),
        ("Drawer, 1, Plywood, 0.7 g/cm^3, 9, 0.3, 4, maybe 5, legs", {"rank": 1, "description": "4, maybe 5, legs"}, None),
        ("Name: Drawer, Rank: 1, Material: Plywood, Density: 0.7 g/cm^3, Young's Modulus: 9, Poisson's Ratio: 0.3, D", {"rank": 1, "density": 700.0}, None),
    ],
)  # fmt: skip
def test_a_broken_part_line_is_recovered_and_told(
    line: str, changes: dict[str, object], told: str | None
) -> None:
    usual = {
        "name": "Drawer", "rank": 1, "material": "Plywood", "density": 700.0, "youngs_modulus": 9e9,
        "poissons_ratio": 0.3, "description": "D",
    }  # fmt: skip
    found, report = part(line)
    for field, value in {**(usual if line.count(",") > 5 else {}), **changes}.items():
        assert getattr(found, field) == value, field
    if told is None:
        assert report.remarks == ()
    else:
        assert [r for r in report.remarks if r.field == told and r.line == 6 and r.place == "l_1"], (
            report.lines()
        )


def group(line: str, k: int = 2) -> tuple[GroupText, Report]:
    lines = TRAINING.splitlines()
    lines[12 + k] = f"group_{k}: {line}"
    description, report = parse_description("\n".join(lines))
    whole = parse_description(TRAINING)[0]
    assert description.parts == whole.parts
    untouched = [g for g in whole.groups if g.id not in (0, k)]
    assert [g for g in description.groups if g.id not in (0, k)] == untouched
    return next(g for g in description.groups if g.id == k), report


HINGE = "direction: [0,0,1], axis position (in voxel grid): [4,8,16], revolute range (degree): [0,90]"


@pytest.mark.parametrize(
    ("line", "changes", "told"),
    [
        (f"['l_2']; Type: C relative to group_0; Params: {HINGE}", {}, None),
        (f"[l_2]; type: c relative to group_0; Parameters: {HINGE}", {}, None),
        (f"['l_2'], Type: C relative to group_0, Param: {HINGE}", {}, None),
        (f"['l_2']; Type: C; Param: {HINGE}", {}, None),
        (f"['l_2']; Type: Hinge relative to group_0; Param: {HINGE}", {}, "type"),
        (f"['l_2']; relative to group_0; Param: {HINGE}", {}, "type"),
        (f"['l_2']; Type: C relative to group_17; Param: {HINGE}", {}, "parent"),
        (f"['l_2']; Type: C relative to group_2; Param: {HINGE}", {}, "parent"),
        (f"['l_2', 'l_77']; Type: C relative to group_0; Param: {HINGE}", {}, "members"),
        (f"['l_2', 'l_1']; Type: C relative to group_0; Param: {HINGE}", {}, "members"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('[0,90]', '[90,0]')}", {}, "revolute range"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('[0,90]', '[0,90')}", {}, None),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('[0,90]', '[0,90,4]')}", {}, "revolute range"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('[0,90]', '[0]')}", {"angles": None}, "revolute range"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('(degree): [0,90]', '(radian): [0,1.5707963]')}",
         {"angles": (0.0, pytest.approx(90.0))}, "revolute range"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('[0,0,1]', '[0,0,0]')}", {"axis": None}, "axis direction"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE.replace('[4,8,16]', '[4,8,99999]')}", {"position": None}, "axis position"),
        ("['l_2']; Type: C relative to group_0; Param: N/A", {"axis": None, "position": None, "angles": None}, "axis direction"),
        ("['l_2']; Type: C relative to group_0", {"axis": None, "position": None, "angles": None}, "revolute range"),
        (f"['l_2']; Type: C relative to group_0; Param: {HINGE}, mood: [1,2]", {}, ""),
    ],
)  # fmt: skip
def test_a_broken_group_line_is_recovered_and_told(
    line: str, changes: dict[str, object], told: str | None
) -> None:
    usual = {
        "parts": (2,), "movement": Movement.HINGE, "parent": 0, "axis": (0, 0, 1), "position": (4, 8, 16),
        "angles": (0, 90),
    }  # fmt: skip
    found, report = group(line)
    for field, value in {**usual, **changes}.items():
        assert getattr(found, field) == value, field
    if told is None:
        assert report.remarks == ()
    else:
        assert [r for r in report.remarks if r.field == told and r.place == "group_2"], report.lines()


def test_group_ids_with_a_gap_and_parts_in_no_group() -> None:
    lines = [line for line in TRAINING.splitlines() if not line.startswith(("group_1", "group_0"))]
    description, report = parse_description("\n".join(lines))
    assert [g.id for g in description.groups] == [0, 2, 3, 4, 5, 6]
    assert description.groups[0].parts == (0, 1)
    assert [r.place for r in report.repairs] == ["group_0", "group_6", "group_0"]


def test_no_group_at_all_is_one_rigid_body() -> None:
    description, report = parse_description(TRAINING.split("Group_info")[0])
    assert description.groups == (GroupText(0, tuple(range(7))),)
    assert not report.clean


def test_a_circle_of_parents_is_opened() -> None:
    text = TRAINING.replace("Type: A relative to group_0", "Type: A relative to group_5")
    description, report = parse_description(text)
    parents = {g.id: g.parent for g in description.groups}
    for k in parents:
        seen = 0
        at: int | None = k
        while at is not None:
            at = parents[at]
            seen += 1
            assert seen < 10
    assert any(r.field == "parent" for r in report.repairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("60*45*80", (60, 45, 80)),
        ("6.25*4.5*8", (6.25, 4.5, 8)),
        ("60 x 45 x 80 cm", (60, 45, 80)),
        ("60×45×80", (60, 45, 80)),
        ("600*450*800 mm", (60, 45, 80)),
        ("0.6 m * 0.45 m * 0.8 m", (60, 45, 80)),
        ("55-65*45*80", (60, 45, 80)),
        ("~60*45*80", (60, 45, 80)),
        ("60 (L) * 45 (W) * 80 (H)", (60, 45, 80)),
        ("60*tall*80", (60, 80)),
        ("80", (80,)),
        ("unknown", ()),
        ("0*0*0", ()),
    ],
)
def test_dimension(text: str, expected: tuple[float, ...]) -> None:
    description, report = parse_description(TRAINING.replace("62.5*40*81", text))
    assert description.dimension == pytest.approx(expected)
    assert len(expected) == 3 or not report.clean


def test_nothing_to_recover_is_an_error() -> None:
    for text in ("", "I cannot see an object.", "Name: x\nCategory: y"):
        with pytest.raises(AssetError, match="no part line"):
            parse_description(text)


def test_one_line_text_is_taken_apart(trolley: Description) -> None:
    description, report = parse_description(TRAINING.replace("\nl_", " l_").replace("\ngroup_", " group_"))
    assert description.parts == trolley.parts
    assert description.groups == trolley.groups
    assert report.repairs


def test_any_one_line_may_be_garbage_and_no_other_is_lost(trolley: Description) -> None:
    lines = TRAINING.splitlines()
    numbers = random.Random(0)
    for at in range(len(lines)):
        for _ in range(20):
            junk = "".join(
                numbers.choice("l_g:;,[]{}*|0123456789. abcE-\t'\"é") for _ in range(numbers.randrange(60))
            )
            found, _ = parse_description("\n".join([*lines[:at], junk, *lines[at + 1 :]]))
            hurt = {
                n for n in (at, at - 1) if n >= 0
            }  # a stray line may be taken for the end of the line before
            untouched = [k for k in range(7) if 4 + k not in hurt]
            given = {p.id: p for p in found.parts}
            for k in untouched:
                assert given[k] == trolley.parts[k]
            groups = {g.id: g for g in found.groups}
            for k in range(1, 7):
                if (
                    12 + k not in hurt
                    and groups[k].parts == trolley.groups[k].parts
                    and groups[k].parent == trolley.groups[k].parent
                ):
                    assert groups[k] == trolley.groups[k]


words = (
    st.text(alphabet="abcXYZ äé-.()'\"", min_size=1, max_size=20)
    .map(str.strip)
    .filter(
        lambda s: (
            bool(s)
            and s.lower() not in {"n/a", "na", "none", "-", "."}
            and not re.search(r"^[\s\-.(]|[.`\-]$|\*\*", s)
        )
    )
)
quantities = st.integers(1, 20000)
direction = st.tuples(*[st.integers(-9, 9)] * 3).filter(lambda v: any(v))


@st.composite
def descriptions(draw: st.DrawFn) -> Description:
    count = draw(st.integers(1, 6))
    parts = tuple(
        PartText(
            k,
            draw(words),
            draw(st.integers(1, 10)),
            draw(words),
            float(draw(quantities)),
            draw(quantities) * 1e7,
            draw(st.integers(0, 49)) / 100,
            draw(words),
        )
        for k in range(count)
    )
    groups = [GroupText(0, (0,))]
    pair = st.tuples(st.integers(-180, 180), st.integers(-180, 180)).map(
        lambda p: (float(min(p)), float(max(p)))
    )
    for k in range(1, count):
        kind = draw(st.sampled_from(Movement))
        turns, slides = (
            kind in (Movement.HINGE, Movement.HINGE_SLIDE),
            kind in (Movement.SLIDE, Movement.HINGE_SLIDE),
        )
        groups.append(
            GroupText(
                k, (k,), kind, draw(st.integers(0, k - 1)),
                axis=draw(direction) if turns else None,
                position=draw(st.tuples(*[st.integers(-320, 3200).map(lambda i: i / 100)] * 3))
                if turns or kind is Movement.BALL else None,
                angles=draw(pair) if turns else None,
                slide_axis=draw(direction) if slides else None,
                travel=draw(pair) if slides else None,
            )
        )  # fmt: skip
    size = st.integers(1, 9999).map(lambda i: i / 10)
    return Description(
        draw(words),
        draw(words),
        draw(st.tuples(size, size, size)),
        parts,
        tuple(groups),
        draw(st.sampled_from((32, 64))),
    )


def same_motion(a: GroupText, b: GroupText, along_free: bool) -> None:
    """Equal up to the format's rounding and its choice of sign."""
    assert (a.id, a.parts, a.movement, a.parent) == (b.id, b.parts, b.movement, b.parent)
    for axis_a, range_a, axis_b, range_b in (
        (a.axis, a.angles, b.axis, b.angles),
        (a.slide_axis, a.travel, b.slide_axis, b.travel),
    ):
        assert (axis_a is None) == (axis_b is None)
        if axis_a is None or axis_b is None:
            continue
        unit = [v / math.hypot(*axis_a) for v in axis_a]
        sign = 1 if sum(x * y for x, y in zip(unit, axis_b, strict=True)) > 0 else -1
        assert [sign * v for v in axis_b] == pytest.approx(unit, abs=1e-4)
        assert range_a is not None
        assert range_b == (range_a if sign > 0 else (-range_a[1], -range_a[0]))
    assert (a.position is None) == (b.position is None)
    if a.position is not None and b.position is not None:
        for k in range(3):
            meaningless = (
                along_free
                and a.axis is not None
                and abs(a.axis[k]) == max(map(abs, a.axis)) == math.hypot(*a.axis)
            )
            assert meaningless or b.position[k] == pytest.approx(a.position[k], abs=0.005001)


@settings(max_examples=150, deadline=None)
@given(description=descriptions(), flavour=st.sampled_from(Flavour))
def test_written_text_reads_back_clean(description: Description, flavour: Flavour) -> None:
    text = format_description(description, flavour)
    found, report = parse_description(text, grid=description.grid)
    assert report.remarks == (), (text, report.lines())
    plain = [" ".join(s.split()) for p in description.parts for s in (p.name, p.material, p.description)]
    assert [s for p in found.parts for s in (p.name, p.material, p.description)] == plain
    for a, b in zip(description.parts, found.parts, strict=True):
        assert (a.id, a.rank) == (b.id, b.rank)
        assert b.density == pytest.approx(a.density, rel=1e-5)
        assert b.youngs_modulus == pytest.approx(a.youngs_modulus, rel=1e-5)
        assert b.poissons_ratio == pytest.approx(a.poissons_ratio)
    assert found.dimension == pytest.approx(description.dimension, rel=1e-5)
    for one, other in zip(description.groups, found.groups, strict=True):
        same_motion(one, other, flavour is Flavour.TRAINING)


def test_writing_the_trolley_gives_its_text_again(trolley: Description) -> None:
    def plain(text: str) -> str:
        numbers = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):g}", text)
        return numbers.replace("-0]", "0]")

    assert plain(format_description(trolley)) == plain(TRAINING)
    assert plain(format_description(trolley, Flavour.PROMPT)) == plain(PROMPT)


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(TRAINING)),
    cut=st.integers(0, 40),
    junk=st.text(max_size=12),
    again=st.integers(0, 2000),
)
def test_mutated_text_never_crashes(at: int, cut: int, junk: str, again: int) -> None:
    text = TRAINING[:at] + junk + TRAINING[at + cut :]
    text = text[again:] if again % 3 == 0 else text
    try:
        description, _ = parse_description(text)
    except AssetError:
        return
    shared = [k for g in description.groups for k in g.parts]
    assert sorted(shared) == [p.id for p in description.parts]


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_never_crashes(text: str) -> None:
    for candidate in (
        text,
        "l_0: " + text,
        "l_0: x\ngroup_0: " + text,
        "l_0: x\ngroup_1: ['l_0']; Type: CB; Param: " + text,
    ):
        with contextlib.suppress(AssetError):
            parse_description(candidate)


def test_of_two_lines_for_one_part_the_fuller_one_counts(trolley: Description) -> None:
    description, report = parse_description(
        TRAINING.replace("l_2:", "l_2: oh\nl_2:").replace("l_3:", "l_3:\nl_3:")
    )
    assert description.parts == trolley.parts
    assert [(r.place, r.line) for r in report.losses] == [("l_2", 7), ("l_3", 9)]


def test_bars_in_a_stray_line_do_not_change_the_separator(trolley: Description) -> None:
    description, _ = parse_description(TRAINING.replace("\nl_2:", "\n| a | b | c | d\nl_2:"))
    assert description.parts[1].material == trolley.parts[1].material
    assert description.parts[1].density == trolley.parts[1].density


def test_size_limits() -> None:
    with pytest.raises(AssetError, match="over the limit"):
        parse_description("l_0: x\n" * 400_000)
    many = "\n".join(f"l_{k}: part, 1, Oak, 0.7 g/cm^3, 10, 0.3, x" for k in range(1500))
    description, report = parse_description(many)
    assert len(description.parts) == 1000
    assert len(report.losses) >= 500

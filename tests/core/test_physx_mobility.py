# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the layout of PhysX-Mobility: one frame for meshes and joints, units as that data set has them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from physx_blender.formats.physx_anything import mobility_files, mobility_record
from physx_blender.geometry import Box, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Part

OAK = Material("oak", 700.0, 1.1e10, 0.35)


def cabinet() -> Asset:
    """0.8 m high; a drawer that slides out 0.3 m to the front, a door that opens 90 degrees about its left edge."""

    def part(name: str, link: str, size: tuple[float, float, float], at: tuple[float, float, float]) -> Part:
        return Part(name, link, shapes=(PlacedShape(Box(size), Pose(at)),), material=OAK, affordance_rank=3)

    return Asset(
        name="cabinet",
        parts=(
            part("body", "base", (0.4, 0.4, 0.8), (0.0, 0.0, 0.4)),
            part("drawer", "drawer", (0.4, 0.02, 0.2), (0.0, -0.21, 0.7)),
            part("door", "door", (0.4, 0.02, 0.5), (0.0, -0.21, 0.3)),
        ),
        links=(Link("base"), Link("drawer"), Link("door")),
        joints=(
            Joint("slide", JointKind.SLIDE, "base", "drawer", axis=(0.0, -1.0, 0.0), travel_limits=(0.0, 0.3)),
            Joint("hinge", JointKind.HINGE, "base", "door", axis=(0.0, 0.0, 1.0), anchor=(-0.2, -0.2, 0.3),
                  angle_limits=(-np.pi / 2, 0.0)),
        ),
        category="storage furniture",
    )  # fmt: skip


def test_the_record_has_the_fields_and_units_of_the_data_set() -> None:
    record, _ = mobility_record(cabinet())
    assert set(record) == {"object_name", "category", "dimension", "parts", "group_info"}
    assert record["dimension"] == "40*42*80"
    first = record["parts"][0]
    assert first["density"] == "0.7 g/cm^3"
    assert first["Young's Modulus (GPa)"] == pytest.approx(11.0)
    assert first["Poisson's Ratio"] == pytest.approx(0.35)
    assert first["priority_rank"] == 3
    assert [p["label"] for p in record["parts"]] == [0, 1, 2]
    assert record["group_info"]["0"] == [0]


def test_slides_are_in_sides_of_the_box_and_hinges_in_half_turns() -> None:
    groups = mobility_record(cabinet())[0]["group_info"]
    members, parent, numbers, kind = groups["1"]
    assert (members, parent, kind) == ([1], "0", "B")
    assert numbers[:3] == [0.0, 0.0, 1.0], "out to the front, which is z where y is up"
    assert numbers[6:] == pytest.approx([0.0, 0.3 / 0.8])
    members, parent, numbers, kind = groups["2"]
    assert (members, parent, kind) == ([2], "0", "C")
    assert numbers[:3] == [0.0, 1.0, 0.0]
    assert numbers[6:] == pytest.approx([-0.5, 0.0])


def test_meshes_and_joints_share_a_frame_with_y_up() -> None:
    asset = cabinet()
    record, meshes = mobility_record(asset)
    points = np.concatenate([m.vertices for m in meshes])
    assert points.max(axis=0) == pytest.approx([0.25, 0.5, 0.2625])
    assert points.min(axis=0) == pytest.approx([-0.25, -0.5, -0.2625])
    anchor = record["group_info"]["2"][2][3:6]
    door = meshes[2].vertices
    # the hinge lies on the left edge of the door, at the door's back (y = -0.2 is 0.01 m behind its middle plane)
    assert anchor[0] == pytest.approx(door[:, 0].min(), abs=1e-5)
    assert anchor[2] == pytest.approx(door[:, 2].min(), abs=1e-5)


def test_files_are_named_as_in_the_data_set_and_are_the_same_every_time() -> None:
    files = mobility_files(cabinet(), "cabinet_7")
    assert set(files) == {
        "finaljson/cabinet_7.json",
        *(f"partseg/cabinet_7/objs/{k}.obj" for k in range(3)),
    }
    record = json.loads(files["finaljson/cabinet_7.json"])
    assert [p["obj"] for p in record["parts"]] == [["0"], ["1"], ["2"]]
    assert files == mobility_files(cabinet(), "cabinet_7")
    assert files["partseg/cabinet_7/objs/0.obj"].startswith(b"v ")

# SPDX-License-Identifier: GPL-3.0-or-later
"""What our MJCF and URDF look like to MuJoCo: thin and flat parts, contacts, actuators, textures, worlds."""

from __future__ import annotations

import io
from pathlib import Path

import mujoco
import numpy as np
import pytest
from PIL import Image

from physx_blender.errors import AssetError
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.formats.urdf import write_urdf
from physx_blender.geometry import (
    Box,
    Capsule,
    Cylinder,
    HollowBox,
    MassProperties,
    Mesh,
    PlacedShape,
    Pose,
    Shape,
    TriangleMesh,
)
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Mimic, Part, Texture

WOOD = Material("Oak wood", 700.0, friction=0.45)
QUAD = TriangleMesh(
    np.array([[0, 0, 0], [0.1, 0, 0], [0.1, 0.1, 0], [0, 0.1, 0]]), np.array([[0, 1, 2], [0, 2, 3]])
)
TRIANGLE = TriangleMesh(QUAD.vertices[:3], QUAD.faces[:1])
LINE = TriangleMesh(np.array([[0, 0, 0], [0.1, 0, 0], [0.2, 0, 0]]), np.array([[0, 1, 2]]))


def part(
    name: str, link: str, shape: Shape, at: tuple[float, float, float] = (0, 0, 0), **more: object
) -> Part:
    return Part(name, link, (PlacedShape(shape, Pose(at)),), WOOD, **more)  # type: ignore[arg-type]


def compiled(path: Path) -> mujoco.MjModel:
    return mujoco.MjModel.from_xml_path(str(path))


def cupboard(gap: float, *, fixed: bool = True) -> Asset:
    """A hollow box and a door `gap` metres in front of it."""
    joint = Joint(
        "hinge",
        JointKind.HINGE,
        "box",
        "door",
        (0, 0, 1),
        (-0.3, -0.2 - gap - 0.01, 0.4),
        angle_limits=(-1.5, 0.0),
    )
    return Asset(
        "cupboard",
        (
            part("carcass", "box", HollowBox((0.6, 0.4, 0.8), 0.02, ("-y",)), (0, 0, 0.4)),
            part("door", "door", Box((0.6, 0.02, 0.78)), (0, -0.2 - gap - 0.01, 0.4)),
        ),
        (Link("box"), Link("door")),
        (joint,),
        fixed_base=fixed,
    )


@pytest.mark.parametrize(
    "shape",
    [
        Box((0.3, 0.2, 0.001)),
        Box((0.3, 0.2, 0.001), 0.0002),
        Box((0.08, 0.05, 0.0005)),
        Cylinder(0.002, 0.0004, 0.001),
        Mesh(QUAD),
        Mesh(TRIANGLE),
        Mesh(QUAD, wall=0.0005),
        Mesh(
            TriangleMesh(
                np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]) * 1e-3,
                np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
            )
        ),
    ],
    ids=lambda s: repr(s)[:40],
)
def test_thin_flat_and_tiny_parts_load_and_move(tmp_path: Path, shape: Shape) -> None:
    asset = Asset(
        "thin",
        (
            part("body", "body", Box((0.1, 0.1, 0.1))),
            part("leaf", "leaf", shape, (0, 0, 0.06), collision=None),
        ),
        (Link("body"), Link("leaf")),
        (Joint("hinge", JointKind.HINGE, "body", "leaf", (1, 0, 0), (0, 0, 0.06)),),
    )
    for path in (write_mjcf(asset, tmp_path), write_urdf(asset, tmp_path)):
        model = compiled(path)
        assert model.body("leaf").mass[0] > 0
        assert (model.body("leaf").inertia > 0).all()
        assert sum(model.geom_bodyid[g] == model.body("leaf").id for g in range(model.ngeom)) >= 2
        data = mujoco.MjData(model)
        mujoco.mj_step(model, data, 20)
        assert np.isfinite(data.qpos).all()


def test_a_part_without_area_is_left_out_and_said_so(tmp_path: Path) -> None:
    ghost = Part("ghost", "body", (PlacedShape(Mesh(LINE)),), WOOD, collision=())
    body = Link("body", MassProperties.of(1.0, (0, 0, 0), np.eye(3) * 0.01))
    asset = Asset("thing", (part("body", "body", Box((0.1, 0.1, 0.1))), ghost), (body,))
    path = write_mjcf(asset, tmp_path)
    assert compiled(path).ngeom == 2
    assert "ghost has no area" in path.read_text()


@pytest.mark.parametrize(("gap", "excluded"), [(0.0, True), (0.0005, True), (0.003, False)])
def test_joined_links_are_excluded_only_where_they_touch(tmp_path: Path, gap: float, excluded: bool) -> None:
    model = compiled(write_mjcf(cupboard(gap), tmp_path))
    assert (model.nexclude == 1) is excluded
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    assert data.ncon == 0


def test_siblings_that_overlap_are_excluded_with_the_reason_and_others_are_not(tmp_path: Path) -> None:
    parts = [part("table", "table", Box((1, 1, 0.02)), (0, 0, 0.01))]
    joints = []
    for name, x in (("a", 0.0), ("b", 0.097), ("c", 0.3)):
        parts.append(part(name, name, Box((0.1, 0.1, 0.1)), (x, 0, 0.2)))
        joints.append(
            Joint(
                f"slide {name}",
                JointKind.SLIDE,
                "table",
                name,
                (0, 0, 1),
                (x, 0, 0.2),
                travel_limits=(0, 0.1),
            )
        )
    asset = Asset("blocks", tuple(parts), tuple(map(Link, ("table", "a", "b", "c"))), tuple(joints))
    path = write_mjcf(asset, tmp_path)
    assert compiled(path).nexclude == 1
    assert "a and b overlap by 3.0 mm at rest, as modelled" in path.read_text()


def test_a_free_thing_on_a_table_still_collides(tmp_path: Path) -> None:
    asset = Asset(
        "table with cup",
        (
            part("top", "table", Box((1, 1, 0.02)), (0, 0, 0.5)),
            part("cup", "cup", Cylinder(0.04, 0.1), (0, 0, 0.56)),
        ),
        (Link("table"), Link("cup")),
        (Joint("loose", JointKind.FREE, "table", "cup", anchor=(0, 0, 0.51)),),
        fixed_base=True,
    )
    model = compiled(write_mjcf(asset, tmp_path))
    data = mujoco.MjData(model)
    mujoco.mj_step(model, data, 500)
    assert abs(data.body("cup").xpos[2] - 0.51) < 2e-3
    assert data.ncon > 0


def test_hollow_things_stay_hollow(tmp_path: Path) -> None:
    """A ball let go inside a shelf lands on its bottom and is not thrown out by a filled hull."""
    asset = Asset(
        "shelf",
        (
            part("shelf", "shelf", HollowBox((0.6, 0.4, 0.4), 0.02, ("-y",)), (0, 0, 0.2)),
            part("ball", "ball", Capsule(0.03, 0.01), (0, 0, 0.2)),
        ),
        (Link("shelf"), Link("ball")),
        (Joint("loose", JointKind.FREE, "shelf", "ball", anchor=(0, 0, 0.2)),),
        fixed_base=True,
    )
    model = compiled(write_mjcf(asset, tmp_path))
    data = mujoco.MjData(model)
    for _ in range(1000):
        mujoco.mj_step(model, data)
    assert np.abs(data.body("ball").xpos[:2]).max() < 0.1
    assert 0.02 < data.body("ball").xpos[2] < 0.1


def test_classes_groups_and_friction(tmp_path: Path) -> None:
    model = compiled(write_mjcf(cupboard(0.003), tmp_path))
    for k in range(model.ngeom):
        shown = model.geom_group[k] == 2
        assert (model.geom_contype[k] == 0) is shown
        assert shown or model.geom_group[k] == 3
        if not shown:
            assert model.geom_friction[k][0] == pytest.approx(0.45)
    assert model.geom("carcass:collision").type[0] == mujoco.mjtGeom.mjGEOM_BOX


def test_a_fixed_base_is_fixed_and_a_free_one_falls(tmp_path: Path) -> None:
    assert compiled(write_mjcf(cupboard(0.003), tmp_path / "a")).nv == 1
    model = compiled(write_mjcf(cupboard(0.003, fixed=False), tmp_path / "b"))
    assert model.nv == 7
    assert model.joint("box:free").type[0] == mujoco.mjtJoint.mjJNT_FREE


def test_actuators_and_scene_are_options(tmp_path: Path) -> None:
    plain = compiled(write_mjcf(cupboard(0.003), tmp_path / "a"))
    assert (plain.nu, plain.nlight) == (0, 0)
    model = compiled(write_mjcf(cupboard(0.003, fixed=False), tmp_path / "b", actuators=True, scene=True))
    assert model.actuator("hinge").trnid[0] == model.joint("hinge").id
    assert model.geom("scene:floor").type[0] == mujoco.mjtGeom.mjGEOM_PLANE
    data = mujoco.MjData(model)
    data.ctrl[0] = -1.0
    for _ in range(1000):
        mujoco.mj_step(model, data)
    assert data.joint("hinge").qpos[0] == pytest.approx(-1.0, abs=0.02)
    assert np.abs(data.body("box").xpos).max() < 0.02


def test_a_mimic_couples_in_simulation(tmp_path: Path) -> None:
    parts = [
        part(n, n, Box((0.1, 0.02, 0.02)), (x, 0, 0.5)) for n, x in (("base", 0), ("a", 0.3), ("b", 0.6))
    ]
    asset = Asset(
        "pair",
        tuple(parts),
        tuple(map(Link, ("base", "a", "b"))),
        (
            Joint("lead", JointKind.HINGE, "base", "a", (0, 1, 0), (0.25, 0, 0.5)),
            Joint(
                "follow",
                JointKind.HINGE,
                "base",
                "b",
                (0, 1, 0),
                (0.55, 0, 0.5),
                mimic=Mimic("lead", -0.5, 0.2),
            ),
        ),
        fixed_base=True,
    )
    model = compiled(write_mjcf(asset, tmp_path))
    data = mujoco.MjData(model)
    for _ in range(500):
        mujoco.mj_step(model, data)
    lead, follow = data.joint("lead").qpos[0], data.joint("follow").qpos[0]
    assert abs(lead) > 0.1
    assert follow == pytest.approx(-0.5 * lead + 0.2, abs=0.02)


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.arange(192, dtype=np.uint8).reshape(8, 8, 3)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("shape", [Box((0.3, 0.2, 0.02)), Mesh(QUAD)], ids=["solid", "flat"])
def test_textures_arrive_with_uv(tmp_path: Path, form: str, shape: Shape) -> None:
    textured = part("board", "board", shape, texture=Texture("oak board", picture(form)))
    asset = Asset("board", (textured,), (Link("board"),))
    model = compiled(write_mjcf(asset, tmp_path))
    assert model.ntex == 1
    assert (model.tex_width[0], model.tex_height[0]) == (8, 8)
    assert model.nmeshtexcoord > 0
    material = model.geom("board").matid[0]
    assert (model.mat_texid[material] >= 0).any()
    assert compiled(write_urdf(asset, tmp_path)).ngeom == 2
    assert (tmp_path / "meshes" / "board.mtl").is_file()


def test_inertia_that_no_body_has_is_mended_with_a_remark(tmp_path: Path) -> None:
    impossible = MassProperties.of(1.0, (0, 0, 0), np.diag([0.001, 0.001, 0.01]))
    asset = Asset("odd", (part("body", "body", Box((0.1, 0.1, 0.1))),), (Link("body", impossible),))
    path = write_mjcf(asset, tmp_path)
    assert compiled(path).body("body").mass[0] == 1.0
    assert "inertia raised" in path.read_text()


def test_massless_links_get_a_token_mass(tmp_path: Path) -> None:
    asset = Asset(
        "chain",
        (part("base", "base", Box((0.1, 0.1, 0.1))), part("tip", "tip", Box((0.1, 0.1, 0.1)), (0.5, 0, 0))),
        (Link("base"), Link("middle"), Link("tip")),
        (
            Joint("a", JointKind.HINGE, "base", "middle"),
            Joint("b", JointKind.SLIDE, "middle", "tip", travel_limits=(0, 1)),
        ),
    )
    for path in (write_mjcf(asset, tmp_path), write_urdf(asset, tmp_path)):
        model = compiled(path)
        assert 0 < model.body("middle").mass[0] < 1e-4
        assert "middle has no mass" in path.read_text()


def test_the_name_world_is_for_the_world(tmp_path: Path) -> None:
    wall = Asset(
        "wall",
        (
            part("wall", "world", Box((2, 0.1, 2)), (0, 0, 1)),
            part("flap", "flap", Box((0.3, 0.02, 0.3)), (0, -0.2, 1)),
        ),
        (Link("world"), Link("flap")),
        (Joint("hinge", JointKind.HINGE, "world", "flap", (1, 0, 0), (0, -0.2, 1.15)),),
        fixed_base=True,
    )
    for path in (write_mjcf(wall, tmp_path), write_urdf(wall, tmp_path)):
        assert compiled(path).nbody == 2
    free = Asset("thing", (part("x", "world", Box((1, 1, 1))),), (Link("world"),))
    with pytest.raises(AssetError, match="rename it"):
        write_mjcf(free, tmp_path)


def test_files_are_equal_for_equal_assets_and_hold_relative_paths_only(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_mjcf(cupboard(0.003), tmp_path / folder)
        write_urdf(cupboard(0.003), tmp_path / folder)
    first = {
        p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()
    }
    second = {
        p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*") if p.is_file()
    }
    assert first == second
    assert len(first) == 3
    assert not any(str(tmp_path).encode() in data for data in first.values())


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(AssetError, match="name a folder"):
        write_mjcf(cupboard(0.003), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Our URDF reader against yourdfpy and MuJoCo, and what it refuses."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import trimesh
import yourdfpy

from physx_blender.errors import AssetError
from physx_blender.formats.meshfiles import read_mesh_file
from physx_blender.formats.urdf import read_urdf, write_urdf
from physx_blender.geometry import Box, Cylinder, Mesh
from physx_blender.model import Asset, JointKind

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)

ROBOT = """
<robot name="arm">
  <material name="blue"><color rgba="0.1 0.2 0.9 1"/></material>
  <material name="wood"><texture filename="package://arm_description/textures/wood.png"/></material>
  <link name="base_link">
    <inertial><origin xyz="0 0 0.1" rpy="0.1 0.2 0.3"/><mass value="3"/>
      <inertia ixx="0.02" iyy="0.03" izz="0.04" ixy="0.001" ixz="-0.002" iyz="0.003"/></inertial>
    <visual><origin xyz="0 0 0.1" rpy="0 1.5707963 0"/><geometry><cylinder radius="0.1" length="0.2"/></geometry>
      <material name="blue"/></visual>
    <collision><origin xyz="0 0 0.1" rpy="0 1.5707963 0"/><geometry><cylinder radius="0.1" length="0.2"/></geometry>
    </collision>
  </link>
  <link name="upper">
    <inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
    <visual><geometry><mesh filename="package://arm_description/meshes/part.stl" scale="2 2 2"/></geometry></visual>
    <visual><geometry><mesh filename="../meshes/part.obj"/></geometry><material name="wood"/></visual>
    <collision><geometry><box size="0.1 0.2 0.3"/></geometry></collision>
  </link>
  <link name="finger"><collision><geometry><sphere radius="0.02"/></geometry></collision></link>
  <link name="thumb"><visual><geometry><box size="0.1 0.1 0.1"/></geometry><material name="blue"/></visual></link>
  <link name="wheel"/><link name="cart"/><link name="tool"/>
  <joint name="shoulder" type="revolute"><origin xyz="0 0 0.2" rpy="0.3 -0.4 0.5"/><parent link="base_link"/>
    <child link="upper"/><axis xyz="0 1 1"/><limit lower="-1" upper="2" effort="10" velocity="3"/>
    <dynamics damping="0.5" friction="0.2"/></joint>
  <joint name="grip" type="prismatic"><origin xyz="0.1 0 0"/><parent link="upper"/><child link="finger"/>
    <limit lower="0" upper="0.04" effort="1" velocity="1"/></joint>
  <joint name="grip2" type="prismatic"><origin xyz="-0.1 0 0"/><parent link="upper"/><child link="thumb"/>
    <axis xyz="-1 0 0"/><limit lower="0" upper="0.04" effort="1" velocity="1"/>
    <mimic joint="grip" multiplier="0.5" offset="0.01"/></joint>
  <joint name="spin" type="continuous"><origin xyz="0 0.3 0" rpy="1.57 0 0"/><parent link="base_link"/>
    <child link="wheel"/><axis xyz="0 0 1"/></joint>
  <joint name="plane" type="planar"><parent link="base_link"/><child link="cart"/><axis xyz="0 0 1"/></joint>
  <joint name="mount" type="fixed"><origin xyz="0 0 0.1"/><parent link="thumb"/><child link="tool"/></joint>
  <transmission name="t"/><gazebo reference="upper"/>
</robot>
"""


def make(folder: Path, text: str = ROBOT) -> Path:
    package = folder / "arm_description"
    for name in ("urdf", "meshes", "textures"):
        (package / name).mkdir(parents=True)
    box = trimesh.creation.box((0.1, 0.2, 0.3))
    box.export(package / "meshes" / "part.stl")
    obj = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nvt 0 0\nvt 1 0\nvt 0 1\n"
    obj += "f 1/1 3/2 2/3\nf 1/1 2/2 4/3\nf 1/1 4/2 3/3\nf 2/1 3/2 4/3\n"
    (package / "meshes" / "part.obj").write_text(obj)
    (package / "textures" / "wood.png").write_bytes(PNG)
    path = package / "urdf" / "arm.urdf"
    path.write_text(text)
    return path


def test_a_robot_is_read_whole(tmp_path: Path) -> None:
    asset = read_urdf(make(tmp_path))
    joints = {j.name: j for j in asset.joints}
    parts = {p.link: [q for q in asset.parts if q.link == p.link] for p in asset.parts}
    assert asset.base.name == "base_link"
    assert joints["shoulder"].angle_limits == (-1.0, 2.0)
    assert (joints["shoulder"].damping, joints["shoulder"].friction_loss) == (0.5, 0.2)
    assert np.allclose(joints["grip"].axis, _rotation(0.3, -0.4, 0.5) @ [1, 0, 0]), "the default axis is x"
    assert joints["spin"].angle_limits is None
    assert joints["grip2"].mimic is not None
    assert joints["grip2"].mimic.offset == 0.01
    assert joints["mount"].kind is JointKind.FIXED
    assert [joints[n].kind for n in ("plane_u", "plane_v", "plane_turn")] == [
        JointKind.SLIDE,
        JointKind.SLIDE,
        JointKind.HINGE,
    ]
    (base,) = parts["base_link"]
    assert isinstance(base.shapes[0].shape, Cylinder)
    assert base.colour == (0.1, 0.2, 0.9, 1.0)
    assert base.collision is None, "the collision repeats the visual"
    stl, obj = parts["upper"]
    assert isinstance(stl.shapes[0].shape, Mesh)
    assert stl.shapes[0].volume_properties().mass == pytest.approx(8 * 0.1 * 0.2 * 0.3, rel=1e-5)
    assert isinstance((stl.collision or ())[0].shape, Box)
    assert obj.texture is not None
    assert obj.texture.data == PNG
    assert asset.links[1].inertial is not None
    notes = " ".join(asset.provenance.notes)
    for word in ("planar", "<transmission>", "<gazebo>", "no visible geometry"):
        assert word in notes


def _rotation(roll: float, pitch: float, yaw: float) -> np.ndarray:
    return trimesh.transformations.euler_matrix(roll, pitch, yaw, "sxyz")[:3, :3]


def test_frames_and_masses_are_those_of_yourdfpy(tmp_path: Path) -> None:
    path = make(tmp_path)
    asset = read_urdf(path)
    robot = yourdfpy.URDF.load(str(path), load_meshes=False)
    values = {"shoulder": 0.7, "grip": 0.03, "spin": 2.0}
    robot.update_cfg(values)
    ours = asset.link_poses({name: (value,) for name, value in values.items()})
    for link in asset.links:
        joint = asset.joint_of.get(link.name)
        if link.name not in robot.link_map:
            continue
        theirs = robot.get_transform(link.name, "base_link")
        anchor = np.array(joint.anchor) if joint is not None else np.zeros(3)
        assert np.allclose(ours[link.name].apply(anchor[None])[0], theirs[:3, 3], atol=1e-9), link.name
    inertial = robot.link_map["base_link"].inertial
    r = inertial.origin[:3, :3]
    assert asset.base.inertial is not None
    assert np.allclose(asset.base.inertial.matrix, r @ inertial.inertia @ r.T)
    assert np.allclose(asset.base.inertial.centre, [0, 0, 0.1])


def test_reading_what_was_written_changes_nothing(tmp_path: Path) -> None:
    first = read_urdf(make(tmp_path))
    again = read_urdf(write_urdf(first, tmp_path / "again"))
    assert _skeleton(again) == _skeleton(first)
    for a, b in zip(first.parts, again.parts, strict=True):
        assert b.colour == ((1.0, 1.0, 1.0, 1.0) if a.texture else a.colour), "a texture replaces the colour"
    assert [p.texture.data if p.texture else None for p in again.parts] == [
        p.texture.data if p.texture else None for p in first.parts
    ]


def _skeleton(asset: Asset) -> list[object]:
    """Joints as texts of nine digits, fixed ones without their axis."""

    def texts(values: tuple[float, ...] | None) -> list[str] | None:
        return (
            None
            if values is None
            else [f"{v + 0.0:.9f}".replace("-0.000000000", "0.000000000") for v in values]
        )

    return [
        (
            j.name,
            j.kind,
            j.parent,
            j.child,
            texts(j.anchor),
            texts(j.axis) if j.kind is not JointKind.FIXED else None,
            texts(j.angle_limits),
            texts(j.travel_limits),
            j.mimic,
        )
        for j in asset.joints
    ]


def test_package_paths_by_option(tmp_path: Path) -> None:
    asset = read_urdf(make(tmp_path))
    folder = tmp_path / "my_things"
    path = write_urdf(asset, folder, package="my_things")
    text = path.read_text()
    assert "package://my_things/meshes/" in text
    assert str(tmp_path) not in text
    assert _skeleton(read_urdf(path)) == _skeleton(asset), "found because the folder has the package's name"
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    found = read_urdf(moved / path.name)
    assert _skeleton(found) == _skeleton(asset)
    assert "its files were found in the folder 'elsewhere'" in found.provenance.notes[-1]
    assert _skeleton(read_urdf(moved / path.name, packages={"my_things": moved})) == _skeleton(asset)


def test_a_world_link_means_a_fixed_base(tmp_path: Path) -> None:
    text = (
        '<robot name="w"><link name="world"/><link name="box"><visual><geometry><box size="1 1 1"/></geometry></visual>'
        '</link><joint name="j" type="fixed"><origin xyz="0 0 2"/><parent link="world"/><child link="box"/></joint></robot>'
    )
    path = tmp_path / "w.urdf"
    path.write_text(text)
    asset = read_urdf(path)
    assert asset.fixed_base
    assert [link.name for link in asset.links] == ["box"]
    assert asset.parts[0].shapes[0].pose.position == (0.0, 0.0, 2.0)


LINK = '<link name="{}"><visual><geometry><box size="1 1 1"/></geometry></visual></link>'
TWO = LINK.format("a") + LINK.format("b")
JOINT = '<joint name="j" type="{}"><parent link="a"/><child link="b"/>{}</joint>'


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("", "no link"),
        (TWO, "2 root links"),
        (TWO + JOINT.format("revolute", ""), "needs a <limit>"),
        (TWO + JOINT.format("revolute", '<limit lower="2" upper="1"/>'), "above the upper"),
        (TWO + JOINT.format("screw", ""), "not one of"),
        (TWO + JOINT.format("continuous", '<axis xyz="0 0 0"/>'), "zero vector"),
        (TWO + JOINT.format("fixed", '<origin rpy="1 2"/>'), "3 numbers"),
        (LINK.format("a") + LINK.format("a"), "two links of one name"),
        (LINK.format("a") + JOINT.format("fixed", ""), "'b' does not exist"),
        (
            TWO + JOINT.format("fixed", "") + JOINT.format("fixed", "").replace('"j"', '"k"'),
            "hangs on two joints",
        ),
        (
            '<link name="a"><visual><geometry><mesh filename="x.dae"/></geometry></visual></link>',
            "does not exist",
        ),
        (
            '<link name="a"><visual><geometry><mesh filename="http://x/y.stl"/></geometry></visual></link>',
            "only package://",
        ),
        (
            '<link name="a"><visual><geometry><mesh filename="/etc/passwd"/></geometry></visual></link>',
            "outside",
        ),
        ('<link name="a"><visual><geometry><box size="0 1 1"/></geometry></visual></link>', "line 1"),
        ('<link name="a"><visual><geometry><torus/></geometry></visual></link>', "not a geometry"),
        ('<xacro:macro xmlns:xacro="x"/>', "xacro"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, inside: str, says: str) -> None:
    folder = tmp_path / "1" / "2" / "3" / "4"
    folder.mkdir(parents=True)
    path = folder / "robot.urdf"
    path.write_text(f'<robot name="r">{inside}</robot>')
    with pytest.raises(AssetError, match=says):
        read_urdf(path)


def test_collada_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "x.dae").write_text("<COLLADA/>")
    path = tmp_path / "robot.urdf"
    path.write_text(
        '<robot name="r"><link name="a"><visual><geometry><mesh filename="x.dae"/></geometry></visual></link></robot>'
    )
    with pytest.raises(AssetError, match="convert it to OBJ or STL"):
        read_urdf(path)


def test_a_ball_of_a_foreign_robot_stays_three_hinges(tmp_path: Path) -> None:
    links = "".join(LINK.format(n) for n in "abcd")
    joints = "".join(
        f'<joint name="j{k}" type="continuous"><parent link="{p}"/><child link="{c}"/><axis xyz="{axis}"/></joint>'
        for k, (p, c, axis) in enumerate((("a", "b", "1 0 0"), ("b", "c", "0 1 0"), ("c", "d", "0 0 1")))
    )
    path = tmp_path / "r.urdf"
    path.write_text(f'<robot name="r">{links}{joints}</robot>')
    asset = read_urdf(path)
    assert [j.kind for j in asset.joints] == [JointKind.HINGE] * 3
    assert math.isclose(asset.joints[2].axis[2], 1.0)


def test_package_in_a_folder_of_another_name(tmp_path: Path) -> None:
    """As robots are often passed on: the package's folder was renamed, ``package://`` was not."""
    (tmp_path / "arm" / "meshes").mkdir(parents=True)
    (tmp_path / "arm" / "urdf").mkdir()
    trimesh.creation.box((0.2, 0.4, 0.6)).export(tmp_path / "arm" / "meshes" / "part.stl")
    urdf = tmp_path / "arm" / "urdf" / "arm.urdf"
    text = (
        '<robot name="r"><link name="a"><visual><geometry>'
        '<mesh filename="package://acme_arm_support/meshes/{}.stl"/></geometry></visual></link></robot>'
    )
    urdf.write_text(text.format("part"))
    asset = read_urdf(urdf)
    (shape,) = asset.parts[0].shapes
    assert isinstance(shape.shape, Mesh)
    np.testing.assert_allclose(np.ptp(shape.shape.triangles.vertices, axis=0), (0.2, 0.4, 0.6), atol=1e-6)
    assert "the package 'acme_arm_support' is not around; its files were found in the folder 'arm'" in (
        asset.provenance.notes
    )
    (tmp_path / "arm").rename(tmp_path / "acme_arm_support")
    urdf = tmp_path / "acme_arm_support" / "urdf" / "arm.urdf"
    urdf.write_text(text.format("part").replace("package://", "package:///"))
    assert read_urdf(urdf).parts == asset.parts, "three slashes are a common slip"
    (tmp_path / "acme_arm_support").rename(tmp_path / "arm")
    urdf = tmp_path / "arm" / "urdf" / "arm.urdf"
    urdf.write_text(text.format("missing"))
    with pytest.raises(
        AssetError, match="put a folder 'acme_arm_support' with its files beside or above the URDF"
    ):
        read_urdf(urdf)
    (tmp_path / "secret.stl").write_bytes((tmp_path / "arm" / "meshes" / "part.stl").read_bytes())
    urdf.write_text(text.format("../secret"))
    with pytest.raises(AssetError):
        read_urdf(urdf)


def test_corners_that_count_back_mean_what_came_last(tmp_path: Path) -> None:
    """The same word ``-1`` is another vertex in each face; a reader that remembers words must not remember these."""
    lines = []
    for k in range(3):
        lines += [
            f"v {k} 0 0",
            f"v {k} 1 0",
            f"v {k} 0 1",
            "f -3 -2 -1",
            f"f {3 * k + 1} {3 * k + 2} {3 * k + 3}",
        ]
    (tmp_path / "x.obj").write_text("\n".join(lines))
    (section,) = read_mesh_file(tmp_path / "x.obj")
    mesh = section.mesh
    assert mesh.faces.tolist() == [[3 * k, 3 * k + 1, 3 * k + 2] for k in range(3) for _ in range(2)]
    np.testing.assert_array_equal(mesh.vertices[::3, 0], [0, 1, 2])

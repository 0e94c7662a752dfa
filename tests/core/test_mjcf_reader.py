# SPDX-License-Identifier: GPL-3.0-or-later
"""Our MJCF reader against MuJoCo: whatever MuJoCo makes of a file, we make of it too."""

from __future__ import annotations

import struct
from pathlib import Path

import mujoco
import numpy as np
import pytest
import trimesh

from physx_blender.errors import AssetError
from physx_blender.formats.mjcf import read_mjcf, write_mjcf
from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, Mesh
from physx_blender.geometry.mesh_report import mesh_report
from physx_blender.model import Asset, JointKind
from physx_blender.model.inertia import link_mass_properties

# Every way of saying where things are, default classes, frames, ref, all primitives, meshes with scale and reference.
ALL_SORTS = """
<mujoco model="all sorts">
  <compiler angle="{angle}" eulerseq="{sequence}" meshdir="shapes" autolimits="true"/>
  <default>
    <geom density="500" rgba="0.2 0.3 0.4 1"/>
    <joint damping="0.3" armature="0.01"/>
    <default class="stiff">
      <joint stiffness="2" frictionloss="0.1" damping="0.7"/>
      <default class="stiffer"><joint stiffness="5"/><geom density="900" friction="0.6 0.1 0.1"/></default>
    </default>
    <default class="shown"><geom contype="0" conaffinity="0" group="1" mass="0"/></default>
    <mesh scale="2 1 0.5"/>
  </default>
  <asset>
    <mesh name="wedge" file="wedge.obj"/>
    <mesh file="wedge.stl" scale="1 1 -1" refpos="0.1 0.2 0" refquat="0.9 0.1 0 0.2"/>
    <mesh name="inline" vertex="0 0 0  0.1 0 0  0 0.1 0  0 0 0.1" face="0 2 1 0 1 3 0 3 2 1 2 3"/>
    <material name="red" rgba="0.9 0.1 0.1 1"/>
  </asset>
  <worldbody>
    <geom type="plane" size="1 1 0.1"/>
    <light pos="0 0 3"/>
    <body name="trunk" pos="0.1 -0.2 0.5" quat="0.9 0.1 0.3 0.2">
      <freejoint name="root"/>
      <geom name="trunk box" type="box" size="0.1 0.2 0.05" pos="0.1 0 0" euler="{a} {b} {c}"/>
      <geom name="ball" size="0.08" pos="0 0 0.1" mass="0.7"/>
      <body name="upper" pos="0.2 0 0" euler="{a} {c} {b}" childclass="stiff">
        <joint name="shoulder" axis="1 1 0" pos="0.01 0.02 0.03" range="{low} {high}"/>
        <geom name="arm" type="capsule" fromto="0 0 0 0.1 0.2 0.3" size="0.03"/>
        <geom name="sleeve" type="cylinder" fromto="0 0 0 0 0 0.2" size="0.05" material="red" group="3"/>
        <frame pos="0.05 0 0" axisangle="0 1 1 {b}">
          <geom name="egg" type="ellipsoid" size="0.02 0.03 0.05" class="stiffer" xyaxes="1 1 0 0 1 1"/>
          <body name="lower" pos="0 0.1 0.3" zaxis="1 0 1">
            <inertial pos="0.01 0 0.02" mass="0.4" fullinertia="0.002 0.003 0.004 0.0001 -0.0002 0.0003"/>
            <joint name="elbow" type="slide" axis="0 0 2" range="-0.1 0.2" ref="0.05" class="stiffer"/>
            <geom name="hand" type="mesh" mesh="wedge"/>
            <geom name="glove" type="mesh" mesh="wedge" class="shown"/>
            <body name="tip" pos="0.1 0 0"><joint name="wrist" type="ball" range="0 {high}"/>
              <geom type="mesh" mesh="wedge.stl"/>
            </body>
            <body name="two">
              <joint name="first" axis="1 0 0" damping="1"/><joint name="second" axis="0 1 0" pos="0 0 0.1"/>
              <geom type="mesh" mesh="inline" quat="0.5 0.5 0.5 0.5"/>
            </body>
            <body name="bolt" pos="0 0 0.3">
              <joint name="screw slide" type="slide" axis="0 0 1"/><joint name="screw" axis="0 0 1"/>
              <inertial pos="0 0 0" quat="0.8 0.6 0 0" mass="0.1" diaginertia="0.001 0.002 0.0015"/>
              <geom type="cylinder" size="0.01 0.05"/>
            </body>
          </body>
        </frame>
      </body>
      <body name="fixed bit" pos="0 0 -0.1"><geom type="sphere" size="0.02"/><site name="here"/></body>
    </body>
  </worldbody>
  <equality><joint joint1="second" joint2="first" polycoef="0.1 -2 0 0 0"/></equality>
  <actuator><motor joint="elbow"/></actuator>
  <sensor><jointpos joint="elbow"/></sensor>
</mujoco>
"""


def wedge() -> trimesh.Trimesh:
    return trimesh.Trimesh(
        [[0, 0, 0], [0.2, 0, 0], [0.2, 0.1, 0], [0, 0.1, 0], [0, 0, 0.1], [0, 0.1, 0.1]],
        [[0, 2, 1], [0, 3, 2], [0, 1, 4], [3, 5, 2], [1, 2, 5], [1, 5, 4], [0, 4, 5], [0, 5, 3]],
        process=False,
    )


def write_meshes(folder: Path) -> None:
    folder.mkdir()
    wedge().export(folder / "wedge.obj")
    renamed = folder / "wedge.stl.stl"
    wedge().export(renamed)
    renamed.rename(folder / "wedge.stl")


def all_sorts(folder: Path, angle: str, sequence: str) -> Path:
    write_meshes(folder / "shapes")
    k = 1.0 if angle == "radian" else 180.0 / np.pi
    values = {"a": 0.3 * k, "b": -0.7 * k, "c": 1.1 * k, "low": -0.4 * k, "high": 1.2 * k}
    text = ALL_SORTS.format(angle=angle, sequence=sequence, **values)
    # the second mesh has the same stem as the first, so it needs a name of its own
    text = text.replace('<mesh file="wedge.stl"', '<mesh name="wedge.stl" file="wedge.stl"')
    path = folder / "all_sorts.xml"
    path.write_text(text)
    return path


def assert_same_as_mujoco(path: Path, asset: Asset) -> None:
    """Masses, centres, inertia, axes, anchors and limits of `asset` are those that MuJoCo compiles from `path`."""
    model = mujoco.MjModel.from_xml_path(str(path))
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    for k in range(1, model.nbody):
        props = link_mass_properties(asset, model.body(k).name)
        assert props.mass == pytest.approx(model.body_mass[k], rel=1e-6), model.body(k).name
        assert np.allclose(props.centre, data.xipos[k], atol=1e-6), model.body(k).name
        r = data.ximat[k].reshape(3, 3)
        inertia = r @ np.diag(model.body_inertia[k]) @ r.T
        assert np.abs(props.matrix - inertia).max() < 1e-5 * np.trace(inertia), model.body(k).name
    joints = {j.name: j for j in asset.joints}
    for k in range(model.njnt):
        kind, name = model.jnt_type[k], model.joint(k).name
        joint = joints.get(name)
        if joint is None:
            assert name in ("", "root", "screw slide")
            continue
        if kind in (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE):
            assert np.allclose(joint.axis, data.xaxis[k], atol=1e-9), name
        if kind != mujoco.mjtJoint.mjJNT_SLIDE:
            assert np.allclose(joint.anchor, data.xanchor[k], atol=1e-9), name
        limits = joint.angle_limits or joint.travel_limits
        assert (limits is not None) == bool(model.jnt_limited[k]), name
        if limits is not None:
            reference = model.qpos0[model.jnt_qposadr[k]] if kind != mujoco.mjtJoint.mjJNT_BALL else 0.0
            assert np.allclose(np.array(limits) + reference, model.jnt_range[k]), name
        dof = model.jnt_dofadr[k]
        ours = (joint.damping, joint.friction_loss, joint.armature)
        assert ours == pytest.approx(
            (model.dof_damping[dof], model.dof_frictionloss[dof], model.dof_armature[dof])
        ), name
        assert joint.stiffness == pytest.approx(np.ravel(model.jnt_stiffness[k])[0]), name


@pytest.mark.parametrize(("angle", "sequence"), [("radian", "xyz"), ("degree", "ZYX"), ("degree", "zxY")])
def test_everything_mjcf_can_say_is_read_as_mujoco_reads_it(
    tmp_path: Path, angle: str, sequence: str
) -> None:
    path = all_sorts(tmp_path, angle, sequence)
    asset = read_mjcf(path)
    assert_same_as_mujoco(path, asset)
    assert [link.name for link in asset.links][:3] == ["trunk", "upper", "lower"]
    assert not asset.fixed_base
    joints = {j.name: j for j in asset.joints}
    assert joints["screw"].kind is JointKind.CYLINDRICAL
    assert joints["second"].mimic is not None
    assert (joints["second"].mimic.joint, joints["second"].mimic.multiplier) == ("first", -2.0)
    assert joints["second"].parent == joints["first"].child != "two"
    kinds = {p.name: type(p.shapes[0].shape) for p in asset.parts}
    assert kinds["trunk box"] is Box
    assert kinds["ball"] is Ellipsoid
    assert kinds["arm"] is Capsule
    assert kinds["egg"] is Ellipsoid
    assert kinds["glove"] is Mesh
    parts = {p.name: p for p in asset.parts}
    assert "sleeve" not in parts, "a geom of group 3 collides and is not seen"
    assert any(isinstance(p.shape, Cylinder) for p in parts["arm"].collision or ())
    assert parts["egg"].material.friction == pytest.approx(0.6)
    assert parts["egg"].colour == pytest.approx((0.2, 0.3, 0.4, 1))
    assert parts["glove"].collision == ()
    notes = " ".join(asset.provenance.notes)
    for word in ("<actuator>", "<sensor>", "plane", "<site>", "ref"):
        assert word in notes


def test_geoms_stand_where_mujoco_puts_them(tmp_path: Path) -> None:
    path = all_sorts(tmp_path, "degree", "xyz")
    model = mujoco.MjModel.from_xml_path(str(path))
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    parts = {p.name: p for p in read_mjcf(path).parts}
    for name in ("trunk box", "ball", "arm", "egg"):
        k = model.geom(name).id
        pose = parts[name].shapes[0].pose
        assert np.allclose(pose.position, data.geom_xpos[k], atol=1e-9)
        # MuJoCo centres what a capsule's ends say; both turn the z axis onto the line of the ends
        assert np.allclose(pose.rotation, data.geom_xmat[k].reshape(3, 3), atol=1e-9), name
    for name in ("hand", "glove"):
        k = model.geom(name).id
        m = model.geom_dataid[k]
        vertices = model.mesh_vert[model.mesh_vertadr[m] : model.mesh_vertadr[m] + model.mesh_vertnum[m]]
        theirs = vertices @ data.geom_xmat[k].reshape(3, 3).T + data.geom_xpos[k]
        mine = parts["hand" if name == "hand" else "glove"].shapes[0].mesh().vertices
        assert np.allclose(np.sort(theirs, axis=0), np.sort(mine, axis=0), atol=1e-6)


def test_reading_what_was_written_changes_nothing(tmp_path: Path) -> None:
    first = read_mjcf(all_sorts(tmp_path, "radian", "xyz"))
    again = read_mjcf(write_mjcf(first, tmp_path / "again"))
    assert [li.name for li in again.links] == [li.name for li in first.links]
    for a, b in zip(first.joints, again.joints, strict=True):
        assert (a.name, a.kind, a.parent, a.child) == (b.name, b.kind, b.parent, b.child)
        if a.kind is not JointKind.FIXED:
            assert np.allclose(a.axis, b.axis)
            assert np.allclose(a.anchor, b.anchor)
            assert a.angle_limits == pytest.approx(b.angle_limits)
            assert (a.damping, a.stiffness) == pytest.approx((b.damping, b.stiffness))
    colours = {p.name: p.colour for p in again.parts}
    assert all(np.allclose(colours[p.name], p.colour) for p in first.parts)
    assert {p.name: len(p.collision or p.shapes) for p in first.parts} == {
        p.name: len(p.collision or p.shapes) for p in again.parts
    }


BODY = '<body name="b"><geom size="0.1"/>{}</body>'


def write(folder: Path, inside: str, name: str = "model.xml") -> Path:
    path = folder / name
    path.write_text(f'<mujoco model="m">{inside}</mujoco>')
    return path


def test_a_hinge_to_the_world_makes_the_world_a_fixed_base(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '<worldbody><body name="door" pos="0 0 1"><joint name="h" axis="0 0 1" range="0 90"/>'
        '<geom type="box" size=".4 .02 1"/></body></worldbody>',
    )
    asset = read_mjcf(path)
    assert asset.fixed_base
    assert [link.name for link in asset.links] == ["world", "door"]
    assert_same_as_mujoco(path, asset)
    out = write_mjcf(asset, tmp_path / "out")
    model = mujoco.MjModel.from_xml_path(str(out))
    assert (model.nbody, model.njnt) == (2, 1)


def test_several_loose_bodies_keep_their_freedom(tmp_path: Path) -> None:
    text = "".join(
        f'<body name="{n}" pos="{k} 0 1"><freejoint name="f{n}"/><geom size="0.1"/></body>'
        for k, n in enumerate("ab")
    )
    asset = read_mjcf(write(tmp_path, f"<worldbody>{text}</worldbody>"))
    assert not asset.fixed_base
    assert [(j.name, j.kind, j.parent) for j in asset.joints] == [("fb", JointKind.FREE, "a")]


def test_includes_are_put_in(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "inner.xml").write_text(f"<mujocoinclude>{BODY.format('')}</mujocoinclude>")
    asset = read_mjcf(write(tmp_path, '<worldbody><include file="parts/inner.xml"/></worldbody>'))
    assert [link.name for link in asset.links] == ["b"]


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ("<worldbody/>", "nothing to read"),
        ('<worldbody><body><geom type="box" size="1"/></body></worldbody>', "a box needs 3 sizes"),
        ('<worldbody><body><geom size="-1"/></body></worldbody>', "line 1"),
        ('<worldbody><body><geom type="mesh" mesh="x"/></body></worldbody>', "does not define"),
        ('<worldbody><body><geom size="0.1" class="x"/></body></worldbody>', "default class"),
        ('<worldbody><body><geom size="nan"/></body></worldbody>', "not finite"),
        ('<worldbody><body><geom size="0.1"/><joint axis="0 0 0"/></body></worldbody>', "zero vector"),
        ('<worldbody><body><geom size="0.1"/><joint type="spring"/></body></worldbody>', "not one of"),
        ('<worldbody><include file="../../../../../other.xml"/></worldbody>', "outside"),
        ('<worldbody><include file="gone.xml"/></worldbody>', "not in the model's folder"),
        ('<compiler coordinate="global"/><worldbody/>', "coordinate"),
        ('<worldbody><replicate count="3"><body/></replicate></worldbody>', "mj_saveLastXML"),
        (
            '<asset><mesh name="m" file="a.dae"/></asset><worldbody><geom type="mesh" mesh="m"/></worldbody>',
            "convert it",
        ),
        (
            '<asset><mesh name="m" file="/etc/passwd"/></asset><worldbody><geom type="mesh" mesh="m"/></worldbody>',
            "outside",
        ),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, inside: str, says: str) -> None:
    deep = tmp_path / "1" / "2" / "3" / "4" / "5"
    deep.mkdir(parents=True)
    (tmp_path / "other.xml").write_text("<mujocoinclude/>")
    path = write(deep, inside)
    with pytest.raises(AssetError, match=says):
        read_mjcf(path)


def test_an_include_of_a_neighbour_folder_is_read(tmp_path: Path) -> None:
    """As collections of robots share ``../common/assets.xml``."""
    (tmp_path / "common").mkdir()
    (tmp_path / "robot").mkdir()
    (tmp_path / "common" / "inner.xml").write_text(f"<mujocoinclude>{BODY.format('')}</mujocoinclude>")
    path = write(tmp_path / "robot", '<worldbody><include file="../common/inner.xml"/></worldbody>')
    assert read_mjcf(path).links


def test_an_include_of_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match="second time"):
        read_mjcf(write(tmp_path, '<include file="model.xml"/>'))


CUBE = "0 0 0  1 0 0  0 1 0  0 0 1  1 1 0  1 0 1  0 1 1  1 1 1  .5 .5 .5"
POINTS = (
    '<asset><mesh name="m" scale=".1 .2 .3" vertex="{}"/></asset><worldbody><body name="b"><freejoint/>'
    '<geom type="mesh" mesh="m"/></body></worldbody>'
)


def test_a_mesh_of_points_is_their_hull(tmp_path: Path) -> None:
    path = write(tmp_path, POINTS.format(CUBE))
    asset = read_mjcf(path)
    assert_same_as_mujoco(path, asset)
    mesh = asset.parts[0].shapes[0].mesh()
    assert len(mesh.vertices) == 8, "the point inside is gone"
    assert mesh_report(mesh).solid


@pytest.mark.parametrize("points", ["0 0 0  1 0 0  0 1 0", "0 0 0  1 0 0  0 1 0  1 1 0  2 1 0"])
def test_points_without_volume_are_refused(tmp_path: Path, points: str) -> None:
    with pytest.raises(AssetError, match="span no volume"):
        read_mjcf(write(tmp_path, POINTS.format(points)))


def test_msh_meshes_are_read_as_mujoco_reads_them(tmp_path: Path) -> None:
    mesh = wedge()
    v, f = mesh.vertices.astype("<f4"), mesh.faces.astype("<i4")
    data = struct.pack("<4i", len(v), 0, 0, len(f)) + v.tobytes() + f.tobytes()
    (tmp_path / "w.msh").write_bytes(data)
    path = write(
        tmp_path,
        '<asset><mesh file="w.msh"/></asset><worldbody><body name="b"><freejoint/><geom type="mesh" mesh="w"/>'
        "</body></worldbody>",
    )
    assert_same_as_mujoco(path, read_mjcf(path))


def test_many_notes_of_one_kind_become_one(tmp_path: Path) -> None:
    """A robot with name spaces (``robot0:arm``) must not bury what matters under a note for each name."""
    bodies = "".join(
        f'<body name="robot0:b{k}"><joint name="robot0:j{k}"/><geom size="0.1"/></body>' for k in range(9)
    )
    path = tmp_path / "m.xml"
    path.write_text(f"<mujoco><worldbody><site/>{bodies}</worldbody></mujoco>")
    notes = read_mjcf(path).provenance.notes
    assert [n for n in notes if "is called" in n] == [
        "'robot0:b0' is called 'robot0_b0' here (and 17 more like this)"
    ]
    assert "<site> is not kept" in notes

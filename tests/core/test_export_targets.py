# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports for different simulators differ where they should, and describe the same asset everywhere else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import mujoco
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.formats.targets import (
    MJCF_TARGETS,
    URDF_TARGETS,
    Collision,
    ExportOptions,
    MeshFormat,
    prepared,
    ros_name,
    ros_package_files,
    ros_package_name,
)
from physx_blender.formats.urdf import write_urdf
from physx_blender.geometry import Box, Cylinder, PlacedShape, Pose, Revolution
from physx_blender.model import Asset, Joint, JointKind, Link, Part
from physx_blender.model.inertia import link_mass_properties
from physx_blender.model.materials import find_material
from tests.core.random_assets import assets

OAK = find_material("oak")


def chest() -> Asset:
    """A body of two boxes, a lid with a turned knob; names that only ROS minds."""
    body = (
        PlacedShape(Box((0.4, 0.3, 0.2)), Pose((0, 0, 0.1))),
        PlacedShape(Box((0.1, 0.1, 0.1)), Pose((0.25, 0, 0.05))),
    )
    knob = PlacedShape(Revolution(((0, 0), (0.02, 0), (0.01, 0.03), (0, 0.03))), Pose((0, 0, 0.23)))
    parts = (
        Part("1 body", "the base", body, OAK),
        Part("lid", "lid", (PlacedShape(Cylinder(0.15, 0.02), Pose((0, 0, 0.212))),), OAK),
        Part("lid knob", "lid", (knob,), OAK),
    )
    hinge = Joint(
        "lid hinge", JointKind.HINGE, "the base", "lid", (-1, 0, 0), (0, 0.15, 0.2), angle_limits=(0, 1.5)
    )
    return Asset("my chest", parts, (Link("the base"), Link("lid")), (hinge,), fixed_base=True)


def extent(placed: PlacedShape) -> np.ndarray:
    vertices = placed.mesh(32).vertices
    return np.stack([vertices.min(axis=0), vertices.max(axis=0)])


def urdf(options: ExportOptions, folder: Path, package: str | None = None) -> ET.Element:
    path = write_urdf(prepared(chest(), options), folder, name="chest", package=package, options=options)
    return ET.parse(path).getroot()


def test_every_target_is_a_setting_of_its_own() -> None:
    for table in (MJCF_TARGETS, URDF_TARGETS):
        assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("target", sorted(URDF_TARGETS))
def test_every_urdf_means_the_same_asset(target: str, tmp_path: Path) -> None:
    options = URDF_TARGETS[target]
    asset = prepared(chest(), options)
    path = write_urdf(asset, tmp_path / "chest_description", name="chest", package=None, options=options)
    back = load_asset(path)
    for link in asset.links:
        assert link_mass_properties(back, link.name).mass == pytest.approx(
            link_mass_properties(asset, link.name).mass
        )
    hinge = next(j for j in back.joints if j.kind is JointKind.HINGE)
    assert hinge.angle_limits == pytest.approx((0.0, 1.5))
    assert hinge.anchor == pytest.approx((0.0, 0.15, 0.2))
    if options.mujoco_words:
        assert mujoco.MjModel.from_xml_path(str(path)).njnt == 1


def test_ros_gets_a_package(tmp_path: Path) -> None:
    root = urdf(URDF_TARGETS["ROS 2"], tmp_path, "chest_description")
    files = [m.get("filename", "") for m in root.iter("mesh")]
    assert files
    assert all(f.startswith("package://chest_description/meshes/") for f in files)
    named = [e.get("name", "") for e in root.iter() if e.tag in ("link", "joint", "material")]
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", n.partition(":")[0]) for n in named), named
    assert root.find("mujoco") is None
    # the base is fastened to the world, whose link has no inertia, as KDL wants its root
    children = {j.find("child").get("link") for j in root.iter("joint")}  # type: ignore[union-attr]
    (top,) = [x for x in root.iter("link") if x.get("name") not in children]
    assert top.find("inertial") is None


def test_a_free_base_for_ros_gets_an_empty_root(tmp_path: Path) -> None:
    options = URDF_TARGETS["ROS 2"]
    asset = replace(prepared(chest(), options), fixed_base=False)
    root = ET.parse(write_urdf(asset, tmp_path, options=options)).getroot()
    children = {j.find("child").get("link") for j in root.iter("joint")}  # type: ignore[union-attr]
    (top,) = [x for x in root.iter("link") if x.get("name") not in children]
    assert (top.get("name"), len(top)) == ("root", 0)
    assert all(":" not in j.get("name", "") for j in root.iter("joint"))


def test_pybullet_has_no_link_for_the_world(tmp_path: Path) -> None:
    root = urdf(URDF_TARGETS["PyBullet"], tmp_path)
    assert sorted(x.get("name", "") for x in root.iter("link")) == ["lid", "the base"]
    assert sorted(x.get("name", "") for x in urdf(URDF_TARGETS["MuJoCo"], tmp_path).iter("link")) == [
        "lid", "the base", "world",
    ]  # fmt: skip


def test_stl_files_hold_the_same_triangles(tmp_path: Path) -> None:
    asset = chest()
    for kind in MeshFormat:
        write_urdf(asset, tmp_path / kind.value, name="chest", options=ExportOptions(mesh_format=kind))
    assert not list((tmp_path / "stl").rglob("*.obj"))
    obj, stl = (load_asset(tmp_path / kind.value / "chest.urdf") for kind in MeshFormat)
    for a, b in zip(obj.parts, stl.parts, strict=True):
        for s, t in zip(a.shapes, b.shapes, strict=True):
            assert np.allclose(extent(s), extent(t), atol=1e-6)
            assert s.volume_properties().mass == pytest.approx(t.volume_properties().mass, rel=1e-4)


@pytest.mark.parametrize("kind", [Collision.HULLS, Collision.BOXES])
def test_simple_collision_encloses_the_part(kind: Collision, tmp_path: Path) -> None:
    asset = prepared(chest(), ExportOptions(collision=kind))
    model = mujoco.MjModel.from_xml_path(str(write_mjcf(asset, tmp_path)))
    colliding = [g for g in range(model.ngeom) if model.geom_contype[g]]
    assert len(colliding) == len(asset.parts), "one for each part"
    if kind is Collision.BOXES:
        assert all(model.geom_type[g] == mujoco.mjtGeom.mjGEOM_BOX for g in colliding)
    for before, after in zip(chest().parts, asset.parts, strict=True):
        assert after.collision is not None
        low, high = extent(after.collision[0])
        for placed in before.shapes:
            a, b = extent(placed)
            assert (low <= a + 2e-3).all()
            assert (high >= b - 2e-3).all()


@given(asset=assets())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_ros_names_are_unique_and_change_nothing_else(asset: Asset) -> None:
    plain = prepared(asset, ExportOptions(ros_names=True))
    for items in (plain.links, plain.parts, plain.joints):
        found = [x.name for x in items]
        assert len(set(found)) == len(found)
        assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", n) for n in found)
    assert [p.shapes for p in plain.parts] == [p.shapes for p in asset.parts]
    assert prepared(plain, ExportOptions(ros_names=True)) == plain


def test_names_for_ros() -> None:
    assert (ros_name("left door"), ros_name("2nd"), ros_name("a..b")) == ("left_door", "_2nd", "a_b")
    assert ros_package_name("My Chest 2!") == "my_chest_2"
    assert ros_package_name("42") == "asset_42"
    with pytest.raises(AssetError, match="no name for a ROS package"):
        ros_package_files("My Chest", "chest.urdf")
    manifest = ET.fromstring(ros_package_files("chest_description", "chest.urdf")["package.xml"])
    assert manifest.findtext("name") == "chest_description"

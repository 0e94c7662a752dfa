# SPDX-License-Identifier: GPL-3.0-or-later
"""The exported USD, opened by Pixar's library and compared with the asset it came from."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pxr import Gf, Usd, UsdGeom, UsdPhysics, UsdShade

from physx_blender.errors import AssetError
from physx_blender.formats.layout import plan
from physx_blender.formats.targets import ros_name
from physx_blender.formats.usd import write_usd
from physx_blender.geometry import Box, Capsule, Cylinder, Ellipsoid, PlacedShape, Pose
from physx_blender.model import Asset, Joint, JointKind, Link, Material, Mimic, Part, Texture
from tests.core.random_assets import assets, random_positions
from tests.core.test_urdf_reader import PNG

WOOD = Material("Oak wood", 700.0, friction=0.45, restitution=0.3)
Positions = dict[str, tuple[float, ...]]
JOINTED = tuple(k for k in JointKind if k is not JointKind.FREE)


def cupboard(*, fixed: bool = True) -> Asset:
    """A body with a door that stands open, a drawer, its follower, a knob on a ball joint and a loose ball."""
    body = Part("body", "body", (PlacedShape(Box((0.6, 0.4, 0.8)), Pose((0, 0, 0.4))),), WOOD)
    door = Part("left door", "door", (PlacedShape(Box((0.3, 0.02, 0.8)), Pose((-0.15, -0.22, 0.4))),), WOOD)
    rail = Part("rail", "drawer", (PlacedShape(Cylinder(0.01, 0.3), Pose((0.15, -0.22, 0.6))),), WOOD)
    other = Part("rail 2", "drawer 2", (PlacedShape(Capsule(0.01, 0.3), Pose((0.15, -0.22, 0.3))),), WOOD)
    knob = Part(
        "knob", "knob", (PlacedShape(Ellipsoid((0.02, 0.02, 0.02)), Pose((-0.02, -0.25, 0.4))),), WOOD
    )
    ball = Part("ball", "ball", (PlacedShape(Ellipsoid((0.05, 0.05, 0.08)), Pose((1, 0, 0.08))),), WOOD)
    joints = (
        Joint("hinge", JointKind.HINGE, "body", "door", (0, 0, -1), (-0.3, -0.22, 0.4), (0, 2.0),
              position=(0.7,), damping=0.2, friction_loss=0.1, stiffness=0.3, armature=0.01),
        Joint("slide", JointKind.SLIDE, "body", "drawer", (0, -1, 0), (0.15, -0.22, 0.6),
              travel_limits=(0.0, 0.35), position=(0.1,)),
        Joint("slide 2", JointKind.SLIDE, "body", "drawer 2", (0, -1, 0), travel_limits=(-1.0, 1.0),
              mimic=Mimic("slide", 0.5, 0.02), position=(0.07,)),
        Joint("socket", JointKind.BALL, "door", "knob", anchor=(-0.02, -0.23, 0.4), angle_limits=(0, 0.5)),
        Joint("loose", JointKind.FREE, "body", "ball"),
    )  # fmt: skip
    links = tuple(Link(n) for n in ("body", "door", "drawer", "drawer 2", "knob", "ball"))
    parts = (body, door, rail, other, knob, ball)
    return Asset("my cupboard", parts, links, joints, category="cupboard", fixed_base=fixed)


def opened(asset: Asset, folder: Path) -> Usd.Stage:
    stage = Usd.Stage.Open(str(write_usd(asset, folder)))
    assert stage
    return stage


def bodies_of(stage: Usd.Stage) -> dict[str, Usd.Prim]:
    found = [p for p in stage.Traverse() if p.HasAPI(UsdPhysics.RigidBodyAPI)]
    return {p.GetDisplayName() or p.GetName(): p for p in found}


def matrix_of(prim: Usd.Prim) -> np.ndarray:
    """World matrix for column vectors."""
    return np.array(UsdGeom.XformCache().GetLocalToWorldTransform(prim)).T


def frame(joint: UsdPhysics.Joint, k: int) -> np.ndarray:
    place = joint.GetLocalPos0Attr() if k == 0 else joint.GetLocalPos1Attr()
    turn = joint.GetLocalRot0Attr() if k == 0 else joint.GetLocalRot1Attr()
    matrix = Gf.Matrix4d(Gf.Rotation(Gf.Quatd(turn.Get())), Gf.Vec3d(place.Get()))
    return np.array(matrix).T


def body_path(joint: UsdPhysics.Joint, k: int) -> str:
    (target,) = (joint.GetBody0Rel() if k == 0 else joint.GetBody1Rel()).GetTargets()
    return str(target)


def motion(kind: str, q: tuple[float, ...]) -> np.ndarray:
    """What a joint of UsdPhysics lets body 1 do in its own frame; the axis is x."""
    matrix = np.eye(4)
    if kind == "PhysicsRevoluteJoint":
        c, s = math.cos(q[0]), math.sin(q[0])
        matrix[1:3, 1:3] = [[c, -s], [s, c]]
    elif kind == "PhysicsPrismaticJoint":
        matrix[0, 3] = q[0]
    elif kind == "PhysicsSphericalJoint":
        matrix[:3, :3] = Pose(quaternion=(q[0], q[1], q[2], q[3])).rotation
    return matrix


def usd_kinematics(stage: Usd.Stage, asset: Asset, positions: Positions) -> dict[str, np.ndarray]:
    """World matrices of the bodies, from nothing but the frames in the file."""
    joints = {
        p.GetDisplayName() or p.GetName(): UsdPhysics.Joint(p)
        for p in stage.Traverse()
        if p.IsA(UsdPhysics.Joint)
    }
    place = {str(stage.GetDefaultPrim().GetPath()): np.eye(4)}
    values: Positions = {}
    for name in joints:
        base = name.removesuffix(":slide").removesuffix(":turn")
        source = next((j for j in asset.joints if j.name == base), None)
        if source is None or source.kind is JointKind.FIXED:
            values[name] = ()
            continue
        rest = {JointKind.CYLINDRICAL: (0.0, 0.0), JointKind.BALL: (1.0, 0.0, 0.0, 0.0)}
        q = positions.get(base, rest.get(source.kind, (0.0,)))
        if source.mimic is not None:
            leader = positions.get(source.mimic.joint, (0.0,))[0]
            q = (source.mimic.multiplier * leader + source.mimic.offset,)
        if source.kind is JointKind.CYLINDRICAL:
            q = (q[1],) if name.endswith(":slide") else (q[0],)
        values[name] = q
    for body in bodies_of(stage).values():
        path = str(body.GetPath())
        if not any(body_path(j, 1) == path for j in joints.values()):
            place[path] = matrix_of(body)
    left = dict(joints)
    while left:
        ready = [n for n, j in left.items() if body_path(j, 0) in place]
        assert ready, "joints that hang on nothing"
        for name in ready:
            joint = left.pop(name)
            moved = motion(joint.GetPrim().GetTypeName(), values[name])
            place[body_path(joint, 1)] = (
                place[body_path(joint, 0)] @ frame(joint, 0) @ moved @ np.linalg.inv(frame(joint, 1))
            )
    return place


def assert_equal(asset: Asset, stage: Usd.Stage) -> None:
    """Bodies, poses, masses, frames and limits of the stage are those of the asset."""
    assert UsdGeom.GetStageUpAxis(stage) == "Z"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    bodies = bodies_of(stage)
    helpers = {f"{j.name}:slide" for j in asset.joints if j.kind is JointKind.CYLINDRICAL}
    assert set(bodies) == {link.name for link in asset.links} | helpers
    assert not any(
        p.HasAPI(UsdPhysics.RigidBodyAPI) for b in bodies.values() for p in Usd.PrimRange(b) if p != b
    )
    layout = plan(asset)
    now = asset.link_poses(asset.current_positions())
    total = 0.0
    for link in layout.links:
        prim = bodies[link.name]
        expected = now[link.name].matrix @ Pose(link.origin).matrix
        np.testing.assert_allclose(matrix_of(prim), expected, atol=1e-9)
        if link.inertial is None:
            assert not prim.HasAPI(UsdPhysics.MassAPI)
            continue
        mass = UsdPhysics.MassAPI(prim)
        helper = bodies.get(f"{link.joint.name}:slide") if link.joint is not None else None
        lent = UsdPhysics.MassAPI(helper).GetMassAttr().Get() if helper else 0.0
        total += mass.GetMassAttr().Get() + lent
        assert mass.GetMassAttr().Get() + lent == pytest.approx(link.inertial.mass, rel=1e-6)
        np.testing.assert_allclose(mass.GetCenterOfMassAttr().Get(), link.inertial.centre, atol=1e-6)
        axes = np.array(Gf.Matrix3d(Gf.Quatd(mass.GetPrincipalAxesAttr().Get()))).T
        inertia = axes @ np.diag(mass.GetDiagonalInertiaAttr().Get()) @ axes.T
        largest = float(np.abs(link.inertial.matrix).max())
        np.testing.assert_allclose(inertia, link.inertial.matrix, atol=max(2e-6 * largest, 3e-12))
    assert total == pytest.approx(sum(x.inertial.mass for x in layout.links if x.inertial), rel=1e-6)
    joints = {p.GetDisplayName() or p.GetName(): p for p in stage.Traverse() if p.IsA(UsdPhysics.Joint)}
    for joint in asset.joints:
        for name, schema, low_high, scale in expected_prims(joint):
            prim = joints.pop(name)
            assert prim.GetTypeName() == schema
            if schema == "PhysicsSphericalJoint":
                cone = UsdPhysics.SphericalJoint(prim).GetConeAngle0LimitAttr().Get()
                assert cone == pytest.approx(-1 if low_high is None else math.degrees(low_high[1]), rel=1e-6)
            elif schema != "PhysicsFixedJoint":
                low, high = low_high or (-math.inf, math.inf)
                assert prim.GetAttribute("physics:lowerLimit").Get() == pytest.approx(low * scale, rel=1e-6)
                assert prim.GetAttribute("physics:upperLimit").Get() == pytest.approx(high * scale, rel=1e-6)
                parent = body_path(UsdPhysics.Joint(prim), 0)
                at_rest = usd_kinematics(stage, asset, {})[parent] @ frame(UsdPhysics.Joint(prim), 0)
                if all(j.mimic is None for j in asset.joints):
                    turns = schema == "PhysicsRevoluteJoint"
                    axis = joint.axis if turns else joint.sliding_direction
                    if not any(j.kind is JointKind.FREE for j in asset.joints):
                        np.testing.assert_allclose(at_rest[:3, 0], axis, atol=2e-6)
                        np.testing.assert_allclose(at_rest[:3, 3], joint.anchor, atol=2e-6)
    assert set(joints) == ({f"{asset.base.name}:fixed"} if asset.fixed_base else set())
    roots = [p for p in stage.Traverse() if p.HasAPI(UsdPhysics.ArticulationRootAPI)]
    jointed = any(j.kind is not JointKind.FREE for j in asset.joints)
    assert len(roots) == (1 if jointed else 0)


def expected_prims(joint: Joint) -> list[tuple[str, str, tuple[float, float] | None, float]]:
    """Name, schema, limits and factor of the limits of the prims that stand for a joint."""
    turn = ("PhysicsRevoluteJoint", joint.angle_limits, math.degrees(1.0))
    slide = ("PhysicsPrismaticJoint", joint.travel_limits, 1.0)
    return {
        JointKind.FREE: [],
        JointKind.FIXED: [(joint.name, "PhysicsFixedJoint", None, 1.0)],
        JointKind.HINGE: [(joint.name, *turn)],
        JointKind.SLIDE: [(joint.name, *slide)],
        JointKind.BALL: [(joint.name, "PhysicsSphericalJoint", joint.angle_limits, 1.0)],
        JointKind.CYLINDRICAL: [(f"{joint.name}:slide", *slide), (f"{joint.name}:turn", *turn)],
    }[joint.kind]


@pytest.mark.parametrize("fixed", [True, False])
def test_cupboard_is_equal(tmp_path: Path, fixed: bool) -> None:
    asset = cupboard(fixed=fixed)
    stage = opened(asset, tmp_path)
    assert_equal(asset, stage)
    root = stage.GetDefaultPrim()
    assert (root.GetName(), root.GetDisplayName()) == ("my_cupboard", "my cupboard")
    (articulated,) = [p for p in stage.Traverse() if p.HasAPI(UsdPhysics.ArticulationRootAPI)]
    assert articulated.GetName() == ("body_fixed" if fixed else "body")
    hinge = stage.GetPrimAtPath("/my_cupboard/joints/hinge")
    assert not any("Drive" in api for api in hinge.GetAppliedSchemas())
    said = [
        hinge.GetAttribute(f"mjc:{n}").Get() for n in ("damping", "frictionloss", "stiffness", "armature")
    ]
    assert said == [0.2, 0.1, 0.3, 0.01]
    follower = stage.GetPrimAtPath("/my_cupboard/joints/slide_2")
    assert follower.GetAttribute("physxMimicJoint:transX:gearing").Get() == -0.5
    assert follower.GetAttribute("physxMimicJoint:transX:offset").Get() == pytest.approx(-0.02)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(asset=assets(kinds=JOINTED), seed=st.integers(0, 2**16))
def test_any_asset_is_equal_and_moves_alike(
    asset: Asset, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stage = opened(asset, tmp_path_factory.mktemp("usd"))
    assert_equal(asset, stage)
    moved = random_positions(asset, np.random.default_rng(seed))
    ours = asset.link_poses(moved)
    theirs = usd_kinematics(stage, asset, moved)
    layout = plan(asset)
    for link in asset.links:
        expected = ours[link.name].matrix @ Pose(layout.by_name[link.name].origin).matrix
        got = theirs[str(bodies_of(stage)[link.name].GetPath())]
        np.testing.assert_allclose(got, expected, atol=1e-5)


def test_colliders_and_materials(tmp_path: Path) -> None:
    stage = opened(cupboard(), tmp_path)
    found = {}
    for prim in stage.Traverse():
        if prim.HasAPI(UsdPhysics.CollisionAPI):
            assert UsdGeom.Imageable(prim).ComputePurpose() == "guide"
            material = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial("physics")[0].GetPrim()
            felt = UsdPhysics.MaterialAPI(material)
            assert felt.GetDynamicFrictionAttr().Get() == pytest.approx(0.45)
            assert felt.GetRestitutionAttr().Get() == pytest.approx(0.3)
            found[prim.GetDisplayName()] = prim
    kinds = {n: p.GetTypeName() for n, p in found.items()}
    assert kinds == {
        "body:collision": "Cube", "left door:collision": "Cube", "rail:collision": "Cylinder",
        "rail 2:collision": "Capsule", "knob:collision": "Sphere", "ball:collision": "Mesh",
    }  # fmt: skip
    hull = UsdPhysics.MeshCollisionAPI(found["ball:collision"])
    assert hull.GetApproximationAttr().Get() == "convexHull"
    cache = UsdGeom.BBoxCache(Usd.TimeCode.Default(), ["guide"])
    box = cache.ComputeWorldBound(found["body:collision"]).ComputeAlignedRange()
    np.testing.assert_allclose([box.GetMin(), box.GetMax()], [[-0.3, -0.2, 0], [0.3, 0.2, 0.8]], atol=1e-9)


def test_texture_is_found_from_the_layer(tmp_path: Path) -> None:
    part = Part("sign", "a", (PlacedShape(Box((1.0, 0.1, 1.0))),), WOOD, texture=Texture("wood", PNG))
    stage = opened(Asset("sign", (part,), (Link("a"),)), tmp_path)
    image = UsdShade.Shader(stage.GetPrimAtPath("/sign/Looks/sign/Texture")).GetInput("file").Get()
    assert Path(image.resolvedPath).read_bytes() == PNG
    mesh = next(UsdGeom.Mesh(p) for p in stage.Traverse() if p.IsA(UsdGeom.Mesh))
    st_values = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Get()
    assert len(st_values) == len(mesh.GetFaceVertexIndicesAttr().Get())
    assert not [p for p in stage.Traverse() if p.HasAPI(UsdPhysics.ArticulationRootAPI)]


def test_names_that_become_equal_stay_apart(tmp_path: Path) -> None:
    box = (PlacedShape(Box((0.1, 0.1, 0.1))),)
    links = ("Looks", "a b", "a_b", "joints")
    parts = tuple(Part(f"p.{n}", n, box, WOOD) for n in links)
    joints = tuple(Joint(f"j {n}", JointKind.FIXED, "Looks", n) for n in links[1:])
    stage = opened(Asset("1 thing", parts, tuple(map(Link, links)), joints), tmp_path)
    assert stage.GetDefaultPrim().GetName() == ros_name("1 thing") == "_1_thing"
    assert set(bodies_of(stage)) == set(links)


def test_binary_form_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"write a \.usda"):
        write_usd(cupboard(), tmp_path, suffix=".usdc")
    assert not list(tmp_path.iterdir())
    assert Usd.Stage.Open(str(write_usd(cupboard(), tmp_path, suffix=".usd")))

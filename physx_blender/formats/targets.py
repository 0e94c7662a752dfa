# SPDX-License-Identifier: GPL-3.0-or-later
"""What each simulator expects of an export, as options of our writers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

import numpy as np

from ..errors import AssetError
from ..geometry import Box, Mesh, PlacedShape, TriangleMesh, oriented_bounds
from ..model import Asset, Mimic, Part
from ..model.names import MAX_NAME_LENGTH
from .layout import FLAT, collision_pieces

_DETAIL = 24


class Base(str, Enum):
    """Whether the base is fastened to the world."""

    AS_SET = "as_set"
    FREE = "free"
    FIXED = "fixed"


class Collision(str, Enum):
    """How finely parts collide."""

    AS_SET = "as_set"
    HULLS = "hulls"
    BOXES = "boxes"


class MeshFormat(str, Enum):
    """Format of mesh files; parts with a texture are OBJ in any case, because STL has no place for it."""

    OBJ = "obj"
    STL = "stl"


@dataclass(frozen=True)
class ExportOptions:
    """How to write for a simulator.

    base, collision: change the asset on the way out.  ros_names: letters, digits and underscores only, none first a digit.
    MJCF: actuators (position servos), scene (floor, lights, camera).
    URDF: package_paths (``package://``), package_files (package.xml and CMakeLists.txt, where they are missing), mesh_format,
        empty_root (a link without inertia before the base), mujoco_words (the <mujoco> element, which others ignore).
    """

    base: Base = Base.AS_SET
    collision: Collision = Collision.AS_SET
    ros_names: bool = False
    actuators: bool = False
    scene: bool = False
    package_paths: bool = False
    package_files: bool = False
    mesh_format: MeshFormat = MeshFormat.OBJ
    empty_root: bool = False
    mujoco_words: bool = True


MJCF_TARGETS: MappingProxyType[str, ExportOptions] = MappingProxyType(
    {
        # to <include> or attach to a scene of one's own
        "MuJoCo": ExportOptions(),
        "MuJoCo Scene": ExportOptions(actuators=True, scene=True),
        # few contacts, for many worlds at once
        "MuJoCo Fast": ExportOptions(collision=Collision.BOXES),
    }
)
URDF_TARGETS: MappingProxyType[str, ExportOptions] = MappingProxyType(
    {
        "MuJoCo": ExportOptions(),
        # KDL, which robot_state_publisher uses, refuses a root link with inertia; tf names have no spaces
        "ROS 2": ExportOptions(
            ros_names=True, package_paths=True, package_files=True, empty_root=True, mujoco_words=False
        ),
        # the importer makes USD prims of names and asks itself whether to fix the base; it takes hulls of meshes
        "Isaac Sim": ExportOptions(base=Base.FREE, ros_names=True, mujoco_words=False),
        # loadURDF(useFixedBase=...) fixes the base, so that no further link is needed for it
        "PyBullet": ExportOptions(base=Base.FREE, mujoco_words=False),
    }
)


def prepared(asset: Asset, options: ExportOptions) -> Asset:
    """The asset as the options want it; itself where they want nothing."""
    if options.base is not Base.AS_SET:
        asset = replace(asset, fixed_base=options.base is Base.FIXED)
    if options.collision is not Collision.AS_SET:
        parts = tuple(replace(p, collision=_simple(p, options.collision)) for p in asset.parts)
        asset = replace(asset, parts=parts)
    return with_ros_names(asset) if options.ros_names else asset


def _simple(part: Part, kind: Collision) -> tuple[PlacedShape, ...]:
    """One hull or one box around what collides of the part."""
    pieces = collision_pieces(part)
    if not pieces:
        return ()
    meshes = [placed.mesh(_DETAIL) for placed in pieces]
    if kind is Collision.BOXES:
        pose, size = oriented_bounds(np.concatenate([m.vertices for m in meshes]))
        x, y, z = (max(float(v), FLAT) for v in size)
        return (PlacedShape(Box((x, y, z)), pose),)
    if len(pieces) == 1:
        return pieces
    offsets = np.cumsum([0, *(len(m.vertices) for m in meshes)])
    faces = np.concatenate([m.faces + o for m, o in zip(meshes, offsets, strict=False)])
    # simulators take the hull of a collision mesh
    return (PlacedShape(Mesh(TriangleMesh(np.concatenate([m.vertices for m in meshes]), faces))),)


def ros_name(text: str) -> str:
    """Letters, digits and underscores, the first no digit: a name for tf frames, topics and USD prims."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_") or "x"
    return f"_{name}"[:MAX_NAME_LENGTH] if name[0].isdigit() else name


def ros_package_name(text: str) -> str:
    """A name of a ROS package: small letters, digits and single underscores, beginning with a letter, two at least."""
    name = re.sub(r"_+", "_", re.sub(r"[^a-z0-9]+", "_", text.lower())).strip("_")
    if not name or not name[0].isalpha():
        name = f"asset_{name}".strip("_")
    return name if len(name) > 1 else f"{name}_description"


def with_ros_names(asset: Asset) -> Asset:
    """The asset with all names as `ros_name` makes them; those that become equal get a number."""
    links = _renaming(link.name for link in asset.links)
    parts = _renaming(part.name for part in asset.parts)
    joints = _renaming(joint.name for joint in asset.joints)
    return replace(
        asset,
        name=ros_name(asset.name),
        links=tuple(replace(x, name=links[x.name]) for x in asset.links),
        parts=tuple(replace(x, name=parts[x.name], link=links[x.link]) for x in asset.parts),
        joints=tuple(
            replace(
                j,
                name=joints[j.name],
                parent=links[j.parent],
                child=links[j.child],
                mimic=None
                if j.mimic is None
                else Mimic(joints[j.mimic.joint], j.mimic.multiplier, j.mimic.offset),
            )
            for j in asset.joints
        ),
    )


def _renaming(names: object) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:  # type: ignore[attr-defined]
        stem = new = ros_name(name)
        k = 2
        while new in taken:
            new, k = f"{stem[: MAX_NAME_LENGTH - 5]}_{k}", k + 1
        taken.add(new)
        found[name] = new
    return found


def ros_package_files(package: str, urdf: str) -> dict[str, bytes]:
    """package.xml and CMakeLists.txt that install the URDF ``urdf``, ``meshes/`` and ``textures/`` with ament.

    Source: the package tutorials of ROS 2 and the format of package.xml (REP 149).
    """
    if ros_package_name(package) != package:
        raise AssetError(
            "is no name for a ROS package: small letters, digits and single underscores, a letter first",
            where=f"package {package!r}",
        )
    manifest = f"""<?xml version="1.0"?>
<package format="3">
  <name>{package}</name>
  <version>0.1.0</version>
  <description>Description of {urdf}, written by SimReady Props</description>
  <maintainer email="you@example.com">you</maintainer>
  <license>TODO: license of the asset</license>
  <buildtool_depend>ament_cmake</buildtool_depend>
  <exec_depend>robot_state_publisher</exec_depend>
  <export>
    <build_type>ament_cmake</build_type>
  </export>
</package>
"""
    build = f"""cmake_minimum_required(VERSION 3.8)
project({package})
find_package(ament_cmake REQUIRED)
install(FILES {urdf} DESTINATION share/${{PROJECT_NAME}})
foreach(folder meshes textures)
  if(EXISTS ${{CMAKE_CURRENT_SOURCE_DIR}}/${{folder}})
    install(DIRECTORY ${{folder}} DESTINATION share/${{PROJECT_NAME}})
  endif()
endforeach()
ament_package()
"""
    return {"package.xml": manifest.encode(), "CMakeLists.txt": build.encode()}

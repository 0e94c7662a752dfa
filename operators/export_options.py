# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that the exporters show, and the options of the writers that they mean."""

from __future__ import annotations

from typing import Any

from bpy.props import BoolProperty, EnumProperty

from ..physx_blender.formats.targets import Base, Collision, ExportOptions, MeshFormat

PLACEMENTS = (
    ("SCENE", "As in the Scene", "The file's origin is the origin of the scene"),
    ("ASSET", "At the Asset's Origin", "Ignore where the rig has been moved and turned to in the scene"),
)
BASES = (
    ("AS_SET", "As Set", "Fastened to the world where the asset says Fixed Base, else free"),
    ("FREE", "Free", "Not fastened; the simulator decides (PyBullet: useFixedBase, Isaac Sim: Fix Base)"),
    ("FIXED", "Fixed", "Fastened to the world"),
)
COLLISIONS = (
    ("AS_SET", "As Set", "Colliders of the parts: exact shapes and convex pieces, hollow things stay hollow"),
    ("HULLS", "One Hull per Part", "The convex hull of each part; hollow parts become full"),
    ("BOXES", "One Box per Part", "A tight box around each part: fewest contacts, for many worlds at once"),
)
MESH_FORMATS = (
    ("OBJ", "OBJ", "Read by everything, with textures"),
    ("STL", "STL", "Binary and small; parts with a texture are OBJ all the same"),
)


class ObjectOptions:
    """What all exporters for simulators can be told of the object."""

    placement: EnumProperty(
        name="Origin", description="Where the file's origin is", items=PLACEMENTS, default="SCENE"
    )
    base: EnumProperty(
        name="Base", description="Whether the base is fastened to the world", items=BASES, default="AS_SET"
    )
    collision: EnumProperty(
        name="Collision", description="How finely parts collide", items=COLLISIONS, default="AS_SET"
    )

    def changes(self) -> dict[str, Any]:
        """Fields of `ExportOptions`."""
        return {"base": Base(self.base.lower()), "collision": Collision(self.collision.lower())}


class UsdOptions(ObjectOptions):
    """Settings of the USD exporter."""

    def writer_options(self) -> ExportOptions:
        """For the writer."""
        return ExportOptions(**self.changes())


class CommonOptions(ObjectOptions):
    """What exporters of formats with free names can be told besides."""

    ros_names: BoolProperty(
        name="Plain Names",
        description="Names of letters, digits and underscores only, as ROS (tf, topics) and USD want them",
    )

    def common(self) -> dict[str, Any]:
        """Fields of `ExportOptions`."""
        return self.changes() | {"ros_names": self.ros_names}


class MjcfOptions(CommonOptions):
    """Settings of the MJCF exporter."""

    use_actuators: BoolProperty(name="Actuators", description="Add a position servo to every hinge and slide")
    use_scene: BoolProperty(
        name="Floor and Lights", description="Make a scene to look at, instead of a prop to include"
    )

    def writer_options(self) -> ExportOptions:
        """For the writer."""
        return ExportOptions(**self.common(), actuators=self.use_actuators, scene=self.use_scene)


class UrdfOptions(CommonOptions):
    """Settings of the URDF exporter."""

    use_package: BoolProperty(
        name="Package Paths",
        description="Name mesh files as package://<package>/meshes/... and not relative to the URDF",
    )
    package_files: BoolProperty(
        name="ROS Package Files",
        description="Also write package.xml and CMakeLists.txt where they are missing, so that colcon builds the folder",
    )
    mesh_format: EnumProperty(
        name="Meshes", description="Format of the mesh files", items=MESH_FORMATS, default="OBJ"
    )
    empty_root: BoolProperty(
        name="Empty Root Link",
        description="Begin with a link without inertia; KDL and robot_state_publisher warn without it",
    )
    mujoco_words: BoolProperty(
        name="MuJoCo Element",
        description="Add the <mujoco> element, without which MuJoCo drops visuals and fuses links; others ignore it",
        default=True,
    )

    def writer_options(self) -> ExportOptions:
        """For the writer."""
        return ExportOptions(
            **self.common(),
            package_paths=self.use_package,
            package_files=self.package_files,
            mesh_format=MeshFormat(self.mesh_format.lower()),
            empty_root=self.empty_root,
            mujoco_words=self.mujoco_words,
        )


def settings_of(options: ExportOptions, *, urdf: bool) -> dict[str, Any]:
    """The settings of an export operator that mean these options."""
    found: dict[str, Any] = {
        "base": options.base.value.upper(),
        "collision": options.collision.value.upper(),
        "ros_names": options.ros_names,
    }
    if not urdf:
        return found | {"use_actuators": options.actuators, "use_scene": options.scene}
    return found | {
        "use_package": options.package_paths,
        "package_files": options.package_files,
        "mesh_format": options.mesh_format.value.upper(),
        "empty_root": options.empty_root,
        "mujoco_words": options.mujoco_words,
    }

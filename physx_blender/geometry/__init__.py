# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes, meshes and mass properties; SI units, z up."""

from __future__ import annotations

from .box import Box
from .capsule import Capsule
from .cylinder import Cylinder
from .ellipsoid import Ellipsoid
from .extrusion import Extrusion
from .hollow_box import HollowBox
from .mass import MassProperties
from .mesh import Mesh
from .mesh_report import MeshReport, is_convex, mesh_report
from .moments import Moments
from .oriented_bounds import oriented_bounds
from .placed import PlacedShape
from .pose import Pose, Quat, Vec3
from .revolution import Revolution
from .shape import Shape
from .trianglemesh import TriangleMesh
from .tube import Tube

SHAPE_KINDS: dict[str, type[Shape]] = {
    cls.kind: cls for cls in (Box, Cylinder, Ellipsoid, Capsule, Tube, Extrusion, Revolution, HollowBox, Mesh)
}

__all__ = [
    "SHAPE_KINDS",
    "Box",
    "Capsule",
    "Cylinder",
    "Ellipsoid",
    "Extrusion",
    "HollowBox",
    "MassProperties",
    "Mesh",
    "MeshReport",
    "Moments",
    "PlacedShape",
    "Pose",
    "Quat",
    "Revolution",
    "Shape",
    "TriangleMesh",
    "Tube",
    "Vec3",
    "is_convex",
    "mesh_report",
    "oriented_bounds",
]

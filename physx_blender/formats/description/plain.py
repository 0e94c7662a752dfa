# SPDX-License-Identifier: GPL-3.0-or-later
"""What the text says of each element, as plain values: numbers of seven digits, angles in degrees.

Rounding costs nothing: a value that stands in the text as it was written keeps the exact value of the asset it came
from (see `read`).
"""

from __future__ import annotations

import math
from typing import Any

from ...geometry import MassProperties, Mesh, PlacedShape, Pose
from ...model import Asset, Joint, JointKind, Link, Material, Part
from ...model.joint import REST_POSITION
from ...model.materials import MATERIALS
from ..angles import rpy_of
from ..shapes_json import shape_to_dict

DIGITS = 7
MATERIAL_WORDS = {
    "density": "density",
    "youngs_modulus": "youngs_modulus",
    "poissons_ratio": "poissons_ratio",
    "friction": "friction",
    "restitution": "restitution",
}
"""Word in the text by field of `Material`."""
RESISTANCE_WORDS = {
    "damping": "damping",
    "friction_loss": "friction",
    "stiffness": "spring",
    "armature": "rotor_inertia",
}
"""Word in the text by field of `Joint`."""

Plain = dict[str, Any]


def rounded(value: Any) -> Any:
    """`value` with every float in it rounded to `DIGITS` digits; tuples become lists."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0  # no -0.0
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


def describe_asset(asset: Asset) -> Plain:
    """What concerns the asset as a whole."""
    return {
        "name": asset.name,
        "category": asset.category,
        "description": asset.description,
        "fixed_base": asset.fixed_base,
    }


def describe_link(link: Link) -> Plain:
    """A link: its name, and its own inertia where it has one."""
    data: Plain = {"name": link.name}
    if link.inertial is not None:
        data |= describe_inertial(link.inertial)
    return rounded(data)  # type: ignore[no-any-return]


def describe_inertial(body: MassProperties) -> Plain:
    """mass (kg), centre (m), inertia (xx, yy, zz, xy, xz, yz in kg m^2 about the centre)."""
    m = body.matrix
    moments = [float(m[i, j]) for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))]
    return {"mass": body.mass, "centre": list(body.centre), "inertia": moments}


def describe_part(part: Part) -> Plain:
    """A part: material by name, with those of its values that differ from the table of materials."""
    data: Plain = {"name": part.name, "link": part.link, **describe_material(part.material)}
    data["colour"] = list(part.colour)
    if part.mass is not None:
        data["mass"] = part.mass
    if part.affordance_rank is not None:
        data["touch_rank"] = part.affordance_rank
    if part.description:
        data["description"] = part.description
    data["shapes"] = [describe_shape(s) for s in part.shapes]
    return rounded(data)  # type: ignore[no-any-return]


def describe_material(material: Material) -> Plain:
    """The material's name, and what differs from the row of this name in the table (all, when there is none)."""
    row = MATERIALS.get(material.name)
    data: Plain = {"material": material.name}
    for field, word in MATERIAL_WORDS.items():
        value = getattr(material, field)
        if row is None or value != getattr(row, field):
            data[word] = value
    return data


def describe_shape(placed: PlacedShape) -> Plain:
    """A shape: kind and sizes (metres), ``at`` (position) and ``turn`` (degrees about x, then y, then z), if any."""
    data: Plain
    if isinstance(placed.shape, Mesh):
        data = {"kind": "mesh", "triangles": len(placed.shape.triangles.faces)}
    else:
        data = shape_to_dict(placed.shape)
    pose = placed.pose
    data["at"] = list(pose.position)
    if pose.quaternion != Pose().quaternion:
        data["turn"] = [math.degrees(v) for v in rpy_of(pose.rotation)]
    return rounded(data)  # type: ignore[no-any-return]


def describe_joint(joint: Joint) -> Plain:
    """A joint: links by name, limits and position in degrees and metres; what is at its usual value is left out."""
    data: Plain = {
        "name": joint.name,
        "kind": joint.kind.value,
        "parent": joint.parent,
        "child": joint.child,
        "axis": list(joint.axis),
        "anchor": list(joint.anchor),
    }
    if joint.angle_limits is not None:
        data["angle"] = [math.degrees(v) for v in joint.angle_limits]
    if joint.travel_limits is not None:
        data["travel"] = list(joint.travel_limits)
    if joint.slide_axis is not None:
        data["slide_axis"] = list(joint.slide_axis)
    if joint.position is not None and joint.position != REST_POSITION[joint.kind]:
        data["position"] = to_text_position(joint.kind, joint.position)
    for field, word in RESISTANCE_WORDS.items():
        if getattr(joint, field):
            data[word] = getattr(joint, field)
    if joint.mimic is not None:
        offset = joint.mimic.offset
        data["follows"] = {
            "joint": joint.mimic.joint,
            "times": joint.mimic.multiplier,
            "plus": math.degrees(offset) if joint.kind is JointKind.HINGE else offset,
        }
    return rounded(data)  # type: ignore[no-any-return]


def to_text_position(kind: JointKind, position: tuple[float, ...]) -> list[float]:
    """A joint's position with its angle, if it has one number for that, in degrees."""
    if kind in (JointKind.HINGE, JointKind.CYLINDRICAL):
        return [math.degrees(position[0]), *position[1:]]
    return list(position)


def from_text_position(kind: JointKind, position: list[float]) -> tuple[float, ...]:
    """Undo `to_text_position`."""
    if kind in (JointKind.HINGE, JointKind.CYLINDRICAL) and position:
        return (math.radians(position[0]), *position[1:])
    return tuple(position)

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scene knows of an asset beyond geometry: one property group per kind of element.

`PoseBone.simready_joint`, `Object.simready_part`, `Object.simready_asset` (on the armature) and
`WindowManager.simready` (the panel; never saved with the file).
"""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    IntProperty,
    StringProperty,
)
from bpy.types import Context, PropertyGroup

from .part_values import (
    confirmed,
    density_changed,
    mass_changed,
    shape_changed,
    shown_mass,
    type_mass,
)
from .property_groups import Pointers, register_groups, unregister_groups
from .real_size import side_getter, side_setter

NEW_ELEMENT_ORDER = 1_000_000
"""What the artist adds comes after everything that was imported."""

JOINT_KINDS = (
    ("fixed", "Fixed", "Does not move against its parent", "DECORATE_LOCKED", 0),
    ("hinge", "Hinge", "Turns about the bone's Y axis", "CON_ROTLIMIT", 1),
    ("slide", "Slide", "Moves along the bone's Y axis", "CON_LOCLIMIT", 2),
    ("ball", "Ball", "Turns about its anchor in every direction", "SPHERE", 3),
    ("cylindrical", "Cylindrical", "Turns about the bone's Y axis and slides", "MESH_CYLINDER", 4),
    ("free", "Free", "Floats; nothing holds it", "ORIENTATION_GLOBAL", 5),
)
ROLES = (
    ("NONE", "Unset", "A part of the asset like any other, with the default material"),
    ("PART", "Part", "A part of the asset"),
    ("COLLIDER", "Collider", "Collision geometry of the part it is parented to; never seen"),
    ("CAMERA", "Reference camera", "The camera that took the reference picture"),
)
COLLISION_MODES = (
    (
        "SHAPE",
        "Automatic",
        "Colliders follow from what is seen: exact for plain shapes, convex pieces for a mesh",
        "SHADERFX",
        0,
    ),
    (
        "PRIMITIVE",
        "Primitive",
        "One box, cylinder, capsule or sphere around the part: the fastest and calmest in any simulator, but it fills hollows",
        "MESH_CUBE",
        3,
    ),
    (
        "CONVEX",
        "Convex Pieces",
        "Cut into convex pieces, as close as the quality says: hollow things stay hollow; more pieces simulate more slowly",
        "MOD_EXPLODE",
        4,
    ),
    (
        "HULL",
        "Hull",
        "One convex hull around the part: close outside, but it fills hollows",
        "MESH_ICOSPHERE",
        5,
    ),
    ("OWN", "Own Colliders", "The collider objects parented to this part", "OUTLINER_OB_MESH", 1),
    ("NONE", "None", "This part never collides: everything goes through it", "GHOST_DISABLED", 2),
)
PRIMITIVES = (
    ("AUTO", "Best", "The one with the least volume"),
    ("BOX", "Box", "A box, turned as fits best"),
    ("CYLINDER", "Cylinder", "A cylinder along the part's longest or shortest direction"),
    ("CAPSULE", "Capsule", "A capsule; URDF has none and gets a mesh"),
    ("SPHERE", "Sphere", "A sphere"),
)
ESTIMATES = (
    ("DENSITY", "Density", ""),
    ("FRICTION", "Friction", ""),
    ("RESTITUTION", "Restitution", ""),
    ("YOUNGS_MODULUS", "Young's Modulus", ""),
    ("POISSONS_RATIO", "Poisson's Ratio", ""),
)


def _rig_changed(self: JointSettings, context: Context) -> None:
    from .joint_rig import refresh

    if not self.building:
        refresh(self)


def _renamed(self: JointSettings, context: Context) -> None:
    if self.building:
        return
    for bone in self.id_data.pose.bones:
        # those that follow this joint know it by its name
        if self.known_name and bone.simready_joint.mimic_joint == self.known_name:
            bone.simready_joint.mimic_joint = self.name
    self.known_name = self.name


class JointSettings(PropertyGroup):
    """The joint between a bone and its parent bone, and the inertia of the bone's link.

    Axis and anchor are the bone itself: Y axis and head.
    """

    name: StringProperty(
        name="Joint Name", description="Name of the joint in exported files", update=_renamed
    )
    known_name: StringProperty(options={"HIDDEN"})
    kind: EnumProperty(
        name="Kind",
        description="How the link moves against its parent",
        items=JOINT_KINDS,
        default="fixed",
        update=_rig_changed,
    )
    use_angle_limits: BoolProperty(
        name="Limit Angle", description="The joint turns only within a range", update=_rig_changed
    )
    angle_low: FloatProperty(
        name="From", description="Lowest angle, from rest", subtype="ANGLE", update=_rig_changed
    )
    angle_high: FloatProperty(
        name="To", description="Highest angle, from rest", subtype="ANGLE", update=_rig_changed
    )
    use_travel_limits: BoolProperty(
        name="Limit Travel", description="The joint slides only within a range", update=_rig_changed
    )
    travel_low: FloatProperty(
        name="From",
        description="Lowest travel, from rest",
        subtype="DISTANCE",
        precision=4,
        update=_rig_changed,
    )
    travel_high: FloatProperty(
        name="To",
        description="Highest travel, from rest",
        subtype="DISTANCE",
        precision=4,
        update=_rig_changed,
    )
    use_slide_axis: BoolProperty(
        name="Own Slide Axis",
        description="Slide in another direction than the axis of turning",
        update=_rig_changed,
    )
    slide_axis: FloatVectorProperty(
        name="Slide Axis",
        description="Direction of sliding in the asset's frame at rest",
        size=3,
        default=(0.0, 0.0, 1.0),
        update=_rig_changed,
    )
    damping: FloatProperty(
        name="Damping",
        description="Resistance that grows with speed (N m s/rad, or N s/m)",
        min=0.0,
        precision=4,
    )
    friction_loss: FloatProperty(
        name="Friction",
        description="Dry friction that any motion must overcome (N m, or N)",
        min=0.0,
        precision=4,
    )
    stiffness: FloatProperty(
        name="Spring", description="Spring that pulls to rest (N m/rad, or N/m)", min=0.0, precision=4
    )
    armature: FloatProperty(
        name="Rotor Inertia", description="Inertia of the drive (kg m², or kg)", min=0.0, precision=5
    )
    mimic_joint: StringProperty(
        name="Follows",
        description="Name of the joint that this one follows; empty = none",
        update=_rig_changed,
    )
    mimic_multiplier: FloatProperty(
        name="Times",
        description="Position = this times the leader's position",
        default=1.0,
        update=_rig_changed,
    )
    mimic_offset: FloatProperty(name="Plus", description="... plus this (rad or m)", update=_rig_changed)
    use_inertial: BoolProperty(
        name="Own Inertia",
        description="Use the mass and inertia below for this link instead of those of its parts",
    )
    inertial_mass: FloatProperty(name="Mass", description="Mass of the link (kg)", min=0.0, precision=4)
    inertial_centre: FloatVectorProperty(
        name="Centre", description="Centre of mass in the asset's frame at rest", size=3, precision=4
    )
    inertial_moments: FloatVectorProperty(
        name="Moments",
        description="Inertia about the centre: xx, yy, zz, xy, xz, yz (kg m²)",
        size=6,
        precision=6,
    )
    link_order: IntProperty(default=NEW_ELEMENT_ORDER, options={"HIDDEN"})
    joint_order: IntProperty(default=NEW_ELEMENT_ORDER, options={"HIDDEN"})
    record: StringProperty(options={"HIDDEN"})
    building: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})


class PartSettings(PropertyGroup):
    """Physics of one part, or the role of a helper object."""

    role: EnumProperty(name="Role", items=ROLES, default="NONE")
    included: BoolProperty(
        name="Part of the Asset", description="Leave this object out of the asset when off", default=True
    )
    material_name: StringProperty(
        name="Material",
        description="What the part is made of; a name, the values below are what counts",
        default="ABS plastic",
    )
    density: FloatProperty(
        name="Density",
        description="Mass per volume (kg/m³). The mass follows from it, and a mass that was typed is forgotten",
        default=1050.0,
        min=0.001,
        max=30_000.0,
        soft_min=10.0,
        precision=1,
        update=density_changed,
    )
    youngs_modulus: FloatProperty(
        name="Young's Modulus",
        description="Stiffness of the material (Pa): soft bodies give way by it; rigid bodies do not feel it",
        default=2.2e9,
        min=1e-3,
        max=2.0e12,
        precision=0,
        update=confirmed("YOUNGS_MODULUS"),
    )
    poissons_ratio: FloatProperty(
        name="Poisson's Ratio",
        description="How much it thins when stretched, 0 to 0.5 (rubber); rigid bodies do not feel it",
        default=0.35,
        min=-0.999,
        max=0.5,
        update=confirmed("POISSONS_RATIO"),
    )
    friction: FloatProperty(
        name="Friction",
        description="Sliding friction coefficient (no unit): 0.1 is ice, 0.5 wood, 1 rubber; too little and things slip",
        default=0.4,
        min=0.0,
        max=10.0,
        soft_max=1.5,
        update=confirmed("FRICTION"),
    )
    restitution: FloatProperty(
        name="Restitution",
        description="How much it bounces: 0 = not at all, 1 = back to where it fell from",
        default=0.5,
        min=0.0,
        max=1.0,
        update=confirmed("RESTITUTION"),
    )
    material_estimated: BoolProperty(
        name="Estimated",
        description="These values are a guess until you change or confirm them",
        default=True,
    )
    touched: EnumProperty(
        name="Confirmed",
        description="Values that somebody has set or confirmed since the model guessed them",
        items=ESTIMATES,
        options={"ENUM_FLAG", "HIDDEN"},
    )
    use_mass: BoolProperty(
        name="Own Mass", description="Use the mass that was typed instead of volume times density"
    )
    mass: FloatProperty(
        name="Mass",
        description="Mass of the part (kg) in an asset of scale 1. The density follows from it",
        default=1.0,
        min=1e-9,
        precision=4,
        update=mass_changed,
    )
    mass_at_volume: FloatProperty(default=0.0, options={"HIDDEN"})
    measured_mass: FloatProperty(default=0.0, options={"HIDDEN"})
    shown_mass: FloatProperty(
        name="Mass",
        description="Mass of the part as it stands in the scene. Type one, and the density follows",
        unit="MASS",
        min=0.0,
        precision=3,
        get=shown_mass,
        set=type_mass,
    )
    collision: EnumProperty(
        name="Collision",
        description="What the part collides with in a simulator",
        items=COLLISION_MODES,
        default="SHAPE",
        update=shape_changed,
    )
    collision_primitive: EnumProperty(
        name="Primitive",
        description="Which simple body to put around the part",
        items=PRIMITIVES,
        update=shape_changed,
    )
    collision_quality: FloatProperty(
        name="Quality",
        description="How closely the convex pieces follow the surface: 0 = few and rough, 1 = many and slow to simulate",
        default=0.5,
        min=0.0,
        max=1.0,
        update=shape_changed,
        subtype="FACTOR",
    )
    affordance_rank: IntProperty(
        name="Touch Rank",
        description="How often people touch the part: 1 = most, 10 = hardly ever, 0 = not said. Robots learn grasps by it",
        min=0,
        update=shape_changed,
        max=10,
    )
    description: StringProperty(name="Description", description="What the part is and does")
    confidence: FloatProperty(name="Confidence", default=-1.0, min=-1.0, max=1.0, options={"HIDDEN"})
    volume: FloatProperty(
        name="Volume", description="Volume of the material when last measured (m³)", options={"HIDDEN"}
    )
    order: IntProperty(default=NEW_ELEMENT_ORDER, options={"HIDDEN"})
    record: StringProperty(options={"HIDDEN"})
    building: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})


def _side(axis: int, name: str, where: str) -> Any:
    return FloatProperty(
        name=name,
        description=f"{where} of the closed asset. Type the real one: everything scales with it, masses too",
        subtype="DISTANCE",
        min=0.0,
        precision=3,
        get=side_getter(axis),
        set=side_setter(axis),
    )


class AssetSettings(PropertyGroup):
    """What concerns the asset as a whole; on its armature object."""

    is_asset: BoolProperty(options={"HIDDEN"})
    category: StringProperty(name="Category", description="What kind of object it is")
    description: StringProperty(name="Description")
    fixed_base: BoolProperty(
        name="Fixed Base",
        description="Fastened to the world (a wall cabinet, a door in its frame); off = it stands free and can be pushed over",
    )
    measured_size: FloatVectorProperty(size=3, options={"HIDDEN"})
    width: _side(0, "Width", "From left to right")
    depth: _side(1, "Depth", "From front to back")
    height: _side(2, "Height", "From bottom to top")
    confidence: FloatProperty(name="Confidence", default=-1.0, min=-1.0, max=1.0, options={"HIDDEN"})
    record: StringProperty(options={"HIDDEN"})


class FindingItem(PropertyGroup):
    """One line in the list of problems."""

    severity: EnumProperty(items=(("ERROR", "Error", ""), ("WARNING", "Warning", ""), ("INFO", "Info", "")))
    element: StringProperty()
    message: StringProperty()
    advice: StringProperty()
    code: StringProperty()
    fix: StringProperty()
    other: StringProperty()


class PanelState(PropertyGroup):
    """What the panel shows and asks for; belongs to the window manager and is not saved with the file."""

    image: StringProperty(
        name="Picture",
        description="Photo or drawing of one object; a cut-out with a transparent background works best",
        subtype="FILE_PATH",
        options={"PATH_SUPPORTS_BLEND_RELATIVE"},
    )
    mask: StringProperty(
        name="Mask",
        description="Black and white picture that is white where the object is (optional)",
        subtype="FILE_PATH",
        options={"PATH_SUPPORTS_BLEND_RELATIVE"},
    )
    seed: IntProperty(
        name="Seed", description="Another seed gives another proposal for the same picture", min=0
    )
    export_format: EnumProperty(
        name="Format",
        items=(("MJCF", "MJCF", "For MuJoCo"), ("URDF", "URDF", "For ROS, Isaac, PyBullet and others")),
    )
    findings: CollectionProperty(type=FindingItem)
    finding_index: IntProperty()
    checked: StringProperty(description="Asset that the list of problems belongs to")
    stale: BoolProperty(description="Something has been undone since the list was made")
    parts_filter: StringProperty(
        name="Filter",
        description="Show only links and parts with this in their names",
        options={"TEXTEDIT_UPDATE"},
    )
    parts_page: IntProperty(
        name="Page", description="Which of the pages of links and parts to show", min=1, default=1
    )


CLASSES = (JointSettings, PartSettings, AssetSettings, FindingItem, PanelState)
_POINTERS: Pointers = (
    (bpy.types.PoseBone, "simready_joint", JointSettings),
    (bpy.types.Object, "simready_part", PartSettings),
    (bpy.types.Object, "simready_asset", AssetSettings),
    (bpy.types.WindowManager, "simready", PanelState),
)


def register() -> None:
    """Register the groups and hang them on Blender's types."""
    register_groups(CLASSES, _POINTERS)


def unregister() -> None:
    """Undo `register`."""
    unregister_groups(CLASSES, _POINTERS)

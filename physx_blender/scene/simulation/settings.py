# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scene knows of playing it: `Object.simready_body`, `Scene.simready_simulation`, and the panel's own state."""

from __future__ import annotations

import math

from bpy.props import BoolProperty, EnumProperty, FloatProperty, PointerProperty, StringProperty
from bpy.types import Action, Object, PropertyGroup, Scene, WindowManager

from ..property_groups import Pointers, register_groups, unregister_groups

ROLES = (
    (
        "AUTO",
        "Automatic",
        "An asset moves unless its base is fixed; an object moves if it is an active rigid body, stands still if it is "
        "a passive one, and does not take part if it is none",
    ),
    ("STATIC", "Include, Static", "Takes part and stands still; the joints of an asset still move"),
    ("FREE", "Include, Free", "Takes part and moves freely"),
    ("OUT", "Leave Out", "Does not take part: others go through it"),
)


class BodySettings(PropertyGroup):
    """How an object takes part, and what it was animated by before its motion was baked."""

    role: EnumProperty(
        name="Simulation",
        description="How this object takes part when the scene is played",
        items=ROLES,
        default="AUTO",
    )
    is_baked: BoolProperty(options={"HIDDEN"})
    baked_action: PointerProperty(type=Action, options={"HIDDEN"})
    action_before: PointerProperty(type=Action, options={"HIDDEN"})
    slot_before: StringProperty(options={"HIDDEN"})
    channels_before: StringProperty(options={"HIDDEN"})


class SceneSettings(PropertyGroup):
    """The world that a scene is played in; gravity and frame rate are those of the scene."""

    use_ground: BoolProperty(
        name="Ground",
        description="An endless floor under everything, besides the objects of the scene",
        default=True,
    )
    ground_height: FloatProperty(
        name="Height", description="Where the floor is (m)", subtype="DISTANCE", default=0.0, precision=3
    )
    ground_friction: FloatProperty(
        name="Friction",
        description="Sliding friction of the floor; of two that touch, the rougher one counts",
        default=0.5,
        min=0.0,
        max=10.0,
        soft_max=1.5,
    )


class PlayerSettings(PropertyGroup):
    """What the panel asks for while it plays; belongs to the window manager and is neither saved nor undone."""

    tilt_x: FloatProperty(
        name="Tilt Back",
        description="Tilt the world about X, as if the floor were lifted at the front (Y-)",
        subtype="ANGLE",
        min=-math.pi / 2,
        max=math.pi / 2,
    )
    tilt_y: FloatProperty(
        name="Tilt Aside",
        description="Tilt the world about Y, as if the floor were lifted at the left (X-)",
        subtype="ANGLE",
        min=-math.pi / 2,
        max=math.pi / 2,
    )
    record: BoolProperty(
        name="Record", description="Keep every frame from now on, to be baked to keyframes (R while it plays)"
    )


CLASSES = (BodySettings, SceneSettings, PlayerSettings)
_POINTERS: Pointers = (
    (Object, "simready_body", BodySettings),
    (Scene, "simready_simulation", SceneSettings),
    (WindowManager, "simready_simulation", PlayerSettings),
)


def register() -> None:
    """Register the groups and hang them on Blender's types."""
    register_groups(CLASSES, _POINTERS)


def unregister() -> None:
    """Undo `register`."""
    unregister_groups(CLASSES, _POINTERS)

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a generated rig remembers of how it was made; `Object.simready_generation` on the armature."""

from __future__ import annotations

import bpy
from bpy.props import IntProperty, PointerProperty, StringProperty
from bpy.types import PropertyGroup


class GenerationSettings(PropertyGroup):
    """Picture and seed, to try again; and which of the proposals of one job the rig is."""

    job: StringProperty(description="Name of the job that proposed the asset", options={"HIDDEN"})
    choice: IntProperty(description="Number of the proposal; 0 is the best", options={"HIDDEN"})
    picture: StringProperty(description="Picture that the asset was made from", options={"HIDDEN"})
    mask: StringProperty(description="Mask of that picture", options={"HIDDEN"})
    seed: StringProperty(
        description="Seed, which may be larger than a whole number of Blender's", options={"HIDDEN"}
    )


CLASSES = (GenerationSettings,)


def register() -> None:
    """Register the group and hang it on objects."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Object.simready_generation = PointerProperty(type=GenerationSettings)


def unregister() -> None:
    """Undo `register`."""
    del bpy.types.Object.simready_generation
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)

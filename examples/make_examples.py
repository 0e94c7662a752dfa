# SPDX-License-Identifier: GPL-3.0-or-later
"""Model and render the example pictures: `.venv-blender-4.5/bin/python examples/make_examples.py [FOLDER]`.

Built by hand from Blender's own primitives and rendered with Cycles: nothing of the project's models or of its procedural
world is in them, so what the demo makes of them is a fair sample of what it makes of a picture.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

SIZE = 512
SAMPLES = 96


def wood(name: str, light: tuple[float, ...], dark: tuple[float, ...]) -> Any:
    """A varnished wood whose grain runs along x."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = 0.45
    place = nodes.new("ShaderNodeTexCoord")
    stretch = nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = (1.5, 12.0, 1.5)
    grain = nodes.new("ShaderNodeTexNoise")
    grain.inputs["Scale"].default_value = 6.0
    grain.inputs["Detail"].default_value = 6.0
    colours = nodes.new("ShaderNodeValToRGB")
    colours.color_ramp.elements[0].position, colours.color_ramp.elements[1].position = 0.35, 0.65
    colours.color_ramp.elements[0].color, colours.color_ramp.elements[1].color = (*dark, 1.0), (*light, 1.0)
    links.new(place.outputs["Object"], stretch.inputs["Vector"])
    links.new(stretch.outputs["Vector"], grain.inputs["Vector"])
    links.new(grain.outputs["Fac"], colours.inputs["Fac"])
    links.new(colours.outputs["Color"], shader.inputs["Base Color"])
    return material


def plain(name: str, colour: tuple[float, ...], roughness: float, metallic: float = 0.0) -> Any:
    """One colour."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    return material


def box(size: tuple[float, ...], centre: tuple[float, ...], material: Any, bevel: float = 0.003) -> Any:
    """A box with softened edges; metres."""
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=centre)
    made = bpy.context.object
    made.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    if bevel:
        modifier = made.modifiers.new("Bevel", "BEVEL")
        modifier.width, modifier.segments = bevel, 3
    made.data.materials.append(material)
    return made


def cylinder(
    radius: float, height: float, centre: tuple[float, ...], turn: tuple[float, ...], material: Any
) -> Any:
    """A smooth cylinder; `turn` in radians about x, y, z."""
    bpy.ops.mesh.primitive_cylinder_add(
        vertices=64, radius=radius, depth=height, location=centre, rotation=turn
    )
    made = bpy.context.object
    bpy.ops.object.shade_auto_smooth(angle=math.radians(40))
    made.data.materials.append(material)
    return made


def nightstand() -> None:
    """46 x 40 x 60 cm: a drawer above a door, on four legs."""
    oak = wood("Oak", (0.50, 0.30, 0.15), (0.36, 0.19, 0.085))
    front = plain("Painted front", (0.62, 0.66, 0.60), 0.5)
    brass = plain("Brass", (0.75, 0.55, 0.25), 0.25, 1.0)
    wide, deep, tall, legs, board = 0.46, 0.40, 0.60, 0.12, 0.018
    low, middle = legs, tall - 0.20
    for side in (-1, 1):
        box((board, deep, tall - legs), (side * (wide - board) / 2, 0, (tall + legs) / 2), oak)
        for end in (-1, 1):
            box((0.036, 0.036, legs), (side * (wide / 2 - 0.03), end * (deep / 2 - 0.03), legs / 2), oak)
    for height in (low + board / 2, middle, tall - board / 2):
        box((wide - 2 * board, deep - 0.004, board), (0, 0.002, height), oak)
    box((wide + 0.02, deep + 0.02, 0.02), (0, 0, tall + 0.01), oak, 0.005)
    box((wide - 2 * board, 0.008, tall - legs), (0, deep / 2 - 0.006, (tall + legs) / 2), oak, 0.0)
    gap, at = 0.003, -deep / 2 + 0.008
    top_low, top_high = middle + board / 2 + gap, tall - board - gap
    door_low, door_high = low + board + gap, middle - board / 2 - gap
    box((wide - 2 * board - 2 * gap, 0.018, top_high - top_low), (0, at, (top_high + top_low) / 2), front)
    box((wide - 2 * board - 2 * gap, 0.018, door_high - door_low), (0, at, (door_high + door_low) / 2), front)
    ahead = (math.pi / 2, 0.0, 0.0)
    for x, z in ((0.0, (top_high + top_low) / 2), (0.15, door_high - 0.06)):
        cylinder(0.006, 0.02, (x, at - 0.018, z), ahead, brass)
        cylinder(0.016, 0.012, (x, at - 0.032, z), ahead, brass)


def laptop() -> None:
    """A grey 34 x 24 cm laptop, opened to 110 degrees."""
    shell = plain("Aluminium", (0.55, 0.56, 0.58), 0.35, 0.9)
    dark = plain("Keys", (0.03, 0.03, 0.035), 0.6)
    glass = plain("Screen", (0.02, 0.03, 0.05), 0.1)
    wide, deep, thick, lid = 0.34, 0.24, 0.016, 0.007
    box((wide, deep, thick), (0, 0, thick / 2), shell, 0.004)
    box((wide * 0.86, deep * 0.42, 0.001), (0, deep * 0.16, thick), dark, 0.0)
    box(
        (wide * 0.32, deep * 0.30, 0.001), (0, -deep * 0.27, thick), plain("Pad", (0.4, 0.41, 0.43), 0.4), 0.0
    )
    hinge = Vector((0, deep / 2 - 0.004, thick))
    lean = math.radians(110 - 90)
    up, out = Vector((0, math.sin(lean), math.cos(lean))), Vector((0, -math.cos(lean), math.sin(lean)))
    for size, forward, material in (
        ((wide, lid, deep), 0.0, shell),
        ((wide * 0.94, 0.001, deep * 0.90), lid / 2 + 0.0004, glass),
    ):
        panel = box(size, tuple(hinge + up * (deep / 2) + out * forward), material, 0.002)
        panel.rotation_euler = (-lean, 0, 0)


def render(name: str, folder: Path, direction: tuple[float, float], lens: float) -> None:
    """Render what stands in the scene, cut out. `direction`: azimuth from the front and elevation, degrees."""
    scene = bpy.context.scene
    corners = [o.matrix_world @ Vector(c) for o in bpy.data.objects if o.type == "MESH" for c in o.bound_box]
    low = Vector([min(c[i] for c in corners) for i in range(3)])
    high = Vector([max(c[i] for c in corners) for i in range(3)])
    centre, radius = (low + high) / 2, (high - low).length / 2
    azimuth, elevation = map(math.radians, direction)
    towards = Vector(
        (
            math.sin(azimuth) * math.cos(elevation),
            -math.cos(azimuth) * math.cos(elevation),
            math.sin(elevation),
        )
    )
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.data.lens = lens
    scene.collection.objects.link(camera)
    distance = 1.12 * radius / math.sin(camera.data.angle / 2)
    camera.location = centre + towards * distance
    camera.rotation_euler = (-towards).to_track_quat("-Z", "Y").to_euler()
    scene.camera = camera

    bpy.ops.mesh.primitive_plane_add(size=20.0)
    bpy.context.object.is_shadow_catcher = False
    bpy.context.object.visible_camera = False
    bpy.context.object.data.materials.append(plain("Floor", (0.5, 0.48, 0.45), 0.8))
    for azimuth_offset, power, size in ((-50, 60.0, 1.2), (60, 22.0, 2.0)):
        light = bpy.data.objects.new("Light", bpy.data.lights.new("Light", "AREA"))
        light.data.energy, light.data.size = power * (2 * radius) ** 2, size * 2 * radius
        angle = math.radians(direction[0] + azimuth_offset)
        light.location = centre + Vector((math.sin(angle) * 3, -math.cos(angle) * 3, 3)) * radius * 1.6
        light.rotation_euler = (centre - light.location).to_track_quat("-Z", "Y").to_euler()
        scene.collection.objects.link(light)
    world = bpy.data.worlds.new("World")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.6, 0.65, 0.7, 1.0)
    world.node_tree.nodes["Background"].inputs[1].default_value = 0.35
    scene.world = world

    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.seed = SAMPLES, True, 0
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = SIZE
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"
    scene.render.filepath = str(folder / f"{name}.png")
    bpy.ops.render.render(write_still=True)


def main() -> None:
    """Render all examples into the folder named on the command line (default: beside this file)."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    for name, model, direction in (("nightstand", nightstand, (-32, 16)), ("laptop", laptop, (28, 24))):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        model()
        render(name, folder, direction, 60.0)


if __name__ == "__main__":
    main()

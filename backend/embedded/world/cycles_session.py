# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside Blender, started by `cycles`: render the jobs of a folder with Cycles.

python cycles_session.py -- FOLDER

A job is ``<n>.json`` (see `cycles.job_record`) and ``<n>.npz`` (vertices and faces of each body, world frame); its picture
is written as ``<n>.png``.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np

FAR = 40.0  # half side of a room's planes, in longest sides of the object


def _tree(holder: Any) -> Any:
    """The node tree of a material or world; always there from 5.0 on, made on demand before."""
    if holder.node_tree is None:
        holder.use_nodes = True
    return holder.node_tree


def _material(name: str, look: dict[str, Any]) -> Any:
    import bpy

    material = bpy.data.materials.new(name)
    tree = _tree(material)
    shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (*look["colour"], 1.0)
    shader.inputs["Roughness"].default_value = 1.0 - look["gloss"]
    shader.inputs["Metallic"].default_value = look["metal"]
    if look["glass"]:
        shader.inputs["Transmission Weight"].default_value = 1.0
        shader.inputs["Roughness"].default_value = 0.0
        shader.inputs["IOR"].default_value = 1.1
    elif look["texture"]:
        _textured(tree, shader, look)
    return material


def _textured(tree: Any, shader: Any, look: dict[str, Any]) -> None:
    """Mix the colour with a second one by one of Blender's procedural textures."""
    kind = {"waves": "ShaderNodeTexWave", "noise": "ShaderNodeTexNoise", "bricks": "ShaderNodeTexBrick",
            "checks": "ShaderNodeTexChecker", "cells": "ShaderNodeTexVoronoi"}[look["texture"]]  # fmt: skip
    texture, place = tree.nodes.new(kind), tree.nodes.new("ShaderNodeTexCoord")
    mix = tree.nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    texture.inputs["Scale"].default_value = look["scale"]
    if look["texture"] == "waves":
        texture.inputs["Distortion"].default_value = 4.0
    tree.links.new(place.outputs["Object"], texture.inputs["Vector"])
    factor = next(o for o in texture.outputs if o.name in ("Factor", "Fac", "Distance"))
    colours = [s for s in mix.inputs if s.type == "RGBA"]
    tree.links.new(factor, mix.inputs[0])
    colours[0].default_value = (*look["colour"], 1.0)
    colours[1].default_value = (*look["second"], 1.0)
    tree.links.new(next(o for o in mix.outputs if o.type == "RGBA"), shader.inputs["Base Color"])


def _mesh(name: str, vertices: Any, faces: Any, look: dict[str, Any]) -> Any:
    import bpy

    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    mesh.materials.append(_material(name, look))
    if look["smooth"]:
        mesh.shade_smooth()
        mesh.set_sharp_from_angle(angle=0.6)
    body = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(body)
    return body


def _plane(number: int, plane: dict[str, Any]) -> None:
    normal = np.array(plane["normal"])
    helper = np.eye(3)[int(np.argmin(np.abs(normal)))]
    u = np.cross(helper, normal)
    u /= np.linalg.norm(u)
    v = np.cross(normal, u)
    middle = -plane["offset"] * normal
    corners = np.array([middle + FAR * (a * u + b * v) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    _mesh(f"plane {number}", corners, np.array([[0, 1, 2, 3]]), plane["look"])


def _light(number: int, light: dict[str, Any]) -> None:
    import bpy
    from mathutils import Vector

    data = bpy.data.lights.new(f"light {number}", "AREA")
    data.energy, data.size, data.color = light["watts"], light["size"], light["colour"]
    body = bpy.data.objects.new(data.name, data)
    body.location = light["place"]
    body.rotation_euler = (Vector(light["aim"]) - Vector(light["place"])).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.collection.objects.link(body)


def _sky(sky: dict[str, Any]) -> None:
    """Light from all around: one colour below the horizon, a gradient above."""
    import bpy

    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    tree = _tree(world)
    background = next(n for n in tree.nodes if n.type == "BACKGROUND")
    place, split, ramp = (
        tree.nodes.new(k) for k in ("ShaderNodeTexCoord", "ShaderNodeSeparateXYZ", "ShaderNodeValToRGB")
    )
    tree.links.new(place.outputs["Generated"], split.inputs[0])
    tree.links.new(split.outputs["Z"], ramp.inputs[0])
    tree.links.new(ramp.outputs[0], background.inputs["Color"])
    ramp.color_ramp.elements[0].color = (*sky["horizon"], 1.0)
    ramp.color_ramp.elements[1].color = (*sky["zenith"], 1.0)
    background.inputs["Strength"].default_value = sky["strength"]


def render(folder: Path, number: str) -> None:
    """Build the scene of a job and render it."""
    import bpy
    from mathutils import Matrix

    job = json.loads((folder / f"{number}.json").read_text())
    arrays = np.load(folder / f"{number}.npz", allow_pickle=False)
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    bpy.ops.preferences.addon_enable(module="cycles")
    scene = bpy.context.scene
    for k, look in enumerate(job["bodies"]):
        _mesh(f"body {k}", arrays[f"v{k}"], arrays[f"f{k}"], look)
    for k, plane in enumerate(job["planes"]):
        _plane(k, plane)
    for k, light in enumerate(job["lights"]):
        _light(k, light)
    _sky(job["sky"])
    camera = bpy.data.cameras.new("camera")
    camera.sensor_fit, camera.sensor_width = "HORIZONTAL", 36.0
    camera.lens, camera.clip_start, camera.clip_end = job["focal"] * 36.0, 1e-3, 1e4
    camera.shift_x, camera.shift_y = job["shift"]
    body = bpy.data.objects.new("camera", camera)
    body.matrix_world = Matrix(job["camera"])
    scene.collection.objects.link(body)
    scene.camera = body
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples, scene.cycles.seed = "CPU", job["samples"], job["seed"]
    scene.cycles.use_denoising = True
    scene.cycles.max_bounces = 6
    scene.render.threads_mode, scene.render.threads = "FIXED", job["threads"]
    scene.render.resolution_x = scene.render.resolution_y = job["size"]
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = job["view"]
    scene.view_settings.exposure = job["exposure"]
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = str(folder / f"{number}.png")
    bpy.ops.render.render(write_still=True)


def main() -> int:
    """Render every job that has no picture yet."""
    # Blender's own module `cycles` must not be looked for beside this file
    here = Path(__file__).resolve().parent
    sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != here]
    folder = Path(sys.argv[sys.argv.index("--") + 1])
    for job in sorted(folder.glob("*.json")):
        if not (folder / f"{job.stem}.png").exists():
            render(folder, job.stem)
    return 0


if __name__ == "__main__":
    try:
        status = main()
    except Exception:  # noqa: BLE001 - whatever it was, the process has to end here
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # bpy 4.5 may hang in its own clean-up

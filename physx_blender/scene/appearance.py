# SPDX-License-Identifier: GPL-3.0-or-later
"""Colours and textures of parts as Blender materials, and back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from ..colour import linear_to_srgb, srgb_to_linear
from ..errors import AssetError
from ..model import Colour, Part, Texture
from ..model.names import clean_name
from .exact import read_record, settle_all, write_record

RECORD = "simready_appearance"
DEFAULT_COLOUR: Colour = (0.7, 0.7, 0.7, 1.0)
ROUGHNESS = 0.5


def blender_material(part: Part, images: dict[Texture, bpy.types.Image]) -> bpy.types.Material:
    """A new material that shows the colour or the texture of the part; `images` collects what was made."""
    material = bpy.data.materials.new(part.material.name[:60])
    if material.node_tree is None:
        material.use_nodes = True
    linear = (*(srgb_to_linear(c) for c in part.colour[:3]), part.colour[3])
    material.diffuse_color = linear
    tree = material.node_tree
    shader = principled(material) or tree.nodes.new("ShaderNodeBsdfPrincipled")
    shader.inputs["Base Color"].default_value = linear
    shader.inputs["Alpha"].default_value = linear[3]
    shader.inputs["Roughness"].default_value = ROUGHNESS
    if part.texture is not None:
        if part.texture not in images:
            images[part.texture] = packed_image(part.texture)
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image = images[part.texture]
        node.location = (shader.location.x - 320, shader.location.y)
        tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])
    material[RECORD] = write_record({"colour": list(part.colour), "linear": list(linear)})
    return material


def packed_image(texture: Texture) -> bpy.types.Image:
    """An image of Blender with the texture's own bytes packed inside."""
    image = bpy.data.images.new(texture.name, 1, 1)
    image.pack(data=texture.data, data_len=len(texture.data))
    image.source = "FILE"
    if not image.has_data and image.size[0] * image.size[1] == 0:
        bpy.data.images.remove(image)
        raise AssetError("cannot be decoded by Blender", where=f"texture {texture.name!r}")
    image[RECORD] = write_record({"name": texture.name, "image": image.name})
    return image


def principled(material: bpy.types.Material) -> Any:
    """The Principled shader that the material shows, or None."""
    if material.node_tree is None:
        return None
    nodes = [n for n in material.node_tree.nodes if n.bl_idname == "ShaderNodeBsdfPrincipled"]
    outputs = [
        n
        for n in material.node_tree.nodes
        if n.bl_idname == "ShaderNodeOutputMaterial" and n.is_active_output
    ]
    for output in outputs:
        for link in output.inputs["Surface"].links:
            if link.from_node in nodes:
                return link.from_node
    return nodes[0] if nodes else None


def main_material(obj: bpy.types.Object, mesh: bpy.types.Mesh) -> tuple[bpy.types.Material | None, bool]:
    """The material that covers most faces of an object, and whether its faces have others as well."""
    slots = [s.material for s in obj.material_slots]
    if len(slots) < 2:
        return (slots[0] if slots else None), False
    index = np.zeros(len(mesh.polygons), dtype=np.int32)
    area = np.zeros(len(mesh.polygons), dtype=np.float32)
    mesh.polygons.foreach_get("material_index", index)
    mesh.polygons.foreach_get("area", area)
    index = np.clip(index, 0, len(slots) - 1)
    covered = np.bincount(index, weights=area, minlength=len(slots))
    return slots[int(np.argmax(covered))], len(np.unique(index)) > 1


def read_appearance(
    material: bpy.types.Material | None, textures: dict[str, Texture], where: str, notes: list[str]
) -> tuple[Colour, Texture | None]:
    """Colour (sRGB and alpha) and texture of a material; None = the default grey.

    textures: collects the textures of the asset by the name of their image.
    """
    if material is None:
        return DEFAULT_COLOUR, None
    shader = principled(material)
    texture, linear = None, tuple(material.diffuse_color)
    if shader is not None:
        base, alpha = shader.inputs["Base Color"], shader.inputs["Alpha"]
        linear = (*base.default_value[:3], 1.0 if alpha.is_linked else alpha.default_value)
        if base.is_linked:
            image = next(
                (n.image for n in _upstream(base) if n.bl_idname == "ShaderNodeTexImage" and n.image), None
            )
            if image is None:
                notes.append(
                    f"{where}: the colour of material {material.name!r} is procedural; bake it to an image to export it"
                )
                linear = tuple(material.diffuse_color)
            else:
                if image.name not in textures:
                    textures[image.name] = read_image(image, [t.name for t in textures.values()])
                texture = textures[image.name]
    record = read_record(material.get(RECORD, ""), f"material {material.name!r}")
    if record and settle_all(linear, record["linear"]) == tuple(record["linear"]):
        r, g, b, a = record["colour"]
        return (r, g, b, a), texture
    red, green, blue = (linear_to_srgb(c) for c in linear[:3])
    return (red, green, blue, min(max(float(linear[3]), 0.0), 1.0)), texture


def _upstream(socket: Any) -> Iterator[Any]:
    waiting, seen = [link.from_node for link in socket.links], set()
    while waiting:
        node = waiting.pop(0)
        if node.name in seen:
            continue
        seen.add(node.name)
        yield node
        waiting.extend(link.from_node for s in node.inputs for link in s.links)


def read_image(image: bpy.types.Image, taken: list[str]) -> Texture:
    """The image as a texture: its own PNG or JPEG bytes where it has them, else encoded as PNG."""
    where = f"image {image.name!r}"
    record = read_record(image.get(RECORD, ""), where)
    known = record.get("image") == image.name and record.get("name") not in taken
    name = record["name"] if known else clean_name(Path(image.name).stem, taken, "texture")
    if not image.is_dirty:
        data = _own_bytes(image)
        if data is not None:
            try:
                return Texture(name, data)
            except AssetError:
                pass  # another format: encode it anew below
    return Texture(name, encoded_as_png(image))


def _own_bytes(image: bpy.types.Image) -> bytes | None:
    if image.source != "FILE":
        return None
    if image.packed_file is not None:
        return bytes(image.packed_file.data)
    path = Path(bpy.path.abspath(image.filepath, library=image.library))
    return path.read_bytes() if path.is_file() else None


def encoded_as_png(image: bpy.types.Image) -> bytes:
    """The pixels of an image as a PNG file."""
    where = f"image {image.name!r}"
    if not image.has_data and not len(image.pixels):
        raise AssetError("has no pixels; reload it or choose another file", where=where)
    shown_format = image.file_format
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "texture.png"
            image.file_format = "PNG"
            image.save(filepath=str(path), save_copy=True)
            return path.read_bytes()
    except RuntimeError as error:
        raise AssetError(f"cannot be written as PNG ({error})", where=where) from error
    finally:
        image.file_format = shown_format

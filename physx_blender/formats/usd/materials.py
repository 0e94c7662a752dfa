# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials of parts: what is seen (UsdPreviewSurface) and what is felt (PhysicsMaterialAPI) in one prim."""

from __future__ import annotations

from ...colour import srgb_to_linear
from ...model import Part
from .usda import UsdaWriter, quoted


def write_material(out: UsdaWriter, name: str, path: str, part: Part, texture: str | None) -> None:
    """Write the material of a part as ``name``; `path` is where that is. texture: relative path of its image."""
    material = part.material
    with out.prim("Material", name, apis=["PhysicsMaterialAPI"], shown_as=f"{part.name}: {material.name}"):
        out.attribute("float", "physics:density", material.density)
        out.attribute("float", "physics:dynamicFriction", material.friction)
        out.attribute("float", "physics:restitution", material.restitution)
        out.attribute("float", "physics:staticFriction", material.friction)
        out.line(f"token outputs:surface.connect = <{path}/Surface.outputs:surface>")
        with out.prim("Shader", "Surface"):
            out.line('uniform token info:id = "UsdPreviewSurface"')
            if texture is None:
                out.attribute("color3f", "inputs:diffuseColor", [srgb_to_linear(c) for c in part.colour[:3]])
            else:
                out.line(f"color3f inputs:diffuseColor.connect = <{path}/Texture.outputs:rgb>")
            out.attribute("float", "inputs:opacity", part.colour[3])
            out.attribute("float", "inputs:roughness", 0.5)
            out.line("token outputs:surface")
        if texture is None:
            return
        with out.prim("Shader", "Texture"):
            out.line('uniform token info:id = "UsdUVTexture"')
            out.line(f"asset inputs:file = @./{texture}@")
            out.line(f"token inputs:sourceColorSpace = {quoted('sRGB')}")
            out.line(f"float2 inputs:st.connect = <{path}/Coordinates.outputs:result>")
            out.line('token inputs:wrapS = "repeat"')
            out.line('token inputs:wrapT = "repeat"')
            out.line("float3 outputs:rgb")
        with out.prim("Shader", "Coordinates"):
            out.line('uniform token info:id = "UsdPrimvarReader_float2"')
            out.line('string inputs:varname = "st"')
            out.line("float2 outputs:result")

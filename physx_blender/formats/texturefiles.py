# SPDX-License-Identifier: GPL-3.0-or-later
"""Textures as files that MuJoCo reads."""

from __future__ import annotations

import io

from ..errors import AssetError
from ..model import Texture
from .layout import texture_file


def png_texture(texture: Texture) -> tuple[str, bytes]:
    """Relative path and bytes of the texture as PNG, the only common format that MuJoCo reads.

    A JPEG is converted with Pillow, which the backend has and Blender has not; raises AssetError without it.
    """
    if texture.suffix == ".png":
        return texture_file(texture), texture.data
    try:
        from PIL import Image
    except ImportError:
        raise AssetError(
            "is a JPEG, and MuJoCo reads PNG; convert the image to PNG first (in Blender: Image > Save As, PNG)",
            where=f"texture {texture.name!r}",
        ) from None
    try:
        with Image.open(io.BytesIO(texture.data)) as image:
            out = io.BytesIO()
            image.convert("RGB").save(out, "PNG", optimize=False)
    except (OSError, ValueError) as error:
        raise AssetError(f"cannot be decoded: {error}", where=f"texture {texture.name!r}") from error
    return texture_file(texture, ".png"), out.getvalue()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Ray casting of assets with torch: training images, comparison of candidates, previews; on a CPU or a GPU.

Start the process with `MALLOC_MMAP_THRESHOLD_` and `MALLOC_TRIM_THRESHOLD_` set high (for instance 1073741824) when
many images are rendered on a CPU under glibc: large temporaries are then reused instead of mapped anew each time.
"""

from .camera import CameraBatch, look_at
from .light import LightBatch
from .pack import PrimitiveBatch, SceneItem, pack, primitives_of, scene_of
from .renderer import render

__all__ = [
    "CameraBatch",
    "LightBatch",
    "PrimitiveBatch",
    "SceneItem",
    "look_at",
    "pack",
    "primitives_of",
    "render",
    "scene_of",
]

# SPDX-License-Identifier: GPL-3.0-or-later
"""The same panels in the Properties editor: parts in the Physics tab, joints in the Bone tab."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bpy.types import Panel

from . import joint, part


def twins(panels: Iterable[Any], tab: str) -> tuple[type, ...]:
    """Panels of the sidebar as panels of a tab of the Properties editor: the same methods, in another place.

    tab: its context, for example ``physics``.
    """
    made: list[type] = []
    for cls in panels:
        if not issubclass(cls, Panel):
            continue
        # not a subclass: Blender does not register a class beside its own base
        body: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            if base not in Panel.__mro__:
                body |= {
                    k: v for k, v in vars(base).items() if k not in ("__dict__", "__weakref__", "bl_rna")
                }
        body |= {
            "bl_space_type": "PROPERTIES",
            "bl_region_type": "WINDOW",
            "bl_context": tab,
            "bl_idname": f"{cls.bl_idname}_{tab}",
        }
        if "bl_parent_id" in body:
            body["bl_parent_id"] = f"{cls.bl_parent_id}_{tab}"
        else:
            body["bl_label"] = f"SimReady {cls.bl_label}"
        made.append(type(f"{cls.__name__}_{tab}", (Panel,), body))
    return tuple(made)


CLASSES = (*twins(part.CLASSES, "physics"), *twins(joint.CLASSES, "bone"))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies and articulated components, one file per idea; what every module PROVIDES is found by itself."""

from __future__ import annotations

import importlib
import pkgutil

from .base import Component

COMPONENTS: dict[str, Component] = {}
for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    for _component in getattr(importlib.import_module(f"{__name__}.{_module}"), "PROVIDES", ()):
        COMPONENTS[_component.kind] = _component

__all__ = ["COMPONENTS", "Component"]

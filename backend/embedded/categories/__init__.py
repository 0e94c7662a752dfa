# SPDX-License-Identifier: GPL-3.0-or-later
"""The categories of the procedural world, one file each; every module's CATEGORY is found by itself."""

from __future__ import annotations

import importlib
import pkgutil

from .base import Category

CATEGORIES: dict[str, Category] = {}
for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    _category = getattr(importlib.import_module(f"{__name__}.{_module}"), "CATEGORY", None)
    if _category is not None:
        CATEGORIES[_category.name] = _category

__all__ = ["CATEGORIES", "Category"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared by all tests.

Outside Blender the core is imported first of all: a checkout whose folder happens to be called `physx_blender` would
otherwise give its name to the extension's root package. Inside Blender the core belongs to the installed extension and
must not be imported a second time under its short name.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

if find_spec("bpy") is None:
    import physx_blender  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT

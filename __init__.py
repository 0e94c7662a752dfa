# SPDX-License-Identifier: GPL-3.0-or-later
"""SimReady Props: from one picture to a rigged prop that simulators understand.

Nothing is imported at module level: test runners and packagers import this file without Blender.
"""

from __future__ import annotations


def register() -> None:
    """Register scene properties, operators and the user interface; all of them, or none."""
    from . import operators, ui
    from .physx_blender import scene

    done = []
    try:
        for package in (scene, operators, ui):
            package.register()
            done.append(package)
    except Exception:
        # A half-registered add-on cannot be enabled again before Blender restarts.
        for package in reversed(done):
            package.unregister()
        raise


def unregister() -> None:
    """Undo `register`, last things first."""
    from . import operators, ui
    from .physx_blender import scene

    for package in (ui, operators, scene):
        package.unregister()

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user can do; one file per family of operators."""

from __future__ import annotations

import bpy

from . import (
    asset_edit,
    backend_control,
    backend_session,
    backend_setup,
    check,
    export_asset,
    generate,
    import_asset,
    joint_edit,
    measure,
    pose,
)

CLASSES = tuple(
    cls
    for module in (
        generate,
        import_asset,
        export_asset,
        check,
        measure,
        pose,
        joint_edit,
        asset_edit,
        backend_control,
    )
    for cls in module.CLASSES
)


def register() -> None:
    """Register all operators."""
    done = []
    try:
        for cls in CLASSES:
            bpy.utils.register_class(cls)
            done.append(cls)
    except Exception:
        for cls in reversed(done):
            bpy.utils.unregister_class(cls)
        raise
    backend_session.register()


def unregister() -> None:
    """Undo `register`; the backend stops."""
    backend_setup.unregister()
    backend_session.unregister()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)

# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user can do; one file per family of operators."""

from __future__ import annotations

from ..physx_blender.scene import swatches
from . import (
    asset_edit,
    backend_control,
    backend_session,
    backend_setup,
    check,
    choices,
    colliding_limits,
    command_line,
    description,
    export_asset,
    fix,
    generate,
    import_asset,
    joint_couple,
    joint_create,
    joint_drag,
    joint_edit,
    joint_guessing,
    joint_links,
    joint_pick,
    joint_pivot,
    joint_play,
    library,
    measure,
    picture,
    pose,
    reference,
    simulate,
    simulation_play,
    simulation_player,
    work,
)
from .common import register_classes, unregister_classes

CLASSES = tuple(
    cls
    for module in (
        generate,
        choices,
        picture,
        reference,
        description,
        library,
        import_asset,
        export_asset,
        check,
        fix,
        measure,
        pose,
        joint_play,
        joint_edit,
        joint_pivot,
        joint_pick,
        joint_guessing,
        joint_create,
        joint_links,
        joint_couple,
        joint_drag,
        colliding_limits,
        simulate,
        simulation_play,
        asset_edit,
        backend_control,
    )
    for cls in module.CLASSES
)


def register() -> None:
    """Register all operators."""
    register_classes(CLASSES)
    work.register()
    backend_session.register()
    command_line.register()
    simulation_player.register()


def unregister() -> None:
    """Undo `register`; the backend stops."""
    work.unregister()
    command_line.unregister()
    simulation_player.unregister()
    backend_setup.unregister()
    backend_session.unregister()
    unregister_classes(CLASSES)
    swatches.clear()

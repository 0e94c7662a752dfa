# SPDX-License-Identifier: GPL-3.0-or-later
"""English to Japanese, one file per topic."""

from __future__ import annotations

from . import (
    asset,
    backend,
    files,
    joint,
    joint_tools,
    part,
    physics,
    picture,
    proposals,
    reference,
    simulate,
    text_and_library,
)

PROPER_NAMES = frozenset(
    {"MJCF", "URDF", "SimReady", "Python", "MJCF (MuJoCo)", "URDF (ROS 2, Isaac Sim, PyBullet)", "OBJ", "STL"}
)
"""Names that are the same in every language."""

JAPANESE: dict[str, str] = {
    text: said
    for module in (
        picture,
        proposals,
        reference,
        text_and_library,
        files,
        backend,
        asset,
        joint,
        joint_tools,
        part,
        simulate,
        physics,
    )
    for text, said in module.TEXTS.items()
}

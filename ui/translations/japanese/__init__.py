# SPDX-License-Identifier: GPL-3.0-or-later
"""English to Japanese, one file per topic: every module here with a table `TEXTS`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

PROPER_NAMES = frozenset(
    {"MJCF", "URDF", "SimReady", "Python", "MJCF (MuJoCo)", "URDF (ROS 2, Isaac Sim, PyBullet)", "OBJ", "STL"}
)
"""Names that are the same in every language."""

JAPANESE: dict[str, str] = {
    text: said
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))
    for text, said in import_module(f".{path.stem}", __name__).TEXTS.items()
}

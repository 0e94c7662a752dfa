# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep MuJoCo from writing a log file into the working directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import mujoco


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Collect MuJoCo's warnings in a list instead of in ``MUJOCO_LOG.TXT``; the earlier handler comes back after."""
    earlier = mujoco.get_mju_user_warning()
    collected: list[str] = []
    mujoco.set_mju_user_warning(collected.append)
    try:
        yield collected
    finally:
        mujoco.set_mju_user_warning(earlier)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of the process that computes; they count only if they are made before torch is imported."""

from __future__ import annotations

import ctypes
import gc
import os
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEEP = 1 << 30
_ALLOCATIONS = 200_000


def prepare_process() -> None:
    """Make torch share this machine gently and reuse its memory.

    Half of the cores compute: the work is many small steps, and on two cores a second thread made it 1.4 times as slow; the
    rest is Blender's. Threads that wait sleep instead of spinning: with the spinning default a render of 0.5 s took 28 s on
    two cores that Blender and a training run kept busy. And glibc keeps large blocks for the next tensor instead of giving each
    back to the system (1.6 times as fast renders); the values are those of mallopt(3).
    Programs are built from many small objects without cycles: looking for those after every 700 costs a fifth of the time.
    """
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OMP_NUM_THREADS", str(max((os.cpu_count() or 2) // 2, 1)))
    if sys.platform == "linux":
        try:
            mallopt = ctypes.CDLL(None).mallopt
        except (OSError, AttributeError):
            return  # another C library than glibc: it has no such setting, and needs none to be right
        mallopt(_M_MMAP_THRESHOLD, _KEEP)
        mallopt(_M_TRIM_THRESHOLD, _KEEP)

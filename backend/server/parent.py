# SPDX-License-Identifier: GPL-3.0-or-later
"""Notice that the process which started us has gone: no backend outlives its Blender."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

import psutil

_INTERVAL = 0.5


def watch_parent(pid: int, gone: Callable[[], None]) -> None:
    """Call `gone` once, on a thread, when standard input ends or the process `pid` does.

    Two signs, because either alone fails: a parent that is killed on Windows can leave the pipe open in a child of
    its own, and a process id alone may have been given to a new process (its start time tells).
    """
    once = threading.Lock()

    def tell() -> None:
        if once.acquire(blocking=False):
            gone()

    def read() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        tell()

    def look() -> None:
        try:
            parent = psutil.Process(pid)
        except psutil.NoSuchProcess:
            tell()
            return
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
            time.sleep(_INTERVAL)
        tell()

    threading.Thread(target=read, name="standard input", daemon=True).start()
    threading.Thread(target=look, name="parent", daemon=True).start()

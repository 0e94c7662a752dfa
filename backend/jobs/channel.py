# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON lines between the server and its worker, over pipes that no library can print into."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

MAX_LINE = 16 * 1024 * 1024


def to_line(message: dict[str, Any]) -> bytes:
    """One message as one line."""
    return json.dumps(message, allow_nan=False).encode() + b"\n"


class Channel:
    """The worker's end: what was standard input and output when the process began.

    File descriptor 1 is pointed at standard error, so that a native library that prints does not break the protocol.
    """

    def __init__(self) -> None:
        # Ctrl-C in a terminal is for the server, which then ends this process itself
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        self._in: BinaryIO = os.fdopen(os.dup(0), "rb")
        os.dup2(2, 1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; ends the process when there is nobody to read it any more."""
        with self._lock:
            try:
                self._out.write(to_line(message))
            except (BrokenPipeError, ConnectionResetError):
                os._exit(0)

    def listen(self, receive: Callable[[dict[str, Any]], None]) -> None:
        """Read messages on a thread of its own; when the other side is gone, the process ends at once.

        At once, because the main thread may be deep in a computation for an order that nobody waits for any more.
        """

        def read() -> None:
            while line := self._in.readline(MAX_LINE):
                receive(json.loads(line))
            os._exit(0)

        threading.Thread(target=read, name="orders", daemon=True).start()

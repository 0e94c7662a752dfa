# SPDX-License-Identifier: GPL-3.0-or-later
"""A call on a thread of its own, which the window looks at and never waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ..physx_blender.errors import AssetError


class Task:
    """`result` is there when `finished`, or `error`."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._call()
        except AssetError as error:
            self.error = error
        except OSError as error:
            self.error = AssetError(str(error))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is wanted
            self.error = error

    @property
    def finished(self) -> bool:
        """Is it over?"""
        return not self._thread.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; is it over?"""
        self._thread.join(seconds)
        return self.finished

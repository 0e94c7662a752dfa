# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error type that is meant for the eyes of a user."""

from __future__ import annotations


class AssetError(ValueError):
    """Something the user gave or made cannot be used.

    The message is one sentence (or two) that names the element or file, the place in it, and the remedy.
    """

    def __init__(self, message: str, *, where: str | None = None) -> None:
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)

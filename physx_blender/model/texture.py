# SPDX-License-Identifier: GPL-3.0-or-later
"""An image that covers a part."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import AssetError
from .names import check_name

MAX_TEXTURE_BYTES = 64 * 1024 * 1024
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}


@dataclass(frozen=True)
class Texture:
    """Encoded PNG or JPEG bytes, kept as they are so that a package round-trips bit for bit."""

    name: str
    data: bytes

    def __post_init__(self) -> None:
        where = f"texture {self.name!r}"
        check_name(self.name, where)
        if len(self.data) > MAX_TEXTURE_BYTES:
            raise AssetError(
                f"has {len(self.data)} bytes, over the limit of {MAX_TEXTURE_BYTES}", where=where
            )
        if not any(self.data.startswith(s) for s in _SIGNATURES):
            raise AssetError("is neither PNG nor JPEG; convert it first", where=where)

    @property
    def suffix(self) -> str:
        """File suffix that fits the bytes: ``.png`` or ``.jpg``."""
        return next(s for signature, s in _SIGNATURES.items() if self.data.startswith(signature))

    def __repr__(self) -> str:
        return f"Texture({self.name!r}, {len(self.data)} bytes)"

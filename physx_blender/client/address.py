# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a backend is, and whether it is one."""

from __future__ import annotations

from urllib.parse import urlsplit

from .. import __version__
from ..errors import AssetError
from ..protocol import PRODUCT, PROTOCOL_VERSION, BackendError, ErrorInfo, Identity


def normalise_address(text: str) -> str:
    """``http://host:port`` from any reasonable spelling: with or without ``http://``, spaces, a path or a slash."""
    where = f"backend address {text!r:.100}"
    spelled = text.strip()
    if "://" not in spelled:
        spelled = f"http://{spelled}"
    try:
        parts = urlsplit(spelled)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AssetError(f"is not an address ({error}); write host:port", where=where) from None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in host):
        raise AssetError("is not an address; write host:port", where=where)
    if port is None and parts.scheme == "http":
        raise AssetError("names no port; write host:port, as the backend printed it", where=where)
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{port or 443}"


def check_identity(identity: Identity) -> None:
    """Raise `BackendError` unless the other side is a backend that this client can talk to."""
    if identity.product != PRODUCT:
        raise BackendError(
            ErrorInfo(
                "not_a_backend", f"{identity.product!r:.60} is not this backend.", "Correct the address."
            ),
            0,
        )
    if identity.protocol != PROTOCOL_VERSION:
        raise BackendError(
            ErrorInfo(
                "version_mismatch",
                f"The backend ({identity.version:.40}) speaks protocol {identity.protocol}, "
                f"this extension ({__version__}) {PROTOCOL_VERSION}.",
                "Update the older of the two and restart.",
            )
        )

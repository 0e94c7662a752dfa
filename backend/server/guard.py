# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may talk to the server: the holder of the token, directly, and no web page by way of the user's browser."""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from physx_blender.protocol import ErrorInfo

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = ("/identity",)
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class Guard:
    """ASGI middleware: checks Host and Origin on all requests, and the bearer token on all but `OPEN_PATHS`.

    Host: a page of evil.example that makes its own name resolve to 127.0.0.1 (DNS rebinding) still sends its own name.
    On loopback only the loopback names pass; on an address for others also any literal IP address, which cannot be
    rebound, and the names in `hosts`.
    Origin: browsers add it to what a page asks of another site; our clients never do.
    """

    def __init__(self, app: App, *, token: str, loopback: bool, hosts: tuple[str, ...] = ()) -> None:
        self._app = app
        self._token = token.encode()
        self._loopback = loopback
        self._hosts = {h.lower() for h in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websockets here; uvicorn answers 500 to one, without a handshake
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.lower(), []).append(value)
        hosts = headers.get(b"host", [])
        if len(hosts) != 1 or not self._host_passes(hosts[0]):
            await refuse(
                send, 403, ErrorInfo("wrong_host", "The Host header is not an address of this backend.")
            )
        elif b"origin" in headers:
            await refuse(send, 403, ErrorInfo("cross_origin", "Web pages may not use this backend."))
        elif scope["path"] not in OPEN_PATHS and not self._token_passes(headers.get(b"authorization", [])):
            await refuse(
                send,
                401,
                ErrorInfo(
                    "wrong_token",
                    "The token is missing or wrong.",
                    "Restart the backend, or correct its token.",
                ),
            )
        else:
            await self._app(scope, receive, send)

    def _token_passes(self, values: list[bytes]) -> bool:
        if len(values) != 1:
            return False
        scheme, _, token = values[0].partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)

    def _host_passes(self, value: bytes) -> bool:
        try:
            host = host_name(value.decode("ascii"))
        except ValueError:
            return False
        if host in _LOOPBACK_NAMES:
            return True
        if self._loopback:
            return False
        return host in self._hosts or _is_address(host)


def host_name(header: str) -> str:
    """Name or address in a Host header, without the port; raises ValueError if it is none."""
    text = header.strip().lower()
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket:
            raise ValueError("unclosed bracket")
    else:
        host, colon, port = text.partition(":")
        rest = colon + port
    if rest and not (rest[0] == ":" and rest[1:].isdigit()):
        raise ValueError("port is not a number")
    if not host:
        raise ValueError("no host")
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def refuse(send: Send, status: int, info: ErrorInfo) -> None:
    """Answer with an error and close the connection, so that nobody goes on sending a body that nobody reads."""
    body = json.dumps({"error": info.to_json()}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP side of the server: routes, bodies, errors. What a job is, the supervisor knows."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from backend.images import check_image
from physx_blender.errors import AssetError
from physx_blender.protocol import (
    API_PREFIX,
    MAX_JSON_BYTES,
    MAX_UPLOAD_BYTES,
    PROTOCOL_VERSION,
    BackendError,
    ErrorInfo,
    JobRequest,
    check_job_id,
)
from physx_blender.simulation.scene import MAX_SCENE_BYTES

from .guard import App, Guard
from .simulations import Simulations
from .supervisor import IDENTITY, Supervisor

_LOG = logging.getLogger("server")
_CHUNK = 1 << 18
_MAX_STEP_BYTES = 1 << 16
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def make_app(
    supervisor: Supervisor,
    simulations: Simulations,
    *,
    token: str,
    loopback: bool = True,
    hosts: tuple[str, ...] = (),
    ready: Callable[[], None] | None = None,
) -> App:
    """The server as an ASGI application, behind its guard. `ready` is called when it has started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        supervisor.start()
        simulations.start()
        if ready is not None:
            ready()
        try:
            yield
        finally:
            await simulations.stop()
            await supervisor.stop()

    app = FastAPI(
        title="SimReady Props backend", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(BackendError, _backend_error)
    app.add_exception_handler(AssetError, _asset_error)
    app.add_exception_handler(Exception, _internal_error)
    _add_routes(app, supervisor)
    _add_simulation_routes(app, simulations)
    return Guard(app, token=token, loopback=loopback, hosts=hosts)


def _add_routes(app: FastAPI, supervisor: Supervisor) -> None:
    @app.get("/identity")
    async def identity() -> Response:
        return JSONResponse(IDENTITY.to_json())

    @app.get(f"{API_PREFIX}/status")
    async def status() -> Response:
        return JSONResponse(supervisor.status().to_json())

    @app.post(f"{API_PREFIX}/uploads")
    async def upload(request: Request) -> Response:
        data = await _body(request, MAX_UPLOAD_BYTES)
        await asyncio.to_thread(check_image, data)
        name = supervisor.uploads.add(data, supervisor.needed_uploads())
        return JSONResponse({"upload": name}, 201)

    @app.post(f"{API_PREFIX}/jobs")
    async def submit(request: Request) -> Response:
        order = JobRequest.from_json(_json(await _body(request, MAX_JSON_BYTES)))
        return JSONResponse(supervisor.submit(order).to_json(), 201)

    @app.get(f"{API_PREFIX}/jobs")
    async def updates(request: Request) -> Response:
        text = request.query_params.get("since", "0")
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise AssetError(f"'since' must be a whole number from 0, got {text!r:.40}", where="job updates")
        return JSONResponse(supervisor.updates(int(text)).to_json())

    @app.get(f"{API_PREFIX}/jobs/{{job}}")
    async def one(job: str) -> Response:
        return JSONResponse(supervisor.job(check_job_id(job)).to_json())

    @app.delete(f"{API_PREFIX}/jobs/{{job}}")
    async def cancel(job: str, request: Request) -> Response:
        act = supervisor.forget if request.query_params.get("forget") == "1" else supervisor.cancel
        return JSONResponse(act(check_job_id(job)).to_json())

    @app.get(f"{API_PREFIX}/jobs/{{job}}/package")
    async def package(job: str) -> Response:
        folder = supervisor.result_folder(check_job_id(job))
        archive = await asyncio.to_thread(_zipped, folder)
        size = archive.seek(0, 2)
        archive.seek(0)

        async def chunks() -> AsyncIterator[bytes]:
            with archive:
                while data := await asyncio.to_thread(archive.read, _CHUNK):
                    yield data

        return StreamingResponse(
            chunks(), media_type="application/zip", headers={"content-length": str(size)}
        )


def _add_simulation_routes(app: FastAPI, simulations: Simulations) -> None:
    @app.post(f"{API_PREFIX}/simulations")
    async def begin(request: Request) -> Response:
        scene = await _body(request, MAX_SCENE_BYTES, "Leave out dense meshes.")
        return JSONResponse(await simulations.begin(scene), 201)

    @app.post(f"{API_PREFIX}/simulations/{{simulation}}/step")
    async def step(simulation: str, request: Request) -> Response:
        order = _json(await _body(request, _MAX_STEP_BYTES))
        return JSONResponse(await simulations.step(check_job_id(simulation), order))

    @app.delete(f"{API_PREFIX}/simulations/{{simulation}}")
    async def end(simulation: str) -> Response:
        await simulations.close(check_job_id(simulation))
        return JSONResponse({})


async def _body(request: Request, limit: int, advice: str = "Save the image smaller.") -> bytes:
    """The body of a request, never more than `limit` bytes of it in memory."""
    too_large = BackendError(
        ErrorInfo("too_large", f"The request has over {limit / 2**20:g} MB.", advice), 413
    )
    stated = request.headers.get("content-length", "0")
    if not stated.isascii() or not stated.isdigit():
        raise BackendError(ErrorInfo("bad_request", "Content-Length is not a number."), 400)
    if len(stated) > 18 or int(stated) > limit:
        raise too_large
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise too_large
        parts.append(part)
    return b"".join(parts)


def _json(data: bytes) -> Any:
    def no_constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        return json.loads(data, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise AssetError(f"is not JSON: {error}", where="request") from None


def _zipped(folder: Path) -> tempfile.SpooledTemporaryFile[bytes]:
    archive: tempfile.SpooledTemporaryFile[bytes] = tempfile.SpooledTemporaryFile(max_size=1 << 24)  # noqa: SIM115
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            info = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            writer.writestr(info, file.read_bytes())
    return archive


def _answer(status: int, info: ErrorInfo, *, close: bool = False) -> Response:
    headers = {"connection": "close"} if close else {}
    return JSONResponse({"error": info.to_json()}, status, headers)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and not request.url.path.startswith(f"{API_PREFIX}/"):
        message = f"This backend speaks protocol {PROTOCOL_VERSION} (paths under {API_PREFIX})."
        return _answer(
            404, ErrorInfo("unknown_path", message, "Update the extension or the backend so that both match.")
        )
    return _answer(
        error.status_code, ErrorInfo("bad_request", f"{request.method} {request.url.path}: {error.detail}.")
    )


async def _backend_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, BackendError)
    return _answer(error.status, error.info, close=error.status == 413)


async def _asset_error(request: Request, error: Exception) -> Response:
    del request
    return _answer(400, ErrorInfo("bad_input", str(error)))


async def _internal_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ClientDisconnect):
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _answer(500, ErrorInfo("internal", "The backend has an error.", "Open the log for the details."))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to a backend over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import socket
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from ..errors import AssetError
from ..protocol import (
    API_PREFIX,
    MAX_UPLOAD_BYTES,
    BackendError,
    ErrorInfo,
    Identity,
    JobRequest,
    JobState,
    JobStatus,
    JobUpdates,
    ServerStatus,
    check_job_id,
)
from .address import check_identity, normalise_address
from .archive import MAX_PACKAGE_BYTES, extract

TIMEOUT = 3.0
"""Seconds for one answer: the server never computes while it answers."""
MAX_ANSWER_BYTES = 64 * 1024 * 1024
_SILENCE = 20.0
"""Seconds without any answer after which `BackendClient.wait` gives up; a machine that is busy may need some."""


@dataclass(frozen=True)
class BackendClient:
    """Talks to the backend at `address`. Every call opens and closes a connection; use it from any thread.

    Raises `BackendError` with an advice whenever the answer is not what was asked for.
    """

    address: str
    token: str
    timeout: float = TIMEOUT

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", normalise_address(self.address))
        if not self.token.isascii() or not self.token.isprintable():
            raise AssetError("has characters that no token has; copy it again", where="backend token")

    # -- calls -----------------------------------------------------------------------------------------------------

    def identity(self) -> Identity:
        """Who answers; raises `BackendError` if it is another program or speaks another protocol."""
        try:
            identity = Identity.from_json(self._call("GET", "/identity"))
        except BackendError as error:
            if error.status == 0:
                raise
            raise self.not_ours() from None
        except AssetError:
            raise self.not_ours() from None
        check_identity(identity)
        return identity

    def status(self) -> ServerStatus:
        """State of the server and its worker."""
        return ServerStatus.from_json(self._call("GET", f"{API_PREFIX}/status"))

    def upload(self, data: bytes) -> str:
        """Send the bytes of an image; returns the name to use in a `JobRequest`."""
        if len(data) > MAX_UPLOAD_BYTES:
            raise AssetError(
                f"has {len(data) / 2**20:.0f} MB, over the limit of {MAX_UPLOAD_BYTES // 2**20} MB; save it smaller",
                where="image",
            )
        patience = max(self.timeout, len(data) / 1e6)  # at least 1 MB/s, for a backend behind a slow network
        answer = self._call("POST", f"{API_PREFIX}/uploads", data, "application/octet-stream", patience)
        if not isinstance(answer, dict) or not isinstance(answer.get("upload"), str):
            raise self.not_ours()
        return str(answer["upload"])

    def submit(self, request: JobRequest) -> JobStatus:
        """Queue a job."""
        body = json.dumps(request.to_json()).encode()
        return JobStatus.from_json(self._call("POST", f"{API_PREFIX}/jobs", body, "application/json"))

    def poll(self, since: int = 0) -> JobUpdates:
        """Jobs that changed after revision `since`."""
        return JobUpdates.from_json(self._call("GET", f"{API_PREFIX}/jobs?since={int(since)}"))

    def job(self, job: str) -> JobStatus:
        """State of one job."""
        return JobStatus.from_json(self._call("GET", f"{API_PREFIX}/jobs/{check_job_id(job)}"))

    def cancel(self, job: str) -> JobStatus:
        """Cancel a job; one that has ended stays as it is."""
        return JobStatus.from_json(self._call("DELETE", f"{API_PREFIX}/jobs/{check_job_id(job)}"))

    def forget(self, job: str) -> None:
        """Let the backend drop a job that has ended, and the result that it kept."""
        self._call("DELETE", f"{API_PREFIX}/jobs/{check_job_id(job)}?forget=1")

    def fetch(self, job: str, folder: Path) -> Path:
        """Download the result of a job without an output folder into the new or empty `folder`."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise AssetError("is not empty; choose a new folder for the result", where=str(folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
        beside.mkdir()
        try:
            archive = beside / "package.zip"
            with archive.open("wb") as stream:
                self._download(f"{API_PREFIX}/jobs/{check_job_id(job)}/package", stream)
            content = beside / "content"
            extract(archive, content)
            if folder.exists():
                folder.rmdir()
            content.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return folder

    def wait(
        self,
        job: str,
        *,
        progress: Callable[[JobStatus], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        timeout: float | None = None,
        interval: float = 0.1,
    ) -> JobStatus:
        """Poll until the job has ended, for scripts. A job that is DONE is returned; otherwise `BackendError`."""
        end = None if timeout is None else time.monotonic() + timeout
        asked = False
        seen = -1
        heard = time.monotonic()
        while True:
            try:
                status = self.job(job)
            except BackendError as error:
                if error.status != 0 or time.monotonic() - heard > _SILENCE:
                    raise
                time.sleep(interval)
                continue
            heard = time.monotonic()
            if progress is not None and status.revision != seen:
                seen = status.revision
                progress(status)
            if status.state is JobState.DONE:
                return status
            if status.state is JobState.FAILED:
                raise BackendError(status.error or ErrorInfo("failed", "The job failed."))
            if status.state is JobState.CANCELLED:
                raise BackendError(ErrorInfo("cancelled", "The job was cancelled."))
            if cancelled is not None and not asked and cancelled():
                asked = True
                self.cancel(job)
            if end is not None and time.monotonic() > end:
                self.cancel(job)
                raise BackendError(
                    ErrorInfo("timeout", f"The job took longer than {timeout:g} s.", "It was cancelled.")
                )
            time.sleep(interval)

    # -- HTTP ------------------------------------------------------------------------------------------------------

    def connect(self, timeout: float) -> http.client.HTTPConnection:
        """A connection that is not open yet."""
        parts = urlsplit(self.address)
        assert parts.hostname is not None
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=context)
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)

    def _call(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", timeout: float | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if kind:
            headers["Content-Type"] = kind
        connection = self.connect(timeout or self.timeout)
        try:
            connection.connect()
            # a server that refuses early does not read the body; its answer is waiting nevertheless
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, headers)
            status, value = self.read_answer(connection)
        except (OSError, http.client.HTTPException) as error:
            raise self.no_answer(error) from None
        finally:
            connection.close()
        if status >= 400:
            raise self.refused(status, value)
        return value

    def read_answer(self, connection: http.client.HTTPConnection) -> tuple[int, Any]:
        """Status and JSON value of the answer that comes on an open connection."""
        response = connection.getresponse()
        data = response.read(MAX_ANSWER_BYTES + 1)
        if len(data) > MAX_ANSWER_BYTES:
            raise self.not_ours()
        try:
            return response.status, json.loads(data)
        except (ValueError, RecursionError):
            raise self.not_ours(response.status) from None

    def _download(self, path: str, stream: IO[bytes]) -> None:
        connection = self.connect(
            max(self.timeout, 60.0)
        )  # zipping a large result comes before the first byte
        size = 0
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
            if response.status != 200:
                raise self.refused(response.status, _json_or_none(response.read(1 << 20)))
            while data := response.read(1 << 18):
                size += len(data)
                if size > MAX_PACKAGE_BYTES:
                    raise AssetError(f"has over {MAX_PACKAGE_BYTES // 2**20} MB", where="result package")
                stream.write(data)
        except (OSError, http.client.HTTPException) as error:
            raise self.no_answer(error) from None
        finally:
            connection.close()

    def no_answer(self, error: Exception) -> BackendError:
        """The error for a connection that failed."""
        if isinstance(error, ConnectionRefusedError):
            why = "Nothing listens there."
        elif isinstance(error, (TimeoutError, socket.timeout)):
            why = "It does not answer in time."
        elif isinstance(error, socket.gaierror):
            why = "There is no machine of that name."
        else:
            why = f"{type(error).__name__}: {error}."
        return BackendError(
            ErrorInfo(
                "no_answer",
                f"The backend at {self.address} cannot be reached. {why}",
                "Start it, or correct the address.",
            )
        )

    def not_ours(self, status: int = 0) -> BackendError:
        """The error for an answer that no backend gives."""
        return BackendError(
            ErrorInfo(
                "not_a_backend",
                f"At {self.address} answers something that is not this backend.",
                "Correct the address, or start the backend again.",
            ),
            status,
        )

    def refused(self, status: int, value: Any) -> BackendError:
        """The error for an answer with a status of 400 or more."""
        if isinstance(value, dict) and "error" in value:
            try:
                return BackendError(ErrorInfo.from_json(value["error"]), status)
            except AssetError:
                pass  # an error, but not one of ours
        return self.not_ours(status)


def _json_or_none(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None

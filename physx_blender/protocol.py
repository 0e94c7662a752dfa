# SPDX-License-Identifier: GPL-3.0-or-later
"""What the add-on and the backend say to each other: jobs, progress, errors, version. JSON both ways, no pickle.

Every class is a frozen dataclass with ``to_json`` and ``from_json``. ``from_json`` takes whatever a JSON parser
returned, ignores keys it does not know (a newer side may send more), and raises `AssetError` for anything else.

HTTP, all under `API_PREFIX` except the identity, with ``Authorization: Bearer <token>`` on all but the identity:

    GET    /identity             who answers, which version and protocol (`Identity`)
    GET    /v1/status            the worker, the limits, what is at hand (`ServerStatus`)
    POST   /v1/uploads           bytes of an image -> {"upload": sha256 of the bytes}
    POST   /v1/jobs              `JobRequest` -> `JobStatus`
    GET    /v1/jobs?since=N      what changed after revision N (`JobUpdates`)
    GET    /v1/jobs/ID           `JobStatus`
    DELETE /v1/jobs/ID           cancel -> `JobStatus`; with ?forget=1 drop a job that has ended, and its files
    GET    /v1/jobs/ID/package   the result of a job that names no folder, as a zip
    POST   /v1/simulations       a packed `SimulationScene` -> `SimulationLayout`
    POST   /v1/simulations/ID/step   `StepRequest` -> `StepReply`; over one connection that stays open
    DELETE /v1/simulations/ID    end it; one that has ended is no error

A failure is any status from 400 on, with {"error": `ErrorInfo`}.
"""

from __future__ import annotations

import math
import ntpath
import posixpath
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from .errors import AssetError
from .json_values import MAX_INTEGER
from .json_values import enum_value as _enum
from .json_values import integer as _integer
from .json_values import mapping as _mapping
from .json_values import real as _real
from .json_values import text as _text

PROTOCOL_VERSION = 1
API_PREFIX = f"/v{PROTOCOL_VERSION}"
PRODUCT = "simready-props-backend"
TOKEN_VARIABLE = "SIMREADY_BACKEND_TOKEN"
"""Environment variable that hands the bearer token to the server; never on the command line, where others see it."""

MAX_UPLOAD_BYTES = 64 * 1024 * 1024
MAX_JSON_BYTES = 1024 * 1024
MAX_SEED = MAX_INTEGER
MAX_PATH_LENGTH = 4000
_UPLOAD_ID = re.compile(r"[0-9a-f]{64}\Z")
_JOB_ID = re.compile(r"[0-9a-f]{32}\Z")


class JobKind(str, Enum):
    """What a job does."""

    GENERATE = "generate"
    CONVERT = "convert"
    CHECK = "check"


class JobState(str, Enum):
    """A job goes from queued to running to one of the final three; it may be cancelled from either of the first."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Nothing more will happen to the job."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class ServerState(str, Enum):
    """State of the backend as the add-on sees it, from not being there to running."""

    NOT_INSTALLED = "not_installed"
    MISSING_RESOURCES = "missing_resources"
    INSTALLING = "installing"
    VERIFYING = "verifying"
    UNINSTALLING = "uninstalling"
    UPDATE_REQUIRED = "update_required"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    FAILED = "failed"


class WorkerState(str, Enum):
    """State of the process that holds the models, as the server sees it."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class ExitCode:
    """Exit codes of the server process that mean something (`advice_for_exit` says what)."""

    OK = 0
    USAGE = 2
    CANNOT_LISTEN = 3
    MISSING_DEPENDENCY = 4
    BAD_TOKEN = 5


def advice_for_exit(code: int, what: str = "The backend") -> str:
    """One or two sentences for a process that ended with `code` (negative = signal, as `subprocess` counts)."""
    log = "Open the log for the details."
    if code == ExitCode.OK:
        return f"{what} has ended."
    if code == ExitCode.USAGE:
        return f"{what} was started with arguments it does not know; reinstall the extension so that both sides match."
    if code == ExitCode.CANNOT_LISTEN:
        return f"{what} could not open its port; allow Python to listen on 127.0.0.1, or choose another port."
    if code == ExitCode.MISSING_DEPENDENCY:
        return f"{what} misses a Python package; set up its environment again. {log}"
    if code == ExitCode.BAD_TOKEN:
        return f"{what} was given no usable token; start it again."
    if code in (-getattr(signal, "SIGKILL", 9), 137):
        return f"{what} was killed, most likely because memory ran out; close other programs and try again."
    if code in (-signal.SIGTERM, 143, -signal.SIGINT, 130):
        return f"{what} was stopped from outside."
    if -code in (signal.SIGSEGV, signal.SIGABRT, signal.SIGILL) or code in (0xC0000005, 0xC000001D):
        return f"{what} crashed inside a native library; try again, and report the log if it happens twice."
    return f"{what} ended unexpectedly (code {code}). {log}"


# ----------------------------------------------------------------------------------------------------
# Reading JSON that somebody else wrote


def check_upload_id(value: str, where: str) -> str:
    """Return `value` if it is the name of an upload: 64 hexadecimal digits."""
    if not _UPLOAD_ID.match(value):
        raise AssetError(f"{value!r:.80} is not an upload; send the bytes first", where=where)
    return value


def check_job_id(value: str) -> str:
    """Return `value` if it can name a job: 32 hexadecimal digits."""
    if not _JOB_ID.match(value):
        raise AssetError(f"{value!r:.80} is not a job", where="job")
    return value


def check_folder_path(value: str, where: str) -> str:
    """Return `value` if it is an absolute path without ``..``, in the manner of this or another system.

    Whether it may be written to is for the machine that writes to say; here only what can be told from the text.
    """
    if not value or len(value) > MAX_PATH_LENGTH or any(ord(c) < 32 for c in value):
        raise AssetError("needs the absolute path of a folder", where=where)
    if not (posixpath.isabs(value) or (ntpath.isabs(value) and ntpath.splitdrive(value)[0])):
        raise AssetError(f"{value!r:.200} is not an absolute path", where=where)
    if ".." in re.split(r"[/\\]", value):
        raise AssetError(f"{value!r:.200} contains '..'; name the folder directly", where=where)
    return value


# ----------------------------------------------------------------------------------------------------
# Errors


@dataclass(frozen=True)
class ErrorInfo:
    """What went wrong (`message`), what to do about it (`advice`), and a short word for programs (`code`)."""

    code: str
    message: str
    advice: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"code": self.code, "message": self.message, "advice": self.advice}

    @staticmethod
    def from_json(value: Any) -> ErrorInfo:
        """The error that `to_json` wrote."""
        data = _mapping(value, "error")
        return ErrorInfo(
            _text(data, "code", "error"),
            _text(data, "message", "error"),
            _text(data, "advice", "error", default=""),
        )

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class BackendError(AssetError):
    """The backend refused, failed, or did not answer. `info` says how, `status` is the HTTP status (0: no answer)."""

    def __init__(self, info: ErrorInfo, status: int = 0) -> None:
        self.info = info
        self.status = status
        super().__init__(str(info))


# ----------------------------------------------------------------------------------------------------
# Jobs


@dataclass(frozen=True)
class JobRequest:
    """An order for a job.

    kind: what to do.
    output: absolute folder on the server's machine that receives the result; empty = the server keeps it and the
        client fetches it (the only way for a server on another machine). A check writes nothing and needs none.
    source: absolute path of what to convert or check, on the server's machine.
    image, mask: uploads (their SHA-256) to generate from; the mask may be empty.
    name: wanted name of the asset, may be empty.
    seed: same image, seed and version give the same asset.
    alternatives: how many further proposals to write, as asset packages with a ``thumbnail.png``, into
        ``alternatives/1`` and so on inside the output folder; the result itself gets a ``thumbnail.png`` then, too.
    fixed_base: for a check of a URDF, which cannot say it: is the base fastened to the world? None = look for it.
    """

    kind: JobKind
    output: str = ""
    source: str = ""
    image: str = ""
    mask: str = ""
    name: str = ""
    seed: int = 0
    alternatives: int = 0
    fixed_base: bool | None = None

    def __post_init__(self) -> None:
        where = f"{self.kind.value} job"
        if self.output:
            check_folder_path(self.output, f"{where}, output")
        if self.kind is JobKind.GENERATE:
            if not self.image:
                raise AssetError("needs an image; upload one first", where=where)
            if self.source:
                raise AssetError("takes an image, not a source", where=where)
            check_upload_id(self.image, f"{where}, image")
            if self.mask:
                check_upload_id(self.mask, f"{where}, mask")
        else:
            if self.image or self.mask:
                raise AssetError("takes a source, not an image", where=where)
            check_folder_path(self.source, f"{where}, source")
            if self.kind is JobKind.CHECK and self.output:
                raise AssetError("writes nothing; leave the output empty", where=where)
        if not 0 <= self.seed <= MAX_SEED:
            raise AssetError(f"seed must be from 0 to {MAX_SEED}, got {self.seed}", where=where)
        if not 0 <= self.alternatives <= 16:
            raise AssetError(f"alternatives must be from 0 to 16, got {self.alternatives}", where=where)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        return {**data, "kind": self.kind.value}

    @staticmethod
    def from_json(value: Any) -> JobRequest:
        """The request that `to_json` wrote."""
        where = "job request"
        data = _mapping(value, where)
        fixed = data.get("fixed_base")
        if fixed is not None and not isinstance(fixed, bool):
            raise AssetError(f"'fixed_base' must be true, false or null; got {fixed!r:.80}", where=where)
        return JobRequest(
            kind=_enum(JobKind, data, "kind", where),
            output=_text(data, "output", where, default="", longest=MAX_PATH_LENGTH),
            source=_text(data, "source", where, default="", longest=MAX_PATH_LENGTH),
            image=_text(data, "image", where, default="", longest=64),
            mask=_text(data, "mask", where, default="", longest=64),
            name=_text(data, "name", where, default="", longest=200),
            seed=_integer(data, "seed", where, default=0),
            alternatives=_integer(data, "alternatives", where, default=0, high=16),
            fixed_base=fixed,
        )


@dataclass(frozen=True)
class Progress:
    """How far a job is: a stage in the user's words, the fraction 0..1 of the whole job, and a line on what goes on."""

    stage: str = ""
    fraction: float = 0.0
    message: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.fraction):
            raise AssetError(f"fraction must be finite, got {self.fraction!r}", where="progress")
        object.__setattr__(self, "fraction", min(1.0, max(0.0, float(self.fraction))))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"stage": self.stage, "fraction": self.fraction, "message": self.message}

    @staticmethod
    def from_json(value: Any) -> Progress:
        """The progress that `to_json` wrote."""
        data = _mapping(value, "progress")
        return Progress(
            _text(data, "stage", "progress", default=""),
            _real(data, "fraction", "progress"),
            _text(data, "message", "progress", default=""),
        )


@dataclass(frozen=True)
class JobStatus:
    """A job as the server sees it.

    revision: number of the change that this is; see `JobUpdates`.
    ahead: jobs that come first while this one is queued.
    result: for generate and convert {"folder", "files", "name", "confidence", "notes", "timings", "alternatives"}
        (the last: folders inside that folder, best first; each package carries its own confidence),
        for check {"passed", "report"}; empty until done.
    cancelling: somebody asked to cancel, the job has not stopped yet.
    """

    id: str
    kind: JobKind
    state: JobState
    progress: Progress = Progress()
    result: Mapping[str, Any] = field(default_factory=dict)
    error: ErrorInfo | None = None
    revision: int = 0
    ahead: int = 0
    cancelling: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "state": self.state.value,
            "progress": self.progress.to_json(),
            "result": dict(self.result),
            "error": None if self.error is None else self.error.to_json(),
            "revision": self.revision,
            "ahead": self.ahead,
            "cancelling": self.cancelling,
        }

    @staticmethod
    def from_json(value: Any) -> JobStatus:
        """The status that `to_json` wrote."""
        where = "job status"
        data = _mapping(value, where)
        error = data.get("error")
        return JobStatus(
            id=check_job_id(_text(data, "id", where)),
            kind=_enum(JobKind, data, "kind", where),
            state=_enum(JobState, data, "state", where),
            progress=Progress.from_json(data.get("progress", {})),
            result=dict(_mapping(data.get("result", {}), f"{where}, result")),
            error=None if error is None else ErrorInfo.from_json(error),
            revision=_integer(data, "revision", where, default=0),
            ahead=_integer(data, "ahead", where, default=0),
            cancelling=bool(data.get("cancelling", False)),
        )


@dataclass(frozen=True)
class JobUpdates:
    """Jobs that changed after the revision asked for; ask with `revision` the next time."""

    revision: int
    jobs: tuple[JobStatus, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"revision": self.revision, "jobs": [j.to_json() for j in self.jobs]}

    @staticmethod
    def from_json(value: Any) -> JobUpdates:
        """The updates that `to_json` wrote."""
        data = _mapping(value, "job updates")
        jobs = data.get("jobs")
        if not isinstance(jobs, list):
            raise AssetError("needs the list 'jobs'", where="job updates")
        return JobUpdates(
            _integer(data, "revision", "job updates"), tuple(JobStatus.from_json(j) for j in jobs)
        )


# ----------------------------------------------------------------------------------------------------
# Server


@dataclass(frozen=True)
class Identity:
    """Who answers at an address. `version` is that of the extension the server came with."""

    product: str
    version: str
    protocol: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"product": self.product, "version": self.version, "protocol": self.protocol}

    @staticmethod
    def from_json(value: Any) -> Identity:
        """The identity that `to_json` wrote."""
        data = _mapping(value, "identity")
        return Identity(
            _text(data, "product", "identity"),
            _text(data, "version", "identity"),
            _integer(data, "protocol", "identity"),
        )


@dataclass(frozen=True)
class ReadyLine:
    """The one line of JSON that the server prints on its standard output once it listens.

    token: only when the server made one itself, because none was handed to it.
    """

    host: str
    port: int
    pid: int
    identity: Identity
    token: str = ""

    @property
    def address(self) -> str:
        """``http://host:port``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        data = {
            "ready": True,
            "host": self.host,
            "port": self.port,
            "pid": self.pid,
            **self.identity.to_json(),
        }
        return {**data, "token": self.token} if self.token else data

    @staticmethod
    def from_json(value: Any) -> ReadyLine:
        """The line that `to_json` wrote."""
        where = "first line of the backend"
        data = _mapping(value, where)
        return ReadyLine(
            host=_text(data, "host", where),
            port=_integer(data, "port", where, low=1, high=65535),
            pid=_integer(data, "pid", where, low=1),
            identity=Identity.from_json(data),
            token=_text(data, "token", where, default=""),
        )


@dataclass(frozen=True)
class ServerStatus:
    """State of a running server.

    worker, worker_pid: the process that does the jobs; worker_pid is 0 while there is none.
    restarts: how often the worker had to be started again after a crash.
    local_paths: the server takes paths on its own machine (False for one that other machines can reach).
    generators: names of the ways to generate that are ready to use, best first.
    queued: jobs that wait.
    """

    identity: Identity
    worker: WorkerState
    worker_pid: int
    restarts: int
    local_paths: bool
    generators: tuple[str, ...]
    queued: int
    max_upload_bytes: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "identity": self.identity.to_json(),
            "worker": self.worker.value,
            "worker_pid": self.worker_pid,
            "restarts": self.restarts,
            "local_paths": self.local_paths,
            "generators": list(self.generators),
            "queued": self.queued,
            "max_upload_bytes": self.max_upload_bytes,
        }

    @staticmethod
    def from_json(value: Any) -> ServerStatus:
        """The status that `to_json` wrote."""
        where = "server status"
        data = _mapping(value, where)
        generators = data.get("generators", [])
        if not isinstance(generators, list) or not all(isinstance(g, str) for g in generators):
            raise AssetError("needs the list of texts 'generators'", where=where)
        return ServerStatus(
            identity=Identity.from_json(data.get("identity")),
            worker=_enum(WorkerState, data, "worker", where),
            worker_pid=_integer(data, "worker_pid", where, default=0),
            restarts=_integer(data, "restarts", where, default=0),
            local_paths=bool(data.get("local_paths", False)),
            generators=tuple(generators),
            queued=_integer(data, "queued", where, default=0),
            max_upload_bytes=_integer(data, "max_upload_bytes", where, default=MAX_UPLOAD_BYTES),
        )

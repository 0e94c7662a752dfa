# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's end: starting, watching and stopping a backend; addresses; answers of things that are no backend."""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from physx_blender.client import BackendClient, BackendProcess, JobFeed, check_identity, normalise_address
from physx_blender.client.archive import extract
from physx_blender.errors import AssetError
from physx_blender.protocol import (
    PRODUCT,
    TOKEN_VARIABLE,
    BackendError,
    Identity,
    JobKind,
    JobRequest,
    ServerState,
    advice_for_exit,
)

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "backend" / "__main__.py"
MakeBackend = Callable[..., BackendProcess]


def gone(pids: list[int], timeout: float = 10.0) -> bool:
    """All of these processes have ended (a zombie has) within the time."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def script(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# -- addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        (" http://localhost:8000/ ", "http://localhost:8000"),
        ("HTTP://Render.Example:99/v1/jobs", "http://render.example:99"),
        ("https://render.example", "https://render.example:443"),
        ("[::1]:5", "http://[::1]:5"),
    ],
)
def test_reasonable_spellings_of_an_address(text: str, expected: str) -> None:
    assert normalise_address(text) == expected


@pytest.mark.parametrize(
    "text", ["", "localhost", "ftp://x:1", "http://", "host:port", "a b:80", "x:99999", "[::1:5"]
)
def test_unreasonable_addresses(text: str) -> None:
    with pytest.raises(AssetError, match="host:port"):
        normalise_address(text)


# -- life of the process -----------------------------------------------------------------------------


def test_start_and_stop(make_backend: MakeBackend) -> None:
    process = make_backend()
    assert process.state is ServerState.STOPPED
    process.start()
    assert process.state is ServerState.STARTING
    client = process.wait_ready()
    assert process.poll() is ServerState.RUNNING
    assert client.identity().product == PRODUCT
    pids = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
    started = time.monotonic()
    process.stop()
    assert time.monotonic() - started < 3.0
    assert gone(pids)
    assert process.state is ServerState.STOPPED
    assert process.client is None
    with pytest.raises(BackendError, match="Nothing listens there"):
        client.status()
    assert process.wait_ready().status()  # and again


def test_token_is_on_no_command_line_and_in_no_log(
    make_backend: MakeBackend, idle: Callable[[BackendClient], int]
) -> None:
    process = make_backend()
    client = process.wait_ready()
    worker = psutil.Process(idle(client))
    for running in (psutil.Process(process.pid), worker):
        assert client.token not in " ".join(running.cmdline())
    assert TOKEN_VARIABLE not in worker.environ()
    assert client.token not in process.log.read_text("utf-8")


def test_proxies_are_ignored(make_backend: MakeBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert make_backend().wait_ready().identity().product == PRODUCT


def test_backend_goes_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed has no time to stop anything; server and worker must notice by themselves."""
    parent = script(
        tmp_path / "parent.py",
        "import sys, time\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from physx_blender.client import BackendProcess\n"
        f"b = BackendProcess(Path(sys.executable), Path({str(MAIN)!r}), Path({str(tmp_path / 'log')!r}))\n"
        "c = b.wait_ready()\n"
        "while not c.status().worker_pid: time.sleep(0.02)\n"
        "print(b.pid, c.status().worker_pid, flush=True)\n"
        "time.sleep(600)\n",
    )
    with subprocess.Popen([sys.executable, str(parent)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert len(pids) == 2
        assert all(alive(pid) for pid in pids)
        process.kill()
        process.wait()
    assert gone(pids, 5.0)


@pytest.mark.skipif(os.name == "nt", reason="needs a process that survives its parent with the pipe open")
def test_backend_goes_with_its_parent_even_if_the_pipe_stays_open(tmp_path: Path) -> None:
    """A grandchild that inherited the write end keeps standard input open: then the process id tells."""
    reader, writer = os.pipe()
    try:
        parent = subprocess.Popen(["sleep", "600"])
        server = subprocess.Popen(
            [sys.executable, "-B", str(MAIN), "serve", "--parent", str(parent.pid)],
            stdin=reader,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, TOKEN_VARIABLE: "t" * 32},
        )
        assert server.stdout is not None
        assert json.loads(server.stdout.readline())["port"]
        parent.kill()
        parent.wait()
        assert gone([server.pid], 8.0)
        server.wait()
        server.stdout.close()
    finally:
        os.close(reader)
        os.close(writer)


def test_server_by_hand_makes_a_token_and_stays_without_input(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != TOKEN_VARIABLE}
    with subprocess.Popen(
        [sys.executable, "-B", str(MAIN), "serve"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=tmp_path,
    ) as server:
        assert server.stdout is not None
        line = json.loads(server.stdout.readline())
        client = BackendClient(f"127.0.0.1:{line['port']}", line["token"])
        assert client.status().local_paths
        time.sleep(0.3)
        assert server.poll() is None
        server.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        assert server.wait(10) == 0


@pytest.mark.parametrize("token", ["", "short", "t" * 20 + "\n", "ü" * 20])
def test_unusable_token_is_refused(token: str) -> None:
    done = subprocess.run(
        [sys.executable, "-B", str(MAIN), "serve"],
        env={**os.environ, TOKEN_VARIABLE: token},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 5
    assert "16 printable ASCII" in done.stderr
    assert done.stdout == ""


def test_port_that_is_taken(make_backend: MakeBackend) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = make_backend("--port", str(taken.getsockname()[1]))
        with pytest.raises(BackendError, match="could not open its port") as caught:
            process.wait_ready()
    assert "Cannot listen" in caught.value.info.advice  # the last line of the log


def test_killed_backend_is_noticed_and_started_again_with_patience(
    make_backend: MakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BackendProcess, "RESTART_INTERVAL", 0.5)
    process = make_backend()
    process.wait_ready()
    started = time.monotonic()
    first = process.pid
    psutil.Process(first).kill()
    while process.poll() is ServerState.RUNNING:
        time.sleep(0.02)
    assert process.state is ServerState.FAILED
    assert process.error is not None
    assert "memory" in process.error.message
    while process.keep_running() is not ServerState.RUNNING and time.monotonic() - started < 30:
        time.sleep(0.02)
    assert process.pid not in (0, first)


def test_backend_that_always_fails_is_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BackendProcess, "RESTART_INTERVAL", 0.05)
    starts = tmp_path / "starts"
    broken = script(
        tmp_path / "broken.py",
        f"import sys\nopen({str(starts)!r}, 'a').write('x')\nprint('disk on fire', file=sys.stderr)\nsys.exit(4)\n",
    )
    process = BackendProcess(Path(sys.executable), broken, tmp_path / "log")
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        process.keep_running()
        time.sleep(0.02)
    assert starts.read_text() == "x" * BackendProcess.MOST_FAILURES
    assert process.error is not None
    assert "misses a Python package" in process.error.message
    assert "disk on fire" in process.error.advice
    process.start()  # the user insists
    while process.poll() is ServerState.STARTING:
        time.sleep(0.02)
    assert starts.read_text() == "x" * (BackendProcess.MOST_FAILURES + 1)


def test_restarts_are_not_sooner_than_the_interval(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    broken = script(tmp_path / "broken.py", f"open({str(starts)!r}, 'a').write('x')\n")
    process = BackendProcess(Path(sys.executable), broken, tmp_path / "log")
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        process.keep_running()
        time.sleep(0.02)
    assert starts.read_text() == "x"


def test_missing_interpreter(tmp_path: Path) -> None:
    process = BackendProcess(tmp_path / "no" / "python", MAIN, tmp_path / "log")
    with pytest.raises(BackendError, match="cannot be started") as caught:
        process.wait_ready()
    assert "environment" in caught.value.info.advice
    assert process.state is ServerState.FAILED


@pytest.mark.parametrize("line", ["hello", "{}", '{"port": 0}', "[1]", '{"ready": true, "host": 5}'])
def test_first_line_that_makes_no_sense(tmp_path: Path, line: str) -> None:
    other = script(tmp_path / "other.py", f"import sys\nprint({line!r}, flush=True)\nsys.stdin.read()\n")
    process = BackendProcess(Path(sys.executable), other, tmp_path / "log")
    with pytest.raises(BackendError, match="unexpected"):
        process.wait_ready()
    assert process.pid == 0


def test_backend_of_another_protocol_asks_for_an_update(tmp_path: Path) -> None:
    ready = {"host": "127.0.0.1", "port": 1, "pid": 1, "product": PRODUCT, "version": "9.9", "protocol": 99}
    other = script(
        tmp_path / "other.py", f"import sys\nprint({json.dumps(ready)!r}, flush=True)\nsys.stdin.read()\n"
    )
    process = BackendProcess(Path(sys.executable), other, tmp_path / "log")
    with pytest.raises(BackendError, match=r"9\.9.*protocol 99"):
        process.wait_ready()
    assert process.state is ServerState.UPDATE_REQUIRED
    assert process.keep_running() is ServerState.UPDATE_REQUIRED  # starting it again would not help


def test_backend_that_never_gets_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BackendProcess, "START_TIME", 0.5)
    silent = script(tmp_path / "silent.py", "import sys\nsys.stdin.read()\n")
    process = BackendProcess(Path(sys.executable), silent, tmp_path / "log")
    with pytest.raises(BackendError, match="did not start within"):
        process.wait_ready()
    assert process.pid == 0


def test_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("physx_blender.client.process.MAX_LOG_BYTES", 100)
    loud = script(tmp_path / "loud.py", "import sys\nprint('x' * 200, file=sys.stderr)\nsys.exit(1)\n")
    process = BackendProcess(Path(sys.executable), loud, tmp_path / "log.txt")
    for _ in range(3):
        process.start()
        while process.poll() is ServerState.STARTING:
            time.sleep(0.01)
    assert sorted(p.name for p in tmp_path.glob("log*")) == ["log.txt", "log.txt.old"]
    assert (tmp_path / "log.txt").stat().st_size == 201


def test_every_exit_code_has_an_advice() -> None:
    for code in (*range(-31, 0), *range(1, 256)):
        assert advice_for_exit(code).endswith(".")


# -- things that are no backend ----------------------------------------------------------------------


@contextmanager
def other_server(body: bytes, status: int = 200) -> Iterator[str]:
    """Some web server on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<html>Gradio</html>", 200),
        (b"", 200),
        (b"[]", 200),
        (b'{"product": "other", "version": "1", "protocol": 1}', 200),
        (b'{"detail": "Not Found"}', 404),
        (b"[" * 10_000, 200),
    ],
)
def test_another_server_at_the_address(body: bytes, status: int) -> None:
    with other_server(body, status) as address:
        client = BackendClient(address, "t" * 20)
        with pytest.raises(BackendError, match="not this backend"):
            client.identity()
        with pytest.raises(AssetError):
            client.submit(JobRequest(JobKind.CHECK, source="/x"))


def test_identity_check() -> None:
    check_identity(Identity(PRODUCT, "0.1", 1))
    with pytest.raises(BackendError, match="Update the older"):
        check_identity(Identity(PRODUCT, "0.1", 2))


def test_server_that_accepts_and_says_nothing() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        client = BackendClient(f"127.0.0.1:{silent.getsockname()[1]}", "t" * 20, timeout=0.3)
        started = time.monotonic()
        with pytest.raises(BackendError, match="does not answer in time"):
            client.status()
        assert time.monotonic() - started < 2.0


def test_feed_reports_a_backend_that_is_down_and_asks_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JobFeed, "INTERVAL", 0.02)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    feed = JobFeed(BackendClient(f"127.0.0.1:{port}", "t" * 20))
    try:
        time.sleep(1.0)
        news = feed.take()
    finally:
        feed.stop()
    assert news
    assert all(isinstance(n, BackendError) and n.info.code == "no_answer" for n in news)
    assert len(news) <= 7  # 0.02 s doubled each time


# -- packages that came over the network -------------------------------------------------------------


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:\\evil"])
def test_archive_that_leaves_its_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr(name, b"x")
    with pytest.raises(AssetError, match="leaves its folder"):
        extract(archive, tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("evil*"))


def test_archive_with_a_link(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr(info, "/etc/passwd")
    with pytest.raises(AssetError, match="leaves its folder"):
        extract(archive, tmp_path / "out")


def test_damaged_archive(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("a.txt", os.urandom(5000))
    data = bytearray(archive.read_bytes())
    data[2000:2100] = bytes(100)
    for broken in (bytes(data), bytes(data[:100]), b"not a zip"):
        archive.write_bytes(broken)
        with pytest.raises(AssetError, match="damaged"):
            extract(archive, tmp_path / "out")


def test_archive_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("physx_blender.client.archive.MAX_PACKAGE_FILES", 3)
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as writer:
        for k in range(4):
            writer.writestr(f"{k}.txt", b"x")
    with pytest.raises(AssetError, match="larger than any result"):
        extract(archive, tmp_path / "out")

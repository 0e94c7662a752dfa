# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job through the real server and the command line, with the shipped weights: picture in, asset out.

How well the model recognises is measured elsewhere; here counts that everything around it works, and gives the same
bytes twice.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from physx_blender.client import BackendClient, BackendProcess
from physx_blender.formats.convert import load_asset
from physx_blender.protocol import BackendError, JobKind, JobRequest, JobState

MAIN = Path(__file__).resolve().parents[2] / "backend" / "__main__.py"
MakeBackend = Callable[..., BackendProcess]


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A cut-out box with a door, as a PNG with transparency."""
    image = Image.new("RGBA", (160, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 20, 130, 180), fill=(150, 110, 70, 255))
    draw.rectangle((36, 28, 124, 172), fill=(180, 140, 90, 255))
    draw.ellipse((110, 95, 120, 105), fill=(40, 40, 40, 255))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture(scope="module")
def by_command(picture: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command line makes of the picture."""
    folder = tmp_path_factory.mktemp("generate")
    (folder / "cupboard.png").write_bytes(picture)
    done = subprocess.run(
        [
            sys.executable,
            "-B",
            str(MAIN),
            "generate",
            "cupboard.png",
            "--output",
            "out",
            "--seed",
            "5",
        ],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "confidence" in done.stdout
    return folder / "out"


def test_command_leaves_a_complete_result(by_command: Path) -> None:
    names = {p.name for p in by_command.iterdir()}
    assert {"asset.json", "cupboard.xml", "cupboard.urdf", "preview.png"} <= names
    assert len(list(by_command.glob("*.xml"))) == 1
    asset = load_asset(by_command)
    assert asset.name == "cupboard"
    assert asset.provenance.seed == 5
    assert asset.camera is not None
    preview = np.asarray(Image.open(by_command / "preview.png"))
    assert preview.shape[0] == 448


def test_server_gives_the_bytes_of_the_command(
    by_command: Path, make_backend: MakeBackend, picture: bytes, tmp_path: Path
) -> None:
    client = make_backend().wait_ready()
    assert client.status().generators == ("embedded",)
    stages: list[str] = []
    request = JobRequest(
        JobKind.GENERATE, image=client.upload(picture), output=str(tmp_path / "out"), name="cupboard", seed=5
    )
    status = client.wait(
        client.submit(request).id, progress=lambda s: stages.append(s.progress.stage), timeout=240
    )
    assert files(tmp_path / "out") == files(by_command)
    assert status.result["timings"]["total"] > 0
    assert 0 <= status.result["confidence"] <= 1
    assert len(set(stages)) >= 4


def test_remote_client_fetches_asset_and_alternatives(
    make_backend: MakeBackend, picture: bytes, tmp_path: Path
) -> None:
    served = make_backend("--host", "0.0.0.0", "--preload").wait_ready()
    client = BackendClient(served.address.replace("0.0.0.0", "127.0.0.1"), served.token)
    request = JobRequest(
        JobKind.GENERATE, image=client.upload(picture), name="../../cup board", alternatives=2
    )
    status = client.wait(client.submit(request).id, timeout=240)
    folder = client.fetch(status.id, tmp_path / "fetched")
    assert load_asset(folder).name == status.result["name"]
    assert len(status.result["alternatives"]) == 2
    pictures = [(folder / "thumbnail.png").read_bytes()]
    for name in status.result["alternatives"]:
        assert load_asset(folder / name).provenance.confidence is not None
        assert f"{name}/thumbnail.png" in status.result["files"]
        pictures.append((folder / name / "thumbnail.png").read_bytes())
    assert all(np.asarray(Image.open(io.BytesIO(p))).shape == (256, 256, 3) for p in pictures)
    assert len(set(pictures)) == 3, "there is nothing to choose between pictures that are the same"


def test_generation_is_cancelled_within_a_second(
    make_backend: MakeBackend, picture: bytes, tmp_path: Path
) -> None:
    client = make_backend("--preload").wait_ready()
    upload = client.upload(picture)
    job = client.submit(JobRequest(JobKind.GENERATE, image=upload, output=str(tmp_path / "out"))).id
    while client.job(job).progress.fraction < 0.1 and not client.job(job).state.is_final:
        time.sleep(0.005)
    asked = time.monotonic()
    client.cancel(job)
    while not client.job(job).state.is_final:
        time.sleep(0.005)
    assert time.monotonic() - asked < 1.0
    assert client.job(job).state is JobState.CANCELLED
    assert not (tmp_path / "out").exists()


def test_missing_weights_are_one_sentence(make_backend: MakeBackend, picture: bytes, tmp_path: Path) -> None:
    """Preloading them fails without a crash, and the job says what is missing."""
    client = make_backend("--weights", str(tmp_path / "none.safetensors"), "--preload").wait_ready()
    assert client.status().generators == ()
    job = client.submit(JobRequest(JobKind.GENERATE, image=client.upload(picture))).id
    with pytest.raises(BackendError, match=r"none\.safetensors") as caught:
        client.wait(job, timeout=60)
    assert caught.value.info.code == "bad_input"
    assert client.status().restarts == 0

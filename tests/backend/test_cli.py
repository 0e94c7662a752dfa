# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: outputs, exit codes, and messages without tracebacks, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.cli import COMMANDS, make_parser
from backend.commands.generate import result_folders, summary
from backend.jobs.outputs import check_output_folder, remove_leftovers, write_beside
from physx_blender import __version__
from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "backend" / "__main__.py"


def run(
    *arguments: str | Path, cwd: Path | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run the command as the installed extension would: by the path of its file, from anywhere."""
    return subprocess.run(
        [sys.executable, "-B", str(MAIN), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        cwd=cwd or Path(os.sep),
        check=False,
    )


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"physx-blender {__version__}\n")


def test_help_has_examples_for_every_command_and_hides_the_worker() -> None:
    done = run("--help")
    assert done.returncode == 0
    for word in ("generate", "convert", "check", "serve", "examples:"):
        assert word in done.stdout
    assert "worker" not in done.stdout
    parser = make_parser()
    for command in ("generate", "convert", "check", "serve"):
        with pytest.raises(SystemExit) as caught:
            parser.parse_args([command, "--help"])
        assert caught.value.code == 0


@pytest.mark.parametrize("command", ["generate", "convert", "check", "serve"])
def test_help_of_each_command_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args([command, "--help"])
    assert f"physx-blender {command}" in capsys.readouterr().out.split("examples:")[1]


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from backend.cli import make_parser; make_parser(); "
        "heavy = {'torch', 'mujoco', 'fastapi', 'numpy', 'PIL', 'trimesh'} & set(sys.modules); "
        "sys.exit(', '.join(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_commands_are_found_by_their_modules() -> None:
    assert all(name.startswith("backend.") for name in COMMANDS)
    with pytest.raises(SystemExit) as caught:
        make_parser().parse_args([])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["generate"],
        ["generate", "a.png"],
        ["generate", "a.png", "--output", "o", "--seed", "-1"],
        ["generate", "a.png", "--output", "o", "--seed", "x"],
        ["check", "a", "--fixed-base", "--free-base"],
        ["serve", "--port", "many"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "-1"],
        ["serve", "--job-time", "0"],
        ["serve", "--job-time", "nan"],
    ],
)
def test_wrong_use(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert "Traceback" not in done.stderr


def test_convert(box_mjcf: Path, tmp_path: Path) -> None:
    done = run("convert", box_mjcf.name, "--output", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "hinge" in done.stdout
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert {"asset.json", "box.xml", "box.urdf", "preview.png"} <= names
    assert load_asset(tmp_path / "out").joints[0].name == "hinge"
    first = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir() if p.is_file()}
    assert run("convert", box_mjcf, "--output", tmp_path / "again", "--quiet").stderr == ""
    assert first == {p.name: p.read_bytes() for p in (tmp_path / "again").iterdir() if p.is_file()}


def test_convert_with_options_from_a_folder_beside(box_mjcf: Path, tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    options = ("--actuators", "--ros-package", "box_pkg")
    done = run("convert", "../box.xml", "--output", "../out", *options, cwd=below)
    assert done.returncode == 0, done.stderr
    assert "<actuator>" in (tmp_path / "out" / "box.xml").read_text("utf-8")
    assert sorted(p.name for p in (tmp_path / "out").iterdir() if p.is_dir()) == ["meshes", "textures"]
    done = run("convert", "../box.xml", "--output", "../other", "--ros-package", "a/b", cwd=below)
    assert done.returncode == 1
    assert "one folder name" in done.stderr
    assert not (tmp_path / "other").exists()


def test_convert_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "tool.urdf").write_text('<robot name="tool"><link name="tool"/></robot>', encoding="utf-8")
    done = run("convert", tmp_path / "tool.urdf", "--output", tmp_path / "out", "--quiet")
    assert done.returncode == 1
    assert "tool.urdf: has no geometry" in done.stderr
    assert not (tmp_path / "out").exists()


def test_convert_does_not_write_over_its_source(box_mjcf: Path, tmp_path: Path) -> None:
    before = box_mjcf.read_bytes()
    for source in (box_mjcf, tmp_path):
        done = run("convert", source, "--output", tmp_path)
        assert done.returncode == 1
        assert "choose another folder" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == [box_mjcf.name]
    assert box_mjcf.read_bytes() == before
    assert run("convert", box_mjcf, "--output", tmp_path / "out").returncode == 0
    again = run("convert", tmp_path / "out", "--output", tmp_path / "out")  # a package is replaced whole
    assert again.returncode == 0, again.stderr


def test_check_passes_and_fails(box_mjcf: Path, tmp_path: Path) -> None:
    good = run("check", box_mjcf)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "passed" in good.stdout
    bad = tmp_path / "bad.xml"  # its lid cannot turn: a wall is in its way
    wall = '<geom name="wall" type="box" pos="0 0 .3" size=".1 .1 .05"/><body name="lid"'
    bad.write_text(box_mjcf.read_text("utf-8").replace('<body name="lid"', wall), encoding="utf-8")
    done = run("check", bad, box_mjcf, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert [r["passed"] for r in report["reports"]] == [False, True]
    assert not report["passed"]
    assert "hinge" in json.dumps(report["reports"][0])


def test_check_of_nothing_and_of_rubbish(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.xml"
    rubbish.write_text("<html></html>", encoding="utf-8")
    done = run("check", tmp_path / "none", rubbish)
    assert done.returncode == 1
    assert "does not exist" in done.stdout
    assert "rubbish.xml" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"not a picture", "is not an image"), (b"", "is empty"), (None, "does not exist")],
)
def test_generate_from_what_is_no_picture(tmp_path: Path, content: bytes | None, message: str) -> None:
    image = tmp_path / "photo.png"
    if content is not None:
        image.write_bytes(content)
    done = run("generate", image, "--output", tmp_path / "out")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_generate_goes_on_after_a_picture_that_fails(tmp_path: Path) -> None:
    for name in ("a.png", "b.jpg"):
        (tmp_path / name).write_bytes(b"no picture")
    done = run("generate", tmp_path / "a.png", tmp_path / "b.jpg", "--output", tmp_path / "out")
    assert done.returncode == 1
    assert "a.png: is not an image" in done.stderr
    assert "b.jpg: is not an image" in done.stderr
    assert "2 of 2 images failed" in done.stderr


def test_one_mask_cannot_serve_two_pictures(tmp_path: Path) -> None:
    done = run("generate", "a.png", "b.png", "--mask", "m.png", "--output", tmp_path / "out")
    assert done.returncode == 1
    assert "belongs to one image" in done.stderr


def test_mask_of_the_wrong_size(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(tmp_path / "a.png")
    Image.fromarray(np.full((20, 40), 255, np.uint8)).save(tmp_path / "m.png")
    done = run("generate", tmp_path / "a.png", "--mask", tmp_path / "m.png", "--output", tmp_path / "out")
    assert done.returncode == 1
    assert "40 x 20 pixels but the image is 40 x 40" in done.stderr


def test_several_pictures_get_folders_of_their_own() -> None:
    output = Path("out")
    assert result_folders([Path("x/a.png")], output) == [output]
    assert result_folders([Path("x/a.png"), Path("b.jpg")], output) == [output / "a", output / "b"]
    with pytest.raises(AssetError, match="same folder"):
        result_folders([Path("x/a.png"), Path("y/A.jpg")], output)


def test_output_that_is_a_file(box_mjcf: Path) -> None:
    done = run("convert", box_mjcf, "--output", box_mjcf)
    assert done.returncode == 1
    assert "is a file" in done.stderr


def test_output_folders(tmp_path: Path) -> None:
    assert check_output_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert not (tmp_path / "a").exists()
    for bad in (tmp_path / ".." / "x", Path(os.path.abspath(os.sep))):
        with pytest.raises(AssetError):
            check_output_folder(bad)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_output_folder_that_is_not_ours() -> None:
    with pytest.raises(AssetError, match="not yours"):
        check_output_folder(Path("/usr/lib/x"))


def test_write_beside_leaves_nothing_behind(tmp_path: Path) -> None:
    write_beside(tmp_path / "a.png", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]
    with pytest.raises(AssetError, match="cannot be written"):
        write_beside(tmp_path / "none" / "a.png", b"x")


def test_leftovers_of_odd_folder_names(tmp_path: Path) -> None:
    folder = tmp_path / "a[1]*?"
    (tmp_path / ".a[1]*?.00ff.part").mkdir()
    (tmp_path / ".a1.00ff.part").mkdir()
    remove_leftovers(folder)
    assert [p.name for p in tmp_path.iterdir()] == [".a1.00ff.part"]


def test_reader_that_stops_reading(box_mjcf: Path) -> None:
    """As with ``| head -1``: no complaint, and no traceback."""
    with subprocess.Popen(
        [sys.executable, "-B", str(MAIN), "check", str(box_mjcf), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(60)
    assert errors == ""


def test_low_confidence_is_said_aloud() -> None:
    result = {
        "name": "chair",
        "category": "chair",
        "folder": "out",
        "parts": ["seat"],
        "joints": {},
        "mass": 1.0,
        "timings": {"total": 1.0},
        "notes": ["the back was not seen"],
        "confidence": 0.2,
    }
    assert "LOW" in summary(result)
    assert "the back was not seen" in summary(result)
    assert "LOW" not in summary({**result, "confidence": 0.9})


def test_start_is_quick() -> None:
    best = 60.0
    for _ in range(3):
        started = time.monotonic()
        run("--version")
        best = min(best, time.monotonic() - started)
    assert best < 2.0

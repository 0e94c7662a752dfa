# SPDX-License-Identifier: GPL-3.0-or-later
"""Datasets of the procedural world: complete, repeatable, taken up where they stopped."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from backend.cli import main
from backend.embedded.categories import CATEGORIES
from backend.embedded.world.dataset import SampleKind, write_samples
from backend.embedded.world.sheet import contact_sheet
from backend.render import CameraBatch, LightBatch, pack, render, scene_of
from physx_blender.errors import AssetError
from physx_blender.formats.package import read_package
from physx_blender.formats.physx_anything import read_result_folder

SIZE = 64


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_sample_has_everything_and_its_camera_sees_its_mask(tmp_path: Path) -> None:
    assert write_samples(["door", "fan"], 1, tmp_path, SampleKind(3, SIZE)) == 2
    for name in ("door_00000", "fan_00000"):
        sample = tmp_path / name
        assert {p.name for p in sample.iterdir()} == {
            "image.png", "mask.png", "depth.npy", "camera.json", "asset", "physx_anything", "physx_mobility"
        }  # fmt: skip
        asset = read_package(sample / "asset")
        mask = np.asarray(Image.open(sample / "mask.png"))
        rgb = np.asarray(Image.open(sample / "image.png"))
        assert mask.shape == (SIZE, SIZE)
        assert not rgb[mask == 0].any()
        assert asset.camera is not None
        items = scene_of(asset, asset.current_positions())
        camera = CameraBatch.of(asset.camera, (SIZE, SIZE))
        with torch.inference_mode():
            light = LightBatch.studio(1)
            drawn = render(pack([items], "cpu"), camera, (SIZE, SIZE), light, want=("mask",))["mask"]
        seen, drawn_mask = mask > 127, drawn[0].numpy() > 0.5
        assert (seen & drawn_mask).sum() / (seen | drawn_mask).sum() > 0.9
        depth = np.load(sample / "depth.npy", allow_pickle=False)
        exact = render(pack([items], "cpu"), camera, (SIZE, SIZE), light, want=("depth",))["depth"][0].numpy()
        both = np.isfinite(depth) & np.isfinite(exact)
        assert (both == (mask == 255))[mask == 255].mean() > 0.9
        # of 2 x 2 samples the nearest counts, a quarter of a pixel away: on a steep side that is some thousandths
        assert np.median(np.abs(depth - exact)[both] / exact[both]) < 5e-3
        record = json.loads((sample / "camera.json").read_text())
        matrix = np.array(record["camera_to_asset"])
        assert matrix[:3, 3] == pytest.approx(camera.eye[0].numpy(), abs=1e-6)
        assert record["intrinsics"][0][0] == pytest.approx(float(camera.focal[0]), rel=1e-6)
        assert record["intrinsics"][1][2] == pytest.approx(float(camera.centre[0, 1]), abs=1e-6)
        read = read_result_folder(sample / "physx_anything")
        other = read[0] if isinstance(read, tuple) else read
        assert len(other.parts) == len(asset.parts)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_samples(["toaster"], 1, tmp_path / folder, SampleKind(seed, SIZE))
    a, b, c = (contents(tmp_path / folder) for folder in "abc")
    assert a == b
    assert a != c


def test_what_is_there_is_kept_and_what_is_missing_is_made(tmp_path: Path) -> None:
    write_samples(["dial"], 2, tmp_path / "whole", SampleKind(size=SIZE))
    write_samples(["dial"], 1, tmp_path / "broken", SampleKind(size=SIZE))
    (tmp_path / "broken" / ".dial_00001.part").mkdir()  # as a killed run leaves it
    (tmp_path / "broken" / ".dial_00001.part" / "mask.png").write_bytes(b"half")
    assert write_samples(["dial"], 2, tmp_path / "broken", SampleKind(size=SIZE)) == 1
    assert contents(tmp_path / "broken") == contents(tmp_path / "whole")


def test_many_workers_write_the_bytes_that_one_writes(tmp_path: Path) -> None:
    kind = SampleKind(5, SIZE, "room")
    assert write_samples(["dial", "fan"], 1, tmp_path / "one", kind) == 2
    assert write_samples(["dial", "fan"], 1, tmp_path / "two", kind, workers=2) == 2
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    with Image.open(tmp_path / "one" / "dial_00000" / "image.png") as picture:
        assert (np.asarray(picture).max(axis=2) > 0).mean() > 0.9, "a room fills the picture"


def test_the_sheet_shows_every_category(tmp_path: Path) -> None:
    target = tmp_path / "sheets" / "world.png"
    assert main(["world", "--sheet", str(target), "--quiet"]) == 0
    sheet = Image.open(io.BytesIO(target.read_bytes()))
    assert sheet.width * sheet.height >= len(CATEGORIES) * 176 * 196
    assert target.stat().st_size < 400_000
    assert target.read_bytes() == contact_sheet(0)


def test_wrong_use_is_told_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["world"]) == 1
    assert "--sheet" in capsys.readouterr().err
    assert main(["world", "--category", "rocket", "--output", str(tmp_path)]) == 1
    assert "unknown category 'rocket'" in capsys.readouterr().err
    assert main(["world", "--count", "0", "--output", str(tmp_path)]) == 1
    with pytest.raises(AssetError, match="known are bottle, box"):
        write_samples(["rocket"], 1, tmp_path)

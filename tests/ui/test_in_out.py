# SPDX-License-Identifier: GPL-3.0-or-later
"""Files and pictures in a real window: dropped, compared, swapped, pasted; Esc on a job."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import pytest

from backend.preview import thumbnail_png
from physx_blender.formats.convert import write_outputs
from physx_blender.formats.package import write_package
from physx_blender.geometry import Pose
from physx_blender.model import Camera
from physx_blender.model.provenance import NOT_IN_MY_WORLD
from tests.ui.props import sideboard
from tests.ui.window import ROOT, needs_window, run_session


@pytest.mark.slow
@needs_window
def test_in_and_out(tmp_path: Path) -> None:
    half = math.sqrt(0.5)
    camera = Camera(Pose((0.0, -4.0, 0.4), (half, half, 0.0, 0.0)), 0.6, 400, 300)
    plain = sideboard()
    # a doubtful part, and an object that the model does not know: the panel has to draw both
    parts = (replace(plain.parts[0], confidence=0.31), *plain.parts[1:])
    notes = (f"{NOT_IN_MY_WORLD}: it looks like nothing", "The object was cut out by estimate.")
    provenance = replace(plain.provenance, notes=notes)
    asset = replace(plain, camera=camera, name="sideboard", parts=parts, provenance=provenance)
    result = tmp_path / "result"
    for k, place in enumerate((result, result / "alternatives" / "1")):
        confidence = 0.8 - 0.5 * k
        write_package(replace(asset, provenance=replace(asset.provenance, confidence=confidence)), place)
        (place / "thumbnail.png").write_bytes(thumbnail_png(asset))
    files = tmp_path / "files"
    written = write_outputs(asset, files)
    order = {
        "urdf": str(written.urdf),
        "mjcf": str(written.mjcf),
        "package": str(written.package),
        "picture": str(ROOT / "examples" / "nightstand.png"),
        "result": str(result),
        "backend_python": os.environ.get("SIMREADY_BACKEND_PYTHON", ""),
    }
    report = run_session("in_out_session.py", tmp_path / "run", order, simulate_events=True)
    for kind in ("urdf", "mjcf", "package"):
        assert report[f"dropped_{kind}"] == ["sideboard"], kind
    assert report["dropped_picture"] == ["INTERFACE"], "a menu asks what the picture shall be"
    assert report["made"] == ["sideboard"]
    assert report["picture_beside"] == ["FINISHED"]
    assert report["used"] == ["sideboard", 1]
    assert report["after_undo"] == ["sideboard", 0]
    assert report["through"] == ["CAMERA", True, True]
    assert report["back"][:2] == ["PERSP", False]
    assert report["scene_camera"], "the scene's own camera is left alone"
    if report["copied"]:
        assert report["paste"] == "pasted"
        assert report["same_picture"], "to the last byte: nothing decodes it on the way"
    else:
        assert report["paste"] == "pasted" or "choose a file" in report["paste"]
    assert report["area_kept"]
    if order["backend_python"]:
        assert report["escape"] == {"error": "", "message": "Cancelled"}

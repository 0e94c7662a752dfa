# SPDX-License-Identifier: GPL-3.0-or-later
"""The second half of the demo, in the backend's environment: physics gate on the exported files, preview, figures.

    .venv/bin/python tools/demo_report.py ORDER

ORDER is the JSON file that tools/demo.py wrote; the report goes to the file it names.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from backend.gate import run_gate
from backend.images import load_image
from backend.preview import preview_png
from physx_blender.formats.package import read_package
from physx_blender.model import Asset, Joint
from physx_blender.model.inertia import asset_mass_properties, part_mass_properties


def joint_range(joint: Joint) -> str:
    """The limits as a person reads them: degrees and centimetres."""
    words = []
    if joint.angle_limits is not None:
        low, high = (math.degrees(value) for value in joint.angle_limits)
        words.append(f"{low:.0f} to {high:.0f} deg")
    if joint.travel_limits is not None:
        low, high = (100 * value for value in joint.travel_limits)
        words.append(f"{low:.1f} to {high:.1f} cm")
    return ", ".join(words) or "unlimited"


def figures(asset: Asset) -> dict[str, Any]:
    """Parts, joints and masses of the asset that came back out of the scene."""
    parts = [
        {
            "name": part.name,
            "link": part.link,
            "material": part.material.name,
            "mass": part_mass_properties(part).mass,
        }
        for part in asset.parts
    ]
    joints = [
        {"name": j.name, "kind": j.kind.value, "child": j.child, "range": joint_range(j)}
        for j in asset.joints
    ]
    points = np.concatenate([placed.mesh().vertices for part in asset.parts for placed in part.shapes])
    size = [float(extent) for extent in np.ptp(points, axis=0)]
    mass = asset_mass_properties(asset).mass
    return {
        "category": asset.category,
        "confidence": asset.provenance.confidence,
        "notes": list(asset.provenance.notes),
        "parts": parts,
        "joints": joints,
        "mass": mass,
        "size": size,
    }


def main() -> int:
    """Gate, draw and report."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = Path(order["output"])
    session = json.loads(Path(order["session"]).read_text(encoding="utf-8"))
    asset = read_package(folder)
    report = figures(asset)
    seconds: dict[str, float] = {}

    report["gates"] = []
    for name in session["exported"]:
        print(f"physics gate: {name}", flush=True)
        start = time.perf_counter()
        verdict = run_gate(folder / name, fixed_base=asset.fixed_base)
        seconds[f"gate {Path(name).suffix[1:]}"] = time.perf_counter() - start
        failures = [finding.text() for finding in verdict.errors]
        report["gates"].append({"file": name, "passed": verdict.ok, "failures": failures})

    print("preview: reference, at rest, opened", flush=True)
    start = time.perf_counter()
    (folder / "preview.png").write_bytes(preview_png(asset, load_image(Path(order["image"]))))
    seconds["preview"] = time.perf_counter() - start

    report["seconds"] = seconds
    Path(order["report"]).write_text(json.dumps(report), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

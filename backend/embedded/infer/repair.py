# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a proposal physically possible: no overlap at rest, no limit that cannot be reached, a base that stands.

A program read off a picture is right to a few per cent, and a few per cent are millimetres inside each other. What
overlaps is drawn in a little, again and again; a small fixed piece that still overlaps is left out; limits end where the
sweep of the physics gate was blocked. Every change beyond the small ones is told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from backend.gate import run_gate
from backend.gate.probe import Probe
from backend.gate.report import FileReport
from backend.gate.rest import about_joint
from backend.gate.world import CompileError, load_world
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.model import Asset, Joint, JointKind

from ..program.build import Build, collect, placed_bounds
from ..program.node import Node, Program

ROUNDS = 8
_REMOVE_AFTER = 4
_SHRINK = 0.85
_FIXTURES = frozenset({"plate", "post", "border", "bar_handle", "knob_handle", "lever_handle"})
_BODIES = frozenset({"block", "carcass", "turned"})
_BACK = 0.97  # of the way to the place where a joint was blocked
_LEAST = 1e-4  # rad or m; what moves less does not move


def repair(
    program: Program, make: Callable[[Program], Asset], cancelled: Callable[[], bool] | None = None
) -> tuple[Program, Asset, tuple[str, ...]]:
    """A program without overlaps, its asset with reachable limits and a base that stands, and what was changed."""
    program = program.copy()
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="repair-") as name:
        folder = Path(name)
        for round_ in range(ROUNDS):
            if cancelled is not None and cancelled():
                break
            build = collect(program)
            pairs = _overlaps(make(program), folder / f"rest{round_}")
            if not pairs:
                break
            touched: set[int] = set()
            for first, second, depth in pairs:
                victim = _victim(build, first, second)
                if victim is None or id(victim) in touched:
                    continue
                touched.add(id(victim))
                if _rehost(program, build, victim, first, second):
                    continue
                if round_ >= _REMOVE_AFTER and victim.kind in _FIXTURES and _remove(program, victim):
                    notes.append(
                        f"A {victim.kind.replace('_', ' ')} that overlapped its neighbour was left out."
                    )
                else:
                    _draw_in(victim, depth / program.size)
        asset = make(program)
        path = write_mjcf(asset, folder / "sweep")
        report = run_gate(path, fixed_base=asset.fixed_base).files[0]
        asset, told = _reachable(asset, report)
        notes += told
        if not asset.fixed_base and dict(report.stages).get("stands") is False:
            asset = replace(asset, fixed_base=True)
            notes.append("It does not stand by itself; its base is fastened to the world.")
    return program, asset, tuple(notes)


def _overlaps(asset: Asset, folder: Path) -> list[tuple[str, str, float]]:
    """Names of parts on links that move against each other and overlap at rest, with the depth (m), deepest first."""
    try:
        world = load_world(write_mjcf(asset, folder), fixed_base=True)
    except CompileError:
        return []
    probe = Probe(world.held)
    out, known = [], set()
    for overlap in probe.places(probe.rest):
        if about_joint(probe, overlap):
            continue
        first, second = (str(world.held.geom(g).name).split(":")[0] for g in overlap.geoms)
        if (first, second) not in known:
            known.add((first, second))
            out.append((first, second, overlap.depth))
    return out


def _victim(build: Build, first: str, second: str) -> Node | None:
    """Which of two parts' nodes gives way: never a body if the other is none; else a fixture; else the smaller."""
    owners = {part.name: (node, part) for part, node in zip(build.parts, build.node_of_part, strict=True)}
    if first not in owners or second not in owners:
        return None
    sized = []
    for node, part in (owners[first], owners[second]):
        bounds = [placed_bounds(s) for s in part.shapes]
        low, high = np.min([b[0] for b in bounds], axis=0), np.max([b[1] for b in bounds], axis=0)
        sized.append((node.kind in _BODIES, node.kind not in _FIXTURES, float(np.prod(high - low)), node))
    return min(sized, key=lambda s: s[:3])[3]


def _rehost(program: Program, build: Build, node: Node, first: str, second: str) -> bool:
    """Put a component that is buried in a body it does not sit on onto that body's face, where it is."""
    if "face" not in node.values or node.kind in ("drawer", "door", "sash"):
        return False
    owners = {part.name: owner for part, owner in zip(build.parts, build.node_of_part, strict=True)}
    other = owners[second] if owners[first] is node else owners[first]
    if other.kind not in _BODIES or other is node or id(other) not in build.places:
        return False
    old, places = build.hosts[id(node)], build.places[id(other)]
    if not places or places[0].box == old.box or places[0].link != old.link:
        return False
    a, b = old.box.face(node.values["face"]), places[0].box.face(node.values["face"])
    off = a.axes.T @ (a.origin - b.origin)
    if off[2] >= 0.0 or not _remove(program, node):  # the other face lies behind: that would not help
        return False
    v = node.values
    for low, high, shift, was, now in (
        ("u0", "u1", off[0], a.width, b.width),
        ("v0", "v1", off[1], a.height, b.height),
    ):
        for name in (low, high):
            v[name] = min(max((v[name] * was + float(shift)) / max(now, 1e-6), -0.25), 1.25)
    other.children.append(node)
    return True


def _draw_in(node: Node, depth: float) -> None:
    """Make a node a little smaller about its middle; `depth` is a share of the object's size."""
    v = node.values
    for low, high in (("u0", "u1"), ("v0", "v1"), ("x0", "x1"), ("y0", "y1"), ("z0", "z1")):
        if low in v and node.kind not in ("drawer", "door", "sash"):
            middle, half = (v[low] + v[high]) / 2, (v[high] - v[low]) / 2 * _SHRINK
            v[low], v[high] = middle - half, middle + half
    if node.kind in ("door", "sash"):
        for low, high in (("u0", "u1"), ("v0", "v1")):
            inset = min(1.2 * depth, 0.06 * (v[high] - v[low]))
            v[low], v[high] = v[low] + inset, v[high] - inset
    if node.kind == "drawer":
        v["margin"] = v["margin"] + 1.1 * depth
        v["inner"] = v["inner"] * 0.95
    if "depth" in v:
        v["depth"] = max(v["depth"] * _SHRINK, 0.002)


def _remove(program: Program, victim: Node) -> bool:
    """Take a node out of its host; it must be somebody's child or not the only node."""
    stack = [program.nodes]
    while stack:
        nodes = stack.pop()
        for k, node in enumerate(nodes):
            if node is victim:
                del nodes[k]
                return True
            stack.append(node.children)
    return False


def _reachable(asset: Asset, report: FileReport) -> tuple[Asset, list[str]]:
    """Limits cut back to what the sweep reached; a joint that cannot move at all becomes fixed; told."""
    reached = {j.name: j for j in report.joints if j.blocked_by}
    joints: list[Joint] = []
    notes = []
    for joint in asset.joints:
        seen = reached.get(joint.name)
        limits = joint.travel_limits if joint.kind is JointKind.SLIDE else joint.angle_limits
        if seen is None or limits is None or joint.kind not in (JointKind.HINGE, JointKind.SLIDE):
            joints.append(joint)
            continue
        # a little before the place where it met something
        low = limits[0] if seen.reached_low <= limits[0] + 1e-9 else min(_BACK * seen.reached_low, 0.0)
        high = limits[1] if seen.reached_high >= limits[1] - 1e-9 else max(_BACK * seen.reached_high, 0.0)
        if high - low < 0.1 * (limits[1] - limits[0]):
            notes.append(f"{joint.child} can hardly move: {seen.blocked_by} is in its way.")
        if high - low < _LEAST:
            joints.append(
                replace(joint, kind=JointKind.FIXED, angle_limits=None, travel_limits=None, position=None)
            )
            continue
        position = (min(max((joint.position or (0.0,))[0], low), high),)
        if joint.kind is JointKind.SLIDE:
            joints.append(replace(joint, travel_limits=(low, high), position=position))
        else:
            joints.append(replace(joint, angle_limits=(low, high), position=position))
    return replace(asset, joints=tuple(joints)), notes

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
from physx_blender.geometry.pose import Array
from physx_blender.model import Asset, Joint, JointKind, Part

from ..program.build import Build, collect, placed_bounds
from ..program.node import Node, Program
from .shrink import CARRIERS, SLABS, draw_in

ROUNDS = 8
_REMOVE_AFTER = 4
_CUT_AFTER = 2
_LEAST_SHARE = 0.03  # of a block's length that has to stay when it is cut back
_FIXTURES = frozenset({"plate", "post", "border", "bar_handle", "knob_handle", "lever_handle"})
_BARS = frozenset(
    {"ring", "pipe", "strut"}
)  # a fixture where it is small; the bowl of a toilet is a ring too
_SMALL = 0.05  # of the object's volume
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
            owners = {p.name: (n, p) for p, n in zip(build.parts, build.node_of_part, strict=True)}
            for first, second, depth in pairs:
                if first not in owners or second not in owners:
                    continue
                (other, wall), (victim, piece) = sorted(
                    (owners[first], owners[second]), key=lambda o: _standing(o, program)
                )
                if id(victim) in touched:
                    continue
                touched.add(id(victim))
                if _rehost(program, build, victim, other):
                    continue
                if (
                    round_ >= _CUT_AFTER
                    and victim.kind in SLABS | CARRIERS
                    and _cut_back(build, other, wall, piece)
                ):
                    notes.append("A body that filled the place of a moving part was cut back.")
                elif (
                    round_ >= _REMOVE_AFTER
                    and _is_fixture(victim, piece, program)
                    and _remove(program, victim)
                ):
                    notes.append(
                        f"A {victim.kind.replace('_', ' ')} that overlapped its neighbour was left out."
                    )
                else:
                    draw_in(victim, depth / program.size, is_front=piece.name.startswith("drawer front"))
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


def _standing(owner: tuple[Node, Part], program: Program) -> tuple[bool, bool, float]:
    """Sort key of a node and its part: what gives way comes last; bodies stay, fixtures give way, the smaller gives way."""
    node, part = owner
    low, high = _bounds(part)
    return (node.kind not in _BODIES, _is_fixture(node, part, program), -float(np.prod(high - low)))


def _is_fixture(node: Node, part: Part, program: Program) -> bool:
    """Whether the object is still the same without this fixed piece."""
    if node.kind not in _BARS:
        return node.kind in _FIXTURES
    low, high = _bounds(part)
    return float(np.prod(high - low)) < _SMALL * float(np.prod(program.box)) * program.size**3


def _bounds(part: Part) -> tuple[Array, Array]:
    """Corners (3,), (3,) of the box around a part."""
    bounds = [placed_bounds(s) for s in part.shapes]
    return np.min([b[0] for b in bounds], axis=0), np.max([b[1] for b in bounds], axis=0)


def _cut_back(build: Build, block: Node, wall: Part, piece: Part) -> bool:
    """Move the one side of a block that costs it least so that it ends where `piece` begins; False if little would stay."""
    if block.kind != "block":
        return False
    host = build.hosts[id(block)].box
    low, high = _bounds(wall)
    inner_low, inner_high = _bounds(piece)
    size = np.array(host.size)
    best: tuple[float, str, float] | None = None
    for axis, name in enumerate("xyz"):
        length = float(high[axis] - low[axis])
        for end, place, kept in (
            ("1", inner_low[axis] - build.gap, inner_low[axis] - build.gap - low[axis]),
            ("0", inner_high[axis] + build.gap, high[axis] - inner_high[axis] - build.gap),
        ):
            share = float(kept) / max(length, 1e-9)
            if best is None or share > best[0]:
                best = (share, name + end, float((place - host.low[axis]) / max(size[axis], 1e-9)))
    if best is None or best[0] < _LEAST_SHARE:
        return False
    block.values[best[1]] = best[2]
    return True


def _rehost(program: Program, build: Build, node: Node, other: Node) -> bool:
    """Put a component that is buried in a body it does not sit on onto that body's face, where it is."""
    if "face" not in node.values or node.kind in SLABS:
        return False
    if other.kind not in _BODIES or other is node or id(other) not in build.places:
        return False
    old, places = build.hosts[id(node)], build.places[id(other)]
    if not places or places[0].box == old.box or places[0].link != old.link:
        return False
    a, b = old.box.face(node.values["face"]), places[0].box.face(node.values["face"])
    off = a.axes.T @ np.subtract(a.origin, b.origin)
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

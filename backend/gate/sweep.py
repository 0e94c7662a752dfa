# SPDX-License-Identifier: GPL-3.0-or-later
"""Every joint is moved through its whole range, step by step, to see whether it hits its own body."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import mujoco
import numpy as np

from physx_blender.checks.finding import Finding, Severity

from .probe import TOLERANCE, Probe
from .structure import Bools, Floats, Structure, swept_joints

FEWEST_STEPS, MOST_STEPS = 12, 400
STEP_RELATIVE = 0.004  # of the asset's size, the arc between two steps at the farthest point
STEP_LEAST = 0.001  # m
BISECTIONS = 12
FLOOR_SLACK = 0.002  # m
REST_SLACK = 1e-3  # rad or m that rest may lie outside the limits
BALL_AXES = (
    *((math.cos(a), math.sin(a), 0.0) for a in np.linspace(0.0, 2.0 * math.pi, 8, endpoint=False)),
    (0.0, 0.0, 1.0),
    (0.0, 0.0, -1.0),
)


@dataclass
class Sweep:
    """How far one joint got.  Values are from the joint's zero, rad or m; for a ball the cone angle."""

    joint: int
    kind: str
    low: float
    high: float
    limited: bool
    reached_low: float = 0.0
    reached_high: float = 0.0
    blocked_by: str = ""
    needs: dict[int, float] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def free(self) -> bool:
        """Whether the whole range is free."""
        return not self.blocked_by


@dataclass(frozen=True)
class _Block:
    value: float
    mover: int
    obstacle: int
    depth: float


def check_sweeps(probe: Probe) -> list[Sweep]:
    """Sweep every joint that follows no other, the others at rest.

    A joint that is blocked only by another moving link (a drawer behind a door) is tried again with that link opened.
    What overlaps at rest may overlap as deep, and 1 mm deeper, along the way: `check_rest` judges the overlap itself.
    """
    return [_sweep(probe, joint) for joint in swept_joints(probe.structure)]


def joint_range(model: mujoco.MjModel, joint: int) -> tuple[float, float]:
    """Range to sweep: the limits; a full turn for a free hinge; nothing for a free slide; (0, cone) for a ball."""
    kind = model.jnt_type[joint]
    rest = float(model.qpos0[model.jnt_qposadr[joint]])
    if kind == mujoco.mjtJoint.mjJNT_BALL:
        return 0.0, float(model.jnt_range[joint, 1]) if model.jnt_limited[joint] else math.pi
    if model.jnt_limited[joint]:
        return float(model.jnt_range[joint, 0]), float(model.jnt_range[joint, 1])
    if kind == mujoco.mjtJoint.mjJNT_HINGE:
        return rest, rest + 2.0 * math.pi
    return rest, rest


def kind_name(model: mujoco.MjModel, joint: int) -> str:
    """``hinge``, ``slide`` or ``ball``."""
    return {
        int(mujoco.mjtJoint.mjJNT_HINGE): "hinge",
        int(mujoco.mjtJoint.mjJNT_SLIDE): "slide",
        int(mujoco.mjtJoint.mjJNT_BALL): "ball",
    }[int(model.jnt_type[joint])]


def _sweep(probe: Probe, joint: int) -> Sweep:
    model, structure = probe.model, probe.structure
    low, high = joint_range(model, joint)
    sweep = Sweep(joint, kind_name(model, joint), low, high, bool(model.jnt_limited[joint]))
    element = f"joint '{structure.joint_name(joint)}'"
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        sweep.findings.append(
            Finding(
                Severity.ERROR,
                "limits.inverted",
                element,
                f"has limits {low:g} to {high:g}",
                "put the lower limit first",
            )
        )
        sweep.blocked_by = "its limits"
        return sweep
    if sweep.kind == "ball":
        return _sweep_ball(probe, sweep, element)
    rest = float(model.qpos0[model.jnt_qposadr[joint]])
    if not sweep.limited and low < high and not (model.jnt_range[joint] == 0.0).all():
        # MuJoCo reads a range of (90, 0) without a word and leaves the joint unlimited
        a, b = model.jnt_range[joint]
        sweep.findings.append(
            Finding(
                Severity.ERROR,
                "limits.inverted",
                element,
                f"names limits {a:g} to {b:g} that are not in force",
                "put the lower limit first, or take the limits away",
            )
        )
        sweep.blocked_by = "its limits"
        return sweep
    if sweep.limited and not low - REST_SLACK <= rest <= high + REST_SLACK:
        scale, unit = _shown(sweep.kind)
        sweep.findings.append(
            Finding(
                Severity.ERROR,
                "limits.rest_outside",
                element,
                f"rests at {rest * scale:.1f} {unit}, outside its limits {low * scale:.1f} to {high * scale:.1f}",
                "move the limits so that rest (0) lies within",
            )
        )
    if sweep.kind == "slide" and not sweep.limited:
        sweep.findings.append(
            Finding(
                Severity.WARNING,
                "limits.none",
                element,
                "slides without limits and cannot be swept",
                "give it travel limits",
            )
        )
    start = min(max(rest, low), high)
    moved = structure.moved_bodies(joint)

    qpos = np.array(probe.rest)
    structure.set_joint(qpos, joint, start)
    allowed = probe.overlaps(qpos, 0.0)

    def go(end: float, needs: dict[int, float]) -> tuple[float, _Block | None]:
        """Move towards `end` with the joints in `needs` opened."""
        at = np.array(probe.rest)
        for other, opened in needs.items():
            structure.set_joint(at, other, opened)

        def place(value: float) -> Floats:
            structure.set_joint(at, joint, value)
            return at

        return _go(probe, place, start, end, moved, allowed, _steps(probe, sweep, abs(end - start)))

    reached = []
    for end in (low, high):
        value, block = go(end, {})
        if block is not None:
            for needs in _openings(probe, joint, moved, block):
                if go(end, needs)[1] is None:
                    value, block = end, None
                    sweep.needs |= needs
                    break
        if block is not None:
            sweep.blocked_by = structure.geom_name(block.obstacle)
            sweep.findings.append(_blocked_finding(structure, sweep, element, block))
        reached.append(value)
    sweep.reached_low, sweep.reached_high = reached
    if sweep.needs:
        names = " and ".join(f"'{structure.joint_name(j)}'" for j in sweep.needs)
        sweep.findings.append(
            Finding(
                Severity.INFO, "sweep.needs", element, f"moves through its range only when {names} is open"
            )
        )
    if sweep.free:
        _check_floor(probe, sweep, moved, element)
    return sweep


def _shown(kind: str) -> tuple[float, str]:
    return (1000.0, "mm") if kind == "slide" else (180.0 / math.pi, "degrees")


def _blocked_finding(structure: Structure, sweep: Sweep, element: str, block: _Block) -> Finding:
    scale, unit = _shown(sweep.kind)
    return Finding(
        Severity.ERROR,
        "sweep.blocked",
        element,
        f"is blocked at {block.value * scale:.1f} {unit} of {sweep.low * scale:.1f} to {sweep.high * scale:.1f}: "
        f"{structure.geom_name(block.mover)} runs into {structure.geom_name(block.obstacle)}",
        "narrow the limits, move the axis, or make room",
    )


def _reach(probe: Probe, joint: int) -> float:
    """Largest distance (m) of the moved shapes from the joint's axis or centre, at rest."""
    model = probe.model
    probe.overlaps(probe.rest)
    data = probe.data
    moved = probe.structure.moved_bodies(joint)
    geoms = np.flatnonzero(moved[probe.structure.geom_body] & (model.geom_contype != 0))
    if not len(geoms):
        return 0.0
    offset = data.geom_xpos[geoms] - data.xanchor[joint]
    if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_HINGE:
        axis = data.xaxis[joint]
        offset = offset - np.outer(offset @ axis, axis)
    return float((np.linalg.norm(offset, axis=1) + model.geom_rbound[geoms]).max())


def _steps(probe: Probe, sweep: Sweep, travel: float) -> int:
    arc = travel if sweep.kind == "slide" else travel * _reach(probe, sweep.joint)
    step = max(STEP_LEAST, STEP_RELATIVE * probe.structure.size)
    return int(np.clip(math.ceil(arc / step), FEWEST_STEPS, MOST_STEPS))


def _hit(
    probe: Probe, qpos: Floats, moved: Bools, allowed: dict[tuple[int, int], float]
) -> tuple[int, int, float] | None:
    """(mover, obstacle, depth) of the worst pair across the cut that is deeper than allowed, or None."""
    body = probe.structure.geom_body
    worst: tuple[int, int, float] | None = None
    for (a, b), depth in probe.overlaps(qpos).items():
        if moved[body[a]] == moved[body[b]]:
            continue
        over = depth - allowed.get((a, b), 0.0)
        if over > TOLERANCE and (worst is None or over > worst[2]):
            worst = (a, b, over) if moved[body[a]] else (b, a, over)
    return worst


def _go(
    probe: Probe,
    place: Callable[[float], Floats],
    start: float,
    end: float,
    moved: Bools,
    allowed: dict[tuple[int, int], float],
    steps: int,
) -> tuple[float, _Block | None]:
    """Go from `start` to `end`; return how far it got, and the first block."""
    hit = _hit(probe, place(start), moved, allowed)
    if hit is not None:  # what was opened is in the way already
        return start, _Block(start, *hit)
    free = start
    for value in np.linspace(start, end, steps + 1)[1:] if start != end else ():
        hit = _hit(probe, place(float(value)), moved, allowed)
        if hit is None:
            free = float(value)
            continue
        inside = float(value)
        for _ in range(BISECTIONS):
            middle = (free + inside) / 2.0
            now = _hit(probe, place(middle), moved, allowed)
            if now is None:
                free = middle
            else:
                inside, hit = middle, now
        return free, _Block(inside, *hit)
    return end, None


def _openings(probe: Probe, joint: int, moved: Bools, block: _Block) -> Iterator[dict[int, float]]:
    """Positions of other joints to try: of those that carry what is in the way, at either end; then all at once."""
    structure, model = probe.structure, probe.model
    own = int(model.jnt_bodyid[joint])
    obstacle = int(structure.geom_body[block.obstacle])
    widest: dict[int, float] = {}
    for other in swept_joints(structure):
        body = int(model.jnt_bodyid[other])
        if (
            moved[body]
            or structure.ancestors[own, body]
            or model.jnt_type[other] == mujoco.mjtJoint.mjJNT_BALL
        ):
            continue
        rest = float(model.qpos0[model.jnt_qposadr[other]])
        low, high = joint_range(model, other)
        values = sorted((v for v in (low, high) if v != rest), key=lambda v, rest=rest: -abs(v - rest))  # type: ignore[misc]
        if not values:
            continue
        widest[other] = values[0]
        if structure.moved_bodies(other)[obstacle]:
            for value in values:
                yield {other: value}
    if any(structure.moved_bodies(other)[obstacle] for other in widest) and len(widest) > 1:
        yield widest  # a drawer behind two doors


def _check_floor(probe: Probe, sweep: Sweep, moved: Bools, element: str) -> None:
    """Tell when the moved links reach below where the asset stands."""
    if not probe.structure.floor.any():
        return
    qpos = np.array(probe.rest)
    deepest, where = 0.0, 0.0
    for value in np.linspace(sweep.low, sweep.high, 9):
        probe.structure.set_joint(qpos, sweep.joint, float(value))
        probe.overlaps(qpos)
        depth = probe.below_floor(moved)
        if depth > deepest:
            deepest, where = depth, float(value)
    if deepest > FLOOR_SLACK:
        scale, unit = _shown(sweep.kind)
        sweep.findings.append(
            Finding(
                Severity.WARNING,
                "sweep.floor",
                element,
                f"reaches {deepest * 1000:.0f} mm below the floor at {where * scale:.1f} {unit}",
                "narrow the limits or raise it, if the object is meant to stand on a floor",
            )
        )


def _sweep_ball(probe: Probe, sweep: Sweep, element: str) -> Sweep:
    """Tilt a ball joint in eight directions, and twist it both ways, up to its cone angle."""
    model, structure, joint = probe.model, probe.structure, sweep.joint
    moved = structure.moved_bodies(joint)
    adr = int(model.jnt_qposadr[joint])
    qpos = np.array(probe.rest)
    rest = np.array(probe.rest[adr : adr + 4])
    allowed = probe.overlaps(qpos, 0.0)
    sweep.reached_high = sweep.high
    steps = _steps(probe, sweep, sweep.high)
    for axis in ball_axes(model, probe.data, joint):

        def place(angle: float, axis: Floats = axis) -> Floats:
            qpos[adr : adr + 4] = turned(rest, axis, angle)
            return qpos

        reached, block = _go(probe, place, 0.0, sweep.high, moved, allowed, steps)
        if block is not None and reached < sweep.reached_high:
            sweep.reached_high = reached
            sweep.blocked_by = structure.geom_name(block.obstacle)
            sweep.findings = [_blocked_finding(structure, sweep, element, block)]
    return sweep


def ball_axes(model: mujoco.MjModel, data: mujoco.MjData, joint: int) -> Floats:
    """(10, 3): axes, in the body's frame, that tilt the moved shapes to eight sides and twist them both ways."""
    body = int(model.jnt_bodyid[joint])
    rotation = data.xmat[body].reshape(3, 3)
    along = rotation.T @ (data.subtree_com[body] - data.xanchor[joint])
    length = float(np.linalg.norm(along))
    along = along / length if length > 1e-9 else np.array([0.0, 0.0, 1.0])
    side = np.cross(along, [1.0, 0.0, 0.0] if abs(along[0]) < 0.9 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    frame = np.stack([side, np.cross(along, side), along])
    return np.array(BALL_AXES) @ frame


def turned(rest: Floats, axis: Floats, angle: float) -> Floats:
    """Quaternion `rest` followed by a turn of `angle` (rad) about `axis` in the body's own frame."""
    turn, result = np.zeros(4), np.zeros(4)
    mujoco.mju_axisAngle2Quat(turn, axis, angle)
    mujoco.mju_mulQuat(result, rest, turn)
    return result


__all__ = ["Sweep", "ball_axes", "check_sweeps", "joint_range", "kind_name", "turned"]

# SPDX-License-Identifier: GPL-3.0-or-later
"""The asset is left alone for 3 seconds: it stands still, or its joints fall to where gravity takes them."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import mujoco
import numpy as np

from physx_blender.checks.finding import Finding, Severity

from .structure import Floats, Structure
from .world import World

DURATION = 3.0  # s
MOST_DRIFT = 0.01  # m
MOST_TILT = math.radians(5.0)
MOST_SINK = 0.002  # m
MOST_SPEED = 50.0  # rad/s or m/s; nothing an object does by itself
CALM_SPEED = 0.02  # m/s of the base at the end
LIMIT_SLACK = {"rad": 0.02, "m": 0.001}
LIMIT_SLACK_RELATIVE = 0.02
ENERGY_HEIGHT = 0.002  # m; the lift that resolving an allowed overlap may cost
ENERGY_RELATIVE = 0.05  # of the energy that has fallen, for the integrator
FELL = 0.02  # of the range; more is worth telling


@dataclass(frozen=True)
class Standing:
    """What was measured: drift of the base over the floor (m), tilt (rad), sinking (m), gain of energy (J)."""

    drift: float = math.nan
    tilt: float = math.nan
    sinking: float = math.nan
    energy_gain: float = math.nan


def check_standing(world: World) -> tuple[Standing, list[Finding]]:
    """Simulate 3 s at 2 ms from rest, as the file's base says, and judge what happened."""
    model = copy.copy(world.standing)
    model.opt.timestep = 0.002
    model.opt.enableflags |= mujoco.mjtEnableBit.mjENBL_ENERGY
    structure = Structure(model)
    data = mujoco.MjData(model)
    feet = _feet(structure)
    mujoco.mj_forward(model, data)
    roots = _free_roots(structure)
    start = {b: (np.array(data.xpos[b]), data.xmat[b].reshape(3, 3).copy()) for b in roots}
    energy0 = float(data.energy.sum())
    most = least = energy0
    fastest, fastest_dof = 0.0, 0
    for step in range(round(DURATION / model.opt.timestep)):
        mujoco.mj_step(model, data)
        if unstable(data):
            return Standing(), [_unstable(structure, data, (step + 1) * model.opt.timestep)]
        energy = float(data.energy.sum())
        most, least = max(most, energy), min(least, energy)
        if model.nv:
            dof = int(np.argmax(np.abs(data.qvel)))
            if abs(data.qvel[dof]) > fastest:
                fastest, fastest_dof = abs(float(data.qvel[dof])), dof
    findings: list[Finding] = []
    mujoco.mj_forward(model, data)
    drift = tilt = sinking = 0.0
    for body in roots:
        values = _displacement(start[body], data, body, feet)
        findings += _judge_displacement(structure, data, body, values)
        drift, tilt, sinking = (max(a, b) for a, b in zip((drift, tilt, sinking), values, strict=True))
    if fastest > MOST_SPEED:
        findings.append(_too_fast(structure, fastest, fastest_dof))
    gain = most - energy0
    weight = float(model.body_mass[_movable(structure)].sum()) * float(np.linalg.norm(model.opt.gravity))
    if gain > weight * ENERGY_HEIGHT + ENERGY_RELATIVE * (energy0 - least) + 1e-9:
        findings.append(
            Finding(
                Severity.ERROR,
                "stands.energy",
                f"file '{world.path.name}'",
                f"gains {gain:.3g} J while left alone, as if it rose by {1000 * gain / max(weight, 1e-12):.1f} mm",
                "look for shapes that overlap at rest, stiff springs away from rest, or motors that are on",
            )
        )
    findings += _judge_joints(structure, data)
    return Standing(drift, tilt, sinking, gain), findings


def unstable(data: mujoco.MjData) -> bool:
    """Whether MuJoCo met a value that is not finite, or a huge one, and started over."""
    bad = (
        mujoco.mjtWarning.mjWARN_BADQPOS,
        mujoco.mjtWarning.mjWARN_BADQVEL,
        mujoco.mjtWarning.mjWARN_BADQACC,
    )
    return any(data.warning[int(w)].number for w in bad) or not (
        np.isfinite(data.qpos).all() and np.isfinite(data.qvel).all()
    )


def _feet(structure: Structure) -> Floats:
    """(3,): middle of the footprint at rest, the point whose motion is judged."""
    boxes = structure.boxes()
    if not len(boxes):
        return np.zeros(3)
    low, high = boxes[:, :3].min(0), boxes[:, 3:].max(0)
    return np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])


def _free_roots(structure: Structure) -> list[int]:
    model = structure.model
    return [
        int(model.jnt_bodyid[j]) for j in range(model.njnt) if model.jnt_type[j] == mujoco.mjtJoint.mjJNT_FREE
    ]


def _movable(structure: Structure) -> list[int]:
    return [b for b in range(1, structure.model.nbody) if structure.group[b] != 0]


def _displacement(
    start: tuple[Floats, Floats], data: mujoco.MjData, body: int, feet: Floats
) -> tuple[float, float, float]:
    """Drift over the floor (m), tilt (rad) and sinking (m) of a body that was at `start`."""
    position, rotation = start
    turn = data.xmat[body].reshape(3, 3) @ rotation.T
    moved = turn @ (feet - position) + data.xpos[body] - feet
    angle = math.acos(min(1.0, max(-1.0, (float(np.trace(turn)) - 1.0) / 2.0)))
    return float(np.hypot(moved[0], moved[1])), angle, max(0.0, -float(moved[2]))


def _judge_displacement(
    structure: Structure, data: mujoco.MjData, body: int, values: tuple[float, float, float]
) -> list[Finding]:
    drift, tilt, sinking = values
    element = f"link '{structure.body_name(body)}'"
    findings = []
    if tilt > MOST_TILT:
        findings.append(
            Finding(
                Severity.ERROR,
                "stands.tilts",
                element,
                f"turns by {math.degrees(tilt):.1f} degrees in {DURATION:.0f} s, {math.degrees(MOST_TILT):.0f} are allowed",
                "widen its foot, lower its centre of mass, make its lowest shapes level, or fix its base",
            )
        )
    if drift > MOST_DRIFT:
        findings.append(
            Finding(
                Severity.ERROR,
                "stands.drifts",
                element,
                f"drifts by {drift * 1000:.1f} mm in {DURATION:.0f} s, {MOST_DRIFT * 1000:.0f} mm are allowed",
                "make its underside flat and level, give it friction, or fix its base",
            )
        )
    if sinking > MOST_SINK:
        findings.append(
            Finding(
                Severity.ERROR,
                "stands.sinks",
                element,
                f"comes down by {sinking * 1000:.1f} mm in {DURATION:.0f} s, {MOST_SINK * 1000:.0f} mm are allowed",
                "let it start on the floor (z = 0) or on what carries it, and give its underside a shape that collides",
            )
        )
    velocity = np.zeros(6)
    mujoco.mj_objectVelocity(structure.model, data, mujoco.mjtObj.mjOBJ_BODY, body, velocity, 0)
    speed = float(np.linalg.norm(velocity[3:]))
    if not findings and speed > CALM_SPEED:
        findings.append(
            Finding(
                Severity.ERROR,
                "stands.restless",
                element,
                f"still moves at {speed * 1000:.0f} mm/s after {DURATION:.0f} s",
                "look for overlapping shapes and for contacts on sharp edges",
            )
        )
    return findings


def _judge_joints(structure: Structure, data: mujoco.MjData) -> list[Finding]:
    model = structure.model
    findings = []
    for joint in range(model.njnt):
        slide = model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_SLIDE
        if not slide and model.jnt_type[joint] != mujoco.mjtJoint.mjJNT_HINGE:
            continue
        unit, scale, show = ("m", 1000.0, "mm") if slide else ("rad", 180.0 / math.pi, "degrees")
        value = float(data.qpos[model.jnt_qposadr[joint]])
        rest = float(model.qpos0[model.jnt_qposadr[joint]])
        element = f"joint '{structure.joint_name(joint)}'"
        if model.jnt_limited[joint]:
            low, high = (float(v) for v in model.jnt_range[joint])
            slack = LIMIT_SLACK[unit] + LIMIT_SLACK_RELATIVE * (high - low)
            over = max(low - value, value - high)
            if over > slack:
                findings.append(
                    Finding(
                        Severity.ERROR,
                        "stands.limits",
                        element,
                        f"ends {over * scale:.1f} {show} outside its limits",
                        "look for shapes that push it out, or correct limits that leave rest outside",
                    )
                )
            elif abs(value - rest) > FELL * (high - low) + 1e-4:
                findings.append(
                    Finding(
                        Severity.INFO,
                        "stands.falls",
                        element,
                        f"falls by {(value - rest) * scale:.1f} {show} under gravity",
                        "give it friction or a spring if it should stay",
                    )
                )
        elif slide and abs(value - rest) > max(1.0, structure.size):
            findings.append(
                Finding(
                    Severity.ERROR,
                    "stands.falls_away",
                    element,
                    f"has no limits and its link falls {abs(value - rest):.1f} m",
                    "give it travel limits",
                )
            )
    return findings


def _dof_joint(structure: Structure, dof: int) -> str:
    joint = int(structure.model.dof_jntid[dof])
    if structure.model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_FREE:
        return f"link '{structure.body_name(int(structure.model.jnt_bodyid[joint]))}'"
    return f"joint '{structure.joint_name(joint)}'"


def _unstable(structure: Structure, data: mujoco.MjData, time: float) -> Finding:
    info = max((int(w.lastinfo) for w in data.warning if w.number), default=0)
    dof = min(max(info, 0), structure.model.nv - 1)
    return Finding(
        Severity.ERROR,
        "stands.unstable",
        _dof_joint(structure, dof),
        f"the simulation is not finite after {time:.3f} s at 2 ms steps",
        "look for tiny masses, stiff springs, overlapping shapes or huge values there; add armature or damping",
    )


def _too_fast(structure: Structure, speed: float, dof: int) -> Finding:
    return Finding(
        Severity.ERROR,
        "stands.fast",
        _dof_joint(structure, dof),
        f"reaches {speed:.0f} rad/s or m/s while left alone",
        "add damping or armature, and look for shapes that overlap",
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Every joint is driven slowly through its range by a servo, under gravity and contact, and comes back."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass

import mujoco
import numpy as np

from physx_blender.checks.finding import Finding, Severity

from .probe import set_body_bits
from .standing import unstable
from .structure import Bools, Floats, Structure
from .sweep import Sweep, ball_axes, turned

STIFFNESS = 20.0  # rad/s: natural frequency of the critically damped servo, whatever the inertia
LEG_TIME = (0.6, 1.2)  # s, shortest and longest of one leg
SPEED = 1.5  # rad/s or m/s, on average
SETTLE_TIME = 0.25  # s
REACH_SLACK = {"rad": 0.02, "m": 0.0015}
REACH_SLACK_RELATIVE = 0.02
CALM = {"rad": 0.15, "m": 0.02}  # per second, at the end
MOST_SPEED = 50.0  # rad/s or m/s


@dataclass(frozen=True)
class Drive:
    """Largest distance from an end of the range when it should be there, and from rest at the end (rad, m)."""

    reach_error: float
    return_error: float
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Target:
    """Where the servo wants all joints to be: positions (nq,), velocities and accelerations (nv,)."""

    qpos: Floats
    qvel: Floats
    qacc: Floats
    mark: str = ""  # "end" or "rest" when the joint should have arrived


class Servo:
    """Computed torque: M (a + 2 w (v* - v) + w^2 (q* - q)) and all passive and gravity forces taken back.

    It acts on the joints only, with the inertia of what hangs on them, so that 8 cm and 2 m objects behave alike.
    """

    def __init__(self, held: mujoco.MjModel) -> None:
        self.model = model = copy.copy(held)
        self.structure = Structure(model)
        model.opt.timestep = 0.002
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_ACTUATION
        if model.opt.integrator == mujoco.mjtIntegrator.mjINT_RK4:  # has no half steps
            model.opt.integrator = mujoco.mjtIntegrator.mjINT_EULER
        model.geom_contype[self.structure.floor] = 0  # the floor is not the asset's own body
        model.geom_conaffinity[self.structure.floor] = 0
        set_body_bits(model)
        self.data = mujoco.MjData(model)
        self.driven: Bools = ~self.structure.loose[model.dof_bodyid]
        self._error = np.zeros(model.nv)
        self._force = np.zeros(model.nv)

    def step(self, target: _Target) -> bool:
        """One step of 2 ms towards the target; False when the simulation broke down."""
        model, data = self.model, self.data
        mujoco.mj_step1(model, data)
        if unstable(data):
            return False
        mujoco.mj_differentiatePos(model, self._error, 1.0, data.qpos, target.qpos)
        wish = target.qacc + 2.0 * STIFFNESS * (target.qvel - data.qvel) + STIFFNESS**2 * self._error
        wish[~self.driven] = 0.0
        mujoco.mj_mulM(model, data, self._force, wish)
        # damping is integrated implicitly, so that dt * damping acts like inertia
        self._force += model.opt.timestep * model.dof_damping * wish
        self._force += data.qfrc_bias - data.qfrc_passive + model.dof_frictionloss * np.sign(target.qvel)
        self._force[~self.driven] = 0.0
        data.qfrc_applied[:] = self._force
        mujoco.mj_step2(model, data)
        return not unstable(data) and float(np.abs(data.qvel).max(initial=0.0)) < MOST_SPEED


def check_drive(servo: Servo, sweep: Sweep) -> Drive:
    """Drive the joint of `sweep` from rest to both ends and back."""
    model, data, structure = servo.model, servo.data, servo.structure
    joint = sweep.joint
    unit = "m" if sweep.kind == "slide" else "rad"
    scale, show = (1000.0, "mm") if unit == "m" else (180.0 / math.pi, "degrees")
    element = f"joint '{structure.joint_name(joint)}'"
    slack = REACH_SLACK[unit] + REACH_SLACK_RELATIVE * (sweep.high - sweep.low)
    mujoco.mj_resetData(model, data)
    for other, value in sweep.needs.items():
        structure.set_joint(data.qpos, other, value)
    if sweep.kind != "ball":
        structure.set_joint(data.qpos, joint, _start(model, sweep))
    dof = int(model.jnt_dofadr[joint])
    width = 3 if sweep.kind == "ball" else 1
    worst = {"end": 0.0, "rest": 0.0}
    findings: list[Finding] = []
    for count, target in enumerate(_path(model, data, structure, sweep)):
        if not servo.step(target):
            return Drive(
                math.nan,
                math.nan,
                (
                    Finding(
                        Severity.ERROR,
                        "drive.unstable",
                        element,
                        f"runs wild after {count * model.opt.timestep:.2f} s of being driven slowly (2 ms steps)",
                        "look for contacts that jam, very light links, or stiff springs; add armature or damping",
                    ),
                ),
            )
        if target.mark:
            mujoco.mj_differentiatePos(model, servo._error, 1.0, data.qpos, target.qpos)
            error = float(np.linalg.norm(servo._error[dof : dof + width]))
            if error > slack and error > worst[target.mark]:
                name = "an end of its range" if target.mark == "end" else "rest"
                findings = [f for f in findings if f.code != f"drive.{target.mark}"]
                findings.append(
                    Finding(
                        Severity.ERROR,
                        f"drive.{target.mark}",
                        element,
                        f"stays {error * scale:.1f} {show} short of {name} when driven{_pressing(structure, data, joint)}",
                        "look for shapes that jam or rub, and for a spring or friction stronger than it should be",
                    )
                )
            worst[target.mark] = max(worst[target.mark], error)
    speed = float(np.linalg.norm(data.qvel[dof : dof + width]))
    if not findings and speed > CALM[unit]:
        findings.append(
            Finding(
                Severity.ERROR,
                "drive.restless",
                element,
                f"still moves at {speed * scale:.1f} {show}/s when it should be back at rest",
                "look for contacts that push it; add damping",
            )
        )
    return Drive(worst["end"], worst["rest"], tuple(findings))


def _start(model: mujoco.MjModel, sweep: Sweep) -> float:
    return min(max(float(model.qpos0[model.jnt_qposadr[sweep.joint]]), sweep.low), sweep.high)


def _path(
    model: mujoco.MjModel, data: mujoco.MjData, structure: Structure, sweep: Sweep
) -> Iterator[_Target]:
    """Targets at every 2 ms: to each end along a cosine and back, with a short rest at the end of each leg."""
    joint, dt = sweep.joint, float(model.opt.timestep)
    dof, adr = int(model.jnt_dofadr[joint]), int(model.jnt_qposadr[joint])
    qpos = np.array(data.qpos)
    still = np.zeros(model.nv)
    legs: list[tuple[float, float, Floats | None]] = []
    if sweep.kind == "ball":
        mujoco.mj_forward(model, data)
        axes = ball_axes(model, data, joint)
        for axis in axes[[0, 2, 4, 6]]:
            legs += [(0.0, sweep.high * 0.98, axis), (sweep.high * 0.98, 0.0, axis)]
    else:
        start = _start(model, sweep)
        for end in (sweep.high, sweep.low):
            if abs(end - start) > 1e-6:
                legs += [(start, end, None), (end, start, None)]
    rest = np.array(model.qpos0[adr : adr + 4]) if sweep.kind == "ball" else np.zeros(4)
    for a, b, axis in legs:
        time = min(max(abs(b - a) / SPEED, LEG_TIME[0]), LEG_TIME[1])
        steps, hold = round(time / dt), round(SETTLE_TIME / dt)
        for k in range(1, steps + hold + 1):
            s = min(k / steps, 1.0)
            value = a + (b - a) * 0.5 * (1.0 - math.cos(math.pi * s))
            rate = (b - a) * 0.5 * math.pi / time * math.sin(math.pi * s) if s < 1.0 else 0.0
            gain = (b - a) * 0.5 * (math.pi / time) ** 2 * math.cos(math.pi * s) if s < 1.0 else 0.0
            mark = "" if k < steps + hold else "rest" if b == legs[0][0] else "end"
            if s < 1.0 or k == steps:
                qpos, qvel, qacc = qpos.copy(), still.copy(), still.copy()
                if axis is None:
                    structure.set_joint(qpos, joint, value)
                    structure.set_rates(qvel, qacc, joint, value, rate, gain)
                else:
                    qpos[adr : adr + 4] = turned(rest, axis, value)
                    qvel[dof : dof + 3], qacc[dof : dof + 3] = rate * axis, gain * axis
            yield _Target(qpos, qvel, qacc, mark)


def _pressing(structure: Structure, data: mujoco.MjData, joint: int) -> str:
    """Name what presses hardest on the moved links."""
    moved = structure.moved_bodies(joint)
    force, strongest, pair = np.zeros(6), 0.0, (-1, -1)
    for k in range(data.ncon):
        a, b = (int(g) for g in data.contact.geom[k])
        if a < 0 or b < 0 or moved[structure.geom_body[a]] == moved[structure.geom_body[b]]:
            continue
        mujoco.mj_contactForce(structure.model, data, k, force)
        if force[0] > strongest:
            strongest, pair = float(force[0]), (a, b)
    if pair[0] < 0:
        return ""
    return (
        f"; {structure.geom_name(pair[0])} presses on {structure.geom_name(pair[1])} with {strongest:.2g} N"
    )

# SPDX-License-Identifier: GPL-3.0-or-later
"""Step a composed scene: time, pulls and pushes, and what to do when the numbers run away."""

from __future__ import annotations

import math
import time

import mujoco
import numpy as np
import numpy.typing as npt

from physx_blender.errors import AssetError
from physx_blender.geometry.pose import Vec3
from physx_blender.simulation import Grab, Push, StepReply, StepRequest

from .world import SimulationWorld

Array = npt.NDArray[np.float64]

GRAB_RATE = 15.0
"""rad/s of the spring of a grab, which is critically damped for what the grabbed point weighs."""
GRAB_REACH = 0.5
"""Metres of stretch beyond which a grab pulls no harder, so that a far target does not tear anything."""
MOST_WORK = 0.5
"""Seconds of calculation in one request; then the reply says how far it came, and the window stays in touch."""
MOST_NUMBERS = 200_000
"""Numbers in one reply; a long recording of a large scene comes in several."""
FASTEST = 200.0
"""m/s and rad/s (times `SPIN`) that nothing in a scene of props reaches by honest means."""
SPIN = 10.0
_WARNINGS = {
    mujoco.mjtWarning.mjWARN_CONTACTFULL: "too many contacts; some are left out (simplify collision shapes)",
    mujoco.mjtWarning.mjWARN_CNSTRFULL: "too many contacts; some are left out (simplify collision shapes)",
    mujoco.mjtWarning.mjWARN_INERTIA: "a link has next to no inertia; give its parts more mass",
}


class Simulation:
    """A scene that plays. Deterministic: the same requests give the same replies, but for the work they took."""

    def __init__(self, world: SimulationWorld) -> None:
        self.world = world
        self.model = world.model
        self.data = mujoco.MjData(world.model)
        self.data.qpos[:] = world.positions
        mujoco.mj_forward(self.model, self.data)
        self._rest = 0.0
        self._count = 0
        self._good = world.positions.copy()
        self._told: set[str] = set()

    def advance(self, request: StepRequest) -> StepReply:
        """Go on as the request says; raises AssetError for one that names what is not there."""
        begun = time.monotonic()
        if request.gravity is not None:
            self.model.opt.gravity[:] = request.gravity
        if request.push is not None:
            self._push(request.push)
        pull = None if request.grab is None else _Pull(self, request.grab)
        samples: list[tuple[float, ...]] = []
        notes: list[str] = []
        for _ in range(self._steps(request)):
            self.data.qfrc_applied[:] = 0.0
            if pull is not None:
                pull.apply()
            mujoco.mj_step(self.model, self.data)
            self._count += 1
            if self._count % self.world.steps:
                continue
            self._look(notes)
            if request.sampled or request.frames:
                samples.append(tuple(self.data.qpos.tolist()))
            if time.monotonic() - begun > MOST_WORK or len(samples) * self.model.nq > MOST_NUMBERS:
                self._rest = 0.0
                break
        self._look(notes)
        mujoco.mj_kinematics(self.model, self.data)
        return StepReply(
            self._count * float(self.model.opt.timestep),
            tuple(self.data.qpos.tolist()),
            tuple(samples),
            time.monotonic() - begun,
            None if pull is None else pull.place(),
            tuple(notes),
        )

    def body(self, number: int) -> int:
        """MuJoCo's number of a body of the layout."""
        if number >= len(self.world.body_numbers):
            raise AssetError(f"there is no body {number}", where="simulation step")
        return self.world.body_numbers[number]

    def mobility(self, body: int, point: Array) -> tuple[Array, Array]:
        """How a point (world, m) gives way: its Jacobian J (3, nv) and J M⁻¹ Jᵀ (3, 3) in 1/kg."""
        jacobian = np.zeros((3, self.model.nv))
        mujoco.mj_jac(self.model, self.data, jacobian, None, point, body)
        solved = np.zeros_like(jacobian)
        mujoco.mj_solveM(self.model, self.data, solved, jacobian)
        return jacobian, jacobian @ solved.T

    def _steps(self, request: StepRequest) -> int:
        if request.frames:
            # whole frames, from wherever between two frames it is
            return request.frames * self.world.steps - self._count % self.world.steps
        self._rest += request.seconds
        steps = math.floor(self._rest / float(self.model.opt.timestep) + 1e-9)
        self._rest = max(0.0, self._rest - steps * float(self.model.opt.timestep))
        return steps

    def _push(self, push: Push) -> None:
        """Add the velocity that an impulse at the point gives, of the size that speeds the point up as asked."""
        body = self.body(push.body)
        point = self.data.xpos[body] + self.data.xmat[body].reshape(3, 3) @ np.array(push.point)
        wanted = np.array(push.speed)
        jacobian, gives = self.mobility(body, point)
        speed = float(np.linalg.norm(wanted))
        if speed == 0.0:
            return
        along = wanted / speed
        easy = float(along @ gives @ along)
        if easy < 1e-12:
            return  # held in this direction
        force = (jacobian.T @ along) * (speed / easy)
        change = np.zeros((1, self.model.nv))
        mujoco.mj_solveM(self.model, self.data, change, force[None])
        self.data.qvel[:] += change[0]

    def _look(self, notes: list[str]) -> None:
        """Keep the last good state; return to it, at rest, when numbers have run away."""
        for kind, sentence in _WARNINGS.items():
            if self.data.warning[kind].number:
                self._tell(sentence, notes)
        speed = np.abs(self.data.qvel)
        if np.isfinite(self.data.qpos).all() and np.isfinite(speed).all() and self._slow(speed):
            self._good[:] = self.data.qpos
            return
        worst = int(np.argmax(np.where(np.isfinite(speed), speed, np.inf))) if len(speed) else 0
        joint = int(self.model.dof_jntid[worst]) if len(speed) else 0
        body = self.world.model.body(int(self.model.jnt_bodyid[joint])).name.partition("/")[2]
        self._tell(
            f"the simulation became unstable at {body!r} and was brought to rest; look for bodies that are wedged "
            "into each other, or for parts without mass",
            notes,
        )
        time_now = self.data.time
        mujoco.mj_resetData(self.model, self.data)
        self.data.time = time_now if math.isfinite(time_now) else 0.0
        self.data.qpos[:] = self._good
        mujoco.mj_forward(self.model, self.data)

    def _slow(self, speed: Array) -> bool:
        turning = np.ones(len(speed))
        kinds = self.model.jnt_type[self.model.dof_jntid]
        turning[kinds != mujoco.mjtJoint.mjJNT_SLIDE] = SPIN
        return bool((speed <= FASTEST * turning).all())

    def _tell(self, sentence: str, notes: list[str]) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            notes.append(sentence)


class _Pull:
    """A spring and damper from a point of a body to a target.

    Its stiffness follows from what the point weighs in the direction of the pull (1 / nᵀ J M⁻¹ Jᵀ n), so that a
    drawer and a wardrobe follow the hand alike, and the explicit force stays stable. Source of the idea: the
    perturbation forces of MuJoCo's viewer.
    """

    def __init__(self, simulation: Simulation, grab: Grab) -> None:
        self._simulation = simulation
        self._body = simulation.body(grab.body)
        self._local = np.array(grab.point)
        self._target = np.array(grab.target)
        self._mass = 0.0
        start = self._place()
        _, gives = simulation.mobility(self._body, start)
        easiest = float(np.linalg.eigvalsh(gives)[-1])
        stretch = self._target - start
        length = float(np.linalg.norm(stretch))
        if easiest > 1e-12:
            along = float(stretch @ gives @ stretch) / length**2 if length > 1e-9 else easiest
            # across a hinge or a rail nothing gives way; the easiest direction bounds the mass
            self._mass = 1.0 / max(along, easiest / 10.0)

    def _place(self) -> Array:
        data = self._simulation.data
        return np.asarray(data.xpos[self._body] + data.xmat[self._body].reshape(3, 3) @ self._local)

    def place(self) -> Vec3:
        """Where the grabbed point is."""
        x, y, z = self._place().tolist()
        return (x, y, z)

    def apply(self) -> None:
        """Add the force to what is applied in the next time step."""
        if self._mass == 0.0:
            return  # held fast
        model, data = self._simulation.model, self._simulation.data
        point = self._place()
        stretch = self._target - point
        length = float(np.linalg.norm(stretch))
        if length > GRAB_REACH:
            stretch *= GRAB_REACH / length
        spin = data.cvel[self._body]
        root = data.subtree_com[model.body_rootid[self._body]]
        speed = spin[3:] + np.cross(spin[:3], point - root)
        force = self._mass * (GRAB_RATE**2 * stretch - 2.0 * GRAB_RATE * speed)
        mujoco.mj_applyFT(model, data, force, np.zeros(3), point, self._body, data.qfrc_applied)

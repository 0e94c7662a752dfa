# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is who in a compiled model: rigid groups, subtrees, names, followers."""

from __future__ import annotations

from functools import cached_property

import mujoco
import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Structure:
    """Read-only view of a model.  Bodies welded together form one rigid group, named by `body_weldid`."""

    def __init__(self, model: mujoco.MjModel) -> None:
        self.model = model
        self.group: npt.NDArray[np.int32] = np.array(model.body_weldid)
        self.geom_body: npt.NDArray[np.int32] = np.array(model.geom_bodyid)
        self.geom_group = self.group[self.geom_body] if model.ngeom else np.zeros(0, np.int32)
        self.colliding: Bools = (model.geom_contype != 0) | (model.geom_conaffinity != 0)
        self.floor: Bools = (model.geom_type == mujoco.mjtGeom.mjGEOM_PLANE) & (self.geom_group == 0)

    def body_name(self, body: int) -> str:
        """Name of a body."""
        return str(self.model.body(body).name)

    def geom_name(self, geom: int) -> str:
        """The shape as a person can find it: its own name, or the link it is on."""
        if self.floor[geom]:
            return "the floor"
        body = self.body_name(int(self.geom_body[geom]))
        name = self.model.geom(geom).name
        return f"'{name}' of link '{body}'" if name else f"link '{body}'"

    def joint_name(self, joint: int) -> str:
        """Name of a joint; unnamed ones by their link."""
        name = self.model.joint(joint).name
        return str(name) if name else f"of {self.body_name(int(self.model.jnt_bodyid[joint]))}"

    @cached_property
    def ancestors(self) -> Bools:
        """(nbody, nbody): whether column is the row's body or an ancestor of it."""
        n = self.model.nbody
        table = np.zeros((n, n), bool)
        for body in range(n):
            table[body, body] = True
            if body:
                table[body] |= table[self.model.body_parentid[body]]
        return table

    @cached_property
    def solid(self) -> Bools:
        """(nbody,): rigid groups, by the index of their first body, that have a colliding shape."""
        found = np.zeros(self.model.nbody, bool)
        found[self.geom_group[self.colliding & ~self.floor]] = True
        return found

    def joints_between(self, upper: int, lower: int) -> list[int]:
        """Joints of the chain from rigid group `lower` up to `upper`, or [] when these are not neighbours.

        Groups without colliding shapes do not count: a URDF says ball and cylindrical joints through empty links.
        """
        model, found = self.model, []
        at = lower
        while at:
            found += [int(model.body_jntadr[at]) + k for k in range(int(model.body_jntnum[at]))]
            at = int(self.group[model.body_parentid[at]])
            if at == upper:
                return found
            if self.solid[at]:
                return []
        return []

    def moved_bodies(self, joint: int) -> Bools:
        """(nbody,): bodies that the joint moves, those of its followers included."""
        moved: Bools = self.ancestors[:, self.model.jnt_bodyid[joint]].copy()
        for follower, _ in self.followers.get(joint, ()):
            moved |= self.ancestors[:, self.model.jnt_bodyid[follower]]
        return moved

    @cached_property
    def followers(self) -> dict[int, tuple[tuple[int, Floats], ...]]:
        """Joints tied to a leading joint by an equality, with the polynomial: q = q0 + sum c_k (leader - q0_leader)^k."""
        model = self.model
        found: dict[int, tuple[tuple[int, Floats], ...]] = {}
        for k in range(model.neq):
            if (
                model.eq_type[k] == mujoco.mjtEq.mjEQ_JOINT
                and model.eq_active0[k]
                and model.eq_obj2id[k] >= 0
            ):
                follower, leader = int(model.eq_obj1id[k]), int(model.eq_obj2id[k])
                found[leader] = (*found.get(leader, ()), (follower, np.array(model.eq_data[k, :5])))
        return found

    @cached_property
    def loose(self) -> Bools:
        """(nbody,): bodies carried by a free joint."""
        free = np.zeros(self.model.nbody, bool)
        for joint in range(self.model.njnt):
            if self.model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_FREE:
                free |= self.ancestors[:, self.model.jnt_bodyid[joint]]
        return free

    @cached_property
    def size(self) -> float:
        """Diagonal (m) of the box around all colliding shapes but the floor, at rest; at least 1 mm."""
        boxes = self.boxes()
        if not len(boxes):
            return 1e-3
        return max(float(np.linalg.norm(boxes[:, 3:].max(0) - boxes[:, :3].min(0))), 1e-3)

    def boxes(self) -> Floats:
        """(n, 6): lower and upper corner in the world, at rest, of each colliding shape but planes."""
        model = self.model
        data = mujoco.MjData(model)
        mujoco.mj_kinematics(model, data)
        chosen = np.flatnonzero(self.colliding & (model.geom_type != mujoco.mjtGeom.mjGEOM_PLANE))
        rotation = data.geom_xmat[chosen].reshape(-1, 3, 3)
        centre = data.geom_xpos[chosen] + np.einsum("nij,nj->ni", rotation, model.geom_aabb[chosen, :3])
        half = np.einsum("nij,nj->ni", np.abs(rotation), model.geom_aabb[chosen, 3:])
        return np.concatenate([centre - half, centre + half], axis=1)

    def set_joint(self, qpos: Floats, joint: int, value: float) -> None:
        """Put a hinge or slide, and whatever follows it, at `value`."""
        model = self.model
        adr = model.jnt_qposadr
        qpos[adr[joint]] = value
        delta = value - model.qpos0[adr[joint]]
        for follower, poly in self.followers.get(joint, ()):
            qpos[adr[follower]] = model.qpos0[adr[follower]] + float(np.polyval(poly[::-1], delta))

    def set_rates(
        self, qvel: Floats, qacc: Floats, joint: int, value: float, rate: float, gain: float
    ) -> None:
        """Put velocity and acceleration of a hinge or slide at `value`, and of whatever follows it (chain rule)."""
        model = self.model
        dof = model.jnt_dofadr
        qvel[dof[joint]], qacc[dof[joint]] = rate, gain
        delta = value - model.qpos0[model.jnt_qposadr[joint]]
        for follower, poly in self.followers.get(joint, ()):
            slope = np.polyder(poly[::-1])
            first, second = float(np.polyval(slope, delta)), float(np.polyval(np.polyder(slope), delta))
            qvel[dof[follower]] = first * rate
            qacc[dof[follower]] = first * gain + second * rate**2


def swept_joints(structure: Structure) -> list[int]:
    """Joints that lead their own motion: hinges, slides and balls that follow no other."""
    following = {f for items in structure.followers.values() for f, _ in items}
    kinds = structure.model.jnt_type
    return [
        j
        for j in range(structure.model.njnt)
        if kinds[j] != mujoco.mjtJoint.mjJNT_FREE and j not in following
    ]

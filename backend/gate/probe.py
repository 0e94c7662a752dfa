# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the model in which everything collides with everything, to see what a file's filters hide."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import mujoco
import numpy as np
import numpy.typing as npt

from .structure import Bools, Floats, Structure

TOLERANCE = 0.001  # m, of interpenetration


@dataclass(frozen=True)
class Overlap:
    """Two shapes that share space: indices of the geoms, depth (m) and the place (m, world)."""

    geoms: tuple[int, int]
    depth: float
    points: tuple[tuple[float, float, float], ...]


class Probe:
    """Kinematics and collision only: set joint positions, read overlaps.

    Contact exclusions and the filter between parent and child are off; loose bodies and planes take no part.
    """

    def __init__(self, held: mujoco.MjModel) -> None:
        self.model = model = copy.copy(held)
        self.structure = structure = Structure(held)
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_FILTERPARENT
        model.exclude_signature[:] = -1
        used = (
            structure.colliding
            & (model.geom_type != mujoco.mjtGeom.mjGEOM_PLANE)
            & ~structure.loose[structure.geom_body]
        )
        model.geom_contype[:] = used
        model.geom_conaffinity[:] = used
        model.geom_margin[:] = 0.0
        model.geom_gap[:] = 0.0
        set_body_bits(model)
        self.data = mujoco.MjData(model)
        self.rest = np.array(model.qpos0)

    def overlaps(self, qpos: Floats, tolerance: float = TOLERANCE) -> dict[tuple[int, int], float]:
        """Depth (m) of each pair of geoms that overlap by more than `tolerance`, at these joint positions."""
        self._collide(qpos)
        contact = self.data.contact
        deep = np.flatnonzero(contact.dist < -tolerance)
        found: dict[tuple[int, int], float] = {}
        for k in deep:
            pair = self._pair(contact.geom[k])
            found[pair] = max(found.get(pair, 0.0), -float(contact.dist[k]))
        return found

    def places(self, qpos: Floats, tolerance: float = TOLERANCE) -> list[Overlap]:
        """The same with the points of contact that are deeper than `tolerance`, deepest pair first."""
        self._collide(qpos)
        contact = self.data.contact
        points: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
        depth: dict[tuple[int, int], float] = {}
        for k in np.flatnonzero(contact.dist < -tolerance):
            pair = self._pair(contact.geom[k])
            x, y, z = (float(v) for v in contact.pos[k])
            points.setdefault(pair, []).append((x, y, z))
            depth[pair] = max(depth.get(pair, 0.0), -float(contact.dist[k]))
        return sorted((Overlap(p, depth[p], tuple(points[p])) for p in points), key=lambda o: -o.depth)

    def below_floor(self, bodies: Bools) -> float:
        """How far (m) the shapes of these bodies reach below the floor at the positions last set, 0 if they do not."""
        model, data = self.model, self.data
        deepest = 0.0
        for geom in np.flatnonzero(bodies[self.structure.geom_body] & (model.geom_contype != 0)):
            for floor in np.flatnonzero(self.structure.floor):
                deepest = max(deepest, -mujoco.mj_geomDistance(model, data, int(floor), int(geom), 1.0, None))
        return deepest

    def _collide(self, qpos: Floats) -> None:
        self.data.qpos[:] = qpos
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_comPos(self.model, self.data)
        mujoco.mj_collision(self.model, self.data)

    @staticmethod
    def _pair(geoms: npt.NDArray[np.int32]) -> tuple[int, int]:
        a, b = int(geoms[0]), int(geoms[1])
        return (a, b) if a < b else (b, a)


def set_body_bits(model: mujoco.MjModel) -> None:
    """Bring the collision bits of the bodies, which MuJoCo keeps beside those of the geoms, up to date."""
    for body in range(model.nbody):
        first, count = int(model.body_geomadr[body]), int(model.body_geomnum[body])
        mine = slice(first, first + count) if count else slice(0, 0)
        model.body_contype[body] = np.bitwise_or.reduce(model.geom_contype[mine], initial=0)
        model.body_conaffinity[body] = np.bitwise_or.reduce(model.geom_conaffinity[mine], initial=0)

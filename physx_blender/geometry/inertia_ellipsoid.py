# SPDX-License-Identifier: GPL-3.0-or-later
"""The inertia of a body as something to look at: its principal axes, and the solid ellipsoid that has it.

A homogeneous solid ellipsoid of mass m and half axes a, b, c has the principal moment m (b² + c²) / 5 about its first
axis, and so on (Goldstein, Classical Mechanics, section 5.3); solved for the half axes,
a² = 5 (I_b + I_c - I_a) / (2 m). The triangle inequality of principal moments says that this is never negative.
"""

from __future__ import annotations

import numpy as np

from ..errors import AssetError
from .mass import MassProperties
from .pose import Array, Pose, matrix_quaternion


def principal_axes(body: MassProperties) -> tuple[Array, Array]:
    """Principal moments (3,) in kg m², ascending, and a rotation matrix (3, 3) with the principal axes as columns."""
    moments, axes = np.linalg.eigh(body.matrix)
    if np.linalg.det(axes) < 0.0:
        axes[:, 2] = -axes[:, 2]
    return moments, axes


def equivalent_ellipsoid(body: MassProperties) -> tuple[Pose, Array]:
    """Pose and half axes (3,), metres, of the solid ellipsoid with the same mass, centre and inertia.

    The half axes descend: the body is longest along the first. A half axis is 0 where the body has no extent.
    Raises AssetError for a body without mass and for an inertia that no rigid body has.
    """
    problem = body.problem() if np.any(body.matrix) else "it has no inertia"
    if problem is not None:
        raise AssetError(f"cannot be drawn as an ellipsoid: {problem}", where="inertia")
    moments, axes = principal_axes(body)
    squares = 2.5 / body.mass * (moments.sum() - 2.0 * moments)
    return Pose(body.centre, matrix_quaternion(axes)), np.sqrt(np.maximum(squares, 0.0))

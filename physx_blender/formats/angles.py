# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations as the angles of file formats."""

from __future__ import annotations

import math

import numpy as np

from ..geometry.pose import Array, Vec3


def rpy_of(rotation: Array) -> Vec3:
    """Roll, pitch, yaw (radians) with ``rotation = Rz(yaw) Ry(pitch) Rx(roll)``, as in URDF."""
    r = np.asarray(rotation, float)
    flat = math.hypot(r[0, 0], r[1, 0])
    pitch = math.atan2(-r[2, 0], flat)
    if flat < 1e-7:  # looking straight up or down, only roll - yaw counts
        return (math.atan2(-r[1, 2], r[1, 1]), pitch, 0.0)
    return (math.atan2(r[2, 1], r[2, 2]), pitch, math.atan2(r[1, 0], r[0, 0]))


def turn(axis: int, angle: float) -> Array:
    """Rotation matrix (3, 3) about the coordinate axis 0, 1 or 2."""
    c, s = math.cos(angle), math.sin(angle)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    m = np.eye(3)
    m[i, i] = m[j, j] = c
    m[i, j], m[j, i] = -s, s
    return m


def rpy_matrix(rpy: Vec3) -> Array:
    """The inverse of `rpy_of`."""
    return turn(2, rpy[2]) @ turn(1, rpy[1]) @ turn(0, rpy[0])


def euler_matrix(angles: Vec3, sequence: str) -> Array:
    """Rotation of MJCF's ``euler`` with its ``eulerseq``: lower case turns about moving axes, upper case about fixed."""
    m = np.eye(3)
    for letter, angle in zip(sequence, angles, strict=True):
        one = turn("xyz".index(letter.lower()), angle)
        m = m @ one if letter.islower() else one @ m
    return m


def ball_angles(rotation: Array) -> Vec3:
    """Angles of the three hinges x, y, z, in this order from the parent, that stand in for a ball joint.

    ``rotation = Rx(a) Ry(b) Rz(c)``; b is within a quarter turn.
    """
    roll, pitch, yaw = rpy_of(np.asarray(rotation, float).T)
    return (-roll, -pitch, -yaw)

# SPDX-License-Identifier: GPL-3.0-or-later
"""At rest nothing interpenetrates, but what is by design: a pin in its hinge."""

from __future__ import annotations

import mujoco
import numpy as np

from physx_blender.checks.finding import Finding, Severity

from .probe import TOLERANCE, Overlap, Probe
from .structure import Structure

AXIS_SLACK = 0.005  # m
AXIS_SLACK_RELATIVE = 0.02  # of the asset's size


def check_rest(held: mujoco.MjModel) -> list[Finding]:
    """Report every pair of links that move against each other and overlap by more than 1 mm at rest.

    No filter of the file hides an overlap.  It is by design, and only told, where the two links are neighbours that
    share a turning joint and overlap about its axis; anything else is an error, excluded from contact or not.
    """
    probe = Probe(held)
    worst: dict[tuple[int, int], tuple[Overlap, bool]] = {}
    for overlap in probe.places(probe.rest):
        bodies = _bodies(held, overlap)
        about = about_joint(probe, overlap)
        known = worst.get(bodies)
        if known is None or (known[1] and not about):
            worst[bodies] = (overlap, about)
    excluded = {int(s) for s in held.exclude_signature}
    findings = []
    for bodies, (overlap, about) in worst.items():
        named = (bodies[0] << 16) + bodies[1] in excluded or (bodies[1] << 16) + bodies[0] in excluded
        findings.append(_finding(probe.structure, overlap, bodies, about, named))
    return findings


def _bodies(model: mujoco.MjModel, overlap: Overlap) -> tuple[int, int]:
    a, b = (int(model.geom_bodyid[g]) for g in overlap.geoms)
    return (a, b) if a < b else (b, a)


def about_joint(probe: Probe, overlap: Overlap) -> bool:
    """Whether the two bodies share a turning joint and all deep points lie about its axis (or centre)."""
    structure, model, data = probe.structure, probe.model, probe.data
    first, second = sorted(int(structure.geom_group[g]) for g in overlap.geoms)
    reach = 2.0 * overlap.depth + AXIS_SLACK + AXIS_SLACK_RELATIVE * structure.size
    for joint in structure.joints_between(first, second):
        offset = np.array(overlap.points) - data.xanchor[joint]
        if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_HINGE:
            axis = data.xaxis[joint]
            offset = offset - np.outer(offset @ axis, axis)
        elif model.jnt_type[joint] != mujoco.mjtJoint.mjJNT_BALL:
            continue
        if np.linalg.norm(offset, axis=1).max() <= reach:
            return True
    return False


def _finding(
    structure: Structure, overlap: Overlap, bodies: tuple[int, int], about: bool, named: bool
) -> Finding:
    first, second = (structure.geom_name(g) for g in overlap.geoms)
    element = f"link '{structure.body_name(bodies[1])}'"
    message = f"{first} and {second} overlap by {overlap.depth * 1000:.1f} mm at rest"
    if about:
        return Finding(Severity.INFO, "rest.by_design", element, f"{message}, about the joint between them")
    hidden = "; the file excludes them from contact, which only hides it" if named else ""
    return Finding(
        Severity.ERROR,
        "rest.overlap",
        element,
        f"{message}, {TOLERANCE * 1000:.0f} mm is allowed{hidden}",
        "move or shrink one of them, hollow out the outer one, or put both on one link",
    )

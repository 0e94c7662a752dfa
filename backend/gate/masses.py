# SPDX-License-Identifier: GPL-3.0-or-later
"""Every moving body has mass and an inertia that a rigid body can have."""

from __future__ import annotations

import mujoco
import numpy as np

from physx_blender.checks.finding import Finding, Severity

from .structure import Structure

LEAST_MASS = 1e-6  # kg; a milligram: less is a slip of units, not a part
LEAST_INERTIA = 1e-15  # kg m^2


def check_masses(model: mujoco.MjModel) -> list[Finding]:
    """Judge every rigid group that a joint moves.

    MuJoCo itself refuses most of this when it compiles, unless the file tells it to repair silently.
    """
    structure = Structure(model)
    findings = []
    for joint in range(model.njnt):
        body = int(model.jnt_bodyid[joint])
        name = f"link '{structure.body_name(body)}'"
        rigid = np.flatnonzero(structure.group == structure.group[body])
        # several joints in a row may share their mass with what hangs on them, but what moves must weigh something
        mass = float(model.body_mass[rigid].sum())
        if not model.body_subtreemass[body] > LEAST_MASS:
            findings.append(
                Finding(
                    Severity.ERROR,
                    "mass.none",
                    name,
                    f"moves but it and all it carries weigh {model.body_subtreemass[body]:.3g} kg",
                    "give its parts a volume and a density, or set its mass",
                )
            )
        elif not mass > 0.0:
            findings.append(
                Finding(
                    Severity.ERROR,
                    "mass.none",
                    name,
                    "moves but has no mass of its own",
                    "give it a small mass and inertia",
                )
            )
        for part in rigid:
            moments = np.sort(model.body_inertia[part])
            if model.body_mass[part] <= 0.0 and not moments.any():
                continue
            if moments[0] < LEAST_INERTIA or moments[0] + moments[1] < moments[2] * (1.0 - 1e-6):
                findings.append(
                    Finding(
                        Severity.ERROR,
                        "inertia.invalid",
                        f"link '{structure.body_name(int(part))}'",
                        f"has principal moments {moments[0]:.3g}, {moments[1]:.3g}, {moments[2]:.3g} kg m^2, "
                        "which no rigid body has",
                        "let the inertia follow from the parts, or correct it",
                    )
                )
    return list(dict.fromkeys(findings))

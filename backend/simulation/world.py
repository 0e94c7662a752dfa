# SPDX-License-Identifier: GPL-3.0-or-later
"""Compose a scene of several bodies into one MuJoCo model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import PurePosixPath

import mujoco
import numpy as np
import numpy.typing as npt

from physx_blender.errors import AssetError
from physx_blender.formats.xmlsafe import Node, parse_xml_bytes
from physx_blender.simulation import SceneBody, SimulatedBody, SimulatedJoint, SimulationScene
from physx_blender.simulation.messages import Element
from physx_blender.simulation.scene import MODEL

LONGEST_STEP = 0.002
"""Seconds. MuJoCo's contacts have a time constant of 0.02 s, which wants several steps."""
ARENA_BYTES = 64 * 1024 * 1024  # room for every contact of a heap of things; only what is used is taken
FRICTION_RATIO = 10.0
"""How much harder contacts are along than across (impratio): at 1, things on a slope creep."""
GROUND = "ground"
DEEP = 0.005
"""Metres; bodies that overlap by more at the start jump apart, which is worth a remark."""
_FILES = ("mesh", "texture", "hfield", "skin")
_FORBIDDEN = ("include", "plugin", "extension", "model", "attach", "composite", "flexcomp")
_ELEMENTS = {
    mujoco.mjtJoint.mjJNT_FREE: Element.FREE,
    mujoco.mjtJoint.mjJNT_BALL: Element.BALL,
    mujoco.mjtJoint.mjJNT_SLIDE: Element.SLIDE,
    mujoco.mjtJoint.mjJNT_HINGE: Element.HINGE,
}


@dataclass(frozen=True)
class SimulationWorld:
    """The compiled scene.

    bodies: all rigid bodies of the scene, with their numbers in MuJoCo beside them.  positions: qpos to begin with.
    steps: time steps from frame to frame.
    """

    model: mujoco.MjModel
    bodies: tuple[SimulatedBody, ...]
    body_numbers: tuple[int, ...]
    joints: tuple[SimulatedJoint, ...]
    positions: npt.NDArray[np.float64]
    steps: int
    notes: tuple[str, ...]


def compose(scene: SimulationScene) -> SimulationWorld:
    """One model of the whole scene, ready to play. Raises AssetError for what MuJoCo cannot simulate."""
    steps = max(1, math.ceil(scene.interval / LONGEST_STEP - 1e-9))
    spec = mujoco.MjSpec()
    spec.memory = ARENA_BYTES
    spec.option.timestep = scene.interval / steps
    spec.option.gravity = list(scene.gravity)
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = FRICTION_RATIO
    # a reset would throw everything back to its beginning; `Simulation` does better
    spec.option.disableflags |= mujoco.mjtDisableBit.mjDSBL_AUTORESET
    if scene.ground is not None:
        spec.worldbody.add_geom(
            name=GROUND,
            type=mujoco.mjtGeom.mjGEOM_PLANE,
            size=[0.0, 0.0, 1.0],
            pos=[0.0, 0.0, scene.ground],
            friction=[scene.ground_friction, 0.005, 0.0001],
        )
    for number, body in enumerate(scene.bodies):
        _attach(spec, body, f"{number}/")
    try:
        model = spec.compile()
    except (ValueError, mujoco.FatalError) as error:
        raise AssetError(
            f"MuJoCo refuses it: {' '.join(str(error).split())}", where="simulation scene"
        ) from None
    return _described(scene, model, steps)


def _attach(spec: mujoco.MjSpec, body: SceneBody, prefix: str) -> None:
    where = f"body {body.name!r}"
    _check(parse_xml_bytes(body.files[MODEL], PurePosixPath(MODEL)), body, where)  # type: ignore[arg-type]
    try:
        child = mujoco.MjSpec.from_string(
            body.files[MODEL].decode("utf-8"),
            assets={name: data for name, data in body.files.items() if name != MODEL},
        )
        for key in list(child.keys):
            child.delete(key)
        if body.held:
            for root in child.worldbody.bodies[:1]:
                for joint in [j for j in root.joints if j.type == mujoco.mjtJoint.mjJNT_FREE]:
                    child.delete(joint)
        frame = spec.worldbody.add_frame(pos=list(body.pose.position), quat=list(body.pose.quaternion))
        spec.attach(child, prefix=prefix, frame=frame)
    except (ValueError, mujoco.FatalError) as error:
        raise AssetError(f"MuJoCo refuses it: {' '.join(str(error).split())}", where=where) from None


def _check(node: Node, body: SceneBody, where: str) -> None:
    """A model may name no file but its own: MuJoCo would look for it on this machine's disk."""
    if node.tag in _FORBIDDEN:
        raise AssetError(f"holds a <{node.tag}>, which a scene may not", where=where)
    if node.tag == "compiler" and any("dir" in key for key in node.attributes):
        raise AssetError("names folders, which a scene may not", where=where)
    for key, value in node.attributes.items():
        if key.startswith("file") and value not in body.files:
            raise AssetError(f"names the file {value!r:.100}, which was not sent", where=where)
        if key == "content_type" or (key == "plugin" and node.tag in _FILES):
            raise AssetError(f"has {key}={value!r:.100}, which a scene may not", where=where)
    for child in node.children:
        _check(child, body, where)


def _described(scene: SimulationScene, model: mujoco.MjModel, steps: int) -> SimulationWorld:
    bodies, numbers = [], []
    for k in range(1, model.nbody):
        owner, name = _owner(model.body(k).name)
        bodies.append(SimulatedBody(owner, name))
        numbers.append(k)
    positions = model.qpos0.copy()
    joints = []
    for k in range(model.njnt):
        owner, name = _owner(model.joint(k).name)
        kind = _ELEMENTS[mujoco.mjtJoint(int(model.jnt_type[k]))]
        joint = SimulatedJoint(owner, name, kind, int(model.jnt_qposadr[k]))
        joints.append(joint)
        given = scene.bodies[owner].positions.get(name)
        if given is not None:
            if len(given) != kind.size:
                raise AssetError(
                    f"needs {kind.size} numbers for the joint {name!r}, got {len(given)}",
                    where=f"body {scene.bodies[owner].name!r}",
                )
            positions[joint.span] = given
    if not np.isfinite(positions).all():
        raise AssetError("holds numbers that are not finite; correct the model", where="simulation scene")
    return SimulationWorld(
        model,
        tuple(bodies),
        tuple(numbers),
        tuple(joints),
        positions,
        steps,
        _remarks(scene, model, positions),
    )


def _owner(name: str) -> tuple[int, str]:
    number, slash, rest = name.partition("/")
    if not slash or not number.isdigit():
        raise AssetError("has a body or a joint without a name; name it", where="simulation scene")
    return int(number), rest


def _remarks(
    scene: SimulationScene, model: mujoco.MjModel, positions: npt.NDArray[np.float64]
) -> tuple[str, ...]:
    """What is odd at the start."""
    data = mujoco.MjData(model)
    data.qpos[:] = positions
    mujoco.mj_forward(model, data)
    deepest: dict[tuple[int, int], float] = {}
    for contact in data.contact[: data.ncon]:
        one, other = sorted(int(model.geom_bodyid[geom]) for geom in (contact.geom1, contact.geom2))
        deepest[one, other] = min(deepest.get((one, other), 0.0), float(contact.dist))
    return tuple(
        f"{_shown(scene, model.body(one).name)} and {_shown(scene, model.body(other).name)} overlap by "
        f"{-depth * 1000:.0f} mm at the start, and will jump apart; move them apart before"
        for (one, other), depth in deepest.items()
        if depth < -DEEP
    )


def _shown(scene: SimulationScene, body: str) -> str:
    if body == "world":
        return "the ground"
    owner, link = _owner(body)
    name = scene.bodies[owner].name
    return f"{name} ({link})"

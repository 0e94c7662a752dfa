# SPDX-License-Identifier: GPL-3.0-or-later
"""Put an MJCF or URDF file into a small MuJoCo world: a floor at z = 0, the base free or fixed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import mujoco
import numpy as np

from physx_blender.checks.finding import Finding, Severity
from physx_blender.errors import AssetError
from physx_blender.formats.xmlsafe import parse_xml

from .structure import Structure

TIME_STEP = 0.002
FLOOR_FRICTION = (
    0.5  # of a common floor; a pair takes the larger of the two, MuJoCo's own 1.0 would hide slippery feet
)
FLOOR_NAME = "gate_floor"
ARENA_BYTES = 64 * 1024 * 1024  # room for every contact that a bad asset may have; only what is used is taken
STANDS = 0.005  # m from the floor
ALL_BITS = 0x7FFFFFFF
_ELEMENT_NAME = re.compile(r"Element name '([^']*)'")


@dataclass(frozen=True)
class World:
    """One file, compiled.

    standing: as its base says, on the floor when the base is free.  held: the same with the base held fast.
    base: name of the body that is the asset's base ("" when it is the world itself).
    """

    path: Path
    format: str
    fixed_base: bool
    base: str
    standing: mujoco.MjModel
    held: mujoco.MjModel
    notes: tuple[Finding, ...] = ()


class CompileError(Exception):
    """The file does not compile; `finding` says what a person should know."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message)


def file_format(path: Path) -> str:
    """``mjcf`` or ``urdf`` by the root element; anything else is an `AssetError`.

    The file is read with the limits of `xmlsafe` first: MuJoCo itself has none, and a file nested deep enough ends it.
    """
    root = parse_xml(path)
    for tag, name in (("mujoco", "mjcf"), ("robot", "urdf")):
        if root.tag == tag:
            return name
    raise AssetError(
        f"starts with <{root.tag}>, not <mujoco> or <robot>; give an MJCF or a URDF", where=str(path)
    )


def load_world(path: Path, *, fixed_base: bool | None = None) -> World:
    """Compile the file for the gate.

    fixed_base: overrides what the file says.  A URDF that is not joined to a link "world" does not say it: then
    ``asset.json`` beside it decides, and without one an asset that stands on z = 0 is free.  Raises `CompileError`.
    """
    form = file_format(path)
    notes: list[Finding] = []
    try:
        mujoco.MjModel.from_xml_path(str(path))  # untouched, as a user will load it
        spec = mujoco.MjSpec.from_file(str(path))
        for key in list(spec.keys):
            spec.delete(key)  # their sizes would not fit once the base changes
        spec.option.timestep = TIME_STEP
        spec.memory = ARENA_BYTES
        loose: tuple[str, ...] = ()
        if form == "urdf":
            spec.compiler.fusestatic = False
            spec.compiler.discardvisual = True
            loose = _floating_children(spec)
        fixed, note = _base_is_fixed(spec, path, form, fixed_base)
        if note is not None:
            notes.append(note)
        if loose:
            spec = _with_floating_bodies(spec, loose)
        if form == "urdf":
            _exclude_neighbours(spec, through_empty=True)
        roots = spec.worldbody.bodies
        base = roots[0] if roots else None
        _set_base(base, fixed, spec)
        if not fixed and not _has_floor(spec):
            _add_floor(spec)
        standing = spec.compile()
        if fixed:
            held = standing
        else:
            _set_base(base, True, spec)
            if form == "mjcf" and not spec.option.disableflags & mujoco.mjtDisableBit.mjDSBL_FILTERPARENT:
                _exclude_neighbours(spec, through_empty=False)  # or the filter would end with the base held
            held = spec.compile()
    except (ValueError, mujoco.FatalError) as error:
        if isinstance(error, AssetError):
            raise
        raise CompileError(_explain(str(error), path)) from None
    bad = _not_finite(standing, path)
    if bad is not None:
        raise CompileError(bad)
    return World(path, form, fixed, base.name if base is not None else "", standing, held, tuple(notes))


def _base_is_fixed(
    spec: mujoco.MjSpec, path: Path, form: str, wanted: bool | None
) -> tuple[bool, Finding | None]:
    if wanted is not None:
        return wanted, None
    roots = spec.worldbody.bodies
    if form == "mjcf" or _is_rooted(path):
        # geometry straight on the world means that the base is the world
        floor_only = all(g.type == mujoco.mjtGeom.mjGEOM_PLANE for g in spec.worldbody.geoms)
        return not (roots and floor_only and any(_is_free(j) for j in roots[0].joints)), None
    package = path.parent / "asset.json"
    if package.is_file():
        try:
            said = json.loads(package.read_text(encoding="utf-8")).get("fixed_base")
        except (OSError, ValueError, AttributeError):
            said = None
        if isinstance(said, bool):
            return said, None
    boxes = Structure(spec.copy().compile()).boxes()
    stands = bool(len(boxes)) and abs(float(boxes[:, 2].min())) < STANDS
    return not stands, Finding(
        Severity.INFO,
        "base.assumed",
        f"file '{path.name}'",
        "the URDF is not joined to a link 'world', and no asset.json lies beside it; taken as "
        + ("free, since it stands on z = 0" if stands else "fixed, since it does not stand on z = 0"),
        "join it to a link 'world' with a fixed or floating joint to say which",
    )


def _is_rooted(path: Path) -> bool:
    """Whether a URDF has a link "world", which is the world itself, so that its joint says how the base is held."""
    return any(link.get("name") == "world" for link in parse_xml(path).all("link"))


def _exclude_neighbours(spec: mujoco.MjSpec, *, through_empty: bool) -> None:
    """Let neighbours, links joined by a joint, not collide with each other.

    MuJoCo's own filter does so, except against a base that is fixed.  Simulators of URDF do so always, and no URDF can
    say it: for these, `through_empty` takes links without shapes (of ball and cylindrical joints) for part of a joint.
    """
    group = {"world": "world"}  # first body of each rigid group
    upper: dict[str, str] = {}
    solid: dict[str, list[str]] = {"world": []}
    for body in spec.bodies[1:]:  # parents come first
        if not body.joints:
            first = group[body.parent.name]
        else:
            first = body.name
            if not any(_is_free(j) for j in body.joints):
                upper[first] = group[body.parent.name]
        group[body.name] = first
        members = solid.setdefault(first, [])
        if len(body.geoms):
            members.append(body.name)
    for first, above in upper.items():
        while through_empty and not solid[above] and above in upper:
            above = upper[above]
        for one in solid[first]:
            for other in solid[above]:
                spec.add_exclude(bodyname1=other, bodyname2=one)


def _is_free(joint: mujoco.MjsJoint) -> bool:
    return bool(joint.type == mujoco.mjtJoint.mjJNT_FREE)


def _set_base(base: mujoco.MjsBody | None, fixed: bool, spec: mujoco.MjSpec) -> None:
    if base is None:
        return
    free = [j for j in base.joints if _is_free(j)]
    if fixed:
        for joint in free:
            spec.delete(joint)
    elif not free:
        if base.joints:
            raise AssetError(
                "has a joint of its own to the world; its base cannot be made free",
                where=f"link '{base.name}'",
            )
        base.add_freejoint()


def _has_floor(spec: mujoco.MjSpec) -> bool:
    return any(g.type == mujoco.mjtGeom.mjGEOM_PLANE for g in spec.worldbody.geoms)


def _add_floor(spec: mujoco.MjSpec) -> None:
    """Everything is set: the file's own default class would rule otherwise."""
    spec.worldbody.add_geom(
        name=FLOOR_NAME,
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0.0, 0.0, 1.0],
        pos=[0.0, 0.0, 0.0],
        quat=[1.0, 0.0, 0.0, 0.0],
        contype=ALL_BITS,
        conaffinity=ALL_BITS,
        condim=3,
        priority=0,
        friction=[FLOOR_FRICTION, 0.005, 0.0001],
        margin=0.0,
        gap=0.0,
    )


def _floating_children(spec: mujoco.MjSpec) -> tuple[str, ...]:
    """Take the free joints off bodies below the top level, which MuJoCo refuses; returns the names of these bodies."""
    names = []
    for joint in list(spec.joints):
        if _is_free(joint) and joint.parent.parent.name != "world":
            names.append(joint.parent.name)
            spec.delete(joint)
    return tuple(names)


def _with_floating_bodies(spec: mujoco.MjSpec, names: tuple[str, ...]) -> mujoco.MjSpec:
    """The same model with these bodies on top level, where they stand at rest, each with a free joint."""
    model = spec.compile()
    data = mujoco.MjData(model)
    mujoco.mj_kinematics(model, data)
    root = ET.fromstring(spec.to_xml())
    world = root.find("worldbody")
    assert world is not None, "MuJoCo writes a worldbody"
    for name in names:
        parent, body = next((p, b) for p in world.iter() for b in p.findall("body") if b.get("name") == name)
        parent.remove(body)
        for key in ("axisangle", "euler", "xyaxes", "zaxis"):
            body.attrib.pop(key, None)
        at = model.body(name).id
        body.set("pos", " ".join(repr(float(v)) for v in data.xpos[at]))
        body.set("quat", " ".join(repr(float(v)) for v in data.xquat[at]))
        body.insert(0, ET.Element("freejoint", {"name": f"{name}_floating"}))
        world.append(body)
    moved = mujoco.MjSpec.from_string(ET.tostring(root, encoding="unicode"))
    moved.modelfiledir = spec.modelfiledir
    return moved


def _not_finite(model: mujoco.MjModel, path: Path) -> Finding | None:
    """MuJoCo compiles a file with NaN in it; name the body or shape that has one."""
    for kind, count, arrays in (
        (
            "link",
            model.nbody,
            (model.body_pos, model.body_quat, model.body_mass, model.body_inertia, model.body_ipos),
        ),
        ("joint", model.njnt, (model.jnt_axis, model.jnt_pos, model.jnt_range, model.jnt_stiffness)),
        ("shape", model.ngeom, (model.geom_pos, model.geom_quat, model.geom_size, model.geom_friction)),
        ("degree of freedom", model.nv, (model.dof_damping, model.dof_frictionloss, model.dof_armature)),
    ):
        for k in range(count):
            if not all(np.isfinite(a[k]).all() for a in arrays):
                getter = {"link": model.body, "joint": model.joint, "shape": model.geom}.get(kind)
                name = getter(k).name if getter is not None else str(k)
                return Finding(
                    Severity.ERROR,
                    "compile.not_finite",
                    f"{kind} '{name}'",
                    f"{path.name} holds a value that is not a finite number",
                    "correct the number in the file, or export the asset again",
                )
    return None


def _explain(error: str, path: Path) -> Finding:
    """Turn MuJoCo's message into a finding with a name and advice."""
    message = " ".join(error.replace("Error:", " ").split())
    match = _ELEMENT_NAME.search(error)
    element = f"element '{match[1]}'" if match else f"file '{path.name}'"
    for words, code, kind, what, advice in (
        (
            "larger than mjMINVAL",
            "mass.none",
            "link",
            "moves but has no mass",
            "give its parts a volume and a density, or set its mass and inertia",
        ),
        (
            "inertia must satisfy",
            "inertia.invalid",
            "link",
            "has an inertia that no rigid body can have (A + B >= C is broken)",
            "let the inertia follow from the parts, or correct it",
        ),
        (
            "fullinertia",
            "inertia.invalid",
            "link",
            "has an inertia matrix that is not positive definite",
            "let the inertia follow from the parts, or correct it",
        ),
        ("axis too small", "joint.axis", "joint", "has an axis of zero length", "give it a direction"),
        (
            "opening file",
            "file.missing",
            "file",
            message,
            "keep the meshes and textures folders beside the file, or export again",
        ),
    ):
        if words in error:
            name = match[1] if match else path.name
            return Finding(Severity.ERROR, code, f"{kind} '{name}'", what, advice)
    return Finding(
        Severity.ERROR,
        "compile",
        element,
        f"MuJoCo refuses {path.name}: {message}",
        "correct the file, or export it again",
    )

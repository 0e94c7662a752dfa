# SPDX-License-Identifier: GPL-3.0-or-later
"""MJCF -> Asset, without MuJoCo (this runs inside Blender too)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...errors import AssetError
from ...model import Asset, Joint, JointKind, Link, Mimic, Part, Provenance
from ..assembling import FileGeom, Names, gathered, parts_of_link
from ..layout import WORLD
from ..xmlsafe import Node
from .assets import Assets
from .bodies import BodyRead, GeomRead, JointRead, read_bodies
from .document import Document
from .notes import material_of, split

# Top sections whose content this reader takes in.
_KEPT = {"compiler", "default", "asset", "worldbody", "custom", "equality", "contact"}
# Sections that only concern the simulator's settings or its window.
_SETTINGS = {"option", "size", "statistic", "visual", "extension"}


def read_mjcf(path: Path) -> Asset:
    """Read the MJCF file at `path` with its includes, meshes and textures.

    Frames: the file's world is the asset frame and its reference configuration the rest pose. A single top body that
    has a free joint or none is the base; otherwise the world itself becomes a fixed base called "world". Several
    joints in one body become a cylindrical joint (a slide and a hinge) or a chain of links.  Link.inertial holds the
    file's values, or what MuJoCo computes from the geoms.  What an Asset cannot hold is listed in provenance.notes.

    Raises AssetError, naming file, line and remedy, for a file that MuJoCo would not load either and for what lies
    outside the model's folder.
    """
    return _Reader(Path(path)).asset()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: Counter[str] = Counter()
        self.document = Document(path)
        self.assets = Assets(self.document, self.note)
        self.bodies = read_bodies(self.document, self.assets, self.note)
        self.link_names = Names(self.note)
        self.joint_names = Names(self.note)
        self.part_names = Names(lambda text: None)  # many files name no geom at all
        self.joints: list[Joint] = []
        self.links: list[Link] = []
        self.parts: list[Part] = []
        self.joint_called: dict[str, str] = {}  # name in the file -> name here
        self.texts = self._texts()

    def note(self, text: str) -> None:
        self.notes[text] += 1

    def asset(self) -> Asset:
        world = self.bodies[0]
        top = [b for b in self.bodies[1:] if b.parent == 0]
        if not top and not world.geoms:
            raise AssetError("has no body and no geometry; there is nothing to read", where=self.path.name)
        loose = [b for b in top[1:] if not _is_free(b)]
        own_base = not world.geoms and bool(top) and not loose and (not top[0].joints or _is_free(top[0]))
        link_of: dict[int, str] = {}
        if own_base:
            base = top[0]
            fixed = not base.joints
            link_of[0] = link_of[base.index] = self._add_link(base, "base")
        else:
            base = world
            fixed = True
            link_of[0] = self._add_link(world, WORLD)
        for body in self.bodies[1:]:
            if body is base:
                continue
            link_of[body.index] = self._add_body(body, link_of[body.parent])
        self._mimics()
        self._other_sections()
        about = split(self.texts.get("asset:info", ""))
        name = self.document.root.get("model") or self.path.stem
        return Asset(
            name=Names(self.note).take(name, "asset"),
            parts=tuple(self.parts),
            links=tuple(self.links),
            joints=tuple(self.joints),
            category=about.get("category", ""),
            description=about.get("description", ""),
            fixed_base=fixed,
            provenance=Provenance(
                generator="mjcf",
                notes=gathered(self.notes),
            ),
        )

    def _texts(self) -> dict[str, str]:
        return {
            n.attributes.get("name", ""): n.attributes.get("data", "")
            for n in self.document.sections("custom")
            if n.tag == "text"
        }

    def _add_link(self, body: BodyRead, fallback: str) -> str:
        name = self.link_names.take(body.name, fallback)
        inertial = body.mass_properties if body.mass_properties.mass > 0 else None
        self.links.append(Link(name, inertial))
        geoms = [_file_geom(g) for g in body.geoms]
        for part in parts_of_link(name, geoms, self.part_names, inertial, self.note):
            self.parts.append(self._with_text(part))
        return name

    def _with_text(self, part: Part) -> Part:
        text = self.texts.get(f"part:{part.name}")
        if text is None:
            return part
        items = split(text)
        try:
            rank = int(items["affordance_rank"]) if "affordance_rank" in items else None
            mass = float(items["mass"]) if "mass" in items else None
            return replace(
                part,
                material=material_of(items, part.material),
                mass=mass,
                affordance_rank=rank,
                description=items.get("description", "")[:4000],
            )
        except (AssetError, ValueError) as error:
            self.note(f"the note on part {part.name!r} is not usable: {error}")
            return part

    def _add_body(self, body: BodyRead, parent: str) -> str:
        joints = body.joints
        name = body.name or (f"{joints[0].name}_link" if joints and joints[0].name else "")
        named = replace(body, name=name)
        if not joints:
            link = self._add_link(named, "body")
            wanted = next(
                (
                    key.removeprefix("joint:")
                    for key, text in self.texts.items()
                    if key.startswith("joint:") and split(text) == {"kind": "fixed", "child": body.name}
                ),
                f"{link}_fixed"[:60],
            )
            own = self.joint_names.take(wanted, "fixed")
            # the anchor is where the link's frame was, so that writing puts it back there
            self.joints.append(Joint(own, JointKind.FIXED, parent, link, anchor=body.pose.position))
            return link
        if _is_cylindrical(joints):
            link = self._add_link(named, "body")
            self._add_cylindrical(joints, parent, link)
            return link
        chain = []
        for k in range(len(joints) - 1):
            helper = self.link_names.take(f"{name or 'body'}_{k + 1}"[:60], "helper")
            self.links.append(Link(helper))
            chain.append(helper)
        if chain:
            self.note(f"body {name!r} has {len(joints)} joints; they are a chain of links here")
        link = self._add_link(named, "body")
        ends = [parent, *chain, link]
        for k, joint in enumerate(joints):
            self._add_joint(joint, ends[k], ends[k + 1])
        return link

    def _take(self, joint: JointRead, wanted: str, link: str) -> str:
        name = self.joint_names.take(wanted or f"{link}_joint"[:60], "joint")
        if joint.name:
            self.joint_called[joint.name] = name
        return name

    def _add_joint(self, joint: JointRead, parent: str, link: str) -> None:
        name = self._take(joint, joint.name, link)
        if joint.kind is JointKind.FREE:
            kept = split(self.texts.get(f"joint:{joint.name}", "")).get("parent")
            parent = kept if kept in {li.name for li in self.links} else parent
            self.joints.append(Joint(name, JointKind.FREE, parent, link, anchor=joint.anchor))
            return
        angle = joint.limits if joint.kind is not JointKind.SLIDE else None
        travel = joint.limits if joint.kind is JointKind.SLIDE else None
        self.joints.append(
            Joint(
                name,
                joint.kind,
                parent,
                link,
                joint.axis,
                joint.anchor,
                angle_limits=angle,
                travel_limits=travel,
                damping=joint.damping,
                friction_loss=joint.friction_loss,
                stiffness=joint.stiffness,
                armature=joint.armature,
            )
        )

    def _add_cylindrical(self, joints: tuple[JointRead, ...], parent: str, link: str) -> None:
        slide = next(j for j in joints if j.kind is JointKind.SLIDE)
        hinge = next(j for j in joints if j.kind is JointKind.HINGE)
        stem = hinge.name.removesuffix(":turn")
        name = self._take(hinge, stem, link)
        same = float(np.dot(slide.axis, hinge.axis)) > 1.0 - 1e-12
        self.joints.append(
            Joint(
                name,
                JointKind.CYLINDRICAL,
                parent,
                link,
                hinge.axis,
                hinge.anchor,
                angle_limits=hinge.limits,
                travel_limits=slide.limits,
                slide_axis=None if same else slide.axis,
                damping=hinge.damping,
                friction_loss=hinge.friction_loss,
                stiffness=hinge.stiffness,
                armature=hinge.armature,
            )
        )

    def _mimics(self) -> None:
        """<equality><joint> couplings of first order become mimics."""
        by_name = {j.name: k for k, j in enumerate(self.joints)}
        leaders: set[str] = set()
        for node in self.document.sections("equality"):
            if node.tag != "joint":
                self.note(f"<equality> {node.tag} is not kept")
                continue
            poly = node.numbers("polycoef") or (0.0, 1.0)
            first = self.joint_called.get(node.get("joint1") or "")
            second = self.joint_called.get(node.get("joint2") or "")
            follower = self.joints[by_name[first]] if first in by_name else None
            leader = self.joints[by_name[second]] if second in by_name else None
            what = f"the coupling of joint {node.get('joint1')!r}"
            if follower is None or leader is None or not node.flag("active", True) or any(poly[2:]):
                self.note(f"{what} is not kept: only active, linear couplings of two joints are")
            elif (
                follower.kind is not leader.kind
                or follower.kind not in (JointKind.HINGE, JointKind.SLIDE)
                or follower.mimic is not None
                or leader.mimic is not None
                or follower.name in leaders
                or follower is leader
            ):
                self.note(
                    f"{what} is not kept: it joins two kinds of joint, or joints that are coupled already"
                )
            else:
                leaders.add(leader.name)
                mimic = Mimic(leader.name, poly[1] if len(poly) > 1 else 0.0, poly[0])
                self.joints[by_name[follower.name]] = replace(follower, mimic=mimic)

    def _other_sections(self) -> None:
        for section in self.document.root.children:
            if section.tag in _SETTINGS:
                continue
            if section.tag not in _KEPT:
                count = Counter(c.tag for c in section.children)
                detail = ", ".join(f"{n} {tag}" for tag, n in count.items())
                self.note(f"<{section.tag}> is not kept" + (f": {detail}" if detail else ""))
            elif section.tag == "contact":
                self._contacts(section)

    def _contacts(self, section: Node) -> None:
        count = Counter(c.tag for c in section.children)
        if count["exclude"] and not all(":" in (c.get("name") or "") for c in section.all("exclude")):
            self.note(
                f"{count['exclude']} contact exclusions are not kept; writing makes those that rest contact needs"
            )
        if count["pair"]:
            self.note(f"{count['pair']} contact pairs are not kept")


def _is_free(body: BodyRead) -> bool:
    return len(body.joints) == 1 and body.joints[0].kind is JointKind.FREE


def _is_cylindrical(joints: tuple[JointRead, ...]) -> bool:
    """A slide and a hinge that are one joint: named so by our rule, or along one line and alike in all else."""
    if len(joints) != 2 or {j.kind for j in joints} != {JointKind.SLIDE, JointKind.HINGE}:
        return False
    first, second = joints
    if (
        first.kind is JointKind.SLIDE
        and first.name.removesuffix(":slide") == second.name.removesuffix(":turn") != ""
    ):
        return True
    dynamics = [(j.damping, j.friction_loss, j.stiffness, j.armature) for j in joints]
    return dynamics[0] == dynamics[1] and abs(float(np.dot(first.axis, second.axis))) > 1.0 - 1e-12


def _file_geom(geom: GeomRead) -> FileGeom:
    return FileGeom(
        geom.name,
        geom.placed,
        geom.visible,
        geom.collides,
        geom.colour,
        geom.texture,
        geom.friction,
        geom.hint,
    )

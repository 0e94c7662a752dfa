# SPDX-License-Identifier: GPL-3.0-or-later
"""How one link moves against another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from ..errors import AssetError
from ..geometry.pose import Pose, Quat, Vec3, axis_angle_matrix, quaternion_matrix, unit, vec3
from .names import check_name
from .numbers import number, pair


class JointKind(str, Enum):
    """Kinds of joint; `cylindrical` slides along and turns about, `free` floats."""

    FIXED = "fixed"
    HINGE = "hinge"
    SLIDE = "slide"
    BALL = "ball"
    CYLINDRICAL = "cylindrical"
    FREE = "free"


POSITION_SIZE = {
    JointKind.FIXED: 0,
    JointKind.HINGE: 1,
    JointKind.SLIDE: 1,
    JointKind.CYLINDRICAL: 2,
    JointKind.BALL: 4,
    JointKind.FREE: 7,
}
REST_POSITION: dict[JointKind, tuple[float, ...]] = {
    JointKind.FIXED: (),
    JointKind.HINGE: (0.0,),
    JointKind.SLIDE: (0.0,),
    JointKind.CYLINDRICAL: (0.0, 0.0),
    JointKind.BALL: (1.0, 0.0, 0.0, 0.0),
    JointKind.FREE: (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0),
}
MAX_TRAVEL = 1000.0
MAX_ANGLE = 1000.0 * math.pi


@dataclass(frozen=True)
class Mimic:
    """This joint follows another: position = multiplier * position of `joint` + offset (rad or m)."""

    joint: str
    multiplier: float = 1.0
    offset: float = 0.0

    def __post_init__(self) -> None:
        check_name(self.joint, "mimic joint")
        number(self.multiplier, f"mimic of {self.joint!r}", "multiplier")
        number(self.offset, f"mimic of {self.joint!r}", "offset")


@dataclass(frozen=True)
class Joint:
    """A joint from `parent` to `child`; axis and anchor are in the asset frame at rest.

    axis: unit direction of a hinge, slide or cylindrical joint (ignored by the others).
    slide_axis: direction of the sliding of a cylindrical joint; None means along `axis`.
    anchor: a point (metres) on the hinge line, the centre of a ball.
    angle_limits: (low, high) radians from rest for hinge and cylindrical; for a ball (0, largest cone angle); None = free.
    travel_limits: (low, high) metres from rest for slide and cylindrical; None = free.
    position: now; hinge (angle,), slide (travel,), cylindrical (angle, travel), ball (w, x, y, z),
        free (x, y, z, w, x, y, z), fixed ().
    damping: N m s/rad or N s/m.  friction_loss: N m or N.  stiffness: spring to rest, N m/rad or N/m.
    armature: rotor inertia, kg m^2 or kg.

    Motion of the child, seen from the parent at rest: turn about the anchored axis by `angle`, then move by `travel`
    along the slide axis (which does not turn with the hinge).
    """

    name: str
    kind: JointKind
    parent: str
    child: str
    axis: Vec3 = (0.0, 0.0, 1.0)
    anchor: Vec3 = (0.0, 0.0, 0.0)
    angle_limits: tuple[float, float] | None = None
    travel_limits: tuple[float, float] | None = None
    slide_axis: Vec3 | None = None
    position: tuple[float, ...] | None = None
    damping: float = 0.0
    friction_loss: float = 0.0
    stiffness: float = 0.0
    armature: float = 0.0
    mimic: Mimic | None = None

    def __post_init__(self) -> None:
        where = f"joint {self.name!r}"
        put = object.__setattr__
        check_name(self.name, where)
        check_name(self.parent, f"{where}, parent link")
        check_name(self.child, f"{where}, child link")
        if self.parent == self.child:
            raise AssetError(f"joins link {self.child!r} to itself", where=where)
        try:
            put(self, "kind", JointKind(self.kind))
        except ValueError:
            kinds = ", ".join(k.value for k in JointKind)
            raise AssetError(f"kind {self.kind!r} is not one of {kinds}", where=where) from None
        put(self, "axis", unit(self.axis, f"{where}, axis"))
        put(self, "anchor", vec3(self.anchor, f"{where}, anchor"))
        if self.slide_axis is not None:
            if self.kind is not JointKind.CYLINDRICAL:
                raise AssetError("only a cylindrical joint has a slide axis of its own", where=where)
            put(self, "slide_axis", unit(self.slide_axis, f"{where}, slide axis"))
        self._check_limits(where)
        position = REST_POSITION[self.kind] if self.position is None else self.position
        try:
            position = tuple(float(v) for v in position)
        except (TypeError, ValueError):
            raise AssetError(f"position must be numbers, got {self.position!r}", where=where) from None
        if len(position) != POSITION_SIZE[self.kind] or not all(math.isfinite(v) for v in position):
            raise AssetError(
                f"position of a {self.kind.value} joint needs {POSITION_SIZE[self.kind]} finite numbers, got {position!r}",
                where=where,
            )
        put(self, "position", position)
        for name in ("damping", "friction_loss", "stiffness", "armature"):
            put(self, name, number(getattr(self, name), where, name.replace("_", " "), low=0.0))
        if self.mimic is not None:
            if self.kind not in (JointKind.HINGE, JointKind.SLIDE):
                raise AssetError("only a hinge or a slide can mimic another joint", where=where)
            if self.mimic.joint == self.name:
                raise AssetError("cannot mimic itself", where=where)

    def _check_limits(self, where: str) -> None:
        for name, kinds, most in (
            ("angle_limits", (JointKind.HINGE, JointKind.CYLINDRICAL, JointKind.BALL), MAX_ANGLE),
            ("travel_limits", (JointKind.SLIDE, JointKind.CYLINDRICAL), MAX_TRAVEL),
        ):
            value = getattr(self, name)
            if value is None:
                continue
            what = name.replace("_", " ")
            if self.kind not in kinds:
                raise AssetError(f"a {self.kind.value} joint has no {what}", where=where)
            low, high = pair(value, where, what)
            if max(abs(low), abs(high)) > most:
                raise AssetError(
                    f"{what} ({low:g}, {high:g}) are beyond {most:g}; use None for no limit", where=where
                )
            if self.kind is JointKind.BALL and low != 0.0:
                raise AssetError("angle limits of a ball joint must be (0, largest cone angle)", where=where)
            object.__setattr__(self, name, (low, high))

    @property
    def sliding_direction(self) -> Vec3:
        """Unit direction of travel."""
        return self.slide_axis if self.slide_axis is not None else self.axis

    def motion(self, position: tuple[float, ...] | None = None) -> Pose:
        """Pose that takes the child's points at rest to where they are at `position` (parent held at rest)."""
        q = self.position if position is None else position
        assert q is not None
        anchor = self.anchor
        turn: Quat | None = None
        angle = travel = 0.0
        if self.kind is JointKind.HINGE:
            (angle,) = q
        elif self.kind is JointKind.SLIDE:
            (travel,) = q
        elif self.kind is JointKind.CYLINDRICAL:
            angle, travel = q
        elif self.kind is JointKind.BALL:
            turn = (q[0], q[1], q[2], q[3])
        elif self.kind is JointKind.FREE:
            # a free joint turns about its anchor, then shifts
            turn = (q[3], q[4], q[5], q[6])
        rotation = (
            axis_angle_matrix(self.axis, angle)
            if turn is None
            else quaternion_matrix(Pose(quaternion=turn).quaternion)
        )
        d = self.sliding_direction
        shift = [travel * v for v in d]
        if self.kind is JointKind.FREE:
            shift = [q[0], q[1], q[2]]
        turned = rotation @ anchor
        matrix = Pose().matrix
        matrix[:3, :3] = rotation
        matrix[:3, 3] = [anchor[i] - turned[i] + shift[i] for i in range(3)]
        return Pose.from_matrix(matrix)

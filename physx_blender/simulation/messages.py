# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while a simulation plays: how far to go and who pulls where; where everything is then.

Positions are MuJoCo's generalised positions (qpos): a hinge's angle (rad), a slide's travel (m), a ball's quaternion
(w, x, y, z), and for a free body the position (m) and quaternion of its frame in the world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..errors import AssetError
from ..geometry.pose import Vec3
from ..json_values import enum_value, flag, integer, items, mapping, real, reals, text

MAX_FRAMES = 1000
MAX_SECONDS = 1.0
MOST_ELEMENTS = 100_000
REACH = 1e4
"""Metres (and metres a second) beyond which nothing can be pulled or pushed."""


class Element(str, Enum):
    """Kinds of joint elements in MuJoCo."""

    FREE = "free"
    BALL = "ball"
    SLIDE = "slide"
    HINGE = "hinge"

    @property
    def size(self) -> int:
        """How many numbers its position has."""
        return {Element.FREE: 7, Element.BALL: 4}.get(self, 1)


@dataclass(frozen=True)
class SimulatedBody:
    """A rigid body of the running simulation: a link (by name) of the body with this number in the scene."""

    scene_body: int
    link: str

    def to_json(self) -> list[Any]:
        """Plain JSON values."""
        return [self.scene_body, self.link]


@dataclass(frozen=True)
class SimulatedJoint:
    """A joint element: of which body of the scene, its name there, its kind, and where its position begins in qpos."""

    scene_body: int
    name: str
    kind: Element
    start: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "scene_body": self.scene_body,
            "name": self.name,
            "kind": self.kind.value,
            "start": self.start,
        }

    @property
    def span(self) -> slice:
        """Its part of qpos."""
        return slice(self.start, self.start + self.kind.size)


@dataclass(frozen=True)
class SimulationLayout:
    """A simulation that has begun.

    id: names it.  bodies: by number, as `Grab` counts them.  positions: qpos at time 0.  step: seconds.
    notes: sentences on what is odd about the scene, such as bodies that overlap at the start.
    """

    id: str
    bodies: tuple[SimulatedBody, ...]
    joints: tuple[SimulatedJoint, ...]
    positions: tuple[float, ...]
    step: float
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "bodies": [b.to_json() for b in self.bodies],
            "joints": [j.to_json() for j in self.joints],
            "positions": self.positions,
            "step": self.step,
            "notes": self.notes,
        }

    @staticmethod
    def from_json(value: Any) -> SimulationLayout:
        """The layout that `to_json` wrote."""
        where = "simulation"
        data = mapping(value, where)
        bodies = []
        for body in items(data, "bodies", where, most=MOST_ELEMENTS):
            if not isinstance(body, (list, tuple)) or len(body) != 2 or not isinstance(body[1], str):
                raise AssetError(f"needs bodies as [number, name], got {body!r:.80}", where=where)
            number = integer({"number": body[0]}, "number", where)
            bodies.append(SimulatedBody(number, body[1]))
        joints = []
        for item in items(data, "joints", where, most=MOST_ELEMENTS):
            joint = mapping(item, where)
            joints.append(
                SimulatedJoint(
                    integer(joint, "scene_body", where),
                    text(joint, "name", where),
                    enum_value(Element, joint, "kind", where),
                    integer(joint, "start", where),
                )
            )
        return SimulationLayout(
            text(data, "id", where),
            tuple(bodies),
            tuple(joints),
            reals(data, "positions", where),
            real(data, "step", where),
            _sentences(data, "notes", where),
        )


@dataclass(frozen=True)
class Grab:
    """A spring from a point of a body (in the body's frame) to a target in the world; both in metres."""

    body: int
    point: Vec3
    target: Vec3

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"body": self.body, "point": self.point, "target": self.target}

    @staticmethod
    def from_json(value: Any) -> Grab:
        """The grab that `to_json` wrote."""
        data = mapping(value, "grab")
        return Grab(
            integer(data, "body", "grab"), _vector(data, "point", "grab"), _vector(data, "target", "grab")
        )


@dataclass(frozen=True)
class Push:
    """A blow that makes a point of a body (in the body's frame, m) this much faster (m/s, in the world), at once."""

    body: int
    point: Vec3
    speed: Vec3

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"body": self.body, "point": self.point, "speed": self.speed}

    @staticmethod
    def from_json(value: Any) -> Push:
        """The push that `to_json` wrote."""
        data = mapping(value, "push")
        return Push(
            integer(data, "body", "push"), _vector(data, "point", "push"), _vector(data, "speed", "push")
        )


@dataclass(frozen=True)
class StepRequest:
    """Go on by `seconds` (at most `MAX_SECONDS`), or by whole `frames` if there are any.

    sampled: tell the positions at every frame that is passed.  gravity: from now on; None = as it was.
    """

    seconds: float = 0.0
    frames: int = 0
    sampled: bool = False
    gravity: Vec3 | None = None
    grab: Grab | None = None
    push: Push | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "seconds": self.seconds,
            "frames": self.frames,
            "sampled": self.sampled,
            "gravity": self.gravity,
            "grab": None if self.grab is None else self.grab.to_json(),
            "push": None if self.push is None else self.push.to_json(),
        }

    @staticmethod
    def from_json(value: Any) -> StepRequest:
        """The request that `to_json` wrote."""
        where = "simulation step"
        data = mapping(value, where)
        seconds = real(data, "seconds", where)
        if not 0.0 <= seconds <= MAX_SECONDS:
            raise AssetError(f"needs seconds from 0 to {MAX_SECONDS:g}, got {seconds:g}", where=where)
        return StepRequest(
            seconds,
            integer(data, "frames", where, default=0, high=MAX_FRAMES),
            flag(data, "sampled", where),
            None if data.get("gravity") is None else _vector(data, "gravity", where),
            None if data.get("grab") is None else Grab.from_json(data["grab"]),
            None if data.get("push") is None else Push.from_json(data["push"]),
        )


@dataclass(frozen=True)
class StepReply:
    """Where everything is after a step.

    time: seconds since the start of the simulation.  positions: qpos now.
    samples: qpos at each frame that was passed.  work: seconds that the calculation took.
    held: where the grabbed point is in the world, None without a grab.  notes: what has gone wrong, once each.
    """

    time: float
    positions: tuple[float, ...]
    samples: tuple[tuple[float, ...], ...] = ()
    work: float = 0.0
    held: Vec3 | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "time": self.time,
            "positions": self.positions,
            "samples": self.samples,
            "work": self.work,
            "held": self.held,
            "notes": self.notes,
        }

    @staticmethod
    def from_json(value: Any) -> StepReply:
        """The reply that `to_json` wrote."""
        where = "simulation reply"
        data = mapping(value, where)
        samples = items(data, "samples", where, most=MAX_FRAMES)
        return StepReply(
            real(data, "time", where),
            reals(data, "positions", where),
            tuple(reals({"sample": s}, "sample", where) for s in samples),
            real(data, "work", where),
            None if data.get("held") is None else _vector(data, "held", where),
            _sentences(data, "notes", where),
        )


def _vector(data: Mapping[str, Any], key: str, where: str) -> Vec3:
    x, y, z = reals(data, key, where, 3)
    if max(abs(x), abs(y), abs(z)) > REACH:
        raise AssetError(f"{key!r} is out of reach", where=where)
    return (x, y, z)


def _sentences(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    return tuple(text({key: s}, key, where, longest=1000) for s in items(data, key, where, most=1000))

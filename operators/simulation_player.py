# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene that plays, and what was recorded of it. Nothing here waits: a thread of the client does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from bpy.app.handlers import persistent
from bpy.types import Action, Context, Object
from mathutils import Vector

from ..physx_blender.client import SimulationClient, SimulationFeed
from ..physx_blender.errors import AssetError
from ..physx_blender.geometry.pose import Vec3
from ..physx_blender.scene.exact import as_vec3
from ..physx_blender.scene.simulation.bake import baking
from ..physx_blender.scene.simulation.channels import restore
from ..physx_blender.scene.simulation.poser import Poser
from ..physx_blender.scene.simulation.stage import Stage, set_stage, stage_ahead, tilted_gravity
from ..physx_blender.simulation import Grab, Push, StepRequest
from ..physx_blender.steps import Steps, ahead, aside
from .backend_session import session

MOST_RECORDED = 20_000
"""Frames; a forgotten recording must not fill the memory."""
PUSH_SPEED = 1.5
"""m/s that a push gives to the point it hits."""


@dataclass(frozen=True)
class Recording:
    """Frames of a scene to be keyed from frame number `first` on."""

    scene: str
    poser: Poser
    frames: Sequence[Sequence[float]]
    first: int

    def baking(self) -> Steps[Action]:
        """Turn it into keyframes, in small steps."""
        scene = bpy.data.scenes.get(self.scene)
        if scene is None:
            raise AssetError("the recorded scene is gone; record again")
        if not any(t.find() for t in self.poser.targets):
            raise AssetError("the recorded objects are gone; record again")
        return (yield from baking(scene, self.poser, self.frames, self.first))


class Player:
    """One scene that plays, in real time; or, with `frames`, one that is calculated as fast as it goes."""

    @staticmethod
    def opening(context: Context, *, frames: int = 0) -> Steps[Player]:
        """Read the scene, and begin to start the backend if need be. Raises AssetError."""
        yield from ahead(stage_ahead(context))
        stage = _stage(context)
        packed = yield from aside("Reading", stage.scene.to_bytes)
        return Player(context, stage, packed, frames)

    def __init__(self, context: Context, stage: Stage, packed: bytes, frames: int) -> None:
        """packed: the scene of the stage, as it is sent."""
        self.stage, self._packed = stage, packed
        session.launch(context)
        self.scene = context.scene.name
        self.first = context.scene.frame_current
        self.frames = frames
        self.feed: SimulationFeed | None = None
        self.poser: Poser | None = None
        self.notes = list(self.stage.notes)
        self.recorded: list[Sequence[float]] = []
        self.paused = False
        self.stopping = False
        self.hold: Hold | None = None
        self.positions: Sequence[float] = ()
        self._shown: list[float] = []

    @property
    def playing(self) -> bool:
        """Has it begun?"""
        return self.poser is not None and bool(self.positions)

    @property
    def fraction(self) -> float:
        """How far it is with its frames."""
        return min(1.0, len(self.recorded) / max(1, self.frames + 1))

    @property
    def done(self) -> bool:
        """All frames are there."""
        return bool(self.frames) and len(self.recorded) > self.frames

    @property
    def shown_rate(self) -> float:
        """States shown in the last second."""
        return float(len(self._shown))

    def advance(self, context: Context) -> bool:
        """One look; True when there was something new to show. Raises AssetError when it cannot go on."""
        if self.feed is None:
            self._connect()
            return False
        layout = self.feed.layout
        if self.poser is None and layout is not None:
            self.poser = Poser(self.stage, layout)
            if self.frames:
                self.recorded.append(layout.positions)
        self.notes += [n for n in self.feed.take_notes() if n not in self.notes]
        samples = self.feed.take_samples()
        if self.poser is None or self.feed.error is not None:
            if self.feed.error is not None:
                raise self.feed.error
            return False
        self._record(context, samples)
        reply = self.feed.take()
        self._tell_hand(context)
        if reply is None:
            return False
        self.positions = reply.positions
        if self.hold is not None and reply.held is not None:
            self.hold.place = reply.held
        if not self.frames:
            self.poser.apply(reply.positions)
            now = time.monotonic()
            self._shown = [t for t in self._shown if now - t < 1.0] + [now]
        return True

    def seize(self, context: Context, obj: Object, point: Vector) -> bool:
        """Take hold of a point (world) of an object; False when the object does not take part."""
        number, local = self._body_point(context, obj, point)
        if number is None or self.poser is None:
            return False
        held = self.poser.is_held(number)
        self.hold = Hold(number, local, as_vec3(point), as_vec3(point), obj.name, held)
        return True

    def push(self, context: Context, obj: Object, point: Vector, direction: Vector) -> bool:
        """Give a point (world) of an object a blow."""
        number, local = self._body_point(context, obj, point)
        if number is None or self.feed is None:
            return False
        self.feed.push(Push(number, local, as_vec3(direction.normalized() * PUSH_SPEED)))
        return True

    def recording(self) -> Recording | None:
        """What has been recorded, None when there is nothing."""
        if self.poser is None or len(self.recorded) < 2:
            return None
        return Recording(self.scene, self.poser, self.recorded, self.first)

    def put_back(self) -> None:
        """Everything is where it was before."""
        if self.poser is not None:
            restore(self.poser.start)

    def close(self) -> None:
        """End it; everything stays where it is."""
        if self.feed is not None:
            self.feed.stop()

    def _connect(self) -> None:
        client = session.client()
        if client is not None:
            packed, used = self._packed, client
            self.feed = SimulationFeed(lambda: SimulationClient(used, packed), frames=self.frames)

    def _record(self, context: Context, samples: list[tuple[float, ...]]) -> None:
        settings = context.window_manager.simready_simulation
        if self.frames:
            self.recorded += samples
        elif settings.record:
            room = MOST_RECORDED - len(self.recorded)
            self.recorded += samples[:room]
            if len(samples) > room:
                settings.record = False
                self.notes.append(f"recording has ended after {MOST_RECORDED} frames")

    def _tell_hand(self, context: Context) -> None:
        """What the user does now, for the next step."""
        assert self.feed is not None
        settings = context.window_manager.simready_simulation
        scene = bpy.data.scenes.get(self.scene) or context.scene
        self.feed.change(
            gravity=tilted_gravity(scene, settings.tilt_x, settings.tilt_y),
            sampled=settings.record,
            paused=self.paused,
            grab=None if self.hold is None else Grab(self.hold.body, self.hold.local, self.hold.target),
        )

    def _body_point(self, context: Context, obj: Object, point: Vector) -> tuple[int | None, Vec3]:
        if self.poser is None or not self.positions:
            return None, (0.0, 0.0, 0.0)
        number = self.poser.body_of(obj, context.evaluated_depsgraph_get())
        if number is None:
            return None, (0.0, 0.0, 0.0)
        frame = self.poser.body_frame(number, self.positions)
        local = np.linalg.inv(frame) @ np.array([*point, 1.0])
        return number, as_vec3(local[:3])


@dataclass
class Hold:
    """A point of a body that the user holds. place and target: in the world.  fast: the body cannot move."""

    body: int
    local: Vec3
    place: Vec3
    target: Vec3
    name: str
    fast: bool


def _stage(context: Context) -> Stage:
    """The scene as it is, on its tilted floor."""
    settings = context.window_manager.simready_simulation
    return set_stage(context, tilt=(settings.tilt_x, settings.tilt_y))


def calculate(context: Context, frames: int) -> Recording:
    """Simulate so many frames and wait for them, for scripts. Raises AssetError."""
    stage = _stage(context)
    simulation = SimulationClient(session.wait_client(context), stage.scene.to_bytes())
    try:
        poser = Poser(stage, simulation.layout)
        found: list[Sequence[float]] = [simulation.layout.positions]
        notes = [*stage.notes, *simulation.layout.notes]
        while len(found) <= frames:
            reply = simulation.step(
                StepRequest(frames=min(SimulationFeed.BATCH, frames + 1 - len(found)), sampled=True)
            )
            found += reply.samples
            notes += reply.notes
    finally:
        simulation.close()
    theatre.last_notes = notes
    return Recording(context.scene.name, poser, found, context.scene.frame_current)


class Theatre:
    """What plays in this Blender, and what was played last; nothing of it is saved."""

    def __init__(self) -> None:
        self.player: Player | None = None
        self.recording: Recording | None = None
        self.last_error = ""
        self.last_notes: list[str] = []

    def open(self, player: Player) -> None:
        """Begin to play."""
        self.player = player
        self.recording = None
        self.last_error, self.last_notes = "", []

    def close(self, *, put_back: bool) -> None:
        """End what plays; keep its recording."""
        player, self.player = self.player, None
        if player is None:
            return
        player.close()
        if put_back:
            player.put_back()
        self.recording = player.recording()
        self.last_notes = player.notes


theatre = Theatre()


@persistent
def _before_load(*_: object) -> None:
    """The scene that plays goes away."""
    theatre.close(put_back=False)
    theatre.recording = None


@persistent
def _before_save(*_: object) -> None:
    """What is saved is the scene, not a moment of its play; the next look poses it again."""
    if theatre.player is not None:
        theatre.player.put_back()


def register() -> None:
    """Watch loading and saving."""
    bpy.app.handlers.load_pre.append(_before_load)
    bpy.app.handlers.save_pre.append(_before_save)


def unregister() -> None:
    """Stop, and put everything back."""
    theatre.close(put_back=True)
    bpy.app.handlers.load_pre.remove(_before_load)
    bpy.app.handlers.save_pre.remove(_before_save)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: plays a cabinet, pulls its door and drawer with the mouse, bakes, and puts back."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).resolve().parent))
from session import PAUSE, SHORT, Session, run


def channels() -> dict[str, list[float]]:
    """All that a simulation may move."""
    found = {}
    for obj in bpy.context.scene.objects:
        items = [(obj.name, obj)] + [
            (f"{obj.name}/{b.name}", b) for b in (obj.pose.bones if obj.pose else ())
        ]
        for name, item in items:
            found[name] = [*item.location, *item.rotation_euler, *item.rotation_quaternion, *item.scale]
    return found


class Play:
    """What plays, and the hand in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.theatre = session.load("operators.simulation_player").theatre

    def wait(self, condition: Callable[[], bool], seconds: float = 60.0) -> Iterator[float]:
        """Until something has come about."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it has not come about"
            yield 0.1

    def begin(self) -> Iterator[float]:
        """Press Play."""
        self.session.in_window(lambda: bpy.ops.simready.simulation_play("INVOKE_DEFAULT"))
        yield from self.wait(lambda: self.theatre.player is not None)  # the scene is read beside the window
        # the scene is read first, in slices; then there is a player
        yield from self.wait(lambda: self.theatre.player is not None and self.theatre.player.playing)
        assert self.theatre.player is not None, self.theatre.last_error
        yield PAUSE

    def pull(
        self, part: str, towards: Vector, *, close: Callable[[], Iterator[float]] | None = None
    ) -> Iterator[float]:
        """Take the middle of a part's front with the mouse and draw it somewhere."""
        front = front_of(part)
        yield from self.session.drag(
            self.session.on_screen(front), self.session.on_screen(front + towards), steps=4, close=close
        )


def front_of(part: str) -> Vector:
    """Middle of a part's front, as it stands now."""
    obj = bpy.data.objects[part]
    corners = [obj.matrix_world @ Vector(c) for c in obj.bound_box]
    front = sum(corners, Vector()) / 8.0
    front.y = min(c.y for c in corners)
    return front


def scroll_sidebar(session: Session, clicks: int) -> None:
    """Bring the panel of the simulation into sight."""
    window, area, _ = session.viewport()
    side = next(r for r in area.regions if r.type == "UI")
    if side.width <= 1:
        return
    with bpy.context.temp_override(window=window, area=area, region=side):
        for _ in range(clicks):
            bpy.ops.view2d.scroll_down(deltay=120)


def position(rig: str, bone: str) -> float:
    """Angle or travel of a joint."""
    item = bpy.data.objects[rig].pose.bones[bone]
    return float(item.location.y if item.simready_joint.kind == "slide" else item.rotation_euler.y)


def baked_angles(rig: str, bone: str) -> list[float]:
    """Keyframes of a hinge."""
    obj = bpy.data.objects[rig]
    bag = obj.animation_data.action.layers[0].strips[0].channelbag(obj.animation_data.action_slot)
    path = obj.pose.bones[bone].path_from_id("rotation_euler")
    curve = next(c for c in bag.fcurves if (c.data_path, c.array_index) == (path, 1))
    return [k.co[1] for k in curve.keyframe_points]


def play_and_put_back(session: Session, play: Play, rig: str) -> Iterator[float]:
    """Pull the drawer, push the door; Esc."""
    report = session.report
    before = channels()
    yield from play.begin()
    play.theatre.player._shown.clear()

    def while_held() -> Iterator[float]:
        yield 1.5
        report["drawer_held"] = position(rig, "drawer")
        session.picture("pull")
        yield SHORT

    yield from play.pull("drawer", Vector((0.0, -0.35, 0.0)), close=while_held)
    report["hold_after"] = play.theatre.player.hold is None
    yield 1.0
    yield from push_and_tilt(session, play)
    player = play.theatre.player
    report["pace"] = [player.feed.pace.factor, player.feed.pace.rate, player.shown_rate]
    session.picture("playing")
    yield from session.key("ESC")
    yield PAUSE
    report["ended"] = play.theatre.player is None
    report["same"] = channels() == before


def push_and_tilt(session: Session, play: Play) -> Iterator[float]:
    """Ctrl click pushes the drawer back in; the arrow keys tilt the floor, 0 levels it."""
    report = session.report
    settings = bpy.context.window_manager.simready_simulation
    player = play.theatre.player
    feed = player.feed
    settings.record = True  # a slow window shows but few of the states
    yield PAUSE
    yield from session.click(session.on_screen(front_of("drawer")), ctrl=True)
    yield 1.0
    settings.record = False
    (slide,) = (j for j in feed.layout.joints if j.name == "drawer slide")
    travels = [positions[slide.span][0] for positions in player.recorded]
    report["pushed"] = [travels[0], min(travels)]
    player.recorded.clear()
    report["gravity"] = {}
    for name, keys in (
        ("aside", ("RIGHT_ARROW",) * 4),
        ("back", ("ZERO", *("UP_ARROW",) * 5)),
        ("level", ("ZERO",)),
    ):
        for key in keys:
            yield from session.key(key)
        yield PAUSE
        report["gravity"][name] = [list(feed.hand.gravity), [settings.tilt_x, settings.tilt_y]]


def record_and_bake(session: Session, play: Play, rig: str) -> Iterator[float]:
    """R, pull the door, Enter; undo and redo."""
    report = session.report
    before = channels()
    yield from play.begin()
    yield from session.key("R")
    report["recording"] = bpy.context.window_manager.simready_simulation.record
    yield from play.pull("knob", Vector((-0.25, -0.3, 0.0)))
    yield 0.5
    report["recorded"] = len(play.theatre.player.recorded)
    session.picture("recording")
    yield from session.key("RET")
    yield from play.wait(lambda: bool(bpy.data.objects[rig].simready_body.is_baked))
    yield PAUSE
    report["baked"] = bool(bpy.data.objects[rig].simready_body.is_baked)
    values = baked_angles(rig, "door")
    report["keys"] = len(values)
    report["door_baked"] = min(values)
    # where it is widest open
    bpy.context.scene.frame_set(1 + values.index(min(values)))
    yield PAUSE
    session.picture("baked")
    bpy.context.scene.frame_set(1)
    yield from session.undo()
    report["undone"] = [bool(bpy.data.objects[rig].simready_body.is_baked), channels() == before]
    yield from session.redo()
    report["redone"] = bool(bpy.data.objects[rig].simready_body.is_baked)
    session.in_window(lambda: bpy.ops.simready.simulation_clear("EXEC_DEFAULT", True))
    yield PAUSE
    report["cleared"] = channels() == before


def window_stays_awake(session: Session, play: Play, rig: str) -> Iterator[float]:
    """Stop the backend (SIGSTOP) while it plays: the longest time between two looks, until the play ends by itself."""
    running = session.load("operators.backend_session").session
    before = channels()
    yield from play.begin()
    os.kill(running.process.pid, signal.SIGSTOP)
    slowest = 0.0
    player = play.theatre.player
    look = player.advance

    def timed(context: Any) -> bool:
        nonlocal slowest
        begun = time.monotonic()
        try:
            return bool(look(context))
        finally:
            slowest = max(slowest, time.monotonic() - begun)

    player.advance = timed
    end = time.monotonic() + 60.0
    while play.theatre.player is not None and time.monotonic() < end:
        yield 0.01
    session.report["hung"] = [slowest, play.theatre.player is None, play.theatre.last_error]
    session.report["same_after_hang"] = channels() == before
    begun = time.monotonic()
    bpy.ops.simready.backend_stop()
    session.report["stop_took"] = time.monotonic() - begun
    yield PAUSE
    yield from play.begin()  # a new one
    session.report["again"] = True
    yield from session.key("ESC")
    yield PAUSE
    bpy.ops.simready.backend_stop()


def steps(session: Session) -> Iterator[float]:
    """The session."""
    yield from session.start()
    rig = session.order["rig"]
    settings = bpy.context.preferences.addons[session.order["module"]].preferences
    settings.backend_python = session.order["backend_python"]
    session.import_asset(session.order["package"])
    session.look((1.2, 0.0, -0.5), zoom=-2)
    _, area, _ = session.viewport()
    area.spaces[0].shading.color_type = "MATERIAL"
    # the sidebar covers the right of the viewport
    area.spaces[0].region_3d.view_location += Vector((0.4, -0.1, 0.0))
    scenes = {"play": play_and_put_back, "bake": record_and_bake, "hang": window_stays_awake}
    area.spaces[0].show_region_ui = session.order["scene"] == "play"
    yield PAUSE
    for region in area.regions:
        if region.type == "UI" and region.width > 1:
            region.active_panel_category = "SimReady"
    session.in_window(lambda: bpy.ops.ed.undo_push(message="Ready"))
    yield PAUSE
    scroll_sidebar(session, 12)
    yield PAUSE
    yield from scenes[session.order["scene"]](session, Play(session), rig)


def main() -> Any:
    """Begin."""
    run(steps)


main()

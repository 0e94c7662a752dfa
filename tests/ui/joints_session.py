# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: makes a joint, moves its pivot by the mouse, plays all joints through."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

sys.path.insert(0, str(Path(__file__).resolve().parent))
from session import PAUSE, SHORT, Session, run

Place = tuple[int, int]


def middle(obj: Any) -> Vector:
    """Middle of the box around an object, in the world."""
    return sum((obj.matrix_world @ Vector(c) for c in obj.bound_box), Vector()) / 8.0


def places(rig: Any) -> dict[str, list[float]]:
    """Where all parts of an asset are."""
    bpy.context.view_layer.update()
    return {o.name: [v for row in o.matrix_world for v in row] for o in rig.children if o.type == "MESH"}


def joint(rig: str, bone: str) -> dict[str, Any]:
    """Kind, pivot, axis and range of a joint, looked up anew: an undo leaves no old reference valid."""
    item = bpy.data.objects[rig].pose.bones[bone]
    settings = item.simready_joint
    return {
        "kind": settings.kind,
        "pivot": list(item.bone.head_local),
        "axis": list(item.bone.matrix_local.col[1].to_3d()),
        "angles": [settings.angle_low, settings.angle_high],
        "travels": [settings.travel_low, settings.travel_high],
    }


# a joint from nothing


def two_blocks(session: Session) -> None:
    """A chest and its lid, plain mesh objects."""

    def block(name: str, size: tuple[float, float, float], height: float) -> None:
        bpy.ops.mesh.primitive_cube_add(size=1.0, location=(0.0, 0.0, height), scale=size)
        bpy.ops.object.transform_apply(scale=True, location=False, rotation=False)
        bpy.context.active_object.name = name

    session.in_window(lambda: block("chest", (0.5, 0.35, 0.25), 0.125))
    session.in_window(lambda: block("lid", (0.5, 0.35, 0.03), 0.2655))
    session.look((1.1, 0.0, -0.5), zoom=-1)
    session.in_window(lambda: bpy.ops.ed.undo_push(message="Blocks"))


def rigs() -> list[str]:
    """Assets of the scene."""
    return sorted(o.name for o in bpy.context.scene.objects if o.type == "ARMATURE")


def make(session: Session) -> Iterator[float]:
    """Click the lid, Shift click the chest, F3 "Make Joint"; go through the guesses in the panel at the lower left."""
    report = session.report
    two_blocks(session)
    yield PAUSE
    lid, chest = bpy.data.objects["lid"], bpy.data.objects["chest"]
    yield from session.click(session.on_screen(middle(lid) + Vector((0.0, 0.0, 0.015))))
    yield from session.click(session.on_screen(middle(chest) - Vector((0.0, 0.175, 0.05))), shift=True)
    report["selected"] = [
        sorted(o.name for o in bpy.context.selected_objects),
        bpy.context.active_object.name,
    ]
    session.picture("two_parts")
    yield from session.search("Make Joint")
    (rig,) = rigs()
    report["made"] = joint(rig, "lid")
    session.picture("made")
    hud = yield from session.redo_panel()
    found = [report["made"]]
    for _ in range(2):
        yield from session.turn_up(session.field(hud, 1))
        found.append(joint(rig, "lid"))
        session.picture(f"alternative_{len(found)}")
    report["alternatives"] = found
    yield from session.undo()
    report["undone"] = [rigs(), bpy.data.objects["lid"].parent is None]
    yield from session.redo()
    report["redone"] = [rigs() == [rig], joint(rig, "lid")]
    bpy.data.objects[rig].pose.bones["lid"].simready_angle_share = 0.6
    yield PAUSE
    session.picture("opened")


# pivot and axis, by the mouse


def pick(session: Session, what: str, point: Vector, picture: str = "") -> Iterator[float]:
    """Press the button, bring the mouse to a point of the world, click."""
    session.in_window(lambda: bpy.ops.simready.joint_pick("INVOKE_DEFAULT", True, what=what))
    yield SHORT
    place = session.on_screen(point)
    yield from session.hover(place)
    yield PAUSE
    if picture:
        session.picture(picture)
    session.event("LEFTMOUSE", "PRESS", place)
    yield SHORT
    session.event("LEFTMOUSE", "RELEASE", place)
    yield PAUSE


def pivot(session: Session) -> Iterator[float]:
    """Vertex, edge middle, face centre; an edge's and a face's direction; Esc; undo and redo."""
    report, rig = session.report, session.order["rig"]
    session.select("left door")
    yield PAUSE
    report["before"] = joint(rig, "left door")
    start = places(bpy.data.objects[rig])
    door = bpy.data.objects["left door"]
    corners = [door.matrix_world @ Vector(c) for c in door.bound_box]
    low = Vector([min(c[k] for c in corners) for k in range(3)])
    high = Vector([max(c[k] for c in corners) for k in range(3)])
    report["box"] = [list(low), list(high)]
    half = (low + high) / 2.0
    inside = 0.002  # of the door's own surface, so that the ray does not pass it by
    targets = {
        "vertex": ("PIVOT", Vector((high.x - 2 * inside, low.y, high.z - 2 * inside))),
        "edge_middle": ("PIVOT", Vector((high.x - 2 * inside, low.y, half.z + 0.1))),
        "face_centre": ("PIVOT", Vector((half.x + 0.05, low.y, half.z + 0.07))),
        "edge_axis": ("AXIS", Vector((half.x, low.y, high.z - 2 * inside))),
        "face_axis": ("AXIS", Vector((half.x, low.y, half.z))),
        "edge_both": ("BOTH", Vector((low.x + 2 * inside, low.y, half.z - 0.1))),
    }
    for name, (what, point) in targets.items():
        yield from pick(session, what, point, f"pick_{name}")
        report[name] = joint(rig, "left door")
        report[f"{name}_moved"] = _farthest(start, places(bpy.data.objects[rig]))
    session.picture("picked")
    yield from session.undo()
    report["undone"] = joint(rig, "left door")
    yield from session.redo()
    report["redone"] = joint(rig, "left door")
    session.in_window(lambda: bpy.ops.simready.joint_pick("INVOKE_DEFAULT", True, what="PIVOT"))
    yield from session.hover(session.on_screen(half))
    yield from session.key("ESC", session.on_screen(half))
    report["after_escape"] = joint(rig, "left door")
    door = bpy.data.objects[rig].pose.bones["left door"]
    door.simready_angle_share = 0.6
    yield PAUSE
    session.picture("swings_about_the_edge")


def _farthest(before: dict[str, list[float]], after: dict[str, list[float]]) -> float:
    return max(abs(a - b) for name in before for a, b in zip(before[name], after[name], strict=True))


# all joints at once


@contextmanager
def only_joints(session: Session) -> Iterator[None]:
    """Let the panel of all joints stand at the top of the sidebar for a while, where the mouse finds it."""
    others = [
        cls
        for cls in session.load("ui.panels").CLASSES
        if getattr(cls, "bl_space_type", "") == "VIEW_3D" and cls.__name__ != "SIMREADY_PT_joints"
    ]
    for cls in reversed(others):
        bpy.utils.unregister_class(cls)
    try:
        yield
    finally:
        for cls in others:
            bpy.utils.register_class(cls)


def play(session: Session) -> Iterator[float]:
    """Drag a slider, press the buttons, play through, Esc."""
    with only_joints(session):
        yield from _play(session)


def _play(session: Session) -> Iterator[float]:
    report, rig = session.report, session.order["rig"]
    _, area, _ = session.viewport()
    area.spaces[0].show_region_ui = True
    session.select("left door")
    yield PAUSE
    side = next(r for r in area.regions if r.type == "UI")
    side.active_panel_category = "SimReady"
    yield PAUSE
    session.picture("joints_panel")

    def position(bone: str) -> float:
        item = bpy.data.objects[rig].pose.bones[bone]
        return float(item.location.y if item.simready_joint.kind == "slide" else item.rotation_euler.y)

    report["start"] = position("left door")
    panel = Panel(side)
    yield from session.drag(panel.slider(0, 0.3), panel.slider(0, 0.7))
    report["dragged"] = position("left door")
    session.picture("slider")
    yield from session.undo()
    report["undone"] = position("left door")
    yield from session.redo()
    report["redone"] = position("left door")
    for name, button in (("open", (1, 1)), ("close", (1, 0)), ("random", (0, 1)), ("reset", (0, 0))):
        yield from session.click(panel.button(*button))
        report[name] = {b: position(b) for b in ("left door", "right door", "drawer")}
        session.picture(name)
    yield from session.undo()
    report["reset_undone"] = {b: position(b) for b in ("left door", "right door", "drawer")}
    yield from session.click(panel.button(2, 0))
    playing = session.load("operators.joint_play").SIMREADY_OT_play_joints
    report["playing"] = playing.playing is not None
    before = {b: position(b) for b in ("left door", "right door", "drawer")}
    moved, end = 0.0, time.monotonic() + 60.0
    while moved < 0.2 and playing.playing is not None and time.monotonic() < end:
        yield 0.05
        moved = max(abs(position(bone) - there) for bone, there in before.items())
    report["swept"] = moved
    session.picture("playing")
    yield from session.key("ESC", session.on_screen((0.0, 0.0, 0.4)))
    yield PAUSE
    report["stopped"] = playing.playing is None
    report["put_back"] = {b: position(b) for b in ("left door", "right door", "drawer")}
    session.picture("put_back")


class Panel:
    """Where things are in the panel of all joints, from the top of the sidebar, in the window's pixels."""

    def __init__(self, side: Any) -> None:
        self.side, self.unit = side, 20.0 * bpy.context.preferences.system.ui_scale

    def place(self, rows: float, share: float) -> Place:
        """Some rows below the top, and that share of the width to the right."""
        tabs = 1.0 * self.unit
        x = self.side.x + 0.6 * self.unit + share * (self.side.width - tabs - 1.2 * self.unit)
        return round(x), round(self.side.y + self.side.height - rows * self.unit)

    def slider(self, row: int, share: float) -> Place:
        """A place in the slider of a row of the list."""
        return self.place(3.4 + 1.05 * row, 0.5 + 0.42 * share)

    def button(self, row: int, column: int) -> Place:
        """One of the buttons below the list; row 2 is Play Through."""
        return self.place((11.0, 12.1, 13.4)[row], 0.25 + 0.5 * column)


def steps(session: Session) -> Iterator[float]:
    """The session."""
    yield from session.start()
    _, area, _ = session.viewport()
    area.spaces[0].shading.color_type = "MATERIAL"
    area.spaces[0].show_region_ui = False
    area.spaces[0].overlay.show_relationship_lines = False
    scene = session.order["scene"]
    if scene != "make":
        session.import_asset(session.order["package"])
        session.look((1.2, 0.0, -0.4), zoom=0)
        area.spaces[0].overlay.show_bones = False
        yield PAUSE
        session.in_window(lambda: bpy.ops.ed.undo_push(message="Ready"))
    yield from {"make": make, "pivot": pivot, "play": play}[scene](session)


run(steps)

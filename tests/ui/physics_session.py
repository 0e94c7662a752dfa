# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: colliders, heat, inertia; a repair with undo; the size from two clicked points."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
from session import PAUSE, SHORT, Session, run

QUIET = 1.2
"""Longer than the view waits after a change before it reads the asset again."""


def steps(session: Session) -> Iterator[float]:
    """The session."""
    report, order = session.report, session.order
    yield from session.start()
    session.import_asset(order["package"])
    session.look((1.2, 0.0, -0.4), zoom=0)
    _, area, _ = session.viewport()
    space = area.spaces[0]
    space.shading.color_type = "MATERIAL"
    space.show_region_ui = False
    space.overlay.show_relationship_lines = space.overlay.show_bones = False
    space.show_gizmo = False
    rig = bpy.data.objects[order["rig"]]
    bpy.context.view_layer.objects.active = rig
    for number, name in enumerate(("left door", "right door", "drawer", "dial", "lever"), start=1):
        bpy.data.objects[name].simready_part.affordance_rank = 2 * number - 1
    yield PAUSE

    switches = bpy.context.window_manager.simready_physics_view
    view = session.load("ui.physics_view.refresh")._view
    report["off"] = view.handle is None and view.batches is None
    for switch in ("show_collision", "show_ranks", "show_inertia"):
        setattr(switches, switch, True)
        yield QUIET
        session.picture(switch)
        report[switch] = {
            layer: len(batches) for layer, batches in view.batches.layers.items() if len(batches)
        }
        yield QUIET
        before = view.gathered
        for _ in range(4):
            area.tag_redraw()
            yield SHORT
        report[f"{switch}_gathered_by_redraws"] = view.gathered - before
        setattr(switches, switch, False)
    report["off_again"] = view.handle is None and view.batches is None

    switches.show_collision = True
    yield QUIET
    pieces = sum(len(p) for p in view.batches.picture.collision.values())
    bpy.data.objects["body"].simready_part.collision = "HULL"
    gathered = view.gathered
    for _ in range(20):  # a slow machine may draw but once in the time that the view waits
        yield PAUSE
        if view.gathered > gathered:
            break
    report["pieces"] = [pieces, sum(len(p) for p in view.batches.picture.collision.values())]
    switches.show_collision = False

    joint = rig.pose.bones["drawer"].simready_joint
    joint.use_travel_limits = False
    session.in_window(lambda: bpy.ops.ed.undo_push(message="Fault"))
    bpy.ops.simready.check("EXEC_DEFAULT")
    panel = bpy.context.window_manager.simready
    codes = [f.code for f in panel.findings]
    session.in_window(
        lambda: bpy.ops.simready.fix_finding("EXEC_DEFAULT", True, index=codes.index("limits.none"))
    )
    yield PAUSE
    report["fixed"] = "limits.none" not in [f.code for f in panel.findings]
    report["limited"] = bpy.data.objects[order["rig"]].pose.bones["drawer"].simready_joint.use_travel_limits
    yield from session.undo()
    report["after_undo"] = (
        bpy.data.objects[order["rig"]].pose.bones["drawer"].simready_joint.use_travel_limits
    )
    report["stale"] = panel.stale

    low, high = order["corners"]
    bpy.ops.object.select_all(action="DESELECT")
    session.in_window(lambda: bpy.ops.simready.measure_points("INVOKE_DEFAULT"))
    yield PAUSE
    for corner in (low, high):
        place = session.on_screen(corner)
        yield from session.hover(place)
        session.event("LEFTMOUSE", "PRESS", place)
        yield SHORT
        session.event("LEFTMOUSE", "RELEASE", place)
        yield PAUSE
    session.picture("measured")
    session.event("RET", "PRESS", session.on_screen(high))
    session.event("RET", "RELEASE", session.on_screen(high))
    yield PAUSE
    done = list(bpy.context.window_manager.operators)
    report["last"] = done[-1].bl_idname if done else ""
    report["distance"] = done[-1].properties.distance if report["last"].endswith("scale_to_distance") else 0.0


run(steps)

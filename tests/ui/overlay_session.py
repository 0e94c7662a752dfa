# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a Blender with a window: the overlay on, off, and through changes, with pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))
from session import PAUSE, SHORT, Session, run


def redraw(session: Session, times: int) -> Iterator[float]:
    """Let the viewport draw again and again."""
    for _ in range(times):
        session.viewport()[1].tag_redraw()
        yield SHORT


def popover(session: Session) -> Iterator[float]:
    """The overlay popover, with our switches at its end."""
    _, _, region = session.viewport()
    yield from session.hover((region.x + region.width - 330, region.y + region.height - 20))
    session.in_window(
        lambda: bpy.ops.wm.call_panel("INVOKE_DEFAULT", name="VIEW3D_PT_overlay", keep_open=True)
    )
    yield PAUSE
    session.picture("overlay_popover")
    session.event("ESC", "PRESS", (40, 40))
    session.event("ESC", "RELEASE", (40, 40))
    yield PAUSE


def steps(session: Session) -> Iterator[float]:
    """The session."""
    report, order = session.report, session.order
    yield from session.start()
    settings: Any = bpy.context.window_manager.simready_viewport
    overlay = session.load("ui.overlay").overlay
    session.import_asset(order["package"])
    session.look((1.2, 0.0, -0.4), zoom=1)
    _, area, _ = session.viewport()
    area.spaces[0].shading.color_type = "MATERIAL"
    area.spaces[0].show_region_ui = False
    area.spaces[0].overlay.show_relationship_lines = False
    area.spaces[0].overlay.show_bones = False
    bpy.context.view_layer.objects.active = bpy.data.objects[order["rig"]]
    yield PAUSE
    report["off"] = {"on": overlay.on, "uploads": overlay.uploads}

    settings.show_overlay = True
    yield PAUSE
    report["on"] = {"on": overlay.on, "joints": sorted(j.name for j in overlay.joints)}
    before = overlay.uploads
    yield from redraw(session, 5)
    report["uploads_of_five_redraws"] = overlay.uploads - before
    session.picture("overlay")
    settings.show_names = True
    yield PAUSE
    session.picture("overlay_names")

    bpy.ops.simready.open_pose("EXEC_DEFAULT", True, share=0.5)
    yield PAUSE
    session.picture("overlay_open")
    drawer = bpy.data.objects[order["rig"]].pose.bones["drawer"].simready_joint
    drawer.travel_low = -0.15  # through the back
    yield PAUSE
    report["uploads_of_a_change"] = overlay.uploads - before
    bpy.ops.simready.find_colliding_limits("EXEC_DEFAULT")
    yield PAUSE
    session.picture("overlay_colliding")
    report["wrong"] = {j.name: sorted(j.symbol.wrong) for j in overlay.joints if j.symbol.wrong}
    drawer.travel_low = 0.0
    yield PAUSE
    report["wrong_after_change"] = [j.name for j in overlay.joints if j.symbol.wrong]
    yield from popover(session)

    settings.show_overlay = False
    before = overlay.uploads
    yield from redraw(session, 3)
    report["off_again"] = {"on": overlay.on, "uploads": overlay.uploads - before, "kept": len(overlay.joints)}


run(steps)

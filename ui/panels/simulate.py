# SPDX-License-Identifier: GPL-3.0-or-later
"""Play the scene, and turn what happens into keyframes."""

from __future__ import annotations

from bpy.types import Context, UILayout

from ...operators import ids
from ...operators.common import active_rig, counted
from ...operators.simulation_player import Player, theatre
from ...physx_blender.scene.simulation.bake import baked_objects
from ...physx_blender.scene.simulation.participants import can_take_part, participants, participation
from ..preferences import wrapped
from .base import Side

MOST_ROWS = 12


class SIMREADY_PT_simulate(Side):
    """Simulation."""

    bl_idname = "SIMREADY_PT_simulate"
    bl_label = "Simulate"

    def draw(self, context: Context) -> None:
        """Play and stop, and how it goes."""
        layout = self.layout
        player = theatre.player
        settings = context.window_manager.simready_simulation
        if player is None:
            row = layout.row()
            row.scale_y = 1.4
            row.operator(ids.SIMULATION_PLAY, icon="PLAY")
            if theatre.last_error:
                wrapped(layout, theatre.last_error, context, "ERROR")
        else:
            _draw_player(layout, context, player)
        column = layout.column(align=True)
        column.prop(settings, "tilt_x")
        column.prop(settings, "tilt_y")
        notes = player.notes if player is not None else theatre.last_notes
        for note in notes[:4]:
            wrapped(layout, note, context, "INFO")


class SIMREADY_PT_simulate_bake(Side):
    """Keyframes."""

    bl_idname = "SIMREADY_PT_simulate_bake"
    bl_parent_id = "SIMREADY_PT_simulate"
    bl_label = "Keyframes"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Bake and clear."""
        layout = self.layout
        scene = context.scene
        recording = theatre.recording
        column = layout.column(align=True)
        text = "Bake Recording"
        if recording is not None:
            text = f"Bake Recording ({counted(len(recording.frames), 'frame')})"
        column.operator(ids.SIMULATION_BAKE, text=text, icon="REC")
        column.operator(
            ids.SIMULATE, text=f"Bake {scene.frame_start} to {scene.frame_end}", icon="KEYTYPE_KEYFRAME_VEC"
        )
        count = len(baked_objects(scene))
        column.operator(
            ids.SIMULATION_CLEAR,
            text=f"Clear Bake of {counted(count, 'Object')}" if count else "Clear Bake",
            icon="TRASH",
        )


class SIMREADY_PT_simulate_bodies(Side):
    """Who takes part."""

    bl_idname = "SIMREADY_PT_simulate_bodies"
    bl_parent_id = "SIMREADY_PT_simulate"
    bl_label = "Bodies"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """The floor, all bodies, and the selected object."""
        layout = self.layout
        ground = context.scene.simready_simulation
        row = layout.row(align=True)
        row.prop(ground, "use_ground")
        sub = row.row(align=True)
        sub.active = ground.use_ground
        sub.prop(ground, "ground_height", text="")
        sub.prop(ground, "ground_friction", text="")
        found = participants(context.scene, context.view_layer)
        column = layout.column(align=True)
        for body in found[:MOST_ROWS]:
            row = column.row()
            icon = "ARMATURE_DATA" if body.is_asset else "OBJECT_DATA"
            row.label(text=body.object.name, icon=icon)
            row.label(text="static" if body.held else "free")
            row.prop(body.object.simready_body, "role", text="", icon_only=True)
        if len(found) > MOST_ROWS:
            column.label(text=f"and {len(found) - MOST_ROWS} more")
        if not found:
            column.label(text="Nothing takes part", icon="INFO")
        obj = context.active_object
        rig = active_rig(context) if obj is not None and not can_take_part(obj) else None
        chosen = rig or obj
        if chosen is not None and can_take_part(chosen) and participation(chosen) is None:
            column.separator()
            column.prop(chosen.simready_body, "role", text=chosen.name)


def _draw_player(layout: UILayout, context: Context, player: Player) -> None:
    if player.frames:
        row = layout.row(align=True)
        row.progress(factor=player.fraction, text="Simulating" if player.playing else "Starting")
        row.operator(ids.SIMULATION_STOP, text="", icon="X")
        return
    row = layout.row(align=True)
    row.scale_y = 1.4
    row.alert = True
    row.operator(ids.SIMULATION_STOP, text="Stop and Put Back", icon="SNAP_FACE")
    row = layout.row(align=True)
    row.prop(context.window_manager.simready_simulation, "record", toggle=True, icon="REC")
    if not player.playing or player.feed is None:
        layout.label(text="Starting the simulation", icon="TIME")
        return
    pace = player.feed.pace
    layout.label(
        text=f"{pace.factor:.2f} x real time, {player.shown_rate:.0f} fps, {pace.work:.0%} busy", icon="TIME"
    )
    if player.recorded:
        layout.label(text=f"{counted(len(player.recorded), 'frame')} recorded", icon="REC")
    layout.label(text="Drag a part to pull it", icon="MOUSE_LMB_DRAG")


CLASSES = (SIMREADY_PT_simulate, SIMREADY_PT_simulate_bake, SIMREADY_PT_simulate_bodies)

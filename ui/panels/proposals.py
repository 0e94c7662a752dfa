# SPDX-License-Identifier: GPL-3.0-or-later
"""What the model proposed for the picture of the active asset: choose by looking, or try again; and how sure it is."""

from __future__ import annotations

from bpy.app.translations import pgettext_iface as iface_
from bpy.types import Context, Object, UILayout

from ...operators import ids
from ...operators.choices import Choice, choices
from ...operators.common import active_rig
from ...physx_blender.model.provenance import LOW_CONFIDENCE, NOT_IN_MY_WORLD
from ...physx_blender.scene import part_name
from ...physx_blender.scene.provenance import provenance_of
from ..preferences import wrapped
from ..thumbnails import icon_of
from .base import Side

UNKNOWN = "Not in my world: this looks like nothing that the model knows. What you see is only the nearest thing to it."
DOUBTFUL = "Low confidence: look at the other proposals, compare with the picture, or try another seed."
MOST_DOUBTFUL = 4


class SIMREADY_PT_proposals(Side):
    """Proposals for the picture."""

    bl_idname = "SIMREADY_PT_proposals"
    bl_parent_id = "SIMREADY_PT_generate"
    bl_label = "Proposals"
    bl_order = 1

    @classmethod
    def poll(cls, context: Context) -> bool:
        """A generated asset."""
        rig = active_rig(context)
        return rig is not None and bool(rig.simready_generation.picture)

    def draw(self, context: Context) -> None:
        """Thumbnails to choose from, another seed, what the model has to say."""
        rig = active_rig(context)
        if rig is None:
            return
        layout = self.layout
        found = choices(rig.simready_generation.job)
        if len(found) > 1:
            # two beside each other are large enough to tell apart in a sidebar of usual width
            grid = layout.grid_flow(row_major=True, columns=2, even_columns=True, even_rows=True, align=False)
            for choice in found:
                draw_choice(grid, rig, choice)
        else:
            wrapped(layout, "Its proposals went with the session of Blender that made them.", context, "INFO")
        layout.operator(ids.REGENERATE, icon="FILE_REFRESH")
        draw_notes(layout, rig, context)


def draw_choice(grid: UILayout, rig: Object, choice: Choice) -> None:
    """One proposal: its picture, what it is, how sure the model is, a button that puts it into the scene."""
    box = grid.box().column(align=True)
    box.template_icon(icon_value=icon_of(choice.thumbnail), scale=5.5)
    sure = "" if choice.confidence is None else f" {choice.confidence:.0%}"
    row = box.row()
    row.alert = choice.confidence is not None and choice.confidence < LOW_CONFIDENCE
    row.label(text=f"{choice.label.capitalize()}{sure}", translate=False)
    # two numbers say best how proposals of one kind differ
    text = f"{iface_('Parts')} {choice.parts}   {iface_('Joints')} {choice.joints}"
    box.label(text=text, translate=False)
    used = rig.simready_generation.choice == choice.number
    button = box.operator(
        ids.USE_CHOICE,
        text="In the Scene" if used else "Use",
        depress=used,
        icon="CHECKMARK" if used else "NONE",
    )
    button.number, button.rig = choice.number, rig.name


def draw_notes(layout: UILayout, rig: Object, context: Context) -> None:
    """What the model wants the user to know; that it does not know the object comes first and in red."""
    notes = provenance_of(rig).notes
    unknown = [n for n in notes if n.startswith(NOT_IN_MY_WORLD)]
    low = [n for n in notes if n.startswith("Low confidence")]
    if unknown or 0 <= rig.simready_asset.confidence < LOW_CONFIDENCE:
        box = layout.box()
        box.alert = True
        text = UNKNOWN if unknown else DOUBTFUL
        wrapped(box, text, context, "ERROR")
    draw_doubtful_parts(layout, rig)
    for note in notes:
        if note not in (*unknown, *low):
            wrapped(layout, note, context, "INFO")


def draw_doubtful_parts(layout: UILayout, rig: Object) -> None:
    """The parts that the model is least sure of; a click selects one."""
    sure = {
        o.name: (o.simready_part.confidence, part_name(o))
        for o in rig.children_recursive
        if o.type == "MESH" and 0 <= o.simready_part.confidence < LOW_CONFIDENCE
    }
    if not sure:
        return
    column = layout.column(align=True)
    column.label(text="Least sure of:")
    for confidence, name in sorted(sure.values())[:MOST_DOUBTFUL]:
        row = column.row()
        row.alignment = "LEFT"
        button = row.operator(
            ids.SELECT, text=f"{name}  {confidence:.0%}", translate=False, emboss=False, icon="QUESTION"
        )
        button.rig, button.element = rig.name, f"part '{name}'"


CLASSES = (SIMREADY_PT_proposals,)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures in, the reference beside and before the asset, proposals to choose from, the asset browser."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.blender.zoo import Load, cabinet, differences, names

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "examples" / "nightstand.png"


@pytest.fixture
def generated(bpy: Any, from_extension: Load, tmp_path: Path) -> Any:
    """A rig as a finished job leaves it, with two more proposals; what the model made of it does not matter here."""
    package = from_extension("physx_blender.formats.package")
    model = from_extension("physx_blender.model")
    pose = from_extension("physx_blender.geometry").Pose
    camera = model.Camera(pose((0.0, -3.0, 0.5), (math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0)), 0.6, 384, 512)
    base = replace(cabinet(names(from_extension)), camera=camera)
    result = tmp_path / "result"
    for k, place in enumerate((result, result / "alternatives" / "1", result / "alternatives" / "2")):
        provenance = replace(base.provenance, confidence=0.9 - 0.3 * k)
        joints = tuple(replace(j, damping=0.125 * (k + 1)) for j in base.joints)
        package.write_package(replace(base, provenance=provenance, joints=joints), place)
        shutil.copy(PICTURE, place / "thumbnail.png")
    choices, generate = from_extension("operators.choices"), from_extension("operators.generate")
    asset = from_extension("physx_blender.formats.convert").load_asset(result)
    rig = from_extension("physx_blender.scene").asset_to_scene(asset, bpy.context)
    choices.mark(rig, choices.keep(result, choices.store()), 0, str(PICTURE), "", 7)
    generate.show_reference(rig, PICTURE)
    return rig


def damping(from_extension: Load, bpy: Any) -> float:
    return float(from_extension("operators.common").read_asset(bpy.context, []).joints[0].damping)


def test_a_proposal_takes_the_place_of_another(bpy: Any, from_extension: Load, generated: Any) -> None:
    generated.location.x = 2.0
    generated.name = "bedside"
    assert bpy.ops.simready.reference_board() == {"FINISHED"}
    before = sorted(o.name for o in bpy.data.objects)
    kept = {
        kind: sorted(getattr(bpy.data, kind).keys())
        for kind in ("meshes", "materials", "armatures", "collections")
    }
    found = from_extension("operators.choices").choices(generated.simready_generation.job)
    assert [c.number for c in found] == [0, 1, 2]
    assert [c.confidence for c in found] == pytest.approx([0.9, 0.6, 0.3])
    assert all(c.thumbnail.is_file() for c in found)
    bpy.ops.ed.undo_push(message="Moved")
    assert bpy.ops.simready.use_choice("EXEC_DEFAULT", True, number=2) == {"FINISHED"}
    rig = bpy.context.view_layer.objects.active
    assert (rig.name, rig.location.x, rig.simready_generation.choice) == ("bedside", 2.0, 2)
    assert damping(from_extension, bpy) == 0.375
    assert rig.simready_asset.confidence == pytest.approx(0.3)
    reference = from_extension("physx_blender.scene.replacing").reference_of(rig)
    assert sorted(o.name for o in bpy.data.objects) == before, "names have no number, and the board stays"
    assert {kind: sorted(getattr(bpy.data, kind).keys()) for kind in kept} == kept, "nothing is left behind"
    assert reference.packed_file is not None, "the picture belongs to the new rig as well"
    assert len([o for o in bpy.data.objects if o.type == "ARMATURE"]) == 1
    bpy.ops.ed.undo()
    rig = bpy.context.view_layer.objects.active
    assert (rig.simready_generation.choice, damping(from_extension, bpy)) == (0, 0.125)
    with pytest.raises(RuntimeError, match="only 3 proposals"):
        bpy.ops.simready.use_choice(number=3)


def test_what_was_not_generated_has_no_proposals(bpy: Any, from_extension: Load) -> None:
    from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    with pytest.raises(RuntimeError, match="generated since Blender was started"):
        bpy.ops.simready.use_choice(number=0)
    with pytest.raises(RuntimeError, match="no reference picture"):
        bpy.ops.simready.reference_board()
    with pytest.raises(RuntimeError, match="generated from a picture"):
        bpy.ops.simready.regenerate()


def test_board_stands_left_of_the_asset_and_is_no_part_of_it(
    bpy: Any, from_extension: Load, generated: Any
) -> None:
    before = from_extension("operators.common").read_asset(bpy.context, [])
    assert bpy.ops.simready.reference_board() == {"FINISHED"}
    bpy.context.view_layer.update()
    board = next(o for o in generated.children if o.type == "EMPTY")
    low, high = from_extension("physx_blender.scene.reference_board").bounds(generated)
    width, height = board.data.size
    assert board.empty_display_size == pytest.approx((high.z - low.z) * max(1.0, width / height))
    assert board.location.x + (high.z - low.z) * width / height / 2 < low.x
    # its picture stands upright: up in the picture is up in the world
    assert tuple(board.matrix_world.to_3x3().col[1]) == pytest.approx((0.0, 0.0, 1.0), abs=1e-6)
    after = from_extension("operators.common").read_asset(bpy.context, [])
    assert differences(before, after) == []
    assert bpy.ops.simready.reference_board() == {"FINISHED"}
    assert not [o for o in bpy.data.objects if o.type == "EMPTY"]


@pytest.mark.parametrize(
    ("frame", "size"), [((1920, 1080), (512, 512)), ((1000, 1000), (300, 600)), ((700, 900), (800, 200))]
)
def test_picture_spans_the_longer_side_of_any_frame(
    bpy: Any, from_extension: Load, frame: tuple[int, int], size: tuple[int, int]
) -> None:
    camera = bpy.data.cameras.new("camera")
    background = camera.background_images.new()
    background.image = bpy.data.images.new("picture", *size)
    from_extension("operators.reference").fit_picture(background, *frame)
    # what Blender's FIT shows, times the scale
    shown = min(frame[0] / size[0], frame[1] / size[1]) * background.scale * max(size)
    assert shown == pytest.approx(max(frame), rel=1e-5)


def test_dropped_picture_is_the_one_to_generate_from(bpy: Any, tmp_path: Path) -> None:
    assert bpy.ops.simready.set_picture(filepath=str(PICTURE)) == {"FINISHED"}
    assert bpy.context.window_manager.simready.image == str(PICTURE)
    with pytest.raises(RuntimeError, match="does not exist"):
        bpy.ops.simready.set_picture(filepath=str(tmp_path / "no.png"))
    with pytest.raises(RuntimeError, match="is no PNG, JPEG or WebP"):
        bpy.ops.simready.set_picture(filepath=str(tmp_path / "no.tif"))


def test_asset_goes_into_the_browser(bpy: Any, from_extension: Load, generated: Any, tmp_path: Path) -> None:
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "library.blend"))
    rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
    assert bpy.ops.simready.mark_asset(author="Ada") == {"FINISHED"}
    home = rig.users_collection[0]
    data = home.asset_data
    assert data is not None
    assert "joints that move" in data.description
    tags = {t.name for t in data.tags}
    assert {"simready", "hinge", "slide"} <= tags
    catalogues = (tmp_path / "blender_assets.cats.txt").read_text()
    assert f"{data.catalog_id}:SimReady" in catalogues
    assert data.author == "Ada"
    assert home.preview is not None
    assert max(home.preview.image_size) >= 128, "the thumbnail of the proposal is the preview"
    assert bpy.ops.simready.mark_asset() == {"FINISHED"}
    assert (tmp_path / "blender_assets.cats.txt").read_text() == catalogues

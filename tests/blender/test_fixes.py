# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that an artist makes, found by the check and repaired by one click: one step to undo, and the finding is gone."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.blender.conftest import package_name
from tests.blender.zoo import Load, cabinet, differences, names


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    rig = from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)
    # standing on the floor, closed, and with a drawer that fits
    bpy.data.objects["drawer"].location.z = 0.5
    bpy.context.view_layer.update()
    return rig


def operators() -> Any:
    """Blender's mesh editing, which can be found only once bpy is there."""
    return importlib.import_module("bmesh")


def edited(obj: Any, change: Callable[[Any], None]) -> None:
    """Change a mesh as edit mode would."""
    mesh = operators().new()
    mesh.from_mesh(obj.data)
    change(mesh)
    mesh.to_mesh(obj.data)
    mesh.free()


def remesh(bpy: Any, name: str) -> Any:
    """The part as a plain mesh that no shape is known of any more."""
    obj = bpy.data.objects[name]
    edited(obj, lambda mesh: operators().ops.triangulate(mesh, faces=mesh.faces[:]))
    obj.data.vertices[0].co.x += 1e-4
    return obj


def open_mesh(bpy: Any, rig: Any) -> None:
    def tear(mesh: Any) -> None:
        mesh.faces.ensure_lookup_table()
        operators().ops.delete(mesh, geom=[mesh.faces[-1]], context="FACES_ONLY")

    edited(remesh(bpy, "door"), tear)


def inside_out(bpy: Any, rig: Any) -> None:
    edited(remesh(bpy, "door"), lambda mesh: operators().ops.reverse_faces(mesh, faces=mesh.faces[:]))


def one_face_turned(bpy: Any, rig: Any) -> None:
    def turn(mesh: Any) -> None:
        mesh.faces.ensure_lookup_table()
        operators().ops.reverse_faces(mesh, faces=[mesh.faces[2]])

    edited(remesh(bpy, "door"), turn)


def heavy(bpy: Any, rig: Any) -> None:
    bpy.data.objects["knob"].simready_part.mass = 900.0


def past_its_limit(bpy: Any, rig: Any) -> None:
    bone = rig.pose.bones["drawer"]
    for constraint in bone.constraints:
        constraint.mute = True
    bone.location.y = 0.5


def range_beside_rest(bpy: Any, rig: Any) -> None:
    joint = rig.pose.bones["door"].simready_joint
    joint.angle_high = -0.3


def no_limits(bpy: Any, rig: Any) -> None:
    rig.pose.bones["drawer"].simready_joint.use_travel_limits = False


def far_anchor(bpy: Any, rig: Any) -> None:
    frame = importlib.import_module(f"{package_name()}.physx_blender.scene.joint_frame")
    frame.move_anchor(
        bpy.context, rig, "door", rig.data.bones["door"].head_local + type(rig.location)((-2, 0, 0))
    )


def lifted(bpy: Any, rig: Any) -> None:
    rig.location.z = 0.2


def aside(bpy: Any, rig: Any) -> None:
    rig.location = (0.0, 0.9, 0.0)
    rig.rotation_euler.z = 0.6


def in_millimetres(bpy: Any, rig: Any) -> None:
    rig.scale = (1000.0, 1000.0, 1000.0)


def too_wide(bpy: Any, rig: Any) -> None:
    drawer = bpy.data.objects["drawer"]
    drawer.scale.x = 1.25
    drawer.location.x = 0.15


def wrong_inertia(bpy: Any, rig: Any) -> None:
    joint = rig.pose.bones["door"].simready_joint
    joint.use_inertial = True
    joint.inertial_mass, joint.inertial_moments = 1.0, (1.0, 0.1, 0.1, 0.0, 0.0, 0.0)


FAULTS: dict[str, tuple[str, Callable[[Any, Any], None]]] = {
    "open": ("mesh.open", open_mesh),
    "inside out": ("mesh.inverted", inside_out),
    "one face turned": ("mesh.flipped", one_face_turned),
    "heavy": ("mass.outlier", heavy),
    "past its limit": ("limits.position_outside_travel", past_its_limit),
    "range beside rest": ("limits.rest_outside_angle", range_beside_rest),
    "no limits": ("limits.none", no_limits),
    "far anchor": ("anchor.far", far_anchor),
    "lifted": ("place.floor", lifted),
    "aside": ("place.centre", aside),
    "in millimetres": ("size.absurd", in_millimetres),
    "too wide": ("collision.overlap", too_wide),
    "wrong inertia": ("inertia.invalid", wrong_inertia),
}


def indices(bpy: Any, code: str) -> list[int]:
    return [k for k, f in enumerate(bpy.context.window_manager.simready.findings) if f.code == code]


@pytest.mark.parametrize("fault", FAULTS)
def test_one_click_repairs_and_one_step_undoes(bpy: Any, from_extension: Load, rig: Any, fault: str) -> None:
    read = from_extension("operators.common").read_asset
    code, make = FAULTS[fault]
    bpy.ops.simready.check()
    assert indices(bpy, code) == []
    make(bpy, rig)
    bpy.context.view_layer.update()
    bpy.ops.ed.undo_push(message="Fault")
    bpy.ops.simready.check()
    broken = read(bpy.context, [])
    number = indices(bpy, code)[0]
    errors = {f.code for f in bpy.context.window_manager.simready.findings if f.severity == "ERROR"}
    assert bpy.ops.simready.fix_finding("EXEC_DEFAULT", True, index=number) == {"FINISHED"}
    findings = bpy.context.window_manager.simready.findings
    assert indices(bpy, code) == [], [(f.element, f.message) for f in findings]
    assert {f.code for f in findings if f.severity == "ERROR"} <= errors
    repaired = read(bpy.context, [])
    assert differences(broken, repaired) != []
    bpy.ops.ed.undo()
    assert differences(broken, read(bpy.context, [])) == []
    assert bpy.context.window_manager.simready.stale
    bpy.ops.ed.redo()
    assert differences(repaired, read(bpy.context, []), tolerance=1e-6) == []


def test_a_link_without_parts_gets_a_mass(bpy: Any, from_extension: Load) -> None:
    m = names(from_extension)
    asset = cabinet(m)
    flap = m.Joint(
        "flap hinge", m.JointKind.HINGE, "base", "flap", (1, 0, 0), (0, -0.2, 0.7), angle_limits=(0, 1)
    )
    asset = replace(asset, links=(*asset.links, m.Link("flap")), joints=(*asset.joints, flap))
    rig = from_extension("physx_blender.scene").asset_to_scene(asset, bpy.context)
    bpy.ops.simready.check()
    bpy.ops.simready.fix_finding(index=indices(bpy, "mass.none")[0])
    assert indices(bpy, "mass.none") == []
    joint = rig.pose.bones["flap"].simready_joint
    assert joint.use_inertial
    assert 0.001 < joint.inertial_mass < 1.0
    assert joint.inertial_centre[:] == pytest.approx((0.0, -0.2, 0.7), abs=1e-5)


def test_the_scene_says_what_the_core_says(bpy: Any, from_extension: Load, rig: Any) -> None:
    """A repair on the scene gives the asset that the repair gives on the asset itself."""
    checks = from_extension("physx_blender.checks")
    read = from_extension("operators.common").read_asset
    rig.location, rig.rotation_euler.z, rig.scale = (0.4, -0.3, 0.1), 0.5, (1.4, 1.4, 1.4)
    open_mesh(bpy, rig)
    no_limits(bpy, rig)
    bpy.context.view_layer.update()
    for code in ("mesh.open", "limits.none", "place.floor"):
        asset = read(bpy.context, [])
        finding = next(f for f in checks.check_asset(asset) if f.code == code)
        expected = checks.repaired(asset, finding)
        bpy.ops.simready.check()
        bpy.ops.simready.fix_finding(index=indices(bpy, code)[0])
        after = read(bpy.context, [])
        for one, other in zip(expected.joints, after.joints, strict=True):
            assert one.travel_limits == pytest.approx(other.travel_limits, abs=1e-5)
            assert np.allclose(one.anchor, other.anchor, atol=1e-5)
        mass = from_extension("physx_blender.model.inertia").part_mass_properties
        for one, other in zip(expected.parts, after.parts, strict=True):
            assert mass(one).mass == pytest.approx(mass(other).mass, rel=1e-4)
            assert np.allclose(mass(one).centre, mass(other).centre, atol=1e-5)


def test_all_of_one_kind_in_one_step(bpy: Any, from_extension: Load, rig: Any) -> None:
    for name in ("door", "knob", "drawer"):
        obj = remesh(bpy, name)
        edited(obj, lambda mesh: operators().ops.reverse_faces(mesh, faces=mesh.faces[:]))
    bpy.ops.ed.undo_push(message="Faults")
    bpy.ops.simready.check()
    assert len(indices(bpy, "mesh.inverted")) == 3
    bpy.ops.simready.fix_finding("EXEC_DEFAULT", True, index=indices(bpy, "mesh.inverted")[0], same_kind=True)
    assert indices(bpy, "mesh.inverted") == []
    bpy.ops.ed.undo()
    bpy.ops.simready.check()
    assert len(indices(bpy, "mesh.inverted")) == 3


def test_what_modifiers_make_is_not_repaired_behind_them(bpy: Any, from_extension: Load, rig: Any) -> None:
    open_mesh(bpy, rig)
    bpy.data.objects["door"].modifiers.new("Array", "ARRAY").count = 1
    bpy.context.view_layer.update()
    bpy.ops.simready.check()
    with pytest.raises(RuntimeError, match="modifiers"):
        bpy.ops.simready.fix_finding(index=indices(bpy, "mesh.open")[0])


def test_materials_and_uv_survive_a_repair(bpy: Any, from_extension: Load, rig: Any) -> None:
    before = [m.name for m in bpy.data.objects["door"].data.materials]
    open_mesh(bpy, rig)
    bpy.ops.simready.check()
    bpy.ops.simready.fix_finding(index=indices(bpy, "mesh.open")[0])
    door = bpy.data.objects["door"]
    assert [m.name for m in door.data.materials] == before
    assert len(door.data.uv_layers) == 1
    assert door.data.name == "door"


def test_a_repair_needs_a_check(bpy: Any, rig: Any) -> None:
    bpy.context.window_manager.simready.findings.clear()
    with pytest.raises(RuntimeError, match="Check the asset first"):
        bpy.ops.simready.fix_finding(index=0)


def test_a_recheck_works_out_only_what_has_changed(bpy: Any, from_extension: Load, rig: Any) -> None:
    memo = from_extension("operators.check").memo_of(rig)
    bpy.ops.simready.check()
    everything = memo.worked
    bpy.ops.simready.check()
    assert memo.worked == 0
    bpy.data.objects["knob"].location.z += 0.01
    bpy.context.view_layer.update()
    bpy.ops.simready.check()
    assert 0 < memo.worked < everything / 2


def test_repairs_have_a_japanese_name_and_tooltip(from_extension: Load) -> None:
    table = from_extension("ui.translations.japanese").JAPANESE
    for fix in from_extension("physx_blender.checks").FIXES.values():
        assert fix.label in table
        assert fix.tooltip in table

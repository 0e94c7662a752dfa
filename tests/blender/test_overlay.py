# SPDX-License-Identifier: GPL-3.0-or-later
"""What the overlay would draw, and when it looks again; without a window."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.blender.zoo import Load, cabinet, names, zoo


@pytest.fixture
def rig(bpy: Any, from_extension: Load) -> Any:
    return from_extension("physx_blender.scene").asset_to_scene(cabinet(names(from_extension)), bpy.context)


def shown(bpy: Any, from_extension: Load) -> dict[str, Any]:
    bpy.context.view_layer.update()
    return {j.name: j for j in from_extension("ui.overlay.gather").shown_joints(bpy.context)}


def test_all_joints_of_all_assets_are_shown(bpy: Any, from_extension: Load, rig: Any) -> None:
    from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)
    found = shown(bpy, from_extension)
    assert set(found) == {
        "door hinge",
        "drawer slide",
        *(f"j {n}" for n in ("hinge", "slide", "ball", "twist", "oblique", "follow", "wheel")),
    }
    assert found["j follow"].follows
    assert found["j wheel"].symbol.angle_limits is None


def test_travel_is_shown_in_the_size_of_the_world(bpy: Any, from_extension: Load, rig: Any) -> None:
    rig.scale = (2.0, 2.0, 2.0)
    drawer = shown(bpy, from_extension)["drawer slide"]
    assert drawer.symbol.travel_limits == pytest.approx((0.0, 0.6), abs=1e-6)
    assert drawer.symbol.slide == pytest.approx([0.0, -1.0, 0.0], abs=1e-6)


def test_a_part_that_is_posed_does_not_move_its_own_sign(bpy: Any, from_extension: Load, rig: Any) -> None:
    signature = from_extension("ui.overlay.gather").signature
    before = signature(list(shown(bpy, from_extension).values()))
    rig.pose.bones["door"].rotation_euler[1] = -1.0
    assert signature(list(shown(bpy, from_extension).values())) == before
    rig.location.x = 1.0
    assert signature(list(shown(bpy, from_extension).values())) != before


def test_a_pose_carries_signs_along_as_if_they_were_looked_at_anew(
    bpy: Any, from_extension: Load, rig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = from_extension("ui.overlay")
    batches, gather = from_extension("ui.overlay.batches"), from_extension("ui.overlay.gather")
    across = from_extension("physx_blender.geometry.dragging").across
    zoo_rig = from_extension("physx_blender.scene").asset_to_scene(zoo(names(from_extension)), bpy.context)
    overlay = package.Overlay()
    overlay.update(bpy.context)
    looks = []
    monkeypatch.setattr(
        package, "shown_joints", lambda *a, **n: looks.append(1) or gather.shown_joints(*a, **n)
    )
    bpy.context.view_layer.objects.active = zoo_rig
    bpy.ops.simready.random_pose(seed=3)
    rig.rotation_euler, rig.location = (0.3, 0.2, 1.0), (2.0, 1.0, 0.5)
    rig.pose.bones["door"].rotation_euler[1] = -0.7
    bpy.context.view_layer.update()
    overlay.stale = True
    overlay.update(bpy.context)
    assert looks == [], "nothing but the pose has changed"
    anew = gather.shown_joints(bpy.context)
    assert [j.name for j in anew] == [j.name for j in overlay.joints]
    compared = 0
    for number, joint in enumerate(anew):
        for group, (places, _) in batches._vertices(joint).items():
            _, owners, _ = overlay.sheet.groups[group]
            mine = overlay.batches.vertices[group][0][owners == number]
            near = np.linalg.norm(mine - places, axis=1).max() < 2e-5
            # where no part says which side is the front, any will do, and then the sign is turned about its axis
            anyhow = across(joint.symbol.axis, np.zeros(3))
            assert near or joint.symbol.zero == pytest.approx(anyhow, abs=1e-5), joint.name
            compared += near
    assert compared > 8
    for change, anew in (
        (lambda: setattr(rig.pose.bones["door"].simready_joint, "angle_low", -1.1), False),
        (lambda: setattr(rig.pose.bones["drawer"].simready_joint, "name", "till"), False),
        (lambda: setattr(rig.children[0], "location", (0.1, 0.2, 0.3)), True),
        (lambda: setattr(rig, "scale", (2.0, 2.0, 2.0)), True),
        (lambda: setattr(rig.pose.bones["drawer"].simready_joint, "kind", "hinge"), True),
    ):
        change()
        bpy.context.view_layer.update()
        looks.clear()
        overlay.stale = True
        overlay.update(bpy.context)
        assert bool(looks) is anew
        fresh = package.Overlay()
        fresh.update(bpy.context)
        assert [j.name for j in overlay.joints] == [j.name for j in fresh.joints]
        for group, (places, colours) in fresh.batches.vertices.items():
            # apart from how it is turned about its axis, see above
            middles = fresh.places[fresh.sheet.groups[group][1], :3, 3]
            mine = overlay.batches.vertices[group][0] - middles
            assert np.linalg.norm(mine, axis=1) == pytest.approx(
                np.linalg.norm(places - middles, axis=1), abs=1e-4
            )
            assert (overlay.batches.vertices[group][1] == colours).all()


def test_what_is_hidden_is_not_shown(bpy: Any, from_extension: Load, rig: Any) -> None:
    for obj in (rig, *rig.children_recursive):
        obj.hide_set(True)
    assert shown(bpy, from_extension) == {}


def test_a_limit_that_collides_is_wrong_until_it_is_changed(bpy: Any, from_extension: Load, rig: Any) -> None:
    bpy.context.view_layer.objects.active = rig
    settings = rig.pose.bones["drawer"].simready_joint
    settings.travel_low = -0.15  # through the back of the cabinet
    assert bpy.ops.simready.find_colliding_limits() == {"FINISHED"}
    assert shown(bpy, from_extension)["drawer slide"].symbol.wrong == {"travel_low"}
    settings.travel_low = -0.001
    assert shown(bpy, from_extension)["drawer slide"].symbol.wrong == set()
    settings.travel_low = -0.12
    bpy.ops.simready.check()  # looks again while the overlay is on
    assert shown(bpy, from_extension)["drawer slide"].symbol.wrong == {"travel_low"}
    settings.travel_low = -0.001
    bpy.ops.simready.find_colliding_limits()
    assert len(bpy.context.window_manager.simready_viewport.collisions) == 0
    bpy.context.window_manager.simready_viewport.show_overlay = False


def test_the_joint_with_handles_is_not_drawn_twice_but_what_is_wrong_is(
    bpy: Any, from_extension: Load, rig: Any
) -> None:
    gather, batches = from_extension("ui.overlay.gather"), from_extension("ui.overlay.batches")
    bpy.context.view_layer.objects.active = rig
    settings = rig.pose.bones["drawer"].simready_joint
    settings.travel_low = -0.15
    bpy.ops.simready.find_colliding_limits()

    def lines(handled: Any) -> dict[str, int]:
        joints = gather.shown_joints(bpy.context, handled)
        assert len(set(gather.signature(joints))) == len(joints)
        return {j.name: sum(len(p) for p, _ in batches._vertices(j).values()) for j in joints}

    alone, door, drawer = (lines(h) for h in (None, (rig.name, "door"), (rig.name, "drawer")))
    assert door == {**alone, "door hinge": 0}
    assert 0 < drawer["drawer slide"] < alone["drawer slide"], "the end that collides stays red"
    assert gather.handled_joint(bpy.context) is None, "there is no viewport"
    bpy.context.window_manager.simready_viewport.show_overlay = False


def test_off_leaves_no_callbacks(bpy: Any, from_extension: Load, rig: Any) -> None:
    overlay = from_extension("ui.overlay").overlay
    settings = bpy.context.window_manager.simready_viewport
    changes = bpy.app.handlers.depsgraph_update_post
    before = len(changes)
    settings.show_overlay = True
    assert overlay.on
    assert len(changes) == before + 1
    overlay.stale = False
    rig.location.x += 1.0
    bpy.context.view_layer.update()
    assert overlay.stale
    settings.show_overlay = False
    assert not overlay.on
    assert len(changes) == before


def test_signs_have_a_size_that_suits_the_asset(bpy: Any, from_extension: Load, rig: Any) -> None:
    radii = np.array([j.symbol.radius for j in shown(bpy, from_extension).values()])
    assert (radii > 0.01).all()
    assert (radii < 0.3).all()


def test_names_keep_clear_of_each_other_and_within_the_region(bpy: Any, from_extension: Load) -> None:
    room_for = from_extension("ui.overlay.names").room_for
    places = np.array(
        [(10.0, 10.0), (40.0, 12.0), (10.0, 60.0), (150.0, 10.0), (np.nan, np.nan), (61.0, 10.0)]
    )
    sizes = np.tile([50.0, 14.0], (6, 1))
    assert room_for(places, sizes, np.arange(6), (190, 100)).tolist() == [0, 2, 5]
    assert room_for(places, sizes, np.array([1, 0, 2, 3, 4, 5]), (300, 100)).tolist() == [1, 2, 3]

    random = np.random.default_rng(1)
    many, size = (
        random.uniform(-50, 900, (300, 2)),
        np.column_stack([random.uniform(20, 90, 300), np.full(300, 16.0)]),
    )
    chosen = room_for(many, size, np.arange(300), (800, 600))
    assert 20 < len(chosen) < 300
    for n, a in enumerate(chosen):
        for b in chosen[:n]:
            apart = (many[a] >= many[b] + size[b]) | (many[b] >= many[a] + size[a])
            assert apart.any()

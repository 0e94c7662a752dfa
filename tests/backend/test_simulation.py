# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenes that play, against closed forms."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from backend.gate.quiet import collected_warnings
from backend.simulation.stepper import Simulation
from backend.simulation.world import compose
from physx_blender.errors import AssetError
from physx_blender.geometry import Pose
from physx_blender.geometry.pose import Vec3
from physx_blender.simulation import Grab, Push, SceneBody, SimulationScene, StepRequest, asset_body
from physx_blender.simulation.scene import MODEL
from tests.backend.simulated_assets import block, chest, pendulum, pendulum_period

TURN = math.radians(35.0)


def play(*bodies: SceneBody, gravity: Vec3 = (0.0, 0.0, -9.81), interval: float = 1 / 24) -> Simulation:
    """A simulation, sent and received as over the wire."""
    scene = SimulationScene(bodies, gravity, interval)
    assert SimulationScene.from_bytes(scene.to_bytes()) == scene
    return Simulation(compose(scene))


@pytest.mark.parametrize("interval", [1 / 24, 1 / 25, 1 / 60])
def test_free_fall(interval: float) -> None:
    turned = (math.cos(TURN / 2), 0.0, 0.0, math.sin(TURN / 2))
    simulation = play(asset_body(block(), Pose((3.0, -2.0, 50.0), turned)), interval=interval)
    reply = simulation.advance(StepRequest(frames=20))
    assert len(reply.samples) == 20
    step = float(simulation.model.opt.timestep)
    for number, sample in enumerate(reply.samples, start=1):
        t = number * interval
        # the integrator takes the speed at the end of each step: exactly g t h / 2 further than the parabola
        assert sample[2] == pytest.approx(50.0 - 9.81 / 2 * t * (t + step), abs=1e-9)
        assert sample[:2] == pytest.approx((3.0, -2.0), abs=1e-9)
        assert sample[3:] == pytest.approx(turned, abs=1e-12)
    assert reply.time == pytest.approx(20 * interval)


@pytest.mark.parametrize("turn", [0.0, TURN])
def test_pendulum_has_its_period(turn: float) -> None:
    angle = 0.05
    pose = Pose((1.0, 2.0, 0.0), (math.cos(turn / 2), 0.0, 0.0, math.sin(turn / 2)))
    simulation = play(asset_body(pendulum(angle=angle), pose), interval=1 / 200)
    samples = [s[0] for s in simulation.advance(StepRequest(frames=900)).samples]
    while len(samples) < 900:
        samples += [s[0] for s in simulation.advance(StepRequest(frames=900 - len(samples))).samples]
    falling = [
        k + samples[k] / (samples[k] - samples[k + 1])
        for k in range(len(samples) - 1)
        if samples[k] > 0.0 >= samples[k + 1]
    ]
    periods = np.diff(falling) / 200
    assert periods.mean() == pytest.approx(pendulum_period(0.5, angle), rel=1e-3)


def test_a_grab_pulls_a_drawer_to_the_hand_and_its_limit_holds() -> None:
    simulation = play(asset_body(chest(), Pose()))
    drawer = next(k for k, b in enumerate(simulation.world.bodies) if b.link == "drawer 0")
    handle = (0.1, -0.2, 0.0)
    for _ in range(90):
        # across the rail and upwards as well: only what the rail allows may happen
        reply = simulation.advance(StepRequest(1 / 30, grab=Grab(drawer, handle, (0.3, -0.45, 0.3))))
    assert reply.positions[0] == pytest.approx(0.25, abs=0.01)
    assert reply.held == pytest.approx((0.1, -0.2 - reply.positions[0], 0.1), abs=1e-6)
    for _ in range(90):
        reply = simulation.advance(StepRequest(1 / 30, grab=Grab(drawer, handle, (0.1, -5.0, 0.1))))
    assert reply.positions[0] == pytest.approx(0.4, abs=0.02)
    for _ in range(30):
        reply = simulation.advance(StepRequest(1 / 30))
    # the stop gives a little under the hand, and throws the drawer back as much
    assert 0.37 < reply.positions[0] < 0.401
    assert reply.notes == ()


def test_a_grab_lifts_a_free_body_and_letting_go_drops_it() -> None:
    simulation = play(asset_body(block(), Pose()))
    for _ in range(60):
        reply = simulation.advance(StepRequest(1 / 30, grab=Grab(0, (0.0, 0.0, 0.2), (0.0, 0.0, 0.8))))
    # the spring of rate w hangs through by g / w^2
    assert reply.positions[2] == pytest.approx(0.6 - 9.81 / 15.0**2, abs=0.01)
    reply = simulation.advance(StepRequest(frames=48))
    assert reply.positions[2] == pytest.approx(0.0, abs=0.002)


def test_a_push_gives_the_asked_speed() -> None:
    simulation = play(asset_body(block(), Pose((0.0, 0.0, 5.0))), gravity=(0.0, 0.0, 0.0))
    reply = simulation.advance(StepRequest(0.5, push=Push(0, (0.0, 0.0, 0.1), (2.0, 0.0, 0.0))))
    assert reply.positions[:3] == pytest.approx((1.0, 0.0, 5.0), abs=5e-3)
    # off the middle it turns as well: the pushed point has the speed, the middle the share m_eff / m of it
    simulation = play(asset_body(block(), Pose((0.0, 0.0, 5.0))), gravity=(0.0, 0.0, 0.0))
    simulation.advance(StepRequest(push=Push(0, (0.0, 0.0, 0.2), (2.0, 0.0, 0.0))))
    size = 0.2
    share = 1.0 / (1.0 + (size / 2) ** 2 * 6.0 / size**2)
    middle = simulation.data.qvel[:3] + np.cross(simulation.data.qvel[3:], (0.0, 0.0, size / 2))
    assert middle == pytest.approx((2.0 * share, 0.0, 0.0), abs=1e-9)


@pytest.mark.parametrize(("tilt", "slides"), [(0.8, False), (1.2, True)])
def test_tilting_past_the_friction_angle_makes_things_slide(tilt: float, slides: bool) -> None:
    friction = 0.5
    simulation = play(asset_body(block(friction=friction), Pose()))
    simulation.advance(StepRequest(frames=12))
    angle = math.atan(friction * tilt)
    down = (9.81 * math.sin(angle), 0.0, -9.81 * math.cos(angle))
    begun = simulation.advance(StepRequest(frames=1, gravity=down)).positions[0]
    moved = simulation.advance(StepRequest(frames=24)).positions[0] - begun
    if slides:
        g = 9.81 * (math.sin(angle) - friction * math.cos(angle))
        assert moved == pytest.approx(g / 2 * (25**2 - 1) / 24**2, rel=0.05)
    else:
        assert abs(moved) < 1e-3


def test_springs_are_felt_and_positions_are_kept() -> None:
    asset = chest()
    spring = replace(asset.joints[0], stiffness=400.0, friction_loss=0.0, damping=20.0, position=(0.2,))
    simulation = play(asset_body(replace(asset, joints=(spring,)), Pose()))
    assert simulation.world.positions[0] == 0.2
    assert simulation.advance(StepRequest(frames=48)).positions[0] == pytest.approx(0.0, abs=1e-3)


def test_the_same_requests_give_the_same_motion() -> None:
    ends = []
    for _ in range(2):
        simulation = play(*(asset_body(block(), Pose((0.01 * k, 0.0, 0.25 * k))) for k in range(4)))
        first = simulation.advance(StepRequest(0.77)).positions
        ends.append((first, simulation.advance(StepRequest(frames=24)).positions))
    assert ends[0] == ends[1]


def test_real_time_and_frames_agree() -> None:
    one, other = (play(asset_body(block(), Pose((0.0, 0.0, 2.0)))) for _ in range(2))
    for _ in range(100):
        reply = one.advance(StepRequest(1 / 97, sampled=True))
        if reply.samples:
            assert reply.samples == other.advance(StepRequest(frames=1)).samples


def test_what_explodes_is_brought_to_rest_and_told_once() -> None:
    simulation = play(asset_body(block(), Pose((0.0, 0.0, 1.0))))
    simulation.advance(StepRequest(frames=2))
    before = simulation.data.qpos.copy()
    simulation.data.qvel[0] = 1e9
    with collected_warnings():
        reply = simulation.advance(StepRequest(frames=1))
    assert len(reply.notes) == 1
    assert "unstable at 'base'" in reply.notes[0]
    assert reply.positions == pytest.approx(before, abs=0.1)
    simulation.data.qvel[0] = math.nan
    with collected_warnings():
        again = simulation.advance(StepRequest(frames=1))
    assert again.notes == ()
    assert np.isfinite(again.positions).all()


def test_overlap_at_the_start_is_told_with_names() -> None:
    scene = SimulationScene((asset_body(block(), Pose()), asset_body(block(), Pose((0.0, 0.0, 0.1)))))
    (note,) = compose(scene).notes
    assert note.startswith("block (base) and block (base) overlap by 100 mm")
    scene = SimulationScene((asset_body(block(), Pose((0.0, 0.0, -0.05))),))
    (note,) = compose(scene).notes
    assert "the ground" in note


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<mujoco><include file='/etc/passwd'/></mujoco>", "include"),
        ("<mujoco><asset><mesh name='m' file='/etc/passwd'/></asset></mujoco>", "was not sent"),
        ("<mujoco><compiler meshdir='/etc'/></mujoco>", "folders"),
        ("<mujoco><worldbody><geom/></worldbody>", "XML"),
        ("<mujoco><worldbody><body><joint/></body></worldbody></mujoco>", "MuJoCo refuses"),
        ("<mujoco><worldbody><body><freejoint/><geom size='1'/></body></worldbody></mujoco>", "name"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><mujoco/>", "document type"),
    ],
)
def test_models_that_reach_out_or_make_no_sense_are_refused(text: str, message: str) -> None:
    with pytest.raises(AssetError, match=message):
        compose(SimulationScene((SceneBody("bad", {MODEL: text.encode()}),)))


@pytest.mark.parametrize("data", [b"", b"PK", b"\x00" * 5000, b"{}"])
def test_garbage_is_no_scene(data: bytes) -> None:
    with pytest.raises(AssetError, match="scene"):
        SimulationScene.from_bytes(data)

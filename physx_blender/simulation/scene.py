# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene as it is sent to a simulation: bodies as MJCF, where they stand, and what pulls on them.

On the wire it is a zip: ``scene.json`` (everything but the models) and ``<number of the body>/<files of its MJCF>``.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..errors import AssetError
from ..formats.layout import joint_element_names, plan
from ..formats.mjcf.writer import mjcf_files
from ..geometry import Pose
from ..geometry.pose import Vec3, vec3
from ..json_values import flag, items, mapping, real, reals, text
from ..model import Asset, JointKind

MAX_SCENE_BYTES = 8 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_FILES = 5000
MAX_BODIES = 256
GRAVITY: Vec3 = (0.0, 0.0, -9.81)
MODEL = "model.xml"
_SCENE = "scene.json"


@dataclass(frozen=True)
class SceneBody:
    """An asset, or a single object, in the scene.

    files: its MJCF (`MODEL`) and the meshes that it names, as path -> bytes.  pose: of its frame in the world.
    held: its base is fastened where it stands, instead of free.
    positions: initial position of each joint element of the MJCF by name, in MuJoCo's numbers; missing = rest.
    """

    name: str
    files: Mapping[str, bytes]
    pose: Pose = Pose()
    held: bool = False
    positions: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if MODEL not in self.files:
            raise AssetError(f"has no {MODEL}", where=f"body {self.name!r:.80}")


@dataclass(frozen=True)
class SimulationScene:
    """Bodies; gravity in m/s²; interval: seconds between frames, which the time step divides evenly.

    ground: height of an endless floor in metres, None = there is none.  ground_friction: sliding friction of it.
    """

    bodies: tuple[SceneBody, ...]
    gravity: Vec3 = GRAVITY
    interval: float = 1.0 / 24.0
    ground: float | None = 0.0
    ground_friction: float = 0.5

    def __post_init__(self) -> None:
        where = "simulation scene"
        if not self.bodies:
            raise AssetError("has no bodies; add an asset or a rigid body", where=where)
        if len(self.bodies) > MAX_BODIES:
            raise AssetError(f"has {len(self.bodies)} bodies, over the limit of {MAX_BODIES}", where=where)
        object.__setattr__(self, "gravity", vec3(self.gravity, f"{where}, gravity"))
        if not 1e-3 <= self.interval <= 1.0:
            raise AssetError(
                f"has {self.interval:g} s from frame to frame; choose from 1 to 1000 frames a second",
                where=where,
            )
        if not 0.0 <= self.ground_friction <= 10.0:
            raise AssetError("its ground needs a friction from 0 to 10", where=where)

    def to_bytes(self) -> bytes:
        """The zip. Raises AssetError when it is over the limit."""
        data = {
            "gravity": self.gravity,
            "interval": self.interval,
            "ground": self.ground,
            "ground_friction": self.ground_friction,
            "bodies": [
                {
                    "name": b.name,
                    "position": b.pose.position,
                    "quaternion": b.pose.quaternion,
                    "held": b.held,
                    "positions": {k: list(v) for k, v in b.positions.items()},
                }
                for b in self.bodies
            ],
        }
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_SCENE, json.dumps(data, allow_nan=False))
            for number, body in enumerate(self.bodies):
                for name, content in body.files.items():
                    archive.writestr(f"{number}/{name}", content)
        packed = stream.getvalue()
        if len(packed) > MAX_SCENE_BYTES:
            raise AssetError(
                f"has {len(packed) / 2**20:.0f} MB, over the limit of {MAX_SCENE_BYTES // 2**20} MB; "
                "leave out dense meshes, or remesh them",
                where="simulation scene",
            )
        return packed

    @staticmethod
    def from_bytes(data: bytes) -> SimulationScene:
        """The scene that `to_bytes` wrote; nothing in it is trusted but its meaning."""
        where = "simulation scene"
        files: dict[str, dict[str, bytes]] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                if len(entries) > MAX_FILES or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
                    raise AssetError("is larger than any scene of ours", where=where)
                for entry in entries:
                    number, _, name = entry.filename.partition("/")
                    # zipfile itself stops at the size that the entry states
                    content = archive.read(entry)
                    files.setdefault(number, {})[name] = content
            described = json.loads(files.pop(_SCENE, {}).get("", b""))
        except (
            zipfile.BadZipFile,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            RecursionError,
        ) as error:
            if isinstance(error, AssetError):
                raise
            raise AssetError(f"is damaged ({error})", where=where) from None
        return _read(mapping(described, where), files, where)


def _read(data: Mapping[str, Any], files: dict[str, dict[str, bytes]], where: str) -> SimulationScene:
    bodies = []
    for number, value in enumerate(items(data, "bodies", where, most=MAX_BODIES)):
        at = f"{where}, body {number}"
        body = mapping(value, at)
        positions = mapping(body.get("positions", {}), at)
        x, y, z = reals(body, "position", at, 3)
        qw, qx, qy, qz = reals(body, "quaternion", at, 4)
        bodies.append(
            SceneBody(
                text(body, "name", at, longest=200),
                files.get(str(number), {}),
                Pose((x, y, z), (qw, qx, qy, qz)),
                flag(body, "held", at),
                {k: reals(positions, k, at) for k in positions},
            )
        )
    gx, gy, gz = reals(data, "gravity", where, 3)
    ground = None if data.get("ground") is None else real(data, "ground", where)
    return SimulationScene(
        tuple(bodies),
        (gx, gy, gz),
        real(data, "interval", where),
        ground,
        real(data, "ground_friction", where, default=0.5),
    )


def asset_body(asset: Asset, pose: Pose, *, held: bool | None = None) -> SceneBody:
    """An asset as a body of a scene, written by the very exporter; what is only seen is left out.

    pose: of the asset's frame in the world.  held: None = as the asset's `fixed_base` says.
    """
    plain = replace(asset, parts=tuple(replace(p, texture=None) for p in asset.parts), fixed_base=False)
    layout = plan(plain)
    layout = replace(layout, links=tuple(replace(link, visuals=()) for link in layout.links))
    files = mjcf_files(layout, name="model")
    positions: dict[str, tuple[float, ...]] = {}
    for joint in asset.joints:
        assert joint.position is not None
        names = joint_element_names(joint)
        if joint.kind is JointKind.CYLINDRICAL:
            angle, travel = joint.position
            positions |= {names[0]: (travel,), names[1]: (angle,)}
        elif joint.kind is JointKind.FREE:
            # MuJoCo has these at the top level: the position is that of the link's frame in the asset's frame
            here = asset.link_poses(asset.current_positions())[joint.child]
            point = here.apply(np.array([joint.anchor]))[0]
            placed = pose @ Pose((float(point[0]), float(point[1]), float(point[2])), here.quaternion)
            positions[names[0]] = (*placed.position, *placed.quaternion)
        elif joint.kind is not JointKind.FIXED:
            positions[names[0]] = joint.position
    return SceneBody(asset.name, files, pose, asset.fixed_base if held is None else held, positions)

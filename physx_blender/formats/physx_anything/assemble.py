# SPDX-License-Identifier: GPL-3.0-or-later
"""From a structured description and the geometry of its parts to an `Asset`.

Coordinates: voxel space has z up and the front towards -y, as the asset has, so nothing is turned. Lattice coordinate p
lies at p / grid - 0.5 in the unit cube that the object was scaled into. The object's longest side is the largest of the
three dimensions, so one factor turns voxels into metres, and it serves positions and slide ranges as well as the geometry.
The result is moved to stand on z = 0 with its footprint centred.

Rest is the pose of the voxels, and all ranges count from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ...errors import AssetError
from ...geometry import Box, Mesh, PlacedShape, Pose, TriangleMesh
from ...geometry.pose import Array, Vec3
from ...model import Asset, Joint, Link, Material, Part, Provenance, Texture
from ...model.inertia import part_mass_properties
from ...model.materials import MATERIALS, match_material
from ...model.names import clean_name
from .description import Description, GroupText, Movement, PartText
from .joints import read_joint
from .relief import colliding_cells
from .report import Report
from .resistance import with_resistance
from .runs import Indices
from .solids import part_solids
from .surface import voxel_surface
from .voxel_grid import Cells, boxes, thin
from .walls import hollow_mass

CLEARANCE = 0.02  # cells that a surface keeps from bodies that move against it
MAX_COLLISION_BOXES = 512
DEFAULT_SIDE_CM = 30.0
_FASTENED = re.compile(
    r"(?:door|window|switch|faucet|tap|socket|outlet|doorbell|sink|elevator|gate|fence|handrail)s?\Z"
    r"|\b(?:wall|ceiling)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PartGeometry:
    """What is known of a part's form.

    cells: (N, 3) voxels, or None.  look: a mesh in the unit cube (-0.5 .. 0.5, z up), or None.  texture: of the look's uv.
    """

    cells: Indices | None = None
    look: TriangleMesh | None = None
    texture: Texture | None = None


@dataclass(frozen=True)
class Frame:
    """Unit cube to asset frame: metres = (unit - origin) * side."""

    side: float
    origin: Vec3
    grid: int

    def points(self, unit: Array) -> Array:
        """(N, 3) of the unit cube to metres."""
        return (np.asarray(unit, float) - np.array(self.origin)) * self.side

    def cells(self, lattice: Array) -> Array:
        """(N, 3) lattice coordinates to metres."""
        return self.points(np.asarray(lattice, float) / self.grid - 0.5)

    @property
    def voxel(self) -> float:
        """Side of a voxel, metres."""
        return self.side / self.grid


def assemble(
    description: Description,
    geometry: Mapping[int, PartGeometry],
    report: Report,
    *,
    fixed_base: bool | None = None,
    provenance: Provenance | None = None,
) -> Asset:
    """The asset of a description.  geometry: part id -> form.

    fixed_base: None decides by the name and category (doors, windows, taps ... are fastened).
    Raises AssetError when no part has any geometry.
    """
    grid = description.grid
    cells = {k: g.cells for k, g in geometry.items() if g.cells is not None and len(g.cells)}
    for k in sorted(set(geometry) - {p.id for p in description.parts}):
        report.loss("has geometry but no line in the text; dropped", place=f"l_{k}")
        cells.pop(k, None)
    solids = part_solids({k: cells[k] for k in sorted(cells)}, grid, report)
    looks = {p.id: geometry[p.id].look for p in description.parts if p.id in geometry and geometry[p.id].look}
    groups = _groups_with_geometry(description, set(solids) | set(looks), report)
    frame = _frame(description, solids, {k: m for k, m in looks.items() if m is not None}, report)
    colliding = colliding_cells(solids, groups, report)
    link_names = _link_names(description, groups)
    texts = {p.id: p for p in description.parts}
    parts: list[Part] = []
    for group in groups:
        moving = _others(solids, group)
        for k in group.parts:
            name = clean_name(texts[k].name, (p.name for p in parts), f"part_{k}")
            builder = _PartBuilder(texts[k], name, link_names[group.id], frame, moving, report)
            parts.append(builder.build(solids.get(k), colliding.get(k), geometry[k]))
    joints = _joints(groups, link_names, parts, frame, report)
    name = clean_name(description.name, fallback="object")
    if fixed_base is None:
        # The last word says what a thing is: a two-door cabinet is no door.
        words = (description.name.strip(), description.category.strip())
        fixed_base = any(_FASTENED.search(w) for w in words)
    base = provenance or Provenance(generator="physx-anything")
    return Asset(
        name,
        tuple(parts),
        tuple(Link(link_names[g.id]) for g in groups),
        joints,
        category=description.category,
        description="" if name == description.name else description.name,
        fixed_base=fixed_base,
        provenance=replace(base, notes=(*base.notes, *report.lines())),
    )


def _groups_with_geometry(description: Description, known: set[int], report: Report) -> list[GroupText]:
    """Groups of parts that have geometry, the base first; a group without any is taken out of the tree."""
    for part in description.parts:
        if part.id not in known:
            report.loss("has no voxels and no mesh; dropped", place=f"l_{part.id}", field="geometry")
    kept = {g.id: replace(g, parts=tuple(k for k in g.parts if k in known)) for g in description.groups}
    for group in list(kept.values()):
        if group.parts or group.id == 0:
            continue
        report.loss(
            "has no part with geometry; what hangs on it hangs on its parent now", place=f"group_{group.id}"
        )
        for k, other in kept.items():
            if other.parent == group.id:
                kept[k] = replace(other, parent=group.parent)
        del kept[group.id]
    if not any(g.parts for g in kept.values()):
        raise AssetError("no part has voxels or a mesh; nothing can be built", where="PhysX-Anything result")
    if not kept[0].parts:
        kept = _new_base(kept, report)
    return [kept[0], *(g for k, g in sorted(kept.items()) if k != 0)]


def _new_base(kept: dict[int, GroupText], report: Report) -> dict[int, GroupText]:
    """Without geometry in the base, its fixed children become the base, or else its first child does."""
    children = [g for g in kept.values() if g.parent == 0 and g.parts]
    fixed = [g for g in children if g.movement is Movement.FIXED] or children[:1]
    report.repair(
        f"the base has no geometry; group_{fixed[0].id} is the base now", place="group_0", field="members"
    )
    merged = {g.id for g in fixed}
    base = GroupText(0, tuple(k for g in fixed for k in g.parts))
    return {
        0: base,
        **{
            k: replace(g, parent=0) if g.parent in merged else g
            for k, g in kept.items()
            if k != 0 and k not in merged
        },
    }


def _frame(
    description: Description, solids: dict[int, Cells], looks: dict[int, TriangleMesh], report: Report
) -> Frame:
    """The absolute scale: the longest side of everything is the largest dimension."""
    grid = description.grid
    corners: list[Array] = []
    for solid in solids.values():
        at = np.argwhere(solid)
        corners += [at.min(axis=0) / grid - 0.5, (at.max(axis=0) + 1) / grid - 0.5]
    if not solids:
        corners += [c for m in looks.values() for c in (m.vertices.min(axis=0), m.vertices.max(axis=0))]
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    longest = float((high - low).max())
    if longest <= 0.0:
        raise AssetError("the geometry has no extent", where="PhysX-Anything result")
    if description.dimension:
        largest = max(description.dimension)
    else:
        largest = DEFAULT_SIDE_CM
        report.loss(
            f"without a dimension the longest side is taken as {largest:g} cm; set it", field="dimension"
        )
    if not 0.05 <= largest <= 10_000.0:
        clipped = min(max(largest, 0.05), 10_000.0)
        report.repair(f"{largest:g} cm is no size of an object; {clipped:g} cm is taken", field="dimension")
        largest = clipped
    side = largest / 100.0 / longest
    if len(description.dimension) == 3:
        built = np.sort((high - low) * side * 100.0)
        said = np.sort(np.array(description.dimension))
        if (np.abs(np.log(np.maximum(built, 1e-9) / said)) > np.log(1.35)).any():
            report.note(
                f"says {_by(said)} cm, but the voxels measure {_by(built)} cm; only the longest is used",
                field="dimension",
            )
    centre = (low + high) / 2.0
    return Frame(side, (float(centre[0]), float(centre[1]), float(low[2])), grid)


def _by(values: Array) -> str:
    return " x ".join(f"{v:.3g}" for v in values)


def _link_names(description: Description, groups: list[GroupText]) -> dict[int, str]:
    texts = {p.id: p for p in description.parts}
    names: dict[int, str] = {}
    for group in groups:
        first = texts[group.parts[0]].name if group.parts else "base"
        names[group.id] = clean_name(first, names.values(), f"group_{group.id}")
    return names


def _others(solids: dict[int, Cells], group: GroupText) -> Cells | None:
    """Cells of all other bodies."""
    found: Cells | None = None
    for k, solid in solids.items():
        if k not in group.parts:
            found = solid.copy() if found is None else found | solid
    if found is None:
        return None
    for k in group.parts:
        if k in solids:
            found &= ~solids[k]
    return found


def _joints(
    groups: list[GroupText], link_names: dict[int, str], parts: list[Part], frame: Frame, report: Report
) -> tuple[Joint, ...]:
    joints: list[Joint] = []
    for group in groups[1:]:
        child = link_names[group.id]
        members = [part for part in parts if part.link == child]
        corners = np.concatenate([_corners(s) for part in members for s in part.shapes])
        low, high = corners.min(axis=0), corners.max(axis=0)
        name = clean_name(f"{child} joint", (j.name for j in joints), f"joint_{group.id}")
        joint = read_joint(
            group,
            name,
            link_names[group.parent or 0],
            child,
            (low + high) / 2.0,
            frame.cells,
            frame.voxel,
            report,
        )
        mass = sum(part_mass_properties(part).mass for part in members)
        joints.append(with_resistance(joint, mass, float(np.linalg.norm(high - low))))
    if any(j.friction_loss or j.damping for j in joints):
        report.note("friction and damping are priors from the weight of each part", place="joints")
    return tuple(joints)


def _corners(shape: PlacedShape) -> Array:
    """(N, 3) points whose box is the shape's box in the asset frame (shapes are not turned here)."""
    return shape.pose.apply(np.array(shape.shape.bounds()))


@dataclass(frozen=True)
class _PartBuilder:
    text: PartText
    name: str
    link: str
    frame: Frame
    others: Cells | None
    report: Report

    def build(self, solid: Cells | None, touch: Cells | None, geometry: PartGeometry) -> Part:
        material = part_material(self.text, self.report)
        text = self.text
        shapes: tuple[PlacedShape, ...] = ()
        collision: tuple[PlacedShape, ...] | None = None
        mass: float | None = None
        if solid is not None and touch is not None:
            shapes, collision = self._solid_shapes(solid)
            if not np.array_equal(solid, touch):
                collision = self._touching(touch)
            mass = self._mass(solid, shapes[0], material)
        if geometry.look is not None:
            look = TriangleMesh(
                self.frame.points(geometry.look.vertices), geometry.look.faces, geometry.look.uv
            )
            if solid is not None:
                # The look is a slice of an open skin: weight and contact come from the closed solid behind it.
                mass = mass if mass is not None else shapes[0].volume_properties().mass * material.density
                collision = collision if collision is not None else shapes
            shapes = (_centred(look),)
        description = text.description
        if self.name != text.name:
            description = f"{text.name}: {description}" if description else text.name
        return Part(
            self.name,
            self.link,
            shapes,
            material,
            colour=_colour(text.id),
            texture=geometry.texture if geometry.look is not None and geometry.look.uv is not None else None,
            collision=collision,
            mass=mass,
            affordance_rank=text.rank,
            description=description,
        )

    def _solid_shapes(self, solid: Cells) -> tuple[tuple[PlacedShape, ...], tuple[PlacedShape, ...] | None]:
        """What is seen, and what collides where that does not follow."""
        found = boxes(solid, MAX_COLLISION_BOXES)
        others = np.zeros_like(solid) if self.others is None else self.others
        if found is not None and len(found) == 1:
            return (self._box(found[0], others),), None
        mesh = voxel_surface(solid, others, clearance=CLEARANCE)
        look = _centred(TriangleMesh(self.frame.cells(mesh.vertices), mesh.faces))
        if found is None:
            return (look,), None
        return (look,), tuple(self._box(b, others) for b in found)

    def _touching(self, touch: Cells) -> tuple[PlacedShape, ...]:
        """Collision shapes of fewer cells than are seen."""
        shapes, collision = self._solid_shapes(touch)
        return shapes if collision is None else collision

    def _box(self, corners: tuple[Indices, Indices], others: Cells) -> PlacedShape:
        """A box of cells, drawn back a little from the bodies that move against it."""
        low, high = corners[0].astype(float), corners[1].astype(float)
        first, last = corners
        for axis in range(3):
            beside = [slice(int(a), int(b)) for a, b in zip(first, last, strict=True)]
            beside[axis] = slice(int(first[axis]) - 1, int(first[axis]))
            if first[axis] > 0 and others[tuple(beside)].any():
                low[axis] += CLEARANCE
            beside[axis] = slice(int(last[axis]), int(last[axis]) + 1)
            if others[tuple(beside)].any():
                high[axis] -= CLEARANCE
        ends = self.frame.cells(np.stack([low, high]))
        size, centre = ends[1] - ends[0], ends.mean(axis=0)
        return PlacedShape(Box(_vec(size)), Pose(_vec(centre)))

    def _mass(self, solid: Cells, shape: PlacedShape, material: Material) -> float | None:
        voxel = self.frame.voxel
        volume = shape.volume_properties().mass
        if isinstance(shape.shape, Box):
            x, y, z = shape.shape.size
            area = 2.0 * (x * y + y * z + z * x)
        else:
            area = _area(shape.mesh())
        sheet = not isinstance(shape.shape, Box) and bool(thin(solid).sum() > 0.5 * solid.sum())
        found = hollow_mass(self.text.material, material.density, volume, area, sheet=sheet)
        if found is None:
            return None
        mass, wall = found
        if mass >= volume * material.density:
            return None
        self.report.note(
            f"taken as hollow with walls of {1000 * wall:g} mm, because a voxel is {1000 * voxel:.3g} mm wide",
            place=f"l_{self.text.id}", field="mass",
        )  # fmt: skip
        return mass


def part_material(text: PartText, report: Report) -> Material:
    """Material of a part: the text's numbers, and the table's where the text has none (friction, restitution, gaps)."""
    name = text.material.strip()[:80].strip() or "unknown"
    known = match_material(name)
    if known is None:
        known = MATERIALS["plastic"]
        missing = text.density is None
        tell = report.loss if missing else report.note
        tell(
            f"{name!r} is not in the table of materials; "
            f"{'all values are' if missing else 'friction and restitution are'} those of {known.name}",
            place=f"l_{text.id}",
            field="material",
        )
    return Material(
        name,
        known.density if text.density is None else text.density,
        known.youngs_modulus if text.youngs_modulus is None else text.youngs_modulus,
        known.poissons_ratio if text.poissons_ratio is None else text.poissons_ratio,
        known.friction,
        known.restitution,
        estimated=True,
    )


def _centred(mesh: TriangleMesh) -> PlacedShape:
    """The mesh about the centre of its box, so that its own frame lies in it."""
    low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    centre = (low + high) / 2.0
    return PlacedShape(Mesh(TriangleMesh(mesh.vertices - centre, mesh.faces, mesh.uv)), Pose(_vec(centre)))


def _vec(a: Array) -> Vec3:
    return (float(a[0]), float(a[1]), float(a[2]))


def _area(mesh: TriangleMesh) -> float:
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0)


_PALETTE = (
    (0.78, 0.72, 0.62), (0.42, 0.56, 0.68), (0.74, 0.48, 0.38), (0.52, 0.64, 0.46), (0.72, 0.63, 0.36),
    (0.55, 0.48, 0.63), (0.45, 0.66, 0.66), (0.70, 0.52, 0.60),
)  # fmt: skip


def _colour(k: int) -> tuple[float, float, float, float]:
    """A colour to tell parts apart: the format has none."""
    r, g, b = _PALETTE[k % len(_PALETTE)]
    return (r, g, b, 1.0)

# SPDX-License-Identifier: GPL-3.0-or-later
"""Result folders of the official code, read and written.

Read: ``basic_info.txt``, per part k ``coord_<k>.txt`` or else ``ind_<k>.npy`` or else ``ind_<k>.ply``, and
``objs/<k>/<k>.obj`` with its texture where the decoder has run. Everything else in the folder is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ...errors import AssetError
from ...geometry import Mesh, TriangleMesh
from ...model import Asset, Provenance, Texture
from ...model.names import clean_name
from ...model.texture import MAX_TEXTURE_BYTES
from ..files import write_files
from ..meshfiles import read_mesh_file
from .assemble import PartGeometry, assemble
from .description import Description
from .disassemble import disassemble
from .parser import MAX_TEXT, parse_description
from .point_files import MAX_BYTES, npy_bytes, npy_cells, ply_cells
from .report import Report
from .runs import MAX_TEXT as MAX_RUN_TEXT
from .runs import Indices, cells_to_indices, format_runs, indices_to_cells, parse_runs
from .writer import Flavour, format_description

TEXT_NAME = "basic_info.txt"


def read_result_folder(folder: Path, *, fixed_base: bool | None = None) -> Asset:
    """The asset of a result folder; repairs and losses are in its provenance notes.

    Raises AssetError when the text is missing, names no part, or no part has any geometry.
    """
    return read_result(folder, fixed_base=fixed_base)[0]


def read_result(
    folder: Path, *, grid: int | None = None, meshes: bool = True, fixed_base: bool | None = None
) -> tuple[Asset, Report]:
    """The asset of a result folder and the report.

    grid: 32 or 64, None finds it out.  meshes: take the look of a part from objs/ where it is there; weight and contact
    come from its voxels all the same, for those meshes are open.
    """
    folder = Path(folder)
    report = Report()
    text = _bytes(folder / TEXT_NAME, MAX_TEXT).decode("utf-8", "replace")
    raw = {
        k: _bytes(p, MAX_RUN_TEXT).decode("utf-8", "replace")
        for k, p in _numbered(folder, "coord_", ".txt").items()
    }
    try:
        description, _ = parse_description(text, grid=grid, report=report)
    except AssetError as error:
        raise AssetError(str(error), where=str(folder / TEXT_NAME)) from error
    if grid is None and description.grid == 32 and any(_is_64(t) for t in raw.values()):
        report.note("the voxel numbers go beyond a 32^3 grid; read as 64^3", field="grid")
        description, _ = parse_description(text, grid=64)
    geometry: dict[int, PartGeometry] = {}
    ids = {p.id for p in description.parts} | set(raw)
    for k in sorted(ids):
        cells = _part_cells(folder, k, raw.get(k), description.grid, report)
        look, texture = _look(folder, k, report) if meshes else (None, None)
        if (cells is not None and len(cells)) or look is not None:
            geometry[k] = PartGeometry(cells, look, texture)
    try:
        asset = assemble(
            description, geometry, report, fixed_base=fixed_base,
            provenance=Provenance(generator="physx-anything", model="PhysX-Anything"),
        )  # fmt: skip
    except AssetError as error:
        raise AssetError(str(error), where=str(folder)) from error
    return asset, report


def write_result_folder(
    asset: Asset, folder: Path, *, grid: int = 32, flavour: Flavour = Flavour.TRAINING
) -> Report:
    """Write the asset as the first stage of the official code would leave it; the report tells what the format lacks.

    Files: basic_info.txt, coord_<k>.txt, ind_<k>.npy, ind_<k>.ply and allind.npy. The same asset gives the same bytes.
    """
    report = Report()
    description, cells = disassemble(asset, grid=grid, report=report)
    write_files(Path(folder), result_files(description, cells, flavour))
    return report


def result_files(
    description: Description, cells: dict[int, Indices], flavour: Flavour = Flavour.TRAINING
) -> dict[str, bytes]:
    """The files of a result folder by name.  cells: part id -> (N, 3) voxels."""
    files = {TEXT_NAME: format_description(description, flavour).encode("utf-8")}
    for k, part in sorted(cells.items()):
        indices = cells_to_indices(part, description.grid)
        files[f"coord_{k}.txt"] = (format_runs(indices) + "\n").encode("ascii")
        files[f"ind_{k}.npy"] = npy_bytes(indices_to_cells(indices, description.grid))
        files[f"ind_{k}.ply"] = _ply(indices_to_cells(indices, description.grid) / description.grid - 0.5)
    union = np.unique(np.concatenate(list(cells.values())), axis=0)
    files["allind.npy"] = npy_bytes(union)
    return files


def _ply(points: np.ndarray) -> bytes:
    head = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(points)}\n"
    head += "".join(f"property double {c}\n" for c in "xyz") + "end_header\n"
    return head.encode("ascii") + np.ascontiguousarray(points, dtype="<f8").tobytes()


def _is_64(text: str) -> bool:
    """A few numbers beyond 32^3 are slips; when one in a hundred is, the grid is 64."""
    numbers = [int(n) for n in re.findall(r"\d+", text) if len(n) <= 9]
    return sum(n >= 32**3 for n in numbers) > 0.01 * len(numbers)


def _numbered(folder: Path, prefix: str, suffix: str) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        match = re.fullmatch(re.escape(prefix) + r"(\d{1,6})" + re.escape(suffix), path.name)
        if match:
            found[int(match[1])] = path
    return found


def _bytes(path: Path, limit: int) -> bytes:
    try:
        if not path.is_file():
            raise AssetError("is missing; this is no result folder of PhysX-Anything", where=str(path))
        if path.stat().st_size > limit:
            raise AssetError(f"has {path.stat().st_size} bytes, over the limit of {limit}", where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise AssetError(f"cannot be read: {error.strerror or error}", where=str(path)) from error


def _part_cells(folder: Path, k: int, text: str | None, grid: int, report: Report) -> Indices | None:
    """Voxels of part k from the best source there is; a broken file is reported and the next one tried."""
    if text is not None:
        cells = indices_to_cells(parse_runs(text, grid, report=report, place=f"coord_{k}.txt"), grid)
        if len(cells):
            return cells
        report.loss("holds no voxel", place=f"coord_{k}.txt")
    for name, read in ((f"ind_{k}.npy", npy_cells), (f"ind_{k}.ply", ply_cells)):
        path = folder / name
        if not path.is_file():
            continue
        try:
            cells = read(_bytes(path, MAX_BYTES), grid, name)
        except AssetError as error:
            report.loss(f"cannot be used: {error}", place=name)
            continue
        if len(cells):
            return cells
        report.loss("holds no voxel", place=name)
    return None


def _look(folder: Path, k: int, report: Report) -> tuple[TriangleMesh | None, Texture | None]:
    """Mesh (unit cube, z up) and texture of part k; a broken one is reported, and the part looks like its voxels."""
    path = folder / "objs" / str(k) / f"{k}.obj"
    if not path.is_file():
        return None, None
    try:
        sections = read_mesh_file(path)
        mesh = TriangleMesh.join([s.mesh for s in sections])
    except AssetError as error:
        report.loss(f"cannot be used: {error}", place=f"objs/{k}/{k}.obj")
        return None, None
    if Mesh(mesh).volume_properties().mass <= 0.0:
        report.loss("has no area", place=f"objs/{k}/{k}.obj")
        return None, None
    if np.abs(mesh.vertices).max() > 1.0:
        report.loss("reaches out of the unit cube and cannot be placed", place=f"objs/{k}/{k}.obj")
        return None, None
    texture = None
    if mesh.uv is not None:
        texture = _texture(
            [s.texture for s in sections if s.texture] or [path.with_name("material_0.png")], path, k, report
        )
    return mesh, texture


def _texture(candidates: Iterable[Path], mesh: Path, k: int, report: Report) -> Texture | None:
    for path in candidates:
        if path.resolve().parent != mesh.resolve().parent:
            report.loss("names a texture outside of its folder; not read", place=f"objs/{k}/{k}.obj")
            continue
        if not path.is_file():
            continue
        try:
            return Texture(clean_name(f"texture_{k}"), _bytes(path, MAX_TEXTURE_BYTES))
        except AssetError as error:
            report.loss(f"cannot be used: {error}", place=f"objs/{k}/{path.name}")
    return None

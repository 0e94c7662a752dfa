# SPDX-License-Identifier: GPL-3.0-or-later
"""PhysX-Anything: structured text, voxel runs and result folders, read and written. See docs/formats/physx_anything.md."""

from __future__ import annotations

from .assemble import PartGeometry, assemble
from .description import Description, GroupText, Movement, PartText
from .disassemble import disassemble
from .folder import read_result, read_result_folder, result_files, write_result_folder
from .mobility import mobility_files, mobility_record
from .parser import parse_description
from .report import Remark, Report, Severity
from .runs import cells_to_indices, format_runs, indices_to_cells, parse_runs
from .surface import voxel_surface
from .writer import Flavour, format_description

__all__ = [
    "Description",
    "Flavour",
    "GroupText",
    "Movement",
    "PartGeometry",
    "PartText",
    "Remark",
    "Report",
    "Severity",
    "assemble",
    "cells_to_indices",
    "disassemble",
    "format_description",
    "format_runs",
    "indices_to_cells",
    "mobility_files",
    "mobility_record",
    "parse_description",
    "parse_runs",
    "read_result",
    "read_result_folder",
    "result_files",
    "voxel_surface",
    "write_result_folder",
]

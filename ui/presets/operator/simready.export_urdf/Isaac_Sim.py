# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of this exporter for Isaac Sim."""

import bpy

op = bpy.context.active_operator

op.base = "FREE"
op.collision = "AS_SET"
op.ros_names = True
op.use_package = False
op.package_files = False
op.mesh_format = "OBJ"
op.empty_root = False
op.mujoco_words = False

# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of this exporter for MuJoCo."""

import bpy

op = bpy.context.active_operator

op.base = "AS_SET"
op.collision = "AS_SET"
op.ros_names = False
op.use_package = False
op.package_files = False
op.mesh_format = "OBJ"
op.empty_root = False
op.mujoco_words = True

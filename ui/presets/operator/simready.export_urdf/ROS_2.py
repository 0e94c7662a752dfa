# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of this exporter for ROS 2."""

import bpy

op = bpy.context.active_operator

op.base = "AS_SET"
op.collision = "AS_SET"
op.ros_names = True
op.use_package = True
op.package_files = True
op.mesh_format = "OBJ"
op.empty_root = True
op.mujoco_words = False

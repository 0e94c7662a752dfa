# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of this exporter for MuJoCo Scene."""

import bpy

op = bpy.context.active_operator

op.base = "AS_SET"
op.collision = "AS_SET"
op.ros_names = False
op.use_actuators = True
op.use_scene = True

# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of this exporter for MuJoCo Fast."""

import bpy

op = bpy.context.active_operator

op.base = "AS_SET"
op.collision = "BOXES"
op.ros_names = False
op.use_actuators = False
op.use_scene = False

# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded model: a procedural world, an image-to-program transformer, and fitting by rendering."""

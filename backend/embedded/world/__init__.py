# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedural world: sampled programs, pictures of them, and batches to learn from."""

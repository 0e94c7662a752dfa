# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs: assets as short token sequences in a grammar of bodies and articulated components."""

# SPDX-License-Identifier: GPL-3.0-or-later
"""The network that tells the object of a picture from its background: training and weights."""

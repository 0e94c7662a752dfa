# SPDX-License-Identifier: GPL-3.0-or-later
"""The image-to-program transformer, its training and its weights."""

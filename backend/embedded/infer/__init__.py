# SPDX-License-Identifier: GPL-3.0-or-later
"""From a picture to an asset: propose programs, compare them with the picture, fit the best."""

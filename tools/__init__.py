# SPDX-License-Identifier: GPL-3.0-or-later
"""What build.py is made of; standard library only, never part of the extension."""

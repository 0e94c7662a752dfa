# SPDX-License-Identifier: GPL-3.0-or-later
"""The supervisor: takes jobs over HTTP on this machine, and looks after the worker process that does them."""

from __future__ import annotations

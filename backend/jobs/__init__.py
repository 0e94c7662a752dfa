# SPDX-License-Identifier: GPL-3.0-or-later
"""What the backend does on order: one module per kind of job, and the worker process that runs them."""

from __future__ import annotations

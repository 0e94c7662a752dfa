# SPDX-License-Identifier: GPL-3.0-or-later
"""The handles of the active joint, for sessions in a window; imported by scripts that run inside Blender."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy
from session import Session


class Handles:
    """The handles of the active joint, as the mouse meets them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.layout = session.load("ui.gizmos.layout")
        self.drag = session.load("operators.joint_drag")

    def view(self) -> Any:
        """The active joint."""
        return self.drag.active_joint(bpy.context)[1]

    def place(self, handle: str, value: float | None = None) -> tuple[int, int]:
        """Where a handle is in the window; with a value, where it would be with that."""

        def find() -> Any:
            view = self.view()
            if value is not None:
                changes = {"ANGLE": {"angle": value}, "TRAVEL": {"travel": value}}.get(handle)
                limits = list(view.travel_limits if handle.startswith("TRAVEL") else view.angle_limits or ())
                if changes is None:
                    limits[0 if handle.endswith("_LOW") else 1] = value
                    name = "travel_limits" if handle.startswith("TRAVEL") else "angle_limits"
                    changes = {name: tuple(limits)}
                view = type(view)(**{**view.__dict__, **changes})
            return self.layout.handle_place(bpy.context, view, handle)

        return self.session.on_screen(self.session.in_window(find))

    def pull(self, handle: str, value: float, **more: Any) -> Iterator[float]:
        """Drag a handle to where it would be with a value."""
        yield from self.session.drag(self.place(handle), self.place(handle, value), **more)

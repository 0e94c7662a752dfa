# SPDX-License-Identifier: GPL-3.0-or-later
"""What every scripted session in a window needs; imported by scripts that run inside Blender.

    from session import Session, run

    def steps(session: Session) -> Iterator[float]:
        yield from session.start()
        ...

    run(steps)

A step ends by yielding the seconds until the next, during which the window draws and takes its events. The order
(`blender --python SCRIPT -- ORDER.json`) names the extension's archive and module and a folder for what comes out; what the
session finds goes to report.json there, with errors and pictures. `tests/ui/window.py` is the other end.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import bpy
from mathutils import Euler, Vector

PAUSE = 0.6
SHORT = 0.15


class Session:
    """The order, the report, and the hands of a user."""

    def __init__(self) -> None:
        self.order: dict[str, Any] = json.loads(Path(sys.argv[sys.argv.index("--") + 1]).read_text())
        self.output = Path(self.order["output"])
        self.report: dict[str, Any] = {"errors": [], "steps": []}

    def load(self, name: str) -> Any:
        """A module of the extension."""
        return importlib.import_module(f"{self.order['module']}.{name}")

    @property
    def simulated(self) -> bool:
        """Do events come from here (`--enable-event-simulate`), instead of from the screen?"""
        return bool(bpy.app.use_event_simulate)

    def start(self) -> Iterator[float]:
        """Install the extension, and clear the scene."""
        yield 0.5
        bpy.ops.extensions.package_install_files(
            filepath=self.order["archive"], repo="user_default", enable_on_install=True
        )
        assert self.order["module"] in bpy.context.preferences.addons
        for obj in list(bpy.data.objects):
            bpy.data.objects.remove(obj)
        self.in_window(lambda: bpy.ops.ed.undo_push(message="Start"))
        yield PAUSE

    def import_asset(self, path: str) -> None:
        """Bring an asset in, as one step to undo."""
        self.in_window(lambda: bpy.ops.simready.import_asset("EXEC_DEFAULT", True, filepath=path))

    def settled(self) -> Iterator[float]:
        """Wait for work of operators that is done in slices."""
        yield PAUSE
        running = self.load("operators.work")._running
        while running:
            yield PAUSE

    def viewport(self) -> tuple[Any, Any, Any]:
        """Window, area and region of the first 3D viewport."""
        window = bpy.context.window_manager.windows[0]
        area = next(a for a in window.screen.areas if a.type == "VIEW_3D")
        return window, area, next(r for r in area.regions if r.type == "WINDOW")

    def in_window(self, operator: Callable[[], Any]) -> Any:
        """Call an operator as from the 3D viewport."""
        window, area, region = self.viewport()
        with bpy.context.temp_override(window=window, area=area, region=region):
            return operator()

    def undo(self) -> Iterator[float]:
        """One step back."""
        self.in_window(bpy.ops.ed.undo)
        yield PAUSE

    def redo(self) -> Iterator[float]:
        """One step forth."""
        self.in_window(bpy.ops.ed.redo)
        yield PAUSE

    def select(self, name: str) -> None:
        """Make one object the only one selected, and active."""
        for obj in bpy.context.view_layer.objects.selected:
            obj.select_set(False)
        bpy.data.objects[name].select_set(True)
        bpy.context.view_layer.objects.active = bpy.data.objects[name]

    def look(self, angles: tuple[float, float, float] = (1.25, 0.0, -0.6), zoom: int = -2) -> None:
        """Look at everything, by default from the front quarter."""
        _, area, _ = self.viewport()
        area.spaces[0].region_3d.view_rotation = Euler(angles).to_quaternion()

        def all_of_it() -> None:
            bpy.ops.object.select_all(action="SELECT")
            bpy.ops.view3d.view_selected()
            bpy.ops.view3d.zoom(delta=zoom)
            bpy.ops.object.select_all(action="DESELECT")

        self.in_window(all_of_it)

    def on_screen(self, point: Any) -> tuple[int, int]:
        """Place in the window, in pixels from its lower left corner, of a point of the world."""
        from bpy_extras.view3d_utils import location_3d_to_region_2d

        _, area, region = self.viewport()
        place = location_3d_to_region_2d(region, area.spaces[0].region_3d, Vector(point))
        assert place is not None, "the point is behind the viewer"
        return round(region.x + place.x), round(region.y + place.y)

    def event(self, kind: str, value: str, place: tuple[int, int], **held: bool) -> None:
        """One event of the mouse or keyboard; needs `--enable-event-simulate`."""
        window = self.viewport()[0]
        window.event_simulate(type=kind, value=value, x=place[0], y=place[1], **held)

    def hover(self, place: tuple[int, int]) -> Iterator[float]:
        """Bring the mouse to a place."""
        for shift in (2, 0):
            self.event("MOUSEMOVE", "NOTHING", (place[0] + shift, place[1]))
            yield SHORT

    def click(self, place: tuple[int, int], **held: bool) -> Iterator[float]:
        """Press and let go at a place."""
        yield from self.hover(place)
        for value in ("PRESS", "RELEASE"):
            self.event("LEFTMOUSE", value, place, **held)
            yield SHORT
        yield PAUSE

    def key(self, name: str, place: tuple[int, int] | None = None, **held: bool) -> Iterator[float]:
        """One key, with the mouse at a place (None = low in the middle of the viewport)."""
        if place is None:
            _, _, region = self.viewport()
            place = (region.x + region.width // 2, region.y + 60)
        yield from self.hover(place)
        for value in ("PRESS", "RELEASE"):
            self.event(name, value, place, **held)
            yield SHORT

    def search(self, words: str) -> Iterator[float]:
        """F3, words, Enter."""
        window = self.viewport()[0]
        _, _, region = self.viewport()
        place = (region.x + region.width // 2, region.y + region.height // 2)
        yield from self.key("F3", place)
        yield PAUSE
        for letter in words:
            name = "SPACE" if letter == " " else letter.upper()
            window.event_simulate(type=name, value="PRESS", unicode=letter, x=place[0], y=place[1])
            window.event_simulate(type=name, value="RELEASE", x=place[0], y=place[1])
            yield SHORT
        yield PAUSE
        for value in ("PRESS", "RELEASE"):  # where the mouse is: another entry would be chosen under it
            self.event("RET", value, place)
        yield PAUSE
        yield PAUSE

    def drag(
        self,
        start: tuple[int, int],
        end: tuple[int, int],
        *,
        steps: int = 3,
        close: Callable[[], Iterator[float]] | None = None,
        end_with: str = "LEFTMOUSE",
        **held: bool,
    ) -> Iterator[float]:
        """Press at a place, move to another and let go there (or end with another key); `close` before that."""
        yield from self.hover(start)
        self.event("LEFTMOUSE", "PRESS", start)
        yield SHORT
        for k in range(1, steps + 1):
            share = k / steps
            place = tuple(round(a + share * (b - a)) for a, b in zip(start, end, strict=True))
            self.event("MOUSEMOVE", "NOTHING", (place[0], place[1]), **held)
            yield SHORT
        if close is not None:
            yield from close()
        if end_with != "LEFTMOUSE":
            self.event(end_with, "PRESS", end)
            yield SHORT
            self.event(end_with, "RELEASE", end)
            yield SHORT
        self.event("LEFTMOUSE", "RELEASE", end, **held)
        yield PAUSE

    def redo_panel(self) -> Generator[float, None, Any]:
        """The region at the lower left in which the last operator can be changed, opened by a click on its title."""
        _, area, _ = self.viewport()
        hud = next(r for r in area.regions if r.type == "HUD")
        assert hud.width > 1, "the operator has left nothing to change"
        if hud.height < 60.0 * bpy.context.preferences.system.ui_scale:
            yield from self.click((hud.x + hud.width // 2, hud.y + hud.height // 2))
            yield PAUSE
        return hud

    def field(self, panel: Any, row: int) -> tuple[int, int]:
        """Middle of a field of the redo panel, counted from below its title."""
        unit = 20.0 * bpy.context.preferences.system.ui_scale
        top = panel.y + panel.height - 1.6 * unit
        return round(panel.x + 0.7 * panel.width), round(top - (row + 0.5) * 1.1 * unit)

    def turn_up(self, place: tuple[int, int]) -> Iterator[float]:
        """Ctrl and the wheel over a number: the next one."""
        yield from self.hover(place)
        self.event("WHEELUPMOUSE", "PRESS", place, ctrl=True)
        yield PAUSE
        yield PAUSE

    def picture(self, name: str) -> None:
        """Save what the screen shows."""
        path = str(self.output / f"{name}.png")
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", path], check=False)

    def mouse(self, *arguments: str) -> None:
        """Words for xdotool, where it is there and events come from the screen."""
        if shutil.which("xdotool"):
            subprocess.run(["xdotool", *arguments], check=False)


def run(steps: Callable[[Session], Iterator[float]]) -> None:
    """Go through the steps from a timer, then write the report and end Blender."""
    session = Session()
    running = steps(session)

    def advance() -> float | None:
        try:
            return next(running)
        except StopIteration:
            pass
        except Exception:  # noqa: BLE001 - the report is read by the test
            session.report["errors"].append(traceback.format_exc())
            session.picture("failed")
        (session.output / "report.json").write_text(json.dumps(session.report, indent=1))
        bpy.ops.wm.quit_blender()
        return None

    bpy.context.preferences.view.show_splash = False
    bpy.app.timers.register(advance, first_interval=2.0)

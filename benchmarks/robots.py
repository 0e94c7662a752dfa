# SPDX-License-Identifier: GPL-3.0-or-later
"""Robot files made elsewhere: how many are imported exactly, with notes, or refused, and whether the exports load again.

Run from the checkout: ``.venv/bin/python benchmarks/robots.py FOLDER [--skip TEXT] [--every N] [--list] [--json]``.
Ctrl-C ends it with the table of what was tried.
Nothing is downloaded: FOLDER holds what you have, for example unpacked packages that ship robots. Every ``.urdf`` and every
``.xml`` whose first element is <mujoco> and that MuJoCo would open by itself (it has a <worldbody>) is tried.

exact: read without a note. notes: read, and it says what was not kept. refused: one sentence says why. again: exported as MJCF,
URDF and USD, and MuJoCo loads the first two. same: the exported MJCF has MuJoCo's own mass of all that moves, and joints, of
the original (of a URDF: the sum of its masses), within 0.1 %, where MuJoCo can load that.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import signal
import sys
import tempfile
import time
import traceback
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import mujoco

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from physx_blender.errors import AssetError
from physx_blender.formats.convert import load_asset
from physx_blender.formats.mjcf import write_mjcf
from physx_blender.formats.urdf import write_urdf
from physx_blender.formats.usd import write_usd
from physx_blender.model import Asset

SECONDS = 60  # of processor time for one file, unless --seconds says otherwise


@dataclass
class Trial:
    """What became of one file."""

    path: str
    group: str
    outcome: str = "refused"
    sentence: str = ""
    notes: list[str] = field(default_factory=list)
    again: str = ""
    same: str = ""
    seconds: float = 0.0


class _TooLongError(Exception):
    pass


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise `_TooLongError` in here after so many seconds of processor time: what else runs does not count."""

    def stop(*_: object) -> None:
        raise _TooLongError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def robot_files(folder: Path, skip: list[str]) -> list[Path]:
    """URDF and whole MJCF files below a folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(s in str(path) for s in skip):
            continue
        if path.suffix == ".urdf":
            found.append(path)
        elif path.suffix in (".xml", ".mjcf"):
            text = path.read_text("utf-8", errors="replace")
            if re.search(r"<mujoco[\s>]", text) and "<worldbody" in text:
                found.append(path)
    return found


def trial(path: Path, folder: Path, seconds: int = SECONDS) -> Trial:
    """Read one file, write it again in three formats, load these."""
    relative = path.relative_to(folder)
    kind = "URDF" if path.suffix == ".urdf" else "MJCF"
    result = Trial(str(relative), f"{relative.parts[0]} {kind}")
    start = time.process_time()
    try:
        with limited(seconds):
            asset = load_asset(path)
            result.notes = list(asset.provenance.notes)
            result.outcome = "notes" if result.notes else "exact"
            _again(asset, path, result)
    except AssetError as error:
        if result.outcome == "refused":
            result.sentence = str(error).replace(str(folder), "")
        else:
            result.again = f"not written: {error}"
    except _TooLongError:
        result.outcome, result.sentence = "too long", f"took over {seconds} s"
    except Exception as error:  # noqa: BLE001 - what it is, is what is measured
        result.outcome, result.sentence = (
            "broken",
            traceback.format_exception(error)[-2].strip()[:300] + repr(error)[:200],
        )
    result.seconds = time.process_time() - start
    return result


def _again(asset: Asset, path: Path, result: Trial) -> None:
    with tempfile.TemporaryDirectory() as name:
        written = Path(name)
        model = None
        for label, write in (("MJCF", write_mjcf), ("URDF", write_urdf)):
            file = write(asset, written / label, name="robot")
            try:
                loaded = mujoco.MjModel.from_xml_path(str(file))
            except ValueError as error:
                result.again = f"{label}: {str(error).splitlines()[0][:200]}"
                return
            model = model or loaded
        write_usd(asset, written / "USD", name="robot")
        result.again = "yes"
        try:
            original = mujoco.MjModel.from_xml_path(str(path))
        except ValueError:
            return
        assert model is not None
        # the mass of what is fastened to the world means nothing to MuJoCo, and some files give it none
        mass, ours = (float(m.body_mass[m.body_weldid != 0].sum()) for m in (original, model))
        if path.suffix == ".urdf":
            ours = float(model.body_mass.sum())
            # MuJoCo fuses the base of a URDF with the world and drops its mass
            mass = sum(float(m.get("value", 0)) for m in ET.parse(path).iterfind("link/inertial/mass"))
        wanted = original.nv
        # a base that floats in the world is our free base, which the file may leave out
        if abs(mass - ours) > 1e-3 * max(mass, 1e-9):
            result.same = f"mass {mass:.5g} became {ours:.5g} kg"
        elif model.nv not in (wanted, wanted + 6):
            result.same = f"{wanted} degrees of freedom became {model.nv}"
        else:
            result.same = "yes"


def report(trials: list[Trial], every: bool) -> None:
    """Print the table, and what was said how often."""
    columns = ("files", "exact", "notes", "refused", "broken", "too long", "again", "compared", "same")
    print(f"{'':28s}" + "".join(f"{c:>10s}" for c in columns))
    groups = sorted({t.group for t in trials})
    for group in [*groups, "all"]:
        rows = [t for t in trials if group in (t.group, "all")]
        outcomes = Counter(t.outcome for t in rows)
        counts = [len(rows), *(outcomes[c] for c in columns[1:6])]
        counts += [
            sum(t.again == "yes" for t in rows),
            sum(bool(t.same) for t in rows),
            sum(t.same == "yes" for t in rows),
        ]
        print(f"{group:28s}" + "".join(f"{c:10d}" for c in counts))
    for title, lines in (
        ("refused, broken or too long", [t.sentence for t in trials if t.sentence]),
        ("not loaded again", [t.again for t in trials if t.again not in ("", "yes")]),
        ("not the same", [t.same for t in trials if t.same not in ("", "yes")]),
        ("notes", [n for t in trials for n in t.notes]),
    ):
        print(f"\n{title}:")
        plain = Counter(
            re.sub(r"'[^']*'|\"[^\"]*\"|[-+]?\d[\d.e+-]*|\S*/\S+", "*", line)[:220] for line in lines
        )
        for line, count in plain.most_common(40):
            print(f"{count:6d}  {line}")
    if every:
        for t in trials:
            print(f"{t.outcome:8s} {t.seconds:6.1f} s  {t.path}  {t.sentence or ''} {t.again} {t.same}")


def main() -> None:
    """Try all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--skip", action="append", default=[], metavar="TEXT", help="leave out paths that hold this"
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try only every N-th file")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="the most processor time for one file")
    parser.add_argument("--list", action="store_true", help="one line per file besides")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    trials = []
    files = robot_files(folder, asked.skip)[:: asked.every]
    try:
        for k, path in enumerate(files):
            trials.append(trial(path, folder, asked.seconds))
            print(f"\r{k + 1} of {len(files)}", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print(f"\nstopped after {len(trials)} of {len(files)}", file=sys.stderr)
    print(file=sys.stderr)
    if asked.json:
        print(json.dumps([asdict(t) for t in trials], indent=2))
    else:
        report(trials, asked.list)


if __name__ == "__main__":
    main()

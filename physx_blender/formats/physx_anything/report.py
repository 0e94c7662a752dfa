# SPDX-License-Identifier: GPL-3.0-or-later
"""What was repaired and what was lost while reading: nothing is changed in silence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(str, Enum):
    """note: worth knowing.  repair: read although it breaks the format.  loss: something given could not be kept."""

    NOTE = "note"
    REPAIR = "repair"
    LOSS = "loss"


@dataclass(frozen=True)
class Remark:
    """One thing that happened.  line: 1-based line of the text, None when it is not about a line.

    place: the element, such as "l_3" or "group_1" or a file name.  field: what of it, such as "density".
    """

    severity: Severity
    message: str
    place: str = ""
    field: str = ""
    line: int | None = None

    def __str__(self) -> str:
        at = " ".join(
            w for w in (f"line {self.line}" if self.line is not None else "", self.place, self.field) if w
        )
        return (
            f"{self.severity.value}: {at}: {self.message}" if at else f"{self.severity.value}: {self.message}"
        )


class Report:
    """Collects remarks in the order in which they arose."""

    def __init__(self) -> None:
        self._remarks: list[Remark] = []

    def note(self, message: str, *, place: str = "", field: str = "", line: int | None = None) -> None:
        """Record something worth knowing."""
        self._remarks.append(Remark(Severity.NOTE, message, place, field, line))

    def repair(self, message: str, *, place: str = "", field: str = "", line: int | None = None) -> None:
        """Record that something was read although it breaks the format."""
        self._remarks.append(Remark(Severity.REPAIR, message, place, field, line))

    def loss(self, message: str, *, place: str = "", field: str = "", line: int | None = None) -> None:
        """Record that something given could not be kept."""
        self._remarks.append(Remark(Severity.LOSS, message, place, field, line))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All remarks."""
        return tuple(self._remarks)

    @property
    def repairs(self) -> tuple[Remark, ...]:
        """Remarks of severity repair."""
        return tuple(r for r in self._remarks if r.severity is Severity.REPAIR)

    @property
    def losses(self) -> tuple[Remark, ...]:
        """Remarks of severity loss."""
        return tuple(r for r in self._remarks if r.severity is Severity.LOSS)

    @property
    def clean(self) -> bool:
        """Nothing was repaired or lost."""
        return all(r.severity is Severity.NOTE for r in self._remarks)

    def lines(self) -> tuple[str, ...]:
        """The remarks as text, for provenance notes."""
        return tuple(str(r) for r in self._remarks)

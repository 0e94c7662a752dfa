# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check has to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

_ELEMENT = re.compile(r"(?P<kind>[a-z]+) '(?P<name>[^']*)'")


def element_of(text: str) -> tuple[str, str]:
    """Kind and name of an element written ``kind 'name'``; both empty when it is not of this form."""
    match = _ELEMENT.match(text)
    return (match["kind"], match["name"]) if match else ("", "")


class Severity(str, Enum):
    """`error`: the asset cannot be used as it is; `warning`: likely a mistake; `info`: good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One thing that was found, and what to do about it.

    code: stable short name, for example ``mesh.open``.  element: what it is about, written ``kind 'name'`` with kind
    asset, link, part, joint, material or file.  message: what is wrong, and by how much.  advice: what to do.
    fix: name of an automatic repair in `FIXES` that an interface may offer, or None.
    other: a second element that has to do with it, written like `element`; empty = none.
    """

    severity: Severity
    code: str
    element: str
    message: str
    advice: str = ""
    fix: str | None = None
    other: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", Severity(self.severity))

    @property
    def element_kind(self) -> str:
        """The kind of the culprit ("part"), for selecting it; empty when the element is not of the usual form."""
        return element_of(self.element)[0]

    @property
    def element_name(self) -> str:
        """The name of the culprit, for selecting it; empty when the element is not of the usual form."""
        return element_of(self.element)[1]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "element": self.element,
            "message": self.message,
            "advice": self.advice,
            "fix": self.fix,
            "other": self.other,
        }

    def text(self) -> str:
        """One readable line."""
        advice = f" -> {self.advice}" if self.advice else ""
        return f"{self.severity.value}: {self.element}: {self.message}{advice}"

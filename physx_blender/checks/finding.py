# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check has to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

_ELEMENT = re.compile(r"(?P<kind>[a-z]+) '(?P<name>[^']*)'")


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
    fix: name of an automatic repair that an interface may offer, or None.
    """

    severity: Severity
    code: str
    element: str
    message: str
    advice: str = ""
    fix: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", Severity(self.severity))

    @property
    def element_kind(self) -> str:
        """The kind of the culprit ("part"), for selecting it; empty when the element is not of the usual form."""
        match = _ELEMENT.match(self.element)
        return match["kind"] if match else ""

    @property
    def element_name(self) -> str:
        """The name of the culprit, for selecting it; empty when the element is not of the usual form."""
        match = _ELEMENT.match(self.element)
        return match["name"] if match else ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "element": self.element,
            "message": self.message,
            "advice": self.advice,
            "fix": self.fix,
        }

    def text(self) -> str:
        """One readable line."""
        advice = f" -> {self.advice}" if self.advice else ""
        return f"{self.severity.value}: {self.element}: {self.message}{advice}"

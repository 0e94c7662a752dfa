# SPDX-License-Identifier: GPL-3.0-or-later
"""The one tab in the sidebar, in the order of work: one file per topic."""

from __future__ import annotations

from . import (
    asset,
    asset_more,
    check,
    export,
    generate,
    joint,
    joints,
    part,
    properties_tabs,
    proposals,
    reference,
    simulate,
)

# in the order they are drawn
CLASSES = tuple(
    cls
    for module in (
        generate,
        proposals,
        reference,
        asset,
        asset_more,
        joints,
        joint,
        part,
        check,
        simulate,
        export,
        properties_tabs,
    )
    for cls in module.CLASSES
)

"""Decisions: dated, reasoned entries that change how a figure is read, and never the figure."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from trigpoint.definitions.model import Code, Definition, MonthField, Words


class Decision(Definition):
    """A re-base from a month on, or a month's point left out of the limits.

    It holds for one indicator at one unit. Decisions are never removed: the journal only grows,
    and one that was wrong is answered by a later one (``withdraw`` names the same month).
    """

    wording: ClassVar = frozenset({"by", "reason"})
    on: dt.date
    by: Words
    kind: Literal["rebase", "exclude", "withdraw"]
    indicator: Code
    unit: Code
    month: MonthField
    reason: Words


def standing(decisions: tuple[Decision, ...], as_at: dt.date | None = None) -> tuple[Decision, ...]:
    """The re-bases and exclusions that stand, of those decided by ``as_at``.

    A withdrawal ends the earlier ones of its month.
    """
    held: dict[tuple[str, str, str, str], Decision] = {}
    for decision in decisions:
        if as_at is not None and decision.on > as_at:
            continue
        place = (decision.indicator, decision.unit, str(decision.month))
        if decision.kind == "withdraw":
            held = {key: kept for key, kept in held.items() if key[:3] != place}
        else:
            held[(*place, decision.kind)] = decision
    return tuple(held.values())

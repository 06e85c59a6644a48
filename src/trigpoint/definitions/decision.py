"""Decisions: dated, reasoned entries that change how a figure is read, and never the figure."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from trigpoint.definitions.model import Code, Definition, MonthField, Words

Mark = Literal["good", "fair", "poor"]


class Quality(Definition):
    """How far a figure may be trusted, in the four parts of the NHS's STAR mark."""

    signed_off: Mark
    timely: Mark
    audited: Mark
    robust: Mark
    until: MonthField


Kind = Literal["rebase", "exclude", "baseline", "quality", "withdraw"]


class Decision(Definition):
    """How one indicator is read at one unit, from a month on or in that month.

    A ``rebase`` starts limits again, an ``exclude`` leaves a point out of them, and a ``baseline``
    sets those of its stretch from the points of its month ``until`` another, both included. A mark
    (``quality``) holds also below its unit, from its month until the last that it names, unless a
    nearer one exists. Decisions are never removed: the journal only grows, and one that was wrong
    is answered by a later one (``withdraw`` names the same month).
    """

    wording: ClassVar = frozenset({"by", "reason"})
    on: dt.date
    by: Words
    kind: Kind
    indicator: Code
    unit: Code
    month: MonthField
    until: MonthField | None = Field(default=None, description="the last month of a baseline")
    reason: Words
    quality: Quality | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind == "quality") != (self.quality is not None):
            raise ValueError("a decision of kind quality has the mark under `quality`, and no other has one")
        if self.quality is not None and self.quality.until < self.month:
            raise ValueError(f"the mark ends ({self.quality.until}) before its month ({self.month})")
        if (self.kind == "baseline") != (self.until is not None):
            raise ValueError(
                "a decision of kind baseline has its last month under `until`, and no other has one"
            )
        if self.until is not None and self.until < self.month:
            raise ValueError(f"the baseline ends ({self.until}) before it starts ({self.month})")
        return self


def standing(decisions: tuple[Decision, ...], as_at: dt.date | None = None) -> tuple[Decision, ...]:
    """The decisions that stand, of those made by ``as_at``.

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

"""How far a figure may be trusted: people's marks while they hold, and what its records show.

Sign-off and audit are for people to say. Timely and robust can be counted from records as well: a
person's mark is lowered by what is counted, and never raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from trigpoint.definitions.decision import Mark, Quality
from trigpoint.definitions.source import Source
from trigpoint.terms.counted import Counted, Respect
from trigpoint.terms.period import Month

MARKS: tuple[Mark, ...] = get_args(Mark)
"""The best first."""
PARTS = ("signed_off", "timely", "audited", "robust")
TIMELY = (Respect.COMPLETE, Respect.TIMELY, Respect.ENTERED)
ROBUST = (Respect.VALID, Respect.ONCE)


@dataclass(frozen=True, slots=True)
class Star:
    """The four parts of the NHS's STAR mark, each None where nobody has said and nothing was counted.

    ``until`` is the last month of the people's mark, which is over where it has ``expired``.
    ``counted`` names the parts that are as the records show.
    """

    signed_off: Mark | None = None
    timely: Mark | None = None
    audited: Mark | None = None
    robust: Mark | None = None
    until: Month | None = None
    expired: bool = False
    counted: frozenset[str] = frozenset()

    @property
    def parts(self) -> tuple[Mark | None, Mark | None, Mark | None, Mark | None]:
        return self.signed_off, self.timely, self.audited, self.robust


UNMARKED = Star()
"""Nobody has said, and nothing was counted."""


def star(
    held: Quality | None,
    expired: Quality | None = None,
    counts: Iterable[Counted] = (),
    sources: Mapping[str, Source] | None = None,
) -> Star:
    """The mark of a figure from the mark that people gave, or the last that has run out, and its counts."""
    found = list(counts)
    shown = {
        "timely": judged((it for it in found if it.respect in TIMELY), sources or {}),
        "robust": judged((it for it in found if it.respect in ROBUST), sources or {}),
    }
    said = {"timely": held.timely, "robust": held.robust} if held is not None else {}
    parts = {name: _worst([mark for mark in (said.get(name), shown[name]) if mark]) for name in shown}
    over = held is None and expired is not None
    return Star(
        signed_off=None if held is None else held.signed_off,
        timely=parts["timely"],
        audited=None if held is None else held.audited,
        robust=parts["robust"],
        until=held.until if held is not None else expired.until if expired is not None else None,
        expired=over,
        counted=frozenset(name for name in shown if shown[name] and parts[name] != said.get(name)),
    )


def judged(counts: Iterable[Counted], sources: Mapping[str, Source]) -> Mark | None:
    """The worst that some counts show; None where none of them can be judged."""
    return _worst([mark for it in counts if (mark := mark_of(it, sources[it.source])) is not None])


def mark_of(it: Counted, source: Source) -> Mark | None:
    """How one count stands to what its source asks; None where it is not asked, or there is nothing."""
    asked = source.quality
    needed = {
        Respect.COMPLETE: asked.complete,
        Respect.VALID: asked.valid,
        Respect.ONCE: asked.valid,
        Respect.TIMELY: asked.timely,
        Respect.ENTERED: asked.timely,
    }.get(it.respect)
    says_something = {*asked.may_be_blank, source.span.to if source.span is not None else ""}
    if needed is None or it.share is None or (it.respect is Respect.COMPLETE and it.field in says_something):
        return None
    if it.share >= needed:
        return "good"
    return "fair" if it.share >= needed - asked.fair else "poor"


def _worst(marks: list[Mark]) -> Mark | None:
    return max(marks, key=MARKS.index) if marks else None

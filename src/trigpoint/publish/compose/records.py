"""How good the records behind a figure are, on an indicator's page: a table, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trigpoint.definitions.source import Source
from trigpoint.publish.compose.row import NOTHING, number
from trigpoint.publish.mark import Table
from trigpoint.publish.words import QUALITY, RESPECT
from trigpoint.scorecards.quality import mark_of
from trigpoint.terms.counted import OF_FIELDS, Counted, Respect
from trigpoint.terms.period import Month

WHOLE_RECORD = "The whole record"


def records_table(counts: Sequence[Counted], sources: Mapping[str, Source]) -> Table | None:
    """A row for each field and respect; None where no record was counted."""
    if not counts:
        return None
    return Table(
        caption="How good the records are",
        head=("Source", "Field", "Of the records", "So many", "Share", "Mark"),
        rows=tuple(_row(it, sources[it.source]) for it in counts),
        numeric=frozenset({3, 4}),
    )


def _row(it: Counted, source: Source) -> tuple[str, ...]:
    mark = mark_of(it, source)
    if it.respect is Respect.DAYS:
        days = f"{it.numerator:g} {'day' if it.numerator == 1 else 'days'}"
        return source.title, WHOLE_RECORD, RESPECT[it.respect], days, NOTHING, NOTHING
    return (
        source.title,
        it.field or WHOLE_RECORD,
        _asked(it, source),
        f"{number(it.numerator)} of {number(it.denominator)}",
        NOTHING if it.share is None else _share(it.share),
        NOTHING if mark is None else QUALITY[mark],
    )


def _asked(it: Counted, source: Source) -> str:
    words = RESPECT[it.respect]
    if it.respect is Respect.TIMELY:
        return f"{words} {source.due_working_days} working days after the month"
    if it.respect is Respect.ENTERED:
        days = source.quality.entered_within
        return f"{words} {days} {'day' if days == 1 else 'days'}"
    return words


def _share(share: float) -> str:
    """Never 100% for less than all, and never 0% for more than none."""
    per_cent = f"{share:.1%}"
    if per_cent == "100.0%" and share < 1:
        return "under 100%"
    return "over 0%" if per_cent == "0.0%" and share > 0 else per_cent


def records_words(counts: Sequence[Counted], sources: Mapping[str, Source], month: Month) -> tuple[str, ...]:
    """Whose records these are, and from which shares they are good; nothing where there are none."""
    if not counts:
        return ()
    said = [f"The records of {month.words} in the fields that this figure uses, of the whole trust."]
    for code in dict.fromkeys(it.source for it in counts):
        it = sources[code].quality
        said.append(
            f"{sources[code].title}: good from {it.complete:.0%} complete, {it.valid:.0%} valid and "
            f"{it.timely:.0%} in time, fair down to {it.fair * 100:g} points below."
        )
    if any(_may_be_blank(it, sources[it.source]) for it in counts):
        said.append("Where a blank says something, such as a stay that has not ended, it has no mark.")
    return tuple(said)


def _may_be_blank(it: Counted, source: Source) -> bool:
    judged = it.share is not None and mark_of(it, source) is not None
    return it.respect in OF_FIELDS and it.share is not None and not judged

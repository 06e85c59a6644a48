"""How good the records behind a figure are: each field, whole records, and how to read what is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trigpoint.definitions.source import Source
from trigpoint.publish.compose.row import number
from trigpoint.publish.mark import Line, RecordsPart, Table
from trigpoint.publish.words import QUALITY, RESPECT
from trigpoint.scorecards.quality import mark_of
from trigpoint.terms.counted import Counted, Respect
from trigpoint.terms.period import Month

Sources = Mapping[str, Source]
NOT_JUDGED = "Not judged"


def records_part(counts: Sequence[Counted], sources: Sources, month: Month) -> RecordsPart | None:
    """What a page says of a figure's records; None where none were counted."""
    if not counts:
        return None
    return RecordsPart(
        tuple(_words(counts, sources, month)),
        tuple(_fields([it for it in counts if it.source == code], sources) for code in _codes(counts)),
        tuple(_whole(it, sources[it.source], len(_codes(counts)) > 1) for it in counts if not it.field),
    )


def _codes(counts: Sequence[Counted]) -> list[str]:
    return list(dict.fromkeys(it.source for it in counts))


def _words(counts: Sequence[Counted], sources: Sources, month: Month) -> Iterator[str]:
    """Whose records these are, and from which shares they are good."""
    yield f"The records of {month.words} in the fields that this figure uses, of the whole trust."
    for code in _codes(counts):
        it = sources[code].quality
        yield (
            f"{sources[code].title}: good from {it.complete:.0%} complete, {it.valid:.0%} valid and "
            f"{it.timely:.0%} in time, fair down to {it.fair * 100:g} points below."
        )
    yield "Valid: not found wrong by a check, of those with something in the field."
    complete = (it for it in counts if it.respect is Respect.COMPLETE and it.share is not None)
    if any(mark_of(it, sources[it.source]) is None for it in complete):
        yield f"{NOT_JUDGED}: a blank says something there, such as a stay that has not ended."


def _fields(counts: Sequence[Counted], sources: Sources) -> Table:
    """A row for each field of one source."""
    found = {(it.field, it.respect): it for it in counts if it.field}
    rows = []
    for name in dict.fromkeys(name for name, _ in found):
        each = (found[name, Respect.COMPLETE], found[name, Respect.VALID])
        rows.append((name, *(_judged(it, sources[it.source]) for it in each)))
    head = ("Field", "Complete", "Valid")
    return Table(sources[counts[0].source].title, head, tuple(rows), numeric=frozenset())


def _whole(it: Counted, source: Source, several: bool) -> Line:
    label = f"{source.title}: {_asked(it, source).lower()}" if several else _asked(it, source)
    if it.respect is Respect.DAYS:
        return Line(label, f"{it.numerator:g} {'day' if it.numerator == 1 else 'days'}")
    return Line(label, _judged(it, source))


def _asked(it: Counted, source: Source) -> str:
    words = RESPECT[it.respect]
    if it.respect is Respect.TIMELY:
        days = source.due_working_days
        return f"{words} {days} working {'day' if days == 1 else 'days'} after the month"
    if it.respect is Respect.ENTERED:
        days = source.quality.entered_within
        return f"{words} {days} {'day' if days == 1 else 'days'}"
    return words


def _judged(it: Counted, source: Source) -> str:
    """``Good: 98.2% (219 of 223)``."""
    if it.share is None:
        return "None to judge"
    mark = mark_of(it, source)
    said = NOT_JUDGED if mark is None else QUALITY[mark]
    return f"{said}: {_share(it.share)} ({number(it.numerator)} of {number(it.denominator)})"


def _share(share: float) -> str:
    """Never 100% for less than all, and never 0% for more than none."""
    per_cent = f"{share:.1%}"
    if per_cent == "100.0%" and share < 1:
        return "under 100%"
    return "over 0%" if per_cent == "0.0%" and share > 0 else per_cent

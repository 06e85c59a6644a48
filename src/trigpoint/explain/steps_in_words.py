"""The steps of a quantity in words: what is left after each, the share that it excluded, and why."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.quantity import Quantity
from trigpoint.explain.numbers import exact
from trigpoint.explain.steps import Clause
from trigpoint.explain.traced import Traced
from trigpoint.terms.period import long_date


def steps_in_words(one: Traced) -> Iterator[str]:
    """From all the records of the source to the amount."""
    it, counts, place = one.of.quantity, one.counts, one.of.place
    yield f"{one.name}: of {it.records_in_words}: {it.aggregate_in_words}{it.related_in_words}"
    yield from (f"   {line}" for line in _begun(one))
    yield f"   {_of(counts.here, counts.dated)} at {place.unit}{_below(one)}"
    if place.kinds:
        kinds = ", ".join(place.kinds) + (", or of a unit that is not known" if counts.unknown else "")
        yield f"   {_of(counts.concerned, counts.here)} of a unit of the kinds {kinds}"
    left = counts.concerned
    for clause in counts.where:
        yield f"   where {clause.text}: {_excluded(clause, left)}"
        left = clause.left
    if counts.except_ is not None:
        yield f"   except {counts.except_.text}: {_removed(counts.except_, left)}"
    if it.window.kind == "average":
        yield f"   {counts.kept:,} are of {_records(counts.records, 'different record')}"
    for name, found in counts.related.items():
        yield f"   {_of(found, counts.kept)} have {_related(it, name)}"
    if counts.with_ is not None:
        yield f"   with {counts.with_.text}: {_held(counts.with_, counts.kept)}"
    yield f"   {_amount(one)}"


def _begun(one: Traced) -> Iterator[str]:
    it, frame = one.of.quantity, one.of.frame
    span = one.of.held.catalogue.source(frame.source).span
    dated = frame.month_of or (span.from_ if span is not None else "")
    blank = f", {one.whole.undated:,} of them in no month: {dated} is blank" if one.whole.undated else ""
    yield f"{_records(one.whole.records)} of {frame.source} held{blank}"
    yield f"{_counted(one.counts.dated, it)} {_when(one)}"


def _records(count: int, what: str = "record") -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _counted(count: int, it: Quantity) -> str:
    return f"{count:,} times a record" if it.window.kind == "average" else _records(count)


def _when(one: Traced) -> str:
    it, months = one.of.quantity, one.of.months
    first, last = months[0], months[-1]
    if it.at is not None:
        each = f"each month from {first.words} to " if first != last else ""
        return f"open at the end of {each}{last.words}"
    verb = "that touch the days from" if it.during is not None else "dated from"
    return f"{verb} {long_date(first.start)} to {long_date(last.end)}"


def _below(one: Traced) -> str:
    if one.of.place.person:
        return ", who did it"
    place, unknown = one.of.place, one.counts.unknown
    below = one.of.held.catalogue.organisation.children(place.unit, place.month)
    said = ", with all that is below it" if below else ""
    return said + (f"; {unknown:,} of a unit that is not known" if unknown else "")


def _of(count: int, total: int) -> str:
    return f"{count:,} of {total:,}{_share(count, total)}"


def _share(count: int, total: int) -> str:
    return f" ({100 * count / total:.1f}%)" if total else ""


def _excluded(clause: Clause, before: int) -> str:
    out = before - clause.left
    said = f"{clause.left:,} left; {out:,} excluded{_share(out, before)}"
    if not out:
        return said
    return f"{said}: not so of {out - clause.undecided:,}, undecided for blanks of {clause.undecided:,}"


def _removed(clause: Clause, before: int) -> str:
    out = before - clause.left
    said = f"{clause.left:,} left; {out:,} removed{_share(out, before)}, of which it is so"
    return f"{said}; {clause.undecided:,} undecided for blanks, and therefore kept"


def _held(clause: Clause, total: int) -> str:
    no = total - clause.left - clause.undecided
    said = f"so of {_of(clause.left, total)}; not so of {no:,}"
    return f"{said}; {clause.undecided:,} undecided for blanks, and counted as not so"


def _related(it: Quantity, name: str) -> str:
    return f"a related {name} ({it.related[name].source})"


def _amount(one: Traced) -> str:
    it, counts, found = one.of.quantity, one.counts, one.amount
    said = f"{it.aggregate_in_words if it.count is None else 'the number'}: "
    said += "none" if found.amount is None else exact(found.amount)
    if found.share is not None:
        said += f", of which {exact(found.share)} with it"
    if it.window.kind == "average":
        said += f", {it.window.words}"
    if counts.known is not None:
        said += f"; of {_records(counts.known, 'known value')}, blank in {counts.kept - counts.known:,}"
    if counts.nobody:
        said += f"; {counts.nobody:,} with a blank {_subject(one)} are nobody's"
    return said


def _subject(one: Traced) -> str:
    return str(one.of.held.catalogue.source(one.of.frame.source).subject)

"""Which fields of which records an indicator's figure rests on."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Name, parse, within
from trigpoint.definitions.measure import Measure, RecordMeasure
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.definitions.source import Source
from trigpoint.terms.period import Month


def fields_used(catalogue: Catalogue, indicator: str, month: Month) -> dict[str, tuple[str, ...]]:
    """Source -> its columns that the version in force names, places records by, or cuts them by.

    In the order of the source; empty for an indicator that no record is counted for.
    """
    it = catalogue.indicator(indicator)
    version = it.version(month)
    if version is None or isinstance(version.measure, Measure):
        return {}
    named: dict[str, set[str]] = {}
    for quantity in version.measure.quantities:
        share = quantity.with_ if isinstance(quantity, RecordMeasure) else None
        found = {*_placing(catalogue.source(quantity.from_), quantity), *_named(quantity, share)}
        found |= {catalogue.cuts[cut].column or cut for cut in it.cuts}
        named.setdefault(quantity.from_, set()).update(found)
        for name, related in quantity.related.items():
            theirs = {*_related(related), *_of(name, found)}
            named.setdefault(related.source, set()).update(theirs)
    return {
        code: tuple(name for name in catalogue.source(code).fields if name in used)
        for code, used in named.items()
    }


def _placing(source: Source, quantity: Quantity) -> Iterator[str]:
    """What says whose and when a record is."""
    if source.unit_field is not None:
        yield source.unit_field
    if quantity.people is not None and source.subject is not None:
        yield source.subject
    if quantity.month_of is None and source.span is not None:
        yield source.span.from_
        yield source.span.to


def _named(quantity: Quantity, share: str | None) -> Iterator[str]:
    """The names in its expressions, and those of it in its relations'."""
    texts = [quantity.month_of, quantity.unit_of, quantity.where, quantity.except_, quantity.amount, share]
    for related in quantity.related.values():
        texts += [text for _, text in related.bounds]
        yield from (mine for mine, _ in related.match)
        yield from _of("this", _names(related.where))
    for text in texts:
        yield from _names(text)


def _related(related: Related) -> Iterator[str]:
    """The columns of related records that say whether they belong to a measured one."""
    yield related.dated
    yield from (theirs for _, theirs in related.match)
    yield from _names(related.where)


def _of(record: str, names: Iterator[str] | set[str]) -> Iterator[str]:
    """The columns of a record in names such as ``contact.started``."""
    return (name.removeprefix(f"{record}.") for name in names if name.startswith(f"{record}."))


def _names(text: str | None) -> Iterator[str]:
    if text is not None:
        yield from (part.name for part in within(parse(text)) if isinstance(part, Name))

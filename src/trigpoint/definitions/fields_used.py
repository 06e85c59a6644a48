"""Which fields of which records an indicator's figure rests on."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Misfit, Name, parse, within
from trigpoint.definitions.measure import Quantity, RecordMeasure
from trigpoint.definitions.source import Column, Source
from trigpoint.terms.period import Month

_NO_EXPRESSION = frozenset({"from_", "at", "during", "count"})
"""Fields of a quantity that are words of the language."""


def fields_used(catalogue: Catalogue, indicator: str, month: Month) -> dict[str, tuple[str, ...]]:
    """Source -> its columns that the version in force names, places records by, or cuts them by.

    In the order of the source; empty for an indicator that no record is counted for.
    """
    it = catalogue.indicator(indicator)
    version = it.version(month)
    if version is None or not isinstance(version.measure, RecordMeasure):
        return {}
    named: dict[str, set[str]] = {}
    for quantity in version.measure.quantities:
        source = catalogue.source(quantity.from_)
        found = {*_placing(source, quantity), *_named(quantity)}
        found |= {catalogue.cuts[cut].column or cut for cut in it.cuts}
        named.setdefault(quantity.from_, set()).update(found)
    return {
        code: tuple(
            name for name, column in catalogue.source(code).columns.items() if _is(name, column, used)
        )
        for code, used in named.items()
    }


def _is(name: str, column: Column, used: set[str]) -> bool:
    return name in used and column.as_ == "field"


def _placing(source: Source, quantity: Quantity) -> Iterator[str]:
    """What says whose and when a record is."""
    if source.unit_field is not None:
        yield source.unit_field
    if quantity.month_of is None and source.span is not None:
        yield source.span.from_
        yield source.span.to


def _named(quantity: Quantity) -> Iterator[str]:
    """The names in its expressions."""
    for field in type(quantity).model_fields:
        text = getattr(quantity, field)
        if field in _NO_EXPRESSION or not isinstance(text, str):
            continue
        try:
            tree = parse(text)
        except Misfit:  # a word of the language that is no expression
            continue
        yield from (part.name for part in within(tree) if isinstance(part, Name))

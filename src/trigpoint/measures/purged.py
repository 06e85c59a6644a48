"""What rests on purged records: figures that cannot be made again, and must not pass for zero."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Length, Name, parse, within
from trigpoint.definitions.measure import AnyMeasure, Measure
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.definitions.source import Source
from trigpoint.store.archive import Archive
from trigpoint.terms.period import Month, Period

_SHORTEST_MONTH = 28
_DAYS = {"hours": 1 / 24, "days": 1, "weeks": 7, "months": _SHORTEST_MONTH}


@dataclass(frozen=True, slots=True)
class Gone:
    """What is gone of a source: the months that its records were dated in, and the first and the last
    month that any date of theirs lay in; ``through`` is None where one has no end yet.
    """

    months: frozenset[Month]
    since: Month
    through: Month | None


@dataclass(frozen=True, slots=True)
class Purged:
    """What is gone, by source."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    gone: Mapping[str, Gone] = field(default_factory=dict)

    def unmade(self, measure: AnyMeasure, period: Period) -> bool:
        """Whether a figure may rest on records that are gone, or on returned figures that are."""
        if isinstance(measure, Measure):
            gone = self.gone.get(measure.source)
            return gone is not None and Month.of(period.end) in gone.months
        return any(
            _rests(quantity, self.sources[quantity.from_], gone, period)
            for quantity in measure.quantities
            if (gone := self.gone.get(quantity.from_)) is not None
        ) or any(
            _related(quantity, related, gone, period)
            for quantity in measure.quantities
            for related in quantity.related.values()
            if (gone := self.gone.get(related.source)) is not None
        )


def purged_records(archive: Archive, catalogue: Catalogue, as_at: dt.datetime | None = None) -> Purged:
    """What is gone of each source: as it is now, whatever was known ``as_at``. Bytes do not come back."""
    gone = {}
    for code in catalogue.sources:
        if months := archive.purged(code, as_at):
            stones = {stone.number: stone for taken in months.values() for stone in taken}.values()
            ends = [stone.through for stone in stones]
            gone[code] = Gone(
                frozenset(months),
                min([*months, *(stone.since for stone in stones if stone.since)]),
                None if None in ends else max([*months, *(end for end in ends if end)]),
            )
    return Purged(catalogue.sources, gone)


def _rests(quantity: Quantity, source: Source, gone: Gone, period: Period) -> bool:
    """By the month that records are dated in, where they count in it alone; else by any date of theirs."""
    first, last = Month.of(period.start), Month.of(period.end)
    if quantity.month_of is not None and _is_name(quantity.month_of, source.dated):
        return any(month in gone.months for month in first.through(last))
    shift = 0 if quantity.month_of is None else _months_shifted(quantity.month_of)
    return gone.since - shift <= last and (gone.through is None or first <= gone.through + shift)


def _related(quantity: Quantity, related: Related, gone: Gone, period: Period) -> bool:
    """Whether a related record that is gone may bear on a period: any may, unless bounds say otherwise."""
    last = Month.of(period.end) + _months_shifted(related.until or related.before or "month_end")
    first = Month.of(period.start) - sum(_months_shifted(text) for _, text in related.bounds)
    first -= _months_shifted(quantity.month_of or "month_end")
    if related.since is None and related.after is None:
        return gone.since <= last
    return gone.since <= last and (gone.through is None or first <= gone.through)


def _is_name(text: str, name: str | None) -> bool:
    node = parse(text)
    return isinstance(node, Name) and node.name == name


def _months_shifted(text: str) -> int:
    """By how many months at most an expression such as ``received + 18 weeks`` moves a date."""
    lengths = [node for node in within(parse(text)) if isinstance(node, Length)]
    return math.ceil(sum(node.count * _DAYS[node.unit] for node in lengths) / _SHORTEST_MONTH)

"""When and where records count, for the slow second opinion: each is asked of each month, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from trigpoint.definitions import expression as e
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.quantity import Quantity
from trigpoint.definitions.source import Source, Span
from trigpoint.measures.reference_related import Relations
from trigpoint.measures.reference_tree import Tree
from trigpoint.measures.reference_values import Here, Row, Stretch, day_of, ends, first_day_out, read, value
from trigpoint.terms.period import Month

_DAY = dt.timedelta(days=1)


class Taken(NamedTuple):
    """A record that a quantity takes in a month, or in a part of it, and the units that it counts for."""

    here: Here
    places: list[str]
    day: dt.date


@dataclass(frozen=True, slots=True)
class Takes:
    """What a quantity takes of its source's records, of units of some kinds."""

    catalogue: Catalogue
    quantity: Quantity
    kinds: tuple[str, ...]
    rows: Mapping[str, list[Row]]
    tree: Tree

    @property
    def source(self) -> Source:
        """Whose records they are."""
        return self.catalogue.sources[self.quantity.from_]

    def of_months(self, months: tuple[Month, ...]) -> Iterator[Taken]:
        """The records that belong to some months and are kept, once for each month and stretch of it."""
        relations = Relations(self.catalogue, self.quantity, self.rows)
        for month in months:
            for record in self.rows.get(self.quantity.from_, ()):
                here = relations.of(Here(self.catalogue, record, month, self.source.clock == "wall"))
                yield from filter(self._kept, self._belonging(here))

    def events(self, until: Month) -> Iterator[Taken]:
        """For a gap: the records of every month to this one, each on its day."""
        relations = Relations(self.catalogue, self.quantity, self.rows)
        for record in self.rows.get(self.quantity.from_, ()):
            here = relations.of(Here(self.catalogue, record, until, self.source.clock == "wall"))
            day = day_of(value(e.parse(str(self.quantity.gap)), here))
            if day is not None and day <= until.end:
                yield from filter(self._kept, [self._taken(replace(here, month=Month.of(day)), day)])

    def _kept(self, taken: Taken) -> bool:
        quantity, unknown = self.quantity, taken.places[:1] == ["unattributed"]
        if self.kinds and not unknown and taken.here.kind not in self.kinds:
            return False
        kept = quantity.where is None or value(e.parse(quantity.where), taken.here) is True
        return kept and not (
            quantity.except_ is not None and value(e.parse(quantity.except_), taken.here) is True
        )

    def _belonging(self, here: Here) -> Iterator[Taken]:
        """The record in a month, if it belongs to it."""
        if self.quantity.month_of is not None:
            day = day_of(value(e.parse(self.quantity.month_of), here))
            if day is not None and Month.of(day) == here.month:
                yield self._taken(here, day)
            return
        span, month = self.source.span, here.month
        assert span is not None  # noqa: S101 - held by the definitions' check
        if self.quantity.during is not None:
            yield from self._by_stretches(span, here)
        elif _open_after(span, here, month.end):
            yield self._taken(here, month.end)

    def _taken(self, here: Here, day: dt.date) -> Taken:
        unit = self._unit(here)
        return Taken(replace(here, kind=self.tree.kind(unit, day)), self.tree.places(unit, day), day)

    def _unit(self, here: Here) -> str | None:
        if self.quantity.unit_of is not None:
            found: Any = value(e.parse(self.quantity.unit_of), here)
            return None if found is None else str(found)
        return here.record[str(self.source.unit_field)]  # type: ignore[no-any-return]

    def _by_stretches(self, span: Span, here: Here) -> Iterator[Taken]:
        """The days that a span touches, those together in which the unit stays where it is."""
        before: Taken | None = None
        for day in _touched(span, here):
            taken = self._taken(here, day)
            alike = before is not None and (before.places, before.here.kind) == (
                taken.places,
                taken.here.kind,
            )
            if before is not None and not alike:
                yield before
            first = before.here.stretch.first if alike and before and before.here.stretch else day
            before = taken._replace(here=replace(taken.here, stretch=Stretch(span, first, day)))
        if before is not None:
            yield before


def _open_after(span: Span, here: Here, day: dt.date) -> bool:
    """Whether a span has begun, and holds at the end of a day."""
    start, out = day_of(read(here.record, span.from_, wall=True)), first_day_out(span, here.record)
    return start is not None and start <= day and (out is None or out > day)


def _touched(span: Span, here: Here) -> Iterator[dt.date]:
    """The days of a month that a span touches, its last day included; none where it ends before it starts."""
    start, end = ends(span, here.record, wall=here.wall)
    if start is None or (end is not None and end < start):
        return
    first, last = day_of(start), day_of(end)
    day = here.month.start
    while day <= here.month.end:
        if first is not None and day >= first and (last is None or day <= last):
            yield day
        day += _DAY

"""Records for the slow second opinion: each judged by itself, in plain Python, day by day."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trigpoint.definitions import expression as e
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.cut import Cut
from trigpoint.definitions.measure import RecordMeasure
from trigpoint.definitions.organisation import Organisation, Spell
from trigpoint.definitions.quantity import Quantity
from trigpoint.definitions.source import Source, Span
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

Row = Mapping[str, Any]
Found = tuple[Row, list[str], Any, Any]
"""A record, the units that it counts for, and what it adds to either side."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tree:
    """Where a unit's figures go on a day; or, with ``current``, where they go at that month's end."""

    organisation: Organisation
    current: Month | None

    def places(self, unit: str | None, day: dt.date) -> list[str]:
        """The unit, unless a person, and those above it, up to the home trust; none for another trust's."""
        home = self.organisation.home
        if unit is None or unit not in self.organisation.units:
            return ["unattributed", str(home)]
        if self.current is not None:
            day = self.current.end
            while (last := self.organisation.units[unit][-1]).to < day and last.successor:
                unit = last.successor
        found = [unit]
        while found[-1] != home:
            parent = self._nearest(found[-1], day).parent
            if parent is None:
                return []
            found.append(parent)
        return [place for place in found if self.organisation.level(place) is not Level.PERSON]

    def kind(self, unit: str | None, day: dt.date) -> str | None:
        if unit is None or unit not in self.organisation.units:
            return None
        found = self.places(unit, day)
        day = day if self.current is None else self.current.end
        return self._nearest(found[0] if found else unit, day).kind

    def ever_at_home(self, unit: str) -> bool:
        days = [
            dt.date.min,
            dt.date.max,
            *(s.from_ for spells in self.organisation.units.values() for s in spells),
        ]
        return any(self.places(unit, day) for day in days)

    def _nearest(self, unit: str, day: dt.date) -> Spell:
        found = self.organisation.units[unit][0]
        for spell in self.organisation.units[unit]:
            if spell.from_ <= day:
                found = spell
        return found


def amounts(
    catalogue: Catalogue,
    measure: RecordMeasure,
    kinds: tuple[str, ...],
    rows: Mapping[str, list[Row]],
    month: Month,
    tree: Tree,
) -> Iterator[Found]:
    """What each record adds, in each month of the window, to which units."""
    for each in measure.months(month):
        for quantity in measure.quantities:
            source = catalogue.sources[quantity.from_]
            for record, places, context in _taken(quantity, source, rows.get(quantity.from_, ()), each, tree):
                if not _concerned(kinds, places, context):
                    continue
                amount = 1 if quantity.count else value(e.parse(str(quantity.sum)), record, context) or 0
                if quantity is not measure:
                    yield record, places, 0, amount
                elif measure.with_ is not None:
                    yield record, places, int(value(e.parse(measure.with_), record, context) is True), amount
                else:
                    yield record, places, amount, 0


def medians_of(
    catalogue: Catalogue,
    measure: RecordMeasure,
    kinds: tuple[str, ...],
    rows: Mapping[str, list[Row]],
    month: Month,
    tree: Tree,
) -> dict[str, float]:
    """The middle of each unit's own records."""
    found: dict[str, list[float]] = {}
    for each in measure.months(month):
        source = catalogue.sources[measure.from_]
        for record, places, context in _taken(measure, source, rows.get(measure.from_, ()), each, tree):
            of = value(e.parse(str(measure.median)), record, context)
            for unit in places if of is not None and _concerned(kinds, places, context) else ():
                found.setdefault(unit, []).append(float(of))
    return {unit: statistics.median(values) for unit, values in found.items()}


def group_of(cut: Cut, code: str, record: Row) -> str:
    """The name of a record's group."""
    return next(
        (group.name for group in cut.groups if record[cut.column or code] in group.codes), cut.unknown
    )


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression knows besides its record."""

    month: Month
    kind: str | None
    nights: int = 0
    days: int = 0


def _concerned(kinds: tuple[str, ...], places: list[str], context: Context) -> bool:
    return not kinds or places[:1] == ["unattributed"] or context.kind in kinds


def _taken(
    quantity: Quantity, source: Source, rows: Iterable[Row], month: Month, tree: Tree
) -> Iterator[tuple[Row, list[str], Context]]:
    """The records that belong to a month and are kept, and for whom they count."""
    for record in rows:
        for places, context in _times(quantity, source, record, month, tree):
            kept = quantity.where is None or value(e.parse(quantity.where), record, context) is True
            out = quantity.except_ is not None and value(e.parse(quantity.except_), record, context) is True
            if kept and not out:
                yield record, places, context


def _times(
    quantity: Quantity, source: Source, record: Row, month: Month, tree: Tree
) -> Iterator[tuple[list[str], Context]]:
    unit = record[str(source.unit_field)]
    if quantity.month_of is not None:
        day = value(e.parse(quantity.month_of), record, Context(month, None))
        day = day.date() if isinstance(day, dt.datetime) else day
        if day is not None and Month.of(day) == month:
            yield tree.places(unit, day), Context(month, tree.kind(unit, day))
        return
    span = source.span
    assert span is not None  # noqa: S101 - held by the definitions' check
    if quantity.at is not None:
        start, out = _first(span, record), _out(span, record)
        if start is not None and start <= month.end and (out is None or out > month.end):
            yield tree.places(unit, month.end), Context(month, tree.kind(unit, month.end))
        return
    yield from _day_by_day(span, record, unit, month, tree)


def _day_by_day(
    span: Span, record: Row, unit: str, month: Month, tree: Tree
) -> Iterator[tuple[list[str], Context]]:
    """Each day of a span by itself: a night if the span goes on into the next day."""
    first, out, last = _first(span, record), _out(span, record), _day(record[span.to])
    day = month.start
    while day <= month.end:
        if first is not None and day >= first and (last is None or day <= last):
            night = int(out is None or day < out)
            yield tree.places(unit, day), Context(month, tree.kind(unit, day), night, 1)
        day += _DAY


def _day(given: dt.date | None) -> dt.date | None:
    return given.date() if isinstance(given, dt.datetime) else given


def _first(span: Span, record: Row) -> dt.date | None:
    return _day(record[span.from_])


def _out(span: Span, record: Row) -> dt.date | None:
    """The first day on which a span no longer holds."""
    last = _day(record[span.to])
    return last + _DAY if last is not None and span.to_means == "last_day_in" else last


def value(node: e.Node, record: Row, context: Context) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case a kind
    """What an expression is for one record. A condition may be undecided: None."""
    match node:
        case e.Constant(value=given):
            return given
        case e.Length(count=count, unit=unit):
            return count * {"days": 1, "weeks": 7}[unit]
        case e.Name(name=name):
            words = {
                "unit.kind": context.kind,
                "month_start": context.month.start,
                "month_end": context.month.end,
            }
            return words[name] if name in words else record[name]
        case e.Call(name="days", arguments=(one, other)):
            start, end = value(one, record, context), value(other, record, context)
            blank = start is None or end is None or end < start
            return None if blank else (_day(end) - _day(start)).days  # type: ignore[operator]
        case e.Call(name=name):
            return context.nights if name == "nights_in" else context.days
        case e.Sum(sign=sign, left=left, right=e.Length() as length) if isinstance(left, e.Name | e.Sum):
            return _moved(value(left, record, context), length, 1 if sign == "+" else -1)
        case e.Sum(sign=sign, left=left, right=right):
            a, b = value(left, record, context), value(right, record, context)
            return (
                None if a is None or b is None else a + b if sign == "+" else a - b if sign == "-" else a * b
            )
        case e.Compare(sign=sign, left=left, right=right):
            a, b = value(left, record, context), value(right, record, context)
            return None if a is None or b is None else _SIGNS[sign](a, b)
        case e.Between(value=of, low=low, high=high):
            ends = [e.Compare(0, ">=", of, low), e.Compare(0, "<=", of, high)]
            return _all([value(end, record, context) for end in ends])
        case e.Member(value=of, options=options, negated=negated):
            a = value(of, record, context)
            return None if a is None else (a in [option.value for option in options]) is not negated
        case e.Blank(value=of, negated=negated):
            return (value(of, record, context) is None) is not negated
        case e.Not(test=test):
            a = value(test, record, context)
            return None if a is None else not a
        case e.Chain(word=word, tests=tests):
            answers = [value(test, record, context) for test in tests]
            return _all(answers) if word == "and" else _any(answers)


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _moved(given: dt.date | None, length: e.Length, way: int) -> dt.date | None:
    day = _day(given)
    if day is None:
        return None
    if length.unit != "months":
        return day + _DAY * (way * length.count * {"days": 1, "weeks": 7}[length.unit])
    month = Month.of(day) + way * length.count
    return dt.date(month.year, month.number, min(day.day, month.end.day))


_SIGNS = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}

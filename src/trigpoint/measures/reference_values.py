"""Expressions for the slow second opinion: a tree walked over one record, in exact numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from trigpoint.definitions import expression as e
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.settings import Calendar
from trigpoint.definitions.source import Span
from trigpoint.terms.period import Month

Row = Mapping[str, Any]
_DAY = dt.timedelta(days=1)
_COUNTED = {"days": 1, "weeks": 7}


class Time(NamedTuple):
    """A time: ``mark``, by which it is told from others, and what the clock on the wall says."""

    mark: dt.datetime
    local: dt.datetime


class Stretch(NamedTuple):
    """Days, both ends included, in which a record's span goes on and its unit does not move."""

    span: Span
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Here:
    """What an expression knows: a record, a month, the unit's kind, and names of other records.

    ``wall`` tells times by the clock on the wall, and not by what has passed.
    """

    catalogue: Catalogue
    record: Row
    month: Month
    wall: bool = False
    kind: str | None = None
    others: Callable[[str], Any] | None = None
    stretch: Stretch | None = None

    def named(self, name: str) -> Any:
        """What a name stands for."""
        if name in self.record:
            return read(self.record, name, wall=self.wall)
        words = {"unit.kind": self.kind, "month_start": self.month.start, "month_end": self.month.end}
        if name in words:
            return words[name]
        if self.others is None:
            raise KeyError(name)
        return self.others(name)


def read(record: Row, name: str, *, wall: bool) -> Any:
    """A record's field: numbers exact, times with both their clocks."""
    given = record[name]
    if isinstance(given, dt.datetime):
        return Time(given if wall else record[f"{name} utc"], given)
    return Fraction(given) if isinstance(given, int | Decimal) and not isinstance(given, bool) else given


def day_of(given: dt.date | Time | None) -> dt.date | None:
    """The local day of a date or a time."""
    return given.local.date() if isinstance(given, Time) else given


def value(node: e.Node, here: Here) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case a kind
    """What an expression is for one record. A condition may be undecided: None."""
    match node:
        case e.Constant(value=given):
            return Fraction(given) if isinstance(given, Decimal) else given
        case e.Length(count=count, unit=unit):
            return Fraction(count * _COUNTED[unit])
        case e.Name(name=name):
            return here.named(name)
        case e.Call(name=name) if name in _OF_STRETCH:
            assert here.stretch is not None  # noqa: S101 - held by the definitions' check
            return Fraction(_OF_STRETCH[name](here, here.stretch))
        case e.Call(name=name, arguments=arguments):
            return _called(name, [value(one, here) for one in arguments], here)
        case e.Sum(sign=sign, left=left, right=e.Length() as length):
            return _moved(value(left, here), length, -1 if sign == "-" else 1)
        case e.Sum(sign=sign, left=left, right=right) | e.Compare(sign=sign, left=left, right=right):
            a, b = value(left, here), value(right, here)
            return None if a is None or b is None else _SIGNS[sign](a, b)
        case e.Between(value=of, low=low, high=high):
            ends = [e.Compare(0, ">=", of, low), e.Compare(0, "<=", of, high)]
            return all_of([value(end, here) for end in ends])
        case e.Member(value=of, options=options, negated=negated):
            a, known = value(of, here), [value(option, here) for option in options]
            return None if a is None else (a in known) is not negated
        case e.Listed(value=of, name=name, negated=negated):
            a = value(of, here)
            return None if a is None else (a in here.catalogue.lists[name].values) is not negated
        case e.Blank(value=of, negated=negated):
            return (value(of, here) is None) is not negated
        case e.Not(test=test):
            a = value(test, here)
            return None if a is None else not a
        case e.Chain(word=word, tests=tests):
            answers = [value(test, here) for test in tests]
            return all_of(answers) if word == "and" else any_of(answers)
        case e.Case(branches=branches, otherwise=otherwise):
            for condition, then in branches:
                if value(condition, here) is True:
                    return value(then, here)
            return None if otherwise is None else value(otherwise, here)


def all_of(answers: list[bool | None]) -> bool | None:
    """Kleene's ``and``."""
    return False if False in answers else None if None in answers else True


def any_of(answers: list[bool | None]) -> bool | None:
    """Kleene's ``or``."""
    return True if True in answers else None if None in answers else False


def _called(name: str, given: list[Any], here: Here) -> Any:
    known = [one for one in given if one is not None]
    if name == "coalesce":
        return known[0] if known else None
    if name in ("earliest", "latest"):
        return None if not known else min(known) if name == "earliest" else max(known)
    if len(known) < len(given):
        return None
    if name == "date":
        return day_of(given[0])
    if name == "starts_with":
        return given[0].startswith(given[1])
    return _between(name, given[0], given[1], here)


def _between(name: str, start: Any, end: Any, here: Here) -> Fraction | None:
    """What lies between two dates or times; blank where the second is before the first."""
    if isinstance(start, Time) and isinstance(end, Time):
        if end < start:
            return None
        if name in ("hours", "minutes"):
            seconds = (end.mark - start.mark) // dt.timedelta(seconds=1)
            return Fraction(seconds, 3600 if name == "hours" else 60)
    first, last = day_of(start), day_of(end)
    assert first is not None and last is not None  # noqa: S101, PT018 - both are known
    if last < first:
        return None
    if name == "age":
        return Fraction(last.year - first.year - ((last.month, last.day) < (first.month, first.day)))
    if name == "days":
        return Fraction((last - first).days)
    return Fraction(_working_days(first, last, here.catalogue.settings.calendar))


def _working_days(first: dt.date, last: dt.date, calendar: Calendar) -> int:
    """The working days after one day, up to another."""
    count = 0
    while first < last:
        first += _DAY
        count += calendar.is_working(first)
    return count


def _moved(given: Any, length: e.Length, way: int) -> Any:
    """A day moved by days, weeks or months, held to the month's end; a time by hours."""
    if given is None:
        return None
    if length.unit == "hours":
        return Time(*(part + way * length.count * dt.timedelta(hours=1) for part in given))
    day = day_of(given)
    assert day is not None  # noqa: S101 - it is given
    if length.unit != "months":
        return day + _DAY * (way * length.count * _COUNTED[length.unit])
    month = Month.of(day) + way * length.count
    return dt.date(month.year, month.number, min(day.day, month.end.day))


def ends(span: Span, record: Row, *, wall: bool) -> tuple[Any, Any]:
    """The two ends of a record's span, as its columns say."""
    return read(record, span.from_, wall=wall), read(record, span.to, wall=wall)


def first_day_out(span: Span, record: Row) -> dt.date | None:
    """The first day on which a span no longer holds; None where it goes on."""
    last = day_of(read(record, span.to, wall=True))
    return last + _DAY if last is not None and span.to_means == "last_day_in" else last


def _days(stretch: Stretch) -> list[dt.date]:
    return [stretch.first + _DAY * n for n in range((stretch.last - stretch.first).days + 1)]


def _nights_in(here: Here, stretch: Stretch) -> int:
    """Days of a stretch from which the span goes on into the next."""
    out = first_day_out(stretch.span, here.record)
    return sum(out is None or day < out for day in _days(stretch))


def _days_in(here: Here, stretch: Stretch) -> int:
    return len(_days(stretch))


def _hours_in(here: Here, stretch: Stretch) -> Fraction:
    """Hours of a span between the local midnights that bound a stretch."""
    start, end = ends(stretch.span, here.record, wall=here.wall)
    opens, closes = _midnight(stretch.first, here), _midnight(stretch.last + _DAY, here)
    until = closes if end is None else min(closes, end.mark)
    seconds = (until - max(opens, start.mark)) // dt.timedelta(seconds=1)
    return Fraction(max(0, seconds), 3600)


def _midnight(day: dt.date, here: Here) -> dt.datetime:
    """The moment at which a local day begins."""
    local = dt.datetime.combine(day, dt.time())
    zoned = local.replace(tzinfo=here.catalogue.settings.zone)
    return local if here.wall else zoned.astimezone(dt.UTC).replace(tzinfo=None)


_OF_STRETCH: Mapping[str, Callable[[Here, Stretch], int | Fraction]] = {
    "nights_in": _nights_in,
    "days_in": _days_in,
    "hours_in": _hours_in,
}
_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}

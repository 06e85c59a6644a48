"""Months and periods: when a figure is about."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_NAMES = (  # not the calendar module's, whose names depend on the machine's language
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month. ``Month(2026, 10) + 3`` is January 2027."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 or not 1 <= self.year <= 9999:
            raise ValueError(f"no month {self.year}-{self.number:02d}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``2026-10``. Raises ValueError for anything else."""
        found = _MONTH.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is not a month such as 2026-10")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def end(self) -> dt.date:
        return _last_day(self.year, self.number)

    @property
    def index(self) -> int:
        """Months since year 0, so that the distance of two months is a subtraction."""
        return self.year * 12 + self.number - 1

    @property
    def words(self) -> str:
        return f"{_NAMES[self.number - 1]} {self.year}"

    @property
    def short(self) -> str:
        return f"{_NAMES[self.number - 1][:3]} {self.year}"

    def __add__(self, months: int) -> Month:
        year, number = divmod(self.index + months, 12)
        return Month(year, number + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def through(self, last: Month) -> Iterator[Month]:
        """This month, the next, and so on to ``last``, which is included."""
        return (self + step for step in range(last.index - self.index + 1))


@cache
def _last_day(year: int, number: int) -> dt.date:
    return dt.date(year, number, calendar.monthrange(year, number)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """The days a figure covers, both ends included."""

    start: dt.date
    end: dt.date

    @classmethod
    def ending(cls, month: Month, months: int) -> Period:
        """The window of so many whole months that ends with ``month``."""
        return cls((month - (months - 1)).start, month.end)


def long_date(day: dt.date) -> str:
    """``20 November 2026``, as British readers expect a date."""
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"

"""Periods as analysts write them: months, days, weeks, instants, numbers, years and labels, each counted.

Every period has a number, so that a missing one is noticed and limits can start at another. Text is read
only where it can mean one thing: ``2024-04``, ``Apr 2024``, ``MSitAE-APRIL-2024``, ``2024-04-30``,
``30 Apr 2024``, and financial years such as ``2024-25``. Other text labels its row, in the order in which
it stands.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.arrays import Ints
from trigpoint.analysis.history import EPOCH
from trigpoint.analysis.library.columns import Column, column
from trigpoint.terms.errors import nearest
from trigpoint.terms.period import Month, long_date

Counted = Literal["month", "day", "weekday", "instant", "number", "year", "label"]
"""What a period's number counts. A ``year`` is a financial one; weeks and quarters are days and months."""
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])")
_NAME = rf"({'|'.join(_NAMES)})[a-z]*[ -]'?((?:\d\d)?\d\d)"
_NAMED = re.compile(rf"(?:\D*[ _-])?{_NAME}", re.IGNORECASE)
_NAMED_DAY = re.compile(rf"(\d{{1,2}})[ -]{_NAME}", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})[-/](\d{2})")
_DAY_FIRST = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d\d)?\d\d")
_EPOCH_DAY = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How periods are counted and written. ``day`` is that of the month which stands for the month: 31 is
    the last, whichever that is. ``labels`` are those of a calendar of labels."""

    counted: Counted
    day: int = 1
    labels: tuple[str, ...] = ()

    def words(self, number: int) -> str:
        """A period in a sentence: ``April 2024``, ``8 April 2024``, ``17``."""
        return self._written(number, lambda month: month.words, long_date)

    def short(self, number: int) -> str:
        """A period in a margin: ``Apr 2024``, ``8 Apr 2024``."""
        return self._written(
            number, lambda month: month.short, lambda day: f"{day.day} {Month.of(day).short}"
        )

    def _written(self, number: int, month: Callable[[Month], str], day: Callable[[dt.date], str]) -> str:
        if self.counted == "month":
            return month(EPOCH + (number - EPOCH.index))
        if self.counted in ("day", "weekday"):
            return day(_EPOCH_DAY + dt.timedelta(days=int(self._days(np.array([number]))[0])))
        if self.counted == "instant":
            at = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=int(number))  # noqa: DTZ001 - local, as it came
            return f"{day(at.date())}, {at:%H:%M}"
        return str(self._texts([number])[0]) if self.counted in ("year", "label") else str(number)

    def _days(self, numbers: Ints) -> Ints:
        return numbers if self.counted == "day" else numbers // 5 * 7 + numbers % 5 + _MONDAY

    def _texts(self, numbers: Sequence[int]) -> list[str]:
        if self.counted == "label":
            return [self.labels[number] for number in numbers]
        return [f"{number}-{(number + 1) % 100:02d}" for number in numbers]

    def column(self, numbers: Ints) -> pa.Array:
        """Periods as a column: days for months, weeks and days; numbers, instants or text as they came."""
        if self.counted == "month":
            months = (numbers - EPOCH.index).astype("datetime64[M]")
            length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64)
            days = months.astype("datetime64[D]") + np.minimum(self.day, length) - 1
            return pa.array(days, type=pa.date32())
        if self.counted in ("day", "weekday"):
            return pa.array(self._days(numbers).astype("datetime64[D]"), type=pa.date32())
        if self.counted == "instant":
            return pa.array(numbers.astype("datetime64[us]"), type=pa.timestamp("us"))
        return pa.array(numbers if self.counted == "number" else self._texts(numbers.tolist()))

    def number(self, argument: str, given: object) -> int:
        """The number of a period that an argument names. Raises ValueError for what is none of this kind."""
        if self.counted == "label":
            if given not in self.labels:
                hint = nearest(str(given), self.labels)
                raise ValueError(f"{argument} is {given!r}, which is no period of the data. {hint}".strip())
            return self.labels.index(str(given))
        found, numbers = read(column(argument, [given]))
        same = found.counted == self.counted
        if same:
            return int(numbers[0])
        if self.counted == "month" and found.counted == "day":
            return int(_months(numbers)[0])
        if found.counted == "month" and self.counted in ("day", "weekday", "instant"):
            found, numbers = Calendar("day"), _first_days(numbers)
        if found.counted == "day" and self.counted == "weekday":
            return int(_counted_weekdays(numbers)[0])
        if found.counted == "day" and self.counted in ("day", "instant"):
            return int(numbers[0]) * (1 if self.counted == "day" else 86_400_000_000)
        expected = {"number": "a number", "year": "a financial year such as 2024-25"}.get(
            self.counted, "a date"
        )
        raise ValueError(f"{argument} is {given!r}: expected {expected}, as the periods of the data are")


def read(periods: Column) -> tuple[Calendar, Ints]:
    """How a column's periods are counted, and the number of each row's.

    Raises ValueError for a period that is missing, and for text that could be read in two ways.
    """
    cells = periods.cells
    periods.refuse(cells.is_null().to_numpy(zero_copy_only=False), "missing. Each row needs its period.")
    kind = cells.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _temporal(cells)
    if pa.types.is_string(kind):
        return _text(periods)
    found = periods.figures
    periods.refuse(found != np.floor(found), "not a whole number. Periods are dates, text or whole numbers.")
    numbers = found.astype(np.int64)
    if numbers.size and all(_MONTH.fullmatch(str(number)) for number in np.unique(numbers).tolist()):
        return Calendar("month"), numbers // 100 * 12 + numbers % 100 - 1
    return Calendar("number"), numbers


def _temporal(cells: pa.Array) -> tuple[Calendar, Ints]:
    if pa.types.is_timestamp(cells.type):
        cells = pc.local_timestamp(cells) if cells.type.tz else cells
        instants = cells.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False)
        days = instants.astype("datetime64[D]")
        if (days != instants).any():
            return Calendar("instant"), instants.astype(np.int64)
    else:
        days = cells.cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    return _dated(days.astype(np.int64))


def _dated(days: Ints) -> tuple[Calendar, Ints]:
    """Days that stand for months are months: all on one day of the month, or all on the last."""
    months = _months(days)
    of_month = days - _first_days(months) + 1
    first = int(of_month[0]) if days.size else 1
    if (of_month == first).all() and (first == 1 or len(np.unique(months)) > 1):
        return Calendar("month", first), months
    if (_months(days + 1) != months).all():
        return Calendar("month", 31), months
    return Calendar("day"), days


def _months(days: Ints) -> Ints:
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + EPOCH.index)


def _first_days(months: Ints) -> Ints:
    return np.asarray((months - EPOCH.index).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))


_MONDAY = -3
"""A Monday to count weeks from: so many days after 1 January 1970."""


def _counted_weekdays(days: Ints) -> Ints:
    """Days counted without Saturdays and Sundays, which count as the Monday that follows."""
    week, day = np.divmod(days - _MONDAY, 7)
    return np.asarray(week * 5 + np.minimum(day, 5))


def _text(periods: Column) -> tuple[Calendar, Ints]:
    names, code = periods.coded()
    words = [str(name).strip() for name in names.to_pylist()]
    if len(words) > 1 and all(map(_financial, words)):
        return Calendar("year"), np.array([int(word[:4]) for word in words])[code]
    months = [_month(word) for word in words]
    if None not in months:
        return Calendar("month"), np.array(months, dtype=np.int64)[code]
    days = [_instant(word) for word in words]
    if None not in days:
        return _temporal(pa.array(days, type=pa.timestamp("us")).take(pa.array(code)))
    if all(map(_financial, words)):
        return Calendar("year"), np.array([int(word[:4]) for word in words])[code]
    _doubtful(
        periods,
        words,
        [month is not None or day is not None for month, day in zip(months, days, strict=True)],
        code,
    )
    return Calendar("label", labels=tuple(names.to_pylist())), code


def _doubtful(periods: Column, words: Sequence[str], read_as: Sequence[bool], code: Ints) -> None:
    """Refuse text that is neither dates throughout nor labels throughout."""
    slashed = np.array([bool(_DAY_FIRST.fullmatch(word)) for word in words])[code]
    periods.refuse(
        slashed,
        "a date that can be read in two ways. Make it one, such as 2024-04-30, or read the "
        "column as dates (pandas: to_datetime(..., dayfirst=True)).",
    )
    if sum(read_as) * 2 >= len(words):
        odd = ~np.array(read_as)[code]
        periods.refuse(odd, "and most others are dates. Leave the row out, or mend it.")


def _financial(word: str) -> bool:
    found = _YEAR.fullmatch(word)
    return found is not None and (int(found[1]) + 1) % 100 == int(found[2])


def _month(word: str) -> int | None:
    if found := _MONTH.fullmatch(word):
        return Month(int(found[1]), int(found[2])).index
    if found := _NAMED.fullmatch(word):
        return _of_name(found[1], found[2]).index
    return None


def _of_name(name: str, year: str) -> Month:
    """The month of ``Apr`` and ``24``."""
    return Month(int(year) + (2000 if len(year) == 2 else 0), _NAMES.index(name.lower()) + 1)


def _instant(word: str) -> dt.datetime | None:
    named = _NAMED_DAY.fullmatch(word)
    try:
        if named:
            month = _of_name(named[2], named[3])
            return dt.datetime(month.year, month.number, int(named[1]))  # noqa: DTZ001 - local, as it is written
        return dt.datetime.fromisoformat(word).replace(tzinfo=None)
    except ValueError:
        return None


def weekdays(days: Ints) -> Ints | None:
    """Days counted as working days; None where there is a Saturday or a Sunday among them."""
    return None if ((days - _MONDAY) % 7 > 4).any() else _counted_weekdays(days)

"""How each engine spells what they all can do: the same SQL where it means the same, other words where not.

Every method takes SQL and gives SQL, with one meaning on every engine (tests/spec/test_dialects.py runs
both). What is written without these words must mean the same everywhere by itself:
docs/reference/engines.md lists what does.
"""

from __future__ import annotations

import datetime as dt
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

Value = None | bool | int | float | str | Decimal | dt.date | dt.datetime
_INT64 = range(-(2**63), 2**63)


class Dialect(ABC):
    """The words of one engine. A blank among the arguments gives a blank, unless it is said otherwise."""

    name: str
    text = "VARCHAR"
    """The type of a text."""
    shares_work = False
    """Whether machines of a cluster share what is asked, so that none has to hold all of it."""

    # ------------------------------------------------------------------------------- names and constants

    @abstractmethod
    def identifier(self, name: str) -> str:
        """``name`` quoted as the name of a column or table, whatever it holds."""

    def literal(self, value: Value) -> str:  # noqa: PLR0911 - a case a type
        """``value`` as a constant. Raises ValueError for a number that is not finite or not of 64 bits."""
        match value:
            case None:
                return "NULL"
            case bool():
                return "TRUE" if value else "FALSE"
            case str():
                return self._text(value)
            case dt.datetime():
                return _timestamp(value)
            case dt.date():
                return f"DATE '{value.isoformat()}'"
            case Decimal() if value.is_finite():
                return f"CAST({value:f} AS DECIMAL({_digits(value)}, {_places(value)}))"
            case float() if math.isfinite(value):
                return f"CAST('{value!r}' AS DOUBLE)"
            case int() if value in _INT64:
                return f"CAST({value} AS BIGINT)"
        raise ValueError(f"{value} has no place in SQL")

    @abstractmethod
    def _text(self, value: str) -> str: ...

    # ------------------------------------------------------------------------------------ dates and times

    @abstractmethod
    def days_between(self, start: str, end: str) -> str:
        """Days from one date to another, below 0 where ``end`` is earlier. BIGINT."""

    @abstractmethod
    def seconds_between(self, start: str, end: str) -> str:
        """Seconds from one time to another, each of which is cut to its second first. BIGINT."""

    def plus_days(self, day: str, count: str) -> str:
        """A date so many days later. DATE."""
        return f"({day} + CAST({count} AS INTEGER))"

    @abstractmethod
    def plus_months(self, day: str, count: str) -> str:
        """A date so many months later, held to the month's end: 31 January becomes 28 February. DATE."""

    @abstractmethod
    def plus_hours(self, time: str, count: str) -> str:
        """A time so many hours later, by a clock that is never changed. TIMESTAMP."""

    def month_start(self, day: str) -> str:
        """The first day of the month of a date or time. DATE."""
        return f"CAST(date_trunc('month', {day}) AS DATE)"

    def as_date(self, time: str) -> str:
        """The day of a time. DATE."""
        return f"CAST({time} AS DATE)"

    # -------------------------------------------------------------------------------------------- numbers

    @abstractmethod
    def whole_part(self, of: str, by: str) -> str:
        """A whole number divided by another, cut towards 0; blank by 0. BIGINT."""

    def remainder(self, of: str, by: str) -> str:
        """What `whole_part` leaves, with the sign of ``of``; blank by 0. BIGINT."""
        return f"CAST({of} % nullif({by}, 0) AS BIGINT)"

    def product(self, of: str, by: str) -> str:
        """The product of two decimals, of up to 38 digits: none is lost."""
        return f"({of} * {by})"

    def as_double(self, number: str) -> str:
        return f"CAST({number} AS DOUBLE)"

    # --------------------------------------------------------------------------------------------- texts

    @abstractmethod
    def starts_with(self, text: str, start: str) -> str:
        """Whether a text starts with another, byte by byte."""

    @abstractmethod
    def share_of(self, text: str, of: int) -> str:
        """Which of so many shares a text falls into, from 0: the same text into the same one. BIGINT.

        Engines do not agree which: for dividing work, and never for an answer.
        """

    # ------------------------------------------------------------------------------- several, and orders

    def greatest(self, *of: str) -> str:
        """The greatest that is not blank."""
        return f"greatest({', '.join(of)})"

    def least(self, *of: str) -> str:
        """The least that is not blank."""
        return f"least({', '.join(of)})"

    def greatest_of_all(self, *of: str) -> str:
        """The greatest; blank where any is blank."""
        return _if_all(of, self.greatest(*of))

    def least_of_all(self, *of: str) -> str:
        """The least; blank where any is blank."""
        return _if_all(of, self.least(*of))

    def ascending(self, *of: str) -> str:
        """What ORDER BY takes: blanks last, which engines do not agree about by themselves."""
        return ", ".join(f"{one} ASC NULLS LAST" for one in of)

    # ------------------------------------------------------------------------------------------- totals

    def count_where(self, test: str) -> str:
        """How many rows of a group pass a test; 0 where none does, or there is none. BIGINT."""
        return f"COUNT(CASE WHEN {test} THEN 1 END)"

    def whole_sum(self, number: str) -> str:
        """The sum of whole numbers in a group; blank where there is none. BIGINT."""
        return f"CAST(SUM({number}) AS BIGINT)"

    def decimal_sum(self, number: str, places: int) -> str:
        """The sum of decimals in a group, with so many places: every digit is kept. DECIMAL(38, places)."""
        return f"CAST(SUM(CAST({number} AS DECIMAL(28, {places}))) AS DECIMAL(38, {places}))"

    def running_sum(self, number: str, order: Sequence[str], within: Sequence[str] = ()) -> str:
        """The sum of whole numbers up to each row, blanks passed over; ties in any order. BIGINT."""
        among = f"PARTITION BY {', '.join(within)} " if within else ""
        rows = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
        return f"CAST(SUM({number}) OVER ({among}ORDER BY {self.ascending(*order)} {rows}) AS BIGINT)"


class DuckDB(Dialect):
    """DuckDB 2."""

    name = "duckdb"

    def identifier(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def _text(self, value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    def days_between(self, start: str, end: str) -> str:
        return f"date_diff('day', {start}, {end})"

    def seconds_between(self, start: str, end: str) -> str:
        return f"date_diff('second', {start}, {end})"

    def plus_months(self, day: str, count: str) -> str:
        return f"CAST({day} + to_months(CAST({count} AS INTEGER)) AS DATE)"

    def plus_hours(self, time: str, count: str) -> str:
        return f"({time} + to_hours({count}))"

    def whole_part(self, of: str, by: str) -> str:
        return f"CAST({of} // nullif({by}, 0) AS BIGINT)"

    def product(self, of: str, by: str) -> str:
        # Of two numbers that fit into 64 bits each, a product must otherwise fit into them too.
        return f"({of} * CAST(1 AS DECIMAL(19, 0)) * {by})"

    def starts_with(self, text: str, start: str) -> str:
        return f"starts_with({text}, {start})"

    def share_of(self, text: str, of: int) -> str:
        return f"CAST(hash({text}) % {of} AS BIGINT)"


class Spark(Dialect):
    """Spark 4, with the settings that `trigpoint.engines.spark_start` fixes."""

    name = "spark"
    text = "STRING"
    shares_work = True

    def identifier(self, name: str) -> str:
        # In double quotes, which are read too, a name cannot hold one.
        return "`" + name.replace("`", "``") + "`"

    def _text(self, value: str) -> str:
        # A doubled quote would be read as no quote at all.
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def days_between(self, start: str, end: str) -> str:
        return f"CAST(datediff({end}, {start}) AS BIGINT)"

    def seconds_between(self, start: str, end: str) -> str:
        first, last = (f"unix_seconds(CAST({time} AS TIMESTAMP_LTZ))" for time in (start, end))
        return f"({last} - {first})"

    def plus_months(self, day: str, count: str) -> str:
        return f"add_months({day}, CAST({count} AS INTEGER))"

    def plus_hours(self, time: str, count: str) -> str:
        return f"({time} + make_dt_interval(0, CAST({count} AS INTEGER)))"

    def whole_part(self, of: str, by: str) -> str:
        return f"CAST({of} div nullif({by}, 0) AS BIGINT)"

    def starts_with(self, text: str, start: str) -> str:
        return f"startswith({text}, {start})"

    def share_of(self, text: str, of: int) -> str:
        return f"CAST(pmod(hash({text}), {of}) AS BIGINT)"


DUCKDB: Final = DuckDB()
SPARK: Final = Spark()


def _timestamp(value: dt.datetime) -> str:
    if value.tzinfo is not None:
        raise ValueError(f"{value} has a zone; times are kept without one")
    return f"CAST('{value.isoformat(' ')}' AS TIMESTAMP)"


def _digits(value: Decimal) -> int:
    digits = len(value.as_tuple().digits)
    exponent = int(value.as_tuple().exponent)
    return max(digits + max(exponent, 0), _places(value), 1)


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _if_all(of: Sequence[str], then: str) -> str:
    return f"CASE WHEN {' AND '.join(f'{one} IS NOT NULL' for one in of)} THEN {then} END"

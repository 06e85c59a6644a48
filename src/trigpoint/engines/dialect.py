"""Dialects: what one engine writes otherwise than another."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.engines.duckdb import Value, identifier, literal


@dataclass(frozen=True, slots=True)
class Dialect:
    """DuckDB's way of saying it."""

    def identifier(self, name: str) -> str:
        return identifier(name)

    def literal(self, value: Value) -> str:
        return literal(value)

    def as_date(self, value: str) -> str:
        return f"CAST({value} AS DATE)"

    def days_between(self, start: str, end: str) -> str:
        return f"date_diff('day', {start}, {end})"

    def seconds_between(self, start: str, end: str) -> str:
        return f"date_diff('second', {start}, {end})"

    def plus_days(self, day: str, count: int) -> str:
        return f"({day} + {count})" if count >= 0 else f"({day} - {-count})"

    def plus_months(self, day: str, count: int) -> str:
        return f"CAST({day} + INTERVAL ({count}) MONTH AS DATE)"

    def plus_hours(self, instant: str, count: int) -> str:
        return f"({instant} + INTERVAL ({count}) HOUR)"

    def starts_with(self, text: str, start: str) -> str:
        return f"starts_with({text}, {literal(start)})"

    def greatest(self, *values: str) -> str:
        """The largest; blanks are passed over."""
        return f"greatest({', '.join(values)})"

    def least(self, *values: str) -> str:
        """The smallest; blanks are passed over."""
        return f"least({', '.join(values)})"


DUCKDB = Dialect()

"""Expressions over a record as SQL. Numbers stay whole or decimal: ``Scaled`` keeps what to divide by.

A condition is written in one of two ways: as SQL's own three-valued boolean (``condition``), or as 1
where it is true and 0 (or blank, unless ``strict``) where it is not (``truth``). The second is what many
sums over the same conditions are made of: each test is worked out once, and joined by ``&`` and ``|``.
By the blank rule (``definitions.blank_rule``) both give the same answer.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trigpoint.definitions.expression import (
    Between,
    Blank,
    Call,
    Case,
    Chain,
    Compare,
    Constant,
    Length,
    Listed,
    Member,
    Name,
    Node,
    Not,
    Sum,
    within,
)
from trigpoint.engines.dialect import Dialect

_DAYS = {"days": 1, "weeks": 7}
_SECONDS = {"hours": 3600, "minutes": 60}
_SPANS = ("nights_in", "days_in", "hours_in")


@dataclass(frozen=True, slots=True)
class Scaled:
    """A number: the SQL of a whole number or a decimal, over ``per``. Engines disagree about division."""

    sql: str
    per: int = 1

    def times(self, factor: int) -> str:
        """The SQL of so many times what is there."""
        return self.sql if factor == 1 else f"({self.sql} * {factor})"


@dataclass(frozen=True, slots=True)
class Overlap:
    """The SQL of how much of a record's span falls in the month, or in a part of it."""

    nights: str
    days: str
    seconds: str


@dataclass(slots=True)
class Writer:
    """Writes checked expressions as SQL.

    ``names`` gives the SQL of each name, ``instants`` that of a time column's UTC twin; ``lists`` the
    values of the definitions' lists. ``workdays`` fills with the days (SQL) whose running number of
    working days is asked for, and ``tests`` with the tests that ``truth`` is made of: each with the name
    that stands for it.
    """

    dialect: Dialect
    names: Mapping[str, str]
    instants: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    overlap: Overlap | None = None
    workdays: dict[str, str] = field(default_factory=dict)
    tests: dict[str, str] = field(default_factory=dict)

    def condition(self, node: Node) -> str:  # noqa: PLR0911 - a case a kind of node
        """SQL that is true, false or null."""
        match node:
            case Chain(word=word, tests=tests):
                return f"({f' {word.upper()} '.join(map(self.condition, tests))})"
            case Not(test=test):
                return f"(NOT {self.condition(test)})"
            case Compare(sign=sign, left=left, right=right):
                return self._compared(sign, left, right)
            case Between(value=value, low=low, high=high):
                return f"({self._compared('>=', value, low)} AND {self._compared('<=', value, high)})"
            case Member(value=value, options=options, negated=negated):
                return self._among(value, [option.value for option in options], negated)
            case Listed(value=value, name=name, negated=negated):
                return self._among(value, list(self.lists[name]), negated)
            case Blank(value=value, negated=negated):
                return f"({self.any(value)} IS {'NOT ' if negated else ''}NULL)"
            case Call(name="starts_with", arguments=(text, Constant(value=str() as start))):
                return self.dialect.starts_with(self.value(text), self.dialect.literal(start))
        return self.value(node)

    def truth(self, node: Node, *, strict: bool = False) -> str:
        """SQL that is 1 where a condition is true; where it is not, 0, or null unless ``strict``."""
        match node:
            case Chain(word="and"):
                return f"({' & '.join(self.truths(node, strict=strict))})"
            case Chain(tests=tests):
                return f"({' | '.join(self.truth(test, strict=True) for test in tests)})"
            case Not(test=test):
                return f"(1 - {self.truth(test, strict=True)})"
        sql = f"CAST({self.condition(node)} AS INTEGER)"
        if strict and not isinstance(node, Blank):
            sql = f"coalesce({sql}, 0)"
        return self.tests.setdefault(sql, f"test{len(self.tests)}")

    def truths(self, node: Node, *, strict: bool = False) -> list[str]:
        """The tests of a condition that holds where all of them are 1."""
        match node:
            case Chain(word="and", tests=tests):
                return [one for test in tests for one in self.truths(test, strict=strict)]
        return [self.truth(node, strict=strict)]

    def any(self, node: Node) -> str:
        """SQL of a value of whatever type."""
        return self.number(node).sql if self._is_number(node) else self.condition(node)

    def value(self, node: Node, *, utc: bool = False) -> str:  # noqa: PLR0911 - a case a kind of node
        """SQL of a text, a boolean, a date or a time; with ``utc``, of the instant of a time."""
        match node:
            case Constant(value=value):
                return self.constant(value)
            case Name(name=name):
                return self.instants[name] if utc else self.names[name]
            case Sum(sign=sign, left=left, right=Length() as length):
                return self._moved(left, length, 1 if sign == "+" else -1)
            case Call(name="date", arguments=(time,)):
                return self.dialect.as_date(self.value(time))
            case Call(name="coalesce", arguments=arguments):
                return f"coalesce({', '.join(self.value(it, utc=utc) for it in arguments)})"
            case Call(name="earliest" | "latest" as name, arguments=arguments):
                extreme = self.dialect.least if name == "earliest" else self.dialect.greatest
                return extreme(*(self.value(it, utc=utc) for it in arguments))
            case Case(branches=branches, otherwise=otherwise):
                written = [(test, self.value(then, utc=utc)) for test, then in branches]
                return self._case(written, None if otherwise is None else self.value(otherwise, utc=utc))
        return self.condition(node)

    def number(self, node: Node) -> Scaled:  # noqa: PLR0911 - a case a kind of node
        """SQL of a number."""
        match node:
            case Constant(value=Decimal() as value):
                return Scaled(f"{value:f}")
            case Length(count=count, unit=unit):
                return Scaled(str(count * _DAYS[unit]))
            case Sum(sign="*", left=left, right=right):
                by, of = self.number(left), self.number(right)
                return Scaled(self._product(left, right, by.sql, of.sql), by.per * of.per)
            case Sum(sign=sign, left=left, right=right):
                (one, two), per = self._alike([left, right])
                return Scaled(f"({one} {sign} {two})", per)
            case Call(name="coalesce", arguments=arguments):
                written, per = self._alike(arguments)
                return Scaled(f"coalesce({', '.join(written)})", per)
            case Call():
                return self._measured(node)
            case Case(branches=branches, otherwise=otherwise):
                values = [then for _, then in branches] + ([] if otherwise is None else [otherwise])
                written, per = self._alike(values)
                tests = [(test, sql) for (test, _), sql in zip(branches, written, strict=False)]
                return Scaled(self._case(tests, None if otherwise is None else written[-1]), per)
        return Scaled(self.value(node))

    def bound(self, theirs: Name, sign: str, bound: Node) -> str:
        """Whether a related record's date keeps a bound: by instants where it is in hours, else by days.

        A bound that is a time as it stands compares instants with a time.
        """
        lengths = {part.unit for part in within(bound) if isinstance(part, Length)}
        by_instant = lengths == {"hours"} or (
            not lengths and self._is_time(bound) and theirs.name in self.instants
        )
        if by_instant:
            return f"({self.value(theirs, utc=True)} {sign} {self.value(bound, utc=True)})"
        return f"({self.day(theirs)} {sign} {self.day(bound)})"

    def day(self, node: Node) -> str:
        """SQL of the local date of a date or time."""
        return self.dialect.as_date(self.value(node)) if self._is_time(node) else self.value(node)

    def constant(self, value: bool | Decimal | str | dt.date) -> str:
        """SQL of a literal."""
        return f"{value:f}" if isinstance(value, Decimal) else self.dialect.literal(value)

    def _compared(self, sign: str, left: Node, right: Node) -> str:
        if self._is_number(left) or self._is_number(right):
            (one, other), _ = self._alike([left, right])
            return f"({one} {sign} {other})"
        return f"({self.condition(left)} {sign} {self.condition(right)})"

    def _among(
        self, value: Node, options: list[bool | Decimal | str | dt.date] | list[str], negated: bool
    ) -> str:
        word = "NOT IN" if negated else "IN"
        number = self.number(value) if self._is_number(value) else None
        if number is not None:
            listed = [str(option * number.per) for option in options if isinstance(option, Decimal)]
            return f"({number.sql} {word} ({', '.join(listed)}))"
        return f"({self.value(value)} {word} ({', '.join(map(self.constant, options))}))"

    def _alike(self, nodes: tuple[Node, ...] | list[Node]) -> tuple[list[str], int]:
        """Numbers over one divisor, so that they can be added and compared."""
        found = [self.number(node) for node in nodes]
        per = math.lcm(*(one.per for one in found))
        return [one.times(per // one.per) for one in found], per

    def _case(self, branches: list[tuple[Node, str]], otherwise: str | None) -> str:
        cases = " ".join(f"WHEN {self.condition(test)} THEN {then}" for test, then in branches)
        return f"CASE {cases} ELSE {otherwise} END" if otherwise is not None else f"CASE {cases} END"

    def _moved(self, node: Node, length: Length, way: int) -> str:
        if length.unit == "hours":
            return self.dialect.plus_hours(self.value(node, utc=True), str(way * length.count))
        day = self.day(node)
        if length.unit == "months":
            return self.dialect.plus_months(day, str(way * length.count))
        return self.dialect.plus_days(day, str(way * length.count * _DAYS[length.unit]))

    def _measured(self, call: Call) -> Scaled:
        if call.name in _SPANS:
            assert self.overlap is not None  # noqa: S101 - held by the definitions' check
            found = {"nights_in": self.overlap.nights, "days_in": self.overlap.days}
            return Scaled(found[call.name]) if call.name in found else Scaled(self.overlap.seconds, 3600)
        start, end = call.arguments
        if call.name in _SECONDS:
            one, other = self.value(start, utc=True), self.value(end, utc=True)
            apart = self.dialect.seconds_between(one, other)
            return Scaled(f"CASE WHEN {other} >= {one} THEN {apart} END", _SECONDS[call.name])
        one, other = self.day(start), self.day(end)
        in_order = f"{other} >= {one}"
        if self._is_time(start) and self._is_time(end):
            in_order = f"{self.value(end, utc=True)} >= {self.value(start, utc=True)}"
        return Scaled(f"CASE WHEN {in_order} THEN {self._apart(call.name, one, other)} END")

    def _apart(self, name: str, start: str, end: str) -> str:
        if name == "working_days":
            return f"({self._running(end)} - {self._running(start)})"
        if name == "age":
            # By the calendar's days as numbers: who was born on 29 February is older from 1 March on.
            of_year = [f"(month({day}) * 100 + day({day}))" for day in (start, end)]
            return f"(year({end}) - year({start}) - CASE WHEN {of_year[1]} < {of_year[0]} THEN 1 ELSE 0 END)"
        return self.dialect.days_between(start, end)

    def _product(self, left: Node, right: Node, of: str, by: str) -> str:
        """What is counted, of days and seconds, is no decimal, and its product wide enough as it is."""
        counted = any(isinstance(it, Call) and it.name != "coalesce" for it in (left, right))
        return f"({of} * {by})" if counted else self.dialect.product(of, by)

    def _running(self, day: str) -> str:
        alias = self.workdays.setdefault(day, f"workday{len(self.workdays)}")
        return f"{alias}.running"

    def _is_number(self, node: Node) -> bool:  # noqa: PLR0911 - a case a kind of node
        match node:
            case Constant(value=value):
                return isinstance(value, Decimal)
            case Length():
                return True
            case Sum(right=right):
                return not isinstance(right, Length) or self._is_number(node.left)
            case Call(name=name, arguments=arguments):
                if name == "coalesce":
                    return any(map(self._is_number, arguments))
                return name in ("days", "hours", "minutes", "working_days", "age", *_SPANS)
            case Case(branches=branches):
                return any(self._is_number(then) for _, then in branches)
        return False

    def _is_time(self, node: Node) -> bool:
        match node:
            case Name(name=name):
                return name in self.instants
            case Call(name="coalesce" | "earliest" | "latest", arguments=(first, *_)):
                return self._is_time(first)
            case Case(branches=((_, then), *_)):
                return self._is_time(then)
        return False

"""Expressions over a record as SQL: ``r`` is the record, ``m`` the month, ``s`` its unit's segment."""

from __future__ import annotations

import datetime as dt
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
)
from trigpoint.definitions.source import Span
from trigpoint.engines.duckdb import identifier, literal

NEVER = "DATE '9999-12-30'"
_WORDS = {"unit.kind": "s.kind", "month_start": 'm."start"', "month_end": 'm."end"'}
_DAYS = {"days": 1, "weeks": 7}


def sql(node: Node, span: Span | None = None) -> str:  # noqa: C901, PLR0911, PLR0912 - a case a kind of node
    """The SQL of a checked expression; ``span`` is that of its source. Blanks are SQL's nulls."""
    match node:
        case Constant(value=value):
            return _constant(value)
        case Length(count=count, unit=unit):
            return str(count * _DAYS[unit])
        case Name(name=name):
            return _WORDS.get(name) or f"r.{identifier(name)}"
        case Call():
            return _call(node, span)
        case Sum(sign=sign, left=left, right=right):
            return _shifted(node, span) if isinstance(right, Length) else _joined(sign, left, right, span)
        case Compare(sign=sign, left=left, right=right):
            return _joined(sign, left, right, span)
        case Between(value=value, low=low, high=high):
            return f"({sql(value, span)} BETWEEN {sql(low, span)} AND {sql(high, span)})"
        case Member(value=value, options=options, negated=negated):
            listed = ", ".join(_constant(option.value) for option in options)
            return f"({sql(value, span)} {'NOT IN' if negated else 'IN'} ({listed}))"
        case Blank(value=value, negated=negated):
            return f"({sql(value, span)} IS {'NOT ' if negated else ''}NULL)"
        case Listed():
            raise NotImplementedError("a list of the definitions in SQL")
        case Case(branches=branches, otherwise=otherwise):
            whens = " ".join(f"WHEN {sql(when, span)} THEN {sql(then, span)}" for when, then in branches)
            return f"(CASE {whens}{f' ELSE {sql(otherwise, span)}' if otherwise else ''} END)"
        case Not(test=test):
            return f"(NOT {sql(test, span)})"
        case Chain(word=word, tests=tests):
            return f"({f' {word.upper()} '.join(sql(test, span) for test in tests)})"


def _constant(value: bool | Decimal | str | dt.date) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    return literal(value)


def _joined(sign: str, left: Node, right: Node, span: Span | None) -> str:
    return f"({sql(left, span)} {sign} {sql(right, span)})"


def _shifted(node: Sum, span: Span | None) -> str:
    """A date moved by a length: months are held to the month's end."""
    length, day = node.right, f"CAST({sql(node.left, span)} AS DATE)"
    assert isinstance(length, Length)  # noqa: S101 - asked for only where it is one
    if length.unit == "months":
        return f"CAST({day} {node.sign} INTERVAL {length.count} MONTH AS DATE)"
    return f"({day} {node.sign} {length.count * _DAYS[length.unit]})"


def _call(node: Call, span: Span | None) -> str:
    if node.name == "days":
        start, end = (sql(argument, span) for argument in node.arguments)
        apart = f"date_diff('day', CAST({start} AS DATE), CAST({end} AS DATE))"
        return f"CASE WHEN {end} >= {start} THEN {apart} END"
    assert span is not None  # noqa: S101 - held by the definitions' check
    return _nights(span) if node.name == "nights_in" else _days_touched(span)


def first_day(span: Span) -> str:
    """The day on which a span starts."""
    return f"CAST(r.{identifier(span.from_)} AS DATE)"


def last_day(span: Span) -> str:
    """The day on which a span ends, as its column says; far off where it has not ended."""
    return f"coalesce(CAST(r.{identifier(span.to)} AS DATE), {NEVER})"


def open_at_month_end(span: Span) -> str:
    """Whether a span holds at the end of the month's last day."""
    beyond = ">" if span.to_means == "first_day_out" else ">="
    return f'{first_day(span)} <= m."end" AND {last_day(span)} {beyond} m."end"'


def _overlap(span: Span, end: str, month_end: str, segment_end: str) -> str:
    starts = f"""greatest({first_day(span)}, m."start", coalesce(s."from", m."start"))"""
    ends = f"least({end}, {month_end}, coalesce({segment_end}, {month_end}))"
    return f"date_diff('day', {starts}, {ends})"


def _nights(span: Span) -> str:
    out = last_day(span) if span.to_means == "first_day_out" else f"({last_day(span)} + 1)"
    return f"""greatest(0, {_overlap(span, out, '(m."end" + 1)', '(s."to" + 1)')})"""


def _days_touched(span: Span) -> str:
    return f"""greatest(0, {_overlap(span, last_day(span), 'm."end"', 's."to"')} + 1)"""

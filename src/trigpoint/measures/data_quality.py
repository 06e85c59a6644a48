"""How good a month's records are: each field's blanks and faults, when records came, and what came twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from trigpoint.definitions.check_consistency import columns_of, condition_of
from trigpoint.definitions.column import BLANKED
from trigpoint.definitions.source import Source
from trigpoint.engines.dialect import DUCKDB
from trigpoint.engines.duckdb import query
from trigpoint.engines.records import condition_sql
from trigpoint.terms.counted import Counted, Respect
from trigpoint.terms.period import Month

ARRIVED = "arrived"
"""The column of arrivals with the day on which a key first came."""


@dataclass(frozen=True, slots=True, eq=False)
class MonthOfRecords:
    """A month of a source's records, and what is known of their coming.

    ``table`` holds the records that stand, ``arrivals`` their key and the day on which it first
    came (``ARRIVED``). ``due`` is the day by which the month was due; None where none is declared, or
    where nothing had been delivered by then, so that nobody can tell. ``repeated`` counts the rows
    that came again; ``units`` are all that are known.
    """

    code: str
    source: Source
    month: Month
    table: pa.Table
    arrivals: pa.Table
    due: dt.date | None
    repeated: int
    units: frozenset[str]


def counted(records: MonthOfRecords, fields: Sequence[str]) -> tuple[Counted, ...]:
    """The counts of some fields and of the whole records, in one pass over them."""
    tables = {
        "records": records.table,
        "arrivals": records.arrivals,
        "units": pa.table({"unit": pa.array(sorted(records.units), pa.string())}),
    }
    (answer,) = query(counting_sql(records, fields), tables=tables).to_pylist()
    return tuple(_read(records, fields, answer))


def counting_sql(records: MonthOfRecords, fields: Sequence[str]) -> str:
    """The query: for each field what is there, and what of it no check found wrong."""
    source, columns = records.source, ["count(*) AS records"]
    for at, name in enumerate(fields):
        there, wrong = _there(name, source), " OR ".join(_wrong(name, source)) or "FALSE"
        columns.append(f"count(CASE WHEN {there} THEN 1 END) AS there_{at}")
        columns.append(f"count(CASE WHEN {there} AND ({wrong}) IS NOT TRUE THEN 1 END) AS valid_{at}")
    if records.due is not None:
        on_time = f"a.{ARRIVED} <= DATE '{records.due.isoformat()}'"
        columns.append(f"count(CASE WHEN {on_time} THEN 1 END) AS timely")
    if source.entered is not None:
        days = _days_to_entry(source)
        within = f"{days} BETWEEN 0 AND {source.quality.entered_within}"
        columns.append(f"count({days}) AS entered_known, count(CASE WHEN {within} THEN 1 END) AS entered")
        columns.append(f"median({days}) AS days")
    key = " AND ".join(f"a.{DUCKDB.identifier(name)} = r.{DUCKDB.identifier(name)}" for name in source.key)
    return f"""\
SELECT {", ".join(columns)}
FROM records r LEFT JOIN arrivals a ON {key}"""  # noqa: S608 - nothing unparsed


def _there(name: str, source: Source) -> str:
    """Whether something came in a field, though a check may have made it blank."""
    there = f"r.{DUCKDB.identifier(name)} IS NOT NULL"
    return f"({there} OR {_emptied(name)})" if name in source.blanked else there


def _emptied(name: str) -> str:
    """Whether a check made the field blank."""
    names = f"string_split(r.{DUCKDB.identifier(BLANKED)}, chr(10))"
    return f"coalesce(list_contains({names}, {DUCKDB.literal(name)}), FALSE)"


def _wrong(name: str, source: Source) -> Iterator[str]:
    """What would show that a field is wrong: the checks that note or blank it."""
    column, kind = f"r.{DUCKDB.identifier(name)}", source.columns[name].type
    if name in source.blanked:
        yield _emptied(name)
    for one in source.own_checks.values():
        tree = condition_of(one, source)
        if one.effect == "note" and name in columns_of(tree, source):
            yield f"({condition_sql(tree, source)}) IS FALSE"
    if (
        source.span is not None
        and name == source.span.to
        and source.severity("ends_before_it_starts") != "off"
    ):
        start, end = _alike(source, source.span.from_, name)
        yield f"{end} < {start}"
    ahead = kind in ("date", "time") and not source.columns[name].future
    if ahead and source.severity("in_the_future") != "off":
        yield f"CAST({column} AS DATE) > a.{ARRIVED}"
    if name == source.unit_field and source.severity("unknown_unit") != "off":
        yield f"{column} NOT IN (SELECT unit FROM units)"  # noqa: S608 - a quoted name


def _alike(source: Source, *names: str) -> Iterator[str]:
    """Columns as they are; as days, where some hold days alone."""
    one_type = len({source.columns[name].type for name in names}) == 1
    for name in names:
        column = f"r.{DUCKDB.identifier(name)}"
        yield column if one_type else f"CAST({column} AS DATE)"


def _days_to_entry(source: Source) -> str:
    dated, entered = (
        f"CAST(r.{DUCKDB.identifier(str(name))} AS DATE)" for name in (source.dated, source.entered)
    )
    return f"date_diff('day', {dated}, {entered})"


def _read(records: MonthOfRecords, fields: Sequence[str], answer: dict[str, Any]) -> Iterator[Counted]:
    def so_many(field: str, respect: Respect, numerator: float, denominator: int) -> Counted:
        return Counted(records.code, records.month, field, respect, numerator, denominator)

    every = answer["records"]
    for at, name in enumerate(fields):
        there = answer[f"there_{at}"]
        yield so_many(name, Respect.COMPLETE, there, every)
        yield so_many(name, Respect.VALID, answer[f"valid_{at}"], there)
    if "timely" in answer:
        yield so_many("", Respect.TIMELY, answer["timely"], every)
    if "entered" in answer:
        known = answer["entered_known"]
        yield so_many("", Respect.ENTERED, answer["entered"], known)
        if known:
            yield so_many("", Respect.DAYS, answer["days"], known)
    yield so_many("", Respect.ONCE, every, every + records.repeated)

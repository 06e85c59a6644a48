"""The arithmetic over records: each quantity as one SQL text, from records to partial figures.

The SQL reads ``source`` (the records), ``months`` and the structure's ``segments``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import Cut, Quantity, RecordMeasure
from trigpoint.definitions.source import Source
from trigpoint.definitions.typing_rules import Scope, Type, check
from trigpoint.engines.duckdb import Session, identifier, literal
from trigpoint.engines.expressions import open_at_month_end, sql
from trigpoint.measures.purged import Purged
from trigpoint.measures.structure import NOWHERE, Structure
from trigpoint.terms.period import Month

MONTHS = pa.schema([("start", pa.date32()), ("end", pa.date32())])

Write = Callable[..., str]
"""Makes SQL of an expression's text that has one of some types."""


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """What figures are worked out from and by: records, the structure, and two sessions of an engine.

    ``since`` and ``through`` are the first and the last month that each source holds. ``ordered``
    adds up in one order, by one thread, for what is no whole number or decimal. ``purged`` says
    which records are gone.
    """

    catalogue: Catalogue
    records: Mapping[str, pa.Table]
    structure: Structure
    since: Mapping[str, Month]
    through: Mapping[str, Month]
    engine: Session
    ordered: Session
    purged: Purged


def amounts_sql(
    quantity: Quantity, source: Source, kinds: Sequence[str] = (), cut: tuple[str, Cut] | None = None
) -> str:
    """The query of one quantity: for each unit, segment, month and group, its amount and its share.

    Numbers of records are whole or decimal, so that a sum does not depend on the order of threads.
    """
    amount = "COUNT(*)" if quantity.count else "coalesce(SUM(records.amount), 0)"
    return f"""\
SELECT records.unit, records.segment, records."end", records.grouped,
       CAST({amount} AS DOUBLE) AS amount,
       CAST(COUNT(CASE WHEN records.share THEN 1 END) AS DOUBLE) AS share
FROM (
{rows_sql(quantity, source, kinds, cut)}
) AS records
GROUP BY records.unit, records.segment, records."end", records.grouped
ORDER BY records.unit, records.segment, records."end", records.grouped"""  # noqa: S608 - nothing unparsed


def values_sql(measure: RecordMeasure, source: Source, kinds: Sequence[str] = ()) -> str:
    """The query of a median: how often each value comes, for each segment and month."""
    return f"""\
SELECT records.segment, records."end", CAST(records.amount AS DOUBLE) AS value, COUNT(*) AS times
FROM (
{rows_sql(measure, source, kinds)}
) AS records
WHERE records.amount IS NOT NULL
GROUP BY records.segment, records."end", records.amount
ORDER BY records.segment, records."end", records.amount"""  # noqa: S608 - nothing unparsed


def rows_sql(
    quantity: Quantity, source: Source, kinds: Sequence[str] = (), cut: tuple[str, Cut] | None = None
) -> str:
    """The records that a quantity takes, once for each month that they belong to.

    With ``kinds``, those of units of other kinds are not concerned; of units that nobody knows, who can tell.
    """
    names = Scope.of(source, spans=quantity.during is not None)

    def write(text: str, *types: Type) -> str:
        return sql(check(text, names, types), source.span)

    unit = identifier(str(source.unit_field))
    share = (
        write(quantity.with_, "boolean") if isinstance(quantity, RecordMeasure) and quantity.with_ else "NULL"
    )
    kept = [write(quantity.where, "boolean")] if quantity.where else []
    kept += [f"({write(quantity.except_, 'boolean')}) IS NOT TRUE"] if quantity.except_ else []
    if kinds:
        kept.append(f"(s.segment IS NULL OR s.kind IN ({', '.join(map(literal, kinds))}))")
    lines = [
        f'  SELECT r.{unit} AS unit, coalesce(s.segment, {NOWHERE}) AS segment, m."end",',
        f"         {_amount(quantity, write)} AS amount, {share} AS share, {_grouped(cut)} AS grouped",
        "  FROM source r",
        *_joins(quantity, source, unit, write),
    ]
    return "\n".join([*lines, f"  WHERE {' AND '.join(kept)}"] if kept else lines)


def _amount(quantity: Quantity, write: Write) -> str:
    if isinstance(quantity, RecordMeasure) and quantity.median is not None:
        return write(quantity.median, "number")
    return write(quantity.sum, "number") if quantity.sum is not None else "NULL"


def _grouped(cut: tuple[str, Cut] | None) -> str:
    """The name of a record's group."""
    if cut is None:
        return "NULL"
    code, groups = cut
    column = f"r.{identifier(groups.column or code)}"
    cases = " ".join(
        f"WHEN {column} IN ({', '.join(literal(one) for one in group.codes)}) THEN {literal(group.name)}"
        for group in groups.groups
    )
    return f"CASE {cases} ELSE {literal(groups.unknown)} END"


def _joins(quantity: Quantity, source: Source, unit: str, write: Write) -> tuple[str, str]:
    """The months that a record belongs to, and its unit's segment then."""
    segment = f"  LEFT JOIN segments s ON s.unit = r.{unit} AND"
    if quantity.month_of is not None:
        day = f"CAST({write(quantity.month_of, 'date', 'time')} AS DATE)"
        return (
            f"  JOIN months m ON CAST(date_trunc('month', {day}) AS DATE) = m.\"start\"",
            f'{segment} {day} BETWEEN s."from" AND s."to"',
        )
    span = source.span
    assert span is not None  # noqa: S101 - held by the definitions' check
    if quantity.at is not None:
        return (
            f"  JOIN months m ON {open_at_month_end(span)}",
            f'{segment} m."end" BETWEEN s."from" AND s."to"',
        )
    start, end = (f"CAST(r.{identifier(name)} AS DATE)" for name in (span.from_, span.to))
    return (
        f'  JOIN months m ON {start} <= m."end" AND ({end} IS NULL OR {end} >= m."start")',
        f'{segment} s."from" <= m."end" AND s."to" >= m."start"',
    )


def partials(
    measure: RecordMeasure,
    kinds: Sequence[str],
    held: Holdings,
    months: Iterable[Month],
    cut: str | None = None,
) -> pa.Table:
    """Columns unit, segment, end, grouped, numerator and denominator, the two sides in rows of their own."""
    wanted, tables = list(months), []
    for quantity in measure.quantities:
        source = held.catalogue.source(quantity.from_)
        groups = None if cut is None else (cut, held.catalogue.cuts[cut])
        found = _answer(amounts_sql(quantity, source, kinds, groups), quantity, held, wanted)
        nothing = pa.chunked_array([pa.array([0.0] * found.num_rows, pa.float64())])
        numerator, denominator = (found["amount"], nothing)
        if quantity is not measure:
            numerator, denominator = nothing, found["amount"]
        elif measure.with_ is not None:
            numerator, denominator = found["share"], found["amount"]
        kept = found.select(["unit", "segment", "end", "grouped"])
        tables.append(kept.append_column("numerator", numerator).append_column("denominator", denominator))
    return pa.concat_tables(tables)


def values(measure: RecordMeasure, kinds: Sequence[str], held: Holdings, months: Iterable[Month]) -> pa.Table:
    """Columns segment, end, value and times: what a median is the middle of."""
    return _answer(
        values_sql(measure, held.catalogue.source(measure.from_), kinds), measure, held, list(months)
    )


def _answer(text: str, quantity: Quantity, held: Holdings, months: list[Month]) -> pa.Table:
    tables = {
        "source": held.records[quantity.from_],
        "segments": held.structure.segments,
        "months": pa.table(
            [
                pa.array([m.start for m in months], pa.date32()),
                pa.array([m.end for m in months], pa.date32()),
            ],
            schema=MONTHS,
        ),
    }
    return held.engine.query(text, tables=tables)

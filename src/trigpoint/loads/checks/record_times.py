"""When records are: days that lie ahead, spans that overlap or end too soon, times no clock told once."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.column import UTC
from trigpoint.definitions.source import Check, Source
from trigpoint.engines.dialect import DUCKDB
from trigpoint.engines.duckdb import query
from trigpoint.loads.clocks import Told, told
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.findings import FINDINGS, Findings, findings_table
from trigpoint.terms.period import long_date

_AS_IT_IS = "Kept as it is."


def in_the_future(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Days and times after the day of delivery, in columns that do not say that theirs may be."""
    received, tables = expectations.received, [FINDINGS.empty_table()]
    for name, column in source.columns.items():
        if received is None or column.future or column.type not in ("date", "time") or column.as_ != "field":
            continue
        ahead = table.filter(pc.greater(table[name].cast(pa.date32()), pa.scalar(received)))
        expected = f"{long_date(received)} at the latest, the day of delivery"
        remedy = f"{_AS_IT_IS} A column of days to come, such as when something is due, says `future: yes`."
        tables.append(findings_table(_rows(ahead), name, ahead[name].cast(pa.string()), expected, remedy))
    return pa.concat_tables(tables)


def ends_before_it_starts(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Spans whose end comes before their start."""
    span = source.span
    if span is None:
        return FINDINGS.empty_table()
    start, end = _comparable(table, span.from_, span.to)
    wrong = table.filter(pc.less(end, start))
    found = pc.binary_join_element_wise(
        *(wrong[name].cast(pa.string()).combine_chunks() for name in (span.from_, span.to)), " to "
    )
    remedy = f"{_AS_IT_IS} It lasts no day and no night, and is open at no month's end."
    expected = f"{span.to} on or after {span.from_}"
    return findings_table(_rows(wrong), f"{span.from_}, {span.to}", found, expected, remedy)


def _comparable(table: pa.Table, *names: str) -> Sequence[pa.ChunkedArray]:
    """Columns of days and times as they are; as days, where some hold days alone."""
    columns = [table[name] for name in names]
    alike = len({str(column.type) for column in columns}) == 1
    return columns if alike else [column.cast(pa.date32()) for column in columns]


def overlapping_spans(table: pa.Table, source: Source, expectations: Expectations) -> pa.Table:
    """Spans that start before an earlier one of the same subject has ended, each with the one it overlaps."""
    if source.span is None or source.subject is None:
        return FINDINGS.empty_table()
    span, subject = source.span, source.subject
    found = query(_overlapping(source), tables={"records": table})
    remedy = f"{_AS_IT_IS} Both count."
    columns = f"{span.from_}, {span.to}"
    expected = f"spans of one {subject} that do not overlap"
    return findings_table(_rows(found), columns, found["found"].combine_chunks(), expected, remedy)


def _overlapping(source: Source) -> str:
    """Each span is held to the one before it, of its subject, that reaches furthest."""
    assert source.span is not None  # noqa: S101 - held by the caller
    start, end, subject = map(DUCKDB.identifier, (source.span.from_, source.span.to, str(source.subject)))
    within = "<" if source.span.to_means == "first_day_out" else "<="
    return f"""\
WITH spans AS (
    SELECT r."row", r.{subject} AS subject, CAST(r.{start} AS TIMESTAMP) AS starts,
           coalesce(CAST(r.{end} AS TIMESTAMP), TIMESTAMP '9999-12-30 00:00:00') AS ends,
           CAST(r.{start} AS VARCHAR) || ' to ' || coalesce(CAST(r.{end} AS VARCHAR), 'no end') AS told
    FROM records r
    WHERE r.{subject} IS NOT NULL AND r.{start} IS NOT NULL AND (r.{end} IS NULL OR r.{end} >= r.{start})
), seen AS (
    SELECT *, max(ends) OVER earlier AS reach, arg_max("row", ends) OVER earlier AS other
    FROM spans
    WINDOW earlier AS (PARTITION BY subject ORDER BY starts, ends, "row"
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT seen."row", seen.told || '; row ' || spans."row" || ' has ' || spans.told AS found
FROM seen JOIN spans ON spans."row" = seen.other
WHERE seen.starts {within} seen.reach
ORDER BY seen."row\""""  # noqa: S608 - names of columns alone, quoted


def with_instants(table: pa.Table, source: Source, zone: ZoneInfo) -> tuple[pa.Table, tuple[Findings, ...]]:
    """The records with each time by the local clock and, beside it, in UTC; and those no clock told once."""
    tables: dict[Check, list[pa.Table]] = {"ambiguous_time": [], "missing_time": []}
    for name in source.times:
        times = told(table[name], zone, source.clock, source.ambiguous)
        table = table.set_column(table.schema.get_field_index(name), name, times.local)
        table = table.append_column(name + UTC, times.utc)
        tables["ambiguous_time"].append(_twice(table, name, times, zone, source.ambiguous))
        tables["missing_time"].append(_never(table, name, times, zone))
    findings = []
    for check, found in tables.items():
        severity = source.severity(check)
        if severity != "off" and found:
            findings.append(Findings(check, severity, pa.concat_tables(found)))
    return table, tuple(it for it in findings if len(it))


def _twice(table: pa.Table, name: str, times: Told, zone: ZoneInfo, side: str) -> pa.Table:
    remedy = f"Taken for the {side} of the two, as `ambiguous` in the source says."
    expected = f"a time that clocks of {zone.key} told once; they went back"
    return _of_clock(table, name, times.twice, expected, remedy)


def _never(table: pa.Table, name: str, times: Told, zone: ZoneInfo) -> pa.Table:
    remedy = "Taken as on a clock that was not yet put forward."
    expected = f"a time that clocks of {zone.key} told; they went forward"
    return _of_clock(table, name, times.never, expected, remedy)


def _of_clock(
    table: pa.Table, name: str, wrong: npt.NDArray[np.bool_], expected: str, remedy: str
) -> pa.Table:
    found = table.filter(pa.array(wrong))
    said = found[name].cast(pa.string()).combine_chunks()
    return findings_table(_rows(found), name, said, expected, remedy)


def _rows(table: pa.Table) -> pa.Array:
    return table["row"].combine_chunks()

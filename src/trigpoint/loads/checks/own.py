"""Checks with a name of one's own: the records for which they do not hold, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.definitions.check_consistency import columns_of, condition_of
from trigpoint.definitions.column import BLANKED, UTC
from trigpoint.definitions.record_check import OwnCheck
from trigpoint.definitions.source import Source
from trigpoint.engines.dialect import DUCKDB
from trigpoint.engines.duckdb import query
from trigpoint.engines.records import condition_sql
from trigpoint.loads.findings import Findings, findings_table
from trigpoint.loads.set_aside import SetAside

_EFFECT = {
    "refuse": "Nothing of the delivery is kept until it is put right.",
    "set_aside": "The row is set aside: no figure counts it.",
    "note": "Kept as it is.",
}
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Records after their source's own checks: what is kept, what was found, what is set aside."""

    table: pa.Table
    findings: tuple[Findings, ...]
    set_aside: tuple[SetAside, ...]


def own_checks(table: pa.Table, source: Source) -> Held:
    """Records held to every check of their source's own, all asked in one pass over the rows as delivered.

    The table has one column more, ``BLANKED``, also where no check may blank a cell: so that rows read
    by one set of checks can stand beside those read by another.
    """
    checks = source.own_checks
    if not checks:
        return Held(table.append_column(BLANKED, pa.nulls(table.num_rows, pa.string())), (), ())
    found = query(_sql(checks, source), tables={"records": table})
    failing = {name: _rows(found, at) for at, name in enumerate(checks)}
    findings = (
        Findings(
            name, "block" if one.effect == "refuse" else "note", _told(found, at, failing[name], one, source)
        )
        for at, (name, one) in enumerate(checks.items())
    )
    kept, set_aside = _without(_blanked(table, failing, source), checks, failing)
    return Held(kept, tuple(it for it in findings if len(it)), set_aside)


def _sql(checks: Mapping[str, OwnCheck], source: Source) -> str:
    """For each row that some check does not hold for: which, and what its columns say."""
    columns, wrong = ['r."row" AS "row"'], []
    for at, one in enumerate(checks.values()):
        tree = condition_of(one, source)
        fails = f"({condition_sql(tree, source)}) IS FALSE"
        said = ", ".join(_said(name) for name in columns_of(tree, source)) or "''"
        columns += [
            f"{fails} AS fails_{at}",
            f"CASE WHEN {fails} THEN concat_ws(', ', {said}) END AS said_{at}",
        ]
        wrong.append(fails)
    return f"""\
SELECT {", ".join(columns)}
FROM records r
WHERE {" OR ".join(wrong)}
ORDER BY r."row\""""  # noqa: S608 - nothing unparsed


def _said(name: str) -> str:
    return f"{DUCKDB.literal(name + ' ')} || coalesce(CAST(r.{DUCKDB.identifier(name)} AS VARCHAR), 'blank')"


def _rows(found: pa.Table, at: int) -> Rows:
    return np.asarray(found.filter(found[f"fails_{at}"])["row"], np.int64)


def _told(found: pa.Table, at: int, rows: Rows, one: OwnCheck, source: Source) -> pa.Table:
    columns = ", ".join(columns_of(condition_of(one, source), source))
    said = found.filter(found[f"fails_{at}"])[f"said_{at}"].combine_chunks()
    effect = _EFFECT.get(one.effect, f"{one.blanks} is blank in what is kept.")
    return findings_table(pa.array(rows), columns, said, one.holds, effect)


def _blanked(table: pa.Table, failing: Mapping[str, Rows], source: Source) -> pa.Table:
    """The cells that checks blank made blank, of a time its instant too; and which were not before."""
    emptied = [pa.repeat("", table.num_rows)]
    for column in source.blanked:
        rows = [failing[name] for name, one in source.own_checks.items() if one.blanks == column]
        wrong = pa.array(np.isin(table["row"].to_numpy(), np.concatenate(rows)))
        was_there = pc.and_(wrong, pc.is_valid(table[column]).combine_chunks())
        emptied.append(pc.if_else(was_there, f"{column}\n", ""))
        for name in (column, column + UTC):
            if name in table.column_names:
                place = table.schema.get_field_index(name)
                table = table.set_column(place, name, _null_where(wrong, table[name]))
    names = pc.utf8_rtrim(pc.binary_join_element_wise(*emptied, ""), "\n")
    return table.append_column(BLANKED, pc.if_else(pc.equal(names, ""), None, names))


def _null_where(wrong: pa.BooleanArray, column: pa.ChunkedArray) -> pa.Array:
    array: Any = column.combine_chunks()
    places = pc.if_else(wrong, None, pa.array(np.arange(len(array))))
    return array.take(places)


def _without(
    table: pa.Table, checks: Mapping[str, OwnCheck], failing: Mapping[str, Rows]
) -> tuple[pa.Table, tuple[SetAside, ...]]:
    """The table without the rows that a check sets aside; each is counted under the first that does."""
    aside, counted = np.zeros(0, np.int64), []
    for name in _setting_aside(checks):
        new = np.setdiff1d(failing[name], aside)
        aside = np.union1d(aside, new)
        if new.size:
            counted.append(SetAside("", "", int(new.size), check=name))
    if not aside.size:
        return table, ()
    return table.filter(pa.array(~np.isin(table["row"].to_numpy(), aside))), tuple(counted)


def _setting_aside(checks: Mapping[str, OwnCheck]) -> Sequence[str]:
    return [name for name, one in checks.items() if one.effect == "set_aside"]

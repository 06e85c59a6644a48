"""The engine answers from what it is given, and reaches nothing else."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trigpoint.engines.dialect import DUCKDB
from trigpoint.engines.duckdb import Settings, query

BEDS = pa.table({"unit": ["RH5", "RDY"], "open": [20, None]})


def test_a_query_sees_its_tables_and_parameters() -> None:
    found = query(
        "SELECT unit, $more AS more FROM beds WHERE open > $least",
        tables={"beds": BEDS},
        parameters={"least": 3, "more": "it's"},
    )
    assert found.to_pylist() == [{"unit": "RH5", "more": "it's"}]


def test_a_query_sees_parquet_by_its_name(tmp_path: Path) -> None:
    paths = [tmp_path / "2024-11.parquet", tmp_path / "o'clock.parquet"]
    for path in paths:
        pq.write_table(BEDS, path)
    found = query('SELECT sum(open)::BIGINT AS n FROM "two months"', parquet={"two months": paths})
    assert found.to_pylist() == [{"n": 40}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '{here}/other.parquet'",
        "SELECT * FROM 'https://localhost/x.parquet'",
        "COPY (SELECT 1) TO '{here}/out.csv'",
        "ATTACH '{here}/x.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET TimeZone = 'Europe/London'",
        "SELECT * FROM BEDS_OF_THIS_TEST",
    ],
)
def test_a_query_reaches_nothing_else_and_its_text_is_noted(tmp_path: Path, sql: str) -> None:
    BEDS_OF_THIS_TEST = BEDS  # noqa: F841, N806 - a variable that a query must not find
    given = tmp_path / "given.parquet"
    pq.write_table(BEDS, given)
    pq.write_table(BEDS, tmp_path / "other.parquet")
    sql = sql.format(here=tmp_path)
    with pytest.raises(duckdb.Error) as refused:
        query(sql, parquet={"given": [given]})
    assert refused.value.__notes__ == [f"The SQL was:\n{sql}"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given.parquet", "other.parquet"]


def test_times_are_in_utc_whatever_the_machine_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    (row,) = query("SELECT TIMESTAMPTZ '2024-07-01 00:30:00+01'::DATE AS day").to_pylist()
    assert row["day"] == dt.date(2024, 6, 30)


def test_threads_and_memory_are_as_asked(tmp_path: Path) -> None:
    asked = Settings(threads=1, memory="200MB", spill=tmp_path)
    (row,) = query(
        "SELECT current_setting('threads') AS threads, current_setting('memory_limit') AS memory",
        settings=asked,
    ).to_pylist()
    assert row == {"threads": 1, "memory": "190.7 MiB"}


@pytest.mark.parametrize(
    "value", [None, True, False, 0, -5, 2**62, 0.1, -1e22, 5e-324, "", "it's", 'a"b', "é\n;--"]
)
def test_a_literal_reads_back_as_it_was(value: bool | int | float | str | None) -> None:
    assert query(f"SELECT {DUCKDB.literal(value)} AS it").to_pylist() == [{"it": value}]


def test_a_literal_of_a_float_is_a_double() -> None:
    assert query(f"SELECT {DUCKDB.literal(0.1)} AS it").schema.field("it").type == pa.float64()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_no_literal(value: float) -> None:
    with pytest.raises(ValueError, match="no place in SQL"):
        DUCKDB.literal(value)


@pytest.mark.parametrize("name", ["unit", "a b", 'a"b', "select", "é;--"])
def test_an_identifier_names_what_it_names(name: str) -> None:
    assert query(f"SELECT 1 AS {DUCKDB.identifier(name)}").column_names == [name]

"""Spark is asked as DuckDB is: tables and files by their names; two workers, an answer in the same types."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from time import monotonic

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.sparks import PATIENCE
from trigpoint.engines import duckdb
from trigpoint.engines.spark import Session
from trigpoint.terms.errors import TrigpointError

ROWS = pa.table(
    {
        "day": pa.array([dt.date(2024, 2, 29), dt.date(1900, 1, 1), None], pa.date32()),
        "seen": pa.array(
            [
                dt.datetime.fromisoformat("2026-03-29 01:30"),
                dt.datetime.fromisoformat("1969-12-31 23:00"),
                None,
            ],
            pa.timestamp("s"),
        ),
        "paid": pa.array([Decimal("1234567890123456.78"), Decimal("-0.01"), None], pa.decimal128(18, 2)),
        "urgent": [True, False, None],
        "beds": pa.array([2**62, -1, None], pa.int64()),
        "rate": [0.1, -1e300, None],
        "note": ["a \\ 'x' ", "日本", None],
        'an "odd` name': [1, 2, 3],
    }
)
KEPT = pa.schema(
    [field.with_type(pa.timestamp("us")) if field.name == "seen" else field for field in ROWS.schema]
)


@pytest.fixture(params=["driver", "remote"])
def either(request: pytest.FixtureRequest, spark: Session, remote: Session) -> Session:
    return spark if request.param == "driver" else remote


def test_a_table_keeps_its_types_and_values(either: Session) -> None:
    found = either.query('SELECT * FROM "two words" ORDER BY 8', tables={"two words": ROWS})
    assert found.schema == KEPT
    assert found.to_pylist() == ROWS.to_pylist()


def test_texts_of_every_kind_are_texts(either: Session) -> None:
    text = pa.array(["a", None])
    kinds = {
        "coded": text.dictionary_encode(),
        "large": text.cast(pa.large_string()),
        "view": text.cast(pa.string_view()),
    }
    found = either.query("SELECT * FROM texts ORDER BY coded DESC", tables={"texts": pa.table(kinds)})
    assert set(found.schema.types) == {pa.string()}
    assert found.to_pydict() == {name: ["a", None] for name in kinds}


def test_no_row_at_all_still_has_types(either: Session) -> None:
    found = either.query("SELECT * FROM nobody", tables={"nobody": ROWS.slice(0, 0)})
    assert found.schema == KEPT
    assert not found.num_rows


def test_files_are_read_where_they_lie_whatever_they_are_called(either: Session, tmp_path: Path) -> None:
    folder = tmp_path / "o'clock {x} [y] * é %20 #" / "ym=2026-10"
    folder.mkdir(parents=True)
    paths = [folder / "a b?.parquet", folder / "c,d\\e.parquet"]
    for path in paths:
        pq.write_table(ROWS, path, use_dictionary=False)
    pq.write_table(ROWS, folder / "a bc.parquet")  # what the first would find, were it a pattern
    found = either.query("SELECT * FROM records ORDER BY 8", parquet={"records": paths})
    assert found.schema == KEPT
    assert found.to_pylist() == [row for row in ROWS.to_pylist() for _ in paths]  # and no column ym
    with duckdb.session(parquet={"records": paths[:1]}) as engine:
        assert engine.query("SELECT * FROM records").to_pylist() == ROWS.to_pylist()


@pytest.mark.parametrize("name", ["_a.parquet", ".a.parquet"])
def test_a_file_that_spark_would_read_past_is_refused(spark: Session, tmp_path: Path, name: str) -> None:
    pq.write_table(ROWS, tmp_path / name)
    with pytest.raises(ValueError, match="reads past"):
        spark.query("SELECT * FROM records", parquet={"records": [tmp_path / name]})


def test_files_of_one_name_that_differ_in_their_columns_are_refused(spark: Session, tmp_path: Path) -> None:
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    for path, table in zip(paths, (ROWS, ROWS.drop_columns(["paid"])), strict=True):
        pq.write_table(table, path)
    with pytest.raises(ValueError, match=r"not in each file of records: paid \(.*a\.parquet, .*b\.parquet\)"):
        spark.query("SELECT paid FROM records", parquet={"records": paths})
    with duckdb.session(parquet={"records": paths}) as engine, pytest.raises(Exception, match="paid"):
        engine.query("SELECT paid FROM records")


def test_a_query_sees_nothing_of_the_one_before(either: Session, tmp_path: Path) -> None:
    pq.write_table(ROWS, tmp_path / "a.parquet")
    either.query("SELECT 1 AS one FROM a, b", tables={"a": ROWS}, parquet={"b": [tmp_path / "a.parquet"]})
    for name in ("a", "b"):
        sql = f"SELECT * FROM {name}"
        with pytest.raises(Exception, match="TABLE_OR_VIEW_NOT_FOUND") as refused:
            either.query(sql)
        assert refused.value.__notes__ == [f"The SQL was:\n{sql}"]


def test_millions_of_rows_are_grouped_by_both_workers_and_only_the_answer_comes_here(
    spark: Session, tmp_path: Path
) -> None:
    team = np.arange(1_000_000) * 7_919 % 600
    paths = [tmp_path / f"{half}.parquet" for half in "ab"]
    for path in paths:
        pq.write_table(
            pa.table(
                {"team": team, "contact": np.arange(len(team)), "text": pa.array(team).cast(pa.string())}
            ),
            path,
        )
    sql = """SELECT team, COUNT(*) AS n, CAST(SUM(contact) AS BIGINT) AS total
             FROM contacts GROUP BY team ORDER BY team"""
    found = spark.query(sql, parquet={"contacts": paths})
    work = spark.statistics().work
    assert work is not None
    assert work.executors == {"0", "1"}
    assert 0 < work.shuffled < 200_000
    with duckdb.session(parquet={"contacts": paths}) as engine:
        assert found.equals(engine.query(sql))
    assert pc.sum(found["n"]).as_py() == 2_000_000
    with pytest.raises(Exception, match="maxResultSize"):  # 8 MB, and the rows are more
        spark.query("SELECT * FROM contacts", parquet={"contacts": paths})


def test_statistics_are_those_of_the_last_query(spark: Session, remote: Session) -> None:
    spark.query(
        "SELECT n % 2 AS odd, COUNT(*) AS n FROM numbers GROUP BY n % 2",
        tables={"numbers": pa.table({"n": range(50)})},
    )
    first = spark.statistics()
    spark.query("SELECT 1 AS one")
    second = spark.statistics()
    assert first.work is not None
    assert second.work is not None
    assert first.work.shuffled > 0 == second.work.shuffled
    assert first.seconds > 0 < second.seconds
    remote.query("SELECT 1 AS one")
    assert remote.statistics().work is None


@pytest.fixture(params=["nobody has it", "the driver alone has it"])
def unseen(request: pytest.FixtureRequest, drivers_folder: Path) -> Path:
    """The folder that a process stands in is another one to the workers, who have one of their own."""
    if request.param == "nobody has it":
        return Path("/nowhere/of/trigpoint/unseen.parquet")
    pq.write_table(ROWS, drivers_folder / "unseen.parquet")
    return Path("/proc/self/cwd/unseen.parquet")


def test_a_file_that_the_workers_do_not_see_is_named(either: Session, unseen: Path) -> None:
    with pytest.raises(TrigpointError) as refused:
        either.query("SELECT * FROM records", parquet={"records": [unseen]})
    (fault,) = refused.value.faults
    assert str(unseen) in fault.found
    assert "every worker" in fault.remedy


ENDLESS = """\
SELECT COUNT(*) AS n FROM range(100000) AS a CROSS JOIN range(100000) AS b CROSS JOIN range(1000) AS c
WHERE a.id % 7 = b.id % 5 + c.id % 3"""


@pytest.fixture
def _heard() -> Iterator[None]:
    """Ctrl-C is heard: a process that was started in the background has been told to pass over it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
def test_ctrl_c_cancels_the_query_and_the_session_goes_on(either: Session) -> None:
    pressing = threading.Thread(target=_press_once_it_runs)
    pressing.start()
    with pytest.raises(KeyboardInterrupt):
        either.query(ENDLESS)
    pressing.join()
    _until(lambda: not _running())
    assert either.query("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def _press_once_it_runs() -> None:
    _until(_running)
    os.kill(os.getpid(), signal.SIGINT)


def _until(holds: Callable[[], bool]) -> None:
    latest = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < latest


def _running() -> bool:
    """Whether the driver, which does the work of both ways to it, has a stage under way."""
    context = import_module("pyspark").SparkContext._active_spark_context
    assert context is not None
    return bool(context.statusTracker().getActiveStageIds())

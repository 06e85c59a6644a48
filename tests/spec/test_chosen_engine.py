"""The workspace's settings open its engine: DuckDB within its memory and its files, or Spark where it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.sparks import Cluster
from trigpoint.definitions.settings import Cluster as Where
from trigpoint.definitions.settings import Settings
from trigpoint.engines import duckdb
from trigpoint.engines import spark as sparks
from trigpoint.engines.chosen import open_engine
from trigpoint.engines.dialect import DUCKDB, SPARK
from trigpoint.engines.spark import Session
from trigpoint.terms.errors import TrigpointError

ONE = pa.table({"one": [1]})


def settings(**chosen: object) -> Settings:
    return Settings.model_validate({"name": "A trust", "home": "T", **chosen})


def test_duckdb_reads_the_files_in_reach_and_no_other(tmp_path: Path) -> None:
    near, far = tmp_path / "near.parquet", tmp_path / "far.parquet"
    for path in (near, far):
        pq.write_table(ONE, path)
    with open_engine(settings(), [near], tmp_path / "spill") as engine:
        assert engine.dialect is DUCKDB
        assert engine.query("SELECT one FROM records", parquet={"records": [near]}).equals(ONE)
        with pytest.raises(Exception, match="Permission"):
            engine.query("SELECT one FROM records", parquet={"records": [far]})


def test_what_does_not_fit_in_memory_goes_to_the_workspace_and_is_gone_afterwards(tmp_path: Path) -> None:
    spill = tmp_path / "a" / "spill"
    sql = """SELECT COUNT(*) AS n, MAX(place) AS last FROM (
             SELECT text, row_number() OVER (ORDER BY text) AS place FROM (
             SELECT CAST(hash(n) AS STRING) || CAST(n AS STRING) AS text FROM range(3000000) AS r(n)) AS texts
             ) AS placed"""
    with (
        duckdb.session(duckdb.Settings(memory="120MB")) as tight,
        pytest.raises(Exception, match="Out of Mem"),
    ):
        tight.query(sql)
    with open_engine(settings(memory="120MB"), [], spill) as engine:
        assert engine.query(sql).to_pylist() == [{"n": 3_000_000, "last": 3_000_000}]
    assert not list(spill.rglob("*.tmp"))


def test_duckdb_loads_nothing_of_spark(tmp_path: Path) -> None:
    said = f"""
import subprocess
import sys
from pathlib import Path
from trigpoint.definitions.settings import Settings
from trigpoint.engines.chosen import open_engine
with open_engine(Settings(name="A trust", home="T"), [], Path({str(tmp_path)!r})) as engine:
    engine.query("SELECT 1 AS one")
print([name for name in sys.modules if "spark" in name])
"""
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "[]\n"


def test_spark_is_asked_where_the_settings_say(spark: Session, cluster: Cluster, tmp_path: Path) -> None:
    del spark  # serves it
    with open_engine(settings(engine="spark", spark={"connect": cluster.connect}), [], tmp_path) as engine:
        assert engine.dialect is SPARK
        assert engine.query("SELECT one FROM t", tables={"t": ONE}).equals(ONE)


def test_sparks_master_and_settings_are_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[sparks.Settings] = []

    def refuse(of: sparks.Settings) -> None:
        asked.append(of)
        raise TrigpointError("no cluster here")

    monkeypatch.setattr(sparks, "session", refuse)
    chosen = Where(master="spark://one:7077", config={"spark.executor.memory": "4g"})
    with (
        pytest.raises(TrigpointError, match="no cluster"),
        open_engine(settings(engine="spark", spark=chosen.model_dump()), [], tmp_path),
    ):
        pass
    assert asked == [sparks.Settings(master="spark://one:7077", config={"spark.executor.memory": "4g"})]


@pytest.mark.parametrize("memory", ["4 gigabytes", "0GB", "80%", "4gb", ""])
def test_what_is_no_amount_of_memory_is_refused(memory: str) -> None:
    with pytest.raises(ValueError, match="amount of memory such as 4GB"):
        settings(memory=memory)


@pytest.mark.parametrize("memory", ["4GB", "1.5 GB", "500MB", "2GiB"])
def test_amounts_of_memory_are_duckdbs(memory: str, tmp_path: Path) -> None:
    with open_engine(settings(memory=memory), [], tmp_path) as engine:
        assert engine.query("SELECT 1 AS one").num_rows == 1

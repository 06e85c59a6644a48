"""A source that is a database, from its declaration to the page, as an analyst uses it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run
from tests.postgres import Postgres

pyodbc = pytest.importorskip(
    "pyodbc", exc_type=ImportError, reason="no ODBC driver manager; scripts/setup --dev brings it"
)

DECLARED = """
sources:
  people_and_money:
    title: People and money, from the trust's warehouse
    format: odbc
    connection: LITE
    query: |
      -- one row a figure
      SELECT month, trust, figure, value FROM figures
    delivery: full_refresh
    keep_original: yes
    columns:
      month: {as: month}
      trust: {as: unit}
      figure: {as: item}
      value: {as: value, markers: {null: not_submitted}}
"""


class Warehouse:
    """A workspace whose people and money come from a database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder / "trust", folder / "warehouse.db"
        self.secret = f"Driver=SQLite3;Database={self.file};BigInt=1;PWD=hunter2"
        self.run("new", self.folder)
        sources = self.folder / "definitions" / "sources.yaml"
        text = sources.read_text(encoding="utf-8")
        at = text.index("  # One row a month, a column for each figure")
        sources.write_text(text[:at] + DECLARED.removeprefix("\nsources:\n"), encoding="utf-8")
        self.put("CREATE TABLE figures (month text, trust text, figure text, value real)")
        for month in ("2026-09", "2026-10"):
            for figure, value in (("waiting_52", 12), ("out_of_area", 3), ("detained", 20),
                                  ("turnover", 11.5), ("agency", 250), ("pay", 9000)):  # fmt: skip
                self.put(f"INSERT INTO figures VALUES ('{month}', 'QPT', '{figure}', {value})")

    def put(self, sql: str) -> None:
        with sqlite3.connect(self.file) as connection:
            connection.execute(sql)
        connection.close()

    def run(self, *arguments: object, expect: int = 0, secret: str | None = None) -> str:
        environment = os.environ | {"TRIGPOINT_ODBC_LITE": self.secret if secret is None else secret}
        said = run(*arguments, expect=expect, environment=environment)
        assert "hunter2" not in said
        return said


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    if "SQLite3" not in pyodbc.drivers():
        pytest.skip("no ODBC driver 'SQLite3'; scripts/setup --dev brings it")
    return Warehouse(tmp_path)


def test_the_month_asks_and_a_changed_answer_is_a_restatement(warehouse: Warehouse) -> None:
    here = ("-w", warehouse.folder)
    said = warehouse.run("month", *here)
    assert "people_and_money@LITE: accepted" in said
    assert "load       1: 12 added, 0 changed, 0 withdrawn" in said
    assert "people_and_money" not in warehouse.run("month", *here), "the same answer is no news"
    assert "already taken in as load 1" in warehouse.run("load", "people_and_money", *here)
    warehouse.put("UPDATE figures SET value = 13 WHERE figure = 'waiting_52' AND month = '2026-10'")
    assert "0 added, 1 changed, 0 withdrawn" in warehouse.run("month", *here)
    assert "waiting_52: 13, final (people_and_money@LITE, row" in warehouse.run("explain", "CMH-52", *here)
    warehouse.put("UPDATE figures SET value = 12 WHERE value = 13")
    assert "0 added, 1 changed, 0 withdrawn" in warehouse.run("month", *here), (
        "it has gone back, and so do we"
    )
    assert "people_and_money 3: people_and_money@LITE" in warehouse.run("receipt", *here)
    warehouse.run("verify", *here)
    original = next((warehouse.folder / "archive" / "people_and_money").glob("00002-*/original"))
    assert '"waiting_52","2026-10","QPT","13"' in original.read_text(encoding="utf-8")


def test_a_figure_that_is_not_there_is_what_the_source_says_it_is(warehouse: Warehouse) -> None:
    warehouse.put("UPDATE figures SET value = NULL WHERE figure = 'waiting_52' AND month = '2026-10'")
    warehouse.run("month", "-w", warehouse.folder)
    told = warehouse.run("explain", "CMH-52", "-w", warehouse.folder, "-m", "2026-10")
    assert "state: not_submitted" in told


def test_a_refused_answer_has_a_receipt_and_keeps_nothing(warehouse: Warehouse) -> None:
    warehouse.put("UPDATE figures SET trust = 'QTP' WHERE figure = 'waiting_52'")
    said = warehouse.run("load", "people_and_money", "-w", warehouse.folder, expect=4)
    assert "found 'QTP' in 2 rows; expected the code of a unit. Nearest: QPT." in said
    assert "people_and_money" not in warehouse.run("receipt", "-w", warehouse.folder)


def test_a_warehouse_that_cannot_be_asked_stops_the_month_and_not_the_scorecard(warehouse: Warehouse) -> None:
    said = warehouse.run("month", "-w", warehouse.folder, secret="", expect=1)
    assert "expected one in the environment variable TRIGPOINT_ODBC_LITE" in said
    assert "The scorecard is at" in warehouse.run("scorecard", "-w", warehouse.folder, secret="")


def test_files_are_for_sources_of_files(warehouse: Warehouse) -> None:
    here = ("-w", warehouse.folder)
    said = warehouse.run("load", "people_and_money", warehouse.file, *here, expect=2)
    assert "people_and_money is asked over ODBC, and takes no files." in said
    said = warehouse.run("load", "monthly_return", *here, expect=2)
    assert "Name one file or several of monthly_return" in said


def test_a_question_can_be_stopped_while_the_database_thinks(postgres: Postgres, tmp_path: Path) -> None:
    if "PostgreSQL Unicode" not in pyodbc.drivers():
        pytest.skip("no ODBC driver 'PostgreSQL Unicode'; scripts/setup --dev brings it")
    folder = tmp_path / "trust"
    run("new", folder)
    slow = DECLARED.replace("SELECT month, trust, figure, value FROM figures", "SELECT pg_sleep(600)")
    (folder / "definitions" / "slow.yaml").write_text(
        slow.replace("people_and_money", "slow"), encoding="utf-8"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "trigpoint", "load", "slow", "-w", str(folder)],
        env=os.environ | {"TRIGPOINT_ODBC_LITE": postgres.odbc},
        stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline() == "Asking LITE ...\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, "Stopped." in told) == (130, True)

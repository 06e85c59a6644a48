"""A database is asked as a file is read: the same figures, every digit, and a clear word where it fails."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.deliveries import source
from tests.postgres import Postgres
from trigpoint.definitions.source import Source
from trigpoint.engines import odbc
from trigpoint.engines.odbc_columns import Columns, column_of_unknown_type
from trigpoint.engines.odbc_errors import Words
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import Expectations
from trigpoint.loads.receipt import Refused
from trigpoint.loads.receive import Delivery, receive
from trigpoint.terms.errors import DeliveryRefused, TrigpointError

pyodbc = pytest.importorskip(
    "pyodbc", exc_type=ImportError, reason="no ODBC driver manager; scripts/setup --dev brings it"
)

Put = Callable[[str], None]

CSV = """\
org,month,measure,value,paid,seen,discharged,urgent,note
RH5,2026-09,waiting,1204,10.50,2026-09-30 08:15:00,2026-09-30,true,"a, ""quoted"" note"
RDY,2026-09,waiting,0,0.01,2026-09-01 00:00:00,2026-09-01,false,Zoë
RH5,2026-10,waiting,*,-3.00,2026-10-31 23:59:59,2026-10-31,true,=1+1
RDY,2026-10,waiting,86.4379084967,99999999.99,2026-10-15 12:00:00,2026-10-15,false,
"""
TABLE = """
CREATE TABLE facts (
    org varchar(5), month varchar(7), measure varchar(20), value {number}, hidden integer,
    paid {money}, seen timestamp, discharged date, urgent varchar(5), note varchar(80)
)"""
ROWS = """
INSERT INTO facts VALUES
('RDY', '2026-10', 'waiting', 86.4379084967, 0, {d}, '2026-10-15 12:00:00', '2026-10-15', 'false', ''),
('RH5', '2026-09', 'waiting', 1204, 0, {a}, '2026-09-30 08:15:00', '2026-09-30', 'true', 'a, "quoted" note'),
('RH5', '2026-10', 'waiting', NULL, 1, {c}, '2026-10-31 23:59:59', '2026-10-31', 'true', '=1+1'),
('RDY', '2026-09', 'waiting', 0, 0, {b}, '2026-09-01 00:00:00', '2026-09-01', 'false', 'Zoë')"""
MONEY = {"a": "10.50", "b": "0.01", "c": "-3.00", "d": "99999999.99"}

FIGURES: dict[str, dict[str, Any]] = {
    "org": {"as": "unit"},
    "month": {"as": "month"},
    "measure": {"as": "item"},
    "value": {"as": "value", "markers": {"*": "suppressed"}},
    **{name: {"as": "ignore"} for name in ("paid", "seen", "discharged", "urgent", "note")},
}
RECORDS: dict[str, dict[str, Any]] = {
    "org": {"type": "unit"},
    "month": {"type": "month"},
    "measure": {"type": "code"},
    "value": {"as": "ignore"},
    "paid": {"type": "money"},
    "seen": {"type": "time"},
    "discharged": {"type": "date"},
    "urgent": {"type": "boolean"},
    "note": {"type": "text"},
}


def installed(driver: str) -> None:
    if driver not in pyodbc.drivers():
        pytest.skip(f"no ODBC driver {driver!r}; scripts/setup --dev brings it")


@pytest.fixture
def lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """SQLite by the name LITE; what runs SQL in it."""
    installed("SQLite3")
    file = tmp_path / "warehouse.db"
    monkeypatch.setenv("TRIGPOINT_ODBC_LITE", f"Driver=SQLite3;Database={file};BigInt=1")

    def put(sql: str) -> None:
        with sqlite3.connect(file) as connection:
            connection.execute(sql)
        connection.close()

    return put


@pytest.fixture
def warehouse(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Put:
    """PostgreSQL by the name WAREHOUSE, empty; what runs SQL in it."""
    installed("PostgreSQL Unicode")
    monkeypatch.setenv("TRIGPOINT_ODBC_WAREHOUSE", postgres.odbc)

    def put(sql: str) -> None:
        connection = pyodbc.connect(postgres.odbc, autocommit=True)
        connection.execute(sql)
        connection.close()

    put("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return put


def asked(query: str, connection: str = "WAREHOUSE", **fields: Any) -> Source:
    return source(format="odbc", connection=connection, query=query, **fields)


def taken(of: Source) -> Delivery:
    return receive(Delivered.asked("facts", of), "facts", of, Expectations())


def answer(query: str) -> pa.Table:
    return odbc.ask(query, "WAREHOUSE")


def told(wrong: type[TrigpointError], query: str, **how: Any) -> str:
    """What is said where a question to WAREHOUSE fails."""
    with pytest.raises(wrong) as raised:
        odbc.ask(query, "WAREHOUSE", **how)
    return str(raised.value)


# ------------------------------------------------------------------------------------ the same figures


def rows(delivery: Delivery) -> list[dict[str, Any]]:
    """A delivery's rows, in one order, without the places where they stood."""
    return sorted(delivery.table.drop(["row"]).to_pylist(), key=str)


@pytest.mark.parametrize("holds", ["figures", "records"])
def test_a_csv_file_sqlite_and_postgresql_give_the_same_table(
    tmp_path: Path, lite: Put, warehouse: Put, holds: str
) -> None:
    """A database has no mark for a hidden figure, so it stands beside: here the query writes the mark."""
    lite(TABLE.format(number="double", money="varchar(12)"))
    lite(ROWS.format(**{name: f"'{text}'" for name, text in MONEY.items()}))
    warehouse(TABLE.format(number="double precision", money="numeric(12, 2)"))
    warehouse(ROWS.format(**MONEY))
    common: dict[str, Any] = {"columns": FIGURES}
    if holds == "records":
        common = {"columns": RECORDS, "holds": "records", "key": ["org", "month"], "dated": "discharged"}
    columns = dict(common["columns"])
    if holds == "figures":
        columns["value"] = {"as": "value", "markers": {"null": "suppressed"}}
    query = "SELECT org, month, measure, value, paid, seen, discharged, urgent, note FROM facts"
    (tmp_path / "facts.csv").write_text(CSV, encoding="utf-8")
    file = source(**common)
    by_file = receive(Delivered.at(tmp_path / "facts.csv"), "facts", file, Expectations())
    by_lite = taken(asked(query, "LITE", **(common | {"columns": columns})))
    by_postgres = taken(asked(query, **(common | {"columns": columns})))
    assert by_lite.table.schema == by_postgres.table.schema == by_file.table.schema
    assert rows(by_lite) == rows(by_postgres) == rows(by_file)
    assert by_postgres.receipt.file == "facts@WAREHOUSE"
    assert by_postgres.receipt.kept == 4


def test_every_type_of_a_database_arrives_whole(warehouse: Put) -> None:
    table = answer(
        """SELECT 9223372036854775807::bigint AS whole, 1.10::numeric(10, 2) AS money,
        123456789012345678901234567890.12345678::numeric AS long, 0.1::float8 + 0.2::float8 AS double,
        true AS yes, 'Zoë '::text AS words, ''::text AS blank, NULL::text AS nothing,
        date '2026-10-31' AS day, timestamp '2026-10-31 01:02:03.123456' AS moment, NULL::numeric AS empty"""
    )
    assert table.to_pylist() == [
        {
            "whole": 2**63 - 1,
            "money": Decimal("1.10"),
            "long": Decimal("123456789012345678901234567890.12345678"),
            "double": 0.1 + 0.2,
            "yes": True,
            "words": "Zoë ",
            "blank": "",
            "nothing": None,
            "day": dt.date(2026, 10, 31),
            "moment": dt.datetime.fromisoformat("2026-10-31T01:02:03.123456"),
            "empty": None,
        }
    ]
    assert str(table.schema.field("money").type) == "decimal128(3, 2)"


def test_decimals_of_several_batches_keep_all_their_digits() -> None:
    columns = Columns.of("W", [("n", Decimal)])
    for batch in (["1.5", None], ["123456789.1", "0"], [None], ["-0.00000001"]):
        columns.add([[None if text is None else Decimal(text)] for text in batch])
    values = columns.table()["n"].to_pylist()
    assert values == [Decimal("1.5"), None, Decimal("123456789.1"), 0, None, Decimal("-0.00000001")]


def test_an_answer_longer_than_a_batch_comes_whole_and_says_how_far_it_is(warehouse: Put) -> None:
    steps: list[tuple[str, int, int]] = []
    table = odbc.ask(
        "SELECT n, n * 2 AS double FROM generate_series(1, 25000) AS n", "WAREHOUSE",
        lambda *step: steps.append(step),
    )  # fmt: skip
    assert table["double"].to_pylist() == list(range(2, 50001, 2))
    assert steps[0] == ("Asking WAREHOUSE", 0, 0)
    assert [done for _, done, _ in steps[1:]] == [10_000, 20_000, 25_000]


# --------------------------------------------------------------------------------------- recognition


def test_the_order_of_rows_and_columns_is_no_part_of_what_an_answer_says(warehouse: Put) -> None:
    warehouse("CREATE TABLE t AS SELECT n % 7 AS a, n AS b, 'x' || n AS c FROM generate_series(1, 300) AS n")
    queries = ("SELECT a, b, c FROM t ORDER BY b", "SELECT c, a, b FROM t ORDER BY a, b DESC")
    first, second = (Delivered.asked("t", asked(query)) for query in queries)
    assert first.sha256 == second.sha256
    assert first.answer is not None
    assert first.answer["b"].to_pylist() == list(range(1, 301)), "rows keep the order in which they came"
    warehouse("UPDATE t SET c = 'y' WHERE b = 300")
    assert Delivered.asked("t", asked(queries[0])).sha256 != first.sha256


def test_nothing_and_an_empty_text_are_two_answers(warehouse: Put) -> None:
    texts = ("''", "NULL::text", "'NULL'", "'\"'")
    hashes = {Delivered.asked("t", asked(f"SELECT {text} AS a, 1 AS b")).sha256 for text in texts}
    assert len(hashes) == len(texts)


# ------------------------------------------------------------------------------- what is refused, where


def refused(of: Source) -> list[str]:
    with pytest.raises(Refused) as raised:
        taken(of)
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_a_float_that_is_no_number_is_refused_with_its_row(warehouse: Put, odd: str) -> None:
    query = f"""SELECT 'RH5' AS "Org", '2026-10' AS "Month", 'm' AS "Measure", 1.5::float8 AS "Value"
        UNION ALL SELECT 'RDY', '2026-10', 'm', '{odd}'::float8 ORDER BY 1 DESC"""
    (fault,) = refused(asked(query))
    name = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[odd]
    assert fault.startswith(f"facts@WAREHOUSE:2 [Value]  found {name}; expected a number.")


def test_a_decimal_that_is_no_number_is_refused_with_its_row(warehouse: Put) -> None:
    query = "SELECT n, CASE n WHEN 10007 THEN 'NaN'::numeric ELSE n END AS v FROM generate_series(1, 10010) n"
    assert "WAREHOUSE:10007:2 [v]  found NaN; expected decimals" in told(DeliveryRefused, query)


def test_a_time_with_a_fraction_of_a_second_is_refused_and_not_cut(warehouse: Put) -> None:
    columns = {"id": {"type": "code"}, "seen": {"type": "time"}}
    query = "SELECT 1 AS id, timestamp '2026-10-31 01:02:03.5' AS seen"
    of = asked(query, columns=columns, holds="records", key=["id"], dated="seen")
    assert refused(of) == [
        "facts@WAREHOUSE:1 [seen]  found '2026-10-31 01:02:03.500000'; expected whole seconds. "
        "Have it rounded at its source, as its meaning asks."
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("'\\x00'::bytea", "binary data"),
        ("gen_random_uuid()", "GUIDs"),
        ("time '10:00'", "times of day"),
    ],
)
def test_a_type_that_figures_do_not_have_is_refused_by_its_name(
    warehouse: Put, value: str, kind: str
) -> None:
    said = told(DeliveryRefused, f"SELECT 1 AS a, {value} AS odd")
    assert f"found {kind} in column 'odd'; expected numbers, texts, dates, times or booleans." in said
    assert "cast it to text" in said


def test_a_type_that_odbc_does_not_know_is_refused_by_its_column() -> None:
    """SQL Server's datetimeoffset, in pyodbc's own words."""
    words = "ODBC SQL type -155 is not yet supported. column-index=1 type=-155"
    error = column_of_unknown_type("W", words, [("id", int), ("at", str)])
    assert "W::2" not in str(error)
    assert "found ODBC's type -155 in column 'at'" in str(error)


def test_more_digits_than_a_decimal_holds_are_refused(warehouse: Put) -> None:
    assert "[n]  found 50 digits; expected decimals of at most 38 digits" in told(
        DeliveryRefused, f"SELECT {'1234567890' * 5}::numeric AS n"
    )


def test_columns_are_checked_as_those_of_a_file_are(warehouse: Put) -> None:
    faults = refused(asked("""SELECT 'RH5' AS "Org", '2026-10' AS "Mnth", 'm' AS "Measure", 1 AS "Value" """))
    assert [fault.partition("found ")[2].partition(";")[0] for fault in faults] == [
        "no column 'Month'",
        "a column 'Mnth' that the source does not declare",
    ]


def test_an_answer_without_rows_is_refused(warehouse: Put) -> None:
    columns = 'SELECT \'\' AS "Org", \'\' AS "Month", \'\' AS "Measure", 1 AS "Value" WHERE false'
    assert "found no rows" in refused(asked(columns))[0]


# ---------------------------------------------------------------------------------- what goes wrong


def test_nothing_that_a_query_does_is_kept(warehouse: Put) -> None:
    warehouse("CREATE TABLE t AS SELECT 1 AS a")
    warehouse("CREATE FUNCTION gone() RETURNS bigint LANGUAGE sql AS "
              "'WITH g AS (DELETE FROM t RETURNING a) SELECT count(*) FROM g'")  # fmt: skip
    assert answer("SELECT gone() AS n")["n"].to_pylist() == [1]
    assert answer("SELECT a FROM t").num_rows == 1


def test_wrong_sql_is_told_in_the_databases_own_words(warehouse: Put) -> None:
    said = told(TrigpointError, "SELECT nothing FROM nowhere")
    assert said.startswith("WAREHOUSE gave no answer; nothing was kept.")
    assert 'relation "nowhere" does not exist' in said
    assert "Correct `query` in the source." in said


def test_a_query_that_takes_too_long_is_stopped(warehouse: Put) -> None:
    said = told(TrigpointError, "SELECT pg_sleep(60)", patience=odbc.Patience(answer=0.2))
    assert "found no answer yet; expected an answer within 0.2 s" in said


def test_a_connection_that_is_lost_on_the_way_leaves_nothing(warehouse: Put) -> None:
    def cut(step: str, done: int, total: int) -> None:
        if done:
            warehouse(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    said = told(TrigpointError, "SELECT n FROM generate_series(1, 100000) AS n", progress=cut)
    assert re.search(r"found an answer that broke off after row [12]0,000", said)
    assert "Ask again." in said


def test_nobody_there_is_told_without_a_word_of_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    installed("PostgreSQL Unicode")
    secret = "Driver=PostgreSQL Unicode;Servername=127.0.0.1;Port=1;UID=ann;PWD={hunter;2}"
    monkeypatch.setenv("TRIGPOINT_ODBC_WAREHOUSE", secret)
    said = told(TrigpointError, "SELECT 1")
    assert "Connection refused" in said
    assert "TRIGPOINT_ODBC_WAREHOUSE" in said
    assert not [word for word in ("hunter", "ann", "UID") if word in said]


def test_a_driver_that_is_not_there_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIGPOINT_ODBC_WAREHOUSE", "Driver=Oracle;PWD=hunter2")
    said = told(TrigpointError, "SELECT 1")
    assert "found no such driver or data source here" in said
    assert all(driver in said for driver in pyodbc.drivers())
    assert "hunter2" not in said


def test_a_driver_that_repeats_the_secret_is_not_repeated() -> None:
    words = Words("W", "Driver=X;Server=db.example;UID=ann;PWD={p;ss}}w}", "TRIGPOINT_ODBC_W")
    error = Exception("28000", "Login failed for ann with p;ss}w\n at db.example; string {p;ss}}w}")
    assert words.told(error) == "Login failed for *** with *** at db.example; string ***"
    assert "p;ss" not in repr(words)


def test_a_connection_without_its_string_says_where_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIGPOINT_ODBC_WAREHOUSE", raising=False)
    said = told(TrigpointError, "SELECT 1")
    assert "expected one in the environment variable TRIGPOINT_ODBC_WAREHOUSE" in said


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odbc, "pyodbc", None)
    monkeypatch.setattr(odbc, "_MISSING", "No module named 'pyodbc'", raising=False)
    assert "pip install 'trigpoint[odbc]'" in told(TrigpointError, "SELECT 1")


def test_sqlite_that_would_cut_numbers_short_is_refused(
    lite: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lite("CREATE TABLE t AS SELECT 5000000000 AS n")
    assert odbc.ask("SELECT n FROM t", "LITE")["n"].to_pylist() == [5_000_000_000]
    monkeypatch.setenv("TRIGPOINT_ODBC_LITE", f"Driver=SQLite3;Database={tmp_path / 'warehouse.db'}")
    with pytest.raises(TrigpointError, match="Add BigInt=1 to TRIGPOINT_ODBC_LITE"):
        odbc.ask("SELECT n FROM t", "LITE")


# ------------------------------------------------------------------------------------- declarations


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"format": "odbc"}, "`format: odbc` needs connection and query"),
        ({"query": "SELECT 1"}, "query belong to `format: odbc`"),
        ({"connection": "w"}, "String should match"),
        ({"query": "DELETE FROM t"}, "one SELECT or WITH statement"),
        ({"query": "SELECT 1; DROP TABLE t"}, "one SELECT or WITH statement"),
        ({"query": "-- SELECT\nUPDATE t SET a = 1"}, "one SELECT or WITH statement"),
        (
            {"format": "odbc", "connection": "W", "query": "SELECT 1", "deliveries": "in/*.csv"},
            "deliveries belong to files",
        ),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        source(**fields)


def test_a_statement_may_hold_comments_texts_and_a_last_semicolon() -> None:
    query = "/* who; why */ WITH a AS (SELECT ';' AS \"x;y\" /* ; */) -- ;\nSELECT * FROM a;\n"
    assert asked(query).query == query


def test_where_an_answer_comes_from_is_no_part_of_what_its_figures_mean() -> None:
    one, other = asked("SELECT 1", "A"), asked("SELECT 1 -- as agreed", "B")
    assert one.meaning() == other.meaning()

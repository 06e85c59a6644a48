"""Every word of the dialects means one thing: DuckDB and Spark give the same answer, to the type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from trigpoint.engines import duckdb
from trigpoint.engines.dialect import DUCKDB, SPARK, Dialect, Value
from trigpoint.engines.spark import Session

DAYS = [
    dt.date(1900, 2, 28), dt.date(1969, 12, 31), dt.date(1970, 1, 1), dt.date(2023, 12, 31),
    dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2026, 3, 29), dt.date(2026, 10, 25),
    dt.date(9999, 12, 30), None,
]  # fmt: skip
TIMES = [
    *map(
        dt.datetime.fromisoformat,
        [
            "1969-12-31T23:59:59",
            "1969-12-31T23:59:59.999999",
            "1970-01-01T00:00:00",
            "2024-02-29T12:00:00",
            "2026-03-29T00:59:59",
            "2026-03-29T01:30:00",
            "2026-03-29T02:00:00",
            "2026-10-25T00:59:59.500000",
            "2026-10-25T01:30:00",
        ],
    ),
    None,
]
TEXTS = [
    "",
    " ",
    "a",
    "a ",
    "A",
    "á",
    "a\u0301",
    "Zoë",
    "ß",
    "日本",
    "\U0001f600",
    "\uffff",
    "it's",
    "a\\b",
    "${x}",
    "%",
    None,
]
NUMBERS = [-(2**62), -7, -2, -1, 0, 1, 2, 7, 30, None]
MONEY = [
    Decimal("-12345678901234.56"),
    Decimal("-0.01"),
    Decimal("0.00"),
    Decimal("1234567890123456.78"),
    None,
]
TRUTH = [True, False, None]


def pairs(values: list[object], kind: pa.DataType) -> pa.Table:
    """Every pair of the values, numbered, as columns a and b."""
    both = [(a, b) for a in values for b in values]
    a, b = ([pair[at] for pair in both] for at in (0, 1))
    return pa.table(
        [pa.array(range(len(both)), pa.int64()), pa.array(a, kind), pa.array(b, kind)], ["n", "a", "b"]
    )


TABLES = {
    "days": pairs(list(DAYS), pa.date32()),
    "times": pairs(list(TIMES), pa.timestamp("us")),
    "texts": pairs(list(TEXTS), pa.string()),
    "numbers": pairs(list(NUMBERS), pa.int64()),
    "money": pairs(list(MONEY), pa.decimal128(18, 2)),
    "truth": pairs(list(TRUTH), pa.bool_()),
}

Asked = Callable[[Dialect], list[str]]
SMALL = ("-40000", "-13", "-1", "0", "1", "11", "12", "1200")

# Of each row, by itself: expressions over a and b of a table of pairs.
ROWS: dict[str, tuple[str, Asked]] = {
    "days between": ("days", lambda it: [it.days_between("a", "b")]),
    "days later": ("days WHERE a < DATE '9000-01-01'", lambda it: [it.plus_days("a", n) for n in SMALL]),
    "months later": (
        "days WHERE a < DATE '9000-01-01'",
        lambda it: [it.plus_months("a", n) for n in SMALL[1:]],
    ),
    "month of a day": ("days", lambda it: [it.month_start("a")]),
    "days compared": (
        "days",
        lambda it: ["a < b", "a = b", "a BETWEEN b AND DATE '2024-02-29'", "a IS NOT DISTINCT FROM b"],
    ),
    "the greatest day": (
        "days",
        lambda it: [
            it.greatest("a", "b"),
            it.least("a", "b"),
            it.greatest_of_all("a", "b"),
            it.least_of_all("a", "b"),
        ],
    ),
    "seconds between": ("times", lambda it: [it.seconds_between("a", "b")]),
    "hours later": ("times", lambda it: [it.plus_hours("a", n) for n in ("-1", "0", "1", "25", "9000")]),
    "day and month of a time": ("times", lambda it: [it.as_date("a"), it.month_start("a")]),
    "times compared": (
        "times",
        lambda it: ["a < b", "a = b", "a > DATE '2026-03-29'", "CAST(a AS DATE) = DATE '2026-10-25'"],
    ),
    "texts compared": (
        "texts",
        lambda it: [
            "a < b",
            "a = b",
            "a <> b",
            "a IN ('a ', 'Zoë')",
            "a NOT IN ('a')",
            it.greatest("a", "b"),
        ],
    ),
    "texts' starts": (
        "texts",
        lambda it: [
            it.starts_with("a", "b"),
            it.starts_with("a", it.literal("a\\")),
            it.starts_with("a", it.literal("%")),
        ],
    ),
    "whole numbers divided": (
        "numbers",
        lambda it: [it.whole_part("a", "b"), it.remainder("a", "b"), it.as_double("a")],
    ),
    "whole numbers compared": (
        "numbers",
        lambda it: [
            "a < b",
            "a BETWEEN -2 AND b",
            "coalesce(a, b, 0)",
            it.greatest("a", "b", "CAST(3 AS BIGINT)"),
        ],
    ),
    "decimals": (
        "money",
        lambda it: ["a < b", "a = b", "a > 0", "a >= -0.01", it.as_double("a"), it.least_of_all("a", "b")],
    ),
    "products of decimals": (
        "money",
        lambda it: [f"CAST({it.product('a', 'b')} AS DECIMAL(38, 4))"],
    ),
    "true, false and blank": (
        "truth",
        lambda it: [
            "a AND b",
            "a OR b",
            "NOT a",
            "a IS NOT TRUE",
            "a IS FALSE",
            "a = b",
            "(a AND b) IS NULL",
            "a IN (TRUE)",
        ],
    ),
    "cases": ("truth", lambda it: ["CASE WHEN a THEN 'yes' WHEN b THEN 'no' ELSE 'blank' END"]),
    "days, as they stand": (
        "days WHERE a < DATE '9000-01-01'",
        lambda _: [
            "(a + 7)",
            "(a - 7)",
            "CAST(a + INTERVAL 3 MONTH AS DATE)",
            "CAST(a - INTERVAL 11 MONTH AS DATE)",
            "coalesce(b, DATE '9999-12-30')",
            "CAST(a AS STRING)",
        ],
    ),
    "texts, as they stand": ("texts", lambda _: ["a || b", "CAST(NULL AS STRING)", "coalesce(a, b)"]),
    "numbers, as they stand": (
        "numbers",
        lambda _: [
            "a IS DISTINCT FROM b",
            "abs(a)",
            "a + 1",
            "-a",
            "CAST(a AS STRING)",
            "CAST(NULL AS DOUBLE)",
        ],
    ),
}

# Of a group: expressions over a table of pairs, by a.
GROUPS: dict[str, tuple[str, Asked]] = {
    "counts": (
        "truth",
        lambda it: [
            "COUNT(*)",
            "COUNT(b)",
            it.count_where("b"),
            it.count_where("a AND b"),
            "COUNT(DISTINCT b)",
        ],
    ),
    "no row at all": ("truth WHERE n < 0", lambda it: [it.count_where("b")]),
    "whole sums": (
        "numbers WHERE b > -8",
        lambda it: [it.whole_sum("b"), it.whole_sum("nullif(b, b)"), "MIN(b)", "MAX(b)"],
    ),
    "decimal sums": ("money", lambda it: [it.decimal_sum("b", 2), it.as_double(it.decimal_sum("b", 2))]),
    "groups, as they stand": (
        "numbers",
        lambda _: [
            "COUNT(b) FILTER (WHERE b > 1)",
            "bool_or(b > 1)",
            "MIN(CAST(b AS DOUBLE))",
        ],
    ),
    "first and last": ("days", lambda it: ["MIN(b)", "MAX(b)", "COUNT(DISTINCT b)"]),
    "texts": ("texts", lambda it: ["MIN(b)", "MAX(b)", "COUNT(DISTINCT b)"]),
}


def answers(sql: Callable[[Dialect], str], spark: Session) -> tuple[pa.Table, pa.Table]:
    """What each engine says."""
    with duckdb.session() as engine:
        here = engine.query(sql(DUCKDB), tables=TABLES)
    return here, spark.query(sql(SPARK), tables={name: TABLES[name] for name in TABLES if name in sql(SPARK)})


def columns(of: list[str]) -> str:
    return ", ".join(f"{sql} AS c{at}" for at, sql in enumerate(of))


def the_same(here: pa.Table, there: pa.Table) -> None:
    assert here.schema.types == there.schema.types
    assert here.num_rows
    assert here.to_pylist() == there.to_pylist()


@pytest.mark.parametrize("word", ROWS)
def test_a_word_says_the_same_of_every_row(word: str, spark: Session) -> None:
    table, asked = ROWS[word]
    the_same(*answers(lambda it: f"SELECT n, {columns(asked(it))} FROM {table} ORDER BY n", spark))


@pytest.mark.parametrize("word", GROUPS)
def test_a_word_says_the_same_of_every_group(word: str, spark: Session) -> None:
    table, asked = GROUPS[word]

    def sql(it: Dialect) -> str:
        if "WHERE n < 0" in table:
            return f"SELECT {columns(asked(it))} FROM {table}"
        return f"SELECT a, {columns(asked(it))} FROM {table} GROUP BY a ORDER BY {it.ascending('a')}"

    the_same(*answers(sql, spark))


@pytest.mark.parametrize("table", TABLES)
def test_rows_come_in_the_same_order_with_blanks_last(table: str, spark: Session) -> None:
    here, there = answers(lambda it: f"SELECT a, b FROM {table} ORDER BY {it.ascending('a', 'b')}", spark)
    the_same(here, there)
    assert here["a"][-1].as_py() is None


def test_a_running_sum_passes_over_blanks(spark: Session) -> None:
    def sql(it: Dialect) -> str:
        sums = [it.running_sum("a", ["n"], ["b"]), it.running_sum("a", ["b", "n"])]
        return f"SELECT n, {columns(sums)} FROM numbers WHERE a > -8 OR a IS NULL ORDER BY n"

    the_same(*answers(sql, spark))


CONSTANTS: list[Value] = [
    None,
    True,
    False,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    0.1,
    -1e300,
    5e-324,
    3.0,
    Decimal("0.10"),
    Decimal("-12345.678"),
    Decimal("1E+3"),
    dt.date(2024, 2, 29),
    *TIMES,
    *TEXTS,
    "two\nlines",
    'a "quoted" one',
    "''",
    "\\'",
    "\\\\",
    "-- no",
    "/* no",
    "?",
    "\\%",
    "\\u0041",
    ":x",
    "$x",
    "\t",
]


def test_a_constant_is_what_it_was(spark: Session) -> None:
    here, there = answers(lambda it: f"SELECT {columns(list(map(it.literal, CONSTANTS)))}", spark)
    for at, given in enumerate(CONSTANTS):
        if given is not None:  # a blank has no type of its own: each engine gives it another
            assert here.column(at).type == there.column(at).type, given
        assert here.column(at)[0].as_py() == there.column(at)[0].as_py() == given


@pytest.mark.parametrize(
    "given", [float("nan"), float("inf"), 2**63, Decimal("NaN"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
)
@pytest.mark.parametrize("dialect", [DUCKDB, SPARK], ids=lambda it: it.name)
def test_what_has_no_constant_is_refused(dialect: Dialect, given: Value) -> None:
    with pytest.raises(ValueError, match=r"no place in SQL|has a zone"):
        dialect.literal(given)


@pytest.mark.parametrize(
    "name", ["end", "two words", 'a "quoted" one', "it's", "a.b", "select", "日本", "a`b", "a\\b", "1"]
)
def test_a_name_is_a_name_whatever_it_holds(name: str, spark: Session) -> None:
    table = pa.table({name: [1, 2]})
    for dialect, engine in ((DUCKDB, duckdb.query), (SPARK, spark.query)):
        quoted = dialect.identifier(name)
        found = engine(
            f"SELECT it.{quoted} AS {quoted} FROM {quoted} AS it ORDER BY it.{quoted}", tables={name: table}
        )
        assert found.to_pydict() == {name: [1, 2]}


def test_a_text_falls_into_one_share_on_each_engine(spark: Session) -> None:
    def asked(it: Dialect) -> str:
        return f"SELECT a, b, {it.share_of('a', 3)} AS mine, {it.share_of('b', 3)} AS other FROM texts"

    for answer in answers(asked, spark):
        assert answer.schema.field("mine").type == pa.int64()
        pairs = answer.filter(pc.and_(pc.is_valid(answer["a"]), pc.is_valid(answer["b"]))).to_pylist()
        assert {row["mine"] for row in pairs} == {0, 1, 2}
        assert all(row["mine"] == row["other"] for row in pairs if row["a"] == row["b"])

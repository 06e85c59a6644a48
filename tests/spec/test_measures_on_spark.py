"""Measures on Spark: the cases that were worked by hand, and records that stay where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from tests.measure_cases import CASES, holds
from tests.measure_files import MONTHS, filed
from tests.measure_tables import LATER, Case, table
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.engines import duckdb
from trigpoint.engines.session import Session as Engine
from trigpoint.engines.spark import Session
from trigpoint.measures.compute import observe
from trigpoint.terms.errors import TrigpointError

SAMPLE = 4
"""Every fourth case is asked of Spark at each change; for a release, all are."""


def held_to(cases: list[Case], spark: Session) -> None:
    for case in cases:
        of = case.catalogue
        found = observe(of, case.months, stood(case, of), case.reached(of), case.current, engine=spark)
        holds(case, set(found))


def test_figures_are_what_was_worked_out_by_hand(spark: Session) -> None:
    held_to(CASES[::SAMPLE], spark)


def test_figures_are_the_same_over_spark_connect(remote: Session) -> None:
    held_to(CASES[1 :: 4 * SAMPLE], remote)


@pytest.mark.release
def test_every_figure_is_what_was_worked_out_by_hand(spark: Session) -> None:
    held_to(CASES, spark)


BY_DISCHARGE = "from: stays\nmonth_of: discharged\n"
LARGE = Case(
    "records in files",
    {
        "COUNT": f"{BY_DISCHARGE}where: method = 'emergency'\ncount: records",
        "SUM": f"{BY_DISCHARGE}sum: cost",
        "MEAN": f"{BY_DISCHARGE}mean: cost",
        "MEDIAN": f'{BY_DISCHARGE}median: "days(admitted, discharged)"',
        "NIGHTS": "from: stays\nduring: month\nsum: nights_in(month)",
        "OPEN": "from: stays\nat: month_end\ncount: records",
        "PEOPLE": "from: stays\nmonth_of: admitted\npeople: any\nwindow: 3 months",
        "SEEN": f"{BY_DISCHARGE}count: records\nwith: seen\n"
        "related: {seen: {any: contacts, match: patient, dated: started, since: discharged, "
        "until: discharged + 72 hours, where: status = 'attended'}}",
        "BACK": f"{BY_DISCHARGE}count: records\nwith: back\n"
        "related: {back: {any: stays, match: patient, dated: admitted, after: discharged, "
        "until: discharged + 30 days}}",
    },
    {},
    "".join(f"{month} QPT 0\n" for month in MONTHS[1:]),
    more="basis: rolling",
)


GREAT = "999999999999.99"
WIDE = {"posts": f"team since wte\nA 2026-01-01 {GREAT}\nA 2026-01-01 0.01\nB 2026-01-01 {GREAT}"}


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "spark":
        yield request.getfixturevalue("spark")
        return
    with duckdb.session() as opened:
        yield opened


def test_products_keep_every_digit(engine: Engine) -> None:
    case = Case(
        "a product of two decimals",
        "from: posts\nat: month_end\nwhere: wte * wte > 1\nsum: wte * wte * 1.5",
        WIDE,
        "2026-01 A 1",
        measured_in="people",
    )
    of = case.catalogue
    found = observe(of, case.months, stood(case, of), case.reached(of), engine=engine)
    exact = Decimal(GREAT) * Decimal(GREAT) * Decimal("1.5")
    assert {o.unit: o.value for o in found if o.unit in ("A", "QPT")} == {
        "A": float(exact),
        "QPT": float(2 * exact),
    }


def test_a_number_beyond_38_digits_is_an_error_and_no_other_number(engine: Engine) -> None:
    case = Case(
        "a product that nobody needs",
        "from: posts\nat: month_end\nsum: wte * wte * wte * wte",
        WIDE,
        "2026-01 A 1",
        measured_in="people",
    )
    of = case.catalogue
    with pytest.raises(TrigpointError, match="at most 38 digits") as refused:
        observe(of, case.months, stood(case, of), case.reached(of), engine=engine)
    assert "a number that grows too large" in str(refused.value)


def stood(case: Case, of: Catalogue) -> dict[str, pa.Table]:
    return {code: table(rows, of.source(code)) for code, rows in case.rows(of).items()}


def test_records_in_files_stay_where_they_lie_and_the_figures_are_duckdbs(
    spark: Session, tmp_path: Path
) -> None:
    of = LARGE.catalogue
    files = {code: filed(of, code, tmp_path) for code in ("stays", "contacts")}
    through = dict.fromkeys(of.sources, LATER)
    found = observe(of, LARGE.months, files, through, engine=spark)
    every = [path for held in files.values() for path in held.paths.values()]
    with duckdb.session(reachable=every) as engine:
        assert set(found) == set(observe(of, LARGE.months, files, through, engine=engine))
    totals = {o.indicator: o.value for o in found if o.unit == "QPT" and o.month == MONTHS[1]}
    assert len(totals) == len(LARGE.measures)
    assert min(value or 0 for value in totals.values()) > 0
    with pytest.raises(Exception, match="maxResultSize"):  # 8 MB, and the records are more
        spark.query("SELECT * FROM stays", parquet={"stays": list(files["stays"].paths.values())})

"""Distinct people among more records than fit into memory: in parts, with the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure_files import A_MONTH, MONTHS, filed
from tests.measure_tables import LATER, Case
from trigpoint.engines import duckdb
from trigpoint.measures import records
from trigpoint.measures.compute import observe

ADMITTED = "from: stays\nmonth_of: admitted\n"
PEOPLE = {
    "ANY": f"{ADMITTED}people: any\nwith: method = 'emergency'",
    "TWICE": f"{ADMITTED}people: at least 2",
    "QUARTER": f"{ADMITTED}people: at least 2\nwindow: 3 months",
    "LYING": "from: stays\nduring: month\npeople: any",
    "LYING_TWICE": "from: stays\nduring: month\npeople: at least 2\nwindow: 2 months",
}
CASE = Case("people", PEOPLE, {}, "".join(f"{month} QPT 0\n" for month in MONTHS), more="basis: rolling")


@pytest.mark.parametrize("at_once", [A_MONTH, A_MONTH // 3])
def test_people_are_the_same_however_many_are_counted_at_once(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = CASE.catalogue
    files = {"stays": filed(of, "stays", tmp_path)}
    through = dict.fromkeys(of.sources, LATER)
    with duckdb.session(reachable=files["stays"].paths.values()) as engine:
        whole = observe(of, MONTHS, files, through, engine=engine)
        monkeypatch.setattr(records, "AT_ONCE", at_once)
        parts = observe(of, MONTHS, files, through, engine=engine)
    assert set(parts) == set(whole)
    last = {o.indicator: o.value for o in whole if o.unit == "QPT" and o.month == MONTHS[-1]}
    assert set(last) == set(PEOPLE)
    assert min(value or 0 for value in last.values()) > 0

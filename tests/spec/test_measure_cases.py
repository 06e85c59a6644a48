"""The compiled measures, held to every case that was worked by hand."""

from __future__ import annotations

import pytest

from tests import measure_tables
from tests.measure_cases import CASES, holds
from tests.measure_tables import SOURCES, Case, table
from trigpoint.measures.compute import observe


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_figure_is_what_was_worked_out_by_hand(case: Case) -> None:
    of = case.catalogue
    tables = {code: table(rows, of.source(code)) for code, rows in case.rows(of).items()}
    holds(case, set(observe(of, case.months, tables, case.reached(of), case.current)))


OURS = ("days", "slices", "seats", "ancestors", "windows", "base", "taken", "held", "placed", "events")


@pytest.mark.parametrize("name", OURS)
def test_a_source_may_be_called_as_what_a_query_has_of_its_own(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(measure_tables, "SOURCES", SOURCES.replace("stays |", f"{name} |"))
    again = f"related: {{back: {{any: {name}, match: patient, dated: admitted, after: discharged}}}}"
    case = Case(
        f"a source called {name}",
        {
            "X": f"from: {name}\n{again}\nmonth_of: admitted\ncount: records\nwith: back",
            "P": f"from: {name}\nmonth_of: admitted\npeople: any\nwindow: 3 months",
            "M": f"from: {name}\nmonth_of: admitted\nmedian: cost",
        },
        {name: "patient ward admitted discharged cost\np1 A 2026-01-01 2026-01-02 3\np1 A 2026-01-05 - 5"},
        "2026-01 A 1/2\n2026-01 A P=1\n2026-01 A M=4",
        more="basis: rolling",
    )
    test_a_figure_is_what_was_worked_out_by_hand(case)

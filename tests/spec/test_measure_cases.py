"""The compiled measures, held to every case that was worked by hand."""

from __future__ import annotations

import pytest

from tests.measure_cases import CASES, holds
from tests.measure_tables import Case, table
from trigpoint.measures.compute import observe


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_figure_is_what_was_worked_out_by_hand(case: Case) -> None:
    of = case.catalogue
    tables = {code: table(rows, of.source(code)) for code, rows in case.rows(of).items()}
    holds(case, set(observe(of, case.months, tables, case.reached(of), case.current)))

"""The slow second opinion, held to every case that was worked by hand."""

from __future__ import annotations

import pytest

from tests.measure_cases import CASES, holds
from tests.measure_tables import Case
from trigpoint.measures.reference import observations


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_second_opinion_is_what_was_worked_out_by_hand(case: Case) -> None:
    of = case.catalogue
    holds(case, observations(of, case.months, case.rows(of), case.reached(of), case.current))

"""Two answers for measures of every form: the compiled engine's, and one record at a time in plain Python."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.generative.drawn_measures import Drawn, drawn
from tests.generative.test_records_reference import same
from trigpoint.measures.compute import observe
from trigpoint.measures.reference import observations


def both(of: Drawn) -> None:
    """Fails where the two differ: integers and decimals exactly, floats by more than 1e-12."""
    found = set(observe(of.catalogue, of.months, of.tables, of.through, of.current))
    same(found, observations(of.catalogue, of.months, of.rows, of.through, of.current))


@given(drawn())
def test_measures_of_every_form_have_two_answers_that_agree(of: Drawn) -> None:
    both(of)


@pytest.mark.release
@given(drawn())
@settings(max_examples=2_000)
def test_two_thousand_measures_of_every_form_have_two_answers_that_agree(of: Drawn) -> None:
    both(of)

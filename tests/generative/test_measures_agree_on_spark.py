"""Measures of every form have one answer on two engines: DuckDB, and Spark with two workers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.generative.drawn_measures import Drawn, drawn
from trigpoint.engines.spark import Session
from trigpoint.measures.compute import observe

SLOW = list(HealthCheck)
"""What a cluster takes is no fault of a draw."""


def both(of: Drawn, spark: Session) -> None:
    """Fails where the two differ in any bit: engines add whole numbers and decimals, and Python divides."""
    here = observe(of.catalogue, of.months, of.tables, of.through, of.current)
    there = observe(of.catalogue, of.months, of.tables, of.through, of.current, engine=spark)
    assert set(there) == set(here)


@given(of=drawn())
@settings(max_examples=24, derandomize=True, suppress_health_check=SLOW)
def test_measures_of_every_form_are_the_same_on_spark(spark: Session, of: Drawn) -> None:
    both(of, spark)


@pytest.mark.release
@given(of=drawn())
@settings(max_examples=500, suppress_health_check=SLOW)
def test_five_hundred_measures_of_every_form_are_the_same_on_spark(spark: Session, of: Drawn) -> None:
    both(of, spark)

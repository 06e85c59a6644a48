"""The page of the measure language: its examples are taken, and every word of the language is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.measure_tables import table
from trigpoint.definitions import formula
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.functions import FUNCTIONS
from trigpoint.definitions.quantity import AGGREGATES, BOUNDS
from trigpoint.definitions.reading import read_catalogue
from trigpoint.measures.compute import observe
from trigpoint.terms.period import Month

PAGE = Path(__file__).parents[2] / "docs/reference/measure-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
SETUP, *EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
UNITS = "code,name,level,parent,kind\nQPT,Quantock,trust,,\nA,Team A,team,QPT,acute\n"


def catalogue() -> Catalogue:
    """The page's sources and all of its examples."""
    indicators = "".join(example.removeprefix("indicators:\n") for example in EXAMPLES)
    return read_catalogue(
        {
            "trigpoint.yaml": "name: Quantock\nhome: QPT\n",
            "definitions/page.yaml": f"{SETUP}indicators:\n{indicators}",
            "definitions/units.csv": UNITS,
        }
    )


def test_every_example_is_an_indicator_that_is_taken() -> None:
    codes = [code for example in EXAMPLES for code in yaml.safe_load(example)["indicators"]]
    assert list(catalogue().indicators) == codes
    assert len(codes) == len(EXAMPLES)


def test_every_example_runs() -> None:
    of = catalogue()
    tables = {code: table([], of.source(code)) for code in of.sources}
    through = dict.fromkeys(of.sources, Month(2026, 10))
    found = observe(of, [Month(2026, 10)], tables, through)
    assert {row.indicator for row in found} == set(of.indicators)


@pytest.mark.parametrize(
    "key", [*AGGREGATES, *BOUNDS, "any", "first", "last", "match", "with", "over", "per"]
)
def test_every_key_of_a_measure_has_an_example(key: str) -> None:
    assert re.search(rf"\b{key}: ", "".join(EXAMPLES))


@pytest.mark.parametrize("name", [*FUNCTIONS, *formula.FUNCTIONS])
def test_every_function_is_explained(name: str) -> None:
    assert f"`{name}(" in TEXT or f"`{name}`" in TEXT

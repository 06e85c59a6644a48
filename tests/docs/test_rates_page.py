"""The page on rates: its examples give what it shows, and it names every function, column and status."""

from __future__ import annotations

import doctest
import re
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from trigpoint.analysis.rates import crude, inequality, intervals, standardised
from trigpoint.analysis.rates.status import RateStatus

PAGE = Path(__file__).parents[2] / "docs/reference/rates.md"
TEXT = PAGE.read_text(encoding="utf-8")
MODULES = (intervals, crude, standardised, inequality)


def test_every_example_gives_what_it_shows() -> None:
    shown = "".join(re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(shown, {}, PAGE.name, str(PAGE), 0)
    told: list[str] = []
    result = doctest.DocTestRunner().run(test, out=told.append)
    assert result.failed == 0, "".join(told)
    assert result.attempted > 20


def public(module: ModuleType) -> list[str]:
    """What a module defines for others."""
    return [name for name, it in vars(module).items() if getattr(it, "__module__", "") == module.__name__]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_public_name_is_on_the_page(module: ModuleType) -> None:
    helpers = {"z_of", "tail_of", "few"}
    names = {name for name in public(module) if not name.startswith("_")} - helpers
    assert names
    assert not [name for name in names if f"`{name}`" not in TEXT]


@pytest.mark.parametrize(
    "table",
    [
        crude.Estimate,
        crude.Means,
        standardised.DirectRates,
        standardised.IndirectRates,
        inequality.Bands,
        inequality.Inequality,
    ],
)
def test_every_column_of_an_answer_is_on_the_page(table: type) -> None:
    assert not [it.name for it in fields(table) if f"`{it.name}`" not in TEXT]


def test_every_status_is_explained() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", TEXT.partition("## When a figure is not given")[2], re.MULTILINE)
    assert listed[: len(RateStatus)] == list(RateStatus)


def test_every_kind_is_explained() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", TEXT.partition("## Inequality")[2], re.MULTILINE)
    assert listed[:3] == list(get_args(inequality.Kind))

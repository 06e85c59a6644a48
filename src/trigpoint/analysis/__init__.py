"""The meaning wing: statistics on panels. It knows no file, no database and no page.

For analysts, who may hand in lists, arrays and frames: ``from trigpoint.analysis import spc, funnel``.
What they ask for is imported when it is asked for, so that the command line does not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trigpoint.analysis.library.areas import directly_standardised as directly_standardised
    from trigpoint.analysis.library.areas import (
        directly_standardised_repeats as directly_standardised_repeats,
    )
    from trigpoint.analysis.library.areas import indirectly_standardised as indirectly_standardised
    from trigpoint.analysis.library.areas import inequality as inequality
    from trigpoint.analysis.library.areas import mean as mean
    from trigpoint.analysis.library.comparisons import compare as compare
    from trigpoint.analysis.library.funnels import funnel as funnel
    from trigpoint.analysis.library.funnels import ranks as ranks
    from trigpoint.analysis.library.rates import proportion as proportion
    from trigpoint.analysis.library.rates import rate as rate
    from trigpoint.analysis.library.rates import standardised_ratio as standardised_ratio
    from trigpoint.analysis.library.spc import run as run
    from trigpoint.analysis.library.spc import spc as spc
    from trigpoint.analysis.rates.standardised import EUROPEAN_2013 as EUROPEAN_2013

__all__ = [
    "EUROPEAN_2013",
    "compare",
    "directly_standardised",
    "directly_standardised_repeats",
    "funnel",
    "indirectly_standardised",
    "inequality",
    "mean",
    "proportion",
    "ranks",
    "rate",
    "run",
    "spc",
    "standardised_ratio",
]

_FOUND_IN = MappingProxyType(
    {
        "EUROPEAN_2013": "rates.standardised",
        "directly_standardised": "library.areas",
        "directly_standardised_repeats": "library.areas",
        "indirectly_standardised": "library.areas",
        "inequality": "library.areas",
        "mean": "library.areas",
        "compare": "library.comparisons",
        "funnel": "library.funnels",
        "ranks": "library.funnels",
        "proportion": "library.rates",
        "rate": "library.rates",
        "standardised_ratio": "library.rates",
        "run": "library.spc",
        "spc": "library.spc",
    }
)


def __getattr__(name: str) -> object:
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FOUND_IN[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

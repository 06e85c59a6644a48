"""The meaning wing: statistics on panels. It knows no file, no database and no page.

For analysts, who may hand in lists, arrays and frames: ``from trigpoint.analysis import spc, funnel``.
What they ask for is imported when it is asked for, so that the command line does not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trigpoint.analysis.library.spc import run as run
    from trigpoint.analysis.library.spc import spc as spc

_FOUND_IN = MappingProxyType({"run": "library.spc", "spc": "library.spc"})

__all__ = ["run", "spc"]


def __getattr__(name: str) -> object:
    if name not in _FOUND_IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FOUND_IN[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

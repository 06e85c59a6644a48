"""The errors that a person can cause and mend, each with its exit code.

TrigpointError
├── DefinitionError   3  definitions, decisions or settings that do not hold
├── DeliveryRefused   4  a delivery that was not accepted; the workspace is as it was
├── WorkspaceBusy     5  another process is writing
├── WorkspaceDamaged  6  stored bytes that are not what their name says
├── Unfinished      130  interrupted in the middle of what can only be done anew
└── NotFound          2  no such unit, indicator, source, month or workspace

Anything else that is raised is a fault in Trigpoint, and shows its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one place in one file.

    ``line`` and ``column`` count from 1. In a table, ``line`` is the row as a
    spreadsheet numbers it (the header is row 1) and ``field`` names the column.
    """

    file: str
    found: str
    expected: str
    remedy: str = ""
    line: int | None = None
    column: int | None = None
    field: str = ""
    check: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        field = f" [{self.field}]" if self.field else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}{field}  found {self.found}; expected {self.expected}.{remedy}"


class TrigpointError(Exception):
    """Something that the person at the keyboard can put right."""

    exit_code: ClassVar[int] = 1

    def __init__(self, summary: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join([self.summary, *(f"  {fault}" for fault in self.faults)])


class Unfinished(TrigpointError):
    """A person stopped what was under way, and it is not as it was before."""

    exit_code = 130


class NotFound(TrigpointError):
    """A name that nothing here answers to."""

    exit_code = 2


class DefinitionError(TrigpointError):
    """Definitions, decisions or settings that do not hold together."""

    exit_code = 3


class DeliveryRefused(TrigpointError):
    """A delivery that was not accepted. Nothing of it was kept."""

    exit_code = 4


class WorkspaceBusy(TrigpointError):
    """Another process holds the workspace's writer lock."""

    exit_code = 5


class WorkspaceDamaged(TrigpointError):
    """Stored bytes that do not match the hash they are kept under."""

    exit_code = 6


def nearest(name: str, valid: Iterable[str]) -> str:
    """The hint that ends a message about a wrong name: `` Nearest: x.``, or every valid name if few."""
    names = sorted(valid)
    folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"Nearest: {folded[close[0]]}."
    if 0 < len(names) <= 12:
        return f"Valid: {', '.join(names)}."
    return ""

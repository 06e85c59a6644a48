"""Checks on records: those with a name of one's own, and the shares from which their quality is judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag

from trigpoint.definitions.model import Definition, Words

Severity = Literal["block", "note", "off"]
Effect = Literal["refuse", "set_aside", "note", "blank"]
_BLANK = re.compile(r"blank +(\S.*)")


def _known_effect(written: str) -> str:
    if written not in ("refuse", "set_aside", "note") and not _BLANK.fullmatch(written):
        raise ValueError("refuse, set_aside, note, or blank and a column, such as `blank discharged`")
    return written


class OwnCheck(Definition):
    """What holds for every record of a source, and what becomes of one for which it does not.

    A condition that is undecided, because something in it is blank, is no failure.
    """

    holds: Words
    else_: Annotated[Words, AfterValidator(_known_effect)] = Field(alias="else")

    @property
    def effect(self) -> Effect:
        known: dict[str, Effect] = {"refuse": "refuse", "set_aside": "set_aside", "note": "note"}
        return known.get(self.else_, "blank")

    @property
    def blanks(self) -> str | None:
        """The column whose cell becomes blank; None with any other effect."""
        found = _BLANK.fullmatch(self.else_)
        return found[1] if found else None

    @property
    def changes(self) -> bool:
        """Whether what is kept depends on it."""
        return self.effect in ("set_aside", "blank")


SEVERITY, OWN = "severity of a check", "check of one's own"
"""The tags by which the two are told apart; no key of a definition has a blank."""


def _kind(given: object) -> str:
    return OWN if isinstance(given, OwnCheck | Mapping) else SEVERITY


CheckField: TypeAlias = Annotated[
    Annotated[Severity, Tag(SEVERITY)] | Annotated[OwnCheck, Tag(OWN)], Discriminator(_kind)
]

Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Thresholds(Definition):
    """The shares of a source's records from which a month of them is good.

    ``fair`` below a threshold is still fair, and what lies lower poor. ``may_be_blank`` names
    columns of which a blank says something; the end of a span is always one.
    """

    complete: Share = 0.95
    valid: Share = 0.95
    timely: Share = 0.9
    fair: Share = 0.1
    entered_within: int = Field(default=2, ge=0, le=366, description="days from `dated` to `entered`")
    may_be_blank: tuple[str, ...] = ()

"""Packs: the definition of a scorecard, for a level and an audience."""

from __future__ import annotations

from typing import ClassVar, Literal

from trigpoint.definitions.model import Code, Definition, Words
from trigpoint.terms.unit import Level

Audience = Literal["board", "staff", "commissioner", "public"]


class Pack(Definition):
    """Which indicators a scorecard shows. Left out, it is every indicator that is offered at the level."""

    wording: ClassVar = frozenset({"title"})
    title: Words
    level: Level
    audience: Audience
    indicators: tuple[Code, ...] | None = None

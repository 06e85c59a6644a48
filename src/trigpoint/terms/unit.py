"""Levels of the organisation, from the nation to a person."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Where a unit stands. Declared from the widest to the narrowest."""

    NATION = "nation"
    REGION = "region"
    SYSTEM = "system"
    TRUST = "trust"
    DIVISION = "division"
    SERVICE = "service"
    TEAM = "team"
    PERSON = "person"

    @property
    def depth(self) -> int:
        return list(Level).index(self)

"""Where each unit's pages stand in a site, so that every page can lead to every other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.publish.document import Place
from trigpoint.publish.mark import Link
from trigpoint.publish.naming import stems
from trigpoint.scorecards.comparison import Shown, compared
from trigpoint.terms.period import Month


@dataclass(frozen=True)
class Places:
    """The units of a site, the first of them at its root. Addresses are from the root, empty for no page."""

    catalogue: Catalogue
    month: Month
    units: tuple[str, ...]
    shown: Shown

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The name, without its ending, of each indicator's files: the same in every unit's folder."""
        return stems(self.catalogue.indicators)

    @cached_property
    def folders(self) -> Mapping[str, str]:
        """The folder of each unit's pages, with a stroke at its end."""
        first, *others = self.units
        return {first: "", **{code: f"units/{name}/" for code, name in stems(others).items()}}

    @cached_property
    def comparing(self) -> frozenset[str]:
        """The units that have a page that compares their children."""
        return frozenset(
            unit for unit in self.units if compared(self.shown, self.catalogue, unit, self.month)
        )

    def of(self, unit: str) -> Place:
        above = [
            one for one in self.catalogue.organisation.ancestors(unit, self.month) if one in self.folders
        ]
        links = tuple(Link(self.name(one), self.scorecard(one)) for one in reversed(above))
        return Place(self.folders[unit], links, len(self.units) > 1)

    def name(self, unit: str) -> str:
        return self.catalogue.organisation.name(unit, self.month)

    def scorecard(self, unit: str) -> str:
        return f"{self.folders[unit]}index.html" if unit in self.folders else ""

    def comparison(self, unit: str) -> str:
        """Where to go on comparing; a unit's scorecard, where it has nothing below it."""
        return f"{self.folders[unit]}compare.html" if unit in self.comparing else self.scorecard(unit)

    def indicator(self, unit: str, code: str) -> str:
        there = unit in self.folders and code in self.shown.get(unit, {})
        return f"{self.folders[unit]}indicators/{self.files[code]}.html" if there else ""

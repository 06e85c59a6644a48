"""The catalogue: everything a workspace declares, read together and checked against itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field

from trigpoint.definitions.cut import CodeList, Cut
from trigpoint.definitions.decision import Decision, Quality, standing
from trigpoint.definitions.indicator import Indicator, Objective, Perspective
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure
from trigpoint.definitions.model import Code, Definition, Name, hash_of
from trigpoint.definitions.organisation import Organisation, PeerGroup
from trigpoint.definitions.pack import Pack
from trigpoint.definitions.profile import RuleProfile
from trigpoint.definitions.settings import Settings
from trigpoint.definitions.source import Source
from trigpoint.definitions.standard import Standard
from trigpoint.terms.errors import NotFound, nearest
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

T = TypeVar("T")
CALENDAR = (dt.date(1990, 1, 1), dt.date(2049, 12, 31))
"""The days of which working ones are known."""


class DefinitionsFile(Definition):
    """What a YAML file under ``definitions/`` may hold: every part is optional, in any file."""

    perspectives: dict[Code, Perspective] = Field(default_factory=dict)
    objectives: dict[Code, Objective] = Field(default_factory=dict)
    indicators: dict[Code, Indicator] = Field(default_factory=dict)
    sources: dict[Code, Source] = Field(default_factory=dict)
    packs: dict[Code, Pack] = Field(default_factory=dict)
    peer_groups: dict[Code, PeerGroup] = Field(default_factory=dict)
    cuts: dict[Code, Cut] = Field(default_factory=dict)
    lists: dict[Name, CodeList] = Field(default_factory=dict)


class DecisionsFile(Definition):
    """``decisions.yaml``: the journal. New entries go at its end."""

    decisions: Annotated[tuple[Decision, ...], BeforeValidator(lambda given: given or ())] = ()


@dataclass(frozen=True)
class Catalogue:
    """A workspace's definitions and decisions, known to fit together (``reading.read_catalogue``)."""

    settings: Settings
    organisation: Organisation
    perspectives: Mapping[str, Perspective]
    objectives: Mapping[str, Objective]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, Source]
    packs: Mapping[str, Pack]
    peer_groups: Mapping[str, PeerGroup]
    cuts: Mapping[str, Cut]
    lists: Mapping[str, CodeList]
    profiles: Mapping[str, RuleProfile]
    journal: tuple[Decision, ...]

    def indicator(self, code: str) -> Indicator:
        return _named("indicator", code, self.indicators)

    def source(self, code: str) -> Source:
        return _named("source", code, self.sources)

    def pack(self, code: str) -> Pack:
        return _named("pack", code, self.packs)

    def perspective_of(self, indicator: str) -> str:
        return self.objectives[self.indicator(indicator).objective].perspective

    def peer_group_of(self, indicator: str) -> str | None:
        return self.indicator(indicator).peers or self.settings.peers

    def profile_of(self, indicator: str) -> str:
        """The name of the rule profile that judges an indicator."""
        return self.indicator(indicator).spc.profile or self.settings.profile

    def sources_of(self, measure: AnyMeasure, month: Month) -> tuple[str, ...]:
        """The sources that a measure's figure of a month draws on, through other indicators too."""
        found = list(measure.sources)
        for figure in measure.references if isinstance(measure, FormulaMeasure) else ():
            then = month - figure.before
            version = self.indicator(figure.code).version(then)
            found += self.sources_of(version.measure, then) if version else ()
        return tuple(dict.fromkeys(found))

    def at_home(self, unit: str, month: Month) -> bool:
        """Whether a unit is the home trust, or was within it in a month."""
        home = self.settings.home
        return unit == home or home in self.organisation.ancestors(unit, month)

    def whole_of(self, unit: str, month: Month) -> str | None:
        """The whole that a unit was part of in a month: the home trust; None for itself and for others."""
        home = self.settings.home
        return home if unit != home and self.at_home(unit, month) else None

    def quality(self, indicator: str, unit: str, month: Month) -> Quality | None:
        """The data-quality mark that holds for a figure: the nearest up the tree, of those the newest."""
        return self._quality(indicator, unit, month, lambda mark: month <= mark.until)

    def expired_quality(self, indicator: str, unit: str, month: Month) -> Quality | None:
        """The mark that has run out by a month: the nearest up the tree, of those the newest."""
        return self._quality(indicator, unit, month, lambda mark: mark.until < month)

    def _quality(
        self, indicator: str, unit: str, month: Month, wanted: Callable[[Quality], bool]
    ) -> Quality | None:
        marks = [d for d in self.decisions() if d.kind == "quality" and d.indicator == indicator]
        for place in (unit, *self.organisation.ancestors(unit, month)) if marks else ():
            begun = [d for d in marks if d.unit == place and d.month <= month]
            held = [d for d in begun if d.quality is not None and wanted(d.quality)]
            if held:
                return max(held, key=lambda decision: decision.month).quality
        return None

    def decisions(self, as_at: dt.date | None = None) -> tuple[Decision, ...]:
        """The re-bases, baselines, exclusions and marks that stand."""
        return standing(self.journal, as_at)

    def offered(self, level: Level, month: Month) -> tuple[str, ...]:
        """The indicators in force at a level in a month: by perspective, then objective, then as declared."""
        objectives, perspectives = list(self.objectives), list(self.perspectives)
        codes = [code for code, it in self.indicators.items() if level in it.levels and it.in_force(month)]
        return tuple(
            sorted(
                codes,
                key=lambda code: (
                    perspectives.index(self.perspective_of(code)),
                    objectives.index(self.indicators[code].objective),
                ),
            )
        )

    def standards(self, indicator: str, unit: str, month: Month) -> tuple[Standard, ...]:
        """The standards that hold for a unit's figure in a month, the primary one first.

        Of the standards of one name, the nearest up the tree holds, and of its steps the latest to
        have started. What a whole is to reach by a count is no part's to reach (``_reaches``). Where
        several names are primary, the nearest is. A standard of the second kind comes back with
        ``primary`` unset, so that one at most has it set.
        """
        declared = self.indicator(indicator).standards
        if not declared:
            return ()
        places: list[str | None] = [unit, *self.organisation.ancestors(unit, month), None]
        held: dict[str, Standard] = {}
        for place in places:
            here = [s for s in declared if s.unit == place and self._reaches(s, indicator, unit, month)]
            for standard in sorted(here, key=lambda s: s.first, reverse=True):
                held.setdefault(standard.name, standard)
        primary = next(
            (s for s in sorted(held.values(), key=lambda s: places.index(s.unit)) if s.primary), None
        )
        others = [s.model_copy(update={"primary": False}) for s in held.values() if s is not primary]
        return (*([primary] if primary else []), *others)

    def _reaches(self, standard: Standard, indicator: str, unit: str, month: Month) -> bool:
        """Whether a standard is in force in a month and is meant for a unit at or below its place.

        950 contacts a year are asked of the trust: of no team of it, and two teams of 475 each would
        both miss them. None at all is asked of every part. A standard without a unit is each trust's,
        and no region's or nation's.
        """
        required = standard.required(month)
        if required is None or required == 0 or self.indicator(indicator).ranked:
            return required is not None
        level = self.organisation.level
        return standard.unit == unit if standard.unit else level(unit) is level(self.settings.home)

    @cached_property
    def observations_hash(self) -> str:
        """SHA-256 of all that an observation depends on besides the loads."""
        indicators = {
            code: [indicator.version_hash(version) for version in indicator.versions]
            for code, indicator in self.indicators.items()
        }
        spans = {
            code: [(str(v.from_), str(v.to)) for v in it.versions] for code, it in self.indicators.items()
        }
        sources = {code: source.meaning() for code, source in self.sources.items()}
        # A bank holiday that is proclaimed changes figures, but only those that count working days.
        counted = "working_days(" in str([it.meaning() for it in self.indicators.values()])
        days_off = self.settings.calendar.days_off(*CALENDAR) if counted else ()
        return hash_of(
            {
                "home": self.settings.home,
                "organisation": self.organisation.hash,
                "cuts": {code: cut.meaning() for code, cut in self.cuts.items()},
                "lists": {name: it.meaning() for name, it in self.lists.items()},
                "indicators": indicators,
                "spans": spans,
                "sources": sources,
                "days_off": [str(day) for day in days_off],
            }
        )

    @cached_property
    def findings_hash(self) -> str:
        """SHA-256 of all that a finding depends on: also standards, peers, profiles and decisions."""
        used = sorted({self.settings.profile, *map(self.profile_of, self.indicators)})
        return hash_of(
            {
                "observations": self.observations_hash,
                "standards": {
                    code: [s.meaning() for s in it.standards] for code, it in self.indicators.items()
                },
                "peer_groups": {code: group.meaning() for code, group in self.peer_groups.items()},
                "profiles": {name: self.profiles[name].meaning() for name in used},
                "settings": {"profile": self.settings.profile, "peers": self.settings.peers},
                "decisions": [d.meaning() for d in self.decisions() if d.kind != "quality"],
            }
        )


def _named(kind: str, code: str, known: Mapping[str, T]) -> T:
    if code not in known:
        raise NotFound(f"no {kind} {code!r}. {nearest(code, known)}".strip())
    return known[code]

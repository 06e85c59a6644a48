"""The desk at which a site's documents are made: one snapshot's figures, read once for many units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.finding import Finding, Series
from trigpoint.analysis.findings import Findings
from trigpoint.analysis.past.breaks import by_series
from trigpoint.analysis.past.chance import false_signals
from trigpoint.analysis.peers.among import Among, among
from trigpoint.analysis.proposal import Weighed
from trigpoint.analysis.series import every_series
from trigpoint.analysis.whole.cuts import cuts
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.definitions.pack import Pack
from trigpoint.measures.purged import purged_records
from trigpoint.month.record_quality import RecordQuality
from trigpoint.publish.compose.children import Child
from trigpoint.publish.compose.every_page import compose
from trigpoint.publish.compose.indicator import Evidence
from trigpoint.publish.compose.units import units_page
from trigpoint.publish.document import Document, UnitsPage
from trigpoint.publish.places import Places
from trigpoint.scorecards.build import MONTHS, Row, Scorecard, build, offered
from trigpoint.scorecards.comparison import compare, compared
from trigpoint.scorecards.tally import tally
from trigpoint.store.archive import Archive
from trigpoint.store.load import Load
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound
from trigpoint.terms.panel import ALL, Panel, State
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level


@dataclass(frozen=True, slots=True)
class Order:
    """What a site is to hold: the units, the first of them at its root, and where their figures come from.

    ``pack`` is the first unit's; None: the first that is declared for its level.
    """

    workspace: Workspace
    catalogue: Catalogue
    manifest: Manifest
    units: tuple[str, ...]
    month: Month
    pack: str | None
    as_at: dt.datetime | None


class Desk:
    """Makes documents to one order. Raises NotFound where its pack does not fit."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.catalogue = order.catalogue
        snapshots = Snapshots(order.workspace.root)
        held = order.manifest.partitions[FINDINGS]
        months = [order.month - back for back in range(MONTHS) if order.month - back in held]
        self._findings = Findings(snapshots.read(order.manifest, FINDINGS, months))
        self._panel = Panel.of(snapshots.read(order.manifest, OBSERVATIONS))
        self._archive = Archive(order.workspace.root)
        self._records = RecordQuality(order.catalogue, self._archive, order.as_at)
        self._decided = by_series(order.catalogue.decisions())
        self._purged = purged_records(self._archive, self.catalogue, order.as_at)
        self._loads: dict[str, tuple[Load, ...]] = {}
        self.packs = {unit: self._pack(unit) for unit in self._named()}

    @cached_property
    def places(self) -> Places:
        return Places(self.catalogue, self.order.month, self.order.units, self._shown())

    def folders(self) -> list[str]:
        """The folder of each unit, in order."""
        return [self.places.folders[unit] for unit in self.order.units]

    def units_page(self) -> UnitsPage | None:
        """The page that leads to every unit; None where there is one alone."""
        if len(self.order.units) == 1:
            return None
        shown = self.places.shown
        now = self._now(self.order.units)
        return units_page(
            self.places,
            {
                unit: tally(found for found in now.get(unit, ()) if found.indicator in shown[unit])
                for unit in self.order.units
            },
        )

    def documents(self, units: Sequence[str]) -> Iterator[Document]:
        """The document of each of some units. Their series are worked out together."""
        drawn = dict.fromkeys(one for unit in units for one in (unit, *self._below(unit)))
        series = every_series(
            self._panel, self.catalogue, self.catalogue.decisions(), self.order.month, list(drawn)
        )
        rows = _by_unit(self._of(self._findings, units))
        beside = {one for unit in units for one in self._beside(unit)}
        now = self._now(beside)
        for unit in units:
            yield self._document(unit, rows.get(unit, ()), now, series)

    def _document(
        self,
        unit: str,
        findings: Sequence[Finding],
        now: Mapping[str, Sequence[Finding]],
        series: Mapping[tuple[str, str], Series],
    ) -> Document:
        month, catalogue = self.order.month, self.catalogue
        rebases = {
            found.indicator
            for found in findings
            if (it := series.get((found.indicator, unit))) and it.proposal.verdict is Weighed.PROPOSED
        }
        counted = {found.indicator: self._records.of(found.indicator, month) for found in findings}
        scorecard = build(
            findings,
            catalogue,
            self.packs[unit],
            unit,
            month,
            rebases,
            self._among(unit),
            counted,
            self._gone(unit),
        )
        around = [finding for one in self._around(unit) for finding in now.get(one, ())]
        below = {one: {found.indicator: found for found in now.get(one, ())} for one in self._below(unit)}
        kin = [finding for one in self._beside(unit) for finding in now.get(one, ())]
        return compose(
            scorecard,
            catalogue,
            {row.code: self._evidence(row, unit, series, around, below) for row in scorecard.rows},
            snapshot=self.order.manifest.id,
            by_chance=self._by_chance(scorecard),
            places=self.places,
            comparison=compare(kin, catalogue, self.places.shown, unit, month),
        )

    def _evidence(
        self,
        row: Row,
        unit: str,
        series: Mapping[tuple[str, str], Series],
        around: Iterable[Finding],
        below: Mapping[str, Mapping[str, Finding]],
    ) -> Evidence:
        month = self.order.month
        children = tuple(
            Child(
                self.places.name(one),
                found.get(row.code),
                series.get((row.code, one)),
                self.places.indicator(one, row.code),
            )
            for one, found in below.items()
        )
        return Evidence(
            series[row.code, unit],
            self._decided.get((row.code, unit), ()),
            self._loads_of(row.code),
            tuple(finding for finding in around if finding.indicator == row.code),
            children=children if any(child.finding for child in children) else (),
            cuts=cuts(self._panel, self.catalogue, row.code, unit, month) if row.indicator.cuts else (),
            quality=row.quality,
            counted=self._records.of(row.code, month),
            level=self.catalogue.organisation.level(next(iter(below))) if below else None,
        )

    def _gone(self, unit: str) -> frozenset[str]:
        """The indicators whose figure of the month may rest on what was purged."""
        month, at_home = self.order.month, self.catalogue.at_home(unit, self.order.month)
        measures = {
            code: it.measure(month, at_home=at_home) for code, it in self.catalogue.indicators.items()
        }
        return frozenset(
            code
            for code, measure in measures.items()
            if measure is not None and self._purged.unmade(measure, measure.period(month))
        )

    def _among(self, unit: str) -> Mapping[str, Among]:
        """The month's figures among their peers', by indicator, of a unit that has peers."""
        groups = self.catalogue.peer_groups.values()
        if not any(unit in group.at(self.order.month) for group in groups):
            return {}
        shown = self.places.shown[unit]
        return {code: among(self._panel_now, self.catalogue, code, unit, self.order.month) for code in shown}

    @cached_property
    def _panel_now(self) -> Panel:
        return self._panel.of_month(self.order.month)

    def _below(self, unit: str) -> tuple[str, ...]:
        """The units right below a unit that have pages of their own; never a person."""
        children = self.catalogue.organisation.children(unit, self.order.month)
        return tuple(one for one in children if self.catalogue.organisation.level(one) is not Level.PERSON)

    def _by_chance(self, scorecard: Scorecard) -> float:
        """How many of its charts chance would flag."""
        profiles, of = self.catalogue.profiles, self.catalogue.profile_of
        return sum(false_signals(profiles[of(row.code)]) for row in scorecard.charted())

    def _loads_of(self, indicator: str) -> tuple[Load, ...]:
        measure = self.catalogue.indicator(indicator).measure(self.order.month, at_home=True)
        assert measure is not None  # noqa: S101 - a scorecard has rows only for indicators in force
        sources = self.catalogue.sources_of(measure, self.order.month)
        for source in sources:
            if source not in self._loads:
                self._loads[source] = self._archive.loads(source, self.order.as_at)
        return tuple(load for source in sources for load in self._loads[source])

    def _around(self, unit: str) -> tuple[str, ...]:
        """Everyone whom a unit is shown beside: its peers, and the units that it is part of."""
        month, catalogue = self.order.month, self.catalogue
        peers = [member for group in catalogue.peer_groups.values() for member in group.at(month)]
        found = dict.fromkeys([*peers, *catalogue.organisation.ancestors(unit, month)])
        return tuple(one for one in found if one != unit)

    def _beside(self, unit: str) -> tuple[str, ...]:
        """Those, the unit itself, and the units below it that it is compared by."""
        below = compared(self.places.shown, self.catalogue, unit, self.order.month)
        return (*self._around(unit), unit, *below)

    def _now(self, units: Iterable[str]) -> Mapping[str, Sequence[Finding]]:
        """The month's findings of some units."""
        return _by_unit(self._of(self._this_month, units))

    @cached_property
    def _this_month(self) -> Findings:
        return self._findings.of_month(self.order.month)

    def _of(self, findings: Findings, units: Iterable[str]) -> Findings:
        wanted = pa.array(sorted(units), pa.string())
        return Findings(findings.table.filter(pc.is_in(findings.table["unit"], wanted)))

    def _shown(self) -> Mapping[str, Mapping[str, State]]:
        """The indicators that each unit's scorecard has a row for, in order, with the state of the figure."""
        table = self._this_month.table
        table = table.filter(pc.equal(table["cut"], ALL))
        held: dict[str, dict[str, State]] = {}
        for unit, code, state in zip(
            *(table[it].to_pylist() for it in ("unit", "indicator", "state")), strict=True
        ):
            held.setdefault(unit, {})[code] = State(state)
        shown = {
            unit: {code: held[unit][code] for code in self._offered(pack) if code in held.get(unit, ())}
            for unit, pack in self.packs.items()
        }
        unknown = held.get(UNATTRIBUTED, {})
        ours = shown[self.order.units[0]]
        return {**shown, UNATTRIBUTED: {code: state for code, state in unknown.items() if code in ours}}

    def _named(self) -> Iterator[str]:
        """The units of the site, and those right below them, with which they are compared; never a person."""
        organisation = self.catalogue.organisation
        below = (
            child for unit in self.order.units for child in organisation.children(unit, self.order.month)
        )
        for unit in dict.fromkeys((*self.order.units, *below)):
            if organisation.level(unit) is not Level.PERSON:
                yield unit

    def _offered(self, pack: Pack) -> tuple[str, ...]:
        return offered(self.catalogue, pack, self.order.month)

    def _pack(self, unit: str) -> Pack:
        """The pack that was asked for; else the first for a unit's level; else all that is offered at it."""
        level = self.catalogue.organisation.level(unit)
        code = self.order.pack if unit == self.order.units[0] else None
        if code is not None:
            if self.catalogue.pack(code).level is not level:
                raise NotFound(
                    f"The pack {code} is for a {self.catalogue.pack(code).level}, not for a {level}."
                )
            return self.catalogue.pack(code)
        declared = (pack for pack in self.catalogue.packs.values() if pack.level is level)
        return next(declared, _everything(level))


def _everything(level: Level) -> Pack:
    return Pack(title="Monthly scorecard", level=level, audience="staff")


def _by_unit(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.unit, []).append(finding)
    return found

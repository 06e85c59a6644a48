"""How one number came about: its definition, the rows behind it, the SQL, and what judged it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Finding
from trigpoint.analysis.findings import Findings
from trigpoint.analysis.peers.among import among
from trigpoint.analysis.series import series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator, Version
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, Measure, RecordMeasure
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.explain.bearings import of_past, of_peers, of_rebase, of_standards, of_whole
from trigpoint.explain.keys import SHOWN, keys_table
from trigpoint.explain.numbers import exact
from trigpoint.explain.of_records import Asked, place_of, told
from trigpoint.explain.returned import rows, sql
from trigpoint.explain.traced import held_by, traced
from trigpoint.store.archive import Archive
from trigpoint.store.load import Load
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, PERSONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound
from trigpoint.terms.panel import ALL, Panel, State
from trigpoint.terms.period import Month, Period, long_date
from trigpoint.terms.unit import Level


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the story."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure's whole story, in the order in which it came about."""

    title: str
    sections: tuple[Section, ...]

    def words(self) -> str:
        parts = [self.title]
        for section in self.sections:
            parts += ["", section.title, *(f"  {line}" for line in section.lines)]
        return "\n".join(parts) + "\n"

    def as_json(self) -> dict[str, object]:
        return {
            "title": self.title,
            **{section.title.lower(): list(section.lines) for section in self.sections},
        }


def explain(
    workspace: Workspace,
    catalogue: Catalogue,
    manifest: Manifest,
    indicator: str,
    unit: str,
    month: Month,
    as_at: dt.datetime | None = None,
    keys: int | None = SHOWN,
) -> Explanation:
    """The story of one figure of a snapshot, with so many keys of records behind it (None: all of them).

    Raises NotFound where the snapshot has no such figure.
    """
    it = catalogue.indicator(indicator)
    panel = _panel(workspace, catalogue, manifest, unit)
    finding = _finding(workspace, catalogue, manifest, panel, indicator, unit, month)
    version, measure = it.version(month), it.measure(month, at_home=catalogue.at_home(unit, month))
    assert version is not None  # noqa: S101 - a finding exists only where the indicator is in force
    assert measure is not None  # noqa: S101 - the same
    archive = Archive(workspace.root)
    drawn = series(panel, catalogue, catalogue.decisions(), indicator, unit, month)
    profile = catalogue.profiles[catalogue.profile_of(indicator)]
    placed = among(panel, catalogue, indicator, unit, month)
    if isinstance(measure, RecordMeasure | FormulaMeasure):
        before, after = _of_records(Asked(catalogue, archive, panel, measure, finding, as_at), keys)
    else:
        before, after = _of_returned(catalogue, archive, measure, finding, as_at)
    sections = [
        Section("Definition", tuple(_definition(it, version, Period(finding.start, finding.end)))),
        *before,
        *([Section("Parts", parts)] if (parts := tuple(_parts(panel, catalogue, finding))) else []),
        Section("Figure", tuple(_figure(it, measure, finding))),
        Section("Standards", tuple(of_standards(finding)) or ("None is in force.",)),
        Section("Whole", tuple(of_whole(it, finding))),
        Section("Past", tuple(of_past(it, finding, drawn, profile))),
        Section("Re-base", tuple(of_rebase(it, drawn, workspace.root, profile))),
        Section("Peers", tuple(of_peers(finding, placed))),
        *after,
        Section("Loads", tuple(_loads(archive, _bearing(catalogue, archive, measure, month, as_at)))),
        Section("Snapshot", (manifest.id,)),
    ]
    name = catalogue.organisation.name(unit, month)
    return Explanation(f"{indicator}: {it.title}\n{name} ({unit}), {month.words}", tuple(sections))


def records_behind(
    workspace: Workspace,
    catalogue: Catalogue,
    manifest: Manifest,
    indicator: str,
    unit: str,
    month: Month,
    as_at: dt.datetime | None = None,
) -> pa.Table:
    """Every record behind a figure, with the columns of ``keys_table``.

    Raises NotFound where the snapshot has no such figure, or its measure is not of records that are held.
    """
    panel = _panel(workspace, catalogue, manifest, unit)
    _finding(workspace, catalogue, manifest, panel, indicator, unit, month)
    measure = catalogue.indicator(indicator).measure(month, at_home=catalogue.at_home(unit, month))
    if not isinstance(measure, RecordMeasure | FormulaMeasure) or not measure.sources:
        raise NotFound(f"{indicator} is not worked out from records: there are no keys of it.")
    archive = Archive(workspace.root)
    for source in measure.sources:
        if not archive.effective(source, as_at):
            raise NotFound(f"{indicator} rests on {source}, and no delivery of that has been taken in.")
    with held_by(archive, catalogue, measure, as_at) as held:
        return keys_table(traced(measure, place_of(catalogue, indicator, unit, month), held))


Sections = tuple[Section, ...]


def _of_records(of: Asked, keys: int | None) -> tuple[Sections, Sections]:
    """What comes before the figure and after its bearings, for a figure of records."""
    said = told(of, keys)
    after = [Section("SQL", said.sql)] if said.sql else []
    after += [Section("Keys", said.keys)] if said.keys else []
    return (Section("Records", said.records), Section("Checks", said.checks)), tuple(after)


def _of_returned(
    catalogue: Catalogue, archive: Archive, measure: Measure, finding: Finding, as_at: dt.datetime | None
) -> tuple[Sections, Sections]:
    """The same of a figure that was returned."""
    period = Period(finding.start, finding.end)
    asked = sql(catalogue, archive, finding.indicator, finding.month, as_at)
    found = rows(archive, measure, finding.unit, period, as_at)
    return (Section("Rows", tuple(found)),), (Section("SQL", tuple(asked)),)


def _panel(workspace: Workspace, catalogue: Catalogue, manifest: Manifest, unit: str) -> Panel:
    """Every unit's observations; with those of the member of staff who is asked about, and of no other."""
    snapshots = Snapshots(workspace.root)
    table = snapshots.read(manifest, OBSERVATIONS)
    if catalogue.organisation.level(unit) is Level.PERSON and PERSONS in manifest.partitions:
        theirs = snapshots.read(manifest, PERSONS)
        table = pa.concat_tables([table, theirs.filter(pc.equal(theirs["unit"], unit))])
    return Panel.of(table)


def _finding(
    workspace: Workspace,
    catalogue: Catalogue,
    manifest: Manifest,
    panel: Panel,
    indicator: str,
    unit: str,
    month: Month,
) -> Finding:
    if catalogue.organisation.level(unit) is Level.PERSON:
        # No findings of persons are kept: theirs is made here, and goes no further.
        alone = Panel(panel.table.filter(pc.equal(panel.table["indicator"], indicator)))
        for finding in assess(alone, catalogue, catalogue.decisions(), [month]):
            if finding.unit == unit and finding.cut == ALL:
                return finding
    elif month in manifest.partitions[FINDINGS]:
        table = Snapshots(workspace.root).read(manifest, FINDINGS, [month])
        wanted = pc.and_(pc.equal(table["indicator"], indicator), pc.equal(table["unit"], unit))
        for finding in Findings(table.filter(wanted)):
            return finding
    raise NotFound(f"The snapshot has no figure of {indicator} at {unit} in {month.words}.")


def _definition(it: Indicator, version: Version, period: Period) -> Iterator[str]:
    measure = version.measure
    if isinstance(measure, RecordMeasure | FormulaMeasure):
        yield measure.words
    elif measure.value is not None:
        yield f"{measure.value} of {measure.source}, taken as it was published"
    elif measure.count is not None:
        yield f"{' + '.join(measure.count)} of {measure.source}"
    else:
        above, below = " + ".join(measure.numerator or ()), " + ".join(measure.denominator or ())
        yield f"{exact(it.scale(measure))} x ({above}) / ({below}) of {measure.source}"
    yield f"measured in {it.measured_in}, {it.basis}"
    yield f"covers {long_date(period.start)} to {long_date(period.end)}"
    yield f"version in force from {version.from_.words}, {it.version_hash(version)}"
    if version.note:
        yield version.note


def _parts(panel: Panel, catalogue: Catalogue, finding: Finding) -> Iterator[str]:
    """The figures of the units right below, where there are any."""
    below = [*catalogue.organisation.children(finding.unit, finding.month)]
    below += [UNATTRIBUTED] if finding.unit == catalogue.settings.home else []
    chosen = pc.and_(
        pc.equal(panel.table["indicator"], finding.indicator),
        pc.is_in(panel.table["unit"], pa.array(below, pa.string())),
    )
    for part in Panel(panel.table.filter(pc.and_(chosen, pc.equal(panel.table["cut"], ALL)))).of_month(
        finding.month
    ):
        sides = [side for side in (part.numerator, part.denominator) if side is not None]
        told = " of ".join(map(exact, sides)) if part.state is State.VALUE and sides else str(part.state)
        yield f"{part.unit}: {told}"
    if finding.parts is not None:
        yield f"{finding.present} of {finding.parts} units that should report have a figure"


def _figure(it: Indicator, measure: AnyMeasure, finding: Finding) -> Iterator[str]:
    if finding.denominator is not None and finding.numerator is not None:
        above, below = exact(finding.numerator), exact(finding.denominator)
        answer = "no answer" if finding.value is None else exact(finding.value)
        yield f"{exact(it.scale(measure))} x {above} / {below} = {answer}"
    elif finding.value is not None:
        yield exact(finding.value)
    yield f"state: {finding.state}; status: {finding.status}"


def _bearing(
    catalogue: Catalogue, archive: Archive, measure: AnyMeasure, month: Month, as_at: dt.datetime | None
) -> Iterator[Load]:
    for source in catalogue.sources_of(measure, month):
        for load in archive.loads(source, as_at):
            if any(_bears_on(load, one) for one in measure.months(month)):
                yield load


def _bears_on(load: Load, month: Month) -> bool:
    """Whether a load brought rows of a month, or withdrew them."""
    return month in load.coverage or load.mode == "full_refresh" or any(p.month == month for p in load.parts)


def _loads(archive: Archive, loads: Iterable[Load]) -> Iterator[str]:
    for load in loads:
        yield f"{load.seq}: {load.file}, SHA-256 {load.sha256}"
        yield f"   {load.mode}, accepted {load.accepted_at:%Y-%m-%d %H:%M} UTC by {load.by}"
        yield from (f"   {stone.words}" for stone in archive.taken_from(load))

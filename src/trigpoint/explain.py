"""How one number came about: its definition, the rows behind it, the SQL, and what judged it."""

from __future__ import annotations

import datetime as dt
import math
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.analysis.finding import Finding, PastBearing, Series, SeriesStatus
from trigpoint.analysis.findings import Findings
from trigpoint.analysis.past.proposals import FAR
from trigpoint.analysis.peers.among import Among, among
from trigpoint.analysis.proposal import Weighed
from trigpoint.analysis.series import series
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.chart_choice import chart_for
from trigpoint.definitions.indicator import Indicator, Version
from trigpoint.definitions.measure import AnyMeasure, FormulaMeasure, RecordMeasure
from trigpoint.definitions.organisation import UNATTRIBUTED
from trigpoint.definitions.profile import ChartKind, RuleProfile
from trigpoint.measures.compile import SQL, plans, reached
from trigpoint.measures.purged import purged_records
from trigpoint.scorecards.method import from_which_points, rule_words
from trigpoint.scorecards.rebase import consider, why_not
from trigpoint.store.archive import Archive
from trigpoint.store.load import Load
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound
from trigpoint.terms.panel import ALL, Panel, State
from trigpoint.terms.period import Month, Period, long_date


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
) -> Explanation:
    """The story of one figure of a snapshot. Raises NotFound where the snapshot has no such figure."""
    it = catalogue.indicator(indicator)
    finding = _finding(workspace, catalogue, manifest, indicator, unit, month)
    version = it.version(month)
    assert version is not None  # noqa: S101 - a finding exists only where the indicator is in force
    period = Period(finding.start, finding.end)
    archive = Archive(workspace.root)
    panel = Panel.of(Snapshots(workspace.root).read(manifest, OBSERVATIONS))
    drawn = series(panel, catalogue, catalogue.decisions(), indicator, unit, month)
    measure = it.measure(month, at_home=catalogue.at_home(unit, month))
    assert measure is not None  # noqa: S101 - the same
    loads = [
        load
        for source in catalogue.sources_of(measure, month)
        for load in archive.loads(source, as_at)
        if _bears_on(load, month)
    ]
    profile = catalogue.profiles[catalogue.profile_of(indicator)]
    sections = [
        Section("Definition", tuple(_definition(it, version, period))),
        Section("Rows", tuple(_rows(archive, catalogue, measure, unit, period, as_at))),
        *([Section("Parts", parts)] if (parts := tuple(_parts(panel, catalogue, finding))) else []),
        Section("Figure", tuple(_figure(it, measure, finding))),
        Section("Standards", tuple(_standards(finding)) or ("None is in force.",)),
        Section("Whole", tuple(_whole(it, finding))),
        Section("Past", tuple(_past(it, finding, drawn, profile))),
        Section("Re-base", tuple(_rebase(it, drawn, workspace, profile))),
        Section("Peers", tuple(_peers(finding, among(panel, catalogue, indicator, unit, month)))),
        Section("SQL", tuple(_sql(catalogue, archive, indicator, measure, month, as_at))),
        Section("Loads", tuple(_loads(archive, loads))),
        Section("Snapshot", (manifest.id,)),
    ]
    name = catalogue.organisation.name(unit, month)
    return Explanation(f"{indicator}: {it.title}\n{name} ({unit}), {month.words}", tuple(sections))


def _finding(
    workspace: Workspace, catalogue: Catalogue, manifest: Manifest, indicator: str, unit: str, month: Month
) -> Finding:
    catalogue.organisation.spells(unit)
    if month in manifest.partitions[FINDINGS]:
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
        yield f"{_exact(it.scale(measure))} x ({above}) / ({below}) of {measure.source}"
    yield f"measured in {it.measured_in}, {it.basis}"
    yield f"covers {long_date(period.start)} to {long_date(period.end)}"
    yield f"version in force from {version.from_.words}, {it.version_hash(version)}"
    if version.note:
        yield version.note


def _rows(
    archive: Archive,
    catalogue: Catalogue,
    measure: AnyMeasure,
    unit: str,
    period: Period,
    as_at: dt.datetime | None,
) -> Iterator[str]:
    """The row of each item that stands, and those that stood before it, newest first."""
    if isinstance(measure, RecordMeasure | FormulaMeasure):
        for source in measure.sources:
            held = sum(part.rows for parts in archive.effective(source, as_at).values() for part in parts)
            yield f"{source}: {held:,} records are kept; those that the SQL below takes count"
            yield from _purged(archive, source, as_at)
        if purged_records(archive, catalogue, as_at).unmade(measure, period):
            yield "It may rest on purged records: it cannot be made again, and is not made of the rest"
        return
    if measure.rolls_up_from is not None:
        yield f"added up from the figures of each {measure.rolls_up_from}"
    stands = {part.file for part in archive.effective(measure.source, as_at).get(Month.of(period.end), ())}
    brought = [
        (load, part)
        for load in reversed(archive.loads(measure.source, as_at))
        for part in load.parts
        if part.month == Month.of(period.end) and not part.moved and not part.purge
    ]
    for item in measure.items:
        latest = True
        for load, part in brought:
            for row in _matching(archive.part(measure.source, part), item, unit, period):
                shown = _exact(row["value"]) if row["state"] == State.VALUE else row["state"]
                before = "" if latest and part.file in stands else ", no longer stands"
                origin = f"{load.file}, row {row['row']}; load {load.seq}"
                yield f"{item}: {shown}, {row['status']}{before} ({origin})"
                latest = False
        if latest:
            yield f"{item}: no row"
    yield from _purged(archive, measure.source, as_at, Month.of(period.end))


def _purged(
    archive: Archive, source: str, as_at: dt.datetime | None, only: Month | None = None
) -> Iterator[str]:
    """The months of a source that were purged, or one of them."""
    for month, stones in archive.purged(source, as_at).items():
        if only in (None, month):
            yield from (f"{source}, {month.words}: {stone.words}" for stone in stones)


def _matching(table: pa.Table, item: str, unit: str, period: Period) -> Iterable[Mapping[str, Any]]:
    key = {"item": item, "unit": unit, "cut": ALL, "start": period.start, "end": period.end}
    if not set(key) <= set(table.column_names):
        return []
    for name, value in key.items():
        table = table.filter(pc.equal(table[name], pa.scalar(value, table.schema.field(name).type)))
    rows: list[Mapping[str, Any]] = table.to_pylist()
    return rows


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
        told = " of ".join(map(_exact, sides)) if part.state is State.VALUE and sides else str(part.state)
        yield f"{part.unit}: {told}"
    if finding.parts is not None:
        yield f"{finding.present} of {finding.parts} units that should report have a figure"


def _figure(it: Indicator, measure: AnyMeasure, finding: Finding) -> Iterator[str]:
    if finding.denominator is not None and finding.numerator is not None:
        above, below = _exact(finding.numerator), _exact(finding.denominator)
        answer = "no answer" if finding.value is None else _exact(finding.value)
        yield f"{_exact(it.scale(measure))} x {above} / {below} = {answer}"
    elif finding.value is not None:
        yield _exact(finding.value)
    yield f"state: {finding.state}; status: {finding.status}"


def _standards(finding: Finding) -> Iterator[str]:
    for bearing in finding.standards:
        kind = "trajectory" if bearing.trajectory else "standard"
        tolerance = "" if bearing.tolerance is None else f", tolerance {_exact(bearing.tolerance)}"
        yield (
            f"{bearing.name}: {bearing.sense.replace('_', ' ')} {_exact(bearing.required)} "
            f"({bearing.set_by} {kind}{', primary' if bearing.primary else ''}{tolerance})"
        )
        judged = bearing.attainment.replace("_", " ")
        if bearing.distance is not None:
            side = "to spare" if bearing.distance >= 0 else "short"
            running = f"{bearing.streak} month{'s' * (bearing.streak != 1)} running"
            judged += f", {_worked_out(abs(bearing.distance))} {side}, {running}"
        yield f"   {judged}"


def _whole(it: Indicator, finding: Finding) -> Iterator[str]:
    whole = finding.whole
    if whole.reason:
        yield f"{whole.unit}: {whole.reason}" if whole.unit else whole.reason
    if (
        whole.value is None
        or whole.share is None
        or whole.difference is None
        or whole.lower is None
        or whole.upper is None
    ):
        return
    lower, upper = _worked_out(whole.lower), _worked_out(whole.upper)
    yield f"{whole.unit}: {_exact(whole.value)}"
    yield f"difference {_worked_out(whole.difference)}, 95% interval {lower} to {upper}"
    yield f"the interval of its difference from the rest, {_METHODS[it.chance]},"
    yield f"times 1 - {_worked_out(whole.share)}, its share of the whole's denominator"
    yield f"verdict: {whole.verdict.replace('_', ' ')}"


_METHODS = {
    "proportion": "by Newcombe's hybrid score method",
    "rate": "by MOVER from Byar's mid-P limits",
    None: "",
}


def _past(it: Indicator, finding: Finding, drawn: Series, profile: RuleProfile) -> Iterator[str]:
    past, (_, reason) = finding.past, chart_for(it, profile)
    yield f"rule profile {past.profile}; series: {past.status.replace('_', ' ')}, {past.points} figures"
    if past.status is SeriesStatus.ROLLING:
        yield "Rolling figures are not put on a control chart, because neighbours share months."
        return
    yield reason
    for start in drawn.breaks:
        yield f"limits start again in {start.month.words} ({start.kind}): {start.reason}"
    for point in drawn.points:
        if point.excluded:
            yield f"{point.month.words} is left out of the limits, by decision"
    if past.limits_from is not None:
        yield f"figures since {past.limits_from.words}"
    if past.mean is not None:
        yield f"{past.centre} {_worked_out(past.mean)}"
    if past.lower is not None and past.upper is not None:
        yield f"limits {_worked_out(past.lower)} to {_worked_out(past.upper)}, {from_which_points(past)}"
        yield from _ranges(past, profile)
    yield f"variation: {past.variation.replace('_', ' ')}; assurance: {past.assurance.replace('_', ' ')}"
    if past.rule is not None and past.since is not None:
        yield f"rule that fired: {rule_words(past.rule, profile)}, since {past.since.words}"


def _ranges(past: PastBearing, profile: RuleProfile) -> Iterator[str]:
    """The moving range that the limits of an XmR chart were made of."""
    if past.chart is ChartKind.I and past.mean is not None and past.upper is not None:
        size = _worked_out((past.upper - past.mean) / profile.limit)
        yield f"the {profile.centre} ± {profile.limit:.4g} x the {profile.spread} moving range, {size}"


def _rebase(it: Indicator, drawn: Series, workspace: Workspace, profile: RuleProfile) -> Iterator[str]:
    """What is proposed, how far apart the two levels are, and the command; or why nothing is."""
    if drawn.past.status is SeriesStatus.ROLLING:
        yield "Nothing to re-base: there are no limits."
        return
    weighed, folder = drawn.proposal, shlex.quote(str(workspace.root))
    yield from consider(it, drawn) or (f"None is proposed. {why_not(drawn, profile.run)}",)
    if weighed.distance is not None and math.isfinite(weighed.distance):
        yield f"the two levels lie {_worked_out(weighed.distance)} standard errors apart (asked: {FAR})"
    if weighed.verdict is Weighed.PROPOSED and weighed.month is not None:
        yield f"trigpoint decide rebase {drawn.indicator} -w {folder} --unit {drawn.unit} \\"
        yield f'   --month {weighed.month} --reason "What changed, and why it will last" --by "Name, role"'


def _peers(finding: Finding, placed: Among) -> Iterator[str]:
    peers = finding.peers
    if peers.reason:
        yield peers.reason
    if peers.median is not None and peers.lower_quartile is not None and peers.upper_quartile is not None:
        yield f"{peers.group}: {peers.reporting} of {peers.members} have a figure"
        lower, upper = _worked_out(peers.lower_quartile), _worked_out(peers.upper_quartile)
        yield f"median {_worked_out(peers.median)}, quartiles {lower} and {upper}"
    if peers.rank is not None:
        yield f"rank {peers.rank} of {peers.reporting}, quarter {peers.quarter} (4 is the best)"
    if placed.likely is not None and placed.funnel is not None:
        drawn, at = placed.funnel, placed.place
        yield f"likely range of the rank {placed.likely[0]} to {placed.likely[1]}"
        for level, lower, upper in zip(drawn.confidence, drawn.lower[:, at], drawn.upper[:, at], strict=True):
            yield f"{100 * level:.4g}% limits for its size {_worked_out(lower)} to {_worked_out(upper)}"
        widened = f", over-dispersion {drawn.phi:.2f} allowed for" if drawn.adjusted else ""
        yield f"about {_worked_out(drawn.target)}, method {drawn.method}{widened}"


def _sql(
    catalogue: Catalogue,
    archive: Archive,
    indicator: str,
    measure: AnyMeasure,
    month: Month,
    as_at: dt.datetime | None,
) -> Iterator[str]:
    """The query as it ran: for every returned figure, with what this one asked; or for each quantity."""
    if isinstance(measure, RecordMeasure):
        return
    yield from SQL.splitlines()
    through = reached({source: archive.effective(source, as_at) for source in catalogue.sources})
    for plan in plans(catalogue, [month], through):
        asked = plan.asked.filter(pc.equal(plan.asked["indicator"], indicator))
        for row in asked.drop_columns(["indicator"]).to_pylist():
            yield "asked: " + ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)


def _bears_on(load: Load, month: Month) -> bool:
    """Whether a load brought rows of a month, or withdrew them."""
    return month in load.coverage or load.mode == "full_refresh" or any(p.month == month for p in load.parts)


def _exact(value: float) -> str:
    """A number with every digit that it has, up to twelve."""
    return str(int(value)) if float(value).is_integer() else f"{value:.12g}"


def _worked_out(value: float) -> str:
    """A number that was worked out, to four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _loads(archive: Archive, loads: Iterable[Load]) -> Iterator[str]:
    for load in loads:
        yield f"{load.seq}: {load.file}, SHA-256 {load.sha256}"
        yield f"   {load.mode}, accepted {load.accepted_at:%Y-%m-%d %H:%M} UTC by {load.by}"
        yield from (f"   {stone.words}" for stone in archive.taken_from(load))

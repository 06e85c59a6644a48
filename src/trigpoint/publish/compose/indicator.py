"""An indicator's page: headline, bearings, chart, standards, peers, definition, provenance, every month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trigpoint.analysis.caution import Caution
from trigpoint.analysis.finding import Difference, Finding, Series
from trigpoint.analysis.past.year_on_year import year_on_year
from trigpoint.analysis.whole.cuts import CutFindings
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.indicator import Indicator, Version
from trigpoint.definitions.profile import RuleProfile
from trigpoint.definitions.standard import Standard
from trigpoint.publish.charts.icons import attainment_icon
from trigpoint.publish.compose.chart import chart_of, chart_words
from trigpoint.publish.compose.children import Child, children_of
from trigpoint.publish.compose.cuts import cut_tables, cut_words
from trigpoint.publish.compose.peers import peer_funnel, peer_table, peer_words
from trigpoint.publish.compose.records import records_part
from trigpoint.publish.compose.row import (
    NOTHING,
    assurance_mark,
    attainment_mark,
    distance,
    figure,
    number,
    peer_mark,
    point_mark,
    quality_mark,
    required_words,
    status_words,
    streak,
    variation_mark,
    whole_mark,
)
from trigpoint.publish.compose.year_on_year import year_chart
from trigpoint.publish.document import IndicatorPage
from trigpoint.publish.mark import Line, Mark, Table
from trigpoint.publish.words import ATTAINMENT, BASIS, DIRECTION, NO_LIMITS, RULE, SENSE, STATE
from trigpoint.publish.year import YearOnYearChart
from trigpoint.scorecards.build import Row
from trigpoint.scorecards.cautions import cautions
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.quality import UNMARKED, Star
from trigpoint.scorecards.rebase import consider
from trigpoint.store.load import Load
from trigpoint.terms.counted import Counted
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month, long_date
from trigpoint.terms.unit import Level


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one indicator's page rests on: its series up to the month, the decisions that stand, its loads.

    ``around`` are the month's findings of the unit's peers and of the units that it is part of,
    ``children`` the units right below it, which stand at ``level``. ``counted`` says how good the
    month's records are.
    """

    series: Series
    decisions: tuple[Decision, ...]
    loads: tuple[Load, ...]
    around: tuple[Finding, ...] = ()
    children: tuple[Child, ...] = ()
    cuts: tuple[CutFindings, ...] = ()
    quality: Star = UNMARKED
    level: Level | None = None
    counted: tuple[Counted, ...] = ()


def indicator_page(
    row: Row, unit: str, catalogue: Catalogue, evidence: Evidence, snapshot: str, key: str
) -> IndicatorPage:
    """The page of a row. ``unit`` is the unit's name; ``key`` names the page's files and its chart."""
    indicator, finding, series = row.indicator, row.finding, evidence.series
    chart = chart_of(indicator, unit, series, row.headline, evidence.decisions, key=key)
    profile = catalogue.profiles[catalogue.profile_of(row.code)]
    objective = catalogue.objectives[indicator.objective]
    return IndicatorPage(
        code=row.code,
        title=indicator.title,
        perspective=catalogue.perspectives[objective.perspective].title,
        headline=row.headline,
        lede=_lede(row, unit),
        attainment=attainment_mark(finding),
        standard_words=_standard_words(indicator, finding, catalogue),
        variation=variation_mark(finding),
        assurance=assurance_mark(finding),
        past_words=_past_words(indicator, finding),
        peers=peer_mark(finding, row.among),
        chart=chart,
        chart_words=chart_words(chart, indicator, series, profile),
        standards=_standards(indicator, finding),
        peer_table=peer_table(indicator, finding, evidence.around, catalogue, row.among),
        peer_words=peer_words(finding, row.among),
        funnel=peer_funnel(indicator, finding, row.among, catalogue, key),
        definition=tuple(_definition(row.code, indicator, catalogue)),
        versions=_versions(indicator, finding.month),
        provenance=tuple(_provenance(row, catalogue, evidence, snapshot)),
        loads=_loads(evidence.loads, catalogue),
        command=f"trigpoint explain {row.code} --unit {finding.unit} --month {finding.month}",
        months=_months(indicator, series),
        data_file=f"{key}.csv",
        whole=whole_mark(finding, indicator),
        whole_words=_whole_words(indicator, finding),
        quality=quality_mark(evidence.quality),
        records=records_part(evidence.counted, catalogue.sources, finding.month),
        children=children_of(indicator, evidence.children, evidence.level, finding.month, key),
        cuts=cut_tables(evidence.cuts, indicator),
        cut_words=cut_words(evidence.cuts, indicator),
        cautions=cautions(indicator, series),
        rebase=consider(indicator, series),
        year_on_year=_year_on_year(indicator, unit, series, profile, key),
    )


def _year_on_year(
    indicator: Indicator, unit: str, series: Series, profile: RuleProfile, key: str
) -> YearOnYearChart | None:
    """The last year beside the year before, where the time of year explains much of the figures."""
    if Caution.SEASONAL not in series.cautions.noted:
        return None
    found = year_on_year(series, indicator.every, profile, indicator.direction)
    return None if found is None else year_chart(indicator, unit, found, profile, key=key)


def _lede(row: Row, unit: str) -> str:
    """The figure and its parts, if the headline does not say it already; then whose it is."""
    shown, month = figure(row.indicator, row.finding), row.finding.month.words
    if row.finding.state is State.INCOMPLETE and shown.parts:
        return f"{month}. {unit}. Incomplete: {shown.parts} have a figure."
    detail = shown.parts if row.finding.denominator is not None else ""
    said = [] if shown.missing or shown.value in row.headline else [shown.value]
    said += [detail] if detail else []
    return f"{month}: {', '.join(said)}. {unit}." if said else f"{month}. {unit}."


def _standard_words(indicator: Indicator, finding: Finding, catalogue: Catalogue) -> str:
    held = finding.standard
    if held is None:
        ended = "" if finding.standards else _ended(indicator, finding, catalogue)
        return f"{ended or 'No standard is in force.'} {DIRECTION[indicator.direction]}."
    said = [f"{required_words(held, indicator)}."]
    if held.distance is not None:
        said.append(f"{distance(held, indicator).capitalize()}.")
    again = streak(held, indicator)
    return " ".join([*said, f"{again}."] if again else said)


def _ended(indicator: Indicator, finding: Finding, catalogue: Catalogue) -> str:
    """The standard that was the last to end here, where one did."""
    places = {finding.unit, *catalogue.organisation.ancestors(finding.unit, finding.month), None}
    ended = [
        (standard.last, standard)
        for standard in indicator.standards
        if standard.unit in places and standard.last is not None and standard.last < finding.month
    ]
    if not ended:
        return ""
    last, standard = max(ended, key=lambda pair: (pair[0], pair[1].primary))
    kind = "trajectory" if standard.trajectory else "standard"
    return f"The {kind} '{standard.name}' ended in {last.words}; nothing is required since."


def _whole_words(indicator: Indicator, finding: Finding) -> str:
    """The trust's own figure, and how much of it this unit is."""
    whole = finding.whole
    if whole.value is None:
        return ""
    said = f"The trust: {Figures.of(indicator).named(whole.value)}."
    if whole.verdict is Difference.NO_DIFFERENT:
        said += " Chance alone could explain the difference."
    return said if whole.share is None else f"{said} {_share(whole.share)}"


def _share(share: float) -> str:
    part = "under 1%" if share < 0.01 else f"{min(share, 1):.0%}"
    return f"This unit is {part} of it."


def _past_words(indicator: Indicator, finding: Finding) -> str:
    """The usual range and, for a signal, the rule that says so."""
    past, figures = finding.past, Figures.of(indicator)
    if past.lower is None or past.upper is None or past.limits_from is None:
        return NO_LIMITS.get(past.status, "No usual range can be given.")
    said = f"Usual range {figures.usual_range(past.lower, past.upper)}"
    count = f"{past.points}" if past.used == past.points else f"{past.used} of the {past.points}"
    said += f", from {count} figures since {past.limits_from.words}."
    if past.rule is None:
        return said
    since = f", since {past.since.words}" if past.since is not None and past.since != finding.month else ""
    return f"{said} Signal: {RULE[past.rule]}{since}."


def _standards(indicator: Indicator, finding: Finding) -> Table:
    """Every standard that was ever declared, in its own line."""
    return Table(
        caption="Standards",
        head=("Standard", "Set by", "Requires", "Tolerance", "In force", "Source", finding.month.words),
        rows=tuple(
            (
                f"{standard.name} (primary)" if standard.primary else standard.name,
                standard.set_by,
                _requires(standard, indicator),
                Figures.of(indicator).apart(standard.tolerance) if standard.tolerance else NOTHING,
                _in_force(standard),
                standard.source or NOTHING,
                _this_month(standard, indicator, finding),
            )
            for standard in indicator.standards
        ),
        numeric=frozenset(),
    )


def _requires(standard: Standard, indicator: Indicator) -> str:
    figures, sense = Figures.of(indicator), SENSE[standard.sense]
    first = standard.required(standard.first)
    last = standard.required(standard.last) if standard.last is not None else None
    if standard.trajectory and first is not None and last is not None:
        return f"{sense} {figures.required(first)}, moving to {figures.required(last)}"
    return f"{sense} {figures.required(first)}" if first is not None else NOTHING


def _in_force(standard: Standard) -> str:
    where = f", {standard.unit}" if standard.unit else ""
    last = f" to {standard.last.short}" if standard.last is not None else " on"
    return f"{standard.first.short}{last}{where}"


def _this_month(standard: Standard, indicator: Indicator, finding: Finding) -> str | Mark:
    """How the figure stands to this standard, if it is the one of its name that holds now."""
    required = standard.required(finding.month)
    for held in finding.standards:
        if held.name == standard.name and held.required == required and held.set_by == standard.set_by:
            words = ATTAINMENT[held.attainment]
            if held.distance is not None:
                words = f"{words}, {distance(held, indicator)}"
            return Mark(attainment_icon(held.attainment), words)
    return "Not in force here"


def _definition(code: str, indicator: Indicator, catalogue: Catalogue) -> Iterator[Line]:
    objective = catalogue.objectives[indicator.objective]
    yield Line("Code", code)
    if indicator.why:
        yield Line("Why", indicator.why)
    if indicator.counts:
        yield Line("Counts", indicator.counts)
    if indicator.out_of:
        yield Line("Out of", indicator.out_of)
    yield Line("Measured in", f"{indicator.measured_in}: {BASIS[indicator.basis]}")
    yield Line("Reading", DIRECTION[indicator.direction])
    yield Line("Objective", objective.title)
    named = dict.fromkeys(
        source
        for version in indicator.versions
        for source in catalogue.sources_of(version.measure, version.from_)
    )
    for source in (catalogue.sources[name] for name in named if name in catalogue.sources):
        yield Line("Source", f"{source.title} ({source.publisher})" if source.publisher else source.title)
    yield Line("Owner", indicator.owner)
    if indicator.review is not None:
        yield Line("Review due", long_date(indicator.review))


_CHANGES = {
    None: "First version",
    "break": "The series starts anew",
    "restates": "Restates the months before",
}


def _versions(indicator: Indicator, month: Month) -> Table:
    current = indicator.version(month)
    return Table(
        caption="Versions of the definition",
        head=("From", "Effect", "Note", "Hash of its meaning"),
        rows=tuple(
            (
                f"{version.from_.short} (this month's)" if version is current else version.from_.short,
                _CHANGES[version.change],
                version.note or NOTHING,
                indicator.version_hash(version)[:16],
            )
            for version in indicator.versions
        ),
        numeric=frozenset(),
    )


def _provenance(row: Row, catalogue: Catalogue, evidence: Evidence, snapshot: str) -> Iterator[Line]:
    finding = row.finding
    version: Version | None = row.indicator.version(finding.month)
    yield Line(
        "Period", f"{long_date(finding.start)} to {long_date(finding.end)}, {status_words(finding.status)}"
    )
    if version is not None:
        yield Line("Arithmetic", version.measure.words)
        yield Line(
            "Definition", f"in force from {version.from_.words}, {row.indicator.version_hash(version)[:16]}"
        )
    if finding.parts is not None and finding.present is not None:
        yield Line("Made up of", _made_up(finding))
    yield Line("Rule profile", finding.past.profile)
    for decision in evidence.decisions:
        kind = {"rebase": "re-based", "exclude": "left out of the limits"}.get(decision.kind, decision.kind)
        when = decision.month.words + (f" to {decision.until.words}" if decision.until else "")
        said = f"{when}: {decision.reason} ({decision.by}, {long_date(decision.on)})"
        yield Line(f"Decision: {kind}", said)
    yield Line("Snapshot", snapshot)


def _made_up(finding: Finding) -> str:
    """``From 41 of 43 units``."""
    if finding.state is State.INCOMPLETE:
        return f"Incomplete: {number(finding.present)} of {number(finding.parts)} units have a figure"
    return f"From {number(finding.present)} of {number(finding.parts)} units"


def _loads(loads: tuple[Load, ...], catalogue: Catalogue) -> Table:
    return Table(
        caption="Loads that this page rests on",
        head=("Source", "File", "SHA-256", "Accepted", "By"),
        rows=tuple(
            (
                catalogue.sources[load.source].title if load.source in catalogue.sources else load.source,
                f"{load.file} (purged, in whole or in part)" if load.purges else load.file,
                load.sha256[:16],
                long_date(load.accepted_at.date()),
                load.by,
            )
            for load in loads
        ),
        numeric=frozenset(),
    )


def _months(indicator: Indicator, series: Series) -> Table:
    """Every month of the series, the latest first."""
    figures = Figures.of(indicator)
    required = next((dict(line.values) for line in series.standards if line.primary), {})

    def cell(level: float | None) -> str:
        return NOTHING if level is None else figures.limit(level)

    return Table(
        caption=f"Every month: {indicator.title}",
        head=(
            "Month",
            "Counted",
            "Out of",
            "Value",
            "Status",
            "Requires",
            "Lower limit",
            series.past.centre.capitalize(),
            "Upper limit",
            "Past",
        ),
        rows=tuple(
            (
                point.month.short,
                number(point.numerator),
                number(point.denominator),
                STATE[point.state] if point.value is None else figures.short(point.value),
                NOTHING if point.state is not State.VALUE else status_words(point.status),
                NOTHING if point.month not in required else figures.required(required[point.month]),
                cell(point.lower),
                cell(point.mean),
                cell(point.upper),
                "Left out of the limits" if point.excluded else point_mark(point),
            )
            for point in reversed(series.points)
        ),
        numeric=frozenset({1, 2, 3, 5, 6, 7, 8}),
    )

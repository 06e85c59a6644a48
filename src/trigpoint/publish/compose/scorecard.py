"""The scorecard's page: the tally, what to talk about, and a row for each indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trigpoint.analysis.finding import Attainment, Finding, Variation
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.settings import Structure
from trigpoint.publish.chart import Chart
from trigpoint.publish.charts.icons import assurance_icon, attainment_icon, variation_icon
from trigpoint.publish.compose.chart import last_months
from trigpoint.publish.compose.comparison import different_by_chance, expected_words
from trigpoint.publish.compose.row import (
    assurance_mark,
    attainment_mark,
    distance,
    figure,
    number,
    parts,
    peer_mark,
    period_words,
    quality_mark,
    required_words,
    status_words,
    streak,
    value,
    variation_mark,
    whole_mark,
)
from trigpoint.publish.document import (
    Count,
    ScorecardGroup,
    ScorecardPage,
    ScorecardRow,
    ScorecardSection,
    TalkingPoint,
)
from trigpoint.publish.mark import Line, Mark, Table
from trigpoint.publish.words import ASSURANCE, ATTAINMENT, DIRECTION, STATE, VARIATION
from trigpoint.scorecards.build import MONTHS, Row, Scorecard, attainment
from trigpoint.scorecards.figures import Figures
from trigpoint.scorecards.headline import SIGNALS
from trigpoint.scorecards.runs import in_words
from trigpoint.scorecards.year import YearToDate
from trigpoint.terms.panel import State, Status

TALK_RULE = (
    "Chosen in this order: concerns, those that miss their standard first; then what will keep missing "
    "its standard; then missing figures; then improvements. Otherwise as the scorecard stands."
)


def scorecard_page(
    scorecard: Scorecard, catalogue: Catalogue, charts: Mapping[str, Chart], by_chance: float | None
) -> ScorecardPage:
    """The page of a unit's month. ``charts`` holds each indicator's, by code."""
    part = catalogue.whole_of(scorecard.unit, scorecard.month) is not None
    unit = catalogue.organisation.name(scorecard.unit, scorecard.month)
    talk = tuple(_talking_point(row) for row in scorecard.to_talk_about())
    month = scorecard.month.words
    return ScorecardPage(
        title=f"{unit}: scorecard for {month}",
        lede=_lede(scorecard, catalogue.settings.structure),
        tally=tuple(_tally(scorecard)),
        talk_title=_talk_title(len(talk)),
        talk=talk,
        talk_rule=TALK_RULE if talk else _quiet(scorecard),
        chance=_chance(scorecard, by_chance),
        sections=tuple(
            ScorecardSection(
                section.perspective.title,
                section.perspective.question,
                tuple(
                    ScorecardGroup(
                        group.objective.title,
                        tuple(_row(row, charts[row.code], part=part) for row in group.rows),
                    )
                    for group in section.groups
                ),
            )
            for section in scorecard.sections
        ),
        empty=""
        if scorecard.rows
        else f"No indicator is in force for this unit in {month}, so there is nothing to show. "
        "Indicators appear in the first month that their definition names.",
        whole=part,
        peers=not part,
    )


def _lede(scorecard: Scorecard, structure: Structure) -> str:
    rows = scorecard.rows
    with_figure = [row.finding for row in rows if row.finding.state is State.VALUE]
    provisional = sum(finding.status is Status.PROVISIONAL for finding in with_figure)
    if not rows:
        return ""
    said = f"{len(with_figure)} of {len(rows)} indicators have a figure for {scorecard.month.words}"
    said += f"; {provisional} of them provisional." if provisional else ", all final." if with_figure else "."
    return " ".join([said, *_whole_words(scorecard), *_structure_words(scorecard, structure)])


def _whole_words(scorecard: Scorecard) -> Iterator[str]:
    """How many figures differ from the trust's, beside the number that would by chance."""
    count, differing = len(scorecard.compared()), len(scorecard.differing())
    if count:
        yield f"{in_words(differing).capitalize()} differ{'s' if differing == 1 else ''} from the trust."
        yield different_by_chance(count)


def _structure_words(scorecard: Scorecard, structure: Structure) -> Iterator[str]:
    """Whose tree figures are added up by, where any are."""
    if any(row.finding.parts is not None for row in scorecard.rows):
        if structure == "as_was":
            yield "Figures of each month follow the organisation as it was then."
        else:
            yield f"All months follow the organisation as it was in {scorecard.month.words}."


def _tally(scorecard: Scorecard) -> Iterator[Count]:
    counted = scorecard.tally()
    for judged in (Attainment.MET, Attainment.IN_TOLERANCE, Attainment.NOT_MET):
        yield Count(counted.get(judged, 0), Mark(attainment_icon(judged), ATTAINMENT[judged]))
    findings = [row.finding for row in scorecard.rows]
    plain = [finding for finding in findings if finding.state is State.VALUE and attainment(finding) is None]
    if plain:
        yield Count(len(plain), Mark("", "without a standard"))
    for state in State:
        held = sum(finding.state is state for finding in findings)
        if held and state is not State.VALUE:
            yield Count(held, Mark("", STATE[state].lower()))


def _talk_title(count: int) -> str:
    if not count:
        return "Nothing to single out this month"
    return f"{in_words(count).capitalize()} thing{'' if count == 1 else 's'} to talk about"


def _quiet(scorecard: Scorecard) -> str:
    still = len(scorecard.charted()) - len(scorecard.signals())
    return f"{still} figures did not change by more than chance." if still else ""


def _chance(scorecard: Scorecard, by_chance: float | None) -> str:
    charted = len(scorecard.charted())
    if not charted:
        return "No figure of this month could be judged against its own past."
    signals = len(scorecard.signals())
    said = f"{signals} of {charted} control charts show{'s' if signals == 1 else ''} a signal."
    if by_chance is None:
        return said
    return f"{said} If nothing had changed anywhere, {expected_words(by_chance)} would by chance."


def _talking_point(row: Row) -> TalkingPoint:
    """A concern or an improvement shows its variation; otherwise the assurance, or the state."""
    past = row.finding.past
    mark = Mark(assurance_icon(past.assurance), ASSURANCE[past.assurance])
    if past.variation in SIGNALS:
        mark = Mark(variation_icon(past.variation), VARIATION[past.variation])
    elif row.finding.state is not State.VALUE:
        mark = Mark(variation_icon(Variation.NOT_ASSESSED), STATE[row.finding.state])
    return TalkingPoint(mark, row.code, row.indicator.title, row.headline)


def _row(row: Row, chart: Chart, *, part: bool) -> ScorecardRow:
    """``part`` says whether the unit is part of the whole."""
    finding, indicator = row.finding, row.indicator
    held = finding.standard
    required = required_words(held, indicator)
    if held is None and indicator.direction == "neutral":
        required = f"{required}: watched; {DIRECTION['neutral'].lower()}"
    return ScorecardRow(
        code=row.code,
        title=indicator.title,
        required=required,
        figure=figure(indicator, finding),
        attainment=attainment_mark(finding),
        streak=streak(held, indicator),
        sparkline=last_months(chart, finding.month, MONTHS, f"{chart.key}-spark"),
        variation=variation_mark(finding),
        assurance=assurance_mark(finding),
        whole=whole_mark(finding, indicator) if part else None,
        peers=None if part else peer_mark(finding, row.among),
        quality=quality_mark(row.quality),
        data_to=_data_to(row),
        headline=row.headline,
        comparisons=tuple(_comparisons(row)),
        months=_months(row),
    )


def _data_to(row: Row) -> str:
    """The period of the latest figure, and whether it may still change."""
    latest = next((f for f in reversed(row.months) if f.state is State.VALUE), None)
    if latest is None:
        return f"No figure in {len(row.months)} month{'' if len(row.months) == 1 else 's'}"
    return f"{period_words(latest.start, latest.end)}, {status_words(latest.status)}"


def _comparisons(row: Row) -> Iterator[Line]:
    """What stands in the opened row: whose it is, what it was, what is required."""
    indicator, finding = row.indicator, row.finding
    figures, past = Figures.of(indicator), finding.past
    yield Line(finding.month.words, _figure_words(indicator, finding))
    for label, other in (("Month before", row.previous), ("Same month last year", row.year_before)):
        yield Line(label, "No figure kept" if other is None else _figure_words(indicator, other))
    if row.year_to_date is not None:
        yield Line("Year to date", year_words(indicator, row.year_to_date))
    if past.lower is not None and past.upper is not None:
        yield Line("Usual range", figures.usual_range(past.lower, past.upper))
    for held in finding.standards:
        said = f"{required_words(held, indicator)}: {ATTAINMENT[held.attainment].lower()}"
        yield Line(held.name, f"{said}, {distance(held, indicator)}" if held.distance is not None else said)
    if finding.whole.value is not None:
        yield Line("The trust as a whole", figures.short(finding.whole.value))
    yield Line("Owner", indicator.owner)
    yield Line("Reference", row.code)


def year_words(indicator: Indicator, year: YearToDate) -> str:
    """``71.2% (2,310 of 3,244), April to October 2026``; or how much of it is there."""
    months = period_words(year.first.start, year.last.end)
    if year.present < year.due:
        kind = "months" if indicator.every == 1 else "figures"
        return f"Incomplete: {year.present} of {year.due} {kind}, {months}"
    if year.value is None:
        return f"{STATE[State.NO_DENOMINATOR]}, {months}"
    figures = Figures.of(indicator)
    if year.denominator is None:
        return f"{figures.named(year.value)}, {months}"
    parts_of = f"{number(year.numerator)} of {number(year.denominator)}"
    return f"{figures.short(year.value)} ({parts_of}), {months}"


def _figure_words(indicator: Indicator, finding: Finding) -> str:
    if finding.value is None:
        return STATE[finding.state]
    detail = parts(indicator, finding)
    return (
        f"{value(indicator, finding)} ({detail})"
        if finding.denominator is not None
        else f"{value(indicator, finding)} {detail}"
    )


def _months(row: Row) -> Table:
    """The months of the row, the latest first."""
    indicator = row.indicator
    return Table(
        caption=f"{indicator.title}: {len(row.months)} months to {row.finding.month.words}",
        head=("Month", "Counted", "Out of", "Value", "Standard", "Past"),
        rows=tuple(
            (
                finding.month.short,
                number(finding.numerator),
                number(finding.denominator),
                value(indicator, finding),
                attainment_mark(finding),
                variation_mark(finding),
            )
            for finding in reversed(row.months)
        ),
        numeric=frozenset({1, 2, 3}),
    )

"""One series of a result as the pages draw one: its points, limits, standard, remarks and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trigpoint.analysis.caution import Cautions
from trigpoint.analysis.finding import (
    Assurance,
    PastBearing,
    Rule,
    Series,
    SeriesPoint,
    SeriesStatus,
    StandardLine,
    Variation,
)
from trigpoint.analysis.library.asked import AS_ASKED
from trigpoint.analysis.library.charted import Spc
from trigpoint.analysis.library.sentences import lead
from trigpoint.analysis.proposal import Proposal, Weighed
from trigpoint.definitions.profile import ChartKind, centre_of
from trigpoint.publish.chart import Chart, ChartNote
from trigpoint.publish.charts.icons import assurance_icon, variation_icon
from trigpoint.publish.charts.plate import Plate
from trigpoint.publish.charts.standards import levels
from trigpoint.publish.compose.chart import drawn, how_drawn
from trigpoint.publish.mark import Mark
from trigpoint.publish.notebook.picture import figures_of, key_of
from trigpoint.publish.slot import Slot
from trigpoint.publish.words import ASSURANCE, VARIATION
from trigpoint.terms.panel import ALL, State
from trigpoint.terms.period import Month

Row = Mapping[str, Any]
_STEPS = 4
"""A standard with more levels than this is drawn as a trajectory."""


@dataclass(frozen=True, slots=True)
class Part:
    """A series ready to be drawn. ``latest`` and ``change`` are its last point in words; ``how`` says how
    its limits were set."""

    name: str
    chart: Chart
    plate: Plate
    latest: str
    change: Mark
    how: tuple[str, ...]


def part_of(result: Spc, group: object) -> Part:
    """A series of a result. Raises ValueError for a group that there is not."""
    rows, summary = result.one(group)
    table, months, design = rows.to_pylist(), _months(result, group), result.design
    series, notes = _series(result, table, summary, months), tuple(_notes(table, months))
    name = "" if group == ALL and len(result) == 1 else str(group)
    title = ", ".join(filter(None, (design.title or design.kind.words, name)))
    remarks = () if name else result.notes  # of many series, its sentence counts its own gaps
    chart = _worded(
        drawn(
            series,
            figures_of(result.numbers, design.least, design.most),
            key=key_of(title, summary["sentence"], [(row["value"], row["upper"]) for row in table]),
            title=title,
            description=" ".join([summary["sentence"], *remarks]),
            notes=notes,
        )
    )
    reason = "" if design.reason == AS_ASKED else f"{design.kind.words}: {design.reason}"
    how = (*how_drawn(chart, series, design.profile, design.kind, reason), *remarks)
    words = {row["period"]: month.words for row, month in zip(table, months, strict=True)}
    dated = {it: words.get(summary[it]) for it in ("latest", "since", "rebase_proposed")}
    change = Mark(variation_icon(series.past.variation), VARIATION[series.past.variation])
    plate = Plate(
        title,
        lead({**summary, **dated}, result.numbers),
        (change, *_assured(series.past.assurance)),
        tuple((note.number, f"{note.month.words}. {note.words}") for note in notes),
        how,
    )
    latest = "" if summary["value"] is None else result.numbers.said(summary["value"])
    return Part(name, chart, plate, latest, change, how)


def _worded(chart: Chart) -> Chart:
    """The same in the library's words: nobody was to submit anything, and a number is told from a figure."""
    points = (replace(it, gap="No figure") if it.state is State.NOT_SUBMITTED else it for it in chart.points)
    last, said = chart.points[-1].month.short, chart.labels.latest
    latest = said.replace(last, f"{last}:", 1) if said and last.isdigit() else said
    return replace(chart, points=tuple(points), labels=replace(chart.labels, latest=latest))


def _assured(assurance: Assurance) -> Iterator[Mark]:
    if assurance is not Assurance.NO_STANDARD:
        yield Mark(assurance_icon(assurance), ASSURANCE[assurance])


def _months(result: Spc, group: object) -> list[Month]:
    """Where each row of a series stands on the axis."""
    numbers, calendar = result.places_of(group), result.calendar
    if calendar.counted == "month":
        return [Month(number // 12, number % 12 + 1) for number in numbers]
    start = numbers[0] if result.step else 0
    places = [(number - start) // result.step if result.step else at for at, number in enumerate(numbers)]
    return [
        Slot.at(place, calendar.short(number), calendar.words(number))
        for place, number in zip(places, numbers, strict=True)
    ]


def _series(result: Spc, table: list[Row], summary: Row, months: list[Month]) -> Series:
    scale, design = result.numbers.scale, result.design

    def scaled(row: Row, name: str) -> float | None:
        return None if row[name] is None else scale * row[name]

    at = {row["period"]: month for row, month in zip(table, months, strict=True)}
    points = tuple(
        SeriesPoint(
            month,
            scaled(row, "value"),
            State(row["state"]),
            None,
            None,
            None,
            row["excluded"],
            scaled(row, "centre"),
            scaled(row, "lower"),
            scaled(row, "upper"),
            Variation(row["variation"]),
            None if row["rule"] is None else Rule(row["rule"]),
        )
        for row, month in zip(table, months, strict=True)
    )
    past = PastBearing(
        status=SeriesStatus(summary["status"]),
        profile=summary["profile"],
        chart=ChartKind(summary["chart"]),
        points=summary["points"],
        used=summary["used"],
        trial=summary["trial"],
        centre=centre_of(design.kind, design.profile),
        limits_from=at.get(summary["limits_from"]),
        mean=scaled(summary, "centre"),
        lower=scaled(summary, "lower"),
        upper=scaled(summary, "upper"),
        variation=Variation(summary["variation"]),
        assurance=Assurance(summary["assurance"]),
        rule=None if summary["rule"] is None else Rule(summary["rule"]),
        since=at.get(summary["since"]),
    )
    required = tuple(
        (month, scale * row["standard"])
        for row, month in zip(table, months, strict=True)
        if row.get("standard") is not None
    )
    lines: tuple[StandardLine, ...] = ()
    if required and design.sense is not None:
        lines = (StandardLine("", "", design.sense, True, len(levels(required)) > _STEPS, required),)
    return Series("", "", points, (), lines, past, Cautions(), Proposal(Weighed.NO_SHIFT))


def _notes(table: list[Row], months: list[Month]) -> Iterator[ChartNote]:
    """Where limits start again, and which points are left out of them, numbered in order."""
    said, before = [], 1
    for row, month in zip(table, months, strict=True):
        if row["segment"] != before and month is not months[0]:
            said.append((month, True, "Limits re-based"))
        before = row["segment"]
        if row["excluded"]:
            said.append((month, False, "Left out of the limits"))
    for number, (month, restarts, words) in enumerate(said, 1):
        yield ChartNote(number, month, restarts, words, "")

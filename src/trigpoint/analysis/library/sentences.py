"""A chart in one or two plain sentences: the latest figure, what it says, its limits and its standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trigpoint.analysis.finding import Assurance, SeriesStatus, Variation
from trigpoint.analysis.library.asked import Sense
from trigpoint.analysis.library.numbers import Numbers
from trigpoint.analysis.library.periods import Calendar
from trigpoint.definitions.profile import RuleProfile

_UNLIMITED = {
    SeriesStatus.ZERO_WIDTH: "The figures hardly vary, so no usual range can be given.",
    SeriesStatus.NO_FIGURES: "No figures.",
}
_QUIET = frozenset({Variation.COMMON, Variation.NOT_ASSESSED})


def sentence(
    row: Mapping[str, Any], profile: RuleProfile, calendar: Calendar, numbers: Numbers, sense: Sense | None
) -> str:
    """What a row of a summary says; ``latest``, ``since`` and ``again`` are numbers of the calendar."""
    return " ".join(_parts(row, profile, calendar, numbers, sense))


def _parts(
    row: Mapping[str, Any], profile: RuleProfile, calendar: Calendar, numbers: Numbers, sense: Sense | None
) -> Iterator[str]:
    value = row["value"]
    yield f"{calendar.words(row['latest'])}: {'no figure' if value is None else numbers.said(value)}."
    yield from _change(row, calendar)
    yield from _limits(row, profile, numbers)
    if row["standard"] is not None:
        side = "at least" if sense == "at_least" else "at most"
        assured = "" if row["assurance"] == Assurance.NOT_ASSESSED else f", {_plain(row['assurance'])}"
        required = f"{side} {numbers.exact(row['standard'])}"
        yield f"Standard {required}: {_plain(row['attainment'])}{assured}."
    if row["cautions"]:
        yield f"Caution: {', '.join(row['cautions']).replace('_', ' ')}."
    if row["again"] is not None:
        yield f"Consider a re-base at {calendar.words(row['again'])}."
    if row["gaps"]:
        yield f"{row['gaps']} {'period has' if row['gaps'] == 1 else 'periods have'} no figure."


def _change(row: Mapping[str, Any], calendar: Calendar) -> Iterator[str]:
    variation = Variation(row["variation"])
    if variation is Variation.COMMON:
        yield "No change."
    elif variation not in _QUIET:
        way, side = variation.split("_")
        since = "" if row["since"] == row["latest"] else f" since {calendar.words(row['since'])}"
        yield f"{way.capitalize()} ({side}){since}: {_plain(row['rule'])}."


def _limits(row: Mapping[str, Any], profile: RuleProfile, numbers: Numbers) -> Iterator[str]:
    status, points = SeriesStatus(row["status"]), row["points"]
    if status is SeriesStatus.TOO_FEW:
        are = "point is" if points == 1 else "points are"
        yield f"{points} {are} too few: limits from {profile.minimum_points}."
    elif status is SeriesStatus.CONSTANT:
        yield f"Never varied: {numbers.said(row['centre'])} throughout."
    elif status in _UNLIMITED:
        yield _UNLIMITED[status]
    elif row["lower"] is None or row["upper"] is None:
        yield f"Median {numbers.limit(row['centre'])}, of {points} points."
    else:
        trial = "Trial limits" if row["trial"] else "Limits"
        lower, upper = (numbers.limit(row[end]) for end in ("lower", "upper"))
        if numbers.suffix.startswith(" "):
            lower = lower.removesuffix(numbers.suffix)
        yield f"{trial} {lower} to {upper}, from {row['used']} points."


def _plain(word: str) -> str:
    return word.replace("_", " ")

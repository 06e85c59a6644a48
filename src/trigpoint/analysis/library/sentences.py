"""A chart in one or two plain sentences: the latest figure, what it says, its limits and its standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trigpoint.analysis.caution import Caution
from trigpoint.analysis.finding import Assurance, SeriesStatus, Variation
from trigpoint.analysis.library.asked import Sense
from trigpoint.analysis.library.numbers import Numbers
from trigpoint.definitions.profile import RuleProfile

Row = Mapping[str, Any]
_UNLIMITED = {
    SeriesStatus.ZERO_WIDTH: "The figures hardly vary, so no usual range can be given.",
    SeriesStatus.NO_FIGURES: "No figures.",
}
_WAYS = {"improvement": "Improvement", "concern": "Concern", "neutral": "Changed"}
_SAID_ELSEWHERE = frozenset({Caution.MISSING_LAST, Caution.TRIAL_LIMITS, Caution.GAPS})
"""The cautions that other parts of the sentence give the numbers of."""
_QUIET = frozenset({Variation.COMMON, Variation.NOT_ASSESSED})


def sentence(row: Row, profile: RuleProfile, numbers: Numbers, sense: Sense | None) -> str:
    """What a row of a summary says; its periods, ``rebase_proposed`` among them, are words."""
    return " ".join([*_change(row, numbers), *_standing(row, profile, numbers, sense), *_advice(row)])


def lead(row: Row, numbers: Numbers) -> str:
    """What is not to be seen on its chart: what the latest point says, and what to mind."""
    return " ".join([*_change(row, numbers), *_advice(row)])


def _standing(row: Row, profile: RuleProfile, numbers: Numbers, sense: Sense | None) -> Iterator[str]:
    """The limits, and the standard."""
    yield from _limits(row, profile, numbers)
    if row["standard"] is not None:
        side = "at least" if sense == "at_least" else "at most"
        assured = "" if row["assurance"] == Assurance.NOT_ASSESSED else f", {_plain(row['assurance'])}"
        required = f"{side} {numbers.exact(row['standard'])}"
        yield f"Standard {required}: {_plain(row['attainment'])}{assured}."


def _advice(row: Row) -> Iterator[str]:
    cautions = [_plain(it) for it in row["cautions"] if it not in _SAID_ELSEWHERE]
    if cautions:
        yield f"Caution: {', '.join(cautions)}."
    if row["rebase_proposed"] is not None:
        yield f"Consider a re-base at {row['rebase_proposed']}."
    if row["gaps"]:
        yield f"{row['gaps']} {'period has' if row['gaps'] == 1 else 'periods have'} no figure."


def _change(row: Row, numbers: Numbers) -> Iterator[str]:
    """The latest figure, and what it says."""
    variation, value = Variation(row["variation"]), row["value"]
    yield f"{row['latest']}: {'no figure' if value is None else numbers.said(value)}."
    if variation is Variation.COMMON:
        yield "No change."
    elif variation not in _QUIET:
        way, side = variation.split("_")
        since = "" if row["since"] in (None, row["latest"]) else f" since {row['since']}"
        yield f"{_WAYS[way]} ({side}){since}: {_plain(row['rule'])}."


def _limits(row: Row, profile: RuleProfile, numbers: Numbers) -> Iterator[str]:
    status, points = SeriesStatus(row["status"]), row["points"]
    if status is SeriesStatus.TOO_FEW:
        are = "point is" if points == 1 else "points are"
        if points < profile.minimum_points:
            yield f"{points} {are} too few: limits from {profile.minimum_points}."
        elif row["used"] < points:
            yield f"The baseline's {row['used']} are too few to set limits from."
        else:
            yield "Too few points follow each other to set limits from."
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

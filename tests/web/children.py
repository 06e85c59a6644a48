"""Units below and groups of patients, in the hardest cases that a page has to bear."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.web.documents import UNIT, catalogue, evidence, scorecard_of
from tests.web.findings import NOW, SOURCE, against_whole, finding, indicator, past, run, series, standard
from trigpoint.analysis.finding import (
    Attainment,
    Difference,
    Finding,
    SeriesStatus,
    StandardLine,
    Variation,
    WholeBearing,
    WholeReason,
)
from trigpoint.analysis.whole.cuts import CutFindings, CutGroup
from trigpoint.definitions.decision import Quality
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.compose.children import Child
from trigpoint.publish.compose.every_page import compose
from trigpoint.publish.compose.indicator import Evidence
from trigpoint.publish.document import Document
from trigpoint.scorecards.quality import star
from trigpoint.terms.counted import Counted, Respect
from trigpoint.terms.panel import State
from trigpoint.terms.unit import Level

WHOLE = 78.0
WARDS = (
    "Exmoor ward",
    "Blackdown ward",
    "Mendip ward",
    "Sedgemoor ward",
    "Levels ward",
    "Parrett ward",
    "Taunton Vale home treatment team",
    "Quantock",
    "Brendon Hills",
    "Polden",
    "Cheddar",
    "Chew Valley",
)
MARK = Quality(signed_off="good", timely="good", audited="fair", robust="poor", until=NOW + 5)


def bearing(value: float, half: float, *, up: bool = True, few: bool = False) -> WholeBearing:
    """A unit's bearing to a whole at ``WHOLE``, with an interval of ``half`` to each side."""
    difference = value - WHOLE
    beyond = abs(difference) > half
    good = (difference > 0) == up
    verdict = Difference.BETTER if good else Difference.WORSE
    verdict = Difference.TOO_FEW if few else verdict if beyond else Difference.NO_DIFFERENT
    return against_whole(
        verdict, value=WHOLE, difference=difference, lower=difference - half, upper=difference + half
    )


def child(at: int, value: float | None, *, half: float = 8.0, months: int = 24) -> Child:
    """A ward with ``months`` of figures about ``value``, which is the latest."""
    rng = random.Random(at)
    spell = [None if value is None else round(value + rng.uniform(-6, 6), 1) for _ in range(months - 1)]
    if value is not None and months > 9:
        spell[-8] = None
    level = 0.0 if value is None else value
    kept = past(
        mean=level,
        lower=level - 16,
        upper=level + 16,
        status=SeriesStatus.CHARTED if months > 6 and value is not None else SeriesStatus.TOO_FEW,
    )
    if months <= 6 or value is None:
        kept = replace(kept, mean=None, lower=None, upper=None, variation=Variation.NOT_ASSESSED)
    concern = at == 0 and value is not None
    judged = Attainment.MET if level >= 80 else Attainment.NOT_MET
    held = standard(judged if value is not None else Attainment.NOT_ASSESSED, 80.0, value)
    found = run([*spell, value], kept, unit=f"W{at}", standards=(held,))
    if concern:
        found[-1] = replace(found[-1], past=replace(kept, variation=Variation.CONCERN_LOW))
    whole = (
        against_whole(reason=WholeReason.NO_FIGURE) if value is None else bearing(value, half, few=at == 3)
    )
    last = replace(found[-1], whole=whole)
    if value is not None:
        last = replace(last, numerator=round(value * 22 / 100), denominator=22.0)
    lines = [
        StandardLine("Standard", "national", "at_least", True, False, tuple((f.month, 80.0) for f in found))
    ]
    return Child(WARDS[at], last, series([*found[:-1], last], lines=lines), "index.html")


def twelve() -> tuple[Child, ...]:
    """Each way that a unit can stand, among twelve."""
    rng = random.Random(5)
    values = [54.5, 57.1, 78.2, 84.0, 87.4, 100.0, 91.3, 72.0, 66.7]
    drawn = [child(at, value, half=4 + rng.uniform(0, 14)) for at, value in enumerate(values)]
    late = child(9, None)
    few = child(10, 80.0, months=1)
    return (*drawn, late, few, Child(WARDS[11], None, None, ""))


def missing() -> tuple[Child, ...]:
    """Nobody has a figure, each for another reason."""
    states = [state for state in State if state is not State.VALUE]
    return tuple(
        replace(one, finding=replace(one.finding, state=state, parts=12, present=11))
        for one, state in ((child(at, None), state) for at, state in enumerate(states))
        if one.finding is not None
    )


def shifted(by: float, half: float, beyond: Difference) -> tuple[Child, ...]:
    """Units around a whole of their own: below zero, say, or with intervals of no width."""
    kept = past(mean=by + 2, lower=by - 1, upper=by + 5)
    made = []
    for at in range(5):
        found = [
            finding(by + (at + i) % 5, NOW - 12 + i, unit=f"W{at}", denominator=None, past=kept)
            for i in range(13)
        ]
        gap = float((at + 12) % 5)
        verdict = beyond if gap > half else Difference.NO_DIFFERENT
        whole = WholeBearing(UNIT, verdict, by, gap, gap - half, gap + half, 0.2, "")
        made.append(Child(WARDS[at], replace(found[-1], whole=whole), series(found), ""))
    return tuple(made)


def counts() -> tuple[Child, ...]:
    found = [finding(float(7 * at), unit=f"W{at}", denominator=None) for at in range(4)]
    whole = against_whole(reason=WholeReason.COUNT)
    return tuple(
        Child(WARDS[at], replace(one, whole=whole), series([one]), "") for at, one in enumerate(found)
    )


def _group(name: str, value: float, gap: float, half: float) -> CutGroup:
    better = Difference.BETTER if gap > 0 else Difference.WORSE
    verdict = better if abs(gap) > half else Difference.NO_DIFFERENT
    return CutGroup(name, value, 100.0, value, State.VALUE, gap, gap - half, gap + half, verdict)


def _without(name: str, state: State) -> CutGroup:
    return CutGroup(name, None, None, None, state, None, None, None, Difference.NOT_COMPARED)


def cuts(words: str = "") -> tuple[CutFindings, ...]:
    """Two cuts: of every verdict and state; and one in which nobody has a figure."""
    few = _group("Under 18", 50.0, -28.0, 40.0)
    age = (
        _group(f"18 to 34 {words}".strip(), 71.4, -9.2, 6.0),
        _group("35 to 64", 78.0, 0.4, 3.1),
        _group("65 and over", 84.2, 7.7, 4.0),
        replace(few, verdict=Difference.TOO_FEW, denominator=4.0, numerator=2.0),
        _without("Not known", State.SUPPRESSED),
    )
    none = (_without("Most deprived fifth", State.NO_DENOMINATOR),)
    title = f"Age {words}".strip()
    return (
        CutFindings("age", title, NOW - 2, NOW, age),
        CutFindings("imd", "Deprivation", NOW, NOW, none),
    )


def below(given: Evidence, children: Sequence[Child], words: str = "") -> Evidence:
    """Evidence with units below, groups, a data-quality mark and counted records."""
    marked = replace(given, quality=star(MARK), counted=counted(words))
    return replace(marked, children=tuple(children), cuts=cuts(words), level=Level.TEAM)


def counted(words: str = "") -> tuple[Counted, ...]:
    """Records in every respect, good, fair and poor, and of a field without any."""
    fields = {"ward": (100, 97), "method": (88, 80), f"kind {words}".strip(): (0, 0)}
    found = [
        (name, respect, so_many, of)
        for name, (there, valid) in fields.items()
        for respect, so_many, of in ((Respect.COMPLETE, there, 100), (Respect.VALID, valid, there))
    ]
    found += [("", Respect.TIMELY, 71, 100), ("", Respect.ENTERED, 95, 99), ("", Respect.DAYS, 1, 99)]
    found += [("", Respect.ONCE, 100, 104)]
    return tuple(Counted(SOURCE, NOW, name, respect, so_many, of) for name, respect, so_many, of in found)


def _named(child: Child, words: str) -> Child:
    return replace(child, name=f"{child.name} {words}".strip())


CASES: dict[str, tuple[Callable[[], tuple[Child, ...]], Indicator]] = {
    "twelve": (twelve, indicator("Followed up within 72 hours")),
    "one": (lambda: twelve()[:1], indicator("One unit below")),
    "none": (lambda: (), indicator("No unit below")),
    "missing": (missing, indicator("All without a figure")),
    "negative": (
        lambda: shifted(-20.0, 3.0, Difference.HIGHER),
        indicator("Below zero", measured_in="pounds", bounds={}, decimals=0, direction="neutral"),
    ),
    "zero-width": (
        lambda: shifted(4.0, 0.0, Difference.WORSE),
        indicator("Intervals of no width", direction="down", bounds={}),
    ),
    "counts": (
        counts,
        indicator(
            "Long waiters", measured_in="people waiting", decimals=0, bounds={"least": 0}, direction="down"
        ),
    ),
}
"""Each hard case of units below, with the indicator that it is of."""


def every_case(words: str = "") -> Document:
    """A page of an indicator for each hard case of units below; ``words`` goes wherever people write."""
    made = catalogue({name: it for name, (_, it) in CASES.items()}, words=words)
    rows: dict[str, tuple[Finding, ...]] = {}
    held = {}
    for at, (name, (children, _)) in enumerate(CASES.items()):
        wholes = list(Difference)
        months = tuple(
            replace(one, indicator=name, unit=UNIT, parts=43, present=41)
            for one in run([80.0 + i % 4 for i in range(13)], past(), standards=(standard(),))
        )
        whole = against_whole(wholes[at % len(wholes)])
        rows[name] = (*months[:-1], replace(months[-1], whole=whole))
        held[name] = below(evidence(rows[name], words), [_named(it, words) for it in children()], words)
    return compose(scorecard_of(made, rows), made, held, snapshot="5" * 64)

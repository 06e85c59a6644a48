"""Charts of the hard cases, for the tests that draw them and the browser that looks at them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from trigpoint.publish.chart import Axis, Chart, ChartNote, ChartPoint, ChartStandard, Labels, Shape
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

FIRST = Month(2023, 11)
PER_CENT = Axis("", "%", 0, 100, from_zero=False)
COUNT = Axis("", "", 0, None, from_zero=True)
GAPS = {
    State.NOT_SUBMITTED: "Not submitted",
    State.SUPPRESSED: "Hidden",
    State.INCOMPLETE: "Incomplete",
    State.NO_DENOMINATOR: "None due",
}


def points(
    values: Sequence[float | State],
    limits: tuple[float, float, float] | None = None,
    first: Month = FIRST,
    shapes: dict[int, Shape] | None = None,
) -> tuple[ChartPoint, ...]:
    lower, mean, upper = limits or (None, None, None)
    return tuple(
        ChartPoint(
            month=first + i,
            value=None if isinstance(value, State) else value,
            state=value if isinstance(value, State) else State.VALUE,
            gap=GAPS.get(value, "") if isinstance(value, State) else "",
            shape=(shapes or {}).get(i, Shape.COMMON),
            provisional=i == len(values) - 1,
            excluded=False,
            mean=mean,
            lower=lower,
            upper=upper,
        )
        for i, value in enumerate(values)
    )


def standard(
    value: float, months: int, words: str = "Standard 80%", *, fails_below: bool = True, first: Month = FIRST
) -> ChartStandard:
    return ChartStandard(words, fails_below, False, tuple((first + i, value) for i in range(months)))


def chart(drawn: tuple[ChartPoint, ...], key: str = "c", **changes: Any) -> Chart:
    last = drawn[-1] if drawn else None
    whole = Chart(
        key=key,
        title=f"Case {key}",
        description="A case of the anatomy.",
        points=drawn,
        standards=(),
        notes=(),
        labels=Labels(
            f"{last.month.short} {last.value:g}" if last and last.value is not None else "",
            f"Mean {last.mean:g}" if last and last.mean is not None else "",
            f"Lower limit {last.lower:g}" if last and last.lower is not None else "",
            f"Upper limit {last.upper:g}" if last and last.upper is not None else "",
        ),
        axis=PER_CENT,
        trial=False,
        remark="",
    )
    return replace(whole, **changes)


def _anatomy() -> Chart:
    rng = random.Random(1)
    before = points(
        [
            *(74 + rng.uniform(-3, 3) for _ in range(13)),
            State.NOT_SUBMITTED,
            *(74 + rng.uniform(-3, 3) for _ in range(3)),
        ],
        (66.0, 74.3, 82.5),
    )
    after = points(
        [*(85 + rng.uniform(-4, 4) for _ in range(15)), 81.5, 79.6, 77.9, 73.4],
        (74.8, 84.0, 93.1),
        FIRST + 17,
        {18: Shape.CONCERN},
    )
    path = ChartStandard(
        "Trajectory 82%", True, True, tuple((FIRST + 36 + i, v) for i, v in enumerate((75, 78, 80, 82)))
    )
    notes = (
        ChartNote(1, FIRST + 17, True, "Limits re-based: co-ordinators on every ward", "M. Penrose"),
        ChartNote(2, FIRST + 32, False, "Two discharge co-ordinator posts empty", "K. Hart"),
    )
    return chart((*before, *after), "anatomy", standards=(standard(80, 36), path), notes=notes)


def _long() -> Chart:
    rng = random.Random(2)
    values = [1200 + 6 * i + rng.uniform(-150, 150) for i in range(105)]
    notes = tuple(
        ChartNote(i + 1, Month(2016, 4) + at, True, words, "A. Person")
        for i, (at, words) in enumerate(
            [
                (48, "Merger with Taunton and Somerset: a different organisation reports from here on"),
                (52, "Re-based: a second site"),
            ]
        )
    )
    shapes = {
        **dict.fromkeys(range(60, 70), Shape.IMPROVEMENT),
        **dict.fromkeys(range(70, 76), Shape.CONCERN),
        90: Shape.CHANGED_HIGH,
        91: Shape.CHANGED_LOW,
    }
    return chart(
        points(values, (1000.0, 1500.0, 2000.0), Month(2016, 4), shapes), "long", axis=COUNT, notes=notes
    )


def _steps() -> Chart:
    lines = ChartStandard(
        "Standard 70%", True, False, tuple((FIRST + i, 60 if i < 7 else 70) for i in range(24))
    )
    return chart(points([52 + i * 0.6 for i in range(24)], (45.0, 58.9, 72.0)), "steps", standards=(lines,))


def _at_most() -> Chart:
    lines = standard(7.5, 24, "Standard 7.5%", fails_below=False)
    return chart(
        points([8.9 + (i % 5) * 0.2 for i in range(24)], (7.9, 9.2, 10.6)), "at-most", standards=(lines,)
    )


def varying(values: Sequence[float | State], mean: float, halves: Sequence[float]) -> tuple[ChartPoint, ...]:
    """Points whose limits change from month to month, as those of a P chart."""
    return tuple(
        replace(point, mean=mean, lower=mean - half, upper=mean + half)
        if point.state is State.VALUE
        else point
        for point, half in zip(points(values), halves, strict=True)
    )


def _of_share(months: int, key: str) -> Chart:
    """A P chart: limits as wide as each month's size makes them."""
    rng = random.Random(7)
    sizes = [rng.randint(40, 160) for _ in range(months)]
    values: list[float | State] = [round(rng.gauss(78, 41 / n**0.5), 1) for n in sizes]
    values[months // 3] = State.NOT_SUBMITTED
    drawn = varying(values, 78.0, [3 * 41.4 / n**0.5 for n in sizes])
    words = Labels(f"{drawn[-1].month.short} {drawn[-1].value}%", "Mean 78.0%", "Lower limit", "Upper limit")
    return chart(drawn, key, standards=(standard(80, months),), labels=words)


def _run() -> Chart:
    rng = random.Random(8)
    drawn = tuple(
        replace(point, mean=74.0) for point in points([round(rng.gauss(74, 5), 1) for _ in range(24)])
    )
    words = Labels(f"{drawn[-1].month.short} {drawn[-1].value}%", "Median 74.0%", "", "")
    return chart(drawn, "run", labels=words, standards=(standard(80, 24),))


def _rare() -> Chart:
    """A C chart: counts, whose lower limit is nought."""
    rng = random.Random(9)
    drawn = points([float(rng.randint(0, 6)) for _ in range(30)], (0.0, 2.4, 7.0))
    return chart(drawn, "rare", axis=COUNT, standards=(standard(3, 30, "Standard 3", fails_below=False),))


def _restarted() -> Chart:
    """Two restarts within four months, the second's limits from few points."""
    rng = random.Random(10)
    spans = ((20, 60.0), (4, 75.0), (10, 82.0))
    drawn: tuple[ChartPoint, ...] = ()
    for count, mean in spans:
        values = [round(rng.gauss(mean, 3), 1) for _ in range(count)]
        drawn += points(values, (mean - 8, mean, mean + 8), FIRST + len(drawn))
    notes = (
        ChartNote(1, FIRST + 20, True, "Limits re-based: a second team", "A. Person"),
        ChartNote(2, FIRST + 24, True, "Organisation changed: merged with Blackdown", "B. Person"),
        ChartNote(3, FIRST + 30, False, "Left out of the limits: a strike", "C. Person"),
    )
    drawn = tuple(replace(point, excluded=i == 30) for i, point in enumerate(drawn))
    return chart(drawn, "restarted", notes=notes, trial=True, remark="trial limits, 10 figures")


def _remarked() -> Chart:
    """A remark at each of twelve months."""
    notes = tuple(ChartNote(i + 1, FIRST + i, False, f"Remark {i + 1}", "A. Person") for i in range(12))
    drawn = points([70 + (i * 7) % 11 for i in range(14)], (60.0, 75.0, 90.0))
    return chart(drawn, "remarked", notes=notes)


def _stepped_standard() -> Chart:
    values = tuple((FIRST + i, 60.0 if i < 6 else 70.0 if i < 18 else 80.0) for i in range(30))
    line = ChartStandard("Standard 80%", True, False, values, ((FIRST, "60%"), (FIRST + 6, "70%")))
    return chart(
        points([58 + i * 0.7 + (i * 5) % 7 for i in range(30)], (52.0, 66.0, 88.0)),
        "stepped-standard",
        standards=(line,),
    )


def _one_sided() -> Chart:
    """A chart of moving ranges: an upper limit alone."""
    drawn = tuple(
        replace(point, mean=3.0, upper=9.8) for point in points([(i * 7) % 10 / 1.2 for i in range(26)])
    )
    words = Labels("Dec 2025 5.0", "Mean 3.0", "", "Upper limit 9.8")
    return chart(drawn, "one-sided", axis=COUNT, labels=words)


CASES: dict[str, Callable[[], Chart]] = {
    "anatomy": _anatomy,
    "long": _long,
    "steps": _steps,
    "of-share": lambda: _of_share(24, "of-share"),
    "of-share-long": lambda: _of_share(60, "of-share-long"),
    "run": _run,
    "rare": _rare,
    "restarted": _restarted,
    "remarked": _remarked,
    "stepped-standard": _stepped_standard,
    "one-sided": _one_sided,
    "at-most": _at_most,
    "too-few": lambda: chart(points([66, 71, 68, 72, 70]), "too-few", remark="5 months: no limits yet"),
    "one": lambda: chart(points([66.2]), "one", remark="1 month: no limits yet"),
    "none": lambda: chart((), "none", remark="No figures to draw"),
    "all-missing": lambda: chart(
        points([State.NOT_SUBMITTED] * 20), "all-missing", remark="No figures to draw"
    ),
    "constant": lambda: chart(
        points([100.0] * 24, (100.0, 100.0, 100.0)),
        "constant",
        standards=(standard(95, 24, "Standard 95%"),),
        remark="never varied: always 100%",
    ),
    "zero": lambda: chart(
        points([0.0] * 24, (0.0, 0.0, 0.0)),
        "zero",
        axis=COUNT,
        standards=(standard(0, 24, "Standard 0", fails_below=False),),
        remark="never varied: always 0",
    ),
    "hidden": lambda: chart(
        points(
            [
                60,
                70,
                State.SUPPRESSED,
                State.SUPPRESSED,
                75,
                60,
                66,
                State.SUPPRESSED,
                70,
                62,
                66,
                60,
                State.SUPPRESSED,
            ]
        ),
        "hidden",
    ),
    "none-due": lambda: chart(
        points(
            [
                80.0,
                100,
                State.NO_DENOMINATOR,
                95,
                60,
                State.NO_DENOMINATOR,
                State.NO_DENOMINATOR,
                100,
                70,
                100,
                66,
                100,
                State.NO_DENOMINATOR,
            ]
        ),
        "none-due",
    ),
    "beyond": lambda: chart(
        points([99, 97, 100, 94, 98, 100, 96, 99, 100, 97, 98, 99, 100, 96], (91.0, 98.1, 105.2)),
        "beyond",
        standards=(standard(95, 14, "Standard 95%"),),
    ),
    "huge": lambda: chart(
        points([12_345_678 + 400_000 * (i % 4) for i in range(24)], (11e6, 12.9e6, 15e6)),
        "huge",
        axis=replace(COUNT, prefix="£"),
    ),
    "tiny": lambda: chart(
        points([0.0012 + 0.0001 * (i % 3) for i in range(24)], (0.0008, 0.0013, 0.0018)),
        "tiny",
        axis=replace(COUNT, suffix=""),
    ),
    "negative": lambda: chart(
        points([-3.0 + (i % 5) for i in range(24)], (-6.0, -1.0, 4.0)),
        "negative",
        axis=Axis("", "", None, None, from_zero=True),
    ),
    "quarterly": lambda: chart(
        points([70 + i if i % 3 == 0 else State.NOT_DUE for i in range(25)]), "quarterly"
    ),
    "crowded": lambda: chart(
        points([80 + 0.1 * (i % 2) for i in range(24)], (79.9, 80.05, 80.3)),
        "crowded",
        standards=(standard(80, 24),),
    ),
    "hostile": lambda: chart(
        points([1.0, 2.0, State.NOT_SUBMITTED, 3.0]),
        "hostile",
        title="<script>alert(1)</script>",
        description='"><img src=x onerror=alert(1)>',
        remark="<b>&",
        notes=(ChartNote(1, FIRST + 1, True, "</svg><script>alert(1)</script>" * 8, "<i>"),),
    ),
}
"""Each hard case by its name."""

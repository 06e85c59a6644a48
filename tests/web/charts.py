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


CASES: dict[str, Callable[[], Chart]] = {
    "anatomy": _anatomy,
    "long": _long,
    "steps": _steps,
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
        remark="never varied: 100% every month",
    ),
    "zero": lambda: chart(
        points([0.0] * 24, (0.0, 0.0, 0.0)),
        "zero",
        axis=COUNT,
        standards=(standard(0, 24, "Standard 0", fails_below=False),),
        remark="never varied: 0 every month",
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

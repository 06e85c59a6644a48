"""A seeded, fictional trust: the deliveries that `trigpoint new` puts into a workspace to look at."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from trigpoint.demo.shipped import shipped
from trigpoint.terms.period import Month

FIRST, LAST = Month(2024, 4), Month(2026, 10)
HOME = "QPT"
TRUSTS: Mapping[str, float] = {"QPT": 1.0, "XAM": 1.4, "XBV": 0.7, "XCE": 1.1, "XDW": 0.9, "XFK": 1.7}
"""Fictional trusts and their size beside the home trust's."""

Rate = Callable[[int], float]
"""The home trust's true level, from how many months before the last one it is."""


@dataclass(frozen=True, slots=True)
class Story:
    """One ratio's true course. ``size`` is the home trust's denominator, ``spread`` how far others lean."""

    above: str
    below: str
    size: int
    rate: Rate
    spread: float = 0.03


def steady(level: float) -> Rate:
    """Always ``level``."""
    return lambda _: level


def shifted(before: float, after: float, months: int) -> Rate:
    """``before``, then ``after`` for the last so many months."""
    return lambda ago: after if ago < months else before


def bump(level: float, peak: float, first: int, last: int) -> Rate:
    """``level``, but ``peak`` from ``first`` to ``last`` months ago."""
    return lambda ago: peak if last <= ago <= first else level


def sliding(start: float, end: float, months: int) -> Rate:
    """From ``start`` to ``end`` in a straight line over the last so many months."""
    return lambda ago: start if ago >= months else end + (start - end) * ago / months


RATIOS = (
    Story("tt_within_6_weeks", "tt_finished", 600, steady(0.86)),
    Story("tt_reliably_recovered", "tt_at_caseness", 400, steady(0.505)),
    Story("eip_within_2_weeks", "eip_started", 20, steady(0.66)),
    Story("crisis_within_24_hours", "crisis_referrals", 300, shifted(0.655, 0.725, 8)),
    Story("followed_up_72_hours", "discharges", 108, sliding(0.85, 0.73, 4)),
    Story("fft_good", "fft_responses", 420, steady(0.905)),
    Story("delayed_bed_days", "bed_days", 5400, steady(0.093), spread=0.01),
    Story("restraints", "bed_days_of_wards", 5400, bump(0.0128, 0.0185, 5, 2), spread=0.002),
    Story("complaints_in_time", "complaints_due", 28, steady(0.82)),
    Story("training_met", "training_needed", 11400, shifted(0.905, 0.937, 19), spread=0.01),
    Story("sick_days", "days_available", 35200, steady(0.055), spread=0.004),
    Story("not_attended", "appointments", 8100, steady(0.091), spread=0.01),
)


def workspace() -> dict[str, bytes]:
    """The files of the small, commented workspace: path below it -> bytes."""
    return shipped("starter") | {f"deliveries/{name}": data for name, data in deliveries().items()}


def deliveries(seed: int = 2026) -> dict[str, bytes]:
    """File name -> CSV: a long monthly return of all the trusts, and a wide one of the home trust's own."""
    chance = random.Random(seed)  # noqa: S311 - made-up figures, not secrets
    return {
        "monthly-return.csv": _csv(_monthly_return(chance)),
        "people-and-money.csv": _csv(_people_and_money(chance)),
    }


def _csv(rows: Iterator[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _monthly_return(chance: random.Random) -> Iterator[list[str]]:
    """Month by month, trust by trust: counts, ``*`` for fewer than 5 people, a blank where none came."""
    yield ["month", "trust", "figure", "count", "status"]
    leaning = {trust: {story.above: chance.gauss(0, story.spread) for story in RATIOS} for trust in TRUSTS}
    for month in FIRST.through(LAST):
        status = "provisional" if month == LAST else "final"
        for trust, size in TRUSTS.items():
            if trust == "XBV" and month == Month(2025, 12):
                continue  # a trust that sent nothing that month
            for story in RATIOS:
                lean = 0.0 if trust == HOME else leaning[trust][story.above]
                above, below = _draw(chance, story, month, size, lean)
                late = story.above == "complaints_in_time" and trust == HOME and month == LAST
                yield [str(month), trust, story.below, "" if late else _shown(below), status]
                yield [str(month), trust, story.above, "" if late else _shown(above), status]


def _draw(chance: random.Random, story: Story, month: Month, size: float, lean: float) -> tuple[int, int]:
    below = max(1, round(story.size * size * (1 + chance.gauss(0, 0.04))))
    rate = min(0.99, max(0.001, story.rate(LAST.index - month.index) + lean))
    above = round(below * rate + chance.gauss(0, 1) * (below * rate * (1 - rate)) ** 0.5)
    return min(below, max(0, above)), below


def _shown(count: int) -> str:
    return "*" if 0 < count < 5 else str(count)


def _people_and_money(chance: random.Random) -> Iterator[list[str]]:
    """One row a month for the home trust alone."""
    yield [
        "Month",
        "Trust",
        "Waiting over 52 weeks",
        "Out-of-area placements",
        "Detained",
        "Turnover (12 months)",
        "Agency",
        "Pay bill",
    ]
    for month in FIRST.through(LAST):
        ago = LAST.index - month.index
        pay = 14_200_000 + round(chance.gauss(0, 90_000))
        agency = round(pay * (0.033 + 0.001 * min(ago, 20)) + chance.gauss(0, 16_000))
        waiting = round(21 + 1.55 * min(ago, 13) + chance.gauss(0, 1.6))
        placements = max(0, round(12 + chance.gauss(0, 1.7)))
        detained = round(118 + (13 if ago < 5 else 0) + chance.gauss(0, 4))
        turnover = 11.7 + 0.11 * min(ago, 12) + chance.gauss(0, 0.1)
        figures = [waiting, placements, detained, f"{turnover:.1f}", agency, pay]
        yield [f"{month.number:02d}/{month.year}", HOME, *(str(figure) for figure in figures)]

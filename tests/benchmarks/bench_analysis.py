"""What it costs to judge many series, and to take the bearings of a whole trust."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from tests.benchmarks.harness import Clock, Figures, benchmark
from tests.panels import catalogue
from tests.wholes import catalogue as trust
from tests.wholes import panel as figures_of
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.assess import assess
from trigpoint.analysis.history import NEVER, History, histories
from trigpoint.analysis.past.assurance import assurance
from trigpoint.analysis.past.kinds import SIZED
from trigpoint.analysis.past.latest import latest
from trigpoint.analysis.past.reference import judge
from trigpoint.analysis.past.variation import Sizes
from trigpoint.analysis.whole.against import against_whole
from trigpoint.analysis.whole.cuts import cuts
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.organisation import Organisation
from trigpoint.definitions.profile import SHIPPED, ChartKind
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month

SERIES, MONTHS = 100_000, 60


def made_up(series: int, months: int) -> Floats:
    rng = np.random.default_rng(20261123)
    values = rng.normal(75, 4, (series, months)).round(1)
    values[rng.random(values.shape) < 0.02] = np.nan
    return values


def judged(clock: Clock, profile: str, kind: ChartKind = ChartKind.I) -> Figures:
    """Limits, rules, variation and assurance of the latest month of every series."""
    values = made_up(SERIES, MONTHS)
    sizes = None
    if kind in SIZED:
        sizes = Sizes(np.random.default_rng(20261124).integers(80, 120, values.shape).astype(float), 100.0)
    segments = np.zeros(values.shape, dtype=np.int8)
    excluded = np.zeros(values.shape, dtype=np.bool_)
    series, last = np.arange(SERIES), np.full(SERIES, MONTHS - 1)
    required, sense = np.full(SERIES, 70.0), np.ones(SERIES, dtype=np.int8)
    for _ in range(3):
        with clock:
            found = latest(
                values,
                segments,
                excluded,
                series,
                last,
                profile=SHIPPED[profile],
                direction="up",
                kind=kind,
                sizes=sizes,
            )
            assurance(
                required,
                sense,
                status=found.status,
                lower=found.lower,
                upper=found.upper,
                least=found.least,
                most=found.most,
                profile=SHIPPED[profile],
            )
    return {"us a series": clock.seconds / SERIES * 1e6}


@benchmark(aim="12 us a series, under 500 MB")
def spc_of_100_000_series_nhs_england(clock: Clock) -> Figures:
    return judged(clock, "nhs-england")


@benchmark(aim="12 us a series, under 500 MB")
def spc_of_100_000_series_plot_the_dots(clock: Clock) -> Figures:
    return judged(clock, "plot-the-dots")


@benchmark(aim="12 us a series, under 500 MB")
def spc_of_100_000_series_p_prime(clock: Clock) -> Figures:
    return judged(clock, "nhs-england", ChartKind.P_PRIME)


@benchmark(aim="12 us a series, under 500 MB")
def spc_of_100_000_series_nelson(clock: Clock) -> Figures:
    return judged(clock, "nelson")


@benchmark(aim="12 us a series, under 500 MB")
def spc_of_100_000_series_nelson_p_prime(clock: Clock) -> Figures:
    return judged(clock, "nelson", ChartKind.P_PRIME)


@benchmark(aim="12 us a series, under 500 MB")
def spc_of_100_000_series_anhoej(clock: Clock) -> Figures:
    return judged(clock, "anhoej", ChartKind.RUN)


@benchmark(aim="the slow second opinion, for comparison")
def spc_of_100_series_by_the_reference(clock: Clock) -> Figures:
    values = [[None if np.isnan(value) else float(value) for value in row] for row in made_up(100, MONTHS)]
    with clock:
        for row in values:
            judge(row, [0] * MONTHS, [False] * MONTHS, SHIPPED["nhs-england"], "up")
    return {"us a series": clock.seconds / 100 * 1e6}


@benchmark(aim="")
def bearings_of_every_month_of_1_000_units(clock: Clock) -> Figures:
    """One indicator, every month judged by what was known then: 60,000 findings."""
    definitions = catalogue(
        "standards: [{name: S, set_by: local, at_least: 75, tolerance: 2, from: 2020-01, primary: yes}]"
    )
    organisation = definitions.organisation
    codes = [f"U{number:04}" for number in range(1_000)]
    spells = dict.fromkeys(codes, organisation.units["B"])
    declared = type(organisation)({**organisation.units, **spells})
    many = type(definitions)(**{**vars(definitions), "organisation": declared})
    panel, months = _panel(codes), [Month(2020, 1) + step for step in range(MONTHS)]
    for _ in range(2):
        with clock:
            found = assess(panel, many, (), months)
    return {"us a finding": clock.seconds / len(found) * 1e6}


def _panel(codes: list[str]) -> Panel:
    values = made_up(len(codes), MONTHS)
    months = [Month(2020, 1) + step for step in range(MONTHS)]
    size = values.size
    missing = np.isnan(values.ravel())
    columns = [
        pa.repeat("X", size),
        pa.array(np.repeat(codes, MONTHS)),
        pa.array([month.start for month in months] * len(codes)),
        pa.array([month.end for month in months] * len(codes)),
        pa.repeat(ALL, size),
        pa.nulls(size, pa.float64()),
        pa.nulls(size, pa.float64()),
        pa.array(values.ravel(), mask=missing),
        pa.repeat(str(Status.FINAL), size),
        pa.array(np.where(missing, str(State.NOT_SUBMITTED), str(State.VALUE))),
        pa.nulls(size, pa.int32()),
        pa.nulls(size, pa.int32()),
    ]
    return Panel.of(pa.table(columns, schema=SCHEMA))


@benchmark(aim="under 1 s")
def whole_of_300_000_proportions(clock: Clock) -> Figures:
    return against_the_whole(clock, "proportion")


@benchmark(aim="under 1 s")
def whole_of_300_000_rates(clock: Clock) -> Figures:
    return against_the_whole(clock, "rate")


def against_the_whole(clock: Clock, method: str) -> Figures:
    """One indicator at 5,000 units of a trust over 60 months."""
    codes = [f"U{number:04}" for number in range(5_000)]
    definitions = within_a_trust(codes, compared_as=method)
    history = replace(_trust(codes), indicator=definitions.indicator("X"))
    unit, column = np.nonzero(history.row != NEVER)
    for _ in range(3):
        with clock:
            found = against_whole(history, definitions, unit, column)
    assert found.field("difference").null_count == MONTHS  # the trust's own
    return {"us a figure": clock.seconds / len(unit) * 1e6}


def within_a_trust(codes: list[str], **changes: str) -> Catalogue:
    """The trust of ``tests.wholes`` with as many divisions as there are codes."""
    definitions = trust(**changes)
    organisation = definitions.organisation
    divisions = dict.fromkeys(codes, organisation.units["D1"])
    declared = Organisation({**organisation.units, **divisions}, organisation.home)
    return replace(definitions, organisation=declared)


def _trust(codes: list[str]) -> History:
    rng = np.random.default_rng(20261124)
    below = rng.integers(20, 2_000, (len(codes), MONTHS)).astype(np.float64)
    above = rng.binomial(below.astype(np.int64), 0.8).astype(np.float64)
    below, above = (np.vstack([part, part.sum(axis=0)]) for part in (below, above))
    months = [Month(2020, 1) + step for step in range(MONTHS)]
    size = below.size
    columns = {
        "indicator": pa.repeat("X", size),
        "unit": pa.array(np.repeat([*codes, "T"], MONTHS)),
        "start": pa.array([month.start for month in months] * (len(codes) + 1)),
        "end": pa.array([month.end for month in months] * (len(codes) + 1)),
        "cut": pa.repeat(ALL, size),
        "numerator": pa.array(above.ravel()),
        "denominator": pa.array(below.ravel()),
        "value": pa.array((100 * above / below).ravel()),
        "status": pa.repeat(str(Status.FINAL), size),
        "state": pa.repeat(str(State.VALUE), size),
        "parts": pa.nulls(size, pa.int32()),
        "present": pa.nulls(size, pa.int32()),
    }
    [history] = histories(Panel.of(pa.table(columns)), within_a_trust(codes))
    return history


@benchmark(aim="under 10 ms")
def cuts_of_a_panel_of_300_000_rows(clock: Clock) -> Figures:
    """Four groups of one indicator at the trust, over a year, among 300,000 other figures."""
    codes = [f"U{number:04}" for number in range(5_000)]
    month = Month(2020, 1) + (MONTHS - 1)
    groups = {"Under 18": (1, 4), "18 to 64": (3, 4), "65 and over": (2, 4), "Not known": (0, 1)}
    by_age = [figures_of(groups, month - back, cut="age_band") for back in range(12)]
    panel = Panel.concat([Panel(_trust(codes).table.select(SCHEMA.names)), *by_age])
    definitions = within_a_trust(codes, cuts="[age_band]")
    for _ in range(3):
        with clock:
            [found] = cuts(panel, definitions, "X", "T", month)
    assert [group.denominator for group in found.groups] == [48, 48, 48, 12]
    return {"ms": clock.seconds * 1e3}

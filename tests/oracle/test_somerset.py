"""Somerset's figures beside the same published files, read here a second time in plain Python."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import statistics
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from trigpoint.analysis.finding import Attainment, Finding, SeriesStatus
from trigpoint.analysis.findings import Findings
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.month.deliveries import Said, take_in_all
from trigpoint.month.known import known
from trigpoint.month.snapshots import take_snapshot
from trigpoint.scorecards.build import build
from trigpoint.store.manifest import FINDINGS
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.panel import State
from trigpoint.terms.period import Month

TRUSTS = ["RH5", "RDY", "RJ8", "RTQ", "RVN", "RWV"]
UNITS = {"England": "ENG", **{code: code for code in TRUSTS}}
Found = Mapping[tuple[str, str, Month], Finding]
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
Key = tuple[str, str, dt.date, dt.date]
"""Measure, unit, first and last day."""


@pytest.fixture(scope="module")
def made(
    root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Catalogue, list[Finding]]:
    """Every finding of the example, from the published files."""
    folder = tmp_path_factory.mktemp("somerset") / "workspace"
    create(folder, Workspace.at(root / "examples" / "somerset").texts())
    workspace = Workspace.at(folder)
    catalogue = known(workspace)
    taken = list(take_in_all(workspace, catalogue, shared / "data", Said("the tests", NOW)))
    assert {(it.receipt.source, it.receipt.rows_read) for it in taken} == {
        ("mhsds", 162_091),
        ("talking_therapies", 1_433_154),
    }
    manifest = take_snapshot(workspace, catalogue, at=NOW)
    return catalogue, list(Findings(Snapshots(folder).read(manifest, FINDINGS)))


@pytest.fixture(scope="module")
def catalogue(made: tuple[Catalogue, list[Finding]]) -> Catalogue:
    return made[0]


@pytest.fixture(scope="module")
def findings(made: tuple[Catalogue, list[Finding]]) -> Found:
    return {(finding.indicator, finding.unit, finding.month): finding for finding in made[1]}


@pytest.fixture(scope="module")
def mhsds(shared: Path) -> dict[Key, str]:
    """What the time series prints for each measure, unit and window."""
    path = shared / "data" / "mhsds_time_series" / "MHSDS_Time_Series_Apr_2016_to_Mar_2021.csv.gz"
    printed: dict[Key, str] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            place = row["BREAKDOWN"].casefold() in ("provider", "england")
            if place and row["PRIMARY_LEVEL"] in UNITS and row["SECONDARY_LEVEL"] == "NONE":
                start, end = (_day(row[f"REPORTING_PERIOD_{side}"]) for side in ("START", "END"))
                printed[row["MEASURE_ID"], UNITS[row["PRIMARY_LEVEL"]], start, end] = row["MEASURE_VALUE"]
    return printed


def _day(text: str) -> dt.date:
    day, month, year = map(int, text.split("/"))
    return dt.date(year, month, day)


@pytest.fixture(scope="module")
def therapies(shared: Path) -> dict[tuple[str, str, Month], float | None]:
    """What the Talking Therapies publication gives for each measure, unit and month."""
    path = next((shared / "data" / "talking_therapies_monthly").glob("tt_activity*.parquet"))
    columns = ["measure_id", "org_code2", "end_date", "value"]
    wanted = [("org_code2", "in", [*TRUSTS, "all"])]
    table = pq.read_table(path, columns=columns, filters=wanted)
    given: dict[tuple[str, str, Month], float | None] = {}
    for row in table.to_pylist():
        unit = "ENG" if row["org_code2"] == "all" else row["org_code2"]
        given[row["measure_id"], unit, Month.of(row["end_date"])] = row["value"]
    return given


def test_every_figure_that_the_time_series_prints_is_on_the_scorecard(
    mhsds: dict[Key, str], findings: Found, catalogue: Catalogue
) -> None:
    never = {measure for measure, *_ in mhsds} - catalogue.indicators.keys()
    assert never == {"MHS78", "MHS79"}  # published for England and for places, for no provider
    compared = 0
    for (measure, unit, start, end), printed in mhsds.items():
        if measure in never:
            continue
        indicator = catalogue.indicator(measure)
        if unit == "ENG" and not indicator.in_force(Month.of(end)):
            continue  # England's April 2016, a month before the first provider's
        finding = findings[measure, unit, Month.of(end)]
        assert (finding.start, finding.end) == (start, end)
        if printed == "*":
            assert (finding.state, finding.value) == (State.SUPPRESSED, None)
        else:
            assert (finding.state, finding.value) == (State.VALUE, float(printed))
        compared += 1
    assert compared > 2_000


@pytest.mark.parametrize("end", list(Month(2016, 4).through(Month(2021, 3))), ids=str)
def test_rh5s_scorecard_has_every_measure_it_reported_that_month(
    end: Month,
    mhsds: dict[Key, str],
    findings: Found,
    catalogue: Catalogue,
) -> None:
    reported = {measure for measure, unit, _, last in mhsds if unit == "RH5" and Month.of(last) == end}
    assert len(reported) in (1, 4, 9, 21, 23)
    card = build(findings.values(), catalogue, catalogue.pack("board"), "RH5", end)
    assert reported <= {row.code for row in card.rows}


def test_windows_of_one_three_and_twelve_months_are_told_apart(
    findings: Found,
) -> None:
    end = Month(2021, 3)
    starts = {code: findings[code, "RH5", end].start for code in ("MHS32", "EIP23a", "MHS95")}
    assert starts == {
        "MHS32": dt.date(2021, 3, 1),
        "EIP23a": dt.date(2021, 1, 1),
        "MHS95": dt.date(2020, 4, 1),
    }


def test_rates_are_worked_out_from_their_counts(mhsds: dict[Key, str], findings: Found) -> None:
    for (measure, unit, start, end), below in mhsds.items():
        above = mhsds.get(("EIP23b", unit, start, end))
        if measure != "EIP23a" or above is None:
            continue
        finding = findings["EIP-2W", unit, Month.of(end)]
        if "*" in (above, below):
            assert finding.state is State.SUPPRESSED
        else:
            assert finding.value == 100 * int(above) / int(below)


PUBLISHED_AS_THEY_ARE = {
    "TT-6W": "M053", "TT-18W": "M055", "TT-REC": "M192", "TT-RREC": "M195", "TT-RIMP": "M186",
    "TT-RDET": "M1010", "TT-PAIRED": "M205", "TT-WAIT": "M049", "TT-WAITING": "M038",
    "TT-OVER18": "M044", "TT-REF": "M001", "TT-ACC": "M031", "TT-FIN": "M076", "TT-CBT": "M113",
}  # fmt: skip


@pytest.mark.parametrize("code", PUBLISHED_AS_THEY_ARE)
def test_talking_therapies_figures_are_those_published(
    code: str,
    therapies: dict[tuple[str, str, Month], float | None],
    findings: Found,
) -> None:
    states = set()
    for end in Month(2021, 1).through(Month(2024, 12)):
        for unit in UNITS.values():
            finding = findings[code, unit, end]
            key = (PUBLISHED_AS_THEY_ARE[code], unit, end)
            if key not in therapies:
                assert finding.state is State.NOT_SUBMITTED
            elif (value := therapies[key]) is None:
                assert finding.state is State.SUPPRESSED
            else:
                assert (finding.state, finding.value) == (State.VALUE, value)
            states.add(finding.state)
    assert {State.VALUE, State.NOT_SUBMITTED} <= states


def test_the_share_that_did_not_attend_leaves_cancellations_out(
    therapies: dict[tuple[str, str, Month], float | None], findings: Found
) -> None:
    missed, kept, late = (therapies[item, "RH5", Month(2024, 12)] or 0 for item in ("M084", "M086", "M087"))
    assert findings["TT-DNA", "RH5", Month(2024, 12)].value == 100 * missed / (missed + kept + late)


def test_the_month_that_rh5_did_not_send_is_not_submitted(
    findings: Found,
) -> None:
    of_rh5 = {code for code, unit, end in findings if unit == "RH5" and end == Month(2023, 10)}
    assert len(of_rh5) >= 12
    assert {findings[code, "RH5", Month(2023, 10)].state for code in of_rh5} == {State.NOT_SUBMITTED}


STANDARDS = {"TT-6W": 75, "TT-18W": 95, "TT-REC": 50}


@pytest.mark.parametrize("code", STANDARDS)
def test_attainment_and_streaks_follow_from_the_figures(code: str, findings: Found) -> None:
    streak, before = 0, None
    for end in Month(2021, 1).through(Month(2024, 12)):
        finding = findings[code, "RH5", end]
        assert finding.standard is not None
        assert finding.standard.required == STANDARDS[code]
        if finding.value is None:
            streak, before = 0, None
            continue
        attainment = Attainment.MET if finding.value >= STANDARDS[code] else Attainment.NOT_MET
        streak, before = (streak + 1 if attainment is before else 1), attainment
        assert (finding.standard.attainment, finding.standard.streak) == (attainment, streak)


def _values(findings: Found, code: str, end: Month) -> Iterator[tuple[str, float]]:
    for unit in TRUSTS:
        value = findings[code, unit, end].value
        if value is not None:
            yield unit, value


@pytest.mark.parametrize("code", ["TT-6W", "TT-REC", "TT-RREC", "TT-WAIT", "TT-OVER18"])
def test_rh5_beside_the_south_west(code: str, findings: Found, catalogue: Catalogue) -> None:
    for end in Month(2021, 1).through(Month(2024, 12)):
        values = dict(_values(findings, code, end))
        peers = findings[code, "RH5", end].peers
        if "RH5" not in values or peers.rank is None:
            assert peers.reason
            continue
        sign = 1 if catalogue.indicator(code).direction == "up" else -1
        assert peers.rank == 1 + sum(sign * value > sign * values["RH5"] for value in values.values())
        assert peers.reporting == len(values)
        assert peers.median == pytest.approx(statistics.median(values.values()))
        lower, _, upper = statistics.quantiles(values.values(), n=4, method="inclusive")
        assert peers.lower_quartile == pytest.approx(lower)
        assert peers.upper_quartile == pytest.approx(upper)


def test_the_merger_of_april_2020_starts_the_series_anew(
    findings: Found,
) -> None:
    before, after = (
        findings["MHS32", "RH5", Month(2020, 3)].past,
        findings["MHS32", "RH5", Month(2021, 3)].past,
    )
    assert (before.status, before.points, before.limits_from) == (SeriesStatus.CHARTED, 48, Month(2016, 4))
    assert (after.status, after.points, after.limits_from) == (SeriesStatus.TOO_FEW, 12, Month(2020, 4))
    assert findings["MHS32", "RDY", Month(2021, 3)].past.points == 60  # a trust that did not merge


def test_limits_are_those_of_an_xmr_chart(findings: Found) -> None:
    values = [findings["MHS32", "RH5", end].value for end in Month(2016, 4).through(Month(2020, 3))]
    figures = [value for value in values if value is not None]
    mean = statistics.fmean(figures)
    ranges = statistics.fmean(abs(b - a) for a, b in pairwise(figures))
    past = findings["MHS32", "RH5", Month(2020, 3)].past
    assert past.mean == pytest.approx(mean, rel=1e-12)
    assert past.upper == pytest.approx(mean + 2.66 * ranges, rel=1e-12)
    assert past.lower == pytest.approx(mean - 2.66 * ranges, rel=1e-12)

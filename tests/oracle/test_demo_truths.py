"""What is planted in the demo trust is found as often as the rules can, and its totals are right."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.commands import run
from tests.oracle.demo_by_hand import ByHand, Parts
from tests.oracle.planted import LENGTH, MONTHS_AFTER, binomial_range, detection, false_signals
from trigpoint.analysis.finding import Difference, Finding, Variation
from trigpoint.analysis.findings import Findings
from trigpoint.analysis.whole.cuts import cuts
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.demo.organisation import HOME, division_code, service_code
from trigpoint.demo.timeline import FIRST, LAST, place
from trigpoint.demo.trust import DEFAULT, workspace
from trigpoint.demo.truths import DESIGNATED, EACH, SIZES, Truth, quiet, truths
from trigpoint.month.deliveries import Said, take_in_all
from trigpoint.month.known import known
from trigpoint.month.snapshots import take_snapshot
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Manifest
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.panel import Panel, State
from trigpoint.terms.period import Month

SEED = 2026
PLAIN = {designated.indicator for designated in DESIGNATED}
HELD = (Month(2025, 3), Month(2025, 4), Month(2026, 3), Month(2026, 7), LAST)
"""Months whose totals are worked out by hand: around reorganisation, move and closure, and the last."""
Series = tuple[str, str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo trust with its deliveries taken in and its figures worked out; no site."""
    folder = tmp_path_factory.mktemp("demo") / "demo-trust"
    create(folder, workspace(SEED))
    made = Workspace.at(folder)
    catalogue, now = known(made), dt.datetime.now(dt.UTC)
    for _ in take_in_all(made, catalogue, folder, Said("the tests", now)):
        pass
    take_snapshot(made, catalogue, at=now)
    return folder


def current(demo: Path) -> Manifest:
    manifest = Snapshots(demo).current()
    assert manifest is not None
    return manifest


@pytest.fixture(scope="module")
def findings(demo: Path) -> Findings:
    return Findings(Snapshots(demo).read(current(demo), FINDINGS))


@pytest.fixture(scope="module")
def catalogue(demo: Path) -> Catalogue:
    return known(Workspace.at(demo))


@pytest.fixture(scope="module")
def variations(findings: Findings) -> Mapping[Series, list[str]]:
    """By designated indicator and team, what each of the 36 months said when it was the latest."""
    table = findings.table.filter(pc.is_in(findings.table["indicator"], pa.array(sorted(PLAIN))))
    found: dict[Series, list[str]] = defaultdict(lambda: [""] * LENGTH)
    said = pc.struct_field(table["past"], "variation").to_pylist()
    columns = (table[name].to_pylist() for name in ("indicator", "unit", "end"))
    for indicator, unit, end, variation in zip(*columns, said, strict=True):
        found[indicator, unit][place(Month.of(end))] = variation
    return found


def of(findings: Findings, indicator: str, unit: str) -> dict[Month, Finding]:
    table = findings.table
    chosen = pc.and_(pc.equal(table["indicator"], indicator), pc.equal(table["unit"], unit))
    return {finding.month: finding for finding in Findings(table.filter(chosen))}


def the(indicator: str) -> Truth:
    return next(truth for truth in truths(SEED, DEFAULT) if truth.indicator == indicator)


# ------------------------------------------------------------------------------- as often as the rules do


@pytest.mark.parametrize("size", SIZES)
def test_shifts_are_found_as_often_as_a_simulation_of_the_rules_finds_them(
    size: float, variations: Mapping[Series, list[str]]
) -> None:
    planted = [it for it in truths(SEED, DEFAULT) if it.indicator in PLAIN and it.size == size]
    assert len(planted) == EACH >= 24
    expected = detection(size, [(place(truth.month), truth.sign) for truth in planted])
    outside = []
    for months in MONTHS_AFTER:
        found = sum(_signalled(truth, variations, months) for truth in planted)
        low, high = binomial_range(len(planted), expected[months])
        print(
            f"  shift of {size:g} SD, by month {months:2}: {found:2} of {len(planted)} found; "
            f"the rules find {expected[months]:.0%}, so {low} to {high}"
        )
        outside += [] if low <= found <= high else [(months, found, low, high)]
    assert not outside


def _signalled(truth: Truth, variations: Mapping[Series, list[str]], months: int) -> bool:
    right = Variation.IMPROVEMENT_HIGH if truth.sign > 0 else Variation.CONCERN_LOW
    start = place(truth.month)
    said = variations[truth.indicator, truth.unit][start : start + months]
    assert len(said) == months
    return any(one.split("_")[0] == right.split("_")[0] for one in said)


@pytest.mark.parametrize("months", [1, 12])
def test_quiet_series_raise_as_many_false_signals_as_the_rules_do(
    months: int, variations: Mapping[Series, list[str]]
) -> None:
    series = quiet(SEED, DEFAULT)
    flagged = sum(
        any(said not in (Variation.COMMON, Variation.NOT_ASSESSED) for said in variations[one][-months:])
        for one in series
    )
    expected = false_signals(months)
    low, high = binomial_range(len(series), expected)
    print(
        f"  nothing planted, last {months:2} months: {flagged} of {len(series)} flagged; "
        f"the rules flag {expected:.1%}, so {low} to {high}"
    )
    assert low <= flagged <= high


# ------------------------------------------------------------------------------ what a reader would notice


def test_crisis_teams_improve_and_are_short_of_the_standard_within_tolerance(findings: Findings) -> None:
    months = of(findings, "CRI-24", HOME)
    since = [months[month] for month in the("CRI-24").month.through(LAST)]
    assert any(finding.past.variation == Variation.IMPROVEMENT_HIGH for finding in since)
    assert months[LAST].past.variation == Variation.IMPROVEMENT_HIGH


def test_follow_up_slides_below_its_standard(findings: Findings) -> None:
    months = of(findings, "MH-FU72", HOME)
    since = [months[month] for month in the("MH-FU72").month.through(LAST)]
    assert any(finding.past.variation == Variation.CONCERN_LOW for finding in since)
    standard = months[LAST].standard
    assert standard is not None
    assert standard.attainment == "not_met"


def test_restraint_doubles_on_one_ward(findings: Findings) -> None:
    truth = the("MH-RI")
    months = of(findings, "MH-RI", truth.unit)
    assert months[LAST].past.variation == Variation.CONCERN_HIGH
    before = [months[m].value or 0 for m in FIRST.through(truth.month - 1)]
    after = [months[m].value or 0 for m in truth.month.through(LAST)]
    assert 1.6 < (sum(after) / len(after)) / (sum(before) / len(before)) < 2.5


def test_a_standard_that_is_never_met_is_failed_all_the_time(findings: Findings) -> None:
    for truth in (it for it in truths(SEED, DEFAULT) if it.kind == "failed_standard"):
        months = of(findings, truth.indicator, truth.unit)
        standards = [finding.standard for finding in months.values()]
        assert {standard.attainment if standard else None for standard in standards} == {"not_met"}
        assert months[LAST].past.assurance == "fail"


def test_children_s_services_differ_from_the_rest(findings: Findings) -> None:
    for indicator in ("FFT-POS", "DNA"):
        truth = next(it for it in truths(SEED, DEFAULT) if (it.kind, it.indicator) == ("differs", indicator))
        months = of(findings, indicator, truth.unit).values()
        assert {finding.whole.verdict for finding in list(months)[-12:]} == {Difference.WORSE}
        apart = [_from_the_rest(finding) for finding in months]
        assert sum(apart) / len(apart) * truth.sign > 0.7 * truth.size


def _from_the_rest(finding: Finding) -> float:
    """A unit's figure less that of all others: its difference from the whole is a part of it."""
    assert finding.whole.difference is not None
    assert finding.whole.share is not None
    return finding.whole.difference / (1 - finding.whole.share)


def test_the_most_deprived_are_seen_less_often_in_time(demo: Path, catalogue: Catalogue) -> None:
    """The planted gap lies between the most and the least deprived fifth; both differ from everyone else."""
    truth = next(it for it in truths(SEED, DEFAULT) if (it.kind, it.indicator) == ("differs", "CMH-4W"))
    panel = Panel.of(Snapshots(demo).read(current(demo), OBSERVATIONS))
    (fifths,) = (it for it in cuts(panel, catalogue, "CMH-4W", HOME, LAST) if it.cut == "deprivation")
    most, *_, least, unknown = fifths.groups
    assert (most.verdict, least.verdict) == (Difference.WORSE, Difference.BETTER)
    assert unknown.verdict in (Difference.NO_DIFFERENT, Difference.TOO_FEW)
    gap = (most.value or 0) - (least.value or 0)
    assert gap == pytest.approx(truth.sign * truth.size, abs=6)


def test_no_other_gap_is_planted(demo: Path, catalogue: Catalogue) -> None:
    """Of the groups of all other cuts about 1 in 20 differ by chance."""
    panel = Panel.of(Snapshots(demo).read(current(demo), OBSERVATIONS))
    verdicts = [
        group.verdict
        for code, indicator in catalogue.indicators.items()
        if indicator.cuts and code not in ("CMH-4W", "DNA", "TT-6W", "COM-18W", "REMOTE")
        for cut in cuts(panel, catalogue, code, HOME, LAST)
        for group in cut.groups
    ]
    judged = [it for it in verdicts if it in (Difference.BETTER, Difference.WORSE, Difference.NO_DIFFERENT)]
    apart = sum(it is not Difference.NO_DIFFERENT for it in judged)
    assert apart <= binomial_range(len(judged), 0.05)[1]


def test_swapped_counts_stand_out_in_their_month(findings: Findings) -> None:
    truth = the("WF-SUP")
    finding = of(findings, "WF-SUP", truth.unit)[truth.month]
    assert finding.value is not None
    assert finding.value > 100
    assert finding.past.variation == Variation.IMPROVEMENT_HIGH


def test_a_cluster_of_serious_incidents_is_outside_the_limits(findings: Findings) -> None:
    truth = the("SERIOUS")
    for unit in (truth.unit, division_code(DEFAULT.division_of(0)), HOME):
        finding = of(findings, "SERIOUS", unit)[truth.month]
        assert (finding.value or 0) >= truth.size
        assert finding.past.variation == Variation.CONCERN_HIGH


def test_the_months_state_all_that_can_be_the_matter_with_a_figure(findings: Findings) -> None:
    states = set(findings.table["state"].to_pylist())
    wanted = {
        State.VALUE,
        State.SUPPRESSED,
        State.NOT_SUBMITTED,
        State.NOT_DUE,
        State.NO_DENOMINATOR,
        State.INCOMPLETE,
    }
    assert wanted <= states


def test_a_small_team_is_not_judged(findings: Findings) -> None:
    small = DEFAULT.event("small").units[0]
    months = of(findings, "CARE-PLAN", small)
    hidden = sum(finding.state == State.SUPPRESSED for finding in months.values())
    assert hidden > 20


def test_records_of_an_unknown_team_are_in_the_trust_and_in_no_division(findings: Findings) -> None:
    month = Month.of(DEFAULT.event("unknown").day)
    parts = [
        (of(findings, "REFERRALS", unit)[month].numerator or 0)
        for unit in (HOME, "unattributed", *(division_code(i) for i in range(DEFAULT.divisions)))
    ]
    assert parts[1] > 0
    assert parts[0] == sum(parts[1:])


def test_divisions_that_the_reorganisation_changed_start_anew(findings: Findings) -> None:
    day = DEFAULT.event("reorganised").day
    changed = {DEFAULT.division_of(10), DEFAULT.moved_to(10)}
    for division in range(DEFAULT.divisions):
        since = of(findings, "CARE-PLAN", division_code(division))[LAST].past.limits_from
        assert since == (Month.of(day) if division in changed else FIRST)
    assert of(findings, "CARE-PLAN", service_code(10))[LAST].past.limits_from == FIRST


# ------------------------------------------------------------------------------------- totals, by hand


@pytest.fixture(scope="module")
def by_hand(demo: Path) -> ByHand:
    return ByHand.of(demo)


@pytest.mark.parametrize("month", HELD, ids=str)
@pytest.mark.parametrize("indicator", ByHand.INDICATORS)
def test_totals_are_those_worked_out_by_hand_from_the_delivered_files(
    indicator: str, month: Month, by_hand: ByHand, findings: Findings
) -> None:
    expected: Mapping[str, Parts] = by_hand.parts(indicator, month)
    table = findings.of_month(month).table
    rows = table.filter(pc.equal(table["indicator"], indicator)).to_pylist()
    told = {row["unit"]: row for row in rows if row["unit"][0] != "X"}
    assert HOME in told
    levels = {unit[0] for unit in told}
    assert {"Q", "D"} <= levels
    for unit, row in told.items():
        numerator, denominator = expected.get(unit, (0, 0))
        if row["state"] in (State.VALUE, State.NO_DENOMINATOR) and row["numerator"] is not None:
            assert row["numerator"] == pytest.approx(numerator, abs=1e-6), unit
            if row["denominator"] is not None:
                assert row["denominator"] == pytest.approx(denominator, abs=1e-6), unit
    silent = {unit for unit, parts in expected.items() if any(parts)} - told.keys()
    assert not {unit for unit in silent if unit[0] in levels and by_hand.tree.is_open(unit, month)}


def test_by_the_tree_of_today_the_past_is_told_as_if_it_had_always_been_so(
    demo: Path, catalogue: Catalogue, by_hand: ByHand
) -> None:
    """Closed teams' figures are their successors', and services stand where they stand now."""
    today = by_hand.as_on(LAST.end)
    told_today = take_snapshot(Workspace.at(demo), catalogue, at=dt.datetime.now(dt.UTC), current=LAST)
    panel = Panel.of(Snapshots(demo).read(told_today, OBSERVATIONS))
    merged, heir = DEFAULT.event("merged").units
    for month in (Month(2025, 3), Month(2026, 3)):
        for indicator in ("CONTACTS", "MH-RI", "CARE-PLAN"):
            expected = today.parts(indicator, month)
            rows = [row for row in panel.of_month(month) if (row.indicator, row.cut) == (indicator, "all")]
            told = {row.unit: row for row in rows if row.unit[0] in "QDST" and row.state is State.VALUE}
            assert HOME in told
            for unit, row in told.items():
                above, below = expected.get(unit, (0, 0))
                assert row.numerator == pytest.approx(above, abs=1e-6), unit
                assert row.denominator is None or row.denominator == pytest.approx(below), unit
        assert merged not in today.parts("CONTACTS", month)
        assert heir in today.parts("CONTACTS", month)


def test_a_ward_s_nights_are_split_on_the_day_it_moved(by_hand: ByHand) -> None:
    """Ten nights of March 2026 lie in the old division and 21 in the new one."""
    event = DEFAULT.event("moved")
    ward, new = event.units
    old = service_code(6)
    nights = by_hand.nights_of(ward, event.day.replace(day=1), dt.date(2026, 4, 1))
    assert len({by_hand.tree.parent(ward, night) for night in nights}) == 2
    assert {by_hand.tree.parent(ward, night) for night in nights if night < event.day} == {old}
    assert {by_hand.tree.parent(ward, night) for night in nights if night >= event.day} == {new}


# ----------------------------------------------------------------------------------------- the next month


def test_a_new_month_arrives(demo: Path) -> None:
    said = run("month", "-w", demo, "--only", "--deliveries", demo / "next-month")
    assert "referrals-2026-11.parquet: accepted" in said
    page = (demo / "site" / "index.html").read_text(encoding="utf-8")
    assert "November 2026" in page
    assert "Every trust, person and figure here is made up." in page


def test_a_demo_is_not_made_twice(demo: Path) -> None:
    assert "is a demo trust already" in run("demo", demo, expect=1)

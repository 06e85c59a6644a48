"""The demo trust: fictional, the same wherever it is made, and with everything that real figures have."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.measure import Measure, RecordMeasure
from trigpoint.definitions.reading import read_catalogue
from trigpoint.demo.organisation import HOME, UNKNOWN, Tree, shares
from trigpoint.demo.places import PLACES
from trigpoint.demo.timeline import FIRST, LAST, MONTHS, NEXT, chance, place
from trigpoint.demo.trust import DEFAULT, HISTORY_TO, PLANTED, workspace
from trigpoint.demo.truths import AFTER, BEFORE, DESIGNATED, EACH, SIZES, quiet, truths
from trigpoint.store.workspace import decoded
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

SEED = 2026
LARGER, SMALLER = Tree(8, 36, 150, 300, 6, 20), Tree(4, 30, 90, 100, 4, 4)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return workspace()


@pytest.fixture(scope="module")
def catalogue(files: dict[str, bytes]) -> Catalogue:
    return declared(files)


def declared(files: dict[str, bytes]) -> Catalogue:
    """The catalogue of a workspace's definitions. Raises DefinitionError for a fault in them."""
    defining = {
        name: data
        for name, data in files.items()
        if name.startswith("definitions/") or name in ("trigpoint.yaml", "decisions.yaml")
    }
    return read_catalogue(decoded(defining))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def returned(files: dict[str, bytes]) -> dict[tuple[str, str, str], str]:
    """Month, unit and figure -> count as it stands after every delivery of the teams' return."""
    held: dict[tuple[str, str, str], str] = {}
    for name in sorted(files, key=lambda name: name.split(".")[0]):
        if name.startswith("deliveries/returns-"):
            held |= {(row["month"], row["unit"], row["figure"]): row["count"] for row in rows(files[name])}
    return held


# ------------------------------------------------------------------------------------ the same everywhere


def digest(files: dict[str, bytes]) -> str:
    found = hashlib.sha256()
    for name, data in files.items():
        found.update(name.encode() + b"\0" + data)
    return found.hexdigest()


def test_the_same_bytes_in_another_process_hash_seed_time_zone_and_folder(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    code = (
        "import hashlib; from trigpoint.demo.trust import workspace; found = hashlib.sha256();"
        "[found.update(name.encode() + b'\\0' + data) for name, data in workspace().items()];"
        "print(found.hexdigest())"
    )
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == digest(files)


def test_another_seed_makes_other_figures_of_the_same_trust(files: dict[str, bytes]) -> None:
    other = workspace(7)
    assert other.keys() == files.keys()
    same = {name for name in files if other[name] == files[name]}
    assert all(not name.startswith(("deliveries", "next-month")) for name in same)
    assert {name for name in files if name.startswith("definitions")} <= same


def test_a_table_s_chance_is_its_own() -> None:
    """What one table draws moves no other: their streams are keyed by name."""
    first = chance(SEED, "referrals").random(4)
    chance(SEED, "contacts").random(1000)
    assert np.array_equal(first, chance(SEED, "referrals").random(4))
    assert not np.array_equal(first, chance(SEED, "contacts").random(4))


def test_it_is_made_quickly() -> None:
    began = time.process_time()
    workspace(11)
    assert time.process_time() - began < 6


@pytest.mark.parametrize("tree", [LARGER, SMALLER], ids=["larger", "smaller"])
def test_another_tree_stands_as_well(tree: Tree) -> None:
    catalogue = declared(workspace(3, tree))
    levels = Counter(spells[-1].level for spells in catalogue.organisation.units.values())
    assert levels[Level.DIVISION] == tree.divisions
    assert levels[Level.SERVICE] == tree.services
    assert levels[Level.TEAM] == tree.teams
    assert levels[Level.PERSON] == tree.staff
    assert levels[Level.TRUST] == 1 + tree.near + tree.far
    assert {truth.unit for truth in truths(3, tree)} <= set(catalogue.organisation.units)


@pytest.mark.parametrize(
    "sizes", [(1, 30, 131, 605), (6, 12, 131, 605), (6, 30, 89, 605), (6, 30, 131, 130), (6, 30, 131, 605, 3)]
)
def test_a_tree_too_small_for_its_truths_is_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least"):
        Tree(*sizes)


def test_shares_add_up_and_leave_nobody_out() -> None:
    assert shares([8, 5, 7], 20, least=1) == (8, 5, 7)
    assert shares([8, 5, 7], 10, least=1) == (4, 3, 3)
    assert shares([100, 1, 1], 5, least=1) == (3, 1, 1)


# --------------------------------------------------------------------------------------------- made up


def test_no_trust_s_code_or_name_is_a_real_one_s(shared: Path) -> None:
    """Codes start with X, as no trust's does; a name's place is in no name of an NHS organisation."""
    assert all(re.fullmatch("X[A-Z]{2}", code) for code in PLACES)
    reference = shared / "data" / "reference"
    text = [path.read_text(encoding="utf-8", errors="replace") for path in reference.glob("*.csv")]
    real = " ".join(text).casefold()
    assert not {code for code in [HOME, *PLACES] if re.search(rf'(^|[,"\n]){code.casefold()}[,"]', real)}
    kinds = r" (Partnership|Health and Care|Healthcare|Community)$"
    for name in ("Quantock Partnership", *PLACES.values()):
        place_name = re.sub(kinds, "", name)
        assert place_name != name
        assert place_name.casefold() not in real


def test_nobody_has_a_name(catalogue: Catalogue) -> None:
    persons = [s for s in catalogue.organisation.units.values() if s[-1].level is Level.PERSON]
    assert len(persons) > 600
    for spells in persons:
        assert re.fullmatch(r"P\d{4}", spells[0].code)
        assert spells[0].name == f"Member of staff {spells[0].code}"


def test_every_page_says_that_it_is_made_up(catalogue: Catalogue) -> None:
    assert "made up" in catalogue.settings.notice
    assert "fictional" in catalogue.settings.name
    assert "(fictional)" in catalogue.organisation.name(HOME, LAST)


# ------------------------------------------------------------------------------------------- its extent


def test_how_much_there_is(files: dict[str, bytes], catalogue: Catalogue) -> None:
    units = Counter(spells[-1].level for spells in catalogue.organisation.units.values())
    assert units[Level.NATION] == 1
    assert units[Level.REGION] == 7
    assert units[Level.TRUST] == 41
    assert (units[Level.DIVISION], units[Level.SERVICE]) == (6, 30)
    assert units[Level.TEAM] >= 120
    assert len(catalogue.indicators) >= 45
    perspectives = {catalogue.objectives[it.objective].perspective for it in catalogue.indicators.values()}
    assert len(perspectives) == 5
    assert len(tuple(FIRST.through(LAST))) == 36


def test_records_are_as_many_as_a_quick_demo_bears(files: dict[str, bytes]) -> None:
    most = {
        "referrals": 95_000,
        "contacts": 250_000,
        "stays": 9_000,
        "incidents": 12_500,
        "posts": 22_000,
    }
    for source, bound in most.items():
        keys: set[tuple[object, ...]] = set()
        for name, data in files.items():
            if name.startswith(f"deliveries/{source}-"):
                table = pq.read_table(io.BytesIO(data))
                key = table.column_names[:2] if source == "posts" else table.column_names[:1]
                keys |= set(zip(*(table[column].to_pylist() for column in key), strict=True))
        assert 0.8 * bound < len(keys) <= bound, source


def test_every_kind_of_definition_is_there(catalogue: Catalogue) -> None:
    indicators = catalogue.indicators.values()
    measures = [version.measure for it in indicators for version in it.versions]
    over_records = [measure for measure in measures if isinstance(measure, RecordMeasure)]
    over_figures = [measure for measure in measures if isinstance(measure, Measure)]
    assert {it.basis for it in indicators} == {"flow", "stock", "rolling", "year_to_date"}
    assert {1, 3, 12} <= {it.every for it in indicators}
    assert any(measure.median for measure in over_records)
    assert any(measure.longest == 12 for measure in over_records)
    assert any(measure.over and measure.over.during for measure in over_records)
    assert {Level.TEAM, Level.SERVICE, Level.DIVISION} <= {measure.rolls_up_from for measure in over_figures}
    assert any(measure.value for measure in over_figures)
    standards = [standard for it in indicators for standard in it.standards]
    assert {standard.set_by for standard in standards} == {"national", "contract", "local"}
    assert any(standard.tolerance for standard in standards)
    trajectories = [standard for standard in standards if standard.trajectory]
    assert any(standard.last is not None and standard.last < LAST for standard in trajectories)
    assert any(standard.last is not None and standard.last > LAST for standard in trajectories)
    assert sum(bool(it.cuts) for it in indicators) >= 5
    assert {cut for it in indicators for cut in it.cuts} == {"age_band", "sex", "ethnicity", "deprivation"}
    assert {entry.kind for entry in catalogue.journal} >= {"rebase", "exclude", "quality"}
    assert any(it.compared_as == "nothing" for it in indicators)


def test_those_with_peers_have_a_publication(catalogue: Catalogue) -> None:
    elsewhere = [
        version.elsewhere
        for it in catalogue.indicators.values()
        for version in it.versions
        if version.elsewhere is not None
    ]
    assert len(elsewhere) >= 12
    assert {measure.source for measure in elsewhere} == {"publication"}


# ------------------------------------------------------------------------------------------- its truths


def test_every_truth_is_about_a_unit_and_an_indicator_that_exist(catalogue: Catalogue) -> None:
    for truth in truths(SEED, DEFAULT):
        indicator = catalogue.indicator(truth.indicator)
        assert indicator.in_force(truth.month)
        assert catalogue.organisation.level(truth.unit) in indicator.levels
        assert catalogue.organisation.spell(truth.unit, truth.month) is not None
        assert FIRST <= truth.month <= LAST
        assert truth.note
    kinds = {"shift", "drift", "failed_standard", "differs", "reporting_error", "cluster"}
    assert {truth.kind for truth in truths(SEED, DEFAULT)} == kinds


def test_shifts_are_spread_and_leave_months_before_and_after() -> None:
    plain = {designated.indicator for designated in DESIGNATED}
    shifts = [truth for truth in truths(SEED, DEFAULT) if truth.indicator in plain]
    assert Counter(truth.size for truth in shifts) == dict.fromkeys(SIZES, EACH)
    assert EACH >= 24
    assert {truth.indicator for truth in shifts} == plain
    assert len({truth.unit for truth in shifts}) > 50
    assert {truth.sign for truth in shifts} == {-1, 1}
    for truth in shifts:
        assert place(truth.month) >= BEFORE
        assert place(LAST) - place(truth.month) + 1 >= AFTER


def test_quiet_series_are_neither_planted_nor_disturbed() -> None:
    planted = {(truth.indicator, truth.unit) for truth in truths(SEED, DEFAULT)}
    series = quiet(SEED, DEFAULT)
    assert len(series) > 400
    assert not planted & set(series)
    assert not DEFAULT.disturbed & {unit for _, unit in series}


def test_designated_series_have_every_month_and_nothing_hidden(files: dict[str, bytes]) -> None:
    held = returned(files)
    items = {it.indicator: (it.numerator, it.denominator) for it in DESIGNATED}
    for indicator, unit in quiet(SEED, DEFAULT):
        above, below = items[indicator]
        for month in FIRST.through(LAST):
            n = int(held[str(month), unit, below])
            assert 0 < int(held[str(month), unit, above]) <= n
            assert n >= 200


def test_what_is_planted_can_be_read_beside_the_figures(files: dict[str, bytes]) -> None:
    listed = rows(files[PLANTED])
    told = [row for row in listed if not row["kind"].startswith("event")]
    assert len(told) == len(truths(SEED, DEFAULT))
    assert {row["kind"] for row in listed} >= {f"event: {event.kind}" for event in DEFAULT.events}


# --------------------------------------------------------------------------------------- its mess


def test_numerators_are_not_above_denominators_but_for_the_planted_error(
    files: dict[str, bytes], catalogue: Catalogue
) -> None:
    held = returned(files)
    error = next(truth for truth in truths(SEED, DEFAULT) if truth.kind == "reporting_error")
    above = set()
    for indicator in catalogue.indicators.values():
        measure = indicator.versions[0].measure
        if (
            not isinstance(measure, Measure)
            or measure.source != "team_returns"
            or indicator.bounds.most != 100
        ):
            continue
        (top,), (bottom,) = measure.numerator or (), measure.denominator or ()
        for (month, unit, figure), count in held.items():
            below = held.get((month, unit, bottom), "")
            if figure == top and count.isdigit() and below.isdigit() and int(count) > int(below):
                above.add((top, unit, month))
    assert above == {("supervision_held", error.unit, str(error.month))}


def test_persons_have_no_figures_in_returns(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        if name.endswith(".csv") and "deliveries/" in name:
            units = {row.get("unit") or row.get("organisation") or row["Division"] for row in rows(data)}
            assert not {unit for unit in units if unit.startswith("P")}


def test_cells_are_hidden_and_missing(files: dict[str, bytes]) -> None:
    for name in ("returns", "publication"):
        counts = Counter(
            row["count"] for row in rows(files[f"deliveries/{name}-{FIRST}-to-{HISTORY_TO}.csv"])
        )
        assert counts["*"] > 40
        assert counts[""] > 1
        assert not counts.keys() & {"1", "2", "3", "4"}
        assert counts["0"] > 0 or name == "publication"


def test_the_small_team_is_mostly_hidden(files: dict[str, bytes]) -> None:
    small = DEFAULT.event("small").units[0]
    counts = [count for (_, unit, _), count in returned(files).items() if unit == small]
    assert counts.count("*") > len(counts) / 2


def test_a_team_sent_nothing_in_one_month(files: dict[str, bytes]) -> None:
    event = DEFAULT.event("silent")
    months = {month for month, unit, _ in returned(files) if unit == event.units[0]}
    assert {str(month) for month in FIRST.through(LAST)} - months == {str(Month.of(event.day))}


def test_one_month_was_restated(files: dict[str, bytes]) -> None:
    first = {
        (row["unit"], row["figure"]): row["count"]
        for row in rows(files[f"deliveries/returns-{FIRST}-to-{HISTORY_TO}.csv"])
        if row["month"] == str(HISTORY_TO)
    }
    second = {
        (row["unit"], row["figure"]): row["count"]
        for row in rows(files[f"deliveries/returns-{HISTORY_TO}-revised.csv"])
    }
    assert first.keys() == second.keys()
    changed = {figure for (unit, figure), count in second.items() if first[unit, figure] != count}
    assert changed == {"ucr_within_2_hours"}


def test_files_are_taken_in_in_the_order_of_time(files: dict[str, bytes]) -> None:
    """New files follow one another by name: the history, the restated month, then one month after another."""
    stems = sorted(
        name.removeprefix("deliveries/").split(".")[0] for name in files if "deliveries/returns" in name
    )
    assert [stem for stem in stems if not stem.startswith("next")] == [
        f"returns-{FIRST}-to-{HISTORY_TO}",
        f"returns-{HISTORY_TO}-revised",
        "returns-2026-09",
        "returns-2026-10",
    ]


def test_the_last_publication_is_provisional_and_the_one_before_is_final(files: dict[str, bytes]) -> None:
    status = {(row["month"], row["status"]) for row in rows(files[f"deliveries/publication-{LAST}.csv"])}
    assert status == {(str(LAST), "provisional"), (str(LAST - 1), "final")}


def test_figures_of_a_closed_team_still_came(files: dict[str, bytes]) -> None:
    event = DEFAULT.event("closed")
    months = {month for month, unit, _ in returned(files) if unit == event.units[0]}
    assert max(months) == str(Month.of(event.day) + 1)


def test_a_merged_team_has_a_successor_and_its_figures_end(
    files: dict[str, bytes], catalogue: Catalogue
) -> None:
    merged, heir = DEFAULT.event("merged").units
    last = catalogue.organisation.spells(merged)[-1]
    assert last.successor == heir
    assert max(month for month, unit, _ in returned(files) if unit == merged) == str(Month.of(last.to))


def test_a_ward_moves_on_11_march_2026(catalogue: Catalogue) -> None:
    spells = catalogue.organisation.spells(DEFAULT.event("moved").units[0])
    assert [spell.from_ for spell in spells][1:] == [dt.date(2026, 3, 11)]
    assert not any(spell.breaks for spell in spells)


def test_the_reorganisation_breaks_the_divisions_and_not_the_services_that_moved(
    catalogue: Catalogue,
) -> None:
    event = DEFAULT.event("reorganised")
    for service in event.units:
        before, after = catalogue.organisation.spells(service)
        assert before.parent != after.parent
        assert not after.breaks
        for division in (before.parent, after.parent):
            assert [Month.of(spell.from_) for spell in catalogue.organisation.breaks(str(division))] == [
                Month.of(event.day)
            ]


def test_records_hold_a_team_that_nobody_knows(files: dict[str, bytes], catalogue: Catalogue) -> None:
    assert UNKNOWN not in catalogue.organisation.units
    for source in ("referrals", "contacts", "incidents"):
        table = pq.read_table(io.BytesIO(files[f"deliveries/{source}-{FIRST}-to-{HISTORY_TO}.parquet"]))
        assert pc.sum(pc.equal(table["team"], UNKNOWN)).as_py() > 0


def test_records_are_delivered_as_they_were_known(files: dict[str, bytes]) -> None:
    """No date after the delivery's last day; what happens later comes with a later delivery."""
    for month in (HISTORY_TO, LAST, NEXT):
        for source in ("referrals", "stays"):
            folder = "next-month/" if month == NEXT else ""
            name = f"{FIRST}-to-{month}" if month == HISTORY_TO else str(month)
            table = pq.read_table(io.BytesIO(files[f"{folder}deliveries/{source}-{name}.parquet"]))
            for column in table.schema:
                if str(column.type).startswith("date32"):
                    assert pc.max(table[column.name]).as_py() <= month.end


def test_incidents_come_late(files: dict[str, bytes]) -> None:
    late = pq.read_table(io.BytesIO(files[f"deliveries/incidents-{HISTORY_TO}-late.parquet"]))
    first = pq.read_table(io.BytesIO(files[f"deliveries/incidents-{FIRST}-to-{HISTORY_TO}.parquet"]))
    assert late.num_rows > 20
    assert not set(late["incident"].to_pylist()) & set(first["incident"].to_pylist())
    assert {Month.of(day) for day in late["occurred"].to_pylist()} == {HISTORY_TO}


def test_people_are_not_always_known(files: dict[str, bytes]) -> None:
    table = pq.read_table(io.BytesIO(files[f"deliveries/referrals-{FIRST}-to-{HISTORY_TO}.parquet"]))
    for column in ("age_band", "ethnicity", "deprivation"):
        assert 0 < table[column].null_count < table.num_rows / 10
    assert {"Z", "99"} <= set(table["ethnicity"].to_pylist())


def test_the_month_after_waits_beside(files: dict[str, bytes]) -> None:
    after = {name for name in files if name.startswith("next-month/")}
    assert len(after) == 10
    assert all(str(NEXT) in name for name in after)
    assert MONTHS[-1] == NEXT == LAST + 1

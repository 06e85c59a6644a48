"""Data quality from records: what was planted is counted, in its month, and makes the mark that it should."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.trusts import FRAME, JANUARY, UNITS, indicator
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Mark, Quality
from trigpoint.definitions.fields_used import fields_used
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import Delivered
from trigpoint.month.deliveries import Said, take_in
from trigpoint.month.known import known
from trigpoint.month.record_quality import RecordQuality
from trigpoint.month.site import publish
from trigpoint.month.snapshots import take_snapshot
from trigpoint.publish.compose.records import records_part
from trigpoint.publish.compose.row import quality_mark
from trigpoint.scorecards.quality import judged, star
from trigpoint.store.archive import Archive
from trigpoint.store.workspace import Workspace
from trigpoint.terms.counted import Counted, Respect
from trigpoint.terms.period import Month

HEAD = "stay,ward,admitted,discharged,method,urgent,sex,cost"
MEASURE = (
    "from: stays, month_of: admitted, where: \"method = 'emergency'\", count: records, "
    'with: "days(admitted, discharged) <= 2 weeks"'
)
CHECKED = (
    "    due_working_days: 5\n"
    "    checks:\n"
    "      too_early: {holds: discharged >= admitted, else: blank discharged}\n"
    "      ends_before_it_starts: note\n"
    "      unknown_unit: note\n"
    "      duplicate_key: note\n"
    "    quality: {may_be_blank: [discharged]}\n"
)


def frame(more: str = CHECKED) -> str:
    return FRAME.replace("    span:", more + "    span:")


@dataclass
class Trust:
    """A workspace with one source of stays, to which deliveries come on days."""

    workspace: Workspace
    folder: Path

    def __post_init__(self) -> None:
        self.catalogue: Catalogue = known(self.workspace)

    def deliver(self, day: str, *lines: str) -> None:
        path = self.folder / "stays.csv"
        rows = [",".join("" if cell == "-" else cell for cell in line.split()) for line in lines]
        path.write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
        at = dt.datetime.fromisoformat(day).replace(hour=12, tzinfo=dt.UTC)
        take_in(self.workspace, self.catalogue, "stays", Delivered.at(path), Said("Someone", at))

    def counted(self, month: Month = JANUARY) -> tuple[Counted, ...]:
        return RecordQuality(self.catalogue, Archive(self.folder)).of("X", month)


def shares(found: tuple[Counted, ...]) -> Mapping[str, tuple[float, int]]:
    return {f"{it.field} {it.respect}".strip(): (it.numerator, it.denominator) for it in found}


@pytest.fixture
def trust(tmp_path: Path) -> Any:
    def made(sources: str = frame(), decisions: str = "decisions: []\n", **of: str) -> Trust:
        (tmp_path / "definitions").mkdir()
        for name, text in {
            "trigpoint.yaml": "name: Quantock\nhome: QPT\n",
            "decisions.yaml": decisions,
            "definitions/units.csv": UNITS,
            "definitions/frame.yaml": sources,
            "definitions/indicators.yaml": "indicators:" + indicator(measure=MEASURE, **of),
        }.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return Trust(Workspace.at(tmp_path), tmp_path)

    return made


PLANTED = (
    "s1 A 2026-01-05 2026-01-07 emergency true F 1.00",
    "s2 A 2026-01-05 2026-01-04 emergency true F 1.00",  # too early: blanked
    "s3 Q9 2026-01-06 - - true F 1.00",  # nobody's unit, no method, not discharged
    "s4 - 2026-01-08 2026-01-09 emergency true F 1.00",  # no unit
    "s4 - 2026-01-08 2026-01-09 emergency true F 1.00",  # the same again
    "s5 B 2026-02-01 2026-02-02 emergency true F 1.00",
    "s5 B 2026-02-01 2026-02-02 emergency true F 1.00",  # February's
)


TIMED = (
    "s1 A 2026-01-31T10:00 2026-02-07 emergency true F 1.00",
    "s2 A 2026-01-10T10:00 2026-01-14 emergency true F 1.00",
)


# ------------------------------------------------------------------------------------------ counts


def test_the_fields_of_an_indicator_are_those_that_its_version_names(trust: Any) -> None:
    catalogue = trust(more="basis: flow\n    cuts: [sex]").catalogue
    assert fields_used(catalogue, "X", JANUARY) == {
        "stays": ("ward", "admitted", "discharged", "method", "sex")
    }
    assert fields_used(catalogue, "X", Month(2023, 1)) == {}


def test_what_was_planted_is_counted_in_its_month(trust: Any) -> None:
    made = trust()
    made.deliver("2026-02-03", *PLANTED)
    assert shares(made.counted()) == {
        "ward complete": (3, 4),
        "ward valid": (2, 3),
        "admitted complete": (4, 4),
        "admitted valid": (4, 4),
        "discharged complete": (3, 4),
        "discharged valid": (2, 3),
        "method complete": (3, 4),
        "method valid": (3, 3),
        "timely": (4, 4),
        "once": (4, 5),
    }
    assert shares(made.counted(Month(2026, 2)))["once"] == (1, 2)
    assert made.counted(Month(2026, 3)) == ()


def test_a_corrected_record_has_no_fault(trust: Any) -> None:
    made = trust()
    made.deliver("2026-02-03", *PLANTED[:4])
    made.deliver("2026-02-10", "s2 A 2026-01-05 2026-01-14 emergency true F 1.00")
    assert shares(made.counted())["discharged valid"] == (3, 3)


def test_a_note_of_ones_own_is_a_fault_of_each_field_that_it_names(trust: Any) -> None:
    noted = "    checks:\n      too_early: {holds: discharged >= admitted, else: note}\n"
    made = trust(frame(noted + '      unknown_unit: note\n      ends_before_it_starts: "off"\n'))
    made.deliver("2026-02-03", *PLANTED[:4])
    found = shares(made.counted())
    assert (found["admitted valid"], found["discharged valid"]) == ((3, 4), (2, 3))
    assert "timely" not in found  # nothing says by when it is due


def test_an_end_before_the_start_and_a_day_that_lies_ahead_are_faults(trust: Any) -> None:
    made = trust(frame("    checks: {unknown_unit: note}\n"))
    made.deliver("2026-02-03", *PLANTED[:2], "s9 A 2026-01-20 2026-03-01 emergency true F 1.00")
    assert shares(made.counted())["discharged valid"] == (1, 3)


def test_a_record_is_timely_if_a_load_brought_it_by_the_day_on_which_its_month_was_due(trust: Any) -> None:
    """January is due on 6 February, the fifth working day. A correction is no late arrival."""
    made = trust()
    made.deliver("2026-02-05", *PLANTED[:2])
    made.deliver("2026-02-06", PLANTED[2])
    made.deliver("2026-02-07", PLANTED[3], PLANTED[0].replace("07", "08"))
    assert shares(made.counted())["timely"] == (3, 4)


def test_of_a_history_that_came_at_once_nobody_can_tell_whether_it_was_timely(trust: Any) -> None:
    made = trust()
    made.deliver("2026-03-20", *PLANTED)
    assert "timely" not in shares(made.counted())


def test_days_to_entry_are_counted_where_a_column_has_the_day(trust: Any) -> None:
    entered = frame("    entered: entered\n").replace(
        "      cost:", "      entered: {type: date}\n      cost:"
    )
    made = trust(entered.replace("cost: {type: money}", "cost: {as: ignore}"))
    lines = [
        f"s{at},A,2026-01-10,,emergency,true,F,{day},"
        for at, day in enumerate(("2026-01-10", "2026-01-12", "2026-01-13", "2026-01-09", ""))
    ]
    path = made.folder / "stays.csv"
    head = "stay,ward,admitted,discharged,method,urgent,sex,entered,cost"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    at = dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)
    take_in(made.workspace, made.catalogue, "stays", Delivered.at(path), Said("Someone", at))
    found = shares(made.counted())
    # In time: the day itself and two days later; not three, nor the day before.
    assert (found["entered"], found["days to entry"]) == ((2, 4), (1.0, 4))


def test_a_workspace_read_as_at_a_day_knows_only_what_had_come(trust: Any) -> None:
    made = trust()
    made.deliver("2026-02-03", *PLANTED[:2])
    made.deliver("2026-02-06", *PLANTED[2:4])
    then = RecordQuality(made.catalogue, Archive(made.folder), dt.datetime(2026, 2, 4, tzinfo=dt.UTC))
    assert shares(then.of("X", JANUARY))["ward complete"] == (2, 2)


def test_a_check_that_comes_later_changes_what_an_earlier_delivery_brought(trust: Any) -> None:
    made = trust(frame(CHECKED.replace("blank discharged", "note")))
    made.deliver("2026-02-03", *PLANTED[:4])
    definitions = made.folder / "definitions" / "frame.yaml"
    definitions.write_text(frame(), encoding="utf-8")
    made.catalogue = known(made.workspace)
    made.deliver("2026-02-04", *PLANTED[:4])
    first, second = Archive(made.folder).loads("stays")
    assert (first.sha256, second.changes.changed) == (second.sha256, 1)
    rows = Archive(made.folder).rows("stays").to_pylist()
    assert {row["stay"]: row["cells blanked"] for row in rows if row["discharged"] is None} == {
        "s2": "discharged",
        "s3": None,
    }


def test_a_record_whose_date_moves_to_another_month_takes_its_instants_along(trust: Any) -> None:
    timed = 'admitted: {type: time, format: "%Y-%m-%dT%H:%M"}'
    made = trust(FRAME.replace("admitted: {type: date}", timed))
    made.deliver("2026-02-03", *TIMED)
    made.deliver("2026-02-04", TIMED[0].replace("2026-01-31", "2026-02-01"))
    rows = Archive(made.folder).rows("stays").to_pylist()
    assert [(row["stay"], str(row["admitted"]), str(row["admitted utc"])) for row in rows] == [
        ("s2", "2026-01-10 10:00:00", "2026-01-10 10:00:00"),
        ("s1", "2026-02-01 10:00:00", "2026-02-01 10:00:00"),
    ]


# -------------------------------------------------------------------------------------------- marks


def counts(**shares: float) -> tuple[Counted, ...]:
    """Of 1,000 records each, by respect."""
    return tuple(
        Counted("stays", JANUARY, "ward" if Respect(name) in ("complete", "valid") else "", Respect(name),
                share * 1000, 1000)
        for name, share in shares.items()
    )  # fmt: skip


@pytest.fixture
def sources(trust: Any) -> Mapping[str, Source]:
    held: Mapping[str, Source] = trust().catalogue.sources
    return held


@pytest.mark.parametrize(
    ("given", "timely", "robust"),
    [
        ({"complete": 0.95, "valid": 0.95, "timely": 0.9, "once": 1.0}, "good", "good"),
        ({"complete": 0.949, "valid": 0.95}, "fair", "good"),
        ({"complete": 0.85, "valid": 0.849}, "fair", "poor"),
        ({"complete": 1.0, "timely": 0.799}, "poor", None),
        ({"once": 0.94}, None, "fair"),
    ],
)
def test_the_worst_count_makes_the_mark(
    given: dict[str, float], timely: Mark | None, robust: Mark | None, sources: Mapping[str, Source]
) -> None:
    found = star(None, None, counts(**given), sources)
    assert (found.timely, found.robust) == (timely, robust)
    assert (found.signed_off, found.audited) == (None, None)


def test_a_blank_that_says_something_is_no_fault(sources: Mapping[str, Source]) -> None:
    blank = Counted("stays", JANUARY, "discharged", Respect.COMPLETE, 1, 1000)
    assert judged([blank], sources) is None


MARK = Quality(signed_off="good", timely="fair", audited="good", robust="good", until=JANUARY + 2)


def test_records_lower_a_person_s_mark_and_never_raise_it(sources: Mapping[str, Source]) -> None:
    found = star(MARK, None, counts(complete=1.0, valid=0.5), sources)
    assert found.parts == ("good", "fair", "good", "poor")
    shown = quality_mark(found)
    assert shown.words == "Poor"
    assert shown.detail == (
        "Signed off: good, timely: fair, audited: good, robust: poor, as its records show. "
        "Holds until March 2026"
    )


def test_records_alone_are_no_signature(sources: Mapping[str, Source]) -> None:
    shown = quality_mark(star(None, None, counts(complete=1.0, valid=1.0), sources))
    assert (shown.words, shown.blocks) == ("Not signed off", ("", "good", "", "good"))
    assert shown.detail == (
        "Nobody has signed it off or had it audited. From its records: timely: good, robust: good"
    )


def test_a_mark_that_has_run_out_is_expired_and_not_absent() -> None:
    shown = quality_mark(star(None, MARK))
    assert (shown.words, shown.blocks) == ("Expired", ("",) * 4)
    assert shown.detail == "The mark ran out after March 2026, and nobody has marked it since"
    assert quality_mark(star(None)).words == "Not assessed"


DECIDED = """
decisions:
  - on: 2026-01-01
    by: S. Holt, head of information
    kind: quality
    indicator: X
    unit: QPT
    month: 2025-11
    reason: Audit of November
    quality: {signed_off: good, timely: good, audited: good, robust: good, until: 2026-01}
"""


def test_a_mark_holds_to_its_last_month_and_is_expired_from_the_next(trust: Any) -> None:
    catalogue = trust(decisions=DECIDED).catalogue
    assert catalogue.quality("X", "A", JANUARY) is not None
    assert catalogue.expired_quality("X", "A", JANUARY) is None
    assert catalogue.quality("X", "A", Month(2026, 2)) is None
    assert catalogue.expired_quality("X", "A", Month(2026, 2)) is not None
    assert catalogue.expired_quality("X", "A", Month(2025, 10)) is None


# -------------------------------------------------------------------------------------------- pages


def test_the_part_says_so_many_of_so_many_and_how_that_is_judged(trust: Any) -> None:
    made = trust()
    made.deliver("2026-02-03", *PLANTED)
    part = records_part(made.counted(), made.catalogue.sources, JANUARY)
    assert part is not None
    (table,) = part.fields
    assert table.caption == "Stays"
    assert [row for row in table.rows if row[0] in ("ward", "discharged")] == [
        ("ward", "Poor: 75.0% (3 of 4)", "Poor: 66.7% (2 of 3)"),
        ("discharged", "Not judged: 75.0% (3 of 4)", "Poor: 66.7% (2 of 3)"),
    ]
    assert [(line.label, line.words) for line in part.whole] == [
        ("There by 5 working days after the month", "Good: 100.0% (4 of 4)"),
        ("Came once", "Poor: 80.0% (4 of 5)"),
    ]
    assert part.words == (
        "The records of January 2026 in the fields that this figure uses, of the whole trust.",
        "Stays: good from 95% complete, 95% valid and 90% in time, fair down to 10 points below.",
        "Valid: not found wrong by a check, of those with something in the field.",
        "Not judged: a blank says something there, such as a stay that has not ended.",
    )
    assert records_part((), made.catalogue.sources, JANUARY) is None


def test_the_pages_show_the_records_and_the_mark_that_they_make(trust: Any) -> None:
    made = trust(decisions=DECIDED)
    made.deliver("2026-02-03", *PLANTED)
    at = dt.datetime(2026, 2, 3, 13, tzinfo=dt.UTC)
    manifest = take_snapshot(made.workspace, made.catalogue, at=at)
    for month, said in ((JANUARY, "as its records show. Holds until January 2026"), (JANUARY + 1, "Expired")):
        first = publish(made.workspace, made.catalogue, manifest, month=month, only=True)
        page = (first.parent / "indicators" / "X.html").read_text(encoding="utf-8")
        assert "How good the records are" in page
        assert said in page
        rows = (first.parent / "data" / "records.csv").read_text(encoding="utf-8").splitlines()
        assert rows[0] == "indicator,source,month,field,respect,numerator,denominator,mark"
        assert (f"X,stays,{month},ward,complete,3,4,poor" in rows) is (month is JANUARY)
        assert ("Expired" in first.read_text(encoding="utf-8")) is (month is not JANUARY)

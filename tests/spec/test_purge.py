"""Purging: records go for good, a tombstone stays, and nothing that rested on them passes for zero."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.private import contacts, kept, load, made, noon
from tests.stored import delivery, keep, standing
from trigpoint.cli.main import ROOMS
from trigpoint.cli.options import commands
from trigpoint.explain.story import explain
from trigpoint.month.deliveries import Said, take_in_all
from trigpoint.month.known import known
from trigpoint.month.purging import due, take_away, would_take
from trigpoint.month.site import publish
from trigpoint.month.snapshots import snapshot_of, take_snapshot
from trigpoint.store import snapshot as snapshots
from trigpoint.store.archive import Archive
from trigpoint.store.load import DIFFERENCE, RECEIPT
from trigpoint.store.manifest import OBSERVATIONS, Manifest
from trigpoint.store.purge import Which, finish
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.tombstone import Tombstone
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import DeliveryRefused, NotFound, TrigpointError, WorkspaceDamaged
from trigpoint.terms.period import Month

assert ROOMS
TWO = ("C. Aldicott, Caldicott Guardian", "I. Gov, Head of Information Governance")
JULY, AUGUST, SEPTEMBER = Month(2026, 7), Month(2026, 8), Month(2026, 9)
FIRST = contacts("c1,A,2026-07-03,,x", "c2,A,2026-08-03,,x", "c3,B,2026-08-04,,x")
SECOND = contacts("c3,A,2026-08-05,,x", "c4,B,2026-09-04,,x")
LONG = "stay,ward,admitted,discharged,nhs_number\n1,A,2026-07-01,2026-07-20,\n2,B,2026-07-05,2026-08-20,\n"
LATER = "stay,ward,admitted,discharged,nhs_number\n3,A,2026-09-01,,\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Contacts of three months, of which the second load corrects one."""
    workspace = made(tmp_path / "w", stays=True)
    load(workspace, FIRST)
    load(workspace, SECOND, day=2)
    return workspace


def purge(workspace: Workspace, day: int = 20, source: str = "contacts", **which: Any) -> Tombstone:
    said = {"at": noon(day), "by": TWO, "reason": "Kept too long"}
    return take_away(workspace, known(workspace), Which(source, **which), **said)  # type: ignore[arg-type]


def manifest(workspace: Workspace, day: int = 25) -> Manifest:
    return take_snapshot(workspace, known(workspace), at=noon(day))


def figures(workspace: Workspace, code: str = "SEEN", of: Manifest | None = None) -> dict[str, float | str]:
    """``QPT 07`` -> the trust's figure in July, or the state in its place."""
    found = Snapshots(workspace.root).read(of or manifest(workspace), OBSERVATIONS).to_pylist()
    return {
        f"{it['unit']} {it['end']:%m}": it["state"] if it["value"] is None else it["value"]
        for it in found
        if it["indicator"] == code
    }


def archived(workspace: Workspace, source: str = "contacts") -> set[str]:
    folder = workspace.root / "archive" / source
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------- what goes


def test_a_purged_load_leaves_its_card_and_no_row(workspace: Workspace) -> None:
    first, second = Archive(workspace.root).loads("contacts")
    before = archived(workspace)
    stone = purge(workspace, load=1)
    gone = {part.file for part in first.parts} | {f"{first.name}/{name}" for name in first.attachments}
    assert archived(workspace) == before - gone - {f"{second.name}/{DIFFERENCE}"}
    assert f"{first.name}/load.json" in archived(workspace)
    assert (stone.rows, set(stone.files)) == (3, gone | {f"{second.name}/{DIFFERENCE}"})


def test_the_difference_that_a_later_load_made_to_it_goes_too(workspace: Workspace) -> None:
    archive = Archive(workspace.root)
    assert b"c3" in archive.attachment(archive.loads("contacts")[1], DIFFERENCE), "it quotes the old row"
    purge(workspace, load=1)
    assert archive.attachment(archive.loads("contacts")[1], RECEIPT)
    with pytest.raises(NotFound, match="purged on 20 October 2026"):
        archive.attachment(archive.loads("contacts")[1], DIFFERENCE)


def test_old_months_go_from_every_load_and_the_others_stay(workspace: Workspace) -> None:
    stone = purge(workspace, before=SEPTEMBER)
    archive = Archive(workspace.root)
    assert stone.rows == 4
    assert [row["contact"] for row in archive.rows("contacts").to_pylist()] == ["c4"]
    assert set(archive.purged("contacts")) == {JULY, AUGUST}
    archive.verify()


def test_not_a_byte_of_it_is_left(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    load(workspace, contacts("canary-one,A,2026-08-03,,x"))
    load(workspace, contacts("canary-one,B,2026-08-04,,x"), day=2)
    assert kept(workspace.root, ["canary-one"])
    purge(workspace, load=1)
    purge(workspace, day=21, load=2)
    assert kept(workspace.root, ["canary-one"]) == []


def test_the_ledger_says_who_why_when_and_what(workspace: Workspace) -> None:
    stone = purge(workspace, load=1)
    (path,) = (workspace.root / "ledger" / "purges").glob("*.json")
    written = json.loads(path.read_text(encoding="utf-8"))["content"]
    assert written["by"] == list(TWO)
    assert (written["reason"], written["at"]) == ("Kept too long", "2026-10-20T12:00:00+00:00")
    assert written["files"] == dict(stone.files)
    assert all(len(sha) == 64 for sha in written["files"].values())


def test_a_ledger_that_was_tampered_with_is_reported(workspace: Workspace) -> None:
    purge(workspace, load=1)
    (path,) = (workspace.root / "ledger" / "purges").glob("*.json")
    path.write_bytes(path.read_bytes().replace(b"Kept too long", b"Kept to long"))
    with pytest.raises(WorkspaceDamaged):
        Archive(workspace.root).loads("contacts")


# ------------------------------------------------------------------------------------------ who and what


@pytest.mark.parametrize("by", [("A",), ("A", " a "), ("A", ""), ("A", "B", "C")])
def test_one_person_cannot_purge(workspace: Workspace, by: tuple[str, ...]) -> None:
    before = archived(workspace)
    with pytest.raises(TrigpointError, match="two different people"):
        take_away(
            workspace, known(workspace), Which("contacts", load=1), at=noon(20), by=by, reason="Because"
        )
    assert archived(workspace) == before


def test_nor_can_two_without_a_reason(workspace: Workspace) -> None:
    with pytest.raises(TrigpointError, match="and a reason"):
        take_away(workspace, known(workspace), Which("contacts", load=1), at=noon(20), by=TWO, reason=" ")


@pytest.mark.parametrize("which", [{"load": 3}, {"before": JULY}])
def test_what_is_not_there_is_not_purged(workspace: Workspace, which: dict[str, Any]) -> None:
    with pytest.raises(NotFound, match="Nothing that is kept of contacts"):
        purge(workspace, **which)


def test_what_is_purged_is_not_purged_twice(workspace: Workspace) -> None:
    purge(workspace, load=1)
    with pytest.raises(NotFound):
        purge(workspace, day=21, load=1)


def test_what_would_go_is_shown_before_it_goes(workspace: Workspace) -> None:
    found = would_take(workspace, known(workspace), Which("contacts", before=SEPTEMBER))
    assert ([load.seq for load in found.loads], found.rows) == ([1, 2], 4)
    assert (found.months, found.unmade) == ((JULY, AUGUST), (JULY, AUGUST))
    assert (found.since, found.through) == (JULY, AUGUST)


def test_old_records_that_have_not_ended_are_in_use(workspace: Workspace) -> None:
    load(workspace, LATER.replace("09-01", "07-01"), "stays", day=3)
    with pytest.raises(TrigpointError, match="1 rows dated before 2026-09 that have not ended"):
        purge(workspace, source="stays", before=SEPTEMBER)
    assert purge(workspace, source="stays", load=1).through is None


# ----------------------------------------------------------------------------------- figures after it


def test_figures_that_rested_on_it_are_not_submitted_and_never_zero(workspace: Workspace) -> None:
    assert figures(workspace)["QPT 07"] == 1
    purge(workspace, load=1)
    assert figures(workspace) == {
        **{f"{unit} 07": "not_submitted" for unit in ("QPT", "A", "B")},
        **{f"{unit} 08": "not_submitted" for unit in ("QPT", "A", "B")},
        "QPT 09": 1,
        "A 09": 0,
        "B 09": 1,
    }


def test_a_snapshot_taken_before_keeps_what_was_known(workspace: Workspace) -> None:
    before = manifest(workspace, day=15)
    purge(workspace, load=1)
    after = snapshot_of(workspace, known(workspace), at=noon(25))
    assert after.id != before.id
    assert figures(workspace, of=Snapshots(workspace.root).get(before.id))["QPT 08"] == 2


def test_the_past_cannot_be_made_again_either(workspace: Workspace) -> None:
    manifest(workspace, day=5)
    purge(workspace, load=1)
    past = take_snapshot(workspace, known(workspace), at=noon(25), as_at=noon(10))
    assert figures(workspace, of=past)["QPT 07"] == "not_submitted"


def test_records_that_last_beyond_their_month_are_missed_for_as_long_as_they_lasted(
    workspace: Workspace,
) -> None:
    load(workspace, LONG, "stays", day=3)
    load(workspace, LATER, "stays", day=4)
    assert figures(workspace, "STOCK")["QPT 07"] == 1
    purge(workspace, source="stays", before=AUGUST)
    found = figures(workspace, "STOCK")
    assert [found[f"QPT {month}"] for month in ("07", "08", "09")] == ["not_submitted", "not_submitted", 1]


def test_without_an_end_they_are_missed_for_good(workspace: Workspace) -> None:
    load(workspace, LATER.replace("09-01", "07-01"), "stays", day=3)
    load(workspace, LATER.replace("3,A", "4,A"), "stays", day=4)
    purge(workspace, source="stays", load=1)
    found = figures(workspace, "STOCK")
    assert {found[f"QPT {month}"] for month in ("07", "08", "09")} == {"not_submitted"}


def test_what_is_left_of_a_month_does_not_pass_for_the_whole(workspace: Workspace) -> None:
    purge(workspace, load=2)
    found = figures(workspace)
    assert (found["QPT 07"], found["QPT 08"]) == (1, "not_submitted"), "the first load's rows of August stay"


def test_a_purged_load_that_was_replaced_before_costs_no_figure(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", delivery="replace")
    load(workspace, contacts("c1,A,2026-08-03,,x"))
    load(workspace, contacts("c1,A,2026-08-03,,x", "c2,A,2026-08-03,,x"), day=2)
    assert purge(workspace, load=1).since is None
    assert figures(workspace)["QPT 08"] == 2


def test_a_month_that_is_delivered_whole_again_has_figures_again(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", delivery="replace")
    load(workspace, contacts("c1,A,2026-08-03,,x", "c2,A,2026-08-03,,x"))
    purge(workspace, load=1)
    load(workspace, contacts("c1,A,2026-08-03,,x"), day=21)
    assert figures(workspace)["QPT 08"] == 1
    assert Archive(workspace.root).purged("contacts") == {}


def test_figures_that_were_returned_go_the_same_way(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    archive = Archive(workspace.root)
    keep(archive, delivery("M1 RH5 2024-11 5\nM1 RH5 2024-12 6"))
    purge(workspace, source="beds", before=Month(2024, 12))
    assert standing(archive) == {("M1", "RH5", "2024-12"): 6}
    assert list(archive.purged("beds")) == [Month(2024, 11)]


def test_explain_says_what_was_purged(workspace: Workspace) -> None:
    purge(workspace, load=1)
    told = explain(workspace, known(workspace), manifest(workspace), "SEEN", "QPT", AUGUST).words()
    assert (
        "contacts, August 2026: purged on 20 October 2026 by C. Aldicott, Caldicott Guardian and I." in told
    )
    assert "It may rest on purged records: it cannot be made again" in told
    assert "state: not_submitted" in told
    told = explain(workspace, known(workspace), manifest(workspace), "SEEN", "QPT", SEPTEMBER).words()
    assert "It may rest on purged records" not in told


def test_the_page_says_that_nobody_can_send_it_again(workspace: Workspace) -> None:
    taken = manifest(workspace, day=15)
    page = publish(workspace, known(workspace), taken, month=AUGUST, only=True)
    assert "was purged. It cannot" not in page.read_text(encoding="utf-8")
    purge(workspace, load=1)
    page = publish(workspace, known(workspace), manifest(workspace), month=AUGUST, only=True)
    told = page.read_text(encoding="utf-8")
    assert "No figure for August 2026: what it rested on was purged. It cannot be made again." in told
    assert "Ask its owner" not in told
    page = publish(workspace, known(workspace), manifest(workspace), month=SEPTEMBER, only=True)
    assert "was purged. It cannot" not in page.read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------- life after it


def test_a_new_delivery_is_taken_and_counts_on(workspace: Workspace) -> None:
    purge(workspace, load=1)
    taken = load(workspace, contacts("c9,A,2026-09-09,,x"), day=21)
    assert taken.load.seq == 3
    assert figures(workspace)["QPT 09"] == 2
    Archive(workspace.root).verify()


def test_a_late_row_of_a_purged_month_does_not_make_it_whole(workspace: Workspace) -> None:
    purge(workspace, before=SEPTEMBER)
    load(workspace, contacts("c9,A,2026-07-09,,x"), day=21)
    assert figures(workspace)["QPT 07"] == "not_submitted"


def test_the_purged_file_is_refused_if_it_comes_again_and_taken_where_that_is_meant(
    workspace: Workspace,
) -> None:
    purge(workspace, load=1)
    with pytest.raises(DeliveryRefused, match=r"(?s)it was purged.*--again"):
        load(workspace, FIRST, day=21)
    assert load(workspace, FIRST, day=22, again=True).load.seq == 3
    assert figures(workspace)["QPT 07"] == 1
    Archive(workspace.root).verify()


def test_the_month_does_not_take_a_purged_file_again(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", more="deliveries: in/*.csv")
    (workspace.root / "in").mkdir()
    (workspace.root / "in" / "first.csv").write_text(FIRST, encoding="utf-8")
    said, steps = Said("A. Nalyst", noon(1)), []

    def told(step: str, done: int, total: int, /) -> None:
        steps.append(step)

    assert len(list(take_in_all(workspace, known(workspace), workspace.root, said))) == 1
    purge(workspace, load=1)
    later = Said("A. Nalyst", noon(21))
    assert list(take_in_all(workspace, known(workspace), workspace.root, later, told)) == []
    assert "first.csv of contacts was purged, and is not taken in again" in steps


def test_a_lost_key_is_got_over_by_purging_and_loading_again(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w")
    number = contacts("c1,A,2026-08-03,9434765919,x")
    load(workspace, number)
    old = Archive(workspace.root).fingerprint()
    (workspace.root / "secrets" / "identifiers.key").unlink()
    purge(workspace, load=1)
    load(workspace, number, day=21, again=True)
    assert Archive(workspace.root).fingerprint() not in (None, old)
    assert figures(workspace)["QPT 08"] == 1


def test_a_purge_before_the_last_entry_is_a_clock_that_is_wrong(workspace: Workspace) -> None:
    with pytest.raises(TrigpointError, match="clock"):
        purge(workspace, day=1, load=2)


def test_bytes_that_a_purge_was_ended_before_taking_are_reported_and_then_taken(workspace: Workspace) -> None:
    archive = Archive(workspace.root)
    part = archive.loads("contacts")[0].parts[0]
    path = archive.folder / "contacts" / part.file
    data = path.read_bytes()
    purge(workspace, load=1)
    path.write_bytes(data)
    with pytest.raises(WorkspaceDamaged, match="bytes that were purged"):
        archive.verify()
    load(workspace, contacts("c9,A,2026-09-09,,x"), day=21)
    assert not path.exists()
    archive.verify()


def test_a_reader_that_began_before_a_purge_is_told_of_it(workspace: Workspace) -> None:
    archive = Archive(workspace.root)
    began = archive.effective("contacts")
    purge(workspace, load=1)
    with pytest.raises(NotFound, match="purged on 20 October 2026"):
        archive.month("contacts", began[JULY])


def test_figures_of_single_people_go_with_their_records(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No kind of table holds any yet; this is where one will be named."""
    monkeypatch.setattr(snapshots, "PERSONAL", frozenset({OBSERVATIONS}))
    taken = manifest(workspace, day=15)
    parts = {it.sha256 for it in taken.partitions[OBSERVATIONS].values()}
    stone = purge(workspace, load=1)
    assert set(stone.partitions) == parts
    with pytest.raises(WorkspaceDamaged, match="Run the month again"):
        Snapshots(workspace.root).read(taken, OBSERVATIONS)
    finish(Archive(workspace.root))


# --------------------------------------------------------------------------------------------- retention


def test_what_is_kept_longer_than_declared_is_due(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", more="retain: 1 month")
    load(workspace, FIRST)
    load(workspace, SECOND, day=2)
    (found,) = due(workspace, known(workspace), dt.date(2026, 10, 1))
    assert (found.before, found.months, found.rows) == (SEPTEMBER, (JULY, AUGUST), 4)
    purge(workspace, before=found.before)
    assert list(due(workspace, known(workspace), dt.date(2026, 10, 31))) == []
    assert len(list(due(workspace, known(workspace), dt.date(2026, 11, 1)))) == 1


def test_how_long_rows_are_kept_changes_no_figure(tmp_path: Path) -> None:
    one, other = made(tmp_path / "a"), made(tmp_path / "b", more="retain: 36 months")
    assert known(one).observations_hash == known(other).observations_hash


# ------------------------------------------------------------------------------------------- the commands


def said(*arguments: object, answer: str = "", code: int = 0) -> str:
    done = CliRunner().invoke(commands, [str(it) for it in arguments], input=answer)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


PEOPLE = ("--by", TWO[0], "--by", TWO[1], "--reason", "Kept too long")


def test_the_command_shows_asks_and_takes_away(workspace: Workspace) -> None:
    told = said("purge", "contacts", "--before", "2026-09", *PEOPLE, "-w", workspace.root, answer="y\n")
    assert "contacts: 4 rows of July 2026 to August 2026, of load 1, 2" in told
    assert "they will show as not submitted" in told
    assert "purged on" in told
    listed = said("receipt", "contacts", "-w", workspace.root)
    assert listed.count("by C. Aldicott, Caldicott Guardian and I. Gov") == 2


def test_whoever_says_no_takes_nothing_away(workspace: Workspace) -> None:
    before = archived(workspace)
    said("purge", "contacts", "--load", "1", *PEOPLE, "-w", workspace.root, answer="n\n", code=1)
    assert archived(workspace) == before


@pytest.mark.parametrize(
    "options",
    [("--load", "1", "--before", "2026-09", *PEOPLE), PEOPLE, ("--load", "1", *PEOPLE[:2], *PEOPLE[4:])],
)
def test_a_command_that_does_not_say_which_or_who_is_refused(
    workspace: Workspace, options: tuple[str, ...]
) -> None:
    said("purge", "contacts", *options, "-w", workspace.root, "--yes", code=2)


def test_a_delivered_file_that_still_lies_in_the_workspace_is_named(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", more="deliveries: in/*.csv")
    (workspace.root / "in").mkdir()
    lying = workspace.root / "in" / "first.csv"
    lying.write_text(FIRST, encoding="utf-8")
    said("load", "contacts", lying, "-w", workspace.root)
    told = said("purge", "contacts", "--load", "1", *PEOPLE, "-w", workspace.root, "--yes")
    assert f"The delivered file is still at {lying}: delete it." in told


def test_what_is_due_is_listed_with_its_command(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", more="retain: 1 month")
    assert "Nothing is due: 1 of 1 sources" in said("retention", "-w", workspace.root)
    load(workspace, contacts("c1,A,2020-07-03,,x"))
    assert "`trigpoint retention` says how" in said("month", "-w", workspace.root)
    told = said("retention", "-w", workspace.root)
    assert "contacts: 1 rows of July 2020 are kept longer than 1 month" in told
    assert "trigpoint purge contacts -w" in told

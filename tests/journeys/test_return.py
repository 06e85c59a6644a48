"""A workbook is written for a unit, filled in, and loaded: what was typed is what stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import run
from tests.workbooks import fill, read_workbook


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample, with October's people and money still to come, in a workbook."""
    folder = tmp_path / "trust"
    run("new", folder)
    delivery = folder / "deliveries" / "people-and-money.csv"
    lines = delivery.read_text(encoding="utf-8").splitlines(keepends=True)
    delivery.write_text("".join(line for line in lines if "10/2026" not in line), encoding="utf-8")
    run("month", "-w", folder)
    sources = folder / "definitions" / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    wide = (
        "    format: csv\n    layout: wide\n    delivery: upsert\n"
        "    deliveries: deliveries/people-and-money*.csv\n"
    )
    assert wide in text
    filled_in = wide.replace("csv", "xlsx").replace("people-and-money", "people_and_money")
    sources.write_text(text.replace(wide, filled_in), encoding="utf-8")
    return folder


def test_the_next_month_is_asked_for_filled_in_and_taken_in_by_the_month(workspace: Path) -> None:
    said = run("template", "people_and_money", "-w", ".", where=workspace)
    assert "The workbook for October 2026 is at people_and_money-2026-10.xlsx" in said
    blank = (workspace / "people_and_money-2026-10.xlsx").read_bytes()
    (sheet, _) = read_workbook(blank).values()
    assert sheet.row(2, 8) == ["10/2026", "QPT", *[None] * 6]
    said = run(
        "load", "people_and_money", workspace / "people_and_money-2026-10.xlsx", "-w", workspace, expect=4
    )
    assert "people_and_money-2026-10.xlsx:2 [Waiting over 52 weeks]  found an empty cell" in said
    typed = dict(
        zip(("C2", "D2", "E2", "F2", "G2", "H2"), ("31", "4", "17", "11.5", "250.5", "9000"), strict=True)
    )
    wrong = workspace / "deliveries" / "people_and_money-wrong.xlsx"
    wrong.write_bytes(fill(blank, sheet.part, typed | {"C2": "about 30"}))
    said = run("month", "-w", workspace, expect=4)
    assert "people_and_money-wrong.xlsx:2 [Waiting over 52 weeks]  found 'about 30'" in said
    wrong.unlink()
    (workspace / "deliveries" / "people_and_money-2026-10.xlsx").write_bytes(fill(blank, sheet.part, typed))
    assert "load       2: 6 added, 0 changed, 0 withdrawn" in run("month", "-w", workspace)
    told = run("explain", "CMH-52", "-w", workspace, "-m", "2026-10")
    assert "waiting_52: 31, final (people_and_money-2026-10.xlsx, row 2; load 2)" in told
    said = run("template", "people_and_money", "-w", workspace, "--out", workspace / "next.xlsx")
    assert "The workbook for November 2026" in said


def test_a_workbook_is_not_written_over(workspace: Path) -> None:
    (workspace / "mine.xlsx").write_bytes(b"typed for an hour")
    said = run("template", "people_and_money", "-w", workspace, "--out", workspace / "mine.xlsx", expect=1)
    assert "mine.xlsx was not written: File exists." in said
    assert (workspace / "mine.xlsx").read_bytes() == b"typed for an hour"


def test_one_units_return_warns_where_it_would_withdraw_the_others(workspace: Path) -> None:
    sources = workspace / "definitions" / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("delivery: upsert", "delivery: replace"), encoding="utf-8")
    one = ("template", "people_and_money", "-w", workspace, "-m", "2026-10")
    said = run(*one, "-u", "QPT", "--out", workspace / "a.xlsx")
    assert "the return of one unit withdraws the figures of the others" in said
    assert "withdraws" not in run(*one, "--out", workspace / "b.xlsx")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["monthly_return"], 1, "it says `format: csv`"),
        (["people_and_mony"], 2, "Nearest: people_and_money"),
        (["people_and_money", "-u", "QPP"], 2, "Nearest: QPT"),
    ],
)
def test_a_workbook_that_cannot_be_made_says_why(
    workspace: Path, arguments: list[str], code: int, words: str
) -> None:
    assert words in run("template", *arguments, "-w", ".", where=workspace, expect=code)
    assert not list(workspace.glob("*.xlsx"))

"""A workbook to fill in asks for what its source reads, locks what is known, and takes what loads."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.web.findings import indicator
from tests.workbooks import ReadSheet, fill, read_workbook
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.indicator import Objective, Perspective
from trigpoint.definitions.organisation import Organisation, Spell
from trigpoint.definitions.profile import SHIPPED
from trigpoint.definitions.settings import Settings
from trigpoint.definitions.source import Source
from trigpoint.loads.delivered import Delivered
from trigpoint.loads.expectations import expect
from trigpoint.loads.receipt import Refused
from trigpoint.loads.receive import receive
from trigpoint.publish.formats.return_workbook import HELP, return_workbook
from trigpoint.terms.errors import NotFound, TrigpointError
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

OCTOBER = Month(2026, 10)
LONG: dict[str, Any] = {
    "title": "Monthly return",
    "format": "xlsx",
    "sheet": "Return",
    "header_row": 4,
    "delivery": "upsert",
    "columns": {
        "Month": {"as": "month", "format": "%b-%y"},
        "Trust": {"as": "unit", "rename": {"Quayside": "QPT"}},
        "Line": {"as": "item", "rename": {"A1 within 6 weeks": "within"}},
        "Group": {"as": "cut", "values": {"Everyone": "all"}},
        "Figure": {"as": "value", "decimals": 0, "markers": {"*": "suppressed", "n/k": "not_submitted"}},
        "Status": {"as": "status", "values": {"Final": "final", "Draft": "provisional"}},
        "Comment": {"as": "ignore"},
    },
    "expects": {"level": "trust"},
}
WIDE: dict[str, Any] = {
    "title": "People: [and] money, told by the trusts themselves",
    "format": "xlsx",
    "layout": "wide",
    "delivery": "replace",
    "columns": {
        "From": {"as": "start", "format": "%d/%m/%Y"},
        "To": {"as": "end", "format": "%d/%m/%Y"},
        "Org": {"as": "unit"},
        "Within 6 weeks": {"as": "value", "item": "within", "markers": {"null": "not_submitted"}},
        "All": {"as": "value", "item": "all_of_them", "decimals": 2, "markers": {"null": "not_submitted"}},
        "Share": {"as": "value", "item": "share", "markers": {"null": "not_submitted"}},
    },
    "expects": {"units": ["QPT", "OLD", "NEW"]},
}


def catalogue(**source: Any) -> Catalogue:
    """Three trusts, of which one has closed and one opens later, and two indicators of one source."""
    ratio = {"source": "ret", "numerator": "within", "denominator": "all_of_them"}
    indicators = {
        "W6": indicator(
            "Seen within 6 weeks", objective="o", counts="people seen within 6 weeks", out_of="people seen",
            versions=[{"from": "2024-04", "measure": ratio}],
        ),
        "SH": indicator(
            "Share of beds", objective="o", bounds={"least": 0, "most": 100}, out_of="", counts="",
            versions=[{"from": "2024-04", "measure": {"source": "ret", "value": "share"}}],
        ),
        "GONE": indicator(
            "No longer asked", objective="o",
            versions=[{"from": "2024-04", "to": "2026-09", "measure": {"source": "ret", "count": "gone"}}],
        ),
    }  # fmt: skip
    trust = Level.TRUST
    units = {
        "QPT": (Spell(code="QPT", name="Quayside Partnership", level=trust),),
        "OLD": (Spell.model_validate({"code": "OLD", "name": "Old", "level": "trust", "to": "2026-09-30"}),),
        "NEW": (
            Spell.model_validate({"code": "NEW", "name": "New", "level": "trust", "from": "2026-10-15"}),
        ),
        "WARD": (Spell(code="WARD", name="Ward", level=Level.TEAM),),
    }
    return Catalogue(
        settings=Settings(name="Quayside", home="QPT"),
        organisation=Organisation(units),
        perspectives={"p": Perspective(title="P")},
        objectives={"o": Objective(title="O", perspective="p")},
        indicators=indicators,
        sources={"ret": Source.model_validate(source)},
        packs={},
        peer_groups={},
        cuts={},
        lists={},
        profiles=SHIPPED,
        journal=(),
    )


def made(source: dict[str, Any], unit: str | None = None, **changes: Any) -> bytes:
    known = catalogue(**(source | changes))
    return return_workbook("ret", known.source("ret"), known, unit, OCTOBER)


def rows(sheet: ReadSheet, header: int, width: int) -> list[list[Any]]:
    return [sheet.row(number, width) for number in range(header, sheet.last_row + 1)]


def validations(sheet: ReadSheet) -> dict[str, ElementTree.Element]:
    """By the cells that they hold for."""
    return {str(it.get("sqref")): it for it in sheet.xml.iterfind(".//{*}dataValidation")}


def locked(content: bytes, sheet: ReadSheet) -> set[str]:
    """The cells of a sheet that cannot be typed into."""
    styles = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml"))
    free = {
        i
        for i, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
        if (protection := style.find("{*}protection")) is not None and protection.get("locked") == "0"
    }
    assert sheet.xml.find("{*}sheetProtection") is not None
    cells = sheet.xml.iterfind("{*}sheetData/{*}row/{*}c")
    return {str(cell.get("r")) for cell in cells if int(cell.get("s", 0)) not in free}


# ------------------------------------------------------------------------------------ what it asks for


def test_a_long_source_asks_each_open_unit_for_each_item_in_the_files_own_words() -> None:
    sheet = read_workbook(made(LONG))["Return"]
    assert sheet.cells[1, 1] == "Monthly return, October 2026"
    assert rows(sheet, 4, 7) == [
        ["Month", "Trust", "Line", "Group", "Figure", "Status", "Comment"],
        ["Oct-26", "Quayside", "A1 within 6 weeks", "Everyone", None, "Final", None],
        ["Oct-26", "Quayside", "all_of_them", "Everyone", None, "Final", None],
        ["Oct-26", "Quayside", "share", "Everyone", None, "Final", None],
        ["Oct-26", "NEW", "A1 within 6 weeks", "Everyone", None, "Final", None],
        ["Oct-26", "NEW", "all_of_them", "Everyone", None, "Final", None],
        ["Oct-26", "NEW", "share", "Everyone", None, "Final", None],
    ]


def test_a_wide_source_asks_for_a_row_a_unit() -> None:
    (name, sheet), (help_, _) = read_workbook(made(WIDE)).items()
    assert (name, help_) == ("People_ _and_ money, told by th", HELP)
    assert rows(sheet, 1, 6) == [
        ["From", "To", "Org", "Within 6 weeks", "All", "Share"],
        ["01/10/2026", "31/10/2026", "QPT", None, None, None],
        ["01/10/2026", "31/10/2026", "NEW", None, None, None],
    ]


def test_one_unit_may_be_asked_alone() -> None:
    units = {row[1] for row in rows(read_workbook(made(LONG, "NEW"))["Return"], 5, 7)}
    assert units == {"NEW"}


def test_a_source_that_takes_some_lines_asks_for_those_and_no_others() -> None:
    columns = LONG["columns"] | {
        "Line": {"as": "item", "take": ["share", "extra"]},
        "Comment": {"as": "ignore", "take": ["Provider"]},
    }
    asked = rows(read_workbook(made(LONG, "QPT", columns=columns))["Return"], 5, 7)
    assert [(row[2], row[6]) for row in asked] == [("share", "Provider"), ("extra", "Provider")]


@pytest.mark.parametrize(
    ("source", "unit", "words"),
    [
        (LONG | {"format": "csv", "sheet": None}, None, "says `format: csv`. Only a source of figures that"),
        (LONG | {"expects": {}}, None, "Nobody is expected to fill in ret for October 2026"),
        (LONG, "OLD", "OLD was not open in October 2026"),
        (LONG, "QPP", "no unit 'QPP'. Nearest: QPT"),
        (
            LONG | {"columns": LONG["columns"] | {"Group": {"as": "cut", "values": {"Men": "male"}}}},
            None,
            "no text of its column 'Group' stands for 'all'",
        ),
    ],
)
def test_what_cannot_be_filled_in_says_why(source: dict[str, Any], unit: str | None, words: str) -> None:
    with pytest.raises((TrigpointError, NotFound), match=re.escape(words)):
        made(source, unit)


# -------------------------------------------------------------------------------- what may be typed


def test_only_figures_status_and_comment_can_be_typed() -> None:
    content = made(LONG, "QPT")
    sheet = read_workbook(content)["Return"]
    typed = {f"{column}{row}" for column in "EFG" for row in (5, 6, 7)}
    cells = {f"{column}{row}" for column in "ABCDEFG" for row in range(4, 8)} | {"A1"}
    assert locked(content, sheet) == cells - typed


def test_a_figure_is_checked_as_the_loader_checks_it() -> None:
    sheet = read_workbook(made(LONG))["Return"]
    found = validations(sheet)
    texts = "SUMPRODUCT(--EXACT(E7,'How to fill in'!$A$8:$A$9))>0"
    share = found["E7 E10"]
    assert share.findtext("{*}formula1") == f"OR(AND(ISNUMBER(E7),E7>=0,E7<=100,ROUND(E7,0)=E7),{texts})"
    assert share.get("prompt") == (
        "Share of beds\nA whole number, at least 0, at most 100; or * (hidden); or n/k (not submitted)."
    )
    within = found["E5 E8"]
    assert (within.get("promptTitle"), within.get("prompt", "").partition("\n")[0]) == (
        "within",
        "Seen within 6 weeks: people seen within 6 weeks",
    )
    assert "E5>=" not in str(within.findtext("{*}formula1"))
    assert found["F5:F10"].findtext("{*}formula1") == '"Final,Draft"'


def test_the_texts_that_may_be_typed_stand_where_the_check_looks_for_them() -> None:
    help_ = read_workbook(made(LONG))[HELP]
    assert [help_.cells[row, 1] for row in (8, 9)] == ["*", "n/k"]
    assert help_.cells[8, 2] == "Figure: hidden"


def test_an_empty_cell_is_offered_where_the_source_knows_what_it_means() -> None:
    sheet = next(iter(read_workbook(made(WIDE)).values()))
    found = validations(sheet)
    assert found["E2 E3"].findtext("{*}formula1") == "AND(ISNUMBER(E2),ROUND(E2,2)=E2)"
    assert found["E2 E3"].get("error") == "A number of at most 2 decimals; or an empty cell (not submitted)."


@pytest.mark.parametrize(("source", "hidden"), [(LONG, False), (WIDE, True)])
def test_help_is_hidden_where_the_source_reads_the_only_visible_sheet(
    source: dict[str, Any], hidden: bool
) -> None:
    book = zipfile.ZipFile(io.BytesIO(made(source))).read("xl/workbook.xml").decode()
    assert (f'name="{HELP}" sheetId="2" state="hidden"' in book) is hidden


# ---------------------------------------------------------------------------------- and back again


def load(source: dict[str, Any], content: bytes) -> dict[tuple[str, str], tuple[float | None, str]]:
    """What the loader makes of it: (unit, item) -> value and state."""
    known = catalogue(**source)
    delivery = receive(
        Delivered("return.xlsx", content, "0" * 64), "ret", known.source("ret"), expect(known, "ret", OCTOBER)
    )
    return {(row["unit"], row["item"]): (row["value"], row["state"]) for row in delivery.table.to_pylist()}


def test_what_was_typed_is_what_is_loaded() -> None:
    typed = {"E5": "12", "E6": "40", "E7": "55", "E8": "*", "E9": "0", "E10": "n/k", "G5": "a comment"}
    content = fill(made(LONG), read_workbook(made(LONG))["Return"].part, typed)
    assert load(LONG, content) == {
        ("QPT", "within"): (12.0, "value"),
        ("QPT", "all_of_them"): (40.0, "value"),
        ("QPT", "share"): (55.0, "value"),
        ("NEW", "within"): (None, "suppressed"),
        ("NEW", "all_of_them"): (0.0, "value"),
        ("NEW", "share"): (None, "not_submitted"),
    }


def test_a_cell_left_empty_is_refused_with_its_place_or_stands_for_what_is_declared() -> None:
    part = read_workbook(made(LONG, "QPT"))["Return"].part
    with pytest.raises(Refused) as raised:
        load(LONG, fill(made(LONG, "QPT"), part, {"E5": "12", "E7": "5"}))
    assert str(raised.value.faults[0]).startswith("return.xlsx:6 [Figure]  found an empty cell;")
    part = next(iter(read_workbook(made(WIDE)).values())).part
    figures = load(WIDE, fill(made(WIDE), part, {"D2": "12", "E2": "40.25", "F2": "1.5"}))
    assert figures["QPT", "all_of_them"] == (40.25, "value")
    assert figures["NEW", "all_of_them"] == (None, "not_submitted")


@pytest.mark.parametrize("wrong", ["twelve", "12.5", "101"])
def test_what_the_workbook_would_not_let_pass_the_loader_refuses_too(wrong: str) -> None:
    part = read_workbook(made(LONG, "QPT"))["Return"].part
    with pytest.raises(Refused) as raised:
        load(LONG, fill(made(LONG, "QPT"), part, {"E5": "1", "E6": "2", "E7": wrong}))
    assert all(fault.line == 7 for fault in raised.value.faults)


def test_the_same_question_gives_the_same_bytes() -> None:
    assert made(LONG) == made(LONG)

"""What a document says, and that its renderings say the same."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.web.documents import (
    HOSTILE,
    LONG,
    UNIT,
    catalogue,
    document,
    evidence,
    months_of,
    scorecard_of,
)
from tests.web.findings import NOW, finding, indicator, past, peers, standard
from trigpoint.analysis.finding import Assurance, Attainment, Finding, Variation
from trigpoint.definitions.indicator import Indicator
from trigpoint.publish.charts import palette
from trigpoint.publish.charts.icons import DRAWINGS
from trigpoint.publish.compose.every_page import compose
from trigpoint.publish.document import Dataset, Document, IndicatorPage, ScorecardRow
from trigpoint.publish.formats.html import site, write_site
from trigpoint.publish.formats.open_data import open_data
from trigpoint.publish.mark import Mark
from trigpoint.publish.naming import stems
from trigpoint.publish.words import ASSURANCE, ATTAINMENT, STATE, VARIATION
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month


@pytest.fixture(scope="module")
def made() -> Document:
    return document(28)


def rows(of: Document) -> list[ScorecardRow]:
    return [row for section in of.scorecard.sections for group in section.groups for row in group.rows]


# ------------------------------------------------------------------------------------------ scorecards


def talk(*found: tuple[Attainment, Variation, Assurance]) -> list[str]:
    """The codes to talk about, of rows A, B, C ... with these verdicts."""
    indicators = {code: indicator(code) for code, _ in zip("ABCDEF", found, strict=False)}
    held = {
        code: (
            finding(
                70.0,
                standards=(standard(verdict, 80, 70),),
                past=past(variation, assurance=assurance),
                unit=UNIT,
                indicator=code,
            ),
        )
        for code, (verdict, variation, assurance) in zip("ABCDEF", found, strict=False)
    }
    made = catalogue({code: it.model_copy(update={"objective": "safe"}) for code, it in indicators.items()})
    return [row.code for row in scorecard_of(made, held).to_talk_about()]


def test_concerns_that_miss_their_standard_are_talked_about_first() -> None:
    improving = (Attainment.MET, Variation.IMPROVEMENT_HIGH, Assurance.PASS)
    failing = (Attainment.NOT_MET, Variation.COMMON, Assurance.FAIL)
    concern = (Attainment.MET, Variation.CONCERN_LOW, Assurance.PASS)
    both = (Attainment.NOT_MET, Variation.CONCERN_LOW, Assurance.HIT_OR_MISS)
    quiet = (Attainment.NOT_MET, Variation.COMMON, Assurance.HIT_OR_MISS)
    assert talk(improving, failing, concern, both, quiet) == ["D", "C", "B"]
    assert talk(quiet, improving) == ["B"]
    assert talk(quiet) == []


def test_a_row_knows_the_month_before_and_the_same_month_last_year() -> None:
    made = catalogue({"A": indicator()})
    row = scorecard_of(made, {"A": months_of("A", 0)}).rows[0]
    assert row.previous is not None
    assert row.previous.month == NOW - 1
    assert row.year_before is not None
    assert row.year_before.month == NOW - 12


def test_an_indicator_out_of_force_has_no_row() -> None:
    ended = indicator(
        versions=[
            {
                "from": "2020-04",
                "to": "2026-09",
                "measure": {"source": "s", "numerator": "a", "denominator": "b"},
            }
        ]
    )
    assert scorecard_of(catalogue({"A": ended}), {"A": months_of("A", 0)}).rows == ()


def test_findings_of_other_units_and_cuts_are_passed_over() -> None:
    months = months_of("A", 0)
    strangers = (replace(months[-1], unit="RYY"), replace(months[-1], cut="women"))
    made = catalogue({"A": indicator()})
    assert scorecard_of(made, {"A": strangers}).rows == ()
    assert len(scorecard_of(made, {"A": months, "B": strangers}).rows[0].months) == 13


# ------------------------------------------------------------------------------------------- documents


def test_every_state_verdict_and_icon_is_said(made: Document) -> None:
    said = {row.figure.value for row in rows(made)} | {row.attainment.words for row in rows(made)}
    assert {words for state, words in STATE.items() if state is not State.VALUE} <= said
    assert set(ATTAINMENT.values()) <= said
    assert set(VARIATION.values()) <= {row.variation.words for row in rows(made)} | {"Not assessed"}
    assert {"Will pass", "Will fail", "Hit or miss"} <= {row.assurance.words for row in rows(made)}


def test_every_mark_has_a_drawing(made: Document) -> None:
    icons = {mark.icon for row in rows(made) for mark in (row.attainment, row.variation, row.assurance)}
    icons |= {mark.icon for point in made.scorecard.talk for mark in (point.mark,)}
    assert icons <= set(DRAWINGS)
    assert {f"assurance-{assurance.value}" for assurance in ASSURANCE} <= set(DRAWINGS)


def test_no_cell_is_blank(made: Document) -> None:
    tables = [row.months for row in rows(made)]
    for page in made.indicators:
        tables += [page.months, page.standards, page.versions, page.loads]
        tables += [page.peer_table] if page.peer_table else []
    for table in tables:
        for row in table.rows:
            assert len(row) == len(table.head)
            assert all(cell.words if isinstance(cell, Mark) else cell for cell in row), (table.caption, row)


def test_the_tally_counts_every_row_once(made: Document) -> None:
    judged = sum(line.count for line in made.scorecard.tally if line.mark.icon)
    plain = next(line.count for line in made.scorecard.tally if line.mark.words == "without a standard")
    missing = sum(row.figure.missing for row in rows(made))
    assert judged + plain + missing == len(rows(made))


def test_no_row_in_force_is_an_empty_state_with_its_reason() -> None:
    none = catalogue({})
    made = compose(scorecard_of(none, {}), none, {}, snapshot="0" * 64)
    assert "No indicator is in force" in made.scorecard.empty
    assert made.scorecard.sections == ()


def test_chance_is_said_beside_signals(made: Document) -> None:
    assert re.fullmatch(
        r"\d+ of \d+ control charts shows? a signal\. "
        r"If nothing had changed anywhere, about 1 would by chance\.",
        made.scorecard.chance,
    )


def test_each_page_names_its_command_definition_and_loads(made: Document) -> None:
    page = made.indicators[0]
    assert page.command == f"trigpoint explain {page.code} --unit {UNIT} --month {NOW}"
    assert page.loads.rows[0][2] == "c0ffeec0ffeec0ff"
    assert len(page.versions.rows) == 2
    assert any("nhs-england, version 1" in words for words in page.chart_words)
    assert "from 19 points, April 2025 to October 2026" in page.chart_words[0]


def page_of(of: Indicator, found: Finding) -> tuple[IndicatorPage, ScorecardRow]:
    """The page and the row of one indicator with one month."""
    months = (replace(found, unit=UNIT, indicator="A"),)
    definitions = catalogue({"A": of})
    made = compose(
        scorecard_of(definitions, {"A": months}), definitions, {"A": evidence(months)}, snapshot="0" * 64
    )
    return made.indicators[0], rows(made)[0]


def version(**measure: object) -> list[dict[str, object]]:
    return [{"from": "2020-04", "measure": {"source": "monthly", **measure}}]


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ({"numerator": ["a", "b"], "denominator": "c"}, "(a + b) ÷ (c)"),
        ({"numerator": "a", "denominator": "c", "per": 1000}, "(a) ÷ (c) × 1,000"),
        ({"count": ["a", "b"]}, "a + b"),
        ({"value": "a"}, "a, as published"),
    ],
)
def test_a_page_writes_the_arithmetic_out(measure: dict[str, object], said: str) -> None:
    page, _ = page_of(indicator(versions=version(**measure)), finding())
    assert said in {line.words for line in page.provenance if line.label == "Arithmetic"}


def test_a_neutral_count_without_a_standard_says_so_everywhere() -> None:
    of = indicator(
        direction="neutral", measured_in="people", decimals=0, bounds={}, versions=version(count="a")
    )
    page, row = page_of(of, finding(134.0, denominator=None, peers=replace(peers(2), quarter=None)))
    assert row.required == "No standard: watched; neither high nor low is good"
    assert (row.figure.value, row.figure.parts) == ("134", "people")
    assert row.peers is not None
    assert (row.peers.words, row.peers.detail) == ("Ranked 7 of 12", "neither end is better")
    assert page.standard_words == "No standard is in force. Neither high nor low is good."
    assert page.lede == "October 2026. Test Partnership."
    assert page.peer_table is not None
    assert ("Rank (1 is highest; ties share it)", "7 of 12") in page.peer_table.rows


def test_a_figure_of_several_months_names_them_all() -> None:
    _, row = page_of(indicator(), finding(start=Month(2026, 8).start))
    assert row.data_to == "Aug to Oct 2026, final"
    _, row = page_of(indicator(), finding(start=Month(2025, 11).start, status=Status.PROVISIONAL))
    assert row.data_to == "Nov 2025 to Oct 2026, provisional"
    _, row = page_of(indicator(), finding(None, state=State.SUPPRESSED))
    assert row.data_to == "No figure in 1 month"


def test_a_figure_exactly_on_its_standard_is_neither_short_nor_over() -> None:
    page, _ = page_of(indicator(), finding(80.0, standards=(standard(Attainment.MET, 80.0, 80.0),)))
    assert page.standard_words == "At least 80% (national). Exactly."


def test_a_streak_of_a_quarterly_figure_counts_times() -> None:
    held = standard(Attainment.NOT_MET, 80.0, 70.0, streak=3)
    _, row = page_of(indicator(every="3 months"), finding(70.0, standards=(held,)))
    assert row.streak == "3 times running"


# ------------------------------------------------------------------------------------------ open data


def test_csv_is_tidy_and_holds_numbers_in_full(made: Document) -> None:
    files = open_data(made)
    found = list(csv.DictReader(io.StringIO(files["scorecard.csv"].decode("utf-8"), newline="")))
    keys = {(row["indicator"], row["unit"], row["month"]) for row in found}
    assert len(keys) == len(found) == 13 * len(rows(made))
    now = {row["indicator"]: row for row in found if row["month"] == str(NOW)}
    for row in rows(made):
        assert (now[row.code]["value"] == "") == row.figure.missing
    assert set(files) == {"scorecard.csv", *(f"{name}.csv" for name in made.files.values())}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_is_made_inert_and_numbers_are_not(made: Document, start: str) -> None:
    data = Dataset("d", ("text", "number"), ((f"{start}1+1", -1.5), ('plain, "quoted"\nlines', None)))
    written = open_data(replace(made, datasets=(data,)))["d.csv"].decode()
    (_, first, second) = csv.reader(io.StringIO(written, newline=""))
    assert first == [f"'{start}1+1", "-1.5"]
    assert second == ['plain, "quoted"\nlines', ""]
    assert written.startswith("text,number\r\n")


# -------------------------------------------------------------------------------------------- the site


class _Elements(HTMLParser):
    """Counts what a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def elements(page: bytes) -> _Elements:
    parser = _Elements()
    parser.feed(page.decode())
    return parser


@pytest.mark.parametrize("words", ["", HOSTILE, LONG])
def test_no_page_runs_a_script_or_asks_another_host(words: str) -> None:
    for name, content in site(document(6, words=words)).items():
        if not name.endswith(".html"):
            continue
        found = elements(content)
        assert "script" not in found.tags
        assert "img" not in found.tags
        assert not [key for key, _ in found.attributes if key.startswith("on") or key == "style"]
        targets = [value for key, value in found.attributes if key in ("href", "src") and value]
        assert not [
            target for target in targets if re.match(r"(?i)\s*(\w+:|//)", target) and target != "data:,"
        ]
        assert b"49</" not in content  # {{7*7}} stays what it is


def test_stylesheets_ask_for_nothing_but_each_other() -> None:
    for name, content in site(document(1)).items():
        if name.endswith(".css"):
            asked = re.findall(r"url\(([^)]*)\)|(https?://[^ )\"']*)|sourceMappingURL", content.decode())
            own = {"", '"nhsuk-frontend.css"', "http://www.w3.org/2000/svg"}
            assert {
                part for pair in asked for part in pair if not part.startswith(('"data:', "data:"))
            } <= own


def test_every_link_leads_to_a_page_of_the_site() -> None:
    files = site(document(4))
    for name, content in files.items():
        if not name.endswith(".html"):
            continue
        for key, value in elements(content).attributes:
            if key != "href" or not value or value.startswith(("data:", "../2026-09", "2026-09")):
                continue
            path, _, anchor = value.partition("#")
            target = Path(name).parent / path if path else Path(name)
            resolved = Path("/", target).resolve().relative_to("/").as_posix()
            assert resolved in files, (name, value)
            if anchor:
                assert f'id="{anchor}"' in files[resolved].decode(), (name, value)


def test_pages_and_data_say_the_same(made: Document) -> None:
    page = site(made)["index.html"].decode()
    for row in rows(made):
        assert row.headline in page.replace("&#39;", "'")


def test_the_site_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    first = write_site(document(3), tmp_path / "a")
    second = write_site(document(3), tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_file_names_are_safe_and_distinct() -> None:
    codes = ["A", "a", "con", "NUL.x", "scorecard", "../up", "x/y", "ok-1.2_3", "ends."]
    names = stems(codes)
    assert names["ok-1.2_3"] == "ok-1.2_3"
    assert len({name.casefold() for name in names.values()}) == len(codes)
    for code, name in names.items():
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name), code
        assert name.casefold() not in ("con", "nul.x", "scorecard")


# -------------------------------------------------------------------------------------------- colours


def _luminance(colour: str) -> float:
    value = colour.removeprefix("#")
    value = "".join(c * 2 for c in value) if len(value) == 3 else value
    channels = (int(value[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "name",
    [
        "COMMON",
        "IMPROVE",
        "CONCERN",
        "NEUTRAL",
        "MET",
        "TOLERANCE_EDGE",
        "MISSED",
        "PEER",
        "INK",
        "INK_2",
        "HATCH",
    ],
)
def test_marks_stand_out_from_paper_and_from_the_band(name: str) -> None:
    colour = getattr(palette, name)
    assert _contrast(colour, palette.PAPER) >= 3
    assert _contrast(colour, palette.PROCESS) >= 3


@pytest.mark.parametrize("name", ["COMMON", "MISSED", "INK", "INK_2"])
def test_words_on_charts_can_be_read(name: str) -> None:
    assert _contrast(getattr(palette, name), palette.PROCESS) >= 4.5

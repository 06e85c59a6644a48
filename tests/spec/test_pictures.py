"""Heatmap, matrix, peers in order, plates and PNG: states in shape and word, and nothing that overlaps."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pictures import SVG, covered, outside, overlaps, parsed, size, texts
from tests.synthetic import Trust
from tests.web.charts import CASES
from tests.web.children import every_case
from tests.web.documents import HOSTILE, LONG, document
from tests.web.funnels import FUNNELS
from trigpoint.publish.charts import palette, png
from trigpoint.publish.charts.frame import MIDDLE, NARROW, WIDE, Drawing
from trigpoint.publish.charts.funnel import funnel_chart
from trigpoint.publish.charts.funnel_plot import FUNNEL_WIDE
from trigpoint.publish.charts.heatmap import SHEET_MIDDLE, SHEET_NARROW, SHEET_WIDE, Sheet, heatmap
from trigpoint.publish.charts.icons import DRAWINGS
from trigpoint.publish.charts.matrix import NONE, OFF, matrix_chart
from trigpoint.publish.charts.plate import Plate, plated
from trigpoint.publish.charts.spc import spc_chart
from trigpoint.publish.charts.svg import standing_alone
from trigpoint.publish.compose.plate import chart_plate
from trigpoint.publish.document import ComparisonPage, Document
from trigpoint.publish.mark import Mark
from trigpoint.terms.errors import NotFound

SHEETS = (SHEET_WIDE, SHEET_MIDDLE, SHEET_NARROW)
TRUST = Trust(divisions=5, services=0, teams=0, indicators=14, months=14, gaps=True)
DOCUMENTS = {
    "plain": TRUST,
    "many": replace(TRUST, divisions=14, indicators=9),
    "long": replace(TRUST, divisions=6, indicators=4, words=LONG.strip()),
    "hostile": replace(TRUST, divisions=3, indicators=4, words=HOSTILE),
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {name: trust.document() for name, trust in DOCUMENTS.items()}


def compared(it: Document) -> ComparisonPage:
    assert it.comparison is not None
    return it.comparison


# ------------------------------------------------------------------------------------ heatmap and matrix


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda it: it.name)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_as_pictures_have_a_voice_and_words_that_are_apart(
    documents: dict[str, Document], name: str, sheet: Sheet
) -> None:
    it = documents[name]
    for svg in (heatmap(compared(it), sheet, "h"), matrix_chart(it.matrix, sheet, "m")):
        drawn = parsed(svg)
        assert drawn.get("role") == "img"
        assert size(svg)[0] == sheet.width
        assert [node.get("id") for node in drawn][:2] == (drawn.get("aria-labelledby") or "").split()
        assert all((node.text or "").strip() for node in list(drawn)[:2])
        assert overlaps(svg) == []
        assert outside(svg) == []
        assert "<script" not in svg
        identifiers = [node.get("id") for node in drawn.iter() if node.get("id")]
        assert len(identifiers) == len(set(identifiers))
        used = {(node.get("href") or "").removeprefix("#") for node in drawn.iter(f"{SVG}use")}
        assert used <= set(identifiers)


@pytest.mark.parametrize("sheet", [SHEET_WIDE, SHEET_NARROW], ids=lambda it: it.name)
def test_each_state_of_a_heatmap_is_a_shape_and_a_word(documents: dict[str, Document], sheet: Sheet) -> None:
    page = compared(documents["plain"])
    svg = heatmap(page, sheet, "h")
    cells = [cell for part in page.sections for row in part.rows for cell in row.cells]
    met = [cell for cell in cells if cell.attainment is not None and cell.attainment.words == "Met"]
    assert texts(svg).count("Met") == len(met) + 1  # and once in the key
    icons = [node.get("href") for node in parsed(svg).iter(f"{SVG}use")]
    assert icons.count(f"#h-{sheet.name}-standard-met") == len(met) + 1
    assert texts(svg).count("Not submitted") == sum(cell.figure == "Not submitted" for cell in cells)


def test_no_cell_of_a_heatmap_is_blank(documents: dict[str, Document]) -> None:
    page = compared(documents["plain"])
    svg = heatmap(page, SHEET_WIDE, "h")
    cells = [cell for part in page.sections for row in part.rows for cell in row.cells]
    said = texts(svg)
    assert all(cell.figure in said or any(cell.figure.startswith(it[:6]) for it in said) for cell in cells)


def test_a_filled_dot_differs_from_the_whole_and_a_hollow_one_does_not(
    documents: dict[str, Document],
) -> None:
    page = compared(documents["plain"])
    dots = [node.get("fill") for node in parsed(heatmap(page, SHEET_WIDE, "h")).iter(f"{SVG}circle")]
    verdicts = [cell.differs for part in page.sections for row in part.rows for cell in row.cells]
    icons = DRAWINGS["standard-met"].count("<circle") + DRAWINGS["standard-in_tolerance"].count("<circle")
    assert dots.count(palette.INK) >= verdicts.count(True) + 1
    assert dots.count(palette.PAPER) == verdicts.count(False) + 1
    assert len(dots) == verdicts.count(True) + verdicts.count(False) + 2 + icons


def test_units_that_do_not_fit_beside_each_other_stand_in_blocks_with_the_whole_in_each(
    documents: dict[str, Document],
) -> None:
    page = compared(documents["many"])
    said = texts(heatmap(page, SHEET_MIDDLE, "h"))
    blocks = said.count(page.heads[0].words)
    assert blocks == 3
    assert all(said.count(part.title) == blocks for part in page.sections)
    assert texts(heatmap(page, SHEET_NARROW, "h")).count(page.sections[0].title) == 1


def test_the_matrix_has_each_indicator_in_its_square_and_a_heavy_edge_where_a_report_is_due() -> None:
    page = document(8).matrix
    svg = matrix_chart(page, SHEET_WIDE, "m")
    said = texts(svg)
    titles = [item.title for row in page.rows for square in row.squares for item in square.items]
    assert all(title in said or title.split(maxsplit=1)[0] in " ".join(said) for title in titles)
    empty = sum(not square.items for row in page.rows for square in row.squares)
    assert said.count(NONE) == empty
    heavy = [node for node in parsed(svg).iter(f"{SVG}rect") if node.get("stroke-width") == "3"]
    assert len(heavy) == sum(bool(s.exception and s.items) for row in page.rows for s in row.squares)


def test_what_lies_in_no_square_is_named_apart(documents: dict[str, Document]) -> None:
    page = documents["plain"].matrix
    assert page.off
    for sheet in SHEETS:
        assert texts(matrix_chart(page, sheet, "m")).count(OFF) == 1
    without = replace(page, off=())
    assert OFF not in texts(matrix_chart(without, SHEET_WIDE, "m"))


def test_on_a_phone_the_matrix_is_a_list_without_its_empty_squares(documents: dict[str, Document]) -> None:
    page = documents["plain"].matrix
    said = texts(matrix_chart(page, SHEET_NARROW, "m"))
    assert NONE not in said
    filled = sum(bool(square.items) for row in page.rows for square in row.squares)
    assert sum(words.split(", ")[0] in {row.words for row in page.rows} for words in said) == filled


# ---------------------------------------------------------------------------------------------- plates

PLATE = Plate(
    "Followed up within 72 hours of leaving hospital, Adult Mental Health division",
    "73.4% in October 2026: below the 80% standard, and lower than chance explains.",
    (Mark("variation-concern_low", "Concern, lower"), Mark("assurance-hit_or_miss", "Hit or miss")),
    ((1, "April 2025. Limits re-based: co-ordinators on every ward"), (2, "July 2026. Two posts empty")),
    ("XmR chart.", "Rule profile: nhs-england, version 1."),
)


@pytest.mark.parametrize("drawing", [WIDE, MIDDLE, NARROW], ids=lambda it: it.name)
@pytest.mark.parametrize("case", CASES)
def test_a_plate_says_what_its_page_would_and_hides_nothing(case: str, drawing: Drawing) -> None:
    bare = spc_chart(CASES[case](), drawing)
    svg = plated(bare, PLATE)
    assert set(texts(bare)) <= set(texts(svg))
    assert "Concern, lower" in texts(svg)
    assert parsed(svg).get("aria-labelledby") == parsed(bare).get("aria-labelledby")
    assert overlaps(svg) == []
    assert outside(svg) == []


def test_a_plate_numbers_its_remarks_as_the_picture_does() -> None:
    svg = plated(spc_chart(CASES["anatomy"](), WIDE), PLATE)
    said = texts(svg)
    assert said.count("2") == 2  # on its disc, and beside its words
    assert "July 2026. Two posts empty" in said


def test_a_plate_is_for_pictures_of_ours() -> None:
    with pytest.raises(ValueError, match="expected what one of the charts returns"):
        plated("<svg></svg>", PLATE)


def test_an_indicator_s_page_has_all_that_its_plate_says() -> None:
    page = next(it for it in every_case().indicators if it.chart.notes)
    made = chart_plate(page)
    assert made.marks == (page.variation, page.assurance)
    assert len(made.remarks) == len(page.chart.notes)
    assert made.second == page.headline
    assert overlaps(plated(spc_chart(page.chart, NARROW), made)) == []


# ------------------------------------------------------------------------------------------------- PNG


def pixels(image: bytes) -> tuple[int, int, bytes]:
    """Width, height and the bytes of a PNG's rows, unfiltered: red, green, blue and alpha."""
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    wide, deep, depth, colour = struct.unpack(">IIBB", image[16:26])
    assert (depth, colour) == (8, 6)
    packed, at = b"", 8
    while at < len(image):
        (length,) = struct.unpack(">I", image[at : at + 4])
        if image[at + 4 : at + 8] == b"IDAT":
            packed += image[at + 8 : at + 8 + length]
        at += length + 12
    return wide, deep, unfiltered(zlib.decompress(packed), wide, deep)


def unfiltered(packed: bytes, wide: int, deep: int) -> bytes:
    """Undo the filter of each row (PNG 1.2, section 6)."""
    across, before, rows = 4 * wide, bytearray(4 * wide), bytearray()
    for y in range(deep):
        kind, row = packed[y * (across + 1)], bytearray(packed[y * (across + 1) + 1 : (y + 1) * (across + 1)])
        for i in range(across):
            left, up = (row[i - 4] if i >= 4 else 0), before[i]
            corner = before[i - 4] if i >= 4 else 0
            nearest = min((left, up, corner), key=lambda it: abs(left + up - corner - it))
            row[i] = (row[i] + (0, left, up, (left + up) // 2, nearest)[kind]) & 255
        rows += row
        before = row
    return bytes(rows)


def test_a_png_is_as_large_as_asked_and_on_white() -> None:
    svg = spc_chart(CASES["too-few"](), NARROW)
    wide, deep, drawn = pixels(png.png(svg, scale=1.0))
    assert (wide, deep) == size(svg)
    assert drawn[:4] == b"\xff\xff\xff\xff"
    assert struct.unpack(">I", png.png(svg, width=500)[16:20]) == (500,)
    assert struct.unpack(">I", png.png(svg)[16:20]) == (640,)


def test_the_words_of_a_png_are_in_it() -> None:
    """A renderer without fonts leaves words out and says nothing: there must be ink where they stand."""
    svg = standing_alone(spc_chart(CASES["one"](), NARROW))
    mute = re.sub(r"<text.*?</text>", "", svg)
    wide, _, drawn = pixels(png.png(svg, scale=1.0))
    _, _, silent = pixels(png.png(mute, scale=1.0))
    differing = [i // 4 for i in range(0, len(drawn), 4) if drawn[i : i + 4] != silent[i : i + 4]]
    places = {(at % wide // 20, at // wide // 20) for at in differing}
    assert len(differing) > 500
    assert len(places) > 20  # ticks at the left, months at the foot, the latest figure, the remark


@pytest.mark.parametrize(
    "svg",
    [
        spc_chart(CASES["hostile"](), NARROW),
        funnel_chart(FUNNELS["hostile"](), FUNNEL_WIDE),
        plated(spc_chart(CASES["hidden"](), NARROW), PLATE),
    ],
)
def test_every_kind_of_picture_can_be_a_png(svg: str) -> None:
    assert png.png(svg, width=200).startswith(b"\x89PNG")


@pytest.mark.parametrize(("width", "scale", "words"), [(0, 1.0, "width is 0"), (None, 0.0, "scale is 0.0")])
def test_a_size_that_cannot_be_is_refused(width: int | None, scale: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        png.png(spc_chart(CASES["one"](), NARROW), width=width, scale=scale)


def test_without_a_font_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "font_folders", lambda: (tmp_path,))
    (tmp_path / "Comic.ttf").touch()
    png.lettering.cache_clear()
    with pytest.raises(NotFound, match=r"found none of Arial, .*apt-get install fonts-liberation"):
        png.png(spc_chart(CASES["one"](), NARROW))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/DejaVuSans.ttf").touch()
    assert png.lettering() == "DejaVu Sans"
    (tmp_path / "ARIAL.TTF").touch()
    png.lettering.cache_clear()
    assert png.lettering() == "Arial"
    png.lettering.cache_clear()


def test_marks_are_found_in_a_picture() -> None:
    """The tests above are worth nothing where no mark is found."""
    svg = spc_chart(CASES["one"](), NARROW)
    crossed = svg.replace("</svg>", '<text x="180" y="180">All of it</text></svg>')
    assert covered(spc_chart(CASES["anatomy"](), WIDE)) == []
    assert overlaps(crossed.replace("</svg>", '<text x="190" y="182">again</text></svg>'))
    assert outside(svg.replace("</svg>", '<text x="300" y="50">leaves it</text></svg>')) == ["leaves it"]

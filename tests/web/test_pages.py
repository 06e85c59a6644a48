"""Every template with its hardest cases, in Chromium: accessible, valid, narrow, printed, and inert."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.conftest import SITES, Sites

pytestmark = pytest.mark.web

MODULES = Path(__file__).parent / "node_modules"
AXE = MODULES / "axe-core/axe.min.js"
CHECKER = MODULES / "vnu-jar/build/dist/vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def open_page(page: Page, path: Path) -> None:
    """Open a page and make sure that it is one of ours: axe finds nothing wrong with an error page."""
    page.goto(path.as_uri())
    assert re.search(r"Test (Trust|Partnership)", page.title())
    assert page.locator("main h1").count() == 1


def open_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")


def some_pages(sites: Sites, name: str) -> list[Path]:
    """All pages of a site, save that of many alike one indicator's page stands for the rest."""
    pages = sites.pages(name)
    if name in ("charts", "units"):
        return pages
    alike = [path for path in pages if path.parent.name == "indicators"]
    return [path for path in pages if path not in alike[3:]]


def axe(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{problem['id']}: {problem['help']}: {[node['target'] for node in problem['nodes'][:3]]}"
        for problem in found["violations"]
    ]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", SITES)
def test_axe_finds_nothing(page: Page, sites: Sites, name: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip(f"no axe-core at {AXE}; scripts/setup --dev brings it")
    page.set_viewport_size({"width": width, "height": 900})
    pages = some_pages(sites, name)
    for path in pages if width == 1280 or name != "charts" else pages[:4]:
        open_page(page, path)
        open_details(page)
        assert axe(page) == [], path


def test_axe_would_find_something(page: Page, sites: Sites) -> None:
    """The test above is worth nothing if axe cannot fail: take a label away, and it must."""
    if not AXE.exists():
        pytest.skip(f"no axe-core at {AXE}; scripts/setup --dev brings it")
    open_page(page, sites.folders["plain"] / "index.html")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert any("html-has-lang" in problem for problem in axe(page))


@pytest.mark.parametrize("name", SITES)
def test_html_is_valid(sites: Sites, name: str) -> None:
    java = shutil.which("java")
    if java is None or not CHECKER.exists():
        pytest.skip(f"the Nu checker needs Java and {CHECKER}; scripts/setup --dev brings both")
    command = [java, "-Xss8m", "-jar", str(CHECKER), "--format", "json", "--stdout", "--errors-only"]
    checked = subprocess.run(
        [*command, *map(str, some_pages(sites, name))], capture_output=True, text=True, check=False
    )
    said = json.loads(checked.stdout)["messages"]
    assert [(it["url"].rsplit("/", 1)[1], it["message"], it.get("extract")) for it in said] == []


@pytest.mark.parametrize("width", [1200, 761, 320])
@pytest.mark.parametrize("name", SITES)
def test_nothing_scrolls_sideways_but_named_tables(page: Page, sites: Sites, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in some_pages(sites, name):
        open_page(page, path)
        open_details(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        regions = page.evaluate(
            """() => [...document.querySelectorAll('body *')]
                .filter(it => it.scrollWidth > it.clientWidth + 1)
                .filter(it => getComputedStyle(it).overflowX === "auto")
                .map(it => [it.getAttribute('role'), it.getAttribute('aria-label'), it.tabIndex])"""
        )
        assert all(role == "region" and label and tab == 0 for role, label, tab in regions), path


def test_cards_are_still_a_table_to_a_screen_reader(page: Page, sites: Sites) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    open_page(page, sites.folders["plain"] / "index.html")
    assert page.get_by_role("table").count() == 1
    assert page.get_by_role("columnheader", name="Indicator").count() == 1
    header = page.get_by_role("rowheader", name="Followed up 1")
    assert page.get_by_role("row").filter(has=header).first.get_by_role("cell").count() == 6


def test_each_width_has_its_own_drawing(page: Page, sites: Sites) -> None:
    path = next(it for it in sites.pages("plain") if it.parent.name == "indicators")
    for width, name in ((1280, "wide"), (900, "middle"), (320, "narrow")):
        page.set_viewport_size({"width": width, "height": 800})
        open_page(page, path)
        drawings = (f".tp-chart--{it}:visible" for it in ("wide", "middle", "narrow"))
        shown = page.locator(", ".join(drawings))
        assert shown.count() == 1
        assert f"tp-chart--{name}" in (shown.get_attribute("class") or "")
        box = shown.bounding_box()
        assert box is not None
        assert box["width"] <= width


def test_units_below_have_a_drawing_for_each_width_and_stand_in_one_column_on_a_phone(
    page: Page, sites: Sites
) -> None:
    path = sites.folders["units"] / "indicators/twelve.html"
    for width, name, columns in ((1280, "wide", 4), (900, "wide", 3), (320, "narrow", 1)):
        page.set_viewport_size({"width": width, "height": 800})
        open_page(page, path)
        shown = page.locator(".tp-ranking .tp-chart:visible")
        assert shown.count() == 1
        assert f"tp-chart--ranked-{name}" in (shown.get_attribute("class") or "")
        places = [it.bounding_box() for it in page.locator(".tp-multiples > li").all()]
        assert len({round(place["x"]) for place in places if place}) == columns
        assert page.locator(".tp-multiples .tp-chart:visible").count() == 9


def test_the_figures_of_a_ranked_chart_open_with_the_keyboard(page: Page, sites: Sites) -> None:
    open_page(page, sites.folders["units"] / "indicators/twelve.html")
    details = page.locator(".tp-ranking + .tp-details")
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert details.locator("tbody tr").count() == 11
    assert details.locator("table").is_visible()


def test_units_below_print_with_their_chart_and_without_what_is_closed(page: Page, sites: Sites) -> None:
    open_page(page, sites.folders["units"] / "indicators/twelve.html")
    page.emulate_media(media="print")
    assert page.locator(".tp-ranking .tp-chart--ranked-wide").is_visible()
    assert not page.locator(".tp-details:visible").count()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 7


def test_a_sentence_opens_its_figures_with_the_keyboard(page: Page, sites: Sites) -> None:
    open_page(page, sites.folders["plain"] / "index.html")
    first = page.locator("details").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.locator("table tbody tr").count() == 13
    assert first.locator("table").is_visible()


def test_on_a_phone_what_is_pressed_is_large_enough(page: Page, sites: Sites) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    open_page(page, sites.folders["plain"] / "index.html")
    small = page.evaluate(
        """() => [...document.querySelectorAll('summary, nav a')].filter(it => it.offsetParent !== null)
            .filter(it => it.getBoundingClientRect().height < 24).map(it => it.textContent)"""
    )
    assert small == []


def test_it_prints(page: Page, sites: Sites, tmp_path: Path) -> None:
    """A4 landscape; navigation and open details vanish, sentences stay, the head repeats on each page."""
    open_page(page, sites.folders["sixty"] / "index.html")
    sentence = page.locator("details summary").last.inner_text()
    page.emulate_media(media="print")
    assert not page.locator(".tp-nav").is_visible()
    assert page.locator("details summary").last.inner_text() == sentence
    assert page.locator("details summary").last.is_visible()
    assert not page.locator("details .tp-more").first.is_visible()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", pdf)
    assert box is not None
    assert (round(float(box[1])), round(float(box[2]))) == (842, 595)
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 40


@pytest.mark.parametrize("name", ["hostile", "hostile-units"])
def test_hostile_words_are_shown_and_do_nothing(page: Page, sites: Sites, name: str) -> None:
    for path in sites.pages(name):
        open_page(page, path)
        assert page.locator("script, img, iframe, object, embed").count() == 0
        assert "<script>alert(1)</script>" in page.locator("body").inner_text()


def test_hostile_names_of_units_are_shown_and_do_nothing(page: Page, sites: Sites) -> None:
    for path in some_pages(sites, "divisions-hostile"):
        open_page(page, path)
        assert page.locator("script, img, iframe, object, embed").count() == 0
        assert "<script>alert(1)</script>" in page.locator("body").inner_text()


def test_a_wide_comparison_scrolls_by_itself_and_keeps_its_first_column(page: Page, sites: Sites) -> None:
    page.set_viewport_size({"width": 1200, "height": 800})
    open_page(page, sites.folders["divisions"] / "compare.html")
    region = page.get_by_role("region", name=re.compile("divisions compared"))
    region.focus()
    first = page.locator(".tp-compare th[scope=row]").first
    before = first.evaluate("it => it.getBoundingClientRect().left")
    region.evaluate("it => { it.scrollLeft = 600 }")
    assert region.evaluate("it => it.scrollLeft") == 600
    assert before - 4 < first.evaluate("it => it.getBoundingClientRect().left") <= before


def test_on_a_phone_a_comparison_is_a_card_for_each_indicator(page: Page, sites: Sites) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    open_page(page, sites.folders["divisions"] / "compare.html")
    assert page.get_by_role("table").count() == 1
    assert page.get_by_role("columnheader", name="Adult Mental Health", exact=True).count() == 1
    row = page.get_by_role("row").filter(has=page.locator("th[scope=row]")).first
    labels = row.get_by_role("cell").evaluate_all(
        "them => them.map(it => getComputedStyle(it, '::before').content)"
    )
    assert labels[0] == '"Test Trust"'
    assert len(labels) == 15
    boxes = row.get_by_role("cell").evaluate_all("them => them.map(it => it.getBoundingClientRect().width)")
    assert max(boxes) <= 320


def test_on_a_phone_the_matrix_leaves_out_its_empty_squares(page: Page, sites: Sites) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    open_page(page, sites.folders["divisions"] / "matrix.html")
    assert page.locator(".tp-square:visible").count() == page.locator(".tp-square:has(li)").count() > 0


@pytest.mark.parametrize("name", ["compare", "matrix", "index"])
def test_a_divisions_pages_print_on_landscape_paper(page: Page, sites: Sites, name: str) -> None:
    open_page(page, sites.folders["divisions"] / f"{name}.html")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1039, "height": 700})  # A4 landscape within its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 1039
    assert (
        page.evaluate("getComputedStyle(document.querySelector('main thead')).display")
        == "table-header-group"
    )
    # A table that may not break goes to the second sheet and leaves the first one empty.
    table = "document.querySelector('main table')"
    assert page.evaluate(f"getComputedStyle({table}).breakInside") == "auto"
    assert [it.is_visible() for it in page.locator(".tp-footer p").all()] == [True, False]  # no downloads
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", pdf)
    assert box is not None
    assert (round(float(box[1])), round(float(box[2]))) == (842, 595)

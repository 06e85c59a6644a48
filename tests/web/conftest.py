"""A browser, and the sites it looks at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from tests.synthetic import Trust
from tests.web.charts import CASES
from tests.web.children import every_case
from tests.web.documents import HOSTILE, LONG, catalogue, document, scorecard_of
from tests.web.years import YEARS
from trigpoint.publish.compose.every_page import compose
from trigpoint.publish.document import Document
from trigpoint.publish.formats.html import write_site

CHROMIUM = Path(os.environ.get("TRIGPOINT_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def _empty() -> Document:
    none = catalogue({})
    return compose(scorecard_of(none, {}), none, {}, snapshot="0" * 64)


def _every_chart() -> Document:
    """A page of an indicator for each hard case of the anatomy."""
    made = document(len(CASES))
    charts = zip(made.indicators, CASES.values(), cycle(YEARS.values()), strict=False)
    return replace(
        made,
        indicators=tuple(replace(page, chart=case(), year_on_year=year()) for page, case, year in charts),
    )


DIVISIONS = Trust(divisions=14, services=0, teams=0, indicators=45, months=14, gaps=True)
TREE = Trust(divisions=6, services=5, teams=4, indicators=3, months=14)
SITES: dict[str, Callable[[], Document]] = {
    "plain": lambda: document(8),
    "sixty": lambda: document(60),
    "hostile": lambda: document(6, words=HOSTILE),
    "long": lambda: document(8, words=LONG, title=LONG),
    "empty": _empty,
    "charts": _every_chart,
    "units": every_case,
    "hostile-units": lambda: every_case(HOSTILE),
    "long-units": lambda: every_case(LONG),
    "divisions": DIVISIONS.document,
    "divisions-hostile": replace(DIVISIONS, divisions=3, indicators=9, words=HOSTILE).document,
    "divisions-long": replace(DIVISIONS, divisions=6, indicators=9, words=LONG.strip()).document,
    "tree": TREE.document,
}
UNITS = {
    "divisions-hostile": replace(DIVISIONS, divisions=3, indicators=9, words=HOSTILE).units_page,
    "divisions-long": replace(DIVISIONS, divisions=6, indicators=9, words=LONG.strip()).units_page,
    "tree": TREE.units_page,
}
"""The sites of many units, with the page that lists them."""


@dataclass(frozen=True, slots=True)
class Sites:
    """The folder of each site, by its name."""

    folders: Mapping[str, Path]

    def pages(self, name: str) -> list[Path]:
        return sorted(self.folders[name].rglob("*.html"))


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folders = {name: tmp_path_factory.mktemp(name) for name in SITES}
    for name, make in SITES.items():
        write_site(make(), folders[name], UNITS[name]() if name in UNITS else None)
    return Sites(folders)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; install Debian's, or set TRIGPOINT_CHROMIUM")
    with sync_playwright() as playwright:
        yield from _launched(playwright)


def _launched(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that refuses every request but those for files, and fails the test that made one."""
    context = browser.new_context(java_script_enabled=True, reduced_motion="reduce")
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: asked.append(f"script error: {error}"))
    opened.on("dialog", lambda dialog: asked.append(f"dialog: {dialog.message}"))
    yield opened
    try:
        context.close()
    except Error as error:
        pytest.fail(f"the browser was lost: {error}")
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]

"""Every kind of picture in Chromium: accessible, valid, and with no words that meet in the font it uses."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.gallery import gallery
from tests.web.test_pages import AXE, CHECKER, axe, open_page

pytestmark = pytest.mark.web

MEETING = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.tp-chart')) {
    const [, , across, deep] = svg.getAttribute('viewBox').split(' ').map(Number);
    svg.style.width = across + 'px';
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll('text')].filter(it => !it.closest('defs'));
    const boxes = words.map(it => it.getBoundingClientRect());
    const name = svg.getAttribute('aria-labelledby');
    boxes.forEach((one, i) => {
      if (one.left < frame.left - 1 || one.right > frame.right + 1 ||
          one.top < frame.top - 1 || one.bottom > frame.bottom + 1)
        found.push([name, 'leaves', words[i].textContent]);
      for (let j = i + 1; j < boxes.length; j++) {
        const other = boxes[j];
        if (one.left < other.right - 1 && other.left < one.right - 1 &&
            one.top < other.bottom - 1.5 && other.top < one.bottom - 1.5)
          found.push([name, words[i].textContent, words[j].textContent]);
      }
    });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gallery") / "index.html"
    path.write_text(gallery(), encoding="utf-8")
    return path


def test_axe_finds_nothing_in_any_picture(page: Page, shown: Path) -> None:
    if not AXE.exists():
        pytest.skip(f"no axe-core at {AXE}; scripts/setup --dev brings it")
    open_page(page, shown)
    assert axe(page) == []


def test_every_picture_is_valid_in_a_page(shown: Path) -> None:
    java = shutil.which("java")
    if java is None or not CHECKER.exists():
        pytest.skip(f"the Nu checker needs Java and {CHECKER}; scripts/setup --dev brings both")
    command = [java, "-Xss8m", "-jar", str(CHECKER), "--format", "json", "--stdout", "--errors-only"]
    checked = subprocess.run([*command, str(shown)], capture_output=True, text=True, check=False)
    said = json.loads(checked.stdout)["messages"]
    assert [(it["message"], it.get("extract")) for it in said] == []


def test_in_the_browser_s_own_letters_no_words_meet_or_leave_their_picture(page: Page, shown: Path) -> None:
    """Words were placed by a table of widths; here they are as wide as Chromium draws them."""
    open_page(page, shown)
    assert page.locator("svg.tp-chart text").count() > 3000
    assert page.evaluate(MEETING) == []


def test_pictures_do_nothing_but_be_seen(page: Page, shown: Path) -> None:
    open_page(page, shown)
    assert page.locator("script, img, iframe, object, embed, foreignObject").count() == 0

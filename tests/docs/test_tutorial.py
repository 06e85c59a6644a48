"""The tutorial and the how-to pages do what they show: their files are written, their commands run.

A fence that opens with, say, ``yaml clinic/trigpoint.yaml`` is that file. One of ``console`` holds
commands after ``$``, each with what it prints; ``...`` there stands for any words within a line, and
alone on a line for any lines. A whole sentence *in italics* stands on the scorecard at that point.
Other YAML is a whole section, and valid.
"""

from __future__ import annotations

import html
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Done, ask
from trigpoint.definitions.catalogue import DecisionsFile, DefinitionsFile
from trigpoint.definitions.parse import build, read_yaml
from trigpoint.terms.errors import Fault

DOCS = Path(__file__).parents[2] / "docs"
RUN = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"(?<!\*)\*([A-Z][^*\n]+[.])\*(?!\*)")
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_{what}": "analyst" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def parts(page: Path) -> Iterator[tuple[str, str, str]]:
    """Language, file name and text of each fence; between them, the prose as language ``""``."""
    text, end = page.read_text(encoding="utf-8"), 0
    for found in FENCE.finditer(text):
        yield "", "", text[end : found.start()]
        yield found[1], found[2] or "", found[3]
        end = found.end()
    yield "", "", text[end:]


def exchanges(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console and what it is shown to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield command, printed


def pattern(shown: str) -> str:
    """A pattern of what a page shows."""
    return "".join(
        "(?:.*\n)*?" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + "\n"
        for line in shown.splitlines()
    )


def run(command: str, shown: str, folder: Path) -> str:
    """What a command prints: without its progress; of one that fails, its errors, shown in full."""
    done = _done(shlex.split(command), folder)
    assert done.code == 0 or "..." not in shown, f"{command}\n{done.err}"
    told = [line for line in done.err.splitlines(keepends=True) if not line.endswith(" ...\n")]
    return "".join(told) if done.code else done.out


def _done(words: list[str], folder: Path) -> Done:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | GIT | {"PATH": path}
    if words[0] == "trigpoint":
        return ask(*words[1:], where=folder, environment=environment)
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_the_page_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    ran = 0
    for language, file, text in parts(page):
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, encoding="utf-8", newline="\n")
        for command, shown in exchanges(text) if language == "console" else ():
            printed = run(command, shown, tmp_path)
            if not re.fullmatch(pattern(shown), printed):
                pytest.fail(f"$ {command}\n{printed}\nThe page shows:\n{shown}", pytrace=False)
            ran += 1
        if not language and (quoted := QUOTED.findall(text)):
            pages = [html.unescape(site.read_text("utf-8")) for site in tmp_path.glob("*/site/index.html")]
            assert not [sentence for sentence in quoted if not any(sentence in it for it in pages)]
    assert ran


def test_the_tutorial_quotes_the_scorecard() -> None:
    assert (
        len([it for language, _, text in parts(RUN[0]) if not language for it in QUOTED.findall(text)]) >= 3
    )


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_piece_of_yaml_is_valid(page: Path) -> None:
    for text in (text for language, file, text in parts(page) if language == "yaml" and not file):
        faults: list[Fault] = []
        read = read_yaml(page.name, text, faults)
        assert read is not None
        build(DecisionsFile if "decisions" in read.data else DefinitionsFile, read, faults)
        assert not faults, text


def test_a_page_that_shows_something_else_would_be_found() -> None:
    assert not re.fullmatch(pattern("a\n...\nc ...\n"), "a\nb\nd e\n")
    assert re.fullmatch(pattern("a\n...\nc ...\n"), "a\nb\nb\nc d e\n")

"""The tutorial and the how-to pages do what they show: their files are written, their commands run.

A fence whose first line is, say, ```` ```yaml clinic/trigpoint.yaml ```` is that file. One of
``console`` holds commands after ``$``, each with what it prints; ``...`` there stands for any
words within a line, and alone on a line for any lines. Other YAML is a whole section, and valid.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trigpoint.definitions.catalogue import DecisionsFile, DefinitionsFile
from trigpoint.definitions.parse import build, read_yaml
from trigpoint.terms.errors import Fault

DOCS = Path(__file__).parents[2] / "docs"
RUN = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHO = {
    f"GIT_{who}_{what}": "analyst@trust.example"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}


def fences(page: Path) -> list[tuple[str, str, str]]:
    """The language, file name and text of each fence."""
    return [
        (found[1], found[2] or "", found[3]) for found in FENCE.finditer(page.read_text(encoding="utf-8"))
    ]


def exchanges(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console and what it is shown to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = re.sub(r"\\\n\s*", "", part).partition("\n")
        yield command, printed


def pattern(shown: str) -> str:
    """A pattern of what a page shows."""
    lines = (
        "(?:.*\n)*?" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + "\n"
        for line in shown.splitlines()
    )
    return "".join(lines)


def run(command: str, folder: Path) -> str:
    """What a command prints: of Trigpoint, without its progress; of one that fails, its errors."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        shlex.split(command), cwd=folder, env=os.environ | WHO | {"PATH": path}, capture_output=True,
        encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines(keepends=True) if not line.endswith(" ...\n")]
    return "".join(told) if done.returncode else done.stdout


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_the_page_does_what_it_shows(page: Path, tmp_path: Path) -> None:
    ran = 0
    for language, file, text in fences(page):
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, encoding="utf-8", newline="\n")
        for command, shown in exchanges(text) if language == "console" else ():
            printed = run(command, tmp_path)
            assert re.fullmatch(pattern(shown), printed), f"{command}\n{printed}"
            ran += 1
    assert ran


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_piece_of_yaml_is_valid(page: Path) -> None:
    for text in (text for language, file, text in fences(page) if language == "yaml" and not file):
        faults: list[Fault] = []
        read = read_yaml(page.name, text, faults)
        assert read is not None
        build(DecisionsFile if "decisions" in read.data else DefinitionsFile, read, faults)
        assert not faults, text


def test_a_page_that_shows_something_else_would_be_found() -> None:
    assert not re.fullmatch(pattern("a\n...\nc ...\n"), "a\nb\nd e\n")
    assert re.fullmatch(pattern("a\n...\nc ...\n"), "a\nb\nb\nc d e\n")

"""The documents say what is so: commands exist, links lead somewhere, words are defined."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from trigpoint.cli import main
from trigpoint.cli.options import commands as trigpoint

assert main.ROOMS  # their commands are there once they are imported

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]
FENCE = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> Iterator[list[str]]:
    """The words of each command line that a document shows, its comment left out."""
    for block in FENCE.findall(text_of(name)):
        yield from (words for line in block.splitlines() if (words := line.partition("#")[0].split()))


@pytest.mark.parametrize("name", NAMES)
def test_every_script_a_document_shows_is_there_and_runs(name: str) -> None:
    shown = {words[0] for words in commands(name) if "/" in words[0]}
    broken = [word for word in shown if not is_executable(ROOT / word)]
    assert not broken


def is_executable(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & 0o100)


def test_the_readme_gives_two_commands() -> None:
    assert {"scripts/start", "scripts/test"} <= {words[0] for words in commands("README.md")}


@pytest.mark.parametrize("name", NAMES)
def test_every_trigpoint_command_a_document_shows_is_one(name: str) -> None:
    for program, *words in commands(name):
        if program.endswith("trigpoint"):
            taken = {option for parameter in trigpoint.commands[words[0]].params for option in parameter.opts}
            assert {word for word in words if word.startswith("-")} <= taken, words


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    home = (ROOT / name).parent
    links = [link.split("#")[0] for link in LINK.findall(text_of(name)) if "://" not in link]
    assert not [link for link in links if link and not (home / link).exists()]


def test_the_changelog_has_an_unreleased_section_that_says_something() -> None:
    unreleased = re.search(
        r"^## Unreleased\n(.*?)(?=^## |\Z)", text_of("CHANGELOG.md"), re.MULTILINE | re.DOTALL
    )
    assert unreleased
    assert "\n- " in unreleased[1]


def test_the_glossary_is_in_order_and_defines_what_it_leans_on() -> None:
    glossary = text_of("docs/glossary.md")
    defined = [word.casefold() for word in re.findall(r"^\*\*(.+?)\*\* –", glossary, re.MULTILINE)]
    assert defined == sorted(defined)
    leaned_on = re.findall(r"\*(.+?)\*", re.sub(r"\*\*.+?\*\*", "", glossary.split("entry of their own.")[1]))
    one = {word.casefold().removesuffix("s") for word in leaned_on}
    assert len(one) > 30
    assert not one - {word.removesuffix("s") for word in defined}


def test_no_file_is_a_copy_of_shared_material(shared: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    ours = [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    by_size: dict[int, list[Path]] = {}
    for path in shared.rglob("*"):
        if path.is_file() and path.stat().st_size:
            by_size.setdefault(path.stat().st_size, []).append(path)
    copies = [
        f"{path.relative_to(ROOT)} is {twin.relative_to(shared)}"
        for path in ours
        for twin in by_size.get(path.stat().st_size, [])
        if path.read_bytes() == twin.read_bytes()
    ]
    assert ours
    assert not copies

"""A site of many units: where each page stands, what leads to it, and what is never published."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.synthetic import NOW, PERSON, Trust
from trigpoint.analysis.series import every_series, series
from trigpoint.month.site import publish
from trigpoint.publish.formats.html import CONTENTS
from trigpoint.store.manifest import Manifest
from trigpoint.store.workspace import Workspace
from trigpoint.terms.errors import NotFound, TrigpointError, Unfinished

TRUST = Trust(divisions=2, services=2, teams=2, indicators=9, months=20, gaps=True)
Stored = tuple[Workspace, Manifest]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    return TRUST.stored(tmp_path_factory.mktemp("whole") / "w")


@pytest.fixture(scope="module")
def site(stored: Stored, tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace, manifest = stored
    out = tmp_path_factory.mktemp("site")
    publish(workspace, TRUST.catalogue, manifest, month=NOW, out=out)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def listed(folder: Path) -> set[str]:
    """Every file that the lists name, with the lists themselves."""
    found = {CONTENTS}
    for name in (folder / CONTENTS).read_text(encoding="utf-8").splitlines():
        found.add(name)
        if name.endswith(f"/{CONTENTS}") and (folder / name).is_file():
            below = (folder / name).parent
            found |= {(Path(name).parent / it).as_posix() for it in listed(below)}
    return found


def rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        if tag != "use" and (target := given.get("href") or given.get("src")):
            self.targets.append(target)


def test_every_unit_has_its_folder_and_the_first_is_the_root(site: Path) -> None:
    made = files(site)
    for unit in TRUST.units:
        folder = "" if unit == "T" else f"units/{unit}/"
        assert {f"{folder}{name}" for name in ("index.html", "matrix.html", "data/scorecard.csv")} <= set(
            made
        )
        has_children = unit in TRUST.units.values()
        assert (f"{folder}compare.html" in made) is has_children
        assert (f"{folder}data/comparison.csv" in made) is has_children


def test_every_link_leads_somewhere_within_the_site(site: Path) -> None:
    made = files(site)
    parsed: dict[str, _Links] = {}
    for name, content in made.items():
        if name.endswith(".html"):
            parsed[name] = _Links()
            parsed[name].feed(content.decode())
    for name, links in parsed.items():
        for target in links.targets:
            path, _, anchor = target.partition("#")
            resolved = (
                Path("/", Path(name).parent, path).resolve().relative_to("/").as_posix() if path else name
            )
            assert target == "data:," or resolved in made, (name, target)
            assert not anchor or anchor in parsed[resolved].anchors, (name, target)


def test_every_page_can_be_reached_from_the_first(site: Path) -> None:
    pages = {name: content for name, content in files(site).items() if name.endswith(".html")}
    reached, ahead = {"index.html"}, ["index.html"]
    while ahead:
        name = ahead.pop()
        links = _Links()
        links.feed(pages[name].decode())
        for target in links.targets:
            path = target.partition("#")[0]
            resolved = Path("/", Path(name).parent, path).resolve().relative_to("/").as_posix()
            if path and resolved in pages and resolved not in reached:
                reached.add(resolved)
                ahead.append(resolved)
    assert reached == set(pages)


def test_the_way_down_from_the_trust_stands_on_every_page(site: Path) -> None:
    page = (site / "units" / "D1S0T1" / "matrix.html").read_text(encoding="utf-8")
    crumbs = page[page.index('aria-label="Breadcrumb"') :].partition("</nav>")[0]
    assert re.findall(r'<a href="([^"]*)">', crumbs) == [
        "../../index.html",
        "../../units/D1/index.html",
        "../../units/D1S0/index.html",
        "index.html",
    ]


def test_no_byte_of_the_site_names_a_person(site: Path) -> None:
    code, _, name = PERSON.partition(" ")
    assert TRUST.catalogue.organisation.spells(code)[0].name == name
    for path, content in files(site).items():
        assert code.lower() not in path.lower()
        assert code.encode() not in content
        assert name.encode() not in content


def test_pages_of_a_person_cannot_be_asked_for(stored: Stored, tmp_path: Path) -> None:
    workspace, manifest = stored
    with pytest.raises(NotFound, match="person"):
        publish(workspace, TRUST.catalogue, manifest, unit=PERSON.split()[0], month=NOW, out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_lists_name_every_file_and_no_other(site: Path) -> None:
    assert listed(site) == set(files(site))


def test_one_process_and_two_write_the_same_bytes(stored: Stored, site: Path, tmp_path: Path) -> None:
    workspace, manifest = stored
    publish(workspace, TRUST.catalogue, manifest, month=NOW, out=tmp_path, processes=2)
    assert files(tmp_path) == files(site)


def test_where_no_further_process_can_be_started_one_writes_all(
    stored: Stored, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, manifest = stored
    monkeypatch.setattr("trigpoint.month.workers._start", os.getpid)  # takes no order, so no worker starts
    publish(workspace, TRUST.catalogue, manifest, month=NOW, out=tmp_path, processes=2)
    assert files(tmp_path) == files(site)


def test_a_fault_in_a_further_process_is_told_in_words(stored: Stored, tmp_path: Path) -> None:
    workspace, manifest = stored
    (tmp_path / "units").write_text("a file where the folder should be")
    with pytest.raises(TrigpointError, match="could not be stored"):
        publish(workspace, TRUST.catalogue, manifest, month=NOW, out=tmp_path, processes=2)


def test_progress_counts_the_units(stored: Stored, tmp_path: Path) -> None:
    workspace, manifest = stored
    told: list[tuple[int, int]] = []

    def progress(_: str, done: int, total: int) -> None:
        told.append((done, total))

    publish(workspace, TRUST.catalogue, manifest, month=NOW, out=tmp_path, progress=progress)
    assert told[0][0] == 0
    assert told[-1] == (len(TRUST.units), len(TRUST.units))


def test_only_the_unit_itself_is_written_where_that_is_asked_for(stored: Stored, tmp_path: Path) -> None:
    workspace, manifest = stored
    publish(workspace, TRUST.catalogue, manifest, unit="D0", month=NOW, out=tmp_path, only=True)
    made = files(tmp_path)
    assert not [name for name in made if name.startswith("units")]
    assert "compare.html" in made
    assert b"units.html" not in made["index.html"]
    assert b'href="units/' not in made["compare.html"]


def test_a_smaller_site_in_the_same_folder_leaves_nothing_of_the_larger(
    stored: Stored, tmp_path: Path
) -> None:
    workspace, manifest = stored
    (tmp_path / "notes.txt").write_text("not ours")
    publish(workspace, TRUST.catalogue, manifest, month=NOW, out=tmp_path)
    publish(workspace, TRUST.catalogue, manifest, unit="D0S0", month=NOW, out=tmp_path)
    assert listed(tmp_path) | {"notes.txt"} == set(files(tmp_path))
    assert not (tmp_path / "units" / "D1").exists()
    assert (tmp_path / "units" / "D0S0T1" / "index.html").is_file()


def test_stopped_half_way_it_can_be_read_and_its_lists_still_name_all(stored: Stored, tmp_path: Path) -> None:
    workspace, manifest = stored

    def stop(_: str, done: int, __: int) -> None:
        if done > 1:
            raise KeyboardInterrupt

    with pytest.raises(Unfinished, match=r"still missing or old.*same command writes it whole") as stopped:
        publish(workspace, TRUST.catalogue, manifest, month=NOW, out=tmp_path, progress=stop)
    assert stopped.value.exit_code == 130
    assert (tmp_path / "index.html").is_file()
    assert set(files(tmp_path)) <= listed(tmp_path)
    publish(workspace, TRUST.catalogue, manifest, unit="D1S1T1", month=NOW, out=tmp_path)
    assert set(files(tmp_path)) == listed(tmp_path)


def test_a_level_without_a_pack_shows_all_that_is_offered_at_it(site: Path) -> None:
    assert not TRUST.catalogue.packs
    shown = {row["indicator"] for row in rows((site / "data" / "scorecard.csv").read_bytes())}
    assert shown == set(TRUST.catalogue.indicators)


def test_a_team_has_no_row_for_what_it_has_no_part_in(site: Path) -> None:
    held = {(row["indicator"], row["unit"]) for row in TRUST.panel.table.to_pylist()}
    team = "D0S0T0"
    shown = {row["indicator"] for row in rows((site / "units" / team / "data/scorecard.csv").read_bytes())}
    assert shown == {code for code, unit in held if unit == team}
    assert shown != set(TRUST.catalogue.indicators)


def test_a_comparison_and_the_scorecards_hold_the_same_figures(site: Path) -> None:
    compared = {(r["indicator"], r["unit"]): r for r in rows((site / "data" / "comparison.csv").read_bytes())}
    for unit in ("D0", "D1"):
        for row in rows((site / "units" / unit / "data" / "scorecard.csv").read_bytes()):
            if row["month"] == str(NOW):
                other = compared[row["indicator"], unit]
                same = row.keys() & other.keys()
                assert {name: row[name] for name in same} == {name: other[name] for name in same}
                assert {"value", "state", "attainment", "whole_verdict", "whole_difference"} <= same


def test_the_trust_has_no_column_for_the_whole_and_what_is_below_it_none_for_peers(site: Path) -> None:
    ours = (site / "index.html").read_text(encoding="utf-8")
    theirs = (site / "units" / "D0" / "index.html").read_text(encoding="utf-8")
    assert (heads(ours)[-2:], heads(theirs)[-2:]) == (["Peers", "Data"], ["Whole", "Data"])
    assert re.search(r"differs? from the trust\. Of \d+ comparisons", theirs)
    assert "Figures of each month follow the organisation as it was then." in theirs


def test_another_unit_s_site_does_not_take_the_trust_s_place(stored: Stored) -> None:
    workspace, manifest = stored
    page = publish(workspace, TRUST.catalogue, manifest, unit="D0", month=NOW, only=True)
    assert page == workspace.root / "site-D0" / "index.html"
    assert not workspace.site.exists()


def heads(page: str) -> list[str]:
    table = page[page.index('class="tp-scorecard"') :].partition("</thead>")[0]
    return re.findall(r"<th[^>]*>([^<]*)", table)


def test_all_series_at_once_are_those_of_one_at_a_time() -> None:
    found = every_series(TRUST.panel, TRUST.catalogue, (), NOW, TRUST.units)
    kept = {(row["indicator"], row["unit"]) for row in TRUST.panel.table.to_pylist()}
    assert set(found) == kept
    for (code, unit), one in found.items():
        assert one == series(TRUST.panel, TRUST.catalogue, (), code, unit, NOW)


def test_the_past_of_a_series_is_that_of_its_finding() -> None:
    pasts: Mapping[tuple[str, str], object] = {
        (found.indicator, found.unit): found.past for found in TRUST.findings if found.month == NOW
    }
    found = every_series(TRUST.panel, TRUST.catalogue, (), NOW, TRUST.units)
    assert {key: one.past for key, one in found.items()} == pasts

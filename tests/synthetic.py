"""A made-up trust of any size: divisions, services and teams, with definitions, figures and findings."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.analysis.assess import assess
from trigpoint.analysis.finding import Difference, WholeReason
from trigpoint.analysis.findings import SCHEMA as FINDINGS_SCHEMA
from trigpoint.analysis.findings import Findings
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.month.desk import Desk, Order
from trigpoint.publish.document import Document, UnitsPage
from trigpoint.store.manifest import FINDINGS, OBSERVATIONS, Inputs, Manifest, Partition
from trigpoint.store.snapshot import Snapshots
from trigpoint.store.workspace import Workspace, create
from trigpoint.terms.panel import ALL, SCHEMA, Panel, State, Status
from trigpoint.terms.period import Month

NOW = Month(2026, 10)
PERSPECTIVES = {
    "access": ("Access to services", "Can people get help when they need it?"),
    "safe": ("Patient safety", "Is care safe?"),
    "kind": ("Effectiveness and experience", "Does care work, and do people say so?"),
    "people": ("People", "Are staff well, trained and supported?"),
    "money": ("Finance and productivity", "Is money and time well used?"),
}
TITLES = (
    *("Seen within 6 weeks", "Crisis referrals seen within 24 hours", "Followed up within 72 hours"),
    *("Restrictive interventions", "Would recommend the service", "Complaints answered in time"),
    *("Sickness absence", "Mandatory training up to date", "Appointments not attended"),
)
DIVISIONS = (
    *("Adult Mental Health", "Older People", "Children and Young People", "Community Health"),
    *("Specialist and Learning Disability", "Talking Therapies"),
)
PERSON = "PERSON-7 Jo Example"
"""The code and the name of a person, who is a unit too and never published."""


@dataclass(frozen=True)
class Trust:
    """So many divisions, services in each and teams in each of those, indicators and months.

    ``gaps`` takes figures away, for every reason that there is; ``words`` is added to every name and title.
    """

    divisions: int
    services: int
    teams: int
    indicators: int
    months: int
    structure: str = "as_was"
    gaps: bool = False
    words: str = ""

    @cached_property
    def units(self) -> Mapping[str, str | None]:
        """Each unit of the trust with its parent, the trust itself first."""
        found: dict[str, str | None] = {"T": None}
        for d in range(self.divisions):
            found[f"D{d}"] = "T"
            for s in range(self.services):
                found[f"D{d}S{s}"] = f"D{d}"
                found |= {f"D{d}S{s}T{t}": f"D{d}S{s}" for t in range(self.teams)}
        return found

    @cached_property
    def texts(self) -> dict[str, str]:
        """The workspace's files."""
        return {
            "trigpoint.yaml": f"name: Test Trust\nhome: T\npeers: trusts\nstructure: {self.structure}\n",
            "definitions/frame.yaml": "".join(_frame()),
            "definitions/indicators.yaml": "indicators:\n"
            + "".join(_indicator(at, self.words) for at in range(self.indicators)),
            "definitions/units.csv": "".join(self._units_csv()),
        }

    @cached_property
    def catalogue(self) -> Catalogue:
        return read_catalogue(self.texts)

    @cached_property
    def panel(self) -> Panel:
        """Figures of every month: those of teams made up, and the others added up from them."""
        rng = np.random.default_rng(20261124)
        return Panel.concat(self._figures(at, rng) for at in range(self.indicators))

    @cached_property
    def findings(self) -> Findings:
        """Those of the last 13 months."""
        found = assess(self.panel, self.catalogue, (), [NOW - back for back in range(13)])
        return beside_the_whole(found) if self.gaps else found

    def stored(self, folder: Path) -> tuple[Workspace, Manifest]:
        """A workspace with a snapshot of all this."""
        create(folder, {name: text.encode() for name, text in self.texts.items()})
        snapshots = Snapshots(folder)
        kinds: dict[str, Panel | Findings] = {OBSERVATIONS: self.panel, FINDINGS: self.findings}
        partitions: dict[str, dict[Month, Partition]] = {kind: {} for kind in kinds}
        for kind, held in kinds.items():
            for back in range(self.months if kind is OBSERVATIONS else 13):
                part = snapshots.write_part(held.of_month(NOW - back).table, f"{kind} {back}")
                partitions[kind][NOW - back] = part
        manifest = Manifest(Inputs("d", "e", (), "c"), partitions)
        snapshots.publish(manifest)
        return Workspace.at(folder), manifest

    def document(self) -> Document:
        """The trust's own."""
        with tempfile.TemporaryDirectory() as folder:
            return next(iter(self._desk(Path(folder) / "w").documents(["T"])))

    def units_page(self) -> UnitsPage:
        with tempfile.TemporaryDirectory() as folder:
            page = self._desk(Path(folder) / "w").units_page()
        assert page is not None
        return page

    def _desk(self, folder: Path) -> Desk:
        workspace, manifest = self.stored(folder)
        return Desk(Order(workspace, self.catalogue, manifest, tuple(self.units), NOW, None, None))

    def _units_csv(self) -> Iterator[str]:
        yield "code,name,level,parent\nN,Nation,nation,\nPEER,Neighbouring Trust,trust,N\n"
        levels = ("trust", "division", "service", "team")
        for code, parent in self.units.items():
            depth = sum(letter in code for letter in "DST") if code != "T" else 0
            name = f"{self._name(code)} {self.words}".strip().replace('"', '""')
            yield f'{code},"{name}",{levels[depth]},{parent or "N"}\n'
        last = list(self.units)[-1]
        if "T" in last[1:]:
            code, _, name = PERSON.partition(" ")
            yield f"{code},{name},person,{last}\n"

    def _name(self, code: str) -> str:
        if code == "T":
            return "Test Trust"
        division, _, rest = code[1:].partition("S")
        if not rest:
            return DIVISIONS[int(division) % len(DIVISIONS)] + " again" * (int(division) // len(DIVISIONS))
        service, _, team = rest.partition("T")
        return f"Team {team} of service {service}.{division}" if team else f"Service {service} of {division}"

    def _figures(self, at: int, rng: np.random.Generator) -> Panel:
        codes = list(self.units)
        leaves = [code for code in codes if code not in self.units.values()]
        size = (len(codes), self.months)
        numerator, denominator = np.zeros(size), np.zeros(size)
        for leaf in leaves:
            out_of = rng.integers(20, 60, self.months).astype(float)
            counted = rng.binomial(out_of.astype(int), 0.55 + 0.4 * rng.random()).astype(float)
            place: str | None = leaf
            while place is not None:
                numerator[codes.index(place)] += counted
                denominator[codes.index(place)] += out_of
                place = self.units[place]
        made = _panel(f"I{at:02}", codes, numerator, None if at % 9 == 8 else denominator)
        return Panel(_with_gaps(made.table, at, codes)) if self.gaps else made


def _panel(
    code: str,
    units: list[str],
    numerator: npt.NDArray[np.float64],
    denominator: npt.NDArray[np.float64] | None,
) -> Panel:
    months = numerator.shape[1]
    all_months = [NOW - back for back in range(months - 1, -1, -1)]
    count = len(units) * months
    value = numerator if denominator is None else 100 * numerator / denominator

    def numbers(of: npt.NDArray[np.float64] | None) -> pa.Array:
        return pa.nulls(count, pa.float64()) if of is None else pa.array(of.ravel())

    columns = [
        pa.repeat(code, count),
        pa.array(np.repeat(units, months)),
        pa.array([month.start for month in all_months] * len(units), pa.date32()),
        pa.array([month.end for month in all_months] * len(units), pa.date32()),
        pa.repeat(ALL, count),
        numbers(numerator),
        numbers(denominator),
        numbers(value),
        pa.repeat(str(Status.FINAL), count),
        pa.repeat(str(State.VALUE), count),
        pa.nulls(count, pa.int32()),
        pa.nulls(count, pa.int32()),
    ]
    return Panel.of(pa.table(columns, schema=SCHEMA))


def _with_gaps(table: pa.Table, at: int, codes: list[str]) -> pa.Table:
    """Some units have no part in an indicator; others lack this month's figure, each for its own reason."""
    rows = [row | _gap(row, codes.index(row["unit"]), at) for row in table.to_pylist()]
    kept = [
        row for row in rows if codes.index(row["unit"]) == 0 or (codes.index(row["unit"]) * 7 + at) % 11 != 3
    ]
    return pa.Table.from_pylist(kept, schema=SCHEMA)


def _gap(row: Mapping[str, Any], place: int, at: int) -> dict[str, Any]:
    none = {"numerator": None, "denominator": None, "value": None}
    if not place or row["end"] != NOW.end:
        return {}
    if (place * 5 + at) % 13 == 4:
        return {**none, "state": State.NOT_SUBMITTED}
    if (place * 3 + at) % 17 == 5:
        return {**none, "state": State.INCOMPLETE, "parts": 4, "present": 3}
    if (place + at) % 19 == 6:
        return {**none, "state": State.SUPPRESSED}
    few = (place + at) % 23 == 7 and row["denominator"] is not None
    return {"numerator": 2.0, "denominator": 3.0, "value": 200 / 3} if few else {}


def beside_the_whole(found: Findings) -> Findings:
    """Findings with verdicts against the trust, made up as roughly as a test of pages can do with."""
    rows = found.table.to_pylist()
    trust = {(row["indicator"], row["end"]): row for row in rows if row["unit"] == "T"}
    for row in rows:
        whole = trust[row["indicator"], row["end"]]
        if row["unit"] != "T":
            row["whole"] = _beside(row, whole)
    return Findings(pa.Table.from_pylist(rows, schema=FINDINGS_SCHEMA))


def _beside(row: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    none = dict.fromkeys(("value", "difference", "lower", "upper", "share"))
    refused = {"unit": "T", "verdict": Difference.NOT_COMPARED, **none}
    if row["value"] is None:
        return {**refused, "reason": WholeReason.NO_FIGURE}
    if row["denominator"] is None:
        return {**refused, "reason": WholeReason.COUNT}
    difference, share = row["value"] - whole["value"], row["denominator"] / whole["denominator"]
    half = 196 * math.sqrt(0.2 / row["denominator"]) * (1 - share)
    verdict = Difference.NO_DIFFERENT
    if row["denominator"] < 10:
        verdict = Difference.TOO_FEW
    elif abs(difference) > half:
        verdict = Difference.BETTER if difference > 0 else Difference.WORSE
    around = {"lower": difference - half, "upper": difference + half, "share": share}
    return {
        "unit": "T",
        "verdict": verdict,
        "value": whole["value"],
        "difference": difference,
        **around,
        "reason": "",
    }


def _frame() -> Iterator[str]:
    yield "perspectives:\n"
    for code, (title, question) in PERSPECTIVES.items():
        yield f"  {code}: {{title: '{title}', question: '{question}'}}\n"
    yield "objectives:\n"
    for code, (title, _) in PERSPECTIVES.items():
        yield f"  {code}: {{title: 'Better: {title.lower()}', perspective: {code}}}\n"
    yield "peer_groups:\n  trusts: {title: Trusts, members: [{unit: T}, {unit: PEER}]}\n"
    yield (
        "sources:\n  returns:\n    title: Monthly return\n    format: csv\n    delivery: replace\n"
        "    columns:\n      item: {as: item}\n      unit: {as: unit}\n"
        "      month: {as: month, format: '%Y-%m'}\n      value: {as: value}\n"
    )


def _indicator(at: int, words: str) -> str:
    title = f"{TITLES[at % len(TITLES)]}{f', group {at // len(TITLES)}' if at >= len(TITLES) else ''}"
    title = json.dumps(f"{title} {words}".strip())
    counted = at % 9 == 8
    measure = "count: seen" if counted else "numerator: seen, denominator: all"
    standard = f"{{name: Standard, set_by: national, at_least: {62 + at % 20}, from: 2018-04, primary: true}}"
    return (
        f"  I{at:02}:\n    title: {title}\n    objective: {list(PERSPECTIVES)[at % 5]}\n"
        f"    owner: Director of Nursing\n    direction: {'neutral' if counted else 'up'}\n"
        f"    measured_in: {'appointments' if counted else 'per cent'}\n    decimals: {0 if counted else 1}\n"
        f"    bounds: {{least: 0{'' if counted else ', most: 100'}}}\n"
        f"    levels: [trust, division, service, team]\n    counts: people seen\n"
        "    out_of: people referred\n"
        f"    versions: [{{from: 2018-04, measure: {{source: returns, {measure}}}}}]\n"
        f"    standards: [{'' if counted else standard}]\n"
    )

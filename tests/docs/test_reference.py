"""The reference names every key, rule, check, command and exit code that there is, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import click
import pytest
from pydantic import BaseModel

from trigpoint.analysis.caution import Caution
from trigpoint.analysis.finding import Assurance, Difference, PeerReason, SeriesStatus, WholeReason
from trigpoint.analysis.peers.kinds import Kind
from trigpoint.analysis.peers.methods import METHODS
from trigpoint.analysis.proposal import Weighed
from trigpoint.cli import main as cli
from trigpoint.cli.options import commands
from trigpoint.definitions.catalogue import DecisionsFile, DefinitionsFile
from trigpoint.definitions.column import Column
from trigpoint.definitions.cut import CodeList, Cut, Group
from trigpoint.definitions.decision import Decision, Quality
from trigpoint.definitions.indicator import (
    Bounds,
    Compared,
    Indicator,
    Objective,
    Perspective,
    SpcSettings,
    Version,
)
from trigpoint.definitions.measure import FormulaMeasure, Measure, RecordMeasure
from trigpoint.definitions.organisation import Membership, PeerGroup, Spell
from trigpoint.definitions.pack import Pack
from trigpoint.definitions.parse import UNIT_COLUMNS
from trigpoint.definitions.profile import RULE_NAMES, SHIPPED, ChartKind, RuleProfile
from trigpoint.definitions.quantity import Percentile, Quantity, Related
from trigpoint.definitions.record_check import OwnCheck, Thresholds
from trigpoint.definitions.settings import Calendar, Cluster, Settings
from trigpoint.definitions.source import DEFAULT_SEVERITY, Expects, Source, Span
from trigpoint.definitions.standard import Standard
from trigpoint.publish.datasets import COMPARISON_COLUMNS, FINDING_COLUMNS, RECORD_COLUMNS, SERIES_COLUMNS
from trigpoint.terms import errors

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs/reference"
MODELS: MappingProxyType[str, type[BaseModel]] = MappingProxyType(
    {
        "Sections of a YAML file in definitions/": DefinitionsFile,
        "Settings": Settings,
        "calendar": Calendar,
        "spark": Cluster,
        "units.csv": Spell,
        "perspectives": Perspective,
        "objectives": Objective,
        "indicators": Indicator,
        "bounds": Bounds,
        "spc": SpcSettings,
        "versions": Version,
        "measures": Measure,
        "measures over records": RecordMeasure,
        "over": Quantity,
        "related": Related,
        "percentile": Percentile,
        "formulas": FormulaMeasure,
        "lists": CodeList,
        "cuts": Cut,
        "groups": Group,
        "standards": Standard,
        "packs": Pack,
        "peer_groups": PeerGroup,
        "members": Membership,
        "sources": Source,
        "columns": Column,
        "span": Span,
        "expects": Expects,
        "checks of one's own": OwnCheck,
        "quality of records": Thresholds,
        "decisions": Decision,
        "quality": Quality,
    }
)


def tables(page: str) -> dict[str, list[list[str]]]:
    """The cells of each row of the tables below each heading, header rows left out."""
    text = re.sub(
        r"^\|.*\|\n\|[-|]+\|$", "", (REFERENCE / page).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    found: dict[str, list[list[str]]] = {}
    for part in re.split(r"^#+ ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        rows = [line.strip("|").split("|") for line in body.splitlines() if line.startswith("|")]
        found[heading] = [[cell.strip() for cell in row] for row in rows]
    return found


def named(cell: str) -> str:
    """What stands in a cell's backquotes."""
    return " ".join(re.findall(r"`([^`]+)`", cell))


@pytest.mark.parametrize("heading", MODELS)
def test_every_key_of_a_definition_is_listed_with_whether_it_is_required(heading: str) -> None:
    listed = {named(key): default == "required" for key, _, default, _ in tables("definitions.md")[heading]}
    keys = {it.alias or name: it.is_required() for name, it in MODELS[heading].model_fields.items()}
    assert listed == keys


def test_no_definition_is_left_out() -> None:
    def within(kind: object) -> Iterator[type[BaseModel]]:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind
            yield from chain.from_iterable(within(it.annotation) for it in kind.model_fields.values())
        yield from chain.from_iterable(within(it) for it in getattr(kind, "__args__", ()))

    there = {kind for top in (DefinitionsFile, Settings, DecisionsFile) for kind in within(top)}
    assert there == {*MODELS.values(), DecisionsFile} - {Spell}
    assert set(UNIT_COLUMNS) == {it.alias or name for name, it in Spell.model_fields.items()}


def test_every_check_is_listed_with_its_default() -> None:
    listed = {named(check): named(severity) for check, severity in tables("definitions.md")["checks"]}
    told = {named(row[0]): row[1] for row in tables("checks.md")["Checks that a source can set"]}
    assert listed == told == DEFAULT_SEVERITY


def test_every_fault_that_always_blocks_is_listed() -> None:
    places = {"refuse": 1, "Misread": 0, "Findings": 0}
    used: set[object] = set()
    for module in chain.from_iterable(
        (ROOT / "src/trigpoint" / it).rglob("*.py") for it in ("loads", "engines")
    ):
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call):
                name = (
                    call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                )
                at = places.get(name, len(call.args))
                given = [*call.args[at : at + 1], *(it.value for it in call.keywords if it.arg == "check")]
                texts = {it.value for it in given if isinstance(it, ast.Constant)}
                used |= {text for text in texts if isinstance(text, str)}  # subprocess.run has a check too
    listed = [named(row[0]) for row in tables("checks.md")["What always blocks"]]
    assert sorted(listed) == sorted(map(str, used - set(DEFAULT_SEVERITY)))


def shown(value: object) -> str:
    """A setting as the page writes it."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def test_the_rule_profiles_that_ship_are_as_they_are_declared() -> None:
    rows = {named(row[0]): row[1:-1] for row in tables("rule-profiles.md")["Rule profiles"]}
    declared = {
        name: [shown(getattr(profile, name)) for profile in SHIPPED.values()]
        for name in RuleProfile.model_fields
        if name not in ("name", "about", "based_on")
    }
    declared["order"] = [shown(profile.in_use) for profile in SHIPPED.values()]
    assert rows == declared
    header = (REFERENCE / "rule-profiles.md").read_text(encoding="utf-8").split("\n| |")[1].split("\n")[0]
    assert named(header).split() == list(SHIPPED)


def test_every_key_of_a_profile_of_ones_own_is_listed() -> None:
    found = tables("rule-profiles.md")
    listed = {named(row[0]) for name in ("Rule profiles", "A profile of one's own") for row in found[name]}
    assert listed == RuleProfile.model_fields.keys() - {"name"}


def test_every_way_to_choose_a_chart_and_every_chart_is_explained() -> None:
    ways, fitting = (
        part for part in [tables("rule-profiles.md")["Which chart"]] for part in (part[:3], part[3:])
    )
    assert [named(row[0]) for row in ways] == list(get_args(RuleProfile.model_fields["charts"].annotation))
    named_there = {chart for row in fitting for chart in named(row[1]).split()}
    assert named_there == set(ChartKind) - {ChartKind.MR, ChartKind.XBAR, ChartKind.S}


def test_every_kind_of_chart_has_its_formula() -> None:
    rows = tables("control-charts.md")["Kinds"]
    assert [named(row[0]) for row in rows] == list(ChartKind)
    assert [row[1] for row in rows] == [
        f"{kind.words[0].lower() if kind in (ChartKind.RUN, ChartKind.MR) else kind.words[0]}{kind.words[1:]}"
        for kind in ChartKind
    ]


def test_every_rule_status_and_answer_is_explained() -> None:
    found = tables("rule-profiles.md")
    assert [named(row[0]) for row in found["Signals"]] == list(RULE_NAMES)
    statuses = [named(row[0]) for row in found["Series that carry no ordinary limits"]]
    assert sorted(statuses) == sorted(SeriesStatus)
    text = (REFERENCE / "rule-profiles.md").read_text(encoding="utf-8")
    assert not [answer for answer in Assurance if f"`{answer}`" not in text]


def test_every_caution_status_and_verdict_of_a_difficult_series_is_explained() -> None:
    found = tables("difficult-series.md")
    assert [named(row[0]) for row in found["Cautions"]] == list(Caution)
    assert [named(row[0]) for row in found["Verdicts"]] == list(Weighed)
    statuses = [named(row[0]) for row in found["Series without ordinary limits"]]
    assert sorted(statuses) == sorted(SeriesStatus)


def test_every_verdict_and_reason_of_the_whole_is_explained() -> None:
    found = tables("the-whole.md")
    assert [named(row[0]) for row in found["Verdicts"]] == list(Difference)
    in_order = [row[0] for row in found["When a figure is not compared"]]
    assert sorted(in_order) == sorted(WholeReason)
    assert [named(row[0]) for row in found["How chance is reckoned"]] == list(get_args(Compared))


def test_every_kind_method_and_reason_of_benchmarks_is_explained() -> None:
    found = tables("benchmarks.md")
    assert [named(row[0]) for row in found["Kinds of figure"]] == list(get_args(Kind))
    assert [named(row[0]) for row in found["Methods by name"]] == list(METHODS)
    reasons = [row[0] for row in found["When there is neither a range nor a funnel"]]
    assert reasons == [*PeerReason, WholeReason.VALUE_ALONE, WholeReason.NO_CHANCE]


def test_every_command_and_option_is_listed() -> None:
    found = tables("commands.md")
    declared = {
        name: {
            it.name.upper() if isinstance(it, click.Argument) and it.name else ", ".join(it.opts)
            for it in command.params
        }
        for name, command in commands.commands.items()
    }
    listed = {
        name: {named(row[0]).replace(" ", ", ") for row in rows}
        for name, rows in found.items()
        if name not in ("Commands", "Exit codes")
    }
    assert listed == declared


def test_every_exit_code_is_listed() -> None:
    kinds = [
        it for it in vars(errors).values() if isinstance(it, type) and issubclass(it, errors.TrigpointError)
    ]
    codes = {0, click.UsageError.exit_code, cli.INTERRUPTED, *(kind.exit_code for kind in kinds)}
    assert [int(row[0]) for row in tables("commands.md")["Exit codes"]] == sorted(codes)


def test_every_column_of_open_data_is_listed() -> None:
    found = tables("open-data.md")
    columns = {
        "scorecard.csv": FINDING_COLUMNS,
        "INDICATOR.csv": SERIES_COLUMNS,
        "comparison.csv": COMPARISON_COLUMNS,
        "records.csv": RECORD_COLUMNS,
    }
    for file, coded in columns.items():
        listed = [name for row in found[file] for name in re.findall(r"`(\w+)`", row[0])]
        assert sorted(listed) == sorted(coded), file

"""What an analyst declares, and what Trigpoint makes of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import json_schema, read_catalogue
from trigpoint.terms.errors import DefinitionError, NotFound
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

SETTINGS = "name: A trust\nhome: T\npeers: near\n"
UNITS = """code,name,level,parent,from,to,breaks,note
N,Nation,nation,,,,,
T,Old name,trust,N,,2020-03-31,,
T,New name,trust,N,2020-04-01,,yes,Merged
D,Division,division,T,2018-01-01,2024-12-31,,
"""
FRAME = """
perspectives:
  access: {title: Access}
  money: {title: Money}
objectives:
  spend: {title: Spend well, perspective: money}
  soon: {title: Seen soon, perspective: access}
peer_groups:
  near:
    title: Neighbours
    members:
      - {unit: T, from: 2020-04-01, why: joined at the merger}
packs:
  board: {title: Board, level: trust, audience: board}
sources:
  returns:
    title: Returns
    format: csv
    layout: wide
    delivery: replace
    columns:
      month: {as: month, format: "%Y-%m"}
      unit: {as: unit}
      seen: {as: value, item: seen}
      all: {as: value, item: all}
"""
INDICATORS = """
indicators:
  COST:
    title: Cost
    objective: spend
    direction: down
    measured_in: pounds
    owner: Director of Finance
    versions:
      - {from: 2018-01, measure: {source: returns, count: all}}
  SOON:
    title: Seen soon
    objective: soon
    direction: up
    measured_in: per cent
    levels: [trust, division]
    owner: Director of Operations
    versions:
      - {from: 2018-01, measure: {source: returns, numerator: seen, denominator: all}}
      - {from: 2022-04, change: break, measure: {source: returns, numerator: seen, denominator: all}}
    standards:
      - {name: National, set_by: national, at_least: 70, from: 2018-01, primary: yes}
      - {name: National, set_by: national, at_least: 75, from: 2021-04, primary: yes}
      - {name: Contract, set_by: contract, at_least: 80, tolerance: 5, from: 2020-04, to: 2022-03}
      - name: Recovery plan
        set_by: local
        unit: D
        primary: yes
        at_least: {2023-01: 60, 2023-02: 65.5}
"""


def files(**changed: str) -> dict[str, str]:
    texts = {
        "trigpoint.yaml": SETTINGS,
        "definitions/units.csv": UNITS,
        "definitions/frame.yaml": FRAME,
        "definitions/indicators.yaml": INDICATORS,
    }
    return texts | {f"definitions/{name}": text for name, text in changed.items()}


def read(**changed: str) -> Catalogue:
    return read_catalogue(files(**changed))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read()


def test_a_unit_keeps_its_code_through_a_change_of_name(catalogue: Catalogue) -> None:
    organisation = catalogue.organisation
    assert organisation.name("T", Month(2020, 3)) == "Old name"
    assert organisation.name("T", Month(2020, 4)) == "New name"
    assert [(spell.from_, spell.note) for spell in organisation.breaks("T")] == [
        (dt.date(2020, 4, 1), "Merged")
    ]


def test_a_unit_is_there_only_while_it_is_open(catalogue: Catalogue) -> None:
    organisation = catalogue.organisation
    assert organisation.spell("D", Month(2017, 12)) is None
    assert organisation.spell("D", Month(2024, 12)) is not None
    assert organisation.spell("D", Month(2025, 1)) is None
    assert list(organisation.ancestors("D", Month(2024, 1))) == ["T", "N"]


def test_indicators_stand_by_perspective_whatever_the_order_of_the_file(catalogue: Catalogue) -> None:
    assert catalogue.offered(Level.TRUST, Month(2020, 1)) == ("SOON", "COST")
    assert catalogue.offered(Level.DIVISION, Month(2020, 1)) == ("SOON",)
    assert catalogue.offered(Level.TRUST, Month(2017, 12)) == ()


# unit | month   | what holds, the primary one first
IN_FORCE = """
T | 2017-12 |
T | 2018-01 | National 70 primary
T | 2020-04 | National 70 primary, Contract 80
T | 2021-04 | National 75 primary, Contract 80
T | 2022-04 | National 75 primary
D | 2021-04 | National 75 primary, Contract 80
D | 2023-01 | Recovery plan 60 primary, National 75
D | 2023-02 | Recovery plan 65.5 primary, National 75
D | 2023-03 | National 75 primary
"""


@pytest.mark.parametrize("line", IN_FORCE.strip().splitlines())
def test_standards_step_on_their_date_and_the_nearest_primary_one_counts(
    catalogue: Catalogue, line: str
) -> None:
    unit, month, expected = (cell.strip() for cell in line.split("|"))
    held = catalogue.standards("SOON", unit, Month.parse(month))
    shown = [f"{s.name} {s.required(Month.parse(month)):g}{' primary' * s.primary}" for s in held]
    assert ", ".join(shown) == expected


def test_a_peer_group_says_who_was_in_it_at_a_months_end(catalogue: Catalogue) -> None:
    near = catalogue.peer_groups["near"]
    assert near.at(Month(2020, 3)) == ()
    assert near.at(Month(2020, 4)) == ("T",)


def test_a_version_that_breaks_leaves_the_past_and_one_that_restates_does_not() -> None:
    soon = read().indicator("SOON")
    assert [str(version.from_) for version in soon.breaks()] == ["2022-04"]
    assert soon.version(Month(2022, 3)) is soon.versions[0]
    restated = read(**{"indicators.yaml": INDICATORS.replace("change: break", "change: restates")}).indicator(
        "SOON"
    )
    assert restated.breaks() == ()
    assert restated.version(Month(2018, 1)) is restated.versions[1]


def test_the_hash_is_of_meaning_and_not_of_wording(catalogue: Catalogue) -> None:
    reworded = read(**{"indicators.yaml": INDICATORS.replace("title: Seen soon", "title: Seen quickly")})
    assert reworded.observations_hash == catalogue.observations_hash
    remade = read(**{"indicators.yaml": INDICATORS.replace("numerator: seen", "numerator: all")})
    assert remade.observations_hash != catalogue.observations_hash


def test_a_standard_changes_findings_and_not_observations(catalogue: Catalogue) -> None:
    raised = read(**{"indicators.yaml": INDICATORS.replace("at_least: 75", "at_least: 76")})
    assert raised.observations_hash == catalogue.observations_hash
    assert raised.findings_hash != catalogue.findings_hash


def test_75_and_75_point_0_mean_the_same(catalogue: Catalogue) -> None:
    written_out = read(**{"indicators.yaml": INDICATORS.replace("at_least: 75,", "at_least: 75.0,")})
    assert written_out.findings_hash == catalogue.findings_hash


def test_an_unknown_name_is_answered_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound, match="Nearest: SOON"):
        catalogue.indicator("SON")


def test_the_json_schema_knows_the_keys_that_the_reader_knows() -> None:
    schema = json.loads(json_schema()["definitions.schema.json"])
    assert schema["additionalProperties"] is False
    indicator = schema["$defs"]["Indicator"]
    assert indicator["additionalProperties"] is False
    assert {"title", "versions", "standards"} <= set(indicator["properties"])
    assert "from" in schema["$defs"]["Version"]["properties"]


# what is changed | into what | the file, line and column | words that the message must hold
FAULTS = [
    (
        "owner: Director of Finance",
        "ownr: Director of Finance",
        "indicators.yaml:8:5",
        "'ownr'",
        "Nearest: owner",
    ),
    (
        "direction: down",
        "direction: downwards",
        "indicators.yaml:6:5",
        "'downwards'",
        "up or down or neutral",
    ),
    ("objective: spend", "objective: spending", "indicators.yaml:5:5", "'spending'", "Nearest: spend"),
    ("count: all", "count: al", "indicators.yaml:10:52", "'al'", "Nearest: all"),
    (
        "source: returns, count",
        "source: return, count",
        "indicators.yaml:10:35",
        "'return'",
        "Nearest: returns",
    ),
    ("unit: D\n", "unit: DD\n", "indicators.yaml:27:9", "'DD'", "code of a unit"),
    (
        "from: 2018-01, measure: {source: returns, count",
        "from: 2018-13, measure: {source: returns, count",
        "indicators.yaml:10:10",
        "'2018-13'",
        "a month such as 2026-10",
    ),
    ("at_least: 80,", "at_lest: 80,", "indicators.yaml:24:44", "'at_lest'", "Nearest: at_least"),
    ("at_least: 80,", "at_least: eighty,", "indicators.yaml:24:44", "'eighty'", "number"),
    (
        "from: 2020-04, to: 2022-03",
        "from: 2020-04, to: 2019-03",
        "indicators.yaml:24:9",
        "",
        "to (2019-03) is before from (2020-04)",
    ),
    (
        "to: 2022-03}",
        "to: 2022-03, primary: yes}",
        "indicators.yaml:24:9",
        "'Contract' primary beside 'National'",
        "one primary standard",
    ),
    ("change: break, ", "", "indicators.yaml:11:3", "", "must say change"),
    ("    owner: Director of Finance\n", "", "indicators.yaml:3:3", "no 'owner'", "to be given"),
    ("  COST:\n", "  SOON:\n", "indicators.yaml:11:3", "'SOON' a second time", "each name once"),
    (
        "direction: up",
        "direction: down",
        "indicators.yaml:23:9",
        "where the direction is down",
        "at_most, or another direction",
    ),
    ("count: all}", "count: all, window: 3 months}", "indicators.yaml:3:3", "", "basis must be rolling"),
]


@pytest.mark.parametrize(("before", "after", "place", "found", "expected"), FAULTS)
def test_a_fault_says_where_what_and_what_would_be_right(
    before: str, after: str, place: str, found: str, expected: str
) -> None:
    assert before in INDICATORS
    with pytest.raises(DefinitionError) as refused:
        read(**{"indicators.yaml": INDICATORS.replace(before, after, 1)})
    message = str(refused.value)
    assert f"definitions/{place}" in message
    assert found in message
    assert expected in message


HOSTILE = [
    ("at_least: 70,", "at_least: .inf,", "number"),
    ("at_least: 70,", "at_least: 1e400,", "less than"),
    ("at_least: 70,", "at_least: true,", "number"),
    ("at_least: 70,", "at_least: !!int abc,", "as a number"),
    ("at_least: 70,", f"at_least: {'9' * 5000},", "as a number"),
    ("at_least: 70,", "at_least: !foo 70,", "the tag"),
    ("at_least: {2023-01: 60, 2023-02: 65.5}", "at_least: {}", "names at least one month"),
    ("title: Cost", 'title: "Co\\0st"', "invisible character"),
    ("title: Cost", 'title: "Co\\u202Est"', "invisible character"),
    ("title: Cost", "bounds: {least: 9, most: 1}\n    title: Cost", "is above most"),
    ("title: Cost", "every: yes\n    title: Cost", "so many months"),
    ("title: Cost", f"title: {'[' * 4000}", "too deep"),
    ("name: Contract", "name: National", "each step once, or a name of its own"),
]


@pytest.mark.parametrize(("before", "after", "words"), HOSTILE)
def test_what_no_definition_can_mean_is_refused(before: str, after: str, words: str) -> None:
    text = INDICATORS.replace(before, after, 1)
    if after == "name: National":
        text = text.replace("from: 2020-04, to: 2022-03", "from: 2018-01")
    with pytest.raises(DefinitionError) as refused:
        read(**{"indicators.yaml": text})
    assert words in str(refused.value)


SOURCE_FAULTS = [
    ("    delivery: replace", "    delivery: replace\n    encoding: utf-9", "'utf-9' is not an encoding"),
    ("    delivery: replace", "    delivery: replace\n    delimiter: ';;'", "';;'"),
    (
        "    delivery: replace",
        "    delivery: replace\n    windows: [1 month, 3 months]",
        "which of several windows",
    ),
    ("unit: {as: unit}", "unit: {as: unit}\n      where: {as: unit}", "only one column can be `as: unit`"),
    ("seen: {as: value, item: seen}", "seen: {as: value}", "names the `item` of each column"),
    ("seen: {as: value, item: seen}", "seen: {}", "each column of figures needs an `as`"),
    (
        "seen: {as: value, item: seen}",
        "seen: {as: ignore, item: seen}",
        "item belongs to a column that holds values",
    ),
    (
        "seen: {as: value, item: seen}",
        "seen: {as: value, item: seen, markers: {'*': hidden}}",
        "suppressed or",
    ),
]


@pytest.mark.parametrize(("before", "after", "words"), SOURCE_FAULTS)
def test_a_source_that_leaves_something_open_is_refused(before: str, after: str, words: str) -> None:
    assert before in FRAME
    with pytest.raises(DefinitionError) as refused:
        read(**{"frame.yaml": FRAME.replace(before, after, 1)})
    assert words in str(refused.value)


UNIT_FAULTS = [
    ("D,Division,division,T", "D,Division,division,X", ":5 [parent]", "'X', which is no unit"),
    ("D,Division,division,T", "D,Division,divsion,T", ":5 [level]", "Nearest: division"),
    (
        "T,New name,trust,N,2020-04-01",
        "T,New name,trust,N,2020-03-15",
        ":4 [from]",
        "T in two places from 2020-03-15",
    ),
    (
        "T,New name,trust,N,2020-04-01",
        "T,New name,trust,N,2020-05-01",
        ":4 [from]",
        "a gap: T ends on 2020-03-31",
    ),
    ("N,Nation,nation,,", "N,Nation,nation,T,", ":2 [parent]", "a parent of a wider level"),
    ("2018-01-01,2024-12-31", "2018-01-01,2017-12-31", ":5 [to]", "before it starts"),
    ("D,Division,division,T,2018-01-01", "D,Division,division,T,2018-02-30", ":5 [from]", "date"),
    ("code,name,level,parent", "code,name,level,parnt", ":1", "Nearest: parent"),
    (",yes,Merged", ",yes", ":4", "7 cells"),
]


@pytest.mark.parametrize(("before", "after", "place", "words"), UNIT_FAULTS)
def test_a_tree_that_is_no_tree_is_refused(before: str, after: str, place: str, words: str) -> None:
    assert before in UNITS
    with pytest.raises(DefinitionError) as refused:
        read(**{"units.csv": UNITS.replace(before, after, 1)})
    assert f"definitions/units.csv{place}" in str(refused.value)
    assert words in str(refused.value)


def test_every_fault_is_told_at_once_and_in_order() -> None:
    with pytest.raises(DefinitionError) as refused:
        read(
            **{
                "indicators.yaml": INDICATORS.replace("owner:", "ownr:").replace(
                    "direction: up", "direction: upp"
                )
            }
        )
    lines = [fault.line or 0 for fault in refused.value.faults]
    assert len(lines) == 5
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [1, 2", "expected"),
        ("a: *b", "found undefined alias"),
        ("x: &y 1\nz: *y", "a reference"),
        ("indicators: {}\n\tpacks: {}", "cannot start any token"),
        ("just words", "named entries"),
        ("indicators: [1]", "a list of 1"),
    ],
)
def test_text_that_is_not_plain_yaml_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read(**{"more.yaml": text})
    assert "definitions/more.yaml:" in str(refused.value)
    assert words in str(refused.value)


def test_one_name_in_two_files_is_refused() -> None:
    with pytest.raises(
        DefinitionError, match=r"'COST' again.*definitions/again.yaml|definitions/again.yaml.*'COST' again"
    ):
        read(**{"again.yaml": INDICATORS})

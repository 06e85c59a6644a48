"""Rule profiles: what ships, what a workspace adds, and what cannot work."""

from __future__ import annotations

import json
import pickle
from typing import get_args

import pytest
from pydantic import ValidationError

from tests.panels import catalogue
from trigpoint.analysis.finding import Rule
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.profile import RULE_NAMES, SHIPPED, RuleName, RuleProfile
from trigpoint.definitions.reading import json_schema, read_catalogue
from trigpoint.terms.errors import DefinitionError

OURS = """
ours:
  based_on: nhs-england
  version: 1
  about: As NHS England's, with shifts of eight
  shift: 8
"""


def with_profiles(text: str, extra: str = "") -> Catalogue:
    return catalogue(extra, profiles=text)


def refusal(text: str, extra: str = "") -> str:
    with pytest.raises(DefinitionError) as refused:
        with_profiles(text, extra)
    return str(refused.value)


# ------------------------------------------------------------------------------------------ what ships


def test_four_profiles_ship() -> None:
    assert list(SHIPPED) == ["nhs-england", "plot-the-dots", "nelson", "anhoej"]
    assert all(name == profile.name for name, profile in SHIPPED.items())
    assert {str(profile.charts) for profile in SHIPPED.values()} == {"individuals", "by_kind", "run"}


def test_nelson_has_his_eight_tests_in_his_order() -> None:
    nelson = SHIPPED["nelson"]
    assert nelson.in_use == (
        *("outside", "shift", "trend", "alternating"),
        *("two_of_three", "four_of_five", "hugging", "avoiding"),
    )
    assert (nelson.shift, nelson.trend, nelson.alternating) == (9, 6, 14)
    assert (nelson.hugging, nelson.avoiding) == (15, 8)
    assert nelson.limit == 3 / 1.128


def test_anhoej_judges_runs_about_a_median_and_nothing_else() -> None:
    anhoej = SHIPPED["anhoej"]
    assert anhoej.in_use == ("long_run", "few_crossings")
    assert (anhoej.centre, anhoej.minimum_points, anhoej.minimum_ranges) == ("median", 12, 0)


def test_a_finding_names_no_rule_that_a_profile_could_not_order() -> None:
    assert set(Rule) <= set(get_args(RuleName))


# ------------------------------------------------------------------------------- a profile of one's own


def test_a_profile_says_what_differs_from_another() -> None:
    read = with_profiles(OURS, "spc: {profile: ours}")
    ours, theirs = read.profiles[read.profile_of("X")], SHIPPED["nhs-england"]
    assert str(ours) == "ours, version 1"
    assert ours.shift == 8
    same = {"name", "about", "based_on", "shift"}
    assert ours.model_dump(exclude=same) == theirs.model_dump(exclude=same)


def test_a_profile_may_be_based_on_one_above_it() -> None:
    next_one = "shorter: {based_on: ours, version: 3, about: Shorter, trend: 6, screening: 3.267}\n"
    shorter = with_profiles(OURS + next_one).profiles["shorter"]
    assert (shorter.shift, shorter.trend, shorter.version, shorter.screening) == (8, 6, 3, 3.267)


def test_none_turns_a_rule_or_the_screening_off() -> None:
    quiet = "quiet: {based_on: plot-the-dots, version: 1, about: Quiet, trend: none, screening: null}\n"
    read = with_profiles(quiet).profiles["quiet"]
    assert (read.trend, read.screening) == (None, None)
    assert read.in_use == ("outside", "two_of_three", "shift")


def test_rules_that_an_order_leaves_out_come_last_in_the_order_of_the_reference() -> None:
    read = with_profiles(OURS + "  four_of_five: yes\n  order: [shift]\n").profiles["ours"]
    assert read.in_use == ("shift", "outside", "trend", "two_of_three", "four_of_five")
    assert sorted(read.order) == sorted(RULE_NAMES)


def test_a_profile_goes_to_another_process_and_back() -> None:
    read = with_profiles(OURS).profiles
    assert pickle.loads(pickle.dumps(read)) == read


def test_the_same_file_without_profiles_leaves_those_that_ship() -> None:
    assert catalogue().profiles == SHIPPED


# ------------------------------------------------------------------------------- what a change touches


def test_a_rule_that_changes_makes_new_findings_of_the_same_figures() -> None:
    before = with_profiles(OURS, "spc: {profile: ours}")
    after = with_profiles(OURS.replace("shift: 8", "shift: 9"), "spc: {profile: ours}")
    assert after.findings_hash != before.findings_hash
    assert after.observations_hash == before.observations_hash


@pytest.mark.parametrize(
    ("changed", "used"),
    [
        (OURS.replace("with shifts of eight", "but longer shifts"), True),  # its words
        (OURS.replace("shift: 8", "shift: 9"), False),  # of a profile that no indicator has
    ],
)
def test_what_changes_no_finding_makes_none_anew(changed: str, used: bool) -> None:
    extra = "spc: {profile: ours}" if used else ""
    assert with_profiles(changed, extra).findings_hash == with_profiles(OURS, extra).findings_hash


# -------------------------------------------------------------------------------------- what is refused


def test_a_profile_that_nobody_declared_is_refused_where_it_is_named() -> None:
    said = refusal(OURS, "spc: {profile: our}")
    assert "definitions/frame.yaml:" in said
    assert "found 'our'; expected the code of a rule profile. Nearest: ours." in said


# what is added to, or put in place of, a line | where | what was found | what would be right
FAULTS = [
    ("shft: 8", "7:5", "'shft'", "Nearest: shift"),
    ("shift: 1", "6:5", "1", "greater than or equal to 2"),
    ("trend: 2", "7:5", "2", "greater than or equal to 3"),
    ("trend: yes", "7:5", "'yes'", "a whole number"),
    ("trend: true", "7:5", "True", "a number"),
    ("trend: 6.5", "7:5", "6.5", "a whole number"),
    ("limit: 0", "7:5", "0", "greater than 0"),
    ("limit: -2.66", "7:5", "-2.66", "greater than 0"),
    ("limit: .inf", "7:5", "'.inf'", "a number"),
    ("sigmas: three", "7:5", "'three'", "a number"),
    ("warning: 1.0", "7:5", "1.0", "less than 1"),
    ("warning: 0.3", "7:5", "inner 0.3333 beside warning 0.3", "inner below warning"),
    ("inner: 0.7", "7:5", "inner 0.7 beside warning 0.6667", "inner below warning"),
    ("screening: 0.9", "7:5", "0.9", "greater than 1"),
    ("minimum_points: 6", "7:5", "6 ranges among 6 points", "fewer ranges than points"),
    ("minimum_ranges: 13", "7:5", "13 ranges among 13 points", "fewer ranges than points"),
    ("minimum_ranges: 0", "7:5", "no moving range", "one at least"),
    ("spread: median", "7:5", "a limit of 2.66 median moving ranges", "3.145"),
    ("charts: funnel", "7:5", "'funnel'", "individuals or by_kind or run"),
    ("charts: run", "7:5", "outside on run charts", "`outside: no`"),
    ("gaps: brige", "7:5", "'brige'", "Nearest: bridge"),
    ("order: [outside, shift, shift]", "7:5", "a list of 3", "shift is there twice"),
    ("order: [outsid]", "7:13", "'outsid'", "Nearest: outside"),
    ("name: theirs", "7:5", "'name'", "a profile's name is its key"),
    ("version: 0", "4:5", "0", "greater than or equal to 1"),
    ("based_on: nhs-englnad", "3:5", "'nhs-englnad'", "Nearest: nhs-england"),
    ("based_on: ours", "3:5", "'ours'", "stands above in this file"),
    ("based_on: [nhs-england]", "3:5", "['nhs-england']", "a rule profile that ships"),
    ("about: ''", "5:5", "''", "some text"),
]


def changed(line: str) -> str:
    """``OURS`` with the line put in place of the one with its key, or added."""
    line = f"  {line}"
    key = line.partition(":")[0]
    lines = OURS.strip().splitlines()
    if not any(it.startswith(f"{key}:") for it in lines):
        return "\n".join([*lines, line])
    return "\n".join(line if it.startswith(f"{key}:") else it for it in lines)


@pytest.mark.parametrize(("line", "place", "found", "expected"), FAULTS)
def test_a_fault_in_a_profile_says_where_what_and_what_would_be_right(
    line: str, place: str, found: str, expected: str
) -> None:
    said = refusal(changed(line))
    assert f"rule-profiles.yaml:{place}" in said
    assert f"found {found}" in said
    assert expected in said


def test_a_profile_based_on_none_says_everything_itself() -> None:
    said = refusal("alone: {version: 1, about: Alone}")
    missing = [key for key in ("minimum_points", "shift", "trend", "improvement_wins") if f"'{key}'" in said]
    assert len(missing) == 4


def test_a_version_and_a_sentence_are_not_inherited() -> None:
    said = refusal("ours: {based_on: nhs-england, shift: 8}")
    assert "no 'version'" in said
    assert "no 'about'" in said


def test_a_profile_that_ships_is_not_written_over() -> None:
    said = refusal("nhs-england: {version: 2, about: Ours}")
    assert "'nhs-england', which ships" in said
    assert "based_on: nhs-england" in said


def test_a_profile_without_any_rule_is_refused() -> None:
    off = "outside: no, two_of_three: no, shift: none, trend: none"
    said = refusal(f"quiet: {{based_on: nhs-england, version: 1, about: Quiet, {off}}}")
    assert "found no rule in use" in said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("centre: mean", "`centre: median`"),
        ("hugging: 15", "A run chart has no limits"),
        ("four_of_five: yes", "A run chart has no limits"),
        ("screening: 3.267", "A run chart takes no ranges"),
        ("minimum_ranges: 1", "A run chart takes no ranges"),
    ],
)
def test_run_charts_have_a_median_and_no_limits(line: str, words: str) -> None:
    said = refusal(f"runs:\n  based_on: anhoej\n  version: 1\n  about: Runs\n  {line}")
    assert "rule-profiles.yaml:6:5" in said
    assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ours: 7", "named entries"),
        ("ours:", "named entries"),
        ("ours: [1, 2]", "named entries"),
        ("our rules: {based_on: nhs-england, version: 1, about: Ours}", "a code"),
        ("'../ours': {based_on: nhs-england, version: 1, about: Ours}", "a code"),
        ("ours: {based_on: *nhs}", "undefined alias"),
        ("ours: &a {based_on: nhs-england, version: 1, about: Ours}\nmore: *a", "a reference"),
        ('ours: {based_on: nhs-england, version: 1, about: "O\\u202Eurs"}', "invisible character"),
        (f"ours: {'[' * 3000}", "too deep"),
        ("ours: {based_on: nhs-england, version: 1, about: O}\nours: {}", "'ours' a second time"),
        ("ours: {based_on: nhs-england, version: 1, about: O, shift: !!python/name:os.system x}", "the tag"),
        (f"ours: {{based_on: nhs-england, version: {'9' * 400}, about: O}}", "as a number"),
    ],
)
def test_hostile_text_is_refused_with_its_place(text: str, words: str) -> None:
    said = refusal(text)
    assert "rule-profiles.yaml" in said
    assert words in said


def test_rule_profiles_stand_beside_the_settings() -> None:
    files = {"trigpoint.yaml": "name: T\nhome: T\n", "definitions/units.csv": "code,name,level\nT,T,trust\n"}
    with pytest.raises(DefinitionError, match=r"them in rule-profiles.yaml, beside trigpoint.yaml"):
        read_catalogue(files | {"definitions/rule-profiles.yaml": "profiles: {}"})
    assert read_catalogue(files | {"rule-profiles.yaml": "profiles: {}"}).profiles == SHIPPED


def test_a_profile_made_in_python_is_held_to_the_same_rules() -> None:
    nhs = SHIPPED["nhs-england"].model_dump()
    assert RuleProfile(**nhs) == SHIPPED["nhs-england"]
    with pytest.raises(ValidationError, match="20 ranges among 13 points"):
        RuleProfile(**nhs | {"minimum_ranges": 20})


def test_editors_know_the_keys_of_a_profile() -> None:
    schema = json.loads(json_schema()["rule-profiles.schema.json"])
    profile = schema["$defs"]["RuleProfile"]
    assert profile["required"] == ["version", "about"]
    assert {"based_on", "shift", "order"} <= profile["properties"].keys()
    assert "name" not in profile["properties"]

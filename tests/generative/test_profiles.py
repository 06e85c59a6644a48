"""Any rule profile that can work is read as it was written; anything else is refused with its place."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from trigpoint.definitions.parse import read_yaml
from trigpoint.definitions.profile import PROFILES, RULE_NAMES, SHIPPED, RuleProfile, read_profiles
from trigpoint.terms.errors import Fault

KEYS = sorted(RuleProfile.model_fields.keys() - {"name"})
lengths = st.none() | st.integers(4, 20)
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "limit": st.floats(0.1, 10).filter(lambda limit: abs(limit - 2.66) > 0.01),
    "sigmas": st.integers(1, 9),
    "warning": st.floats(0.5, 0.99),
    "inner": st.floats(0.01, 0.49),
    "screening": st.none() | st.floats(1.1, 50),
    "minimum_points": st.integers(7, 40),
    "minimum_ranges": st.integers(1, 6),
    "gaps": st.sampled_from(["break", "bridge"]),
    "spread": st.sampled_from(["mean", "median"]),
    "shift": lengths,
    "trend": lengths,
    "alternating": lengths,
    "outside": st.booleans(),
    "four_of_five": st.booleans(),
    "order": st.lists(st.sampled_from(RULE_NAMES), unique=True),
    "clip_assurance": st.booleans(),
}
changes = st.fixed_dictionaries({}, optional=CHANGES)


def read(given: dict[str, Any]) -> tuple[RuleProfile | None, list[Fault]]:
    """The one profile of a file that is written as YAML writes it."""
    faults: list[Fault] = []
    entry = {"based_on": "nhs-england", "version": 2, "about": "Ours"} | given
    text = read_yaml(PROFILES, yaml.safe_dump({"profiles": {"ours": entry}}, sort_keys=False), faults)
    found = read_profiles(text, SHIPPED, faults) if text else {}
    return found.get("ours"), faults


@given(changes)
def test_what_is_written_is_what_is_read(changed: dict[str, Any]) -> None:
    base = SHIPPED["nhs-england"].model_dump()
    whole = base | {"name": "ours", "version": 2, "about": "Ours", "based_on": "nhs-england"} | changed
    try:
        expected = RuleProfile.model_validate(whole)
    except ValidationError:
        assume(False)
    found, faults = read(changed)
    assert not faults
    assert found == expected
    assert found is not None
    assert found.meaning() == expected.meaning()
    assert sorted(found.order) == sorted(RULE_NAMES)


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.sampled_from(["none", "yes", "no", "off", "1e400", "0x10", "1_000", "mean", "7 points"])
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=12), anything, max_size=4))
def test_nothing_that_is_written_breaks_the_reader(given: dict[str, Any]) -> None:
    found, faults = read(given)
    assert (found is None) == bool(faults)
    for fault in faults:
        assert fault.file == PROFILES
        assert fault.line or "characters" in fault.expected
        assert fault.found
        assert fault.expected


@given(anything)
def test_no_file_breaks_the_reader(given: Any) -> None:
    faults: list[Fault] = []
    text = read_yaml(PROFILES, yaml.safe_dump({"profiles": given}), faults)
    found = read_profiles(text, SHIPPED, faults) if text else {}
    assert faults or not found

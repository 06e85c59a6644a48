"""What the blank rule lets pass has one answer, whether a comparison with a blank is undecided or false."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.definitions import expression as e
from trigpoint.definitions.tokens import Misfit
from trigpoint.definitions.typing_rules import Scope, check

SCOPE = Scope(
    {"a": "text", "b": "text", "c": "text", "n": "number", "m": "number", "f": "boolean", "g": "boolean"},
    frozenset({"a", "b", "n", "f"}),
    {},
)
"""``c``, ``m`` and ``g`` are never blank."""
ROWS = [
    dict(zip("abcnmfg", row, strict=True))
    for row in itertools.product(
        ("x", "y", None), ("x", None), ("x", "y"), (Decimal(1), Decimal(2), None), (Decimal(1),),
        (True, False, None), (True, False),
    )
]  # fmt: skip

TEXTS = st.sampled_from(["a", "b", "c", "'x'", "coalesce(a, b)", "coalesce(a, c)"])
LEAVES = st.one_of(
    st.builds("{} {} {}".format, TEXTS, st.sampled_from(["=", "<>"]), TEXTS),
    st.builds("{} {} {}".format, st.sampled_from(["n", "m", "n + m"]), st.sampled_from(["<", ">=", "<>"]),
              st.sampled_from(["m", "n", "1"])),
    st.builds("{} {} ('x', 'z')".format, TEXTS, st.sampled_from(["in", "not in"])),
    st.builds("{} is {}null".format, st.sampled_from(["a", "b", "n", "f", "coalesce(a, b)", "n + m"]),
              st.sampled_from(["", "not "])),
    st.sampled_from(["f", "g", "f = false", "coalesce(f, g)", "n between 1 and m"]),
)  # fmt: skip


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds("not ({})".format, inner),
        st.builds(lambda tests: f"({' and '.join(f'({it})' for it in tests)})", joined),
        st.builds(lambda tests: f"({' or '.join(f'({it})' for it in tests)})", joined),
        st.builds("case when {} then {} else {} end".format, inner, inner, inner),
        st.builds("case when {} then {} else {} end = {}".format, inner, TEXTS, TEXTS, TEXTS),
    )


CONDITIONS = st.recursive(LEAVES, _deeper, max_leaves=6)


def answer(node: e.Node, row: Mapping[str, Any], *, undecided: bool | None) -> Any:  # noqa: C901, PLR0911, PLR0912
    """What a node is for a row; ``undecided`` is what a comparison with a blank gives: None or False."""

    def of(part: e.Node) -> Any:
        return answer(part, row, undecided=undecided)

    def compared(values: list[Any], test: Any) -> Any:
        return undecided if None in values else test(*values)

    def condition(part: e.Node) -> Any:
        found = of(part)
        return undecided if found is None else found

    match node:
        case e.Constant(value=value):
            return value
        case e.Name(name=name):
            return row[name]
        case e.Call(name="coalesce", arguments=arguments):
            return next((value for value in map(of, arguments) if value is not None), None)
        case e.Sum(left=left, right=right):
            return None if None in (of(left), of(right)) else of(left) + of(right)
        case e.Compare(sign=sign, left=left, right=right):
            tests = {"=": "__eq__", "<>": "__ne__", "<": "__lt__", ">=": "__ge__"}
            return compared([of(left), of(right)], lambda x, y: getattr(x, tests[sign])(y))
        case e.Between(value=value, low=low, high=high):
            return compared([of(value), of(low), of(high)], lambda x, y, z: y <= x <= z)
        case e.Member(value=value, options=options, negated=negated):
            return compared([of(value)], lambda x: (x in [it.value for it in options]) is not negated)
        case e.Blank(value=value, negated=negated):
            return (of(value) is None) is not negated
        case e.Not(test=test):
            return None if condition(test) is None else not condition(test)
        case e.Case(branches=branches, otherwise=otherwise):
            for when, then in branches:
                if of(when) is True:
                    return of(then)
            return of(otherwise) if otherwise is not None else None
        case e.Chain(word=word, tests=tests_):
            found, decided = [condition(test) for test in tests_], word == "or"
            return decided if decided in found else None if None in found else not decided
    raise AssertionError(node)


@settings(max_examples=300)
@given(CONDITIONS)
def test_what_passes_has_one_answer_in_both_logics(text: str) -> None:
    try:
        tree = check(text, SCOPE, ("boolean",))
    except Misfit:
        return
    for row in ROWS:
        three, two = answer(tree, row, undecided=None), answer(tree, row, undecided=False)
        assert (three is True) == (two is True), row


def test_most_of_what_is_tried_passes_or_is_refused_for_a_blank() -> None:
    """So that the test above does not hold because everything is refused for its form."""
    passed = [
        "not (a is not null and a = 'x')",
        "a is null or not (a in ('x', 'z'))",
        "case when a is not null then a else 'x' end <> 'x'",
        "coalesce(a, b) is not null and coalesce(a, b) <> 'x'",
    ]
    assert all(check(text, SCOPE, ("boolean",)) for text in passed)

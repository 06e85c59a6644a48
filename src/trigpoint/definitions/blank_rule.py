"""The rule that a blank never drops out silently: what may be blank is guarded where it could."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator
from dataclasses import fields

from trigpoint.definitions.expression import (
    Blank,
    Call,
    Case,
    Chain,
    Compare,
    Constant,
    Length,
    Listed,
    Member,
    Name,
    Node,
    Not,
)
from trigpoint.definitions.functions import MAY_BE_BLANK, OF_SPANS, SKIP_BLANKS
from trigpoint.definitions.tokens import Misfit

Guards = frozenset[Hashable]
"""What is known not to be blank at some place: nodes without their places in the text."""


def refuse_silent_blanks(node: Node, may_be_blank: frozenset[str], guards: Guards = frozenset()) -> None:
    """Raise Misfit where something that may be blank stands unguarded inside not, <> or not in.

    What passes has the same answer whether a comparison with a blank is undecided or false.
    """
    match node:
        case Chain(word=word, tests=tests):
            here = guards | _told(node, true=word == "and")
            for test in tests:
                refuse_silent_blanks(test, may_be_blank, here)
            return
        case Case():
            _refuse_within(node, may_be_blank, guards)
            return
        case Not(test=test):
            _refuse(test, node, may_be_blank, guards, "not")
        case Compare(sign="<>"):
            _refuse(node, node, may_be_blank, guards, "<>")
        case Member(negated=True) | Listed(negated=True):
            _refuse(node, node, may_be_blank, guards, "not in")
    for part in _children(node):
        refuse_silent_blanks(part, may_be_blank, guards)


def _refuse_within(node: Case, may_be_blank: frozenset[str], guards: Guards) -> None:
    for condition, value in node.branches:
        refuse_silent_blanks(condition, may_be_blank, guards)
        refuse_silent_blanks(value, may_be_blank, guards | _told(condition, true=True))
        guards |= _told(condition, true=False)
    if node.otherwise is not None:
        refuse_silent_blanks(node.otherwise, may_be_blank, guards)


def _refuse(node: Node, test: Node, may_be_blank: frozenset[str], guards: Guards, word: str) -> None:
    for part in _blanks(node, may_be_blank, guards):
        what, whole = _shown(part), _shown(test)
        raise Misfit(
            part.at,
            f"{what}, which may be blank, under `{word}`: its blanks would drop out silently",
            "a word on its blanks beside it",
            f"To drop them: `{what} is not null and {whole}`. To keep them: `{what} is null or {whole}`.",
        )


def _blanks(node: Node, may_be_blank: frozenset[str], guards: Guards) -> Iterator[Node]:
    """The parts of a value or condition by which it may be blank or undecided."""
    if _key(node) in guards:
        return
    match node:
        case Constant() | Length() | Blank():
            return
        case Name(name=name):
            yield from [node] if name in may_be_blank else []
        case Call():
            yield from _blanks_of_call(node, may_be_blank, guards)
        case Case():
            yield from _blanks_of_case(node, may_be_blank, guards)
        case _:
            here = guards | _told(node, true=isinstance(node, Chain) and node.word == "and")
            for part in _children(node):
                yield from _blanks(part, may_be_blank, here)


def _blanks_of_call(node: Call, may_be_blank: frozenset[str], guards: Guards) -> Iterator[Node]:
    found = [next(_blanks(one, may_be_blank, guards), None) for one in node.arguments]
    if node.name in OF_SPANS:
        return
    if node.name in MAY_BE_BLANK or (node.name in SKIP_BLANKS and None not in found):
        yield node
    elif node.name not in SKIP_BLANKS:
        yield from (one for one in found if one is not None)


def _blanks_of_case(node: Case, may_be_blank: frozenset[str], guards: Guards) -> Iterator[Node]:
    for condition, value in node.branches:
        yield from _blanks(value, may_be_blank, guards | _told(condition, true=True))
        guards |= _told(condition, true=False)
    if node.otherwise is None:
        yield node
    else:
        yield from _blanks(node.otherwise, may_be_blank, guards)


def _told(node: Node, *, true: bool) -> Guards:
    """What is not blank where a condition is true; or where it is false.

    In a chain of ``and``, a test can change the answer only where the others are true.
    """
    if isinstance(node, Blank) and node.negated is true:
        return frozenset({_key(node.value)})
    if isinstance(node, Chain) and (node.word == "and") is true:
        return frozenset().union(*(_told(test, true=true) for test in node.tests))
    return frozenset()


def _key(node: Node) -> Hashable:
    return type(node), *(_keyed(getattr(node, it.name)) for it in fields(node) if it.name != "at")


def _keyed(value: object) -> Hashable:
    if isinstance(value, tuple):
        return tuple(_keyed(part) for part in value)
    return _key(value) if isinstance(value, Node) else (type(value), str(value))


def _children(node: Node) -> Iterator[Node]:
    for field in fields(node):
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield part


def _shown(node: Node) -> str:  # noqa: PLR0911 - a way to write each kind of node
    """A node as it may be written; ``…`` for what is long."""
    match node:
        case Constant(value=value):
            return _literal(value)
        case Name(name=name):
            return name
        case Call(name=name, arguments=arguments):
            return f"{name}({', '.join(map(_shown, arguments))})"
        case Compare(sign=sign, left=left, right=right):
            return f"{_shown(left)} {sign} {_shown(right)}"
        case Member(value=value, options=options, negated=negated):
            word = "not in" if negated else "in"
            return f"{_shown(value)} {word} ({', '.join(map(_shown, options))})"
        case Listed(value=value, name=name, negated=negated):
            return f"{_shown(value)} {'not in' if negated else 'in'} list {name}"
        case Not(test=Compare() | Member() | Name() as test):
            return f"not ({_shown(test)})"
    return "…"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    return f"date '{value}'" if isinstance(value, dt.date) else str(value)

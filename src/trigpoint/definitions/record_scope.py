"""The names that each expression of a quantity may use: its own columns, and those of related records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.quantity import Quantity, Related
from trigpoint.definitions.source import Source
from trigpoint.definitions.typing_rules import MONTH_WORDS, Scope

MEASURED = "this."
"""What stands before a column of the measured record in the ``where`` of a related one."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """What the expressions of one quantity may name.

    ``record`` is for all that is said of its own records, ``bound`` for the bounds of related ones,
    ``where`` for their conditions, by the relation's name.
    """

    record: Scope
    bound: Scope
    where: Mapping[str, Scope]


def scopes(catalogue: Catalogue, quantity: Quantity) -> Scopes:
    """The scopes of a quantity whose sources are all known."""
    source = catalogue.source(quantity.from_)
    lists = {name: frozenset(it.values) for name, it in catalogue.lists.items()}
    own = Scope.of(source, catalogue.organisation.kinds, spans=quantity.during is not None)
    own = replace(own, lists=lists, source=quantity.from_)
    months = Scope({word: own.types[word] for word in MONTH_WORDS}, frozenset(), {})
    if quantity.gap is not None:  # events follow one another by the day, and know no month
        months = Scope({}, frozenset(), {})
        own = replace(own, types={name: it for name, it in own.types.items() if name not in MONTH_WORDS})
    bound = replace(Scope.of_columns(source).joined(months), hours=True, lists=lists, source=quantity.from_)
    where = {}
    for name, related in quantity.related.items():
        theirs = catalogue.source(related.source)
        own = own.joined(_brought(name, related, theirs))
        there = Scope.of_columns(theirs).joined(Scope.of_columns(source, MEASURED)).joined(months)
        where[name] = replace(there, lists=lists, source=related.source)
    return Scopes(own, bound, where)


def _brought(name: str, related: Related, theirs: Source) -> Scope:
    """What a relation adds to the measured record: an answer, a number, or the columns of a record."""
    if related.kind == "any":
        return Scope({name: "boolean"}, frozenset(), {})
    if related.kind == "count":
        return Scope({name: "number"}, frozenset(), {})
    columns = Scope.of_columns(theirs, f"{name}.")
    # Where there is no such record, all of it is blank.
    return replace(columns, may_be_blank=frozenset(columns.types), records={name: _columns(theirs)})


def _columns(source: Source) -> tuple[str, ...]:
    return tuple(name for name, column in source.columns.items() if column.as_ == "field")

"""Whether related records fit the records that they are related to: sources, columns, types and bounds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Length, within
from trigpoint.definitions.functions import DATED, ONE
from trigpoint.definitions.problem import Problem, unknown
from trigpoint.definitions.quantity import BOUNDS, Quantity, Related
from trigpoint.definitions.record_scope import Scopes, scopes
from trigpoint.definitions.source import Source
from trigpoint.definitions.tokens import Misfit
from trigpoint.definitions.typing_rules import MONTH_WORDS, Scope, check, type_of

Path = tuple[str | int, ...]
_TAKEN = frozenset({"this", "unit", "month", *MONTH_WORDS})
"""Names that mean something in every expression."""


def holds_records(catalogue: Catalogue, path: Path, code: str) -> Iterator[Problem]:
    """The problem that a name is, where it is of no source of records."""
    yield from unknown(path, code, "source", catalogue.sources)
    source = catalogue.sources.get(code)
    if source is not None and source.holds != "records":
        remedy = "A measure of figures says `source` in place of `from`." if path[-1] == "from" else ""
        yield Problem(path, f"{code!r}, which holds figures", "a source that holds records", remedy)


def related_problems(
    catalogue: Catalogue, path: Path, quantity: Quantity, source: Source
) -> Iterator[Problem]:
    """Everything in which a quantity's related records do not fit it."""
    found: list[Problem] = []
    for name, related in quantity.related.items():
        place = (*path, "related", name)
        found += _name_problems(place, name, source)
        found += _shape_problems(catalogue, place, related, quantity.from_, source)
    yield from found
    if not found:
        known = scopes(catalogue, quantity)
        for name, related in quantity.related.items():
            yield from _said_problems((*path, "related", name), name, related, known)


def _name_problems(path: Path, name: str, source: Source) -> Iterator[Problem]:
    if name in source.columns or any(column.startswith(f"{name}.") for column in source.columns):
        yield Problem(path, f"related records {name!r}, as a column is called", "a name of their own")
    elif name in _TAKEN:
        yield Problem(path, f"related records {name!r}, which means something else", "a name of their own")


def _shape_problems(
    catalogue: Catalogue, path: Path, related: Related, code: str, source: Source
) -> Iterator[Problem]:
    """The source of the related records, what they are matched by, and their date."""
    theirs = catalogue.sources.get(related.source)
    if theirs is None or theirs.holds != "records":
        yield from holds_records(catalogue, (*path, related.kind), related.source)
        return
    own, other = Scope.of_columns(source).types, Scope.of_columns(theirs).types
    for mine, its in related.match:
        wrong = [
            *_unknown_column((*path, "match"), mine, code, own),
            *_unknown_column((*path, "match"), its, related.source, other),
        ]
        yield from wrong
        if not wrong and own[mine] != other[its]:
            found = f"{mine}, {ONE[own[mine]]}, beside {its}, {ONE[other[its]]}"
            yield Problem((*path, "match"), found, "columns of one type")
    wrong = list(_unknown_column((*path, "dated"), related.dated, related.source, other))
    yield from wrong
    if not wrong and other[related.dated] not in DATED:
        yield Problem((*path, "dated"), f"{related.dated}, {ONE[other[related.dated]]}", "a date or a time")


def _unknown_column(path: Path, name: str, code: str, columns: Collection[str]) -> Iterator[Problem]:
    """The problem that a name is, where no column of a source has it."""
    for problem in unknown(path, name, "column", columns):
        yield Problem(path, f"no column {name!r}", f"a column of {code}", problem.remedy)


def _said_problems(path: Path, name: str, related: Related, known: Scopes) -> Iterator[Problem]:
    """The bounds of the related records' date, and what is asked of them."""
    theirs = known.where[name].types[related.dated]
    for field in BOUNDS:
        text = getattr(related, field)
        if text is None:
            continue
        try:
            tree = check(text, known.bound, DATED)
            if type_of(tree, known.bound) == "time" and theirs != "time":
                hours = [part.at for part in within(tree) if isinstance(part, Length)]
                raise Misfit(
                    hours[0] if hours else tree.at,
                    f"a time, beside {related.dated}, which is a date",
                    "days, weeks or months; date(t) is the day of a time",
                )
        except Misfit as wrong:
            yield Problem((*path, field), wrong.found, wrong.expected, wrong.remedy, wrong.at)
    if related.where is not None:
        try:
            check(related.where, known.where[name], ("boolean",))
        except Misfit as wrong:
            yield Problem((*path, "where"), wrong.found, wrong.expected, wrong.remedy, wrong.at)

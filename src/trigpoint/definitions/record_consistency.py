"""Whether a measure over records fits its sources: their columns, spans, units and groups."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Misfit, Name, Node, within
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import Quantity, RecordMeasure
from trigpoint.definitions.problem import Problem, unknown
from trigpoint.definitions.source import Source
from trigpoint.definitions.typing_rules import Scope, Type, check
from trigpoint.terms.unit import Level

Path = tuple[str | int, ...]

_TYPES: dict[str, tuple[Type, ...]] = {
    "month_of": ("date", "time"),
    "where": ("boolean",),
    "except_": ("boolean",),
    "with_": ("boolean",),
    "sum": ("number",),
    "median": ("number",),
}


def record_problems(
    catalogue: Catalogue, path: Path, it: Indicator, measure: RecordMeasure
) -> Iterator[Problem]:
    """Everything in which a measure over records does not fit what it draws on."""
    if Level.PERSON in it.levels:
        yield Problem(path, "the level person", "levels to team", "Figures of persons are still to come.")
    for place, quantity in ((path, measure), ((*path, "over"), measure.over)):
        if quantity is not None:
            yield from _quantity_problems(catalogue, place, quantity)
    yield from cut_problems(catalogue, path[:2], it, measure)


def _quantity_problems(catalogue: Catalogue, path: Path, quantity: Quantity) -> Iterator[Problem]:
    source = catalogue.sources.get(quantity.from_)
    if source is None:
        yield from unknown((*path, "from"), quantity.from_, "source", catalogue.sources)
        return
    if source.holds != "records":
        remedy = "A measure of figures says `source` in place of `from`."
        found = f"{quantity.from_!r}, which holds figures"
        yield Problem((*path, "from"), found, "a source that holds records", remedy)
        return
    if source.unit_field is None:
        found = f"{quantity.from_!r}, which does not say which column is a record's unit"
        yield Problem((*path, "from"), found, "one column of type unit, or `unit` in the source")
    if source.span is None and quantity.month_of is None:
        field = "at" if quantity.at else "during"
        found = f"{quantity.from_!r}, whose records have no span"
        yield Problem((*path, field), found, "a `span` in the source, or `month_of`")
        return
    if source.covers == "units_present" and source.expects.level is None:
        found = f"{quantity.from_!r}, where silence is not zero, without who is expected"
        yield Problem((*path, "from"), found, "a level under `expects` in the source")
    yield from _expression_problems(catalogue, path, quantity, source)


def _expression_problems(
    catalogue: Catalogue, path: Path, quantity: Quantity, source: Source
) -> Iterator[Problem]:
    names = Scope.of(source, catalogue.organisation.kinds, spans=quantity.during is not None)
    for field, types in _TYPES.items():
        text = getattr(quantity, field, None)
        if text is None:
            continue
        try:
            tree = check(text, names, types)
            if field == "month_of":
                _refuse_constant(tree, source)
        except Misfit as wrong:
            place = (*path, field.removesuffix("_"))
            yield Problem(place, wrong.found, wrong.expected, wrong.remedy, wrong.at)


def _refuse_constant(tree: Node, source: Source) -> None:
    """A day that is no record's own puts every record into every month, or into one."""
    if not any(isinstance(part, Name) and part.name in source.columns for part in within(tree)):
        raise Misfit(tree.at, "a day that is the same for every record", "a date of the record's own")


def cut_problems(
    catalogue: Catalogue, path: Path, it: Indicator, measure: RecordMeasure | None
) -> Iterator[Problem]:
    """Cuts that are not declared, or whose column the records lack."""
    for i, code in enumerate(it.cuts):
        place = (*path, "cuts", i)
        yield from unknown(place, code, "cut", catalogue.cuts)
        if code not in catalogue.cuts:
            continue
        if measure is None or not measure.additive:
            yield Problem(place, repr(code), "a cut only of counts, sums and ratios over records")
            continue
        column = catalogue.cuts[code].column or code
        for name in measure.sources:
            source = catalogue.sources.get(name)
            if source is not None and column not in source.fields:
                yield Problem(place, f"{code!r}", f"a column {column!r} in {name}")

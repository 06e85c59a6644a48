"""Whether a measure over records fits its sources: their columns, spans, units and groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.expression import Name, Node, parse, within
from trigpoint.definitions.functions import Type
from trigpoint.definitions.indicator import Indicator
from trigpoint.definitions.measure import FormulaMeasure, RecordMeasure
from trigpoint.definitions.problem import Problem, unknown
from trigpoint.definitions.quantity import Quantity
from trigpoint.definitions.record_scope import Scopes, scopes
from trigpoint.definitions.related_consistency import holds_records, related_problems
from trigpoint.definitions.source import Source
from trigpoint.definitions.tokens import Misfit
from trigpoint.definitions.typing_rules import MONTH_WORDS, Scope, check
from trigpoint.terms.errors import nearest
from trigpoint.terms.unit import Level

Path = tuple[str | int, ...]

_TYPES: Mapping[str, tuple[Type, ...]] = {
    "month_of": ("date", "time"),
    "where": ("boolean",),
    "except_": ("boolean",),
    "with_": ("boolean",),
    "sum": ("number",),
    "mean": ("number",),
    "median": ("number",),
    "max": ("number",),
    "min": ("number",),
    "gap": ("date", "time"),
}
_OF_THE_MONTH = (*MONTH_WORDS, "unit.kind")
"""What is known only when a record's month is."""


def record_problems(
    catalogue: Catalogue, path: Path, it: Indicator, measure: RecordMeasure
) -> Iterator[Problem]:
    """Everything in which a measure over records does not fit what it draws on."""
    for place, quantity in ((path, measure), ((*path, "over"), measure.over)):
        if quantity is not None:
            yield from _quantity_problems(catalogue, place, it, quantity)
    yield from cut_problems(catalogue, path[:2], it, measure)


def formula_parts_problems(
    catalogue: Catalogue, path: Path, it: Indicator, measure: FormulaMeasure
) -> Iterator[Problem]:
    """Everything in which the parts of a formula do not fit what they draw on."""
    for name, part in measure.parts.items():
        yield from _quantity_problems(catalogue, (*path, "parts", name), it, part)


def _quantity_problems(
    catalogue: Catalogue, path: Path, it: Indicator, quantity: Quantity
) -> Iterator[Problem]:
    source = catalogue.sources.get(quantity.from_)
    if source is None or source.holds != "records":
        yield from holds_records(catalogue, (*path, "from"), quantity.from_)
        return
    yield from _place_problems(path, it, quantity, source)
    wrong = list(related_problems(catalogue, path, quantity, source))
    yield from wrong
    if not wrong:
        found = scopes(catalogue, quantity)
        yield from _expression_problems(path, quantity, source, found)
        yield from _unit_problems(catalogue, path, quantity, source)


def _place_problems(path: Path, it: Indicator, quantity: Quantity, source: Source) -> Iterator[Problem]:
    """What the source must declare for a quantity of this form."""
    code = quantity.from_
    if source.unit_field is None and quantity.unit_of is None:
        remedy = "Name the column with the unit, as `unit` of the source."
        yield Problem((*path, "from"), f"{code!r}, whose records have no unit", "a unit", remedy)
    if quantity.month_of is None and quantity.gap is None and source.span is None:
        key = "at" if quantity.at is not None else "during"
        found = f"records of {code}, of which no span is declared"
        yield Problem((*path, key), found, "a source with a `span`, or month_of")
    if quantity.people is not None and source.subject is None:
        found = f"people of {code}, whose source names no `subject`"
        yield Problem((*path, "people"), found, "a source with a `subject`: the column that says who it is")
    if Level.PERSON in it.levels and source.staff is None:
        found = f"the level person of {code}, whose source names no `staff`"
        yield Problem((*path, "from"), found, "a source with `staff`, or levels to team")
    if source.covers == "units_present" and source.expects.level is None:
        found = f"{code!r}, where silence is not zero, without who is expected"
        yield Problem((*path, "from"), found, "a level under `expects` in the source")


def _expression_problems(path: Path, quantity: Quantity, source: Source, found: Scopes) -> Iterator[Problem]:
    for field, types in _TYPES.items():
        text = getattr(quantity, field, None)
        if text is not None:
            place = (*path, field.removesuffix("_"))
            yield from _of_type(
                place, text, found.record, types, quantity if field in ("month_of", "gap") else None
            )
    if quantity.percentile is not None:
        place = (*path, "percentile", "of")
        yield from _of_type(place, quantity.percentile.of, found.record, ("number",), None)


def _of_type(
    path: Path, text: str, scope: Scope, types: tuple[Type, ...], monthly: Quantity | None
) -> Iterator[Problem]:
    try:
        tree = check(text, scope, types)
        if monthly is not None:
            _refuse_constant(tree, scope)
            _refuse_circle(tree, monthly)
    except Misfit as wrong:
        yield Problem(path, wrong.found, wrong.expected, wrong.remedy, wrong.at)


def _refuse_constant(tree: Node, scope: Scope) -> None:
    """A day that is no record's own puts every record into every month, or into one."""
    if not any(isinstance(part, Name) and part.name not in _OF_THE_MONTH for part in within(tree)):
        raise Misfit(tree.at, "a day that is the same for every record", "a date of the record's own")


def _refuse_circle(tree: Node, quantity: Quantity) -> None:
    """The month cannot depend on what depends on the month."""
    for part in within(tree):
        if not isinstance(part, Name):
            continue
        if part.name in _OF_THE_MONTH:
            raise Misfit(part.at, f"{part.name}, which depends on the month", "what is known before it")
        related = quantity.related.get(part.name.partition(".")[0])
        texts = [text for _, text in related.bounds] if related is not None else []
        texts += [related.where] if related is not None and related.where else []
        for text in texts:
            if any(isinstance(one, Name) and one.name in _OF_THE_MONTH for one in within(parse(text))):
                raise Misfit(part.at, f"{part.name}, which depends on the month", "what is known before it")


def _unit_problems(catalogue: Catalogue, path: Path, quantity: Quantity, source: Source) -> Iterator[Problem]:
    """``unit_of`` names a column of type unit: one's own, or that of a first or last related record."""
    if quantity.unit_of is None:
        return
    units = [name for name, column in source.columns.items() if column.type == "unit"]
    for name, related in quantity.related.items():
        theirs = catalogue.source(related.source).columns if related.single else {}
        units += [f"{name}.{column}" for column, it in theirs.items() if it.type == "unit"]
    if quantity.unit_of not in units:
        expected = "a column of type unit, or that of a first or last related record"
        yield Problem((*path, "unit_of"), repr(quantity.unit_of), expected, nearest(quantity.unit_of, units))


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
        for name in dict.fromkeys(quantity.from_ for quantity in measure.quantities):
            source = catalogue.sources.get(name)
            if source is not None and column not in source.fields:
                yield Problem(place, f"{code!r}", f"a column {column!r} in {name}")

"""YAML and CSV text into definitions, and every fault with its file, line and column."""

from __future__ import annotations

import csv
import io
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trigpoint.definitions.measure import KINDS
from trigpoint.definitions.model import MISFIT
from trigpoint.definitions.organisation import Spell
from trigpoint.definitions.record_check import OWN, SEVERITY
from trigpoint.terms.errors import Fault, nearest

Path = tuple[str | int, ...]
Places = tuple[dict[Path, tuple[int, int]], dict[Path, tuple[int, int]]]
"""Line and column of each part of a file, and of the words of each text in it."""
M = TypeVar("M", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """YAML with fewer surprises: only true and false are booleans, and ``007`` and ``1:30`` stay text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own interface


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})$"), list(_first))


@dataclass(frozen=True)
class Text:
    """A parsed YAML file: its plain data, and where each part of it stands."""

    file: str
    data: Any
    marks: Mapping[Path, tuple[int, int]]
    texts: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    """Where the words of a text begin, past any quote; only of what stands on one line."""

    def fault(
        self, path: Path, found: str, expected: str, remedy: str = "", offset: int | None = None
    ) -> Fault:
        """A fault at the place of ``path``, or of the nearest part above it that is written down.

        ``offset`` counts characters within the text that stands there on one line.
        """
        while path and path not in self.marks:
            path = path[:-1]
        line, column = self.marks.get(path, (1, 1))
        if offset is not None and path in self.texts:
            line, column = self.texts[path]
            column += offset
        return Fault(self.file, found, expected, remedy, line=line, column=column)


def read_yaml(file: str, text: str, faults: list[Fault]) -> Text | None:
    """Parse a file of plain YAML. What is wrong is added to ``faults``; None where nothing could be read."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        line, column = (at.line + 1, at.column + 1) if at else (1, 1)
        faults.append(Fault(file, error.problem or "text that is not YAML", "YAML", line=line, column=column))
        return None
    except RecursionError:
        faults.append(Fault(file, "entries within entries, too deep to read", "a few levels"))
        return None
    except yaml.YAMLError as error:
        faults.append(Fault(file, str(error).replace("\n", " "), "YAML in plain characters"))
        return None
    marks: dict[Path, tuple[int, int]] = {}
    texts: dict[Path, tuple[int, int]] = {}
    try:
        data = _plain(node, (), file, (marks, texts), faults, set()) if node else None
    except RecursionError:
        faults.append(Fault(file, "entries within entries, too deep to read", "a few levels"))
        return None
    return Text(file, data, marks, texts)


def _plain(
    node: yaml.Node,
    path: Path,
    file: str,
    places: Places,
    faults: list[Fault],
    seen: set[int],
) -> Any:
    at = (node.start_mark.line + 1, node.start_mark.column + 1)
    marks, texts = places
    marks.setdefault(path, at)
    if isinstance(node, yaml.ScalarNode) and node.start_mark.line == node.end_mark.line:
        texts[path] = (at[0], at[1] + (node.style in ("'", '"')))
    if id(node) in seen:
        faults.append(Fault(file, "a reference (*name)", "the value written out", line=at[0], column=at[1]))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), file, places, faults, seen) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, path, file, places, faults, seen))
    if wrong := _unreadable(node):
        faults.append(Fault(file, wrong, "plain text, numbers and dates", line=at[0], column=at[1]))
        return None
    return _scalar(node)


def _pairs(
    node: yaml.MappingNode,
    path: Path,
    file: str,
    places: Places,
    faults: list[Fault],
    seen: set[int],
) -> Iterator[tuple[str, Any]]:
    keys: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if key in keys:
            faults.append(Fault(file, f"{key!r} a second time", "each name once", line=line, column=column))
        keys.add(key)
        places[0][(*path, key)] = (line, column)
        yield key, _plain(value_node, (*path, key), file, places, faults, seen)


INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that would break a page, or make a text read otherwise than it is written."""
LONGEST_NUMBER = 30


def _unreadable(node: yaml.Node) -> str:
    """What keeps a scalar from being read as what it says it is; nothing, mostly."""
    kind, text = node.tag.rsplit(":", 1)[-1], str(node.value)
    if found := INVISIBLE.search(text):
        return f"the invisible character {found[0]!a}"
    if kind not in ("null", "bool", "int", "float", "str"):
        return f"the tag {node.tag!r}"
    pattern = {"int": r"[-+]?\d+", "float": r"[-+]?\d+\.\d+"}.get(kind)
    if pattern and (len(text) > LONGEST_NUMBER or not re.fullmatch(pattern, text)):
        return f"{text[:LONGEST_NUMBER]!r} as a number"
    return ""


def _scalar(node: yaml.Node) -> Any:
    kind = node.tag.rsplit(":", 1)[-1]
    text = str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text == "true"
    if kind in ("int", "float"):
        return int(text) if kind == "int" else float(text)
    return text


PLAIN = {
    "string_type": "text (a number or a date needs quotes to be text)",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "yes or no",
    "bool_parsing": "yes or no",
    "date_type": "a date such as 2026-04-01",
    "date_parsing": "a date such as 2026-04-01",
    "date_from_datetime_parsing": "a date such as 2026-04-01",
    "tuple_type": "a list",
    "dict_type": "named entries (`name: ...`)",
    "model_type": "named entries (`name: ...`)",
    "string_pattern_mismatch": "a code: letters, digits, _ . and -, no spaces",
    "string_too_short": "some text",
    "too_short": "at least one entry",
}
"""Pydantic's kinds of error in words for someone who writes YAML."""


TAGS = (*KINDS, OWN, SEVERITY)
"""What pydantic puts into a path besides the keys that were written."""


def build(model: type[M], text: Text, faults: list[Fault], data: Any = None, under: Path = ()) -> M | None:
    """The model of a file's data, or of the part of it ``under`` a path. Faults carry line and column."""
    data = text.data if not under else data
    if not isinstance(data, Mapping):
        faults.append(text.fault(under, _shown(data), "named entries (`name: ...`)"))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults.extend(_fault(model, text, details, under) for details in error.errors())
        return None


def _fault(model: type[BaseModel], text: Text, details: ErrorDetails, under: Path) -> Fault:
    path = (*under, *(step for step in details["loc"] if step not in TAGS))
    kind, found = details["type"], _shown(details["input"])
    if kind == MISFIT:
        told = details["ctx"]
        written = [(*path, field) for field in told["fields"] if (*path, field) in text.marks]
        place = (*written, path)[0]
        return text.fault(place, told["found"], told["expected"], told["remedy"], told["offset"])
    if kind == "extra_forbidden":
        key = str(details["loc"][-1])
        hint = nearest(key, _keys(model, details["loc"][:-1]))
        if set(key) & set("()'<>="):
            hint = "An expression that holds a comma or a colon stands in quotes."
        return text.fault(path, f"{key!r}", "a key that is known here", hint)
    if kind == "missing":
        return text.fault(path[:-1], f"no {str(path[-1])!r}", "it to be given")
    if kind in ("literal_error", "enum"):
        valid = re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
        return text.fault(
            path, found, " or ".join(valid), nearest(str(details["input"]), valid) if len(valid) > 1 else ""
        )
    message = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return text.fault(path, found, PLAIN.get(kind, message))


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "an entry with " + ", ".join(map(str, value)) if value else "an empty entry"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _keys(model: Any, path: Path) -> list[str]:
    """The keys that the model at ``path`` inside ``model`` knows."""
    for step in path:
        model = _step(model, step)
    return [field.alias or name for name, field in model.model_fields.items()] if _is_model(model) else []


def _step(kind: Any, step: str | int) -> Any:
    """The type found one key or index further in."""
    if step in (OWN, SEVERITY):  # of the two, one alone is a model: ``_bare`` has come to it already
        return kind
    if _is_model(kind):
        fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
        return _bare(fields.get(str(step)))
    if step in KINDS:
        return next(_bare(one) for one in get_args(kind) if get_args(one)[1].tag == step)
    inner = [argument for argument in get_args(kind) if argument is not Ellipsis]
    return _bare(inner[-1]) if inner else None


def _bare(kind: Any) -> Any:
    """A type without its Annotated wrapper and without ``| None``; a union of models stays whole."""
    if sum(_is_model(_bare(one)) for one in get_args(kind) if get_origin(kind) is Union) > 1:
        return kind
    while get_origin(kind) in (Annotated, Union, types.UnionType):
        arguments = [argument for argument in get_args(kind) if argument is not type(None)]
        kind = next((a for a in arguments if _is_model(_bare(a))), arguments[0])
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


UNIT_COLUMNS = ("code", "name", "level", "parent", "kind", "successor", "from", "to", "breaks", "note")


def read_units(file: str, text: str, faults: list[Fault]) -> list[tuple[Spell, int]]:
    """The spells of ``units.csv``, each with its line. A blank cell is a key left out."""
    if found := INVISIBLE.search(text.removeprefix("\ufeff").replace("\r\n", "\n")):
        line = text.count("\n", 0, found.start()) + 1
        faults.append(Fault(file, f"the invisible character {found[0]!a}", "plain text", line=line))
        return []
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    spells: list[tuple[Spell, int]] = []
    try:
        header = next(reader, [])
        twice = sorted({name for name in header if header.count(name) > 1})
        faults.extend(Fault(file, f"the column {name!r} twice", "each column once", line=1) for name in twice)
        for unknown in [name for name in header if name not in UNIT_COLUMNS]:
            remedy = nearest(unknown, UNIT_COLUMNS)
            faults.append(Fault(file, f"a column {unknown!r}", "a column that is known here", remedy, line=1))
        for row in reader:
            line = reader.line_num
            if len(row) != len(header):
                faults.append(Fault(file, f"{len(row)} cells", f"{len(header)}, as in the header", line=line))
            elif (spell := _spell(file, line, dict(zip(header, row, strict=True)), faults)) is not None:
                spells.append((spell, line))
    except csv.Error as error:
        faults.append(Fault(file, str(error), "comma-separated text", line=reader.line_num))
    return spells


def _spell(file: str, line: int, row: dict[str, str], faults: list[Fault]) -> Spell | None:
    try:
        return Spell.model_validate(
            {key: value.strip() for key, value in row.items() if value.strip() and key in UNIT_COLUMNS}
        )
    except ValidationError as error:
        marks: dict[Path, tuple[int, int]] = {}
        for details in error.errors():
            fault = _fault(Spell, Text(file, row, marks), details, ())
            field = str(details["loc"][-1]) if details["loc"] else ""
            faults.append(Fault(file, fault.found, fault.expected, fault.remedy, line=line, field=field))
        return None

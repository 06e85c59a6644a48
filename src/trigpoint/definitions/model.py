"""The strict base of every definition, the field types they share, and the hash of what they mean."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from trigpoint.terms.period import Month


def _to_month(given: object) -> Month:
    if isinstance(given, Month):
        return given
    try:
        return Month.parse(str(given))
    except ValueError:
        raise ValueError("a month such as 2026-10") from None


MonthField = Annotated[
    Month,
    BeforeValidator(_to_month),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{4}-\d{2}$", "description": "a month, such as 2026-10"}
    ),
]

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""A name that is safe in a file name, an address and a column: letters, digits, ``_ . -``."""


def as_number(given: object) -> object:
    """What a number is read from: neither yes nor no, nor a blank."""
    if isinstance(given, bool) or (isinstance(given, str) and not given.strip()):
        raise ValueError("a number")
    return given


Number = Annotated[float, BeforeValidator(as_number), Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
"""A finite number; neither yes nor no is one."""

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _plain_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w{0,63}", name):
        raise ValueError("a name of letters, digits and _, for expressions to use")
    return name


Name = Annotated[str, AfterValidator(_plain_name)]
"""A name that expressions and formulas may hold."""


MISFIT = "misfit"
"""The kind of error that says which fields do not go together, and what would be right."""


def misfit(
    fields: tuple[str, ...], found: str, expected: str, remedy: str = "", offset: int | None = None
) -> PydanticCustomError:
    """What a model raises where its fields do not go together: told at the first that is written down.

    ``offset`` is a place within the text of that field.
    """
    told = {"fields": fields, "found": found, "expected": expected, "remedy": remedy, "offset": offset}
    return PydanticCustomError(MISFIT, "{found}; expected {expected}", told)


class Definition(BaseModel):
    """Immutable, and refuses a key that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    wording: ClassVar[frozenset[str]] = frozenset()
    """Fields for people to read. They may change without changing what is computed."""

    def meaning(self) -> dict[str, Any]:
        """The definition as plain data, without its wording, at every depth."""
        return {
            name: _plain(getattr(self, name))
            for name in type(self).model_fields
            if name not in type(self).wording and getattr(self, name) is not None
        }


def _plain(value: object) -> Any:
    if isinstance(value, Definition):
        return value.meaning()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 75 and 75.0 mean the same
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)


def hash_of(meaning: object) -> str:
    """SHA-256 of plain data as canonical JSON: the same for any order of keys."""
    text = json.dumps(
        _plain(meaning), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()

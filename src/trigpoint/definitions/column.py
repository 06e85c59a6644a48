"""A column of a delivery: how its cells are written, and what they mean."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from trigpoint.definitions.model import Code, Definition
from trigpoint.terms.panel import State, Status

Role = Literal["item", "unit", "cut", "start", "end", "month", "value", "status", "field", "ignore"]
"""What a column is to the figures: ``field`` belongs to records, ``ignore`` is read past."""
Type = Literal["code", "text", "number", "money", "boolean", "date", "time", "month", "unit"]
UTC = " utc"
"""What ends the name of the column that keeps, beside a time by the local clock, the instant in UTC."""
BLANKED = "cells blanked"
"""The column that keeps which cells of a row a check has made blank: the names of columns, a line each."""


NHS_NUMBER = "nhs_number"
"""The one format of an identifier that is known: ten digits with a check digit, however they are spaced."""
_OF_A_HASH = ("type", "hashed_as", "format", "trim", "rename", "required")


class Column(Definition):
    """One column of the delivery.

    ``take`` lists the texts, as the file has them, whose rows are taken; rows with others are set
    aside and counted. ``values`` is closed: a text that it does not list is a fault. ``rename`` is open.
    ``markers`` are texts that stand for a state instead of a figure; a key of ``null`` means an
    empty Parquet or workbook cell, and ``""`` a blank text.
    """

    # Whether a date may lie ahead decides what is noted, and nothing else.
    wording: ClassVar = frozenset({"future"})

    as_: Role = Field(default="field", alias="as")
    type: Type | None = None
    format: str | None = Field(
        default=None,
        description="how a date, time or month is written, such as %d/%m/%Y; or nhs_number, of one hashed",
    )
    trim: bool = False
    required: bool = False
    decimals: int | None = Field(default=None, ge=0, le=6)
    values: dict[str, str] | None = None
    rename: dict[str, str] = Field(default_factory=dict)
    take: tuple[str, ...] | None = None
    markers: dict[str, Literal["suppressed", "not_submitted", "not_applicable", "no_denominator"]] = Field(
        default_factory=dict
    )
    item: str | None = Field(default=None, description="in a wide layout, the figure that this column holds")
    future: bool = Field(default=False, description="for records: a day or time that may lie ahead: when due")
    identifying: Literal["drop", "hash"] | None = Field(
        default=None, description="of records: it tells who a person is, and is never kept as it came"
    )
    hashed_as: Code | None = Field(
        default=None, description="the kind of identifier, where other sources have it too; else its own name"
    )

    @model_validator(mode="after")
    def _fits_who_it_identifies(self) -> Self:
        given = sorted(name.rstrip("_") for name in self.model_fields_set - {"identifying"})
        if self.hashed_as is not None and self.identifying != "hash":
            raise ValueError("hashed_as belongs to a column that is `identifying: hash`")
        if self.identifying == "drop" and given:
            raise ValueError(f"a column that is dropped is not read; leave out {', '.join(given)}")
        if self.identifying == "hash" and (wrong := [name for name in given if name not in _OF_A_HASH]):
            raise ValueError(f"a column that is hashed takes {', '.join(_OF_A_HASH)}; not {', '.join(wrong)}")
        if self.identifying == "hash" and (self.type or "code") not in ("code", "text"):
            raise ValueError(f"a column that is hashed is a code or a text; not a {self.type}")
        if self.identifying == "hash" and self.format not in (None, NHS_NUMBER):
            raise ValueError(f"a column that is hashed has no format but {NHS_NUMBER}")
        return self

    @model_validator(mode="after")
    def _fits_its_role(self) -> Self:
        if self.as_ == "status" and self.values and (wrong := set(self.values.values()) - set(Status)):
            raise ValueError(f"status values are {', '.join(Status)}; not {', '.join(sorted(wrong))}")
        if self.markers and self.as_ != "value":
            raise ValueError("markers belong to a column that holds values")
        if self.item is not None and self.as_ != "value":
            raise ValueError("item belongs to a column that holds values")
        return self

    def read(self, text: str) -> str:
        """What a text that is known here stands for."""
        text = (self.values or {}).get(text, text)
        return self.rename.get(text, text)

    def written(self, meaning: str) -> str | None:
        """The first text that stands for a meaning here."""
        texts = self.values if self.values is not None else {**self.rename, meaning: meaning}
        return next((text for text in texts if self.read(text) == meaning), None)

    def state_of(self, text: str | None) -> State | None:
        """The state that ``text`` stands for here; None where it is to be read as a figure."""
        found = self.markers.get("null" if text is None else text)
        return State(found) if found else None

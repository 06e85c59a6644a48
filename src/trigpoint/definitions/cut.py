"""Cuts: ways of telling people apart; and lists of codes that conditions name."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from trigpoint.definitions.model import Definition, Words


class CodeList(Definition):
    """Codes that conditions ask for together: ``severity in list serious``."""

    wording: ClassVar = frozenset({"title"})
    title: Words
    values: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if twice := sorted({one for one in self.values if self.values.count(one) > 1}):
            raise ValueError(f"the value {twice[0]!r} twice")
        return self


class Group(Definition):
    """One group of a cut, and the codes that belong to it."""

    name: Words
    codes: tuple[str, ...] = Field(min_length=1)


class Cut(Definition):
    """A way of telling people apart: by age, sex, ethnicity, deprivation.

    ``column`` is the records' column that holds the codes: the cut's own code, if left out. Codes
    that no group has, and blanks, are ``unknown``, so that the groups together cover everyone.
    """

    wording: ClassVar = frozenset({"title"})
    title: Words
    column: str | None = None
    groups: tuple[Group, ...] = Field(min_length=1)
    unknown: Words = "Not known"

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [*(group.name for group in self.groups), self.unknown]
        codes = [code for group in self.groups for code in group.codes]
        for given, what in ((names, "name"), (codes, "code")):
            if twice := sorted({one for one in given if given.count(one) > 1}):
                raise ValueError(f"the {what} {twice[0]!r} twice: each belongs to one group")
        return self

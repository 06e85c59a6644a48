"""A workspace's files into a catalogue, or into the list of everything that is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from trigpoint.definitions.catalogue import Catalogue, DecisionsFile, DefinitionsFile
from trigpoint.definitions.consistency import problems
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.model import Definition
from trigpoint.definitions.organisation import Organisation, Spell, organisation_problems
from trigpoint.definitions.parse import Path, Text, build, read_units, read_yaml
from trigpoint.definitions.problem import Problem
from trigpoint.definitions.profile import PROFILES, SHIPPED, ProfilesFile, RuleProfile, read_profiles
from trigpoint.definitions.settings import Settings
from trigpoint.terms.errors import DefinitionError, Fault

SETTINGS = "trigpoint.yaml"
DECISIONS = "decisions.yaml"
FOLDER = "definitions"

SECTIONS = tuple(DefinitionsFile.model_fields)


def read_catalogue(files: Mapping[str, str]) -> Catalogue:
    """The catalogue of a workspace's texts: path below the workspace -> text.

    Raises DefinitionError with every fault that could be found, each with its file, line and what
    would be right.
    """
    reading = _Reading()
    for file, text in sorted(files.items()):
        reading.take(file, text)
    catalogue = reading.catalogue()
    if catalogue is None or reading.faults:
        raise _refusal(reading.faults)
    if faults := [reading.place(problem) for problem in problems(catalogue)]:
        raise _refusal(faults)
    return catalogue


def _refusal(faults: Iterable[Fault]) -> DefinitionError:
    # One wrong value can be wrong for every form that its place allows: once is enough.
    once = {
        (fault.file, fault.line, fault.column, fault.field, fault.found): fault
        for fault in reversed(list(faults))
    }
    found = sorted(once.values(), key=lambda fault: (fault.file, fault.line or 0, fault.column or 0))
    return DefinitionError(f"{len(found)} fault{'s' * (len(found) != 1)} in the definitions:", found)


class _Reading:
    """The state of reading many files into one catalogue."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.settings: Settings | None = None
        self.spells: list[tuple[Spell, str, int]] = []
        self.journal: tuple[Decision, ...] = ()
        self.profiles: dict[str, RuleProfile] = dict(SHIPPED)
        self.sections: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
        self.origins: dict[Path, Text] = {}

    def take(self, file: str, text: str) -> None:
        if file.lower().endswith(".csv"):
            self.spells += [(spell, file, line) for spell, line in read_units(file, text, self.faults)]
            return
        parsed = read_yaml(file, text, self.faults)
        if parsed is None or (parsed.data is None and file != SETTINGS):
            return
        if file == SETTINGS:
            self.settings = build(Settings, parsed, self.faults)
            self.origins["settings",] = parsed
        elif file == DECISIONS:
            journal = build(DecisionsFile, parsed, self.faults)
            self.journal = journal.decisions if journal else ()
            self.origins["decisions",] = parsed
        elif file == PROFILES:
            self.profiles |= read_profiles(parsed, SHIPPED, self.faults)
        elif file.rpartition("/")[2] == PROFILES:
            self.faults.append(Fault(file, "rule profiles", f"them in {PROFILES}, beside {SETTINGS}"))
        else:
            self._take_definitions(parsed)

    def _take_definitions(self, parsed: Text) -> None:
        built = build(DefinitionsFile, parsed, self.faults)
        for section in SECTIONS if built else ():
            for code, definition in getattr(built, section).items():
                if code in self.sections[section]:
                    first = self.origins[section, code].file
                    self.faults.append(
                        parsed.fault((section, code), f"{code!r} again", f"it once; it stands in {first} too")
                    )
                    continue
                self.sections[section][code] = definition
                self.origins[section, code] = parsed

    def catalogue(self) -> Catalogue | None:
        units: dict[str, tuple[Spell, ...]] = {}
        for spell, _, _ in sorted(self.spells, key=lambda found: (found[0].from_, found[2])):
            units[spell.code] = (*units.get(spell.code, ()), spell)
        lines = {id(spell): (file, line) for spell, file, line in self.spells}
        for spell, field, found, expected, remedy in organisation_problems(units):
            file, line = lines[id(spell)]
            self.faults.append(Fault(file, found, expected, remedy, line=line, field=field))
        if not units:
            self.faults.append(Fault(f"{FOLDER}/units.csv", "no unit", "the trust at least: code,name,level"))
        if self.settings is None:
            if not self.origins.get(("settings",)):
                self.faults.append(Fault(SETTINGS, "no such file", "the workspace's settings: name and home"))
            return None
        ordered = {code: units[code] for code in dict.fromkeys(spell.code for spell, _, _ in self.spells)}
        return Catalogue(
            self.settings,
            Organisation(ordered, self.settings.home),
            **self.sections,
            profiles=self.profiles,
            journal=self.journal,
        )

    def place(self, problem: Problem) -> Fault:
        """The fault that a problem is, at its place in the file that declared it."""
        head = problem.path[:1] if problem.path[0] in ("settings", "decisions") else problem.path[:2]
        path = problem.path[1:] if problem.path[0] == "settings" else problem.path
        return self.origins[head].fault(path, problem.found, problem.expected, problem.remedy, problem.offset)


def json_schema() -> dict[str, str]:
    """File name -> JSON Schema, for editors: made from the same models that read the files."""
    models: dict[str, type[Definition]] = {
        "definitions": DefinitionsFile,
        "settings": Settings,
        "decisions": DecisionsFile,
        "rule-profiles": ProfilesFile,
    }
    return {
        f"{name}.schema.json": json.dumps(
            model.model_json_schema(by_alias=True), indent=2, ensure_ascii=False
        )
        + "\n"
        for name, model in models.items()
    }

"""What the workspace declares: its definitions and decisions, now or as they were known."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace

from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import DECISIONS, read_catalogue
from trigpoint.definitions.settings import Structure
from trigpoint.store.ledger import Ledger
from trigpoint.store.lock import writing
from trigpoint.store.workspace import Workspace, decoded
from trigpoint.terms.errors import TrigpointError

LEDGER = "definitions"


def known(workspace: Workspace, as_at: dt.datetime | None = None) -> Catalogue:
    """The workspace's definitions and decisions: as they are, or as they were known at an instant.

    A decision counts from its own day on. Raises DefinitionError for faults in them, NotFound for
    an instant before any were kept.
    """
    texts = workspace.texts() if as_at is None else Ledger(workspace.root, LEDGER).known(as_at).texts
    catalogue = read_catalogue(decoded(texts))
    moment = as_at or dt.datetime.now(dt.UTC)
    last_day = moment.astimezone(catalogue.settings.zone).date()
    return replace(catalogue, journal=tuple(entry for entry in catalogue.journal if entry.on <= last_day))


def by_structure(catalogue: Catalogue, structure: Structure | None) -> Catalogue:
    """The catalogue, its figures rolled up by the tree that is asked for; None: as its settings say."""
    if structure is None:
        return catalogue
    return replace(catalogue, settings=catalogue.settings.model_copy(update={"structure": structure}))


def marked(catalogue: Catalogue, notice: str) -> Catalogue:
    """The catalogue with one more sentence at the head of its pages."""
    settings = catalogue.settings
    said = f"{notice} {settings.notice}".strip()
    return replace(catalogue, settings=settings.model_copy(update={"notice": said}))


def decide(workspace: Workspace, decision: Mapping[str, str | Mapping[str, str]], at: dt.datetime) -> None:
    """Add a decision, its fields as text or as named texts, to the journal.

    Raises DefinitionError, and writes nothing, where it does not hold.
    """
    try:
        json.dumps(decision, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise TrigpointError("The decision holds bytes that are no text; nothing was written.") from None
    with writing(workspace.root, "decide"):
        texts = workspace.with_decision(decision)
        read_catalogue(decoded(texts))
        workspace.write_journal(texts[DECISIONS])
        Ledger(workspace.root, LEDGER).keep(texts, at)

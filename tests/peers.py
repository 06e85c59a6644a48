"""A group of trusts, one indicator and its figures in a few lines, for a figure among its peers'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests import wholes
from tests.wholes import NOW, RATIO, Figure
from trigpoint.analysis.peers.among import Among, among
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.reading import read_catalogue
from trigpoint.terms.panel import Panel

PEERS = tuple(f"P{number}" for number in range(1, 10))
UNITS = wholes.UNITS + "".join(f"{code},Trust {code},trust,,,\n" for code in (*PEERS, "LATE"))
GROUPS = f"""
peer_groups:
  trusts:
    title: Trusts
    members: [{{unit: T}}, {{unit: LATE, from: 2025-01-01}}, {", ".join(f"{{unit: {it}}}" for it in PEERS)}]
"""


def catalogue(measure: str = RATIO, *, group: str = "trusts", **changes: Any) -> Catalogue:
    """The trust T among nine others; ``changes`` are the indicator's, as in ``tests.wholes``."""
    files = wholes.files(measure, **changes)
    files["trigpoint.yaml"] += f"peers: {group}\n" if group else ""
    return read_catalogue({**files, "definitions/units.csv": UNITS, "definitions/peers.yaml": GROUPS})


def panel(ours: Figure, theirs: list[Figure], **how: Any) -> Panel:
    """Our figure and those of as many peers."""
    figures: Mapping[str, Figure] = {"T": ours, **dict(zip(PEERS, theirs, strict=False))}
    return wholes.panel(figures, **how)


def found(ours: Figure, theirs: list[Figure], unit: str = "T", **changes: Any) -> Among:
    """Our figure among theirs."""
    return among(panel(ours, theirs), catalogue(**changes), "X", unit, NOW)

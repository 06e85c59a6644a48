"""Documents of the hardest cases, made of definitions and findings as the real ones are."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

from tests.web.findings import NOW, SOURCE, finding, indicator, past, peers, series, standard
from trigpoint.analysis.finding import (
    Assurance,
    Attainment,
    Finding,
    Rule,
    SeriesBreak,
    SeriesStatus,
    StandardLine,
    Variation,
)
from trigpoint.definitions.catalogue import Catalogue
from trigpoint.definitions.decision import Decision
from trigpoint.definitions.indicator import Indicator, Objective, Perspective
from trigpoint.definitions.organisation import Organisation, PeerGroup, Spell
from trigpoint.definitions.pack import Pack
from trigpoint.definitions.settings import Settings
from trigpoint.definitions.source import Source
from trigpoint.publish.compose import compose
from trigpoint.publish.compose_indicator import Evidence
from trigpoint.publish.document import Document, Link
from trigpoint.scorecards.build import Scorecard, build
from trigpoint.store.load import FIGURES, Changes, Load
from trigpoint.terms.panel import State, Status
from trigpoint.terms.period import Month
from trigpoint.terms.unit import Level

UNIT = "RXX"
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</title></svg>&amp;' javascript:"
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch and neighbouring communities " * 2

SHAPES = list(
    itertools.product(
        [Variation.COMMON, *(v for v in Variation if v is not Variation.COMMON)],
        [Assurance.PASS, Assurance.FAIL, Assurance.HIT_OR_MISS],
    )
)


def catalogue(indicators: dict[str, Indicator], *, words: str = "") -> Catalogue:
    """A small workspace's definitions; ``words`` is put into every text that people write."""
    return Catalogue(
        settings=Settings(name=f"Test Trust {words}", home=UNIT, notice=f"Every figure is made up. {words}"),
        organisation=Organisation(
            {UNIT: (Spell(code=UNIT, name=f"Test Partnership {words}", level=Level.TRUST, note=words),)}
        ),
        perspectives={
            "safe": Perspective(title=f"Patient safety {words}", question=f"Is care safe? {words}"),
            "kind": Perspective(title="Experience", question="Do people say so?"),
        },
        objectives={
            "safe": Objective(title=f"Nobody comes to harm {words}", perspective="safe"),
            "kind": Objective(title="People are heard", perspective="kind"),
        },
        indicators=indicators,
        sources={
            SOURCE: Source.model_validate(
                {
                    "title": f"Monthly return {words}",
                    "publisher": f"The trust {words}",
                    "format": "csv",
                    "delivery": "replace",
                    "columns": {
                        "item": {"as": "item"},
                        "unit": {"as": "unit"},
                        "month": {"as": "month", "format": "%Y-%m"},
                        "value": {"as": "value"},
                    },
                }
            )
        },
        packs={"board": PACK},
        peer_groups={
            "south-west": PeerGroup.model_validate(
                {"title": f"South West {words}", "members": [{"unit": UNIT}]}
            )
        },
        journal=(),
    )


PACK = Pack(title="Monthly scorecard", level=Level.TRUST, audience="board")


def load(words: str = "") -> Load:
    return Load(
        source=SOURCE,
        seq=1,
        sha256="c0ffee" * 10 + "beef",
        source_hash="0" * 64,
        file=f"monthly-return {words}.csv",
        mode="replace",
        coverage=frozenset({NOW}),
        shape=FIGURES,
        columns=(),
        accepted_at=dt.datetime(2026, 11, 12, 6, 14, tzinfo=dt.UTC),
        by=f"analyst {words}",
        changes=Changes(added=1),
        parts=(),
        attachments={},
    )


def months_of(code: str, at: int) -> tuple[Finding, ...]:
    """Thirteen months of one row, each different from the next; ``at`` chooses states, icons and verdicts."""
    variation, assurance = SHAPES[at % len(SHAPES)]
    judged = (Attainment.MET, Attainment.IN_TOLERANCE, Attainment.NOT_MET)[at % 3]
    state = list(State)[at % len(State)] if at % 3 == 2 else State.VALUE
    found = []
    for back in range(12, -1, -1):
        value = 80.0 + (back * 7 + at) % 11 - 5
        now = back == 0
        here = state if now else (State.SUPPRESSED if back == 6 else State.VALUE)
        shown = value if here is State.VALUE else None
        bearing = past(
            variation if now or back < 3 else Variation.COMMON,
            assurance=assurance,
            status=list(SeriesStatus)[at % len(SeriesStatus)] if at % 5 == 4 else SeriesStatus.CHARTED,
            rule=list(Rule)[at % 4] if now else None,
            since=NOW - 2 if now else None,
        )
        verdict = judged if shown is not None else Attainment.NOT_ASSESSED
        held = () if at % 7 == 6 else (standard(verdict, 80.0, shown, streak=at % 14 + 1),)
        found.append(
            replace(
                finding(shown, NOW - back, state=here, past=bearing, standards=held),
                indicator=code,
                unit=UNIT,
                status=Status.PROVISIONAL if now else Status.FINAL,
                peers=peers(at % 5 or None),
            )
        )
    return tuple(found)


def evidence(months: tuple[Finding, ...], words: str = "") -> Evidence:
    lines = StandardLine(
        f"Standard {words}", "national", "at_least", True, False, tuple((f.month, 80.0) for f in months)
    )
    breaks = (SeriesBreak(NOW - 8, "rebase", f"A new rota {words}", f"M. Penrose {words}"),)
    excluded = Decision(
        on=dt.date(2026, 9, 1),
        by=f"K. Hart {words}",
        kind="exclude",
        indicator="A",
        unit=UNIT,
        month=NOW - 3,
        reason=f"Flood {words}",
    )
    return Evidence(
        series(months, breaks=breaks, lines=[lines], excluded=NOW - 3), (excluded,), (load(words),)
    )


def document(count: int, *, words: str = "", title: str = "Followed up") -> Document:
    """A scorecard of ``count`` indicators. ``words`` goes wherever people write."""
    indicators = {
        f"I-{at}": indicator(
            f"{title} {at} {words}",
            objective="safe" if at % 2 else "kind",
            why=f"Because {words}",
            counts=f"people {words}",
            out_of=f"all people {words}",
            owner=f"Director of Nursing {words}".strip(),
            standards=[
                {
                    "name": f"Standard {words}",
                    "set_by": "national",
                    "at_least": 80,
                    "from": "2020-04",
                    "primary": True,
                    "source": f"Contract {words}",
                },
                {"name": "Plan", "set_by": "local", "at_least": {"2026-09": 81, "2027-03": 90}},
            ],
            versions=[
                {"from": "2020-04", "measure": {"source": SOURCE, "numerator": "a", "denominator": "b"}},
                {
                    "from": "2026-02",
                    "change": "break",
                    "note": f"Counted anew {words}",
                    "measure": {"source": SOURCE, "numerator": "c", "denominator": "b"},
                },
            ],
        )
        for at in range(count)
    }
    made = catalogue(indicators, words=words)
    rows = {code: months_of(code, at) for at, code in enumerate(indicators)}
    return compose(
        scorecard_of(made, rows),
        made,
        {code: evidence(months, words) for code, months in rows.items()},
        snapshot="5" * 64,
        by_chance=0.6,
        elsewhere=[Link(f"September 2026 {words}", "2026-09/index.html")],
    )


def scorecard_of(made: Catalogue, rows: dict[str, tuple[Finding, ...]], month: Month = NOW) -> Scorecard:
    return build(itertools.chain.from_iterable(rows.values()), made, PACK, UNIT, month)

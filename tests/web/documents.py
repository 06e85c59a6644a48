"""Documents of the hardest cases, made of definitions and findings as the real ones are."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import replace

from tests.web.findings import (
    EVERY_CAUTION,
    NOW,
    PROPOSED,
    SOURCE,
    finding,
    indicator,
    past,
    peers,
    series,
    standard,
)
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
from trigpoint.definitions.profile import SHIPPED
from trigpoint.definitions.settings import Settings
from trigpoint.definitions.source import Source
from trigpoint.publish.compose.every_page import compose
from trigpoint.publish.compose.indicator import Evidence
from trigpoint.publish.document import Document
from trigpoint.publish.mark import Link
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
        settings=Settings(
            name=_with(words, "Test Trust"), home=UNIT, notice=_with(words, "Every figure is made up.")
        ),
        organisation=Organisation(
            {
                "NAT": (Spell(code="NAT", name=_with(words, "Test Nation"), level=Level.NATION),),
                UNIT: (_trust(UNIT, "Test Partnership", words),),
                "PEER": (_trust("PEER", "Neighbouring Partnership", words),),
                "LATE": (_trust("LATE", "Partnership without a figure", words),),
            }
        ),
        perspectives={
            "safe": Perspective(title=_with(words, "Patient safety"), question=_with(words, "Is care safe?")),
            "kind": Perspective(title="Experience", question="Do people say so?"),
        },
        objectives={
            "safe": Objective(title=_with(words, "Nobody comes to harm"), perspective="safe"),
            "kind": Objective(title="People are heard", perspective="kind"),
        },
        indicators=indicators,
        sources={
            SOURCE: Source.model_validate(
                {
                    "title": _with(words, "Monthly return"),
                    "publisher": _with(words, "The trust"),
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
                {
                    "title": _with(words, "South West"),
                    "members": [{"unit": unit} for unit in (UNIT, "PEER", "LATE")],
                }
            )
        },
        cuts={},
        lists={},
        profiles=SHIPPED,
        journal=(),
    )


def _with(words: str, text: str) -> str:
    """A text with what a test wants to see in every text."""
    return f"{text} {words}" if words else text


PACK = Pack(title="Monthly scorecard", level=Level.TRUST, audience="board")


def load(words: str = "") -> Load:
    return Load(
        source=SOURCE,
        seq=1,
        sha256="c0ffee" * 10 + "beef",
        source_hash="0" * 64,
        file=_with(words, "monthly-return.csv"),
        mode="replace",
        coverage=frozenset({NOW}),
        shape=FIGURES,
        columns=(),
        accepted_at=dt.datetime(2026, 11, 12, 6, 14, tzinfo=dt.UTC),
        by=_with(words, "analyst"),
        changes=Changes(added=1),
        parts=(),
        attachments={},
    )


def _trust(code: str, name: str, words: str) -> Spell:
    return Spell(code=code, name=_with(words, name), level=Level.TRUST, parent="NAT", note=words)


def around(own: Finding) -> tuple[Finding, ...]:
    """The figures of the peers and the nation in the month of one of ours."""
    return (
        replace(own, unit="PEER", value=91.0, state=State.VALUE),
        replace(own, unit="LATE", value=None, state=State.NOT_SUBMITTED),
        replace(own, unit="NAT", value=84.4, state=State.VALUE),
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
        _with(words, "Standard"), "national", "at_least", True, False, tuple((f.month, 80.0) for f in months)
    )
    breaks = (SeriesBreak(NOW - 8, "rebase", _with(words, "A new rota"), _with(words, "M. Penrose")),)
    excluded = Decision(
        on=dt.date(2026, 9, 1),
        by=_with(words, "K. Hart"),
        kind="exclude",
        indicator="A",
        unit=UNIT,
        month=NOW - 3,
        reason=_with(words, "Flood"),
    )
    return Evidence(
        series(
            months,
            breaks=breaks,
            lines=[lines],
            excluded=NOW - 3,
            cautions=EVERY_CAUTION,
            proposal=PROPOSED,
        ),
        (excluded,),
        (load(words),),
        around(months[-1]),
    )


def document(count: int, *, words: str = "", title: str = "Followed up") -> Document:
    """A scorecard of ``count`` indicators. ``words`` goes wherever people write."""
    indicators = {
        f"I-{at}": indicator(
            _with(words, f"{title} {at}"),
            objective="safe" if at % 2 else "kind",
            why=_with(words, "Because"),
            counts=_with(words, "people"),
            out_of=_with(words, "all people"),
            owner=_with(words, "Director of Nursing"),
            standards=[
                {
                    "name": _with(words, "Standard"),
                    "set_by": "national",
                    "at_least": 80,
                    "from": "2020-04",
                    "primary": True,
                    "source": _with(words, "Contract"),
                },
                {"name": "Plan", "set_by": "local", "at_least": {"2026-09": 81, "2027-03": 90}},
            ],
            versions=[
                {"from": "2020-04", "measure": {"source": SOURCE, "numerator": "a", "denominator": "b"}},
                {
                    "from": "2026-02",
                    "change": "break",
                    "note": _with(words, "Counted anew"),
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
        elsewhere=[Link(_with(words, "September 2026"), "2026-09/index.html")],
    )


def scorecard_of(made: Catalogue, rows: Mapping[str, tuple[Finding, ...]], month: Month = NOW) -> Scorecard:
    return build(itertools.chain.from_iterable(rows.values()), made, PACK, UNIT, month)

"""What it costs to set units among their peers: a funnel, likely ranks, and a whole page's."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.harness import Clock, Figures, benchmark
from tests.wholes import FRAME, NOW
from tests.wholes import panel as figures_of
from trigpoint.analysis.arrays import Floats
from trigpoint.analysis.peers.among import among
from trigpoint.analysis.peers.funnel import funnel
from trigpoint.analysis.peers.kinds import Kind
from trigpoint.analysis.peers.ranks import likely_ranks
from trigpoint.definitions.reading import read_catalogue
from trigpoint.terms.panel import Panel

ROUNDS = 50
INDICATORS, PEERS = 45, 50


def units(count: int, least: int, most: int, seed: int = 20261124) -> tuple[Floats, Floats]:
    """Units that differ by more than chance."""
    stream = np.random.default_rng(seed)
    size = stream.integers(least, most, count).astype(np.float64)
    truth = np.clip(stream.normal(0.12, 0.03, count), 0.01, 0.9)
    return stream.binomial(size.astype(np.int64), truth).astype(np.float64), size


def drawn(clock: Clock, least: int, most: int, kind: Kind, method: str = "exact") -> Figures:
    part, size = units(300, least, most)
    for _ in range(ROUNDS):
        with clock:
            found = funnel(part, size, kind, method=method)
    assert found.adjusted
    return {"ms": clock.seconds * 1e3}


@benchmark(aim="under 5 ms, aim 2 ms")
def funnel_of_300_units_of_all_sizes(clock: Clock) -> Figures:
    return drawn(clock, 20, 5_000, "proportion")


@benchmark(aim="under 5 ms, aim 2 ms")
def funnel_of_300_small_units(clock: Clock) -> Figures:
    """All of them have exact limits: the dearest case."""
    return drawn(clock, 30, 160, "proportion")


@benchmark(aim="under 5 ms, aim 2 ms")
def funnel_of_300_rates(clock: Clock) -> Figures:
    return drawn(clock, 20, 5_000, "rate")


@benchmark(aim="the published method, for comparison")
def funnel_of_300_units_by_arcsine(clock: Clock) -> Figures:
    return drawn(clock, 20, 5_000, "proportion", "arcsine")


@benchmark(aim="under 10 ms")
def likely_ranks_of_50_units(clock: Clock) -> Figures:
    part, size = units(50, 50, 2_000)
    for _ in range(ROUNDS):
        with clock:
            likely_ranks(part, size)
    return {"ms": clock.seconds * 1e3}


@benchmark(aim="under 0.5 s")
def among_50_peers_for_45_indicators(clock: Clock) -> Figures:
    """Ranges of 2,000 draws and funnels of one unit's page, from a panel of the month."""
    codes = [f"P{number:02}" for number in range(PEERS)]
    names = [f"I{number:02}" for number in range(INDICATORS)]
    declared = "".join(
        f"  {name}: {{title: {name}, objective: all, owner: The owner, direction: up, measured_in: per cent, "
        "versions: [{from: 2020-01, measure: {source: returns, numerator: done, denominator: due}}]}\n"
        for name in names
    )
    group = ", ".join(f"{{unit: {code}}}" for code in codes)
    definitions = read_catalogue(
        {
            "trigpoint.yaml": f"name: The trust\nhome: {codes[0]}\npeers: trusts\n",
            "definitions/frame.yaml": FRAME.replace("  X:\n", "") + declared,
            "definitions/peers.yaml": f"peer_groups: {{trusts: {{title: Trusts, members: [{group}]}}}}\n",
            "definitions/units.csv": "code,name,level\n" + "".join(f"{it},{it},trust\n" for it in codes),
        }
    )
    panel = Panel.concat(_figures(name, codes, seed) for seed, name in enumerate(names))
    for _ in range(5):
        with clock:
            found = [among(panel, definitions, name, codes[0], NOW) for name in names]
    assert all(one.reason is None for one in found)
    return {"ms an indicator": clock.seconds / INDICATORS * 1e3}


def _figures(name: str, codes: list[str], seed: int) -> Panel:
    """One indicator's figures; now and then a peer has none, so that not all groups are alike."""
    part, size = units(PEERS, 50, 2_000, seed)
    there = [code for at, code in enumerate(codes) if at == 0 or (at + seed) % 17]
    found = figures_of({code: (part[codes.index(code)], size[codes.index(code)]) for code in there})
    table = found.table
    return Panel.of(table.set_column(0, table.schema.field(0), [[name] * table.num_rows]))

"""Rates and their intervals, slowly: one at a time, in plain Python, from what the papers say they are.

Shares no code with ``analysis.rates``. An exact limit is looked for: the expected number, or the share,
at which what was seen would just be too rare. Whole counts out of a whole number are reckoned in whole
numbers; other counts by the series of the gamma and the beta distribution.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from statistics import NormalDist

Interval = tuple[float, float]
Row = tuple[str, str, Fraction, Fraction]
"""An area, a band, events and population."""
BITS = 80


def z_of(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def exact_poisson(count: float, confidence: float) -> Interval:
    """The expected numbers at which so many events, or more, and so many, or fewer, are too rare."""
    tail = (1 - confidence) / 2
    most = 20 + 3 * count + 10 * math.sqrt(count)
    low = _where(lambda m: _gamma_below(count, m) > tail, 0.0, most) if count else 0.0
    return low, _where(lambda m: 1 - _gamma_below(count + 1, m) < tail, 0.0, most)


def poisson_at_most(count: int, expected: float) -> float:
    """The chance of so many events or fewer, however many they are."""
    return _at_most(count, math.floor(expected), lambda k: expected / k)


def binomial_at_most(part: int, size: int, share: float) -> float:
    """The chance of so many or fewer of a size, however large."""
    odds = share / (1 - share)
    return _at_most(part, math.floor(size * share), lambda k: (size - k + 1) / k * odds)


def _at_most(count: int, middle: int, step: Callable[[int], float]) -> float:
    """Adds up the chances that matter, each from the one before by ``step``, over the sum of all of them."""
    reach = 9 * math.isqrt(middle + 1) + 40
    terms = {middle: 1.0}
    for k in range(middle + 1, middle + reach):
        terms[k] = terms[k - 1] * step(k)
    for k in range(middle, max(0, middle - reach), -1):
        terms[k - 1] = terms[k] / step(k)
    return math.fsum(term for k, term in terms.items() if k <= count) / math.fsum(terms.values())


def exact_binomial(part: int, size: int, confidence: float) -> Interval:
    """The shares at which so many, or more, and so many, or fewer, are too rare; in whole numbers."""
    tail = Fraction((1 - confidence) / 2)

    def at_most(k: int, share: int) -> Fraction:
        """The chance of k or fewer, for a share of so many 2^-BITS."""
        others = (1 << BITS) - share
        ways = sum(math.comb(size, j) * share**j * others ** (size - j) for j in range(k + 1))
        return Fraction(ways, 1 << BITS * size)

    low = _halved(lambda share: 1 - at_most(part - 1, share) > tail) if part else 0
    high = _halved(lambda share: at_most(part, share) < tail) if part < size else 1 << BITS
    return low / (1 << BITS), high / (1 << BITS)


def exact_share(part: float, size: float, confidence: float) -> Interval:
    """The same for counts that are not whole: quantiles of the beta distribution."""
    tail = (1 - confidence) / 2
    others = size - part
    low = _where(lambda p: _beta_below(part, others + 1, p) > tail, 0.0, 1.0) if part else 0.0
    high = 1 - _where(lambda q: _beta_below(others, part + 1, q) > tail, 0.0, 1.0) if others else 1.0
    return low, high


def byar(count: float, confidence: float) -> Interval:
    z = z_of(confidence)
    low = count * max(0.0, 1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return low, more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3


def of_events(count: float, confidence: float) -> Interval:
    """Exact below 10 events, else Byar's."""
    return exact_poisson(count, confidence) if count < 10 else byar(count, confidence)


def student(figures: Sequence[float], confidence: float) -> tuple[float, float, float]:
    """The mean and its t interval."""
    count = len(figures)
    mean = math.fsum(figures) / count
    spread = math.sqrt(math.fsum((it - mean) ** 2 for it in figures) / (count - 1))
    quantile = _where(lambda t: t_within(t, count - 1) > confidence, 0.0, 1e6)
    return mean, mean - quantile * spread / math.sqrt(count), mean + quantile * spread / math.sqrt(count)


def t_within(t: float, freedom: int) -> float:
    """P(-t < T < t), a finite sum for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    if freedom == 1:
        return 2 * angle / math.pi
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def direct(
    rows: Sequence[tuple[str, Fraction, Fraction, Fraction]],
    standard: Mapping[str, Fraction],
    per: int,
    confidence: float,
) -> tuple[float, float, float] | str:
    """One area's rate and limits, or why not. A row: band, people, how often each, population."""
    if {band for band, *_ in rows} != set(standard):
        return "band_missing"
    if any(population == 0 and standard[band] for band, _, _, population in rows):
        return "band_empty"
    events = sum((people * often for _, people, often, _ in rows), Fraction(0))
    if events < 10:
        return "too_few_events"
    whole = sum(standard.values())
    counted = [row for row in rows if row[3]]
    rate = sum(standard[band] * often * people / size for band, people, often, size in counted) / whole
    spread = sum((standard[band] * often / size) ** 2 * people for band, people, often, size in counted)
    stretch = math.sqrt(spread / events) / whole
    low, high = (rate + stretch * (limit - float(events)) for limit in byar(float(events), confidence))
    return float(per * rate), max(0.0, per * low), per * high


def indirect(
    rows: Sequence[tuple[str, Fraction, Fraction]],
    reference: Mapping[str, tuple[Fraction, Fraction]],
    confidence: float,
) -> tuple[float, ...] | str:
    """One area's observed, expected, ratio times 100 with limits, and rate, or why not."""
    if {band for band, *_ in rows} != set(reference):
        return "band_missing"
    observed = sum(events for _, events, _ in rows)
    expected = sum(size * reference[band][0] / reference[band][1] for band, _, size in rows)
    if expected == 0:
        return "nothing_expected"
    low, high = of_events(float(observed), confidence)
    crude = sum(cases for cases, _ in reference.values()) / sum(people for _, people in reference.values())
    ratio = observed / expected
    by = 100 / float(expected)
    return float(observed), float(expected), 100 * float(ratio), by * low, by * high, float(ratio * crude)


def fitted(population: Sequence[Fraction], values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """Start and end of the line, by the normal equations of weighted least squares."""
    whole, below, middles = sum(population), Fraction(0), []
    for people in population:
        middles.append((below + people / 2) / whole)
        below += people
    w, wx, wy = sum(population), _dot(population, middles), _dot(population, values)
    wxx = sum(n * x * x for n, x in zip(population, middles, strict=True))
    wxy = sum(n * x * y for n, x, y in zip(population, middles, values, strict=True))
    slope = (w * wxy - wx * wy) / (w * wxx - wx * wx)
    start = (wy - slope * wx) / w
    return start, start + slope


def simulated(
    population: Sequence[int],
    there: Sequence[float],
    error: Sequence[float],
    back: Callable[[float], float],
    confidence: float,
    repetitions: int = 20_000,
) -> tuple[Interval, Interval]:
    """Limits of slope and ratio, by drawing each figure from as many equal slices of its distribution."""
    rng = random.Random(20261124)
    slices = [NormalDist().inv_cdf((k + 0.5) / repetitions) for k in range(repetitions)]
    weights = unit_lines(population)
    starts, ends = [0.0] * repetitions, [0.0] * repetitions
    for (at_start, at_end), centre, spread in zip(weights, there, error, strict=True):
        rng.shuffle(slices)
        for k, z in enumerate(slices):
            drawn = back(centre + spread * z)
            starts[k] += at_start * drawn
            ends[k] += at_end * drawn
    slopes = sorted(end - start for start, end in zip(starts, ends, strict=True))
    ratios = sorted(end / start for start, end in zip(starts, ends, strict=True))
    low, high = (round(share * repetitions) for share in ((1 - confidence) / 2, (1 + confidence) / 2))
    return (slopes[low], slopes[high]), (ratios[low], ratios[high])


def unit_lines(population: Sequence[int]) -> list[tuple[float, float]]:
    """The line's start and end where one band's figure is 1 and the others' are 0."""
    people, found = [Fraction(n) for n in population], []
    for band in range(len(people)):
        start, end = fitted(people, [Fraction(band == other) for other in range(len(people))])
        found.append((float(start), float(end)))
    return found


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _gamma_below(shape: float, x: float) -> float:
    """P(X < x) of a gamma distribution, by its series of positive terms."""
    if x <= 0:
        return 0.0
    term = math.exp(shape * math.log(x) - x - math.lgamma(shape + 1))
    total, n = term, 0
    while term > total * 1e-17 or n < x - shape:
        n += 1
        term *= x / (shape + n)
        total += term
    return total


def _beta_below(a: float, b: float, p: float) -> float:
    """P(X < p) of a beta distribution, by its series of positive terms, from the nearer end."""
    if p <= 0 or p >= 1:
        return float(p >= 1)
    if p > (a + 1) / (a + b + 2):
        return 1 - _beta_below(b, a, 1 - p)
    log = a * math.log(p) + b * math.log1p(-p) + math.lgamma(a + b) - math.lgamma(a + 1) - math.lgamma(b)
    term = math.exp(log)
    total, n = term, 0
    while term > total * 1e-17:
        n += 1
        term *= p * (a + b + n - 1) / (a + n)
        total += term
    return total


def _where(beyond: Callable[[float], bool], low: float, high: float) -> float:
    """Where it begins to hold."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return high


def _halved(beyond: Callable[[int], bool]) -> int:
    """The same among shares of 2^-BITS."""
    low, high = 0, 1 << BITS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return high

"""What the demo trust's teams do: how many people come, how long they wait, what goes wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Wait:
    """Days from referral to first contact, log-normal: ``share`` are seen within ``target`` days.

    ``never`` are never seen: they leave the list another way.
    """

    target: int
    share: float
    spread: float
    never: float = 0.06

    def centre(self, share: float | None = None) -> float:
        """The logarithm of the middle wait. A wait of 14.9 days counts as 14."""
        quantile = NormalDist().inv_cdf(self.share if share is None else share)
        return math.log(self.target + 1) - quantile * self.spread


@dataclass(frozen=True, slots=True)
class Beds:
    """``admissions`` a month and the length of stay in days: its median, and its spread, log-normal."""

    admissions: float
    median: float
    spread: float
    detained: float = 0.0
    restraint: float = 0.0
    """Restraints for each 1,000 nights."""
    falls: float = 3.0
    """Falls for each 1,000 nights."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of team. ``referrals`` and ``contacts`` are a month's, ``missed`` the share not attended."""

    referrals: float = 0.0
    contacts: float = 0.0
    missed: float = 0.08
    wait: Wait = Wait(126, 0.9, 1.0)
    beds: Beds | None = None
    staff: float = 1.0
    incidents: float = 0.8
    """Incidents a month besides those that belong to nights or visits."""
    sores: float = 0.0
    """Pressure ulcers for each 1,000 contacts."""
    answers: int = 60
    """Friends and Family answers that a team of this kind brings its service."""
    age: tuple[float, float, float, float] = (0.06, 0.44, 0.28, 0.22)
    """Shares of those under 18, of 18 to 44, of 45 to 64, and older."""


CHILDREN, ADULTS, OLDER = (1.0, 0.0, 0.0, 0.0), (0.01, 0.59, 0.34, 0.06), (0.0, 0.0, 0.06, 0.94)

KINDS: Mapping[str, Kind] = {
    "adult-acute-ward": Kind(
        beds=Beds(10, 29, 0.75, detained=0.62, restraint=21, falls=2.4), staff=1.6, incidents=3.4, age=ADULTS
    ),
    "crisis": Kind(40, 110, 0.05, Wait(1, 0.655, 1.3, 0.05), age=ADULTS),
    "community-mental-health": Kind(20, 72, 0.105, Wait(28, 0.62, 0.95, 0.08), age=ADULTS),
    "talking-therapies": Kind(80, 150, 0.11, Wait(42, 0.86, 0.85, 0.1), age=ADULTS, answers=110),
    "camhs": Kind(18, 60, 0.10, Wait(28, 0.46, 1.15, 0.1), age=CHILDREN),
    "older-ward": Kind(
        beds=Beds(6, 55, 0.6, detained=0.45, restraint=9, falls=7.5), staff=1.5, incidents=2.8, age=OLDER
    ),
    "district-nursing": Kind(16, 90, 0.02, Wait(7, 0.9, 1.0), sores=5.5, incidents=1.0, age=OLDER),
    "eip": Kind(7, 42, 0.12, Wait(14, 0.67, 1.0, 0.04), age=ADULTS),
    "community-hospital-ward": Kind(beds=Beds(10, 21, 0.6, falls=5.6), staff=1.4, incidents=2.0, age=OLDER),
    "podiatry": Kind(20, 62, 0.07, Wait(126, 0.86, 0.9), age=OLDER),
    "urgent-community-response": Kind(20, 60, 0.01, Wait(2, 0.95, 0.8), age=OLDER),
    "camhs-eating-disorders": Kind(10, 34, 0.06, Wait(28, 0.88, 0.9, 0.03), age=CHILDREN),
    "perinatal": Kind(15, 48, 0.09, Wait(28, 0.84, 0.9), age=(0.02, 0.98, 0.0, 0.0)),
    "liaison": Kind(15, 60, 0.0, Wait(1, 0.97, 0.9), age=ADULTS),
    "picu": Kind(beds=Beds(7, 20, 0.8, detained=0.97, restraint=45, falls=1.5), staff=1.6, incidents=4.0),
    "learning-disability": Kind(8, 45, 0.06, Wait(126, 0.88, 0.9), age=ADULTS),
    "forensic-ward": Kind(beds=Beds(1.3, 190, 0.5, detained=1.0, restraint=8), staff=1.5, incidents=2.6),
    "sexual-health": Kind(20, 70, 0.13, Wait(14, 0.93, 0.9), age=(0.05, 0.78, 0.15, 0.02), answers=90),
    "older-community": Kind(12, 58, 0.05, Wait(28, 0.8, 0.95), age=OLDER),
    "memory": Kind(12, 40, 0.05, Wait(126, 0.74, 0.75), age=OLDER),
    "health-visiting": Kind(10, 50, 0.08, Wait(28, 0.93, 0.8), age=CHILDREN),
    "school-nursing": Kind(8, 45, 0.07, Wait(126, 0.96, 0.9), age=CHILDREN),
    "speech-and-language": Kind(14, 40, 0.06, Wait(126, 0.7, 0.8), age=CHILDREN),
    "physiotherapy": Kind(20, 80, 0.09, Wait(126, 0.91, 0.8)),
    "equipment": Kind(8, 24, 0.04, Wait(126, 0.82, 0.8), age=OLDER),
    "rehabilitation-ward": Kind(beds=Beds(1.8, 100, 0.5, detained=0.4, restraint=4), staff=1.3, age=ADULTS),
    "neurodevelopmental": Kind(14, 20, 0.08, Wait(126, 0.2, 0.8), age=ADULTS),
    "community-forensic": Kind(6, 30, 0.05, Wait(28, 0.9, 0.8), age=ADULTS),
}

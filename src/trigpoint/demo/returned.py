"""What teams, services and divisions return by themselves, as proportions of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.demo.kinds import KINDS

WARDS = tuple(name for name, kind in KINDS.items() if kind.beds)


@dataclass(frozen=True, slots=True)
class Pair:
    """A numerator and its denominator: about ``level`` of about ``size``.

    ``kinds`` are the kinds of team that return it; all, if empty. ``noise`` is how far the true level
    strays from month to month, ``lean`` from team to team. ``every`` so many months it comes, in months
    whose number is a multiple.
    """

    numerator: str
    denominator: str
    level: float
    size: float
    kinds: tuple[str, ...] = ()
    noise: float = 0.012
    lean: float = 0.025
    every: int = 1


OF_TEAMS: Sequence[Pair] = (
    Pair("supervision_held", "supervision_due", 0.87, 22),
    Pair("training_met", "training_needed", 0.915, 70, noise=0.004),
    Pair("ucr_within_2_hours", "ucr_due", 0.86, 70, ("urgent-community-response",)),
    Pair("liaison_within_hour", "liaison_referred", 0.62, 95, ("liaison",)),
    Pair("tt_reliably_recovered", "tt_at_caseness", 0.505, 100, ("talking-therapies",)),
    Pair("sh_within_48_hours", "sh_asked", 0.93, 120, ("sexual-health",)),
    Pair("medicines_reconciled", "medicines_due", 0.91, 24, WARDS),
    Pair("health_checks_done", "health_checks_due", 0.67, 140, ("community-mental-health", "eip")),
    Pair("employed", "employment_known", 0.11, 150, ("community-mental-health", "eip"), every=3),
    Pair("ld_checked", "ld_due", 0.77, 160, ("learning-disability",), every=3),
)
OF_DIVISIONS: Sequence[Pair] = (
    Pair("complaints_acknowledged", "complaints_received", 0.96, 9, noise=0.02),
    Pair("complaints_in_time", "complaints_due", 0.8, 8, noise=0.02),
    Pair("invoices_in_time", "invoices", 0.955, 620, noise=0.004),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A national figure: the home trust's level and size, and how far other trusts' levels lie apart."""

    numerator: str
    denominator: str
    level: float
    size: float
    apart: float
    per: float = 1.0


PUBLISHED: Sequence[Published] = (
    Published("tt_within_6_weeks", "tt_finished", 0.86, 290, 0.035),
    Published("tt_reliably_recovered", "tt_at_caseness", 0.505, 390, 0.025),
    Published("eip_within_2_weeks", "eip_started", 0.67, 20, 0.06),
    Published("cyp_within_4_weeks", "cyp_started", 0.46, 130, 0.07),
    Published("cmh_within_4_weeks", "cmh_started", 0.62, 260, 0.06),
    Published("crisis_within_24_hours", "crisis_referrals", 0.70, 160, 0.05),
    Published("ucr_within_2_hours", "ucr_due", 0.86, 270, 0.04),
    Published("community_within_18_weeks", "community_waiting", 0.78, 1400, 0.05),
    Published("followed_up", "discharges", 0.85, 95, 0.04),
    Published("restraints", "bed_nights", 0.0155, 7_600, 0.003),
    Published("long_stays", "acute_discharges", 0.17, 80, 0.04),
    Published("fft_good", "fft_answers", 0.92, 1900, 0.025),
    Published("complaints_in_time", "complaints_due", 0.80, 48, 0.06),
    Published("days_sick", "days_available", 0.053, 17_000, 0.006),
    Published("missed", "appointments", 0.078, 6_300, 0.012),
)

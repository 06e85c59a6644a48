"""Working days: no weekends, no bank holidays of England unless they are waived, none of the trust's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.language import indicator, language
from trigpoint.definitions.settings import Calendar

# as gov.uk lists them for England and Wales, those that fall on a weekend left out
GOV_UK = """
2020 01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28
2021 01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28
2022 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27
2023 01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26
2024 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26
2025 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26
2026 01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28
2027 01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28
"""


@pytest.mark.parametrize("line", GOV_UK.strip().splitlines())
def test_bank_holidays_are_those_of_england_in_every_year(line: str) -> None:
    year, *days = line.split()
    off = Calendar().days_off(dt.date(int(year), 1, 1), dt.date(int(year), 12, 31))
    assert [str(day) for day in off] == [f"{year}-{day}" for day in days]


def test_over_easter_two_days_of_six_are_working_days() -> None:
    thursday = dt.date(2026, 4, 2)
    assert Calendar().working_days_after(thursday, 2) == dt.date(2026, 4, 8)
    assert Calendar(bank_holidays="none").working_days_after(thursday, 2) == dt.date(2026, 4, 6)


def test_days_of_the_trust_s_own_are_none_too() -> None:
    own = Calendar(holidays=(dt.date(2026, 4, 8), dt.date(2026, 4, 11)))
    assert own.working_days_after(dt.date(2026, 4, 2), 2) == dt.date(2026, 4, 9)
    assert own.days_off(dt.date(2026, 4, 7), dt.date(2026, 4, 30)) == (dt.date(2026, 4, 8),)


def test_the_calendar_changes_only_figures_that_count_working_days() -> None:
    def hashes(condition: str) -> set[str]:
        measure = f"from: referrals\nmonth_of: received\ncount: records\nwhere: {condition}"
        one = language(indicator("X", measure))
        none = one.settings.model_copy(update={"calendar": Calendar(bank_holidays="none")})
        return {one.observations_hash, replace(one, settings=none).observations_hash}

    assert len(hashes("working_days(received, first_treated) <= 10")) == 2
    assert len(hashes("days(received, first_treated) <= 10")) == 1

"""The last day to give notice."""

from datetime import date

import pytest

from tenants.leases.notice import notice_by


@pytest.mark.parametrize(
    ("ends_on", "months", "by"),
    [
        (date(2027, 12, 31), 12, date(2026, 12, 31)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 1, 31), 0, date(2027, 1, 31)),
        (date(2027, 1, 31), 1, date(2026, 12, 31)),
        (None, 12, None),
    ],
)
def test_oracle_16_notice_is_given_the_agreed_months_before_the_end(
    ends_on: date | None, months: int, by: date | None
) -> None:
    assert notice_by(ends_on, months=months) == by

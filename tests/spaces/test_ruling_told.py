"""The rules of a room in a few lines for who wants to book it."""

import pytest

from spaces import ruling_told
from spaces.ruling import Quota, Rules


@pytest.mark.parametrize(
    ("rules", "lines"),
    [
        (Rules(), ["U boekt tot 335 dagen vooruit, tot aan het begin."]),
        (Rules(may_book=False), ["Deze ruimte kunt u niet zelf boeken. Kies een andere ruimte, of vraag het de balie."]),
        (
            Rules(shortest=60, longest=480, days_ahead=60, notice=1440),
            ["U boekt van 1 uur tot 8 uur per keer.", "U boekt tot 60 dagen vooruit, ten minste 1 dag van tevoren."],
        ),
        (Rules(shortest=30, days_ahead=7), ["U boekt ten minste 30 minuten.", "U boekt tot 7 dagen vooruit, tot aan het begin."]),
        (
            Rules(longest=120, days_ahead=7, quotas=(Quota(4, "person", "week"), Quota(20, "party", "month"))),
            [
                "U boekt ten hoogste 2 uur per keer.",
                "U boekt tot 7 dagen vooruit, tot aan het begin.",
                "U boekt hier ten hoogste 4 uur per week.",
                "Uw organisatie boekt hier ten hoogste 20 uur per maand.",
            ],
        ),
    ],
)  # fmt: skip
def test_what_counts_is_told_and_what_has_no_limit_is_left_out(rules, lines):
    assert ruling_told.lines(rules) == lines

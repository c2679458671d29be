"""A stored sentence survives the database and is told in the language of its reader."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from spaces import explaining, wording
from spaces.models import DayPart
from tests.cast import at


def test_each_reader_gets_their_own_words() -> None:
    stored = json.loads(
        json.dumps(
            explaining.sentence(
                "%(part)s on %(day)s, %(length)s, %(count)s times, %(price)s",
                part=DayPart(name_nl="ochtend", name_en="morning"),
                day=date(2026, 11, 24),
                length=timedelta(hours=2, minutes=30),
                count=3,
                price=wording.euro(Decimal("37.50")),
            )
        )
    )

    with override("en"):
        english = explaining.tell(stored, today=date(2026, 1, 1))

    assert english == "morning on Tuesday 24 November, 2,5 hours, 3 times, €\u00a037,50"


def test_a_name_without_english_is_told_in_dutch() -> None:
    stored = explaining.sentence("%(part)s", part=DayPart(name_nl="ochtend"))

    with override("en"):
        assert explaining.tell(stored) == "ochtend"


def test_a_sentence_may_hold_a_sentence() -> None:
    inner = explaining.sentence("at %(clock)s", clock="09:00")

    assert explaining.tell(explaining.sentence("Come %(when)s", when=inner)) == "Come at 09:00"


def test_days_carry_their_year_for_a_reader_without_a_today() -> None:
    stored = explaining.sentence("%(day)s", day=date(2026, 11, 24))

    with override("nl"):
        assert explaining.tell(stored) == "dinsdag 24 november 2026"


def test_a_moment_is_refused_because_its_zone_would_be_lost() -> None:
    with pytest.raises(TypeError):
        explaining.sentence("%(start)s", start=at("2026-11-24 09:00"))

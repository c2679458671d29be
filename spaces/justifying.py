"""Why a price is what it is, in sentences for the person who pays it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from spaces import wording
from spaces.combining import DAY, DAY_PART, HOUR_UNIT, WEEK, Cover
from spaces.explaining import Sentence, sentence
from spaces.models import DayPart, Rate

_COUNTED = {
    DAY_PART: (gettext_noop("1 day part"), gettext_noop("%(count)s day parts")),
    DAY: (gettext_noop("1 day"), gettext_noop("%(count)s days")),
    WEEK: (gettext_noop("1 week"), gettext_noop("%(count)s weeks")),
}
_PER = {
    HOUR_UNIT: gettext_noop("%(price)s an hour, price list of %(from)s for %(group)s."),
    DAY_PART: gettext_noop("%(price)s a day part, price list of %(from)s for %(group)s."),
    DAY: gettext_noop("%(price)s a day, price list of %(from)s for %(group)s."),
    WEEK: gettext_noop("%(price)s a week, price list of %(from)s for %(group)s."),
}


def counted(unit: str, count: Decimal) -> Sentence:
    """So many of a unit: "2 day parts", "2.5 hours"."""
    if unit == HOUR_UNIT:
        return sentence("%(hours)s", hours={"hours": str(count)})
    one, more = _COUNTED[unit]
    return sentence(one if count == 1 else more, count=count)


def described(unit: str, count: Decimal, *, parts: Sequence[DayPart]) -> Sentence:
    """What a line charges; day parts of one day by name: "2 day parts: morning, afternoon"."""
    names = {part.pk for part in parts}
    if unit != DAY_PART or len(names) < len(parts):
        return counted(unit, count)
    return sentence(gettext_noop("%(counted)s: %(names)s"), counted=counted(unit, count), names=_names(parts))


def unit_price(unit: str, rate: Rate, price: Decimal) -> Sentence:
    """Where the unit price of a line comes from."""
    since = {"date": rate.valid_from.isoformat()}
    return sentence(_PER[unit], price=wording.euro(price), group=rate.rate_group, **{"from": since})


def included_hours(count: Decimal) -> Sentence:
    """What the line of hours that a lease pays is called."""
    return sentence(gettext_noop("%(hours)s included in your lease"), hours={"hours": str(count)})


def choice(
    cover: Cover, *, price: Decimal, other: Cover | None, other_price: Decimal, rate: Rate
) -> Sentence:
    """Why this combination: cheaper than the next best one, or the only way the space is let."""
    params: dict[str, Any] = {"chosen": _told(cover), "price": _amount(price, rate)}
    if other is not None and other_price > price:
        params |= {"other": _told(other), "other_price": _amount(other_price, rate)}
        return sentence(
            gettext_noop("%(chosen)s (%(price)s) is cheaper than %(other)s (%(other_price)s)."), **params
        )
    if rate.per_hour is None:
        return sentence(gettext_noop("%(chosen)s (%(price)s); this space is not let by the hour."), **params)
    return sentence(gettext_noop("%(chosen)s (%(price)s)."), **params)


def at_least_an_hour(price: Decimal, *, rate: Rate) -> Sentence:
    """Why less than an hour costs an hour."""
    text = gettext_noop("A booking counts for at least 1 hour (%(price)s).")
    return sentence(text, price=_amount(price, rate))


def all_included() -> Sentence:
    """Why it costs nothing."""
    return sentence(gettext_noop("These hours are included in your lease."))


def partly_included(count: Decimal, *, rest: Sentence) -> Sentence:
    """Why only a part is charged, and why that part costs what it does."""
    text = gettext_noop("The first %(hours)s are included in your lease. The rest: %(rest)s")
    return sentence(text, hours={"hours": str(count)}, rest=rest)


def end_earlier(at: datetime, *, saving: Decimal, rate: Rate, parts: int) -> Sentence:
    """Advice: `at` is local time, `saving` includes VAT, `parts` is how many day parts the time touches now."""
    text = gettext_noop("If you end at %(clock)s, you save %(saving)s.")
    return _after_the_touching(
        sentence(text, clock=wording.clock(at.timetz()), saving=_gross(saving, rate)), parts
    )


def start_later(at: datetime, *, saving: Decimal, rate: Rate, parts: int) -> Sentence:
    """As `end_earlier`."""
    text = gettext_noop("If you start at %(clock)s, you save %(saving)s.")
    return _after_the_touching(
        sentence(text, clock=wording.clock(at.timetz()), saving=_gross(saving, rate)), parts
    )


def _after_the_touching(advice: Sentence, parts: int) -> Sentence:
    if parts < 2:
        return advice
    text = gettext_noop("This time touches %(count)s day parts. %(advice)s")
    return sentence(text, count=parts, advice=advice)


def _told(cover: Cover) -> Sentence:
    told: Sentence | None = None
    for unit, count in reversed(cover.amounts):
        this = counted(unit, count)
        told = (
            this
            if told is None
            else sentence(gettext_noop("%(first)s and %(second)s"), first=this, second=told)
        )
    if told is None:
        raise ValueError("an empty cover costs nothing and needs no reason")
    return told


def with_times(parts: Sequence[DayPart]) -> dict[str, str]:
    """The day parts with their times, for each language: "ochtend 08:00–12:00, middag 13:00–17:00"."""
    rows = {part.pk: part for part in parts}.values()
    times = {
        part.pk: f"{wording.clock(part.starts)}{wording.DASH}{wording.clock(part.ends)}" for part in rows
    }
    return {
        "nl": ", ".join(f"{part.name_nl} {times[part.pk]}" for part in rows),
        "en": ", ".join(f"{part.name_en or part.name_nl} {times[part.pk]}" for part in rows),
    }


def _names(parts: Sequence[DayPart]) -> dict[str, str]:
    return {
        "nl": ", ".join(part.name_nl for part in parts),
        "en": ", ".join(part.name_en or part.name_nl for part in parts),
    }


def _amount(price: Decimal, rate: Rate) -> str | Sentence:
    """Prices exclude VAT; where there is none, the amount needs no addition."""
    if not rate.vat_rate:
        return wording.euro(price)
    return sentence(gettext_noop("%(amount)s excl. VAT"), amount=wording.euro(price))


def _gross(amount: Decimal, rate: Rate) -> str | Sentence:
    if not rate.vat_rate:
        return wording.euro(amount)
    return sentence(gettext_noop("%(amount)s incl. VAT"), amount=wording.euro(amount))

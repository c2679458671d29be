"""What fixed half-days owe: each calendar month that has begun, and what comes back for a date that was re-let.

A month is charged under its own source ("fixed:7:2026-11"), from the month on in which the half-day was entered:
earlier ones are in the old books. Until it is invoiced it follows the calendar; after that only another number of
dates is corrected, at the price that was invoiced. VAT is that of the price list of the room for the rate group of the
party on the first day charged: whether letting by the half-day is exempt is for the hub to say, there, with its reason.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from spaces import pricing, wording
from spaces.explaining import sentence
from spaces.models import Hub
from spaces.money import Euro, Taxed, euro, total
from spaces.periods import local_days
from tenants.billing import charging
from tenants.billing.charging import Owed
from tenants.billing.models import Charge, RunState
from tenants.leases import fixing, naming, reckoning
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.leases.notice import months_before
from tenants.leases.reckoning import PER_MONTH, PER_TIME, TIME_OF_MONTH, Month, Terms

logger = logging.getLogger(__name__)

MONTHS_BACK = 13
"""Later changes to months longer ago are for the bookkeeper."""


def post_months(*, now: datetime) -> int:
    """Charge every month that has begun, of all fixed half-days; returns how many have no price list to say their VAT.

    One transaction for each. A second call changes nothing.
    """
    keys = list(FixedDayPart.objects.order_by("pk").values_list("pk", flat=True))
    return sum(not _post(pk, now=now) for pk in keys)


def post_hub(hub: Hub, *, now: datetime) -> None:
    """As `post_months`, for the half-days of one hub."""
    for pk in list(hub.fixed_day_parts.order_by("pk").values_list("pk", flat=True)):
        _post(pk, now=now)


def settle(pk: int, *, now: datetime) -> bool:
    """Charge one half-day inside a transaction; False when no price list says its VAT. See `post_months`."""
    rows = FixedDayPart.objects.select_related(*fixing.NEEDED)
    fixed = rows.select_for_update(of=("self",)).get(pk=pk)
    today = now.astimezone(fixed.hub.zone).date()
    oldest = months_before(today.replace(day=1), MONTHS_BACK)
    first = max(fixed.charged_from, fixed.starts_on.replace(day=1), oldest)
    if first > today:
        return True
    within = local_days(first, reckoning.last_of(today), zone=fixed.hub.zone)
    found = reckoning.months(fixed, fixing.agreed(fixed, within=within), first=first, last=today)
    unpriced = [month for month in found if not _post_month(fixed, month)]
    return not unpriced


def terms_on(fixed: FixedDayPart, day: date) -> Terms | None:
    """The terms from `day` on; None when no price list says which VAT there is. One query."""
    rate = pricing.rate_on(fixed.space, day=day, rate_group=fixed.party.rate_group)
    if rate is None:
        return None
    return Terms(fixed.price, fixed.charged_per, rate.vat_treatment, rate.vat_rate, rate.vat_reason)


def price_on(fixed: FixedDayPart, day: date) -> Taxed | None:
    """The price of one time or one month with its VAT on a day; None as `terms_on`. One query."""
    terms = terms_on(fixed, day)
    return Taxed.from_net(terms.price, rate=terms.vat_rate) if terms else None


def credit(given: GivenBack, *, share: Decimal, least: Decimal) -> Taxed | None:
    """Let the holder get back `share` (0–1) of the price of a date given back; returns what comes back by now.

    None when that stays what it was: it would be less than `least` (excluding VAT), or it has been invoiced. Call
    inside a transaction, with `given` locked.
    """
    line = _back(given, share=share)
    taxed = Taxed.from_net(-line.net, rate=line.vat_rate) if line else Taxed(euro(0), euro(0), Decimal(0))
    if taxed.net < least:
        return None
    try:
        _post_back(given, [line] if line else [])
    except charging.AlreadyInvoiced:
        return None
    return taxed


def no_credit(given: GivenBack) -> None:
    """Nothing comes back for this date after all. Raises AlreadyInvoiced. Call it as `credit`."""
    _post_back(given, [])


@transaction.atomic(durable=True)
def _post(pk: int, *, now: datetime) -> bool:
    return settle(pk, now=now)


def _post_month(fixed: FixedDayPart, month: Month) -> bool:
    source = source_of(fixed, month.first)
    invoiced = _invoiced(source)
    terms = _as_invoiced(fixed, invoiced) or terms_on(fixed, max(month.first, fixed.starts_on))
    if terms is None:
        logger.warning("%s has no price list in %s: not charged", fixed.holder, month.first)
        return not month.paid
    wanted = reckoning.lines(fixed, month, terms)
    if not invoiced:
        charging.post(source, hub=fixed.hub, party=fixed.party, lines=wanted)
    elif total(line.net for line in wanted) != _standing(source):
        charging.correct(source, hub=fixed.hub, party=fixed.party, lines=wanted)
    return True


def source_of(fixed: FixedDayPart, day: date) -> str:
    """How a month is named in the charges ledger."""
    return f"{fixed.holder}:{day:%Y-%m}"


def _invoiced(source: str) -> list[Charge]:
    on_paper = Charge.objects.of_family(source).filter(invoice_line__isnull=False)
    return list(on_paper.exclude(invoice_line__invoice__run__state=RunState.PROPOSED).order_by("pk"))


def _standing(source: str) -> Euro:
    """What the month comes to by now, with its corrections."""
    return total(Charge.objects.of_family(source).values_list("net", flat=True))


def _as_invoiced(fixed: FixedDayPart, charges: Sequence[Charge]) -> Terms | None:
    """The terms of the latest invoice: a price that changed later leaves it alone."""
    for charge in reversed(charges):
        if charge.net > 0:
            vat = (charge.vat_treatment, charge.vat_rate, charge.vat_reason)
            if charge.unit == TIME_OF_MONTH:
                return Terms(
                    charge.unit_price * reckoning.times_in(charge.starts_on, fixed.weekday), PER_MONTH, *vat
                )
            return Terms(charge.unit_price, charge.unit, *vat)
    return None


def _post_back(given: GivenBack, lines: Sequence[Owed]) -> None:
    source = f"{given.fixed.holder}:back:{given.pk}"
    charging.post(source, hub=given.fixed.hub, party=given.fixed.party, lines=lines)


def _back(given: GivenBack, *, share: Decimal) -> Owed | None:
    """The credit for a date: at the price that its month is charged for, nothing for a date that is not charged."""
    fixed = given.fixed
    day = given.original_start.astimezone(fixed.hub.zone).date()
    month = Month(day.replace(day=1), reckoning.times_in(day, fixed.weekday), paid=(day,))
    terms = _as_invoiced(fixed, _invoiced(source_of(fixed, day))) or terms_on(
        fixed, max(month.first, fixed.starts_on)
    )
    if terms is None or not share or not _is_charged(fixed, given, day):
        return None
    price = terms.each(month.times)
    amount = euro(price * share)
    why = sentence(
        gettext_noop("Given back, and used by somebody else: %(share)s of %(price)s."),
        share=naming.both(lambda: wording.percent(share * 100)),
        price=wording.euro(price),
    )
    line = reckoning.owed(fixed, month, terms, count=-1, unit=PER_TIME, unit_price=amount, why=why)
    what = sentence(gettext_noop("Back for %(space)s, %(day)s"), space=fixed.space.name, day=day)
    return Owed(**vars(line) | {"starts_on": day, "ends_on": day, "description": what}) if amount else None


def _is_charged(fixed: FixedDayPart, given: GivenBack, day: date) -> bool:
    if day < fixed.charged_from or (fixed.ends_on and day > fixed.ends_on):
        return False
    lapses = fixed.on_closure == FixedDayPart.OnClosure.LAPSES
    return not (lapses and fixing.is_closed(fixed, given.period))

"""A lease in plain words, fact by fact, as it is on a day: for its page, its summary, and to compare two versions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.wording import calendar_date, euro, m2, percent
from tenants.leases import notice, sharing
from tenants.leases.contracts import standing
from tenants.leases.models import Lease, LeaseLine, LeaseTerms, RentDiscount, Security

Indexing = LeaseTerms.Indexing


@dataclass(frozen=True)
class Fact:
    """One thing about a lease: how it is called and what it is, in a line or several."""

    key: str
    name: str
    lines: tuple[str, ...]


def facts(lease: Lease, day: date) -> list[Fact]:
    """Everything about `lease` (read with everything) as it is on `day`, in the active language. No query."""
    terms = standing.terms_of(lease, day)
    return [
        Fact(key, name, tuple(lines))
        for key, name, say in _facts()
        if terms is not None and (lines := list(say(lease, terms, day)))
    ]


def day_of(lease: Lease, now: datetime) -> date:
    """Today, or the day of the lease that is nearest to it."""
    today = now.astimezone(lease.hub.zone).date()
    return max(lease.starts_on, min(today, lease.ends_on or today))


def stored(found: Iterable[Fact]) -> list[list[Any]]:
    """Facts as JSON."""
    return [[fact.key, fact.name, list(fact.lines)] for fact in found]


def restored(told: Iterable[list[Any]]) -> list[Fact]:
    """The facts that were stored."""
    return [Fact(key, name, tuple(lines)) for key, name, lines in told]


def _facts() -> list[tuple[str, str, Callable[[Lease, LeaseTerms, date], Iterable[str]]]]:
    return [
        ("payers", _("Tenant"), _payers),
        ("rooms", _("Rooms"), _rooms),
        ("term", _("Term"), _term),
        ("rent", _("Rent"), _rent),
        ("steps", _("Agreed for later"), _steps),
        ("discounts", _("Discount"), _discounts),
        ("advances", _("Service charges in advance"), _advances),
        ("vat", _("VAT on the rent"), _vat),
        ("invoicing", _("Invoiced"), _invoicing),
        ("indexing", _("Indexation"), _indexing),
        ("notice", _("Notice"), _notice),
        ("breaks", _("May end earlier"), _breaks),
        ("securities", _("Security"), _securities),
        ("hours", _("Included meeting hours"), _hours),
        ("note", _("Remark"), _note),
    ]


def _payers(lease: Lease, _terms: LeaseTerms, day: date) -> Iterable[str]:
    for party, part in sharing.payers(lease, day):
        yield party.name if part == 1 else _("%(name)s pays %(part)s") % {"name": party.name, "part": part}


def _rooms(lease: Lease, terms: LeaseTerms, day: date) -> Iterable[str]:
    here = [row for row in lease.lines.all() if row.ends_on is None or row.ends_on >= day]
    for row in here:
        yield _room(row, day)
    if len(here) != 1:
        yield _("together %(area)s") % {"area": m2(terms.area_m2)}


def _room(row: LeaseLine, day: date) -> str:
    words = f"{row.space.code} {row.space.name}, {m2(row.area_m2)}"
    if row.starts_on and row.starts_on > day:
        return _("%(what)s from %(first)s") % {"what": words, "first": calendar_date(row.starts_on)}
    if row.ends_on:
        return _("%(what)s up to and including %(last)s") % {
            "what": words,
            "last": calendar_date(row.ends_on),
        }
    return words


def _term(lease: Lease, _terms: LeaseTerms, _day: date) -> Iterable[str]:
    if lease.ends_on is None:
        yield _("from %(first)s, no end agreed") % {"first": calendar_date(lease.starts_on)}
    else:
        yield _("%(first)s up to and including %(last)s") % {
            "first": calendar_date(lease.starts_on), "last": calendar_date(lease.ends_on)
        }  # fmt: skip


def _rent(_lease: Lease, terms: LeaseTerms, _day: date) -> Iterable[str]:
    yield _("%(amount)s per year excl. VAT") % {"amount": euro(terms.yearly)}
    if terms.area_m2:
        exact = wording.number(terms.rent_per_m2_year, most=4, least=2)
        yield _("€ %(amount)s per m² and year") % {"amount": exact}
    if terms.price_level_on:
        yield _("price level of %(day)s") % {"day": calendar_date(terms.price_level_on)}


def _steps(lease: Lease, _terms: LeaseTerms, day: date) -> Iterable[str]:
    for row in standing.coming_terms(lease, day):
        if lease.ends_on is None or row.starts_on <= lease.ends_on:
            yield _("from %(day)s: %(amount)s per year (%(kind)s)") % {
                "day": calendar_date(row.starts_on), "amount": euro(row.yearly), "kind": row.get_kind_display()
            }  # fmt: skip


def _discounts(lease: Lease, _terms: LeaseTerms, day: date) -> Iterable[str]:
    return [discount_words(row) for row in lease.discounts.all() if row.ends_on >= day]


def discount_words(row: RentDiscount) -> str:
    """50 % off from 1 January 2027 up to and including 31 March 2027."""
    days = {"first": calendar_date(row.starts_on), "last": calendar_date(row.ends_on)}
    if row.percentage == 100:
        return _("rent-free from %(first)s up to and including %(last)s") % days
    text = _("%(percentage)s off from %(first)s up to and including %(last)s")
    return text % (days | {"percentage": percent(row.percentage)})


def _advances(lease: Lease, _terms: LeaseTerms, day: date) -> Iterable[str]:
    for row in lease.advances.all():
        told = {"type": str(row.type), "amount": euro(row.per_month), "first": calendar_date(row.starts_on)}
        if row.starts_on > day:
            yield _("%(type)s: %(amount)s per month excl. VAT, from %(first)s") % told
        elif row.ends_on is None:
            yield _("%(type)s: %(amount)s per month excl. VAT") % told
        elif row.ends_on >= day:
            told["last"] = calendar_date(row.ends_on)
            yield _("%(type)s: %(amount)s per month excl. VAT, up to and including %(last)s") % told


def _vat(_lease: Lease, terms: LeaseTerms, _day: date) -> Iterable[str]:
    yield terms.get_vat_treatment_display()
    if terms.option_declared_on:
        yield _("choice in the contract: %(words)s") % {"words": terms.option_choice}
        yield _("description: %(words)s") % {"words": terms.option_description}
        yield _("book year of the tenant begins: %(words)s") % {"words": terms.option_book_year}
        yield _("statement of the tenant signed on %(day)s") % {
            "day": calendar_date(terms.option_declared_on)
        }


def _invoicing(_lease: Lease, terms: LeaseTerms, _day: date) -> Iterable[str]:
    yield _("in advance, %(each)s; %(leading)s") % {
        "each": terms.get_invoicing_display(), "leading": terms.get_leading_display()
    }  # fmt: skip
    yield _("part of a month: %(how)s") % {"how": terms.get_pro_rata_display()}


def _indexing(_lease: Lease, terms: LeaseTerms, _day: date) -> Iterable[str]:
    if terms.indexing == Indexing.NONE or terms.indexing_month is None:
        yield str(Indexing.NONE.label)
        return
    told = {"how": terms.get_indexing_display(), "month": str(MONTHS[terms.indexing_month])}
    yield _("every year on 1 %(month)s: %(how)s") % told
    if terms.indexing_percentage is not None:
        yield percent(terms.indexing_percentage)
    if terms.indexing_cap is not None:
        yield _("at most %(percentage)s a year") % {"percentage": percent(terms.indexing_cap)}


def _notice(lease: Lease, terms: LeaseTerms, _day: date) -> Iterable[str]:
    yield months(terms.notice_months)
    by = notice.notice_by(lease.ends_on, months=terms.notice_months)
    if by is not None:
        yield _("at the latest on %(day)s, for the end on %(last)s") % {
            "day": calendar_date(by), "last": calendar_date(lease.ends_on or by)
        }  # fmt: skip


def _breaks(lease: Lease, _terms: LeaseTerms, day: date) -> Iterable[str]:
    for row in lease.breaks.all():
        if row.ends_on >= day:
            yield _("on %(last)s, for %(whose)s; notice at the latest on %(day)s") % {
                "last": calendar_date(row.ends_on),
                "whose": row.get_whose_display(),
                "day": calendar_date(notice.months_before(row.ends_on, row.notice_months)),
            }


def _securities(lease: Lease, _terms: LeaseTerms, _day: date) -> Iterable[str]:
    return [security_words(row) for row in lease.securities.all()]


def security_words(row: Security) -> str:
    """bank guarantee € 5.000,00, Rabobank, valid until 31 December 2027."""
    words = [f"{row.get_kind_display()} {euro(row.amount)}"]
    if row.issuer:
        words.append(row.issuer)
    dated = (
        (_("received on %(day)s"), row.received_on),
        (_("valid until %(day)s"), row.expires_on),
        (_("given back on %(day)s"), row.returned_on),
    )
    words += [text % {"day": calendar_date(day)} for text, day in dated if day]
    return ", ".join(words)


def months(number: int) -> str:
    """12 months"""
    return ngettext("%(number)s month", "%(number)s months", number) % {"number": number}


def _hours(_lease: Lease, terms: LeaseTerms, _day: date) -> Iterable[str]:
    if terms.included_hours:
        yield _("%(hours)s a month") % {"hours": wording.hours(terms.included_hours)}


def _note(lease: Lease, _terms: LeaseTerms, _day: date) -> Iterable[str]:
    return [lease.note] if lease.note else []

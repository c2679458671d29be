"""The settlement of one tenant on paper: from the bills of the building to the amount on the invoice."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from spaces import wording
from spaces.explaining import tell
from spaces.money import Taxed, total
from tenants.billing import drafting, letters_pdf
from tenants.billing.letterhead import short
from tenants.billing.letters_pdf import Section, Sheet, Table
from tenants.leases.models import Lease, Settlement, SettlementShare
from tenants.leases.settling import approving
from tenants.parties.models import Party


def pdf(
    settlement: Settlement, lease: Lease, party: Party, shares: Sequence[SettlementShare], *, on: date
) -> bytes:
    """The statement as a tagged PDF in the language of the party; `on` is the day it is dated."""
    with translation.override(party.language):
        words = _("Service costs of %(year)d")
        if settlement.approved_at is None:
            words = _("Service costs of %(year)d (proposal)")
        closing = [
            _(
                "The difference comes on your next invoice. The bills can be looked at in the building; ask us."
            )
        ]
        sheet = Sheet(
            drafting.seller_of(settlement.hub),
            drafting.buyer_of(party),
            party.language,
            title=words % {"year": settlement.year},
            on=on,
            facts=[
                (_("Date"), short(on)),
                (_("Contract number"), lease.number),
                (_("Period"), f"{settlement.year}"),
            ],
            sections=[_sums(shares), *(_type(share) for share in shares)],
            closing=closing,
        )
        return letters_pdf.sheet_pdf(sheet)


def name(settlement: Settlement, lease: Lease, party: Party) -> str:
    """servicekosten-2026-HC-1.pdf"""
    number = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in lease.number)
    with translation.override(party.language):
        return _("service-costs-%(year)d-%(number)s.pdf") % {"year": settlement.year, "number": number}


def taxed(share: SettlementShare) -> Taxed:
    """What is to pay still, or comes back, with its VAT."""
    return Taxed.from_net(share.balance, rate=approving.vat_of(share).rate)


def _sums(shares: Sequence[SettlementShare]) -> Section:
    rows = [
        [
            str(share.type),
            wording.euro(share.cost),
            wording.euro(share.advance),
            wording.euro(share.balance),
            _vat(share),
        ]
        for share in shares
    ]
    sums = [total(share.cost for share in shares), total(share.advance for share in shares)]
    balance = total(share.balance for share in shares)
    told = [_("To pay, excl. VAT") if balance >= 0 else _("You get back, excl. VAT")]
    table = Table(
        [_("Kind"), _("Your share"), _("Paid in advance"), _("Difference"), _("VAT")],
        rows,
        total=[told[0], *map(wording.euro, sums), wording.euro(abs(balance)), ""],
    )
    gross = total(taxed(share).gross for share in shares)
    words = (_("With VAT you pay %(amount)s.") if gross >= 0 else _("With VAT you get %(amount)s back.")) % {
        "amount": wording.euro(abs(gross))
    }
    return Section(words=[_("All amounts are excl. VAT, unless it says otherwise."), words], table=table)


def _vat(share: SettlementShare) -> str:
    rate = approving.vat_of(share).rate
    return wording.percent(rate) if rate else _("exempt")


def _type(share: SettlementShare) -> Section:
    told = share.calculation
    rows = [
        [f"{supplier} {reference}".strip(), _days(first, last), wording.euro(net), wording.euro(part)]
        for supplier, reference, first, last, net, part in _bills(told["bills"])
    ]
    table = Table(
        [_("Bill"), _("About"), _("Amount"), _("Of this year")],
        rows,
        total=["", "", _("Together"), wording.euro(Decimal(told["total"]))],
        numbers=2,
    )
    return Section(title=str(share.type), words=list(_words(share)), table=table if rows else None)


def _words(share: SettlementShare) -> Sequence[str]:
    told = share.calculation
    found = [
        _("Your share: %(why)s That is %(cost)s.")
        % {"why": tell(told["why"]), "cost": wording.euro(share.cost)}
    ]
    if told["part"] != "1":
        found.append(_("You pay %(part)s of what the lease costs.") % {"part": told["part"]})
    if told["rooms"]:
        found.append(_("Rooms: %(rooms)s.") % {"rooms": "; ".join(map(_room, told["rooms"]))})
    found.append(_advance(told))
    return found


def _advance(told: dict[str, str]) -> str:
    charged, old = Decimal(told["charged"]), Decimal(told["old_books"])
    if not old:
        return _("Paid in advance: %(charged)s, as on your invoices.") % {"charged": wording.euro(charged)}
    return _(
        "Paid in advance: %(charged)s as on your invoices, and %(old)s by the terms of your lease, "
        "for months from before our new administration."
    ) % {"charged": wording.euro(charged), "old": wording.euro(old)}


def _room(row: Sequence[str]) -> str:
    code, area, first, last, days = row
    return _("%(code)s, %(area)s, %(days)s days (%(period)s)") % {
        "code": code,
        "area": wording.m2(Decimal(area)),
        "days": days,
        "period": _days(date.fromisoformat(first), date.fromisoformat(last)),
    }


def _bills(rows: Sequence[Sequence[str]]) -> Sequence[tuple[str, str, date, date, Decimal, Decimal]]:
    return [
        (who, number, date.fromisoformat(first), date.fromisoformat(last), Decimal(net), Decimal(part))
        for who, number, first, last, net, part in rows
    ]


def _days(first: date, last: date) -> str:
    return f"{short(first)} {wording.DASH} {short(last)}"

"""The letters about fixed half-days: agreed, ended, and somebody else has a date that was given back."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from spaces.money import Taxed
from tenants.leases import naming
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.leases.reckoning import Terms
from tenants.parties import mailing
from tenants.parties.models import Party, User


def agreed(fixed: FixedDayPart, *, terms: Terms, left_out: list[date], now: datetime) -> None:
    """Owe the party what was agreed, with the dates that were left out."""
    price = Taxed.from_net(fixed.price, rate=terms.vat_rate)
    context = {"price": price, "left_out": left_out}
    _tell(fixed, "fixed_agreed", fact="agreed", context=context, now=now)


def ended(fixed: FixedDayPart, *, now: datetime) -> None:
    """Owe the party the last day."""
    _tell(fixed, "fixed_ended", fact=f"ended:{fixed.ends_on}", context={}, now=now)


def relet(given: GivenBack, *, taxed: Taxed, now: datetime) -> None:
    """Owe whoever gave the date back the news that somebody has it, and what comes back for it. Once a date."""
    context = {"given": given, "taxed": taxed}
    by = given.given_by
    reader = by if by.memberships.filter(party=given.fixed.party).exists() else None
    _tell(given.fixed, "fixed_relet", fact=f"relet:{given.pk}", context=context, reader=reader, now=now)


def _tell(
    fixed: FixedDayPart,
    kind: str,
    *,
    fact: str,
    context: dict[str, Any],
    reader: User | None = None,
    now: datetime,
) -> None:
    to = _addressee(fixed.party, reader)
    if to is None:
        return
    email, name, language = to
    link = mailing.link(reverse("fixed", args=[fixed.pk]))
    with translation.override(language):
        when = naming.when(fixed)
    mailing.post(
        key=f"{fixed.holder}:{fact}", kind=kind, hub=fixed.hub, party=fixed.party, to_email=email, to_name=name,
        language=language, due_at=now, context={"fixed": fixed, "link": link, "when": when} | context,
    )  # fmt: skip


def _addressee(party: Party, reader: User | None) -> tuple[str, str, str] | None:
    if reader is not None:
        return reader.email, reader.name, reader.language
    return (party.email, party.contact_name or party.name, party.language) if party.email else None

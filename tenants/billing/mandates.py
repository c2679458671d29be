"""Mandates: what a party signed so that its invoices may be collected; kept on the party, with every change."""

import re
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing.online import mandated
from tenants.billing.refusals import PayingRefused
from tenants.parties import identity
from tenants.parties.models import Party, PartyState

REFERENCE = re.compile(r"[A-Za-z0-9/?:().,'+ -]{1,35}")
"""The characters that banks take in a SEPA mandate reference (EPC rulebook, the Latin set)."""


@dataclass(frozen=True)
class Mandate:
    """What was signed, by whom it may be collected and from which account. CORE: everybody; B2B: businesses only."""

    reference: str
    signed_on: date
    scheme: str
    iban: str


class MandateRefused(PayingRefused):
    """The mandate cannot be right; `field` is where."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


def payers(hub: Hub) -> QuerySet[Party]:
    """The parties whose invoices the bank collects: with a whole mandate and an account, and none given online."""
    signed = _active(hub).filter(~Q(mandate_reference=""), ~Q(iban=""), mandate_signed_on__isnull=False)
    return signed.exclude(pk__in=mandated.in_force(hub).values("party"))


def without(hub: Hub) -> QuerySet[Party]:
    """The parties that are to pay by direct debit, but have signed nothing (or the account is missing)."""
    rows = _active(hub).filter(payment_method__icontains="incasso").exclude(pk__in=payers(hub))
    return rows.exclude(pk__in=mandated.in_force(hub).values("party"))


@transaction.atomic(durable=True)
def enter(party: Party, mandate: Mandate, *, today: date) -> None:
    """Keep the mandate of `party`, instead of an earlier one. Raises MandateRefused."""
    if not REFERENCE.fullmatch(mandate.reference):
        raise MandateRefused("reference", _("At most 35 letters, digits and - / . , without accents."))
    if mandate.signed_on > today:
        raise MandateRefused("signed_on", _("This mandate was signed in the future. Look at the date."))
    try:
        account = identity.iban(mandate.iban)
    except identity.IdentityError as error:
        raise MandateRefused("iban", error.message) from error
    others = Party.objects.filter(hub=party.hub, mandate_reference=mandate.reference).exclude(pk=party.pk)
    if others.exists():
        raise MandateRefused("reference", _("Another party has a mandate with this reference."))
    Party.objects.filter(pk=party.pk).update(
        mandate_reference=mandate.reference, mandate_signed_on=mandate.signed_on, mandate_scheme=mandate.scheme,
        iban=account,
    )  # fmt: skip


@transaction.atomic(durable=True)
def revoke(party: Party) -> None:
    """Nothing of `party` is collected any more. What was handed to the bank goes on; a second call changes nothing."""
    Party.objects.filter(pk=party.pk).update(mandate_reference="", mandate_signed_on=None)


def _active(hub: Hub) -> QuerySet[Party]:
    return Party.objects.filter(hub=hub, state=PartyState.ACTIVE).order_by("name")

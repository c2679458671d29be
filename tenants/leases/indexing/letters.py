"""The letter about an indexation: to everybody who pays for the lease, with the calculation in their language."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from spaces.money import Euro
from tenants.leases import sharing
from tenants.leases.instalments import Rate, instalments
from tenants.leases.models import Indexation, LeaseTerms
from tenants.parties import mailing
from tenants.parties.mailing import Words
from tenants.parties.models import Party

if TYPE_CHECKING:
    from tenants.leases.indexing.applying import Steps

KIND = "indexation"


def post(indexation: Indexation, made: "Steps", *, now: datetime) -> None:
    """Owe each payer with an e-mail address the letter, once."""
    lease = indexation.lease
    for party, _share in sharing.payers(lease, indexation.terms.starts_on):
        if party.email:
            mailing.post(
                key=f"{lease.holder}:indexed:{indexation.on}:{party.pk}", kind=KIND, hub=lease.hub, party=party,
                to_email=party.email, to_name=_name(party), language=party.language, context=_context(made, party),
                due_at=now,
            )  # fmt: skip


def preview(made: "Steps") -> list[tuple[Party, Words]]:
    """The letters as they would be sent."""
    lease = made.row.lease
    found = []
    for party, _share in sharing.payers(lease, made.terms.starts_on):
        values = {"hub": lease.hub, "to_name": _name(party), **_context(made, party)}
        found.append((party, mailing.render(KIND, context=values, language=party.language, hub=lease.hub)))
    return found


def _context(made: "Steps", party: Party) -> dict[str, Any]:
    row, terms = made.row, made.terms
    before = row.course.terms_on(terms.starts_on) or row.terms
    return {
        "lease": row.lease,
        "party": party,
        "on": row.on,
        "starts_on": terms.starts_on,
        "terms": terms,
        "old_yearly": before.yearly,
        "old": _instalment(before),
        "new": _instalment(terms),
        "calculation": made.calculation,
        "followers": made.followers,
        "back": made.back if made.back and made.back.total else None,
        "shares": len(sharing.payers(row.lease, terms.starts_on)) > 1,
    }


def _instalment(terms: LeaseTerms) -> Euro:
    """What a month or a quarter costs from now on; a cent more or less makes up the year."""
    return instalments(Rate.of(terms))[0]


def _name(party: Party) -> str:
    return party.contact_name or party.name

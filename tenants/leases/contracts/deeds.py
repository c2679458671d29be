"""The table of what can be done to a lease."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.leases.contracts import changing_extras, changing_rooms, changing_term, changing_terms

NEW = "new"
"""The deed that makes a lease; all others change one."""


@dataclass(frozen=True)
class Deed:
    """What it is called, what it does, and whether it changes which rooms the lease has when.

    `words` says it as an invitation, `done` as what has been stored.
    """

    words: str | Promise
    done: str | Promise
    change: Callable[..., None]
    claims: bool = False


DEEDS: dict[str, Deed] = {
    "price": Deed(_("Change the rent"), _("The rent has been changed."), changing_terms.price),
    "rooms": Deed(
        _("Add or give up rooms"), _("The rooms have been changed."), changing_rooms.rooms, claims=True
    ),
    "payers": Deed(_("Change who pays"), _("Who pays has been changed."), changing_extras.payers),
    "discount": Deed(
        _("Agree a discount or rent-free time"),
        _("The discount has been agreed."),
        changing_extras.discount,
    ),
    "stop_discount": Deed(_("Let a discount stop"), _("The discount stops."), changing_extras.stop_discount),
    "advances": Deed(
        _("Change the service charges in advance"),
        _("The service charges have been changed."),
        changing_extras.advances,
    ),
    "vat": Deed(_("Change the VAT"), _("The VAT has been changed."), changing_terms.vat),
    "indexing": Deed(
        _("Change the indexation"), _("The indexation has been changed."), changing_terms.indexing
    ),
    "agreements": Deed(
        _("Change invoicing or included hours"),
        _("The agreements have been changed."),
        changing_terms.agreements,
    ),
    "notice": Deed(
        _("Change the notice period"), _("The notice period has been changed."), changing_terms.notice
    ),
    "add_break": Deed(
        _("Agree a way to end earlier"), _("The way to end earlier is stored."), changing_extras.add_break
    ),
    "drop_break": Deed(
        _("Take away a way to end earlier"),
        _("The way to end earlier is gone."),
        changing_extras.drop_break,
    ),
    "security": Deed(
        _("Add a deposit or bank guarantee"), _("The security has been added."), changing_extras.security
    ),
    "security_dates": Deed(
        _("Change the deposit or bank guarantee"),
        _("The security has been changed."),
        changing_extras.security_dates,
    ),
    "renew": Deed(_("Renew the lease"), _("The lease has been renewed."), changing_term.renew, claims=True),
    "end": Deed(_("End the lease early"), _("The lease ends early."), changing_term.end, claims=True),
}

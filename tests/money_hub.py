"""LOC+ as the workbook says, with what happens to money in it: for the tests of the pages about money."""

from datetime import date

from spaces.models import Hub
from tenants.billing import invoicing
from tenants.leases import charging_rent
from tenants.leases.hub_import import importing
from tenants.leases.models import Lease
from tenants.parties.models import Membership, Party, Role, User
from tests import cast
from tests.cast import NOW
from tests.leases import workbooks

DECEMBER = date(2026, 12, 1)


def read_in() -> Hub:
    """The workbook of the director, on 21 November 2026."""
    hub = importing.store(workbooks.real(), now=NOW).hub
    assert hub is not None
    return hub


def person_of(hub: Hub, name: str, role: str = Role.TENANT_MANAGER) -> User:
    """Somebody of the party with this name, who reads English."""
    user = cast.user(f"{role} {name}")
    user.language = "en"
    user.save()
    cast.membership(user, hub, role, Party.objects.get(hub=hub, name=name))
    return user


def also_of(user: User, hub: Hub, name: str, role: str = Role.TENANT_MANAGER) -> Membership:
    """The same person, of another party too."""
    return cast.membership(user, hub, role, Party.objects.get(hub=hub, name=name))


def issued(hub: Hub) -> None:
    """The invoices of December 2026, rent and all."""
    charging_rent.post_month(hub, month=DECEMBER, now=NOW)
    run = invoicing.propose(hub, month=DECEMBER, by=cast.staff(hub, "bookkeeper"), now=NOW)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    invoicing.approve(run, by=cast.staff(hub, "bookkeeper"), seen=seen, now=NOW)
    while invoicing.issue_next(run, now=NOW):
        pass


def lease(number: str) -> Lease:
    return Lease.objects.get(number=number)

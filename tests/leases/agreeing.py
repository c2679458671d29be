"""What tests of leases do: draft a deed and confirm it, or make a whole new lease."""

from decimal import Decimal
from typing import Any

from spaces.models import Hub, Space
from tenants.leases.contracts import drafts, previewing
from tenants.leases.contracts.previewing import Preview
from tenants.leases.models import Lease, LeaseDraft
from tenants.parties.models import Party, User
from tests.cast import NOW


def draft(lease: Lease, deed: str, *, by: User, **told: Any) -> LeaseDraft:
    return drafts.draft(lease, deed, told, by=by, now=NOW)


def look(lease: Lease, deed: str, *, by: User, **told: Any) -> Preview:
    return previewing.preview(draft(lease, deed, by=by, **told), by=by, now=NOW)


def change(lease: Lease, deed: str, *, by: User, **told: Any) -> Lease:
    return drafts.confirm(draft(lease, deed, by=by, **told), by=by, now=NOW)


def answers(party: Party, *rooms: Space, **told: Any) -> dict[str, Any]:
    """A lease of one party from 2027 on at € 138 per m², all questions of the wizard answered."""
    plain = {
        "number": "HC-9", "payers": [[party.pk, "1"]], "rooms": [[room.pk, str(room.area_m2)] for room in rooms],
        "starts_on": "2027-01-01", "ends_on": "2031-12-31", "notice_months": 12, "amount": "138", "per": "m2",
        "leading": "year", "invoicing": "month", "pro_rata": "actual", "vat_treatment": "exempt_rent",
        "indexing": "symmetric", "indexing_month": 1, "advances": [],
    }  # fmt: skip
    return plain | told


def new(hub: Hub, told: dict[str, Any], *, by: User) -> LeaseDraft:
    made = drafts.begin(hub, by=by, now=NOW)
    drafts.answer(made, told)
    return made


def sign(hub: Hub, told: dict[str, Any], *, by: User) -> Lease:
    return drafts.confirm(new(hub, told, by=by), by=by, now=NOW)


def money(preview: Preview) -> list[tuple[str, str, Decimal, Decimal, bool]]:
    """Each row of amounts: first and last day, what it was and becomes excl. VAT, whether it was charged."""
    return [
        (str(row.first), str(row.last), row.before.net, row.after.net, row.charged)
        for row in preview.instalments
    ]

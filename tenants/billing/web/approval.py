"""Who may approve a proposal now: somebody else, or who made it after entering the password again."""

from enum import StrEnum

from tenants.billing import invoicing
from tenants.billing.models import InvoiceRun
from tenants.parties.web import reauthenticating
from tenants.parties.web.asking import HubRequest


class Approval(StrEnum):
    """What stands between this person and approving."""

    NOW = "now"
    PASSWORD = "password"  # noqa: S105 - the name of a step
    NO_PASSWORD = "no_password"  # noqa: S105
    SOMEBODY_ELSE = "somebody_else"


def of(request: HubRequest, run: InvoiceRun) -> Approval:
    """What this person may do with a proposal. Two queries at most."""
    if run.proposed_by_id != request.user.pk:
        return Approval.NOW
    if not invoicing.may_approve_alone(run.hub, request.user):
        return Approval.SOMEBODY_ELSE
    if not reauthenticating.has_a_way(request):
        return Approval.NO_PASSWORD
    return Approval.NOW if reauthenticating.is_fresh(request) else Approval.PASSWORD

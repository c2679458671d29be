"""Whether somebody has shown again, minutes ago, to be who signed in: asked before what one person does alone."""

from allauth.account.internal.flows import reauthentication

from tenants.parties.web.asking import Request


def has_a_way(request: Request) -> bool:
    """Whether this person has a password, or a second step, to show it with."""
    return bool(reauthentication.get_reauthentication_flows(request.user))


def is_fresh(request: Request) -> bool:
    """Whether this person entered it minutes ago (see ACCOUNT_REAUTHENTICATION_TIMEOUT); without one nobody did."""
    return has_a_way(request) and reauthentication.did_recently_reauthenticate(request)

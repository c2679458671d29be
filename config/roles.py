"""Who there is to allow something to, and how a row of the policy is written."""

from tenants.parties.access import APPLICANT
from tenants.parties.models import Role

PUBLIC = "public"
"""Also a visitor who has not signed in."""
SIGNED_IN = "signed_in"
"""Whoever has signed in, with or without a role at a hub."""

D, B, R = Role.DIRECTOR.value, Role.BOOKKEEPER.value, Role.RECEPTION.value
TM, T, Z = Role.TENANT_MANAGER.value, Role.TENANT_MEMBER.value, Role.ZZPER.value
STAFF = frozenset({D, B, R})
TENANTS = frozenset({TM, T})
BOOKERS = frozenset({TM, T, Z, R, D})
LOOKERS = BOOKERS | {APPLICANT, B}
EVERYONE = frozenset({PUBLIC, SIGNED_IN})
ME = frozenset({SIGNED_IN})

Rule = dict[str, frozenset[str]]


def rule(
    *, get: frozenset[str] | set[str] | None = None, post: frozenset[str] | set[str] | None = None
) -> Rule:
    """Who may GET (and HEAD) and who may POST; a method left out is answered 405."""
    methods = {"GET": get, "HEAD": get, "POST": post}
    return {method: frozenset(roles) for method, roles in methods.items() if roles is not None}

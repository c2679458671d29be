"""The one table of who may open which page by which method. What is not named here is refused.

`PolicyMiddleware` enforces it before any view runs; the tests walk the URL resolver against it. Which
rows a person sees inside a page is decided by `visible_to(actor)` on the querysets.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

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


def rule(*, get: frozenset[str] | set[str] | None = None, post: frozenset[str] | set[str] | None = None) -> Rule:
    """Who may GET (and HEAD) and who may POST; a method left out is answered 405."""
    methods = {"GET": get, "HEAD": get, "POST": post}
    return {method: frozenset(roles) for method, roles in methods.items() if roles is not None}


POLICY: dict[str, Rule] = {
    # the installation
    "set_language": rule(post=EVERYONE),
    "health-live": rule(get=EVERYONE),
    "health-ready": rule(get=EVERYONE),
    "mailbox": rule(get=EVERYONE),
    "mailbox-mail": rule(get=EVERYONE),
    "mailbox-attachment": rule(get=EVERYONE),
    # signing in (allauth)
    "account_login": rule(get=EVERYONE, post=EVERYONE),
    "account_logout": rule(get=ME, post=ME),
    # people
    "start": rule(get=EVERYONE),
    "hub-choose": rule(post=ME),
    "join": rule(get=EVERYONE, post=EVERYONE),
    # booking
    # the desk
    # the shared meeting area
    # the director's pages
    # invoices
}


class PolicyMiddleware:
    """Refuses, before the view runs, whatever the table does not allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        allowed = POLICY.get(match.view_name) if match else None
        if allowed is None:
            raise Http404
        if request.method not in allowed:
            return HttpResponseNotAllowed(sorted(allowed))
        return _refusal(request, allowed[request.method])


def may(request: HttpRequest, name: str, *, method: str = "GET") -> bool:
    """Whether this visitor may open the page called `name`: navigation and links ask this."""
    allowed = POLICY.get(name, {}).get(method, frozenset())
    return bool(allowed & held_by(request))


def held_by(request: HttpRequest) -> frozenset[str]:
    """The names under which the table knows this visitor."""
    actor = getattr(request, "actor", None)
    return frozenset({PUBLIC}) if actor is None else frozenset({PUBLIC, SIGNED_IN}) | actor.roles


def _refusal(request: HttpRequest, allowed: frozenset[str]) -> HttpResponse | None:
    if allowed & held_by(request):
        return None
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

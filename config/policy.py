"""The one table of who may open which page by which method. What is not named here is refused.

`PolicyMiddleware` enforces it before any view runs; the tests walk the URL resolver against it. Which
rows a person sees inside a page is decided by `visible_to(actor)` on the querysets.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from config.policy_of_money import MONEY
from config.policy_of_rooms import ROOMS
from config.roles import PUBLIC, SIGNED_IN, Rule

POLICY: dict[str, Rule] = ROOMS | MONEY


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
        if allowed is None or not request.path.isprintable():
            raise Http404  # no address of ours holds a control character; the database refuses one
        if request.method not in allowed:
            return HttpResponseNotAllowed(sorted(allowed), render_to_string("405.html", request=request))
        refusal = _refusal(request, allowed[request.method])
        if refusal is None:
            _narrow(request, allowed[request.method])
        return refusal


def may(request: HttpRequest, name: str, *, method: str = "GET") -> bool:
    """Whether this visitor may open the page called `name`: navigation and links ask this."""
    allowed = POLICY.get(name, {}).get(method, frozenset())
    return bool(allowed & held_by(request))


def held_by(request: HttpRequest) -> frozenset[str]:
    """The names under which the table knows this visitor."""
    actor = getattr(request, "whole_actor", None) or getattr(request, "actor", None)
    return frozenset({PUBLIC}) if actor is None else frozenset({PUBLIC, SIGNED_IN}) | actor.roles


def _refusal(request: HttpRequest, allowed: frozenset[str]) -> HttpResponse | None:
    if allowed & held_by(request):
        return None
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(way_back(request), settings.LOGIN_URL)


def _narrow(request: HttpRequest, allowed: frozenset[str]) -> None:
    """On a page kept for roles the others do not count: a bookkeeper who also rents changes only their own bookings.

    The whole actor stays known for the menu and for links.
    """
    actor = getattr(request, "actor", None)
    if actor is not None and not allowed & {PUBLIC, SIGNED_IN}:
        request.whole_actor, request.actor = actor, actor.only(allowed)  # type: ignore[attr-defined]


def way_back(request: HttpRequest) -> str:
    """Where a GET may look: this page; the one before it when this one only answers forms; else the start."""
    if opens(request.path):
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(before if is_ours else "/")
    if not opens(parts.path):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def opens(path: str) -> bool:
    """Whether there is a page at this path that somebody may look at."""
    try:
        return "GET" in POLICY.get(resolve(path).view_name, {})
    except Resolver404:
        return False

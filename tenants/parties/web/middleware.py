"""Puts the actor on every request: who is this, at which hub, in which language and time zone."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from tenants.parties import access
from tenants.parties.access import Actor
from tenants.parties.web.asking import OpenRequest

HUB_KEY = "hub"


class ActorMiddleware:
    """Sets `request.actor` (None for a visitor), speaks their language, and keeps personal pages out of caches.

    The actor is made anew for each request, so a role that is taken away is gone at the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = _actor(request)
        cast("OpenRequest", request).actor = actor
        if actor is not None:
            _speak(request, actor.user.language)
        with timezone.override(actor.hub.zone if actor and actor.hub else None):
            response = self.get_response(request)
        if actor is not None and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if actor is not None and not request.user.is_authenticated:
            forget_language(response)  # they signed out: the next person at this computer chooses anew
        return response


def forget_language(response: HttpResponse) -> None:
    """Take away the cookie with a visitor's choice; an account keeps its own."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")


def _actor(request: HttpRequest) -> Actor | None:
    if not request.user.is_authenticated:
        return None
    return access.actor_for(request.user, hub_slug=request.session.get(HUB_KEY))


def _speak(request: HttpRequest, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language

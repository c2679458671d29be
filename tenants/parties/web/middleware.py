"""Puts the actor on every request: who is this, at which hub, in which language and time zone."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from tenants.parties import access

HUB_KEY = "hub"


class ActorMiddleware:
    """Sets `request.actor` (None for a visitor), speaks their language, and keeps personal pages out of caches.

    The actor is made anew for each request, so a role that is taken away is gone at the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        request.actor = access.actor_for(request.user, hub_slug=request.session.get(HUB_KEY)) if signed_in else None
        zone = request.actor.hub.zone if signed_in and request.actor.hub else None
        with timezone.override(zone):
            if signed_in:
                _speak(request, request.user.language)
            response = self.get_response(request)
        if signed_in and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        return response


def _speak(request: HttpRequest, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language

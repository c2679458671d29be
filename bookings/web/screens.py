"""Screens in the building, without signing in: a door, and the tablet at the entrance where people check in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings import displaying, screens
from bookings.models import Display
from tenants.parties.web.middleware import forget_language

REFUSED, TOO_OFTEN = 422, 429
WRONG_AT_MOST = 10
WITHIN = 300
"""Ten codes that are none in five minutes, then the tablet rests: nobody finds a code of six letters by guessing."""
IDLE = "120; url={}"
ENTRANCE = "60; url={}"
CHOSEN = "taal"
"""In the address right after a visitor chose a language."""


def door(request: HttpRequest, token: str) -> HttpResponse:
    """One room, read only."""
    display, now = _known(displaying.at_door(token)), timezone.now()
    if display.space is None:
        raise Http404
    with timezone.override(display.hub.zone):
        displaying.mark_used(display, now=now)
        return _secret(
            render(
                request,
                "bookings/screen_door.html",
                {"door": screens.door(display.space, now=now), "hub": display.hub, "now": now},
            )
        )


def entrance(request: HttpRequest, token: str) -> HttpResponse:
    """The day of the whole hub. A visitor's language is theirs until the screen looks again or is back here."""
    display, now = _known(displaying.at_entrance(token)), timezone.now()
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) and CHOSEN not in request.GET:
        answer = redirect("screen-entrance", token)
        forget_language(answer)
        return _secret(answer)
    with timezone.override(display.hub.zone):
        displaying.mark_used(display, now=now)
        context = {"lines": screens.entrance(display.hub, now=now), "hub": display.hub, "now": now}
        context |= {"token": token, "chosen_language": f"{request.path}?{CHOSEN}=1"}
        response = render(request, "bookings/screen_entrance.html", context)
    response["Refresh"] = ENTRANCE.format(request.path)
    return _secret(response)


def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """“I am here” by the code of the booking; every code that leads nowhere gets the same answer."""
    display, now = _known(displaying.at_entrance(token)), timezone.now()
    with timezone.override(display.hub.zone):
        answer, status = _asked(request, display, now=now) if request.method == "POST" else ({}, 200)
        context = {"hub": display.hub, "token": token} | answer
        response = render(request, "bookings/screen_arrive.html", context, status=status)
    response["Refresh"] = IDLE.format(request.path.rsplit("/", 1)[0])
    return _secret(response)


def _asked(request: HttpRequest, display: Display, *, now: datetime) -> tuple[dict[str, Any], int]:
    """What the page says, and the status of the answer."""
    key = f"entrance-{display.pk}-{int(now.timestamp()) // WITHIN}"
    if cache.get(key, 0) >= WRONG_AT_MOST:
        return {"too_often": True}, TOO_OFTEN
    code = request.POST.get("code", "")[:20].replace("\0", "")
    booking = screens.arrive(display.hub, code, now=now)
    if booking is not None:
        return {"booking": booking}, 200
    cache.add(key, 0, WITHIN)
    cache.incr(key)
    return {"wrong": True}, REFUSED


def _known(display: Display | None) -> Display:
    if display is None:
        raise Http404
    return display


def _secret(answer: HttpResponse) -> HttpResponse:
    """Not in a search engine, not in a cache; nor in a Referer to others, by the policy of the whole installation."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store"
    return answer

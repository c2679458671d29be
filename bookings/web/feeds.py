"""Calendar feeds: the page where one makes, renews and withdraws them, and the address that programs read."""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from bookings import feeding
from bookings.models import Feed
from spaces.models import Space
from tenants.parties import mailing
from tenants.parties.access import Actor
from tenants.parties.web.asking import AtHub, HubRequest

AN_HOUR = 3600
MOST_AN_HOUR = 60
A_WEEK = 7 * 24 * AN_HOUR
TOO_OFTEN, REFUSED = 429, 422


def feeds(request: HubRequest) -> HttpResponse:
    """What there is to read in a calendar; a POST makes a new address and shows it, this once."""
    if request.method != "POST":
        return _page(request)
    scope, space = request.POST.get("wat", ""), None
    if scope not in Feed.Scope.values:
        return _page(request, status=REFUSED)
    if scope == Feed.Scope.SPACE:
        code = request.POST.get("ruimte", "")[:20].replace("\0", "")
        space = get_object_or_404(_rooms(request.actor), code=code)
    feed, token = feeding.connect(request.actor, scope=scope, space=space, now=timezone.now())
    return _page(request, made=feed, address=mailing.link(reverse("feed", args=[token])))


def revoke(request: HubRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(Feed.objects.visible_to(request.actor), pk=pk)
    feeding.revoke(feed, now=timezone.now())
    messages.success(request, _("The address no longer works. Calendars that read it stay as they are now."))
    return redirect("feeds")


def read(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address: for a program, so without a session; 404 for any other address."""
    now = timezone.now()
    feed = feeding.feed_of(token)
    reader = feeding.reader_of(feed) if feed else None
    if feed is None or reader is None:
        return _secret(render(request, "404.html", status=404))
    if _reads(feed, now) > MOST_AN_HOUR:
        wait = AN_HOUR - int(now.timestamp()) % AN_HOUR
        answer = render(request, "429.html", {"minutes": -(-wait // 60)}, status=TOO_OFTEN)
        answer["Retry-After"] = str(wait)
        return _secret(answer)
    feeding.mark_used(feed, now=now)
    return _secret(_calendar(request, feed, reader, now))


def _calendar(request: HttpRequest, feed: Feed, reader: Actor, now: datetime) -> HttpResponse:
    with translation.override(feed.user.language):
        content = feeding.content(feed, reader=reader, now=now)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    since = _unchanged_since(feed, etag, now)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    for name, value in {
        "ETag": etag,
        "Last-Modified": http_date(since),
        "Cache-Control": "private, no-cache",
    }.items():
        answer[name] = value
    return get_conditional_response(request, etag=etag, last_modified=since, response=answer) or answer


def _unchanged_since(feed: Feed, etag: str, now: datetime) -> int:
    """The second from which these very bytes are served; forgotten means now. Other bytes always get a later one."""
    key = f"feed-{feed.pk}-seen"
    seen, since = cache.get(key, ("", 0))
    if seen != etag:
        since = max(int(now.timestamp()), int(since) + 1)
        cache.set(key, (etag, since), A_WEEK)
    return int(since)


def _reads(feed: Feed, now: datetime) -> int:
    """How often this feed was read in this hour, this time included."""
    key = f"feed-{feed.pk}-{now:%Y%m%d%H}"
    cache.add(key, 0, AN_HOUR)
    try:
        return int(cache.incr(key))  # in one step: two programs at once count as two
    except ValueError:  # the cache forgot it in between
        return 1


def _secret(answer: HttpResponse) -> HttpResponse:
    """The address goes no further: not in a Referer, not in a search engine, not in a shared cache."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer.setdefault("Cache-Control", "no-store")
    return answer


def _page(request: HubRequest, *, status: int = 200, **made: Any) -> HttpResponse:
    running = list(Feed.objects.visible_to(request.actor).running().select_related("space"))
    rooms = list(_rooms(request.actor))
    context = {
        "mine": next((feed for feed in running if feed.scope == Feed.Scope.MINE), None),
        "hub_feed": next((feed for feed in running if feed.scope == Feed.Scope.HUB), None),
        "of_rooms": [feed for feed in running if feed.scope == Feed.Scope.SPACE],
        "rooms": rooms,
        "chosen": request.GET.get("ruimte", ""),
        "today": timezone.localdate(),
        **made,
    }
    return render(request, "bookings/feeds.html", context, status=status)


def _rooms(actor: AtHub) -> QuerySet[Space]:
    return Space.objects.of_hub(actor.hub).bookable().select_related("floor")

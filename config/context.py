"""What every page knows: the hub, who is looking, and where they may go."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

ZZPER = "zzper"
TENANT_MANAGER = "tenant_manager"
TENANT_MEMBER = "tenant_member"
RECEPTION = "reception"
DIRECTOR = "director"
BOOKKEEPER = "bookkeeper"
TENANTS = (TENANT_MANAGER, TENANT_MEMBER)
EVERYONE = (ZZPER, *TENANTS, RECEPTION, DIRECTOR, BOOKKEEPER)


class Entry(NamedTuple):
    """One line of the menu: its words, the page, and the roles that see it."""

    words: str
    url_name: str
    roles: tuple[str, ...]


NAVIGATION = (
    Entry(gettext_noop("Overview"), "overview", (DIRECTOR,)),
    Entry(gettext_noop("Desk"), "desk", (RECEPTION, DIRECTOR)),
    Entry(gettext_noop("Meeting rooms"), "meeting-week", TENANTS),
    Entry(gettext_noop("Book a room"), "book", (ZZPER, *TENANTS)),
    Entry(gettext_noop("My bookings"), "bookings-mine", (ZZPER, *TENANTS)),
    Entry(gettext_noop("Applications"), "applications", (DIRECTOR,)),
    Entry(gettext_noop("Import"), "import", (DIRECTOR,)),
    Entry(gettext_noop("Changes"), "changes", (DIRECTOR,)),
    Entry(gettext_noop("Invoices"), "invoicing-month", (BOOKKEEPER,)),
    Entry(gettext_noop("My account"), "account", EVERYONE),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html shows around every page; runs no query of its own."""
    actor = getattr(request, "actor", None)
    return {
        "hub": getattr(actor, "hub", None),
        "hubs": getattr(actor, "hubs", ()),
        "navigation": list(_navigation(request, frozenset(getattr(actor, "roles", ())))),
        "mailbox_url": _address("mailbox") if settings.PLEIN_EMBEDDED else None,
        "hub_choose_url": _address("hub-choose"),
    }


def _navigation(request: HttpRequest, roles: frozenset[str]) -> Iterator[dict[str, Any]]:
    here = getattr(request.resolver_match, "url_name", None)
    for entry in NAVIGATION:
        url = _address(entry.url_name) if _may_see(request, entry, roles) else None
        if url:
            yield {"label": gettext(entry.words), "url": url, "current": entry.url_name == here}


def _may_see(request: HttpRequest, entry: Entry, roles: frozenset[str]) -> bool:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return signed_in and (entry.roles is EVERYONE or not roles.isdisjoint(entry.roles))


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None

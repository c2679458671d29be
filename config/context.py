"""What every page knows: the hub, who is looking, and where they may go."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from config.policy import held_by, may, way_back
from config.roles import SIGNED_IN, STAFF, TM, B, D, R, T, Z
from tenants.parties.access import APPLICANT


class Entry(NamedTuple):
    """One line of the menu: its words, the page, the roles whose work it is, and on /beheer what it is about."""

    words: str
    url_name: str
    roles: frozenset[str]
    about: str = ""


BOOKERS = frozenset({Z, TM, T, APPLICANT})
NAVIGATION = (
    Entry(gettext_noop("Today"), "workday", frozenset({B})),
    Entry(gettext_noop("Overview"), "overview", frozenset({D})),
    Entry(gettext_noop("Desk"), "desk", frozenset({R, D})),
    Entry(gettext_noop("Meeting rooms"), "meeting-week", frozenset({TM, T})),
    Entry(gettext_noop("Book a room"), "book", BOOKERS),
    Entry(gettext_noop("My bookings"), "bookings-mine", BOOKERS),
    Entry(gettext_noop("My agenda"), "agenda", BOOKERS),
    Entry(gettext_noop("My half-days"), "fixed-mine", frozenset({Z, TM, T})),
    Entry(gettext_noop("My rent"), "rent", frozenset({Z, TM, T})),
    Entry(gettext_noop("Requests"), "requests", frozenset({D, R})),
    Entry(gettext_noop("Applications"), "applications", frozenset({D})),
    Entry(gettext_noop("Parties"), "parties", frozenset({D, B})),
    Entry(gettext_noop("Letters"), "letters", frozenset({R})),
    Entry(gettext_noop("Invoices"), "invoicing-month", frozenset({B})),
    Entry(gettext_noop("Invoices"), "invoices", frozenset({D, TM, Z})),
    Entry(gettext_noop("The books"), "books", frozenset({B})),
    Entry(gettext_noop("Bank"), "bank", frozenset({B, D})),
    Entry(gettext_noop("Open items"), "open-items", frozenset({B, D})),
    Entry(gettext_noop("Manage"), "manage", STAFF),
    Entry(gettext_noop("My account"), "account", frozenset({SIGNED_IN})),
)
MANAGE = (
    (
        gettext_noop("Once a year"),
        (
            Entry(
                gettext_noop("Indexation"),
                "indexing",
                frozenset({D, B}),
                gettext_noop("Rents that follow the price index; figures of CBS."),
            ),
            Entry(
                gettext_noop("Service costs"),
                "service-costs",
                frozenset({D, B}),
                gettext_noop("What the building cost, and the settlement with each tenant."),
            ),
        ),
    ),
    (
        gettext_noop("Leases"),
        (
            Entry(
                gettext_noop("Leases"),
                "leases",
                frozenset({D, B}),
                gettext_noop("Who rents which rooms, for how much and until when; a new lease, or a change."),
            ),
            Entry(
                gettext_noop("Deadlines"),
                "deadlines",
                frozenset({D, B}),
                gettext_noop("By which day to give notice or to renew, and which guarantees expire."),
            ),
        ),
    ),
    (
        gettext_noop("Days and hours"),
        (
            Entry(
                gettext_noop("Fixed half-days"),
                "fixed-list",
                STAFF,
                gettext_noop("Who has the same room every week; make a new one, or end one."),
            ),
            Entry(
                gettext_noop("Closures"),
                "closures",
                frozenset({D, R}),
                gettext_noop("Close a day, some hours or a room; public holidays."),
            ),
            Entry(
                gettext_noop("Waiting list"),
                "waiting",
                frozenset({D, R}),
                gettext_noop("Who waits for which time."),
            ),
            Entry(
                gettext_noop("Read in a calendar"),
                "calendar-import",
                frozenset({D, R}),
                gettext_noop("Outlook or Google dates of a room as taken time."),
            ),
        ),
    ),
    (
        gettext_noop("Rooms and rules"),
        (
            Entry(
                gettext_noop("Rooms to book"),
                "manage-rooms",
                frozenset({D}),
                gettext_noop("Time to set up and clean, layouts, approval, release."),
            ),
            Entry(
                gettext_noop("Rules of booking"),
                "rules",
                frozenset({D}),
                gettext_noop("How long, how far ahead and how much each group may book."),
            ),
            Entry(
                gettext_noop("Extras"),
                "extras",
                frozenset({D}),
                gettext_noop("Coffee, a beamer: what can be had with a room."),
            ),
            Entry(
                gettext_noop("Screens"),
                "displays",
                frozenset({D, R}),
                gettext_noop("At the doors and at the entrance."),
            ),
            Entry(
                gettext_noop("Settings of the hub"),
                "hub-settings",
                frozenset({D}),
                gettext_noop("How long options and offers last, and when people may check in."),
            ),
        ),
    ),
    (
        gettext_noop("Administration"),
        (
            Entry(
                gettext_noop("The books"),
                "books",
                frozenset({D}),
                gettext_noop("What was booked, the VAT, and what goes to the accountant."),
            ),
            Entry(
                gettext_noop("Online payments"),
                "online-account",
                frozenset({D, B}),
                gettext_noop("What Stripe paid out and kept, and what does not agree with our books."),
            ),
            Entry(
                gettext_noop("Paying online"),
                "online-settings",
                frozenset({D, B}),
                gettext_noop("Which ways to pay, collecting, and how the line to Stripe stands."),
            ),
            Entry(
                gettext_noop("Steps of reminding"),
                "dunning-ladder",
                frozenset({D, B}),
                gettext_noop("How many days after the due date each letter goes out."),
            ),
            Entry(
                gettext_noop("Interest rates"),
                "interest-rates",
                frozenset({D, B}),
                gettext_noop("The statutory interest, by half-year."),
            ),
            Entry(
                gettext_noop("People"),
                "people",
                frozenset({D}),
                gettext_noop("Who may sign in, and as what; invite somebody."),
            ),
            Entry(
                gettext_noop("Letters"),
                "letters",
                frozenset({D}),
                gettext_noop("What was mailed to whom, and what did not arrive."),
            ),
            Entry(
                gettext_noop("Changes"),
                "changes",
                frozenset({D}),
                gettext_noop("Who changed what, and when."),
            ),
            Entry(
                gettext_noop("Import"),
                "import",
                frozenset({D}),
                gettext_noop("Read the workbook of the hub in."),
            ),
            Entry(
                gettext_noop("Open items of the old books"),
                "open-items-import",
                frozenset({D, B}),
                gettext_noop("What parties still had to pay on the day you began."),
            ),
        ),
    ),
)
"""What staff set up once in a while: the page /beheer, by subject."""


def page(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html shows around every page; runs no query of its own."""
    actor = getattr(request, "actor", None)
    return {
        "hub": getattr(actor, "hub", None),
        "hubs": getattr(actor, "hubs", ()),
        "navigation": list(entries(request, NAVIGATION)),
        "mailbox_url": _address("mailbox") if settings.PLEIN_EMBEDDED else None,
        "hub_choose_url": _address("hub-choose"),
        "way_back": way_back(request),
    }


def entries(request: HttpRequest, listed: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    """The entries for these roles; the policy has the last word, and a page that is not mounted is left out."""
    here = getattr(request.resolver_match, "view_name", None)
    for entry in listed:
        wanted = not entry.roles.isdisjoint(held_by(request)) and may(request, entry.url_name)
        url = _address(entry.url_name) if wanted else None
        if url:
            yield {
                "label": gettext(entry.words),
                "about": gettext(entry.about) if entry.about else "",
                "url": url,
                "current": entry.url_name == here,
            }


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None

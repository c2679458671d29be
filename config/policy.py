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


POLICY: dict[str, Rule] = {
    # the installation
    "set_language": rule(post=EVERYONE),
    "health-live": rule(get=EVERYONE),
    "health-ready": rule(get=EVERYONE),
    "mailbox": rule(get=EVERYONE),
    "mailbox-mail": rule(get=EVERYONE),
    "mailbox-attachment": rule(get=EVERYONE),
    "manage": rule(get=STAFF),
    # signing in (allauth)
    "account_login": rule(get=EVERYONE, post=EVERYONE),
    # a visitor who waits for a mailed code begins anew by signing out
    "account_logout": rule(get=ME, post=EVERYONE),
    "account_inactive": rule(get=EVERYONE),
    "account_signup": rule(get=EVERYONE),
    "account_reauthenticate": rule(get=ME, post=ME),
    "account_email": rule(get=ME, post=ME),
    "account_email_verification_sent": rule(get=EVERYONE),
    "account_confirm_email": rule(get=EVERYONE, post=EVERYONE),
    "account_change_password": rule(get=ME, post=ME),
    "account_set_password": rule(get=ME, post=ME),
    "account_reset_password": rule(get=EVERYONE, post=EVERYONE),
    "account_reset_password_done": rule(get=EVERYONE),
    "account_reset_password_from_key": rule(get=EVERYONE, post=EVERYONE),
    "account_reset_password_from_key_done": rule(get=EVERYONE),
    "account_request_login_code": rule(get=EVERYONE, post=EVERYONE),
    "account_confirm_login_code": rule(get=EVERYONE, post=EVERYONE),
    "mfa_authenticate": rule(get=EVERYONE, post=EVERYONE),
    "mfa_reauthenticate": rule(get=ME, post=ME),
    "mfa_index": rule(get=ME),
    "mfa_activate_totp": rule(get=ME, post=ME),
    "mfa_deactivate_totp": rule(get=ME, post=ME),
    "mfa_view_recovery_codes": rule(get=ME),
    "mfa_generate_recovery_codes": rule(get=ME, post=ME),
    "mfa_download_recovery_codes": rule(get=ME),
    "mfa_list_webauthn": rule(get=ME),
    "mfa_add_webauthn": rule(get=ME, post=ME),
    "mfa_edit_webauthn": rule(get=ME, post=ME),
    "mfa_remove_webauthn": rule(get=ME, post=ME),
    "mfa_reauthenticate_webauthn": rule(get=ME, post=ME),
    # people
    "start": rule(get=EVERYONE),
    "welcome": rule(get=ME),
    "hub-choose": rule(post=ME),
    "join": rule(get=EVERYONE, post=EVERYONE),
    "account": rule(get=ME, post=ME),
    "account-party": rule(get={Z, TM, APPLICANT}, post={Z, TM, APPLICANT}),
    "colleague-invite": rule(get={TM}, post={TM}),
    "colleague-remove": rule(get={TM, D}, post={TM, D}),
    "applications": rule(get={D}),
    "application": rule(get={D}),
    "application-approve": rule(post={D}),
    "application-decline": rule(post={D}),
    "people": rule(get={D}),
    "people-invite": rule(get={D}, post={D}),
    "parties": rule(get=STAFF),
    "party": rule(get=STAFF, post=STAFF),
    "letters": rule(get={D, R}),
    "letter-again": rule(post={D, R}),
    "changes": rule(get={D}),
    # booking
    "book": rule(get=LOOKERS),
    "booking-hold": rule(post=BOOKERS),
    "booking-check": rule(get=BOOKERS, post=BOOKERS),
    "booking-extend": rule(post=BOOKERS),
    "booking-let-go": rule(post=BOOKERS),
    "booking-option": rule(post=BOOKERS),
    "option-ask": rule(get=BOOKERS, post=BOOKERS),
    "option-ask-withdraw": rule(post=BOOKERS),
    "request-withdraw": rule(post=BOOKERS),
    "waiting": rule(get=BOOKERS),
    "waiting-join": rule(get=BOOKERS, post=BOOKERS),
    "waiting-stop": rule(post=BOOKERS),
    "requests": rule(get={D, R}),
    "request-approve": rule(post={D, R}),
    "request-decline": rule(get={D, R}, post={D, R}),
    "hub-settings": rule(get={D}, post={D}),
    "rules": rule(get={D}),
    "rule-new": rule(get={D}, post={D}),
    "rule": rule(get={D}, post={D}),
    "rule-remove": rule(post={D}),
    "manage-rooms": rule(get={D}),
    "manage-room": rule(get={D}, post={D}),
    "extras": rule(get={D}),
    "extra-new": rule(get={D}, post={D}),
    "extra": rule(get={D}, post={D}),
    "booking": rule(get=LOOKERS),
    "booking-ics": rule(get=LOOKERS),
    "booking-check-in": rule(post={TM, T, Z}),
    "booking-cancel": rule(get=BOOKERS, post=BOOKERS),
    "booking-details": rule(get=BOOKERS, post=BOOKERS),
    "booking-move": rule(get=BOOKERS),
    "booking-move-check": rule(get=BOOKERS, post=BOOKERS),
    "first-free": rule(get=LOOKERS),
    "first-free-hold": rule(post=BOOKERS),
    "roster": rule(get=LOOKERS),
    "series-new": rule(get=BOOKERS, post=BOOKERS),
    "series": rule(get=LOOKERS),
    "series-change": rule(get=BOOKERS, post=BOOKERS),
    "series-stop": rule(get=BOOKERS, post=BOOKERS),
    "series-answer": rule(post={D, R}),
    "space": rule(get=LOOKERS),
    "space-week": rule(get=LOOKERS),
    "space-month": rule(get=LOOKERS),
    "bookings-mine": rule(get=BOOKERS | {APPLICANT}),
    "agenda": rule(get=BOOKERS | {APPLICANT}),
    "feeds": rule(get=LOOKERS, post=LOOKERS),
    "feed-revoke": rule(post=LOOKERS),
    "feed": rule(get=EVERYONE),
    "rent": rule(get={TM, T, Z}),
    # fixed half-days
    "fixed-mine": rule(get={TM, T, Z}),
    "fixed": rule(get=BOOKERS | {B}),
    "fixed-give": rule(post=BOOKERS),
    "fixed-take": rule(post=BOOKERS),
    "fixed-list": rule(get=STAFF),
    "fixed-new": rule(get={D, R}),
    "fixed-plan": rule(get={D, R}, post={D, R}),
    "fixed-end": rule(get={D, R}, post={D, R}),
    # the desk
    "desk": rule(get={D, R}),
    "desk-print": rule(get={D, R}),
    "desk-walk-in": rule(get={D, R}, post={D, R}),
    "desk-arrive": rule(post={D, R}),
    "desk-no-show": rule(post={D, R}),
    "desk-undo": rule(post={D, R}),
    # closing
    "closures": rule(get={D, R}),
    "closure-new": rule(get={D, R}, post={D, R}),
    "closure-reopen": rule(post={D, R}),
    "holiday-accept": rule(post={D}),
    "holiday-decline": rule(post={D}),
    # screens in the building
    "screen-door": rule(get=EVERYONE),
    "screen-entrance": rule(get=EVERYONE),
    "screen-arrive": rule(get=EVERYONE, post=EVERYONE),
    "displays": rule(get={D, R}, post={D, R}),
    "display-revoke": rule(post={D, R}),
    # the shared meeting area
    "meeting-week": rule(get={TM, T, Z}),
    "meeting-book": rule(get={TM, T, Z}, post={TM, T, Z}),
    # calendars from outside
    "calendar-import": rule(get={D, R}, post={D, R}),
    "calendar-import-check": rule(get={D, R}, post={D, R}),
    "calendar-entries": rule(get={D, R}),
    "calendar-entry-remove": rule(get={D, R}, post={D, R}),
    # the director's pages
    "overview": rule(get={D}),
    "overview-money": rule(get={D}),
    "overview-rows": rule(get={D}),
    "overview-csv": rule(get={D}),
    "import": rule(get={D}, post={D}),
    "import-confirm": rule(get={D}, post={D}),
    # leases
    "leases": rule(get={D, B}),
    "lease": rule(get={D, B}),
    "lease-summary": rule(get={D, B}),
    "lease-new": rule(post={D}),
    "lease-step": rule(get={D}, post={D}),
    "lease-draft": rule(get={D}, post={D}),
    "lease-draft-drop": rule(post={D}),
    "lease-obstacles": rule(get={D}, post={D}),
    "lease-amend": rule(get={D}, post={D}),
    "lease-document-add": rule(get={D}, post={D}),
    "lease-document": rule(get={D, B, TM, Z}),
    "deadlines": rule(get={D, B}),
    # the bank
    "bank": rule(get={D, B}),
    "bank-read-in": rule(post={B}),
    "bank-statement": rule(get={D, B}),
    "bank-entry": rule(get={D, B}),
    "bank-confirm": rule(post={B}),
    "bank-assign": rule(post={B}),
    "bank-book": rule(post={B}),
    "bank-undo": rule(post={B}),
    "payment-new": rule(get={D, B}, post={B}),
    "payment-undo": rule(post={B}),
    "credits": rule(get={D, B}),
    "credit": rule(get={D, B}),
    "credit-settle": rule(post={B}),
    "credit-pay-back": rule(post={B}),
    "refund-paid": rule(post={B}),
    "refund-drop": rule(post={B}),
    "debits": rule(get={D, B}),
    "debit-make": rule(post={B}),
    "debit-batch": rule(get={D, B}),
    "debit-file": rule(get={B}),
    "debit-sent": rule(post={B}),
    "debit-drop": rule(post={B}),
    "mandates": rule(get={D, B}),
    "mandate": rule(get={B}, post={B}),
    "mandate-revoke": rule(post={B}),
    "open-items-import": rule(get={D, B}, post={D, B}),
    "open-items-confirm": rule(get={D, B}, post={D, B}),
    # what is open, and collecting it
    "open-items": rule(get={D, B}),
    "open-items-csv": rule(get={D, B}),
    "party-account": rule(get={D, B, TM, Z}),
    "party-account-pdf": rule(get={D, B, TM, Z}),
    "party-account-csv": rule(get={D, B, TM, Z}),
    "pause-new": rule(get={B}, post={B}),
    "pause-end": rule(post={B}),
    "plan-new": rule(get={B}, post={B}),
    "plan-end": rule(post={B}),
    "write-off": rule(get={D, B}, post={D, B}),
    "dunning": rule(get={D, B}, post={B}),
    "dunning-letter": rule(get={D, B}),
    "dunning-letter-pdf": rule(get={D, B}),
    "dunning-charge": rule(post={B}),
    "handover": rule(get={D, B}, post={B}),
    "handover-zip": rule(get={B}),
    "dunning-ladder": rule(get={D, B}, post={B}),
    "interest-rates": rule(get={D, B}),
    "interest-rate-new": rule(get={B}, post={B}),
    "interest-rate": rule(get={B}, post={B}),
    # the books
    "workday": rule(get={B}),
    "books": rule(get={D, B}),
    "books-csv": rule(get={D, B}),
    "books-xaf": rule(get={D, B}),
    "books-ubl": rule(get={D, B}),
    "books-accounts": rule(get={D, B}),
    "books-account-new": rule(get={B}, post={B}),
    "books-account": rule(get={B}, post={B}),
    "books-close": rule(get={D, B}, post={B}),
    "books-reopen": rule(post={D}),
    # indexation and service costs
    "indexing": rule(get={D, B}),
    "index-figures": rule(get={D, B}, post={D, B}),
    "indexing-day": rule(get={D, B}, post={D}),
    "service-costs": rule(get={D, B}),
    "service-type-new": rule(get={B}, post={B}),
    "service-type": rule(get={B}, post={B}),
    "service-bills": rule(get={D, B}, post={B}),
    "service-bill-import": rule(get={B}, post={B}),
    "service-bill-remove": rule(post={B}),
    "service-readings": rule(get={D, B}, post={B}),
    "service-reading-remove": rule(post={B}),
    "settlement": rule(get={D, B}, post={B}),
    "settlement-approve": rule(post={B}),
    "settlement-paper": rule(get={D, B, TM, Z}),
    # invoices
    "invoices": rule(get={D, B, TM, Z}),
    "invoices-csv": rule(get={D, B, TM, Z}),
    "invoice": rule(get={D, B, TM, Z}),
    "invoice-pdf": rule(get={D, B, TM, Z}),
    "invoice-nlcius": rule(get={D, B, TM, Z}),
    "invoice-peppol": rule(get={D, B, TM, Z}),
    "invoicing-month-zip": rule(get={D, B}),
    "invoicing-month": rule(get={D, B}, post={B}),
    "invoicing-approve": rule(post={D, B}),
    "invoicing-again": rule(post={B}),
    "invoice-again": rule(post={B}),
    "invoice-credit": rule(get={B}, post={B}),
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

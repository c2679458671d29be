"""Who may open what: the policy table against a second list written by hand, through the whole stack.

`policy_matrix.csv` says for each URL name and method, and for each kind of visitor, one of: open (the page decides
what there is to see), login (sent to sign in), 403, 405. It is judged by hand, never written out of the policy.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bookings import demo
from bookings.models import Booking
from config.policy import POLICY
from tenants.parties.models import Membership, Party, PartyState, Role, User
from tests import cast, demo_hub
from tests.cast import NOW

pytestmark = pytest.mark.django_db

MATRIX = Path(__file__).parent / "policy_matrix.csv"
VISITORS = (
    "visitor", "nobody", "applicant", "zzper", "tenant_member", "tenant_manager", "reception", "bookkeeper", "director",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT")
NOTHING_THERE = {"IntConverter": 0, "UUIDConverter": UUID(int=0)}
"""No row has such a key, nor "x"."""
WORDS = {"uidb36": "1", "key": "x-y", "number": "2026-0000"}
"""Arguments by name, for addresses that are picky about what stands there."""
SIGNED = {"stripe-webhook": 400}
"""Not of a person in a browser: a signature is asked for where a form has its token."""
KEPT_BY_THE_FRAMEWORK = ("django_session", "SAVEPOINT")


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


PATTERNS = {each.name: each for each in patterns(get_resolver())}


def address(name: str) -> str:
    """Where the page is, with arguments that name nothing."""
    ways, _pattern, _defaults, converters = get_resolver().reverse_dict[name]
    kinds = {each: type(converters[each]).__name__ if each in converters else "" for each in ways[0][1]}
    named = {each: NOTHING_THERE.get(kind, WORDS.get(each, "x")) for each, kind in kinds.items()}
    return reverse(name, kwargs=named)


def expected() -> dict[tuple[str, str], dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["method"]): row for row in csv.DictReader(file)}


def signed_in(kind: str, *, csrf: bool = False) -> Client:
    """A browser of this kind of visitor, at a hub of their own."""
    client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
    if kind != "visitor":
        client.force_login(person(kind))
    return client


def person(kind: str):
    hub = cast.hub(f"hub-{kind}")
    if kind == "nobody":
        return cast.user("Niemand")
    if kind == "applicant":
        return cast.zzper(hub, state=PartyState.APPLIED)[0]
    if kind == Role.ZZPER:
        return cast.zzper(hub)[0]
    if kind in {Role.TENANT_MEMBER, Role.TENANT_MANAGER}:
        return cast.tenant(hub, role=kind)[0]
    return cast.staff(hub, kind)


def told(answer, path: str) -> str:
    """What the answer means for who may come in."""
    if answer.status_code == 302 and answer.url.startswith(f"{reverse('account_login')}?next=/"):
        return "login"
    if answer.status_code in {403, 405}:
        return str(answer.status_code)
    not_ready = path == reverse("health-ready") and answer.status_code == 503  # no worker runs in a test
    return "open" if answer.status_code < 500 or not_ready else f"fault {answer.status_code}"


def test_every_address_is_in_the_policy_and_the_policy_names_no_other():
    assert set(PATTERNS) == set(POLICY)


def test_the_hand_written_list_names_every_address_and_method():
    assert set(expected()) == {(name, method) for name in PATTERNS for method in ("GET", "POST")}


@pytest.mark.parametrize("kind", VISITORS)
def test_everybody_gets_exactly_where_they_may_and_looking_writes_nothing(kind, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    client, wrong, written = signed_in(kind), {}, {}
    user = User.objects.filter(pk=client.session.get("_auth_user_id")).first()
    for (name, method), row in expected().items():
        path = address(name)
        with CaptureQueriesContext(connection) as queries:
            seen = told(client.generic(method, path), path)
        if seen != row[kind]:
            wrong[name, method] = f"{seen}, not {row[kind]}"
        if method == "GET":
            writes = [query["sql"][:200] for query in queries if is_a_write(query["sql"])]
            written |= {name: writes} if writes else {}
        elif user and name.startswith("account_"):
            client.force_login(user)  # one of the pages signs out
    assert (wrong, written) == ({}, {})


def test_other_methods_are_refused_everywhere():
    client = signed_in(Role.DIRECTOR)
    open_to_put = [name for name in PATTERNS if client.generic("PUT", address(name)).status_code != 405]
    assert open_to_put == []


def test_nothing_is_written_without_a_token():
    refused = {}
    browsers = {kind: signed_in(kind, csrf=True) for kind in VISITORS}
    for (name, method), row in expected().items():
        allowed = [kind for kind in VISITORS if row[kind] == "open"]
        if method == "POST" and allowed:
            refused[name] = browsers[allowed[-1]].post(address(name)).status_code
    assert {name: code for name, code in refused.items() if code != 403} == SIGNED


@pytest.fixture
def lived_in():
    demo_hub.lived_in()


def rows_of(user: User) -> dict[str, dict[str, object]]:
    """Real rows for the pages that show one."""
    hub = user.memberships.first().hub
    booking = Booking.objects.visible_to(cast.actor(user, hub)).filter(starts_at__gt=NOW).first()
    applicant = Party.objects.applied().first()
    code = {"code": booking.code if booking else "x"}
    return {
        "booking": code, "booking-ics": code, "booking-cancel": code, "booking-move": code, "space": {"code": "B06"},
        "space-week": {"code": "B06"}, "space-month": {"code": "B06"},
        "application": {"pk": applicant.pk}, "colleague-remove": {"pk": Membership.objects.last().pk},
    }  # fmt: skip


@pytest.mark.parametrize("email", [demo.LOGINS[0].email, demo.LOGINS[1].email, demo.LOGINS[5].email])
def test_looking_at_a_hub_that_is_lived_in_writes_nothing(lived_in, email):
    user = User.objects.get(email=email)
    rows, client, written, opened = rows_of(user), Client(), {}, 0
    client.force_login(user)
    for name in (name for name, method in expected() if method == "GET"):
        path = reverse(name, kwargs=rows[name]) if name in rows else address(name)
        with CaptureQueriesContext(connection) as queries:
            opened += client.get(path).status_code == 200
        wrote = [query["sql"][:200] for query in queries if is_a_write(query["sql"])]
        written |= {name: wrote} if wrote else {}
    assert written == {}
    assert opened > 20


def is_a_write(sql: str) -> bool:
    return bool(re.match(r"\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)", sql)) and not any(
        kept in sql for kept in KEPT_BY_THE_FRAMEWORK
    )

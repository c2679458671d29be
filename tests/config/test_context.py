"""The menu: each role sees the pages of its daily work, in the reader's language."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path, resolve
from django.utils import translation

from config.context import NAVIGATION, page
from config.policy import POLICY
from config.roles import ME, rule
from tenants.parties.access import Actor
from tenants.parties.models import Role, User


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path(name, nothing, name=name)
    for name in ("overview", "desk", "book", "bookings-mine", "import", "invoicing-month", "start")
]


def menu(*roles: str, at: str = "start") -> list[tuple[str, bool]]:
    user = User(email="iemand@example.nl")
    request: Any = RequestFactory().get(f"/{at}")
    request.actor = Actor(user=user, roles=frozenset(roles)) if roles else None
    request.resolver_match = resolve(f"/{at}")
    return [(entry["label"], entry["current"]) for entry in page(request)["navigation"]]


@pytest.fixture(autouse=True)
def in_english_and_every_page_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for entry in NAVIGATION:
        monkeypatch.setitem(POLICY, entry.url_name, rule(get=ME))
    with translation.override("en"):
        yield


@override_settings(ROOT_URLCONF=__name__)
def test_a_visitor_has_no_menu() -> None:
    assert menu() == []


@override_settings(ROOT_URLCONF=__name__)
def test_a_professional_sees_booking_and_where_they_are() -> None:
    assert menu(Role.ZZPER, at="book") == [("Book a room", True), ("My bookings", False)]


@override_settings(ROOT_URLCONF=__name__)
def test_two_roles_at_a_hub_are_one_menu_and_pages_not_mounted_are_left_out() -> None:
    assert menu(Role.DIRECTOR, Role.BOOKKEEPER) == [
        ("Overview", False), ("Desk", False), ("Invoices", False)
    ]  # fmt: skip


@override_settings(ROOT_URLCONF=__name__)
def test_the_policy_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(POLICY, "overview")

    assert ("Overview", False) not in menu(Role.DIRECTOR)

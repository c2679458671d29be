"""Nobody is left on an empty page: a way on from every address that only takes forms."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tenants.parties.models import Role
from tests import cast

pytestmark = pytest.mark.django_db

FINDER = "/boek?dag=2026-11-24"


@pytest.fixture
def anna():
    return cast.zzper(cast.hub())[0]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def language_next(page: str) -> str:
    return re.search(r'name="next" value="([^"]*)"', page)[1]


@pytest.mark.parametrize(
    ("before", "back"),
    [
        (f"http://testserver{FINDER}", FINDER),
        (f"http://testserver{reverse('booking-hold')}", "/"),
        ("https://elsewhere.example/boek", "/"),
        ("", "/"),
    ],
)
def test_an_address_for_forms_alone_has_words_and_a_way_on(anna, before: str, back: str) -> None:
    answer = signed_in(anna).get(reverse("booking-hold"), headers={"referer": before})
    page = answer.content.decode()

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert page.count("<h1>") == 1
    assert language_next(page) == back


def test_a_page_keeps_its_own_address_when_the_language_changes(anna) -> None:
    assert language_next(signed_in(anna).get(FINDER).content.decode()) == FINDER


def test_whoever_signs_in_again_after_a_form_comes_back_to_the_page_it_was_on(anna) -> None:
    answer = Client().post(reverse("booking-hold"), headers={"referer": f"http://testserver{FINDER}"})

    assert answer.url == f"{reverse('account_login')}?next=/boek%3Fdag%3D2026-11-24"
    browser = Client()
    signing_in = browser.post(answer.url, {"login": anna.email, "password": cast.PASSWORD})
    assert browser.get(signing_in.url).status_code == 200


def test_whoever_signs_in_again_after_a_page_comes_back_to_it() -> None:
    cast.staff(cast.hub(), Role.DIRECTOR)

    assert Client().post(reverse("people-invite")).url.endswith(f"?next={reverse('people-invite')}")

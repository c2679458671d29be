"""Every page around signing in is in our own look: one heading, in the reader's language, with one way on."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tenants.parties.models import Letter, User
from tests import cast

pytestmark = pytest.mark.django_db

OPEN = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_inactive",
]
SIGNED_IN = [
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_index",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
]


def headings(client: Client, name: str, language: str) -> tuple[int, int, str]:
    """The status of a page, how many h1 it has, and the language it says it is in."""
    answer = client.get(reverse(name), headers={"accept-language": language})
    page = answer.content.decode()
    return answer.status_code, page.count("<h1"), "".join(re.findall(r'<html lang="(\w+)"', page))


def sign_in(client: Client, *, language: str) -> None:
    """With the password, and once more for the pages about security."""
    user = User.objects.create_user(email="jansen@example.nl", password=cast.PASSWORD, language=language)
    client.post(reverse("account_login"), {"login": user.email, "password": cast.PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_visitor_finds_one_heading_on_every_page(client: Client, language: str) -> None:
    assert {name: headings(client, name, language) for name in OPEN} == dict.fromkeys(
        OPEN, (200, 1, language)
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_somebody_signed_in_finds_one_heading_on_every_page(client: Client, language: str) -> None:
    sign_in(client, language=language)

    assert {name: headings(client, name, language) for name in SIGNED_IN} == dict.fromkeys(
        SIGNED_IN, (200, 1, language)
    )


def test_a_wrong_password_says_so_in_the_title_at_the_top_and_at_the_form(client: Client) -> None:
    answer = client.post(
        reverse("account_login"),
        {"login": "niemand@example.nl", "password": "fout"},
        headers={"accept-language": "en"},
    )
    page = answer.content.decode()

    assert "<title>Error: Sign in" in page
    assert page.count('class="error-summary"') == 1


def test_the_letter_with_the_code_says_how_long_it_is_valid(client: Client) -> None:
    User.objects.create_user(email="jansen@example.nl", password=cast.PASSWORD, language="en")

    client.post(reverse("account_request_login_code"), {"email": "jansen@example.nl"})

    letter = Letter.objects.get()
    assert letter.subject == "Your code to sign in"
    assert re.search(r"valid for ten minutes and works once:\n\n[\w-]{6,}\n", letter.text)
    assert 'class="sheet"' in letter.html

"""Staff sees which letter went to whom, and sends a failed one again; nobody reads another's post."""

import pytest
from django.urls import reverse

from tenants.parties import mailing
from tenants.parties.mailing import Words
from tenants.parties.models import Letter, Role
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return cast.hub()


@pytest.fixture
def reception(client, hub):
    client.force_login(cast.staff(hub, Role.RECEPTION))
    return client


def letter(hub, key="a", **fields):
    row = mailing.post_words(
        Words(f"Onderwerp {key}", "De geheime code is 123"), key=key, kind="test", hub=hub,
        to_email=f"{key}@example.nl", to_name=f"Naam {key}", due_at=NOW,
    )  # fmt: skip
    Letter.objects.filter(pk=row.pk).update(**fields)
    return row


def shown(client, **query):
    page = client.get(reverse("letters"), query).content.decode()
    return [key for key in "abcd" if f"Onderwerp {key}" in page], page


def test_letters_are_shown_by_what_became_of_them_without_their_words(reception, hub):
    letter(hub, "a", sent_at=NOW)
    letter(hub, "b")
    letter(hub, "c", refused_at=NOW, error="550 no such user")
    letter(cast.hub("elders"), "d")
    assert shown(reception)[0] == ["a", "b", "c"]
    assert [shown(reception, part=part)[0] for part in ("sent", "waiting", "failed", "?")] == [
        ["a"], ["b"], ["c"], ["a", "b", "c"],
    ]  # fmt: skip
    assert shown(reception, q="naam B")[0] == ["b"]
    assert "550 no such user" in shown(reception)[1]
    assert "geheime code" not in shown(reception)[1]


def test_a_failed_letter_is_sent_again(reception, hub):
    row = letter(hub, refused_at=NOW, error="550", attempts=3)
    for _twice in range(2):
        assert reception.post(reverse("letter-again", args=[row.pk])).url == reverse("letters")
    assert mailing.send_due(now=NOW) == 1


def test_a_letter_of_another_hub_is_not_there(reception):
    row = letter(cast.hub("elders"), refused_at=NOW, error="550")
    assert reception.post(reverse("letter-again", args=[row.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_long(reception, hub, number, django_assert_num_queries):
    for key in "abc"[:number]:
        letter(hub, key)
    with django_assert_num_queries(5):
        reception.get(reverse("letters"))

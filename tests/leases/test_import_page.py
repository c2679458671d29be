"""The director's page: choose a workbook, see what it would do, confirm."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from spaces.models import Hub, Space
from tenants.leases.hub_import import uploads
from tenants.leases.models import Upload
from tenants.parties.models import Role, User
from tests import cast
from tests.cast import NOW
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def director(hub: Hub) -> User:
    user = cast.staff(hub)
    User.objects.filter(pk=user.pk).update(language="en")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def page(director: User) -> Client:
    client = Client()
    client.force_login(director)
    return client


def send(client: Client, content: bytes, *, name: str = "locplus.xlsx"):
    return client.post(reverse("import"), {"workbook": SimpleUploadedFile(name, content)})


def changed() -> bytes:
    return workbooks.with_cells({"Ruimtes!K8": "nieuw tapijt"})


def test_choose_look_confirm(page: Client):
    sent = send(page, changed())
    assert sent.status_code == 302

    shown = page.get(sent.url)
    assert "B03 Spreekkamer 1" in shown.content.decode()
    assert "nieuw tapijt" in shown.content.decode()
    assert Space.objects.get(code="B03").note == ""

    stored = page.post(sent.url, {"plan": shown.context["plan"].fingerprint}, follow=True)
    assert stored.redirect_chain == [(reverse("import"), 302)]
    assert "0 new, 1 changed" in stored.content.decode()
    assert Space.objects.get(code="B03").note == "nieuw tapijt"
    assert Upload.objects.count() == 0


def test_errors_are_shown_with_their_place_and_there_is_nothing_to_confirm(page: Client):
    sent = send(page, workbooks.with_cells({"Ruimtes!E8": "veel"}))

    shown = page.get(sent.url)

    assert "“veel” is not a number" in shown.content.decode()
    assert 'name="plan"' not in shown.content.decode()
    assert page.post(sent.url, {"plan": ""}).status_code == 409


def test_a_plan_that_changed_is_shown_again(page: Client):
    sent = send(page, changed())
    agreed = page.get(sent.url).context["plan"].fingerprint
    Space.objects.filter(code="B03").update(note="oud tapijt")

    again = page.post(sent.url, {"plan": agreed})

    assert again.status_code == 409
    assert "has changed" in again.content.decode()
    assert Space.objects.get(code="B03").note == "oud tapijt"


@pytest.mark.parametrize("plan", ["", "0" * 64])
def test_without_having_looked_nothing_is_stored(page: Client, plan: str):
    sent = send(page, changed())

    assert page.post(sent.url, {"plan": plan}).status_code == 409
    assert Space.objects.get(code="B03").note == ""


def test_a_file_that_is_no_workbook_is_a_form_error(page: Client):
    for content in (b"Code;Naam", b"", b"PK" + b"\0" * (5 * 1024 * 1024)):
        answer = send(page, content)
        assert answer.status_code == 422
        assert answer.context["form"].errors["workbook"]
    assert Upload.objects.count() == 0


def test_another_hub_is_refused(page: Client):
    sent = send(page, workbooks.with_cells({"Gebouw!B4": "Plein Ommen"}))

    assert "Choose the workbook of your own hub" in page.get(sent.url).content.decode()
    assert Hub.objects.count() == 1


def test_an_upload_is_for_its_sender_only(page: Client, hub: Hub):
    sent = send(page, changed())
    other = Client()
    other.force_login(cast.staff(hub, Role.DIRECTOR, name="Ander"))

    assert other.get(sent.url).status_code == 404


def test_an_upload_is_gone_after_a_day(page: Client):
    sent = send(page, changed())

    with time_machine.travel(NOW + timedelta(days=1, hours=1), tick=False):
        assert page.get(sent.url).status_code in {302, 404}
    assert uploads.drop_stale(now=NOW + timedelta(days=1, hours=1)) == 1


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.RECEPTION])
def test_others_may_not(hub: Hub, role: Role):
    client = Client()
    client.force_login(cast.staff(hub, role))

    assert client.get(reverse("import")).status_code == 403
    assert send(client, changed()).status_code == 403

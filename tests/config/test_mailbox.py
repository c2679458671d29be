"""The mailbox page of the embedded run."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from config.mailbox import FileBackend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def send(subject: str) -> None:
    message = EmailMultiAlternatives(
        subject, "Tot dan!\nhttps://plein.example.nl/b/1", "plein@example.nl", ["fysio@example.nl"]
    )
    message.attach_alternative("<p>Tot dan!</p>", "text/html")
    message.attach("afspraak: één.ics", "BEGIN:VCALENDAR", "text/calendar")
    FileBackend().send_messages([message])


def newest(client: Client) -> str:
    answer = client.get("/postvak")
    return answer.context["mails"][0].name


def test_an_empty_mailbox_says_so(client: Client) -> None:
    answer = client.get("/postvak")

    assert answer.status_code == 200
    assert answer.context["mails"] == []


def test_the_newest_letter_comes_first(client: Client) -> None:
    send("Geboekt: spreekkamer 1")
    send("Herinnering: morgen")

    answer = client.get("/postvak")

    assert [mail.subject for mail in answer.context["mails"]] == [
        "Herinnering: morgen",
        "Geboekt: spreekkamer 1",
    ]


def test_a_letter_is_shown_as_text_with_links_to_click(client: Client) -> None:
    send("Geboekt: spreekkamer 1")

    answer = client.get(f"/postvak/{newest(client)}")

    mail = answer.context["mail"]
    assert (mail.subject, mail.recipients) == ("Geboekt: spreekkamer 1", "fysio@example.nl")
    assert mail.html.strip() == "<p>Tot dan!</p>"
    assert '<a href="https://plein.example.nl/b/1"' in answer.content.decode()


def test_an_attachment_is_a_download_with_a_harmless_name(client: Client) -> None:
    send("Geboekt: spreekkamer 1")

    answer = client.get(f"/postvak/{newest(client)}/bijlage/0")

    assert answer.content == b"BEGIN:VCALENDAR"
    assert answer["Content-Type"] == "text/calendar"
    assert answer["Content-Disposition"] == 'attachment; filename="afspraak____n.ics"'


@pytest.mark.parametrize("name", ["..", "20261121120000000000-deadbeef", "secret-key", "%2e%2e%2fsecret-key"])
def test_what_is_not_a_letter_of_the_mailbox_is_not_found(name: str, client: Client, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder.parent / "secret-key.eml").write_text("hidden")

    assert client.get(f"/postvak/{name}").status_code == 404
    assert client.get(f"/postvak/{name}/bijlage/0").status_code == 404


def test_the_moment_of_sending_is_told_on_the_clock_of_the_reader(client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)):
        send("Geboekt")

    assert "22 november 2026 00:30" in client.get("/postvak").content.decode()

"""What whoever watches over the installation is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import health
from config.models import Heartbeat
from config.preparing import install_broker
from config.tasks import WORKER, beat
from tenants.parties.models import Letter
from tests import cast

EMBEDDED_BROKER = override_settings(CELERY_BROKER_URL="pgmq://")


@pytest.fixture(autouse=True)
def nothing_found_yet() -> None:
    health.recent.clear()


def not_ok(client: Client) -> list[str]:
    answer = client.get("/gezond/klaar")
    parts = answer.json()
    wrong = [name for name, part in parts.items() if name != "ready" and not part["ok"]]
    assert (answer.status_code, parts["ready"]) == ((503, False) if wrong else (200, True))
    return wrong


def letter(*, due_ago: timedelta) -> None:
    now = timezone.now()
    Letter.objects.create(
        hub=cast.hub(), key="booking:1", kind="confirmed", to_email="fysio@example.nl", due_at=now - due_ago
    )


def test_a_web_process_lives_without_a_database(client: Client) -> None:
    answer = client.get("/gezond/levend")

    assert (answer.status_code, answer.json()) == (200, {"alive": True})


@pytest.mark.django_db
@EMBEDDED_BROKER
def test_without_a_broker_and_a_worker_the_installation_is_not_ready(client: Client) -> None:
    assert not_ok(client) == ["broker", "worker"]


@pytest.mark.django_db
@EMBEDDED_BROKER
def test_with_a_broker_and_a_beating_worker_it_is_ready(client: Client) -> None:
    install_broker()
    install_broker()  # a second time changes nothing
    beat()
    beat()

    assert not_ok(client) == []


@pytest.mark.django_db
def test_a_worker_whose_heart_stopped_is_seen(client: Client) -> None:
    Heartbeat.objects.create(name=WORKER, beaten_at=timezone.now() - timedelta(seconds=201))

    assert not_ok(client) == ["worker"]


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "wrong"), [(14, []), (16, ["letters"])])
def test_a_letter_that_waits_too_long_is_seen(minutes: int, wrong: list[str], client: Client) -> None:
    beat()
    letter(due_ago=timedelta(minutes=minutes))

    assert not_ok(client) == wrong


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_named(client: Client) -> None:
    beat()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'config'")

    assert not_ok(client) == ["migrations"]
    assert "config.0001_initial" in client.get("/gezond/klaar").json()["migrations"]["not_applied"]


def test_without_a_database_the_answer_is_503_and_not_an_error(client: Client) -> None:
    # this test may not use the database, which is as good as having none
    assert not_ok(client) == ["database", "migrations", "broker", "worker", "letters", "invariants", "online"]


@pytest.mark.django_db
def test_what_went_wrong_is_for_the_log_and_not_for_a_public_page(client: Client) -> None:
    with override_settings(CELERY_BROKER_URL="redis://:s3cret@127.0.0.1:1/0"):
        answer = client.get("/gezond/klaar")

    assert answer.json()["broker"] == {"ok": False, "error": "OperationalError"}
    assert "s3cret" not in answer.content.decode()


@pytest.mark.django_db
@EMBEDDED_BROKER
def test_asking_again_and_again_costs_no_work(client: Client) -> None:
    client.get("/gezond/klaar")

    with CaptureQueriesContext(connection) as queries:
        answers = [client.get("/gezond/klaar").json() for _each in range(3)]

    assert len(queries) == 3  # only whether the database answers
    assert answers[0]["migrations"] == answers[2]["migrations"]

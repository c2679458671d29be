"""What whoever watches over the installation is told."""

import pytest
from django.test import Client, override_settings


def test_a_web_process_lives_without_a_database(client: Client) -> None:
    answer = client.get("/gezond/levend")

    assert (answer.status_code, answer.json()) == (200, {"alive": True})


@pytest.mark.django_db
@override_settings(CELERY_BROKER_URL="pgmq://")
def test_without_a_broker_and_a_worker_the_installation_is_not_ready(client: Client) -> None:
    answer = client.get("/gezond/klaar")

    assert answer.status_code == 503
    assert {name: part["ok"] for name, part in answer.json().items() if name != "ready"} == {
        "database": True,
        "migrations": True,
        "broker": False,
        "worker": False,
        "letters": True,
    }

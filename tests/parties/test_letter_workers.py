"""Several workers at once, one killed by the system, a broker that is gone: each letter is still sent once."""

import os
import signal
import threading
from collections import Counter

import pytest
from django.db import close_old_connections, connection
from django.test import override_settings

from config.celery import app
from tenants.parties import mailing
from tenants.parties.mailing import Words
from tenants.parties.models import Letter
from tenants.parties.querysets import LetterQuerySet
from tenants.parties.tasks import nudge
from tests import cast
from tests.cast import NOW
from tests.parties import mailservers

WORKERS, LETTERS = 4, 24


@pytest.fixture
def owed(transactional_db):
    hub = cast.hub()
    for number in range(LETTERS):
        mailing.post_words(
            Words("Geboekt", "tekst"), key=f"fact:{number}", kind="test", hub=hub,
            to_email=f"{number}@example.nl", due_at=NOW,
        )  # fmt: skip
    return {f"{number}@example.nl": 1 for number in range(LETTERS)}


def send_by_several_workers():
    start = threading.Barrier(WORKERS)

    def work():
        close_old_connections()
        start.wait()
        try:
            mailing.send_due(now=NOW)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_several_workers_send_each_letter_once(owed):
    with mailservers.running({}) as server, override_settings(**server.settings):
        send_by_several_workers()
    assert Counter(server.recipients) == owed


def test_control_without_the_lock_letters_are_sent_twice(owed, monkeypatch):
    monkeypatch.setattr(LetterQuerySet, "select_for_update", lambda self, **_options: self)
    with mailservers.running({}) as server, override_settings(**server.settings):
        send_by_several_workers()
    assert max(Counter(server.recipients).values()) > 1


def test_a_worker_killed_while_sending_loses_nothing(owed):
    """SIGKILL while the mail server has its first letter and has not answered: at most that one comes twice."""
    with mailservers.running({}, slow=True) as server, override_settings(**server.settings):
        connection.close()
        child = os.fork()
        if child == 0:
            try:
                mailing.send_due(now=NOW)
            finally:
                os._exit(0)  # also after a fault: a copy of the test run must not report results of its own
        server.first_message.wait(20)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        server.slow = False
        mailing.send_due(now=NOW)
        mailing.send_due(now=NOW + mailing.LEASE)
    doubles = Counter(server.recipients) - Counter(owed)
    assert set(server.recipients) == set(owed)
    assert sum(doubles.values()) <= 1
    assert not Letter.objects.unsent().exists()


def test_waking_the_sender_never_fails_its_caller(monkeypatch):
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)
    nudge()

"""So many people at once that a lock never comes: they are told to try again, and nothing has changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.test import Client
from psycopg.errors import LockNotAvailable

from bookings import approving, busy, cancelling
from bookings.refusals import TooBusy
from bookings.states import BookingState
from spaces import patience
from tenants.parties.models import Party
from tests import cast
from tests.bookings import deeds


@contextmanager
def locked_elsewhere(party: Party) -> Iterator[None]:
    """Somebody else is busy with this party, and does not finish."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("select 1 from parties_party where id = %s for update", [party.pk])
        yield
    finally:
        other.rollback()
        other.close()


def test_a_lock_that_never_comes_is_a_refusal_like_any_other():
    @busy.retried
    def deed() -> None:
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    with pytest.raises(TooBusy):
        deed()


@pytest.mark.django_db(transaction=True)
def test_cancelling_while_somebody_else_has_the_party_locked_says_try_again(monkeypatch):
    monkeypatch.setattr(patience, "ATTEMPTS", 1)
    hub = cast.hub()
    cast.rate(hub)
    anna = cast.zzper(hub)
    booking = deeds.book(cast.space(hub), anna)
    client = Client()
    client.force_login(anna[0])
    kosten = cancelling.plan(booking, now=cast.NOW).fee.gross
    with locked_elsewhere(booking.party):
        answer = client.post(
            f"/boeking/{booking.code}/annuleer", {"kosten": kosten, "volgnummer": booking.sequence}
        )
    assert answer.status_code == 422
    assert "Het is nu erg druk" in answer.content.decode()
    assert deeds.fresh(booking).state == BookingState.CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_a_request_that_somebody_is_busy_with_does_not_keep_the_sweep_from_the_others():
    hub = cast.hub()
    cast.rate(hub)
    annas, brams = [
        deeds.book(cast.space(hub, code, needs_approval=True), cast.zzper(hub, name))
        for code, name in (("B03", "Anna de Vries"), ("B04", "Bram Visser"))
    ]

    with locked_elsewhere(annas.party):
        assert approving.decline_unanswered(now=annas.starts_at) == 1

    states = [deeds.fresh(booking).state for booking in (annas, brams)]
    assert states == [BookingState.REQUESTED, BookingState.DECLINED]
    assert approving.decline_unanswered(now=annas.starts_at) == 1


def test_a_sweep_goes_on_after_what_is_too_busy():
    def deed(number: int) -> bool:
        if number == 1:
            raise TooBusy
        return number > 1

    assert busy.swept(deed, range(4)) == 2

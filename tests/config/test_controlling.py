"""Everything that must always be true: it holds for a hub that is lived in, and each fault is found when made on purpose."""

from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from bookings import demo
from bookings.calendar_import import planning, reading, storing
from bookings.calendar_import.locating import Rooms
from bookings.models import Booking, Feed, ImportedEntry
from bookings.states import BookingState
from config import controlling, health
from config.models import Control
from spaces.models import Claim, Closure, Hub, Space
from tenants.billing import invoicing
from tenants.billing.models import Charge, Invoice
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Letter, Party, User
from tests import cast, demo_hub
from tests.bookings.calendars.test_outlook import FILE
from tests.cast import NOW
from tests.concurrency import racing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lived_in() -> Hub:
    hub = demo_hub.lived_in()
    space = Space.objects.select_related("hub").get(hub=hub, code="B01")
    read = reading.read(FILE, rooms=Rooms.of(space), period=planning.window(NOW))
    storing.store(space, read, now=NOW)
    return hub


def broken() -> dict[str, int]:
    found = {answer.invariant.words: len(answer.looked.broken) for answer in controlling.look(now=NOW)}
    return {words: number for words, number in found.items() if number}


def missed(faults) -> list[str]:
    """The faults that are not found, each made by itself and undone."""
    left = []
    for name, (make, words) in faults.items():
        with transaction.atomic():
            make()
            if words not in broken():
                left.append(name)
            transaction.set_rollback(True)
    return left


def test_all_holds_for_a_hub_that_is_lived_in_and_each_fault_is_found(lived_in):
    answers = controlling.control(now=NOW)
    assert {answer.invariant.words: answer.looked.broken for answer in answers if answer.looked.broken} == {}
    looked_at = {answer.invariant.words: answer.looked.checked for answer in answers}
    assert looked_at["every booking holds exactly its spaces"] > 30
    assert looked_at["every imported date holds exactly its space"] > 100
    assert looked_at["every fixed half-day holds exactly its dates"] == 4
    assert looked_at["every lease holds exactly its spaces"] > 10
    assert missed(FAULTS) == []
    overlap_is_found()


def a_booking() -> Booking:
    return Booking.objects.filter(state=BookingState.CONFIRMED, gross__gt=0).first()


def a_claim(**values) -> None:
    booking = a_booking()
    claim = Claim.objects.filter(holder=booking.holder).first()
    claim.pk = None
    for name, value in values.items():
        setattr(claim, name, value)
    claim.save(force_insert=True)


FAULTS = {
    "the claims of a booking are gone": (
        lambda: Claim.objects.filter(holder=a_booking().holder).update(active=False),
        "every booking holds exactly its spaces",
    ),
    "a claim of a booking has moved": (
        lambda: Claim.objects.filter(holder=a_booking().holder).update(ends_at=a_booking().ends_at + timedelta(hours=1)),
        "every booking holds exactly its spaces",
    ),
    "a booking still holds as if it were a hold": (
        lambda: Claim.objects.filter(holder=a_booking().holder).update(kind="hold", expires_at=NOW + timedelta(days=1)),
        "every booking holds exactly its spaces",
    ),
    "a cancelled booking keeps its room": (
        lambda: Booking.objects.filter(pk=a_booking().pk).update(state="cancelled", cancelled_at=NOW, cancellation_net=a_booking().net),
        "every booking holds exactly its spaces",
    ),
    "a claim of nobody": (lambda: a_claim(holder="closure:99", starts_at=cast.at("2030-01-01 09:00"), ends_at=cast.at("2030-01-01 10:00")), "every claim of a closure has its closure"),
    "a claim of somebody unknown": (lambda: a_claim(holder="wizard:1", starts_at=cast.at("2030-01-01 09:00"), ends_at=cast.at("2030-01-01 10:00")), "every claim has a holder of a kind we know"),
    "a claim on a divided space": (
        lambda: a_claim(space=Space.objects.get(code="B01"), holder=f"closure:{Closure.objects.first().pk}", starts_at=cast.at("2030-01-01 09:00"), ends_at=cast.at("2030-01-01 10:00")),
        "claims are on undivided spaces of their own hub",
    ),
    "cleaning in somebody's time": (
        lambda: Claim.objects.filter(active=True, starts_at__gt=NOW, holder__startswith="booking").update(cleanup_minutes=240, setup_minutes=240),
        "setting up and cleaning reach into nobody's time",
    ),
    "an imported date without its claim": (
        lambda: Claim.objects.filter(holder=ImportedEntry.objects.first().holder).update(active=False),
        "every imported date holds exactly its space",
    ),
    "a claim of an imported date that is gone": (lambda: ImportedEntry.objects.last().delete(), "every imported date holds exactly its space"),
    "a charge is missing": (lambda: Charge.objects.filter(source=a_booking().holder).delete(), "every booking is charged what it owes"),
    "a charge of another amount": (lambda: Charge.objects.filter(source=a_booking().holder).update(net=1), "every booking is charged what it owes"),
    "a hold that never ends": (
        lambda: Booking.objects.filter(pk=a_booking().pk).update(state="held", held_until=NOW - timedelta(hours=2)),
        "holds and options end when they should",
    ),
    "a letter that nobody sends": (lambda: Letter.objects.update(sent_at=None, dropped_at=None, refused_at=None, useless_after=None, due_at=NOW - timedelta(days=2)), "no letter is owed for longer than a day"),
    "a lease without a room": (lambda: Claim.objects.filter(holder__startswith="lease:").update(active=False), "every lease holds exactly its spaces"),
    "a half-day without its dates": (lambda: Claim.objects.filter(holder=FixedDayPart.objects.first().holder).update(active=False), "every fixed half-day holds exactly its dates"),
    "a token that can be read": (
        lambda: Feed.objects.create(hub=Hub.objects.get(), user=User.objects.first(), scope="mine", token_hash="geheim", created_at=NOW),
        "calendar addresses are kept as a hash only",
    ),
}  # fmt: skip


def overlap_is_found() -> None:
    claim = Claim.objects.filter(active=True, holder=a_booking().holder).first()
    with racing.guard_off():
        claim.pk = None
        claim.save(force_insert=True)
        assert broken()["no two claims in force share a space and a time"] == 1


@pytest.fixture
def invoiced(lived_in) -> Invoice:
    Party.objects.filter(street="").update(street="Plein 1", postal_code="7771 AA", city="Hardenberg")
    user = User.objects.get(email=demo.LOGINS[2].email)
    month = NOW.date().replace(day=1)
    run = invoicing.propose(lived_in, month=month, now=NOW)
    invoicing.approve(run, by=user, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=NOW)
    invoicing.issue_approved(now=NOW)
    return Invoice.objects.issued().order_by("number").first()


def in_the_books(sql: str) -> None:
    """Issued invoices refuse to be changed: their triggers are off for this."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(sql)


BOOK_FAULTS = {
    "every invoice line is its charge": "update billing_invoiceline set net = net + 1, unit_price = unit_price + 1",
    "every invoice is the sum of its lines and its VAT": "update billing_invoice set net = net + 1, gross = gross + 1 where number is not null",
    "VAT is the rate over the sum of the lines": "update billing_invoicevat set vat = vat + 0.01",
    "no invoice number is missing or ahead": "update billing_numberrange set next_number = next_number + 1",
    "every invoice has its PDF, or it is being made": "delete from billing_awaiteddocument",
    "no approved run waits for longer than a day": "update billing_invoicerun set state = 'approved', approved_at = approved_at - interval '2 days'",
}
A_GAP = (
    "update billing_invoice set number = '2026-0999' where number = (select min(number) from billing_invoice)"
)


def test_each_fault_in_the_books_is_found(invoiced):
    assert invoiced.number
    assert broken() == {}
    faults = {words: (partial(in_the_books, sql), words) for words, sql in BOOK_FAULTS.items()}
    faults["a gap"] = (partial(in_the_books, A_GAP), "no invoice number is missing or ahead")
    assert missed(faults) == []


def test_the_command_fails_when_one_is_broken_directors_are_told_once_and_health_warns(lived_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    told = StringIO()
    call_command("controleer", stdout=told)
    lines = told.getvalue().splitlines()
    assert len(lines) == len(list(controlling.invariants())) + 1
    assert all(line.startswith("✓") for line in lines[:-1])
    Claim.objects.filter(holder=a_booking().holder).update(active=False)
    with pytest.raises(CommandError, match="1 "):
        call_command("controleer", stdout=told)
    assert "✗" in told.getvalue()
    Claim.objects.filter(holder=a_booking().holder).update(active=True)
    directors_are_told_once_and_health_warns()


def directors_are_told_once_and_health_warns() -> None:
    assert controlling.nightly(now=NOW) == 0
    assert Letter.objects.filter(kind="control_broken").count() == 0
    Claim.objects.filter(holder=a_booking().holder).update(active=False)
    for day in range(3):
        assert controlling.nightly(now=NOW + timedelta(minutes=day)) == 1
    assert Letter.objects.filter(kind="control_broken").count() == 1
    assert Control.objects.get().broken == {"every booking holds exactly its spaces": 1}
    found = health.CHECKS["invariants"](NOW)
    assert (found["ok"], found["broken"], found["warning"]) == (True, 1, "run manage.py controleer")

"""The worker is killed in the middle of an invoice run, again and again: nothing is missing and nothing double.

A process of its own does the work, on the same database, and gets SIGKILL at a random moment.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum

from spaces.models import Hub
from spaces.money import Taxed
from tenants.billing import documents, invoicing, issuing, numbering
from tenants.billing.models import (
    Charge,
    Invoice,
    InvoiceDocument,
    InvoiceRun,
    JournalEntry,
    NumberRange,
    Receivable,
    RunState,
)
from tenants.parties.models import Letter, Party
from tests import cast, postgres
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed
from tests.thorough import THOROUGH

pytestmark = pytest.mark.django_db(transaction=True)

PARTIES = 200 if THOROUGH else 80
WORK = """
import django, time_machine
django.setup()
time_machine.travel("2026-12-01T08:00:00+00:00").start()
from tenants.billing import tasks
tasks.nudge = lambda task: None
tasks.letters.nudge = lambda: None
print("working", flush=True)
tasks.issue_approved()
tasks.send_documents()
tasks.send_documents()
"""


@pytest.fixture
def run() -> InvoiceRun:
    """An approved run for all of these parties; the old books ended at 2026-0202."""
    hub = books.hub()
    NumberRange.objects.create(hub=hub, year=2026, next_number=203)
    for number in range(PARTIES):
        party = books.party(hub, f"Partij {number:03}")
        books.charge(party, *_lines(number))
    proposed = invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)
    seen = invoicing.fingerprint(invoicing.drafts_of(proposed))
    invoicing.approve(proposed, by=cast.staff(hub, "bookkeeper"), seen=seen, now=DECEMBER_1)
    return proposed


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_a_run_killed_again_and_again_ends_as_if_it_never_was(run: InvoiceRun, kills: int) -> None:
    chance = random.Random(2026)
    alive_at_kill, between = 0, set()
    for _kill in range(kills):
        alive_at_kill += _work_and_be_killed(after=_a_random_part_of_what_is_left(chance, kills=kills))
        between.add((Invoice.objects.issued().count(), InvoiceDocument.objects.count()))
        _nothing_half_done(run)

    assert alive_at_kill >= kills // 2, "the kills must come in the middle of the work"
    assert len(between) > kills // 3, between
    _work_to_the_end()

    run.refresh_from_db()
    assert run.state == RunState.ISSUED
    _all_is_there_once(run)


def test_control_without_one_transaction_an_invoice_a_kill_leaves_a_gap(run: InvoiceRun) -> None:
    """The number is taken and committed before the invoice is written, as in a careless implementation."""
    with transaction.atomic():
        numbering.take(run.hub, on=DECEMBER_1.date())
    # killed here
    invoicing.issue_approved(now=DECEMBER_1)

    assert _numbers(run.hub) != _expected_numbers()


def test_two_workers_at_once_issue_each_invoice_once(run: InvoiceRun) -> None:
    workers = [_start() for _worker in range(2)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    _work_to_the_end()

    _all_is_there_once(run)


def test_of_twenty_at_once_with_three_rolled_back_seventeen_numbers_follow_each_other() -> None:
    hub = books.hub()
    for number in range(20):
        books.charge(books.party(hub, f"Partij {number:02}"), *_lines(number))
    drafts = list(books.approve_month(hub).invoices.order_by("party__name"))

    issued = _at_once(20, lambda place: _issue(drafts[place], roll_back=place in (3, 8, 15)))

    numbers = [f"2026-{number:04d}" for number in range(1, 18)]
    assert sorted(number for number in issued if number) == numbers == _numbers(hub)
    assert [row.number for row in Receivable.objects.order_by("number")] == numbers
    assert JournalEntry.objects.count() == 17
    assert Invoice.objects.drafts().count() == 3
    assert invoicing.issue_approved(now=DECEMBER_1) == 3
    assert _numbers(hub)[17:] == ["2026-0018", "2026-0019", "2026-0020"]


def test_control_without_the_lock_on_the_range_two_take_the_same_number(run: InvoiceRun) -> None:
    """What a number read first and written later comes to: the unique constraint is all that is left."""
    gate = threading.Barrier(2)

    def careless(_place: int) -> str:
        taken = NumberRange.objects.get(hub=run.hub).next_number
        gate.wait()
        NumberRange.objects.filter(hub=run.hub).update(next_number=taken + 1)
        return str(taken)

    assert _at_once(2, careless) == ["203", "203"]


def test_control_a_database_sequence_leaves_gaps_when_three_are_rolled_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE careless_number")
    try:
        taken = [_next_of_sequence(roll_back=place in (3, 8, 15)) for place in range(20)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SEQUENCE careless_number")

    kept = sorted(int(number) for number in taken if number)
    assert len(kept) == 17
    assert kept != list(range(1, 18)), "a sequence does not give back what was rolled back"


def _lines(number: int) -> list:
    mornings = [owed("37.50")] * (1 + number % 3)
    return [
        *mornings,
        owed("42.50", vat=21, quantity=1 + number % 4),
        owed("1.75", vat=9, quantity=number % 11 + 1),
    ]


def _a_random_part_of_what_is_left(chance: random.Random, *, kills: int) -> Callable[[], bool]:
    """Kill after so many more invoices or documents, or soon after the work began."""
    more = chance.randint(1, 2 * PARTIES * 95 // 100 // kills)
    goal = _done() + more
    return lambda: _done() >= goal


def _done() -> int:
    return Invoice.objects.issued().count() + InvoiceDocument.objects.count()


def _work_and_be_killed(*, after: Callable[[], bool]) -> bool:
    """Whether it was still at work when it was killed."""
    worker = _start()
    while worker.poll() is None and not after():
        time.sleep(0.002)
    alive = worker.poll() is None
    if alive:
        os.kill(worker.pid, signal.SIGKILL)
    worker.wait(timeout=30)
    _wait_until_its_session_is_gone()
    return alive


def _wait_until_its_session_is_gone() -> None:
    """The server notices a dead client only when it speaks to it: what it held is then rolled back."""
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.01)


def _work_to_the_end() -> None:
    assert _start().wait(timeout=60) == 0


def _start() -> subprocess.Popen:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORK],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": _database_url()},
        stdout=subprocess.PIPE,
    )
    assert worker.stdout
    assert worker.stdout.readline() == b"working\n"
    return worker


def _database_url() -> str:
    """Of the database of this test, on the server of the test run."""
    return f"{postgres.url().rpartition('/')[0]}/{connection.settings_dict['NAME']}"


def _nothing_half_done(run: InvoiceRun) -> None:
    """True at any moment between two transactions."""
    issued = Invoice.objects.issued()
    assert _numbers(run.hub) == _expected_numbers()[: issued.count()]
    assert Invoice.objects.count() == PARTIES
    assert not issued.filter(payment_reference="").exists()
    letters = set(Letter.objects.values_list("key", flat=True))
    assert letters == {documents.letter_key(paper.invoice) for paper in _papers()}


def _all_is_there_once(run: InvoiceRun) -> None:
    assert _numbers(run.hub) == _expected_numbers()
    assert NumberRange.objects.get().next_number == 203 + PARTIES
    assert not Party.objects.annotate(count=Count("invoices")).exclude(count=1).exists()
    assert not Charge.objects.filter(invoice_line__isnull=True).exists()
    assert Receivable.objects.aggregate(Sum("amount"))["amount__sum"] == _owed_by_all()
    assert JournalEntry.objects.count() == Receivable.objects.count() == PARTIES
    assert Invoice.objects.aggregate(Sum("gross"))["gross__sum"] == _owed_by_all()
    assert len(_papers()) == Letter.objects.count() == PARTIES
    _nothing_half_done(run)


def _papers() -> list[InvoiceDocument]:
    return list(InvoiceDocument.objects.select_related("invoice__hub").defer("pdf"))


def _owed_by_all() -> Decimal:
    """Counted from what was posted, without the code that makes invoices."""
    gross = Decimal(0)
    for number in range(PARTIES):
        for rate in (0, 9, 21):
            net = sum((line.net for line in _lines(number) if line.vat_rate == rate), Decimal(0))
            gross += Taxed.from_net(net, rate=Decimal(rate)).gross
    return gross


def _numbers(hub: Hub) -> list[str]:
    return list(Invoice.objects.issued().filter(hub=hub).order_by("number").values_list("number", flat=True))


def _expected_numbers() -> list[str]:
    return [f"2026-{number:04d}" for number in range(203, 203 + PARTIES)]


def _at_once(count: int, deed: Callable[[int], str | None]) -> list[str | None]:
    """`deed(0)` … `deed(count - 1)` in threads that begin at the same moment."""
    gate = threading.Barrier(count)
    results: list[str | None] = [None] * count

    def go(place: int) -> None:
        try:
            gate.wait()
            results[place] = deed(place)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[place]) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _issue(draft: Invoice, *, roll_back: bool) -> str | None:
    with transaction.atomic():
        number = issuing.issue(draft, on=DECEMBER_1.date()).number
        transaction.set_rollback(roll_back)
    return None if roll_back else number


def _next_of_sequence(*, roll_back: bool) -> str | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('careless_number')")
        number = str(cursor.fetchone()[0])
        transaction.set_rollback(roll_back)
    return None if roll_back else number

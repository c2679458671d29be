"""Letters are proposed and sent by a person: each step once, and never about what is to be left alone."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from tenants.billing import allocating, paying
from tenants.billing.dunning import letter, pausing, proposing, sending, telling
from tenants.billing.dunning.refusals import Changed, DunningRefused
from tenants.billing.models import Allocation, CollectionPause, Debit, DebitBatch, Payment, Reminder
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books, money
from tests.dunning.asking import DUE, due, eur, formally_reminded, kinds, late, noon_of, send

pytestmark = pytest.mark.django_db(transaction=True)
FEBRUARY_4, FEBRUARY_15 = date(2024, 2, 4), date(2024, 2, 15)


@pytest.fixture
def party():
    return money.books_party()


@pytest.fixture
def clerk(party):
    return cast.staff(party.hub, "bookkeeper")


def test_the_whole_ladder_with_each_letter_once(party, clerk) -> None:
    row = late(party)
    seen = {}
    for days in range(-5, 60):
        day = DUE + timedelta(days=days)
        for sent in send(party, day, clerk):
            seen[days] = sent.kind

    assert seen == {-3: "notice", 3: "reminder", 14: "second", 21: "formal"}
    assert [kind for (kind,) in row.reminders.values_list("kind")] == [
        "notice",
        "reminder",
        "second",
        "formal",
    ]
    formal = row.reminders.get(kind="formal")
    assert (formal.costs, formal.open_amount, formal.pay_by) == (
        eur("40.00"),
        eur("100.00"),
        date(2024, 3, 11),
    )
    assert Letter.objects.filter(kind="dunning").count() == 4


def test_several_invoices_are_one_letter_and_the_costs_are_over_the_sum(party, clerk) -> None:
    late(party, "2000.00")
    late(party, "1000.00")
    for day in (FEBRUARY_4, FEBRUARY_15):
        send(party, day, clerk)
    (formal,) = due(party, date(2024, 2, 22))

    assert (len(formal.items), formal.amount, formal.costs) == (2, eur("3000.00"), eur("425.00"))
    assert formal.shares == [eur("283.33"), eur("141.67")]
    sending.send(formal, by=clerk, now=noon_of(date(2024, 2, 22)))
    text = Letter.objects.latest("pk").text
    assert "425,00" in text
    assert "€\N{NO-BREAK SPACE}3.000,00 binnen 14 dagen" in text


@pytest.mark.parametrize(("language", "words"), [("nl", "Herinnering"), ("en", "Reminder")])
def test_a_letter_is_in_the_language_of_the_party_with_its_paper(party, clerk, language, words) -> None:
    party.language = language
    party.save()
    late(party, "100.00", number="2024-0007", payment_reference="5000056789012345")
    send(party, FEBRUARY_4, clerk)

    mail = Letter.objects.get()
    assert (mail.language, mail.subject) == (language, f"{words}: €\N{NO-BREAK SPACE}100,00")
    for named in ("2024-0007", "NL91 ABNA 0417 1643 00", "5000 0567 8901 2345"):
        assert named in mail.text
    (file,) = mail.attachments.all()
    assert bytes(file.content).startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["pause", "dispute"])
def test_nothing_goes_out_about_what_is_paused_or_disputed_until_that_ends(party, clerk, kind) -> None:
    row, other = late(party), late(party, "50.00")
    pause = pausing.pause(
        party, kind=kind, receivable=row, until=date(2024, 3, 1), reason="Vraagt een specificatie", by=clerk,
        now=noon_of(FEBRUARY_4),
    )  # fmt: skip
    assert [item.receivable for item in due(party, FEBRUARY_4)[0].items] == [other]
    assert len(due(party, date(2024, 3, 2))[0].items) == 2
    with pytest.raises(DunningRefused):
        pausing.pause(party, kind=kind, receivable=row, reason="nog eens", by=clerk, now=noon_of(FEBRUARY_4))
    pausing.end(pause, now=noon_of(FEBRUARY_15))
    assert len(due(party, FEBRUARY_15)[0].items) == 2


def test_a_pause_of_the_whole_party_covers_everything(party, clerk) -> None:
    late(party)
    pausing.pause(party, kind="pause", reason="Verhuist", by=clerk, now=noon_of(FEBRUARY_4))
    assert kinds(party, FEBRUARY_4) == []
    assert CollectionPause.objects.get().receivable is None


def test_nothing_goes_out_about_what_is_paid_credited_or_given_up(party, clerk) -> None:
    paid, credited, gone = late(party), late(party), late(party)
    payment = money.paid(party)
    allocating.allocate(payment, [allocating.Part(paid, eur("100.00"))], rule="by_hand", now=cast.NOW)
    note = late(party, "-100.00")
    allocating.settle(note, [credited], now=cast.NOW)
    paying.write_off(gone, reason="failliet", on=date(2024, 2, 3), by=clerk, now=noon_of(FEBRUARY_4))
    assert due(party, FEBRUARY_4) == []


def test_what_is_on_its_way_or_still_to_be_collected_is_left_alone_until_it_is_reversed(party, clerk) -> None:
    for name, value in {
        "payment_method": "automatische incasso", "iban": "NL91ABNA0417164300", "mandate_reference": "M-1",
        "mandate_signed_on": date(2023, 1, 1),
    }.items():  # fmt: skip
        setattr(party, name, value)
    party.save()
    row = late(party)
    assert kinds(party, FEBRUARY_4) == []
    batch = DebitBatch.objects.create(
        hub=party.hub, reference="I1", scheme="CORE", collect_on=date(2024, 2, 8), state="sent", made_by=clerk,
        made_at=noon_of(FEBRUARY_4), sent_at=noon_of(FEBRUARY_4),
    )  # fmt: skip
    Debit.objects.create(
        batch=batch, receivable=row, party=party, amount=row.amount, name="x", iban=party.iban, mandate="M-1",
        mandate_signed_on=date(2023, 1, 1), sequence="FRST", end_to_end=row.number,
    )  # fmt: skip
    assert kinds(party, FEBRUARY_4) == []
    payment = money.paid(party, method=Payment.Method.DEBIT, on=date(2024, 2, 8))
    allocating.pay_off(payment, [row], rule=Allocation.Rule.END_TO_END, now=noon_of(date(2024, 2, 9)))
    assert kinds(party, date(2024, 3, 1)) == []
    paying.reverse(payment, on=date(2024, 2, 12), reason="storno", now=noon_of(date(2024, 2, 12)))
    assert kinds(party, date(2024, 3, 1)) == ["reminder"]


def test_a_party_with_credit_is_told_apart(party) -> None:
    late(party)
    money.paid(party, "30.00")
    assert due(party, FEBRUARY_4)[0].credit == eur("30.00")


def test_what_was_seen_is_what_is_sent(party, clerk) -> None:
    row = late(party)
    (seen,) = due(party, FEBRUARY_4)
    payment = money.paid(party, "60.00")
    allocating.pay_off(payment, [row], rule="by_hand", now=cast.NOW)

    with pytest.raises(Changed):
        sending.send(seen, by=clerk, now=noon_of(FEBRUARY_4))
    sent = sending.send_all(party.hub, {seen.key: seen.seen}, by=clerk, now=noon_of(FEBRUARY_4))
    assert (sent.letters, sent.refused, Letter.objects.count()) == (0, [party.name], 0)
    now = due(party, FEBRUARY_4)[0]
    sent = sending.send_all(
        party.hub, {now.key: now.seen, "0-reminder": "x"}, by=clerk, now=noon_of(FEBRUARY_4)
    )
    assert (sent.letters, len(sent.refused)) == (1, 1)


def test_a_party_without_an_address_gets_its_letter_on_paper(party, clerk) -> None:
    party.email = ""
    party.save()
    late(party)
    (each,) = due(party, FEBRUARY_4)
    sent = sending.send_all(party.hub, {each.key: each.seen}, by=clerk, now=noon_of(FEBRUARY_4))
    assert (sent.on_paper, Letter.objects.count(), Reminder.objects.count()) == ([party.name], 0, 1)
    assert letter.paper(each).content.startswith(b"%PDF")


def test_of_two_who_send_the_same_step_at_once_one_does(party, clerk) -> None:
    late(party)
    (each,) = due(party, FEBRUARY_4)
    gate, outcomes = threading.Barrier(4), []

    def press() -> None:
        try:
            gate.wait(timeout=20)
            sending.send(each, by=clerk, now=noon_of(FEBRUARY_4))
            outcomes.append("sent")
        except Changed:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 3 + ["sent"]
    assert (Letter.objects.count(), Reminder.objects.count()) == (1, 1)


def test_the_database_refuses_the_same_step_twice(party, clerk) -> None:
    reminder = formally_reminded_row(party, clerk)
    reminder.pk = None
    with pytest.raises(IntegrityError, match="a_step_is_taken_once"):
        reminder.save()


def formally_reminded_row(party, clerk) -> Reminder:
    late(party)
    return formally_reminded(party, clerk)


@pytest.mark.parametrize("count", [1, 3])
def test_the_proposal_costs_the_same_for_one_and_for_three(count, django_assert_num_queries) -> None:
    hub = books.hub()
    for number in range(count):
        each = books.party(hub, f"Partij {number}")
        late(each)
        late(each, "20.00")
    proposing.letters(hub, today=FEBRUARY_4)
    with django_assert_num_queries(8):
        assert len(proposing.letters(hub, today=FEBRUARY_4)) == count


def test_the_bookkeeper_hears_once_what_is_new_to_send(party, clerk) -> None:
    late(party)
    assert [telling.tell(now=noon_of(day)) for day in (DUE, FEBRUARY_4, FEBRUARY_4)] == [1, 1, 0]
    late(party, "7.00")
    assert telling.tell(now=noon_of(FEBRUARY_4)) == 1
    assert telling.tell(now=noon_of(FEBRUARY_4) + timedelta(hours=1)) == 0
    assert set(Letter.objects.values_list("to_email", "kind")) == {(clerk.email, "dunning_due")}

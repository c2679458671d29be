"""A mandate is given on the page of Stripe, seen, and ended: here, or at the bank; whoever tells first."""

import pytest
from django.test import Client

from config.celery import app
from tenants.billing import mandates, stripe
from tenants.billing.models import OnlineMandate, OnlineSettings
from tenants.billing.online import mandated, mandating
from tenants.billing.online.refusals import CollectingIsOff, IsInForce
from tenants.parties.models import Letter, Party
from tests import cast
from tests.billing.money import asked
from tests.cast import NOW
from tests.online.collecting import begun, hub_that_collects, mandate_of, only, payer, sweep
from tests.online.ringing import handle

pytestmark = pytest.mark.django_db(transaction=True)
State = OnlineMandate.State


@pytest.fixture
def hub(stripe_server):
    return hub_that_collects()


def kinds() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("kind", flat=True))


def test_what_was_given_is_in_force_with_its_reference_and_the_end_of_the_account(hub, stripe_server):
    user, party = payer(hub)
    mandate = mandate_of(party, user, stripe_server)

    assert (mandate.state, mandate.account, mandate.given_at) == (State.ACTIVE, "5264", NOW)
    assert mandate.reference.startswith("TEST")
    assert mandated.of(party) == mandate
    assert kinds() == ["mandate_given"]
    assert mandating.sync(mandate, now=NOW).state == State.ACTIVE
    assert kinds() == ["mandate_given"]
    with pytest.raises(IsInForce):
        mandating.begin(party, by=user, now=NOW)


def test_pressed_twice_it_is_one_page_and_a_lost_answer_is_the_same_one(hub, stripe_server):
    user, party = payer(hub)
    stripe_server.goes_wrong("post /v1/checkout/sessions", "after", times=3)
    with pytest.raises(stripe.Unavailable):
        begun(party, user)

    first, second = begun(party, user), begun(party, user)
    assert (first.pk, first.url) == (second.pk, second.url)
    assert len(stripe_server.account.all("checkout.session")) == 1
    assert len(stripe_server.account.all("customer")) == 1


def test_a_page_that_nobody_finished_is_forgotten_and_one_that_was_is_found_by_the_sweep(hub, stripe_server):
    (anna, one), (bert, other) = payer(hub), payer(hub, "Bert de Boer")
    begun(one, anna)
    stripe_server.give_mandate(begun(other, bert).url)

    sweep(stripe_server, "2026-11-21 13:00")
    assert {each.party: each.state for each in OnlineMandate.objects.all()} == {
        one: State.NEW, other: State.ACTIVE
    }  # fmt: skip
    sweep(stripe_server, "2026-11-22 13:00")
    assert OnlineMandate.objects.get(party=one).state == State.ENDED
    assert kinds() == ["mandate_given"]


def test_ended_here_stripe_lets_go_of_the_account_also_when_it_was_away(hub, stripe_server):
    user, party = payer(hub)
    mandate = mandate_of(party, user, stripe_server)
    stripe_server.goes_wrong("post /v1/payment_methods", "before", times=3)

    ended = mandating.end(mandate, why=mandating.ENDED_BY_PARTY, now=NOW)
    assert (ended.state, ended.method_id) == (State.ENDED, mandate.method_id)
    assert mandated.of(party) is None
    sweep(stripe_server, "2026-11-21 13:00")
    assert OnlineMandate.objects.get().method_id == ""
    assert stripe_server.thing(mandate.mandate_id)["status"] == "inactive"
    assert kinds() == ["mandate_given", "mandate_ended"]
    mandating.end(ended, why=mandating.ENDED_BY_HUB, now=NOW)
    assert kinds() == ["mandate_given", "mandate_ended"]


def test_ended_at_the_bank_what_was_announced_is_asked_by_transfer(hub, stripe_server):
    user, party = payer(hub)
    mandate = mandate_of(party, user, stripe_server)
    asked(party, "105.00", number="2026-0191")
    sweep(stripe_server, "2026-11-21 13:00")
    assert only().state == "new"

    stripe_server.end_mandate(mandate.mandate_id)
    assert set(stripe_server.deliver(Client())) == {200}
    handle()

    assert OnlineMandate.objects.get().why_ended == mandating.ENDED_AT_BANK
    assert only().state == "expired"
    letter = Letter.objects.get(kind="mandate_ended")
    assert "2026-0191" in letter.text
    assert "105,00" in letter.text
    assert Letter.objects.get(kind="collect_announced").dropped_at


def test_given_anew_for_another_account_it_takes_the_place_of_the_first(hub, stripe_server):
    user, party = payer(hub)
    first = begun(party, user)
    OnlineMandate.objects.filter(pk=first.pk).update(expires_at=NOW)  # the second tab opens its own page
    second = begun(party, user)
    stripe_server.give_mandate(first.url, last4="1111")
    mandating.sync(first, now=NOW)
    stripe_server.give_mandate(second.url, last4="2222")
    mandating.sync(second, now=NOW)

    assert mandated.of(party).account == "2222"
    assert OnlineMandate.objects.get(pk=first.pk).why_ended == mandating.REPLACED
    assert kinds() == ["mandate_given", "mandate_given"]


def test_who_gave_one_online_is_not_in_the_file_for_the_bank(hub, stripe_server):
    user, party = payer(hub)
    Party.objects.filter(pk=party.pk).update(
        mandate_reference="LOC-1", mandate_signed_on=cast.NOW.date(), iban="NL16TRIO9999900858"
    )
    assert list(mandates.payers(hub)) == [party]
    mandate = mandate_of(party, user, stripe_server)
    assert list(mandates.payers(hub)) == []

    mandating.end(mandate, why=mandating.ENDED_BY_PARTY, now=NOW)
    assert list(mandates.payers(hub)) == [party]


def test_without_collecting_none_can_be_given_and_none_counts(hub, stripe_server):
    user, party = payer(hub)
    mandate_of(party, user, stripe_server)
    OnlineSettings.objects.update(collects=False)

    assert mandated.of(party) is None
    with pytest.raises(CollectingIsOff):
        mandating.begin(payer(hub, "Bert")[1], by=user, now=NOW)


def test_what_was_due_already_is_announced_as_soon_as_a_mandate_was_given(hub, stripe_server):
    user, party = payer(hub)
    mandate = begun(party, user)
    client = Client()
    client.force_login(user)
    woken()
    client.get(f"/machtiging/{mandate.pk}")
    assert woken() == []

    stripe_server.give_mandate(mandate.url)
    client.get(f"/machtiging/{mandate.pk}")

    assert woken() == ["tenants.billing.tasks.collect_online"]


def woken() -> list[str]:
    """The tasks that lie ready for a worker; they are taken away."""
    found = []
    with app.connection_for_read() as connection:
        queue = connection.default_channel
        while message := queue.basic_get(app.conf.task_default_queue, no_ack=True):
            found.append(message.headers["task"])
    return found

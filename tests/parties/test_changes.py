"""Who changed what, when, from what to what; numbers of persons masked, other hubs unseen."""

from datetime import time, timedelta

import pghistory
import pytest
from django.urls import reverse
from django.utils import translation

from spaces.models import CancellationStep, Closure, DayPart, OpeningHours, Rate
from tenants.parties import history, history_words, people
from tenants.parties.models import Membership, Party, Role
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub():
    return cast.hub()


def changes(hub, **wanted):
    return history.Changes(hub, **wanted)[0:50]


def test_a_change_says_who_what_and_from_what_to_what(client, hub):
    user, party = cast.zzper(hub, "Anna de Vries")
    client.force_login(user)
    told = {"email": party.email, "city": "Hardenberg", "iban": "NL46 RABO 9999 9005 29"}
    client.post(reverse("account-party"), told)
    change = changes(hub, kind="party")[0]
    assert (change.who, change.deed, change.name) == ("Anna de Vries", "update", "Praktijk Anna de Vries")
    assert {(field.old, field.new) for field in change.fields} == {("", "Hardenberg"), ("", "•••529")}


def test_bulk_and_background_changes_are_seen_too(hub):
    cast.party(hub)
    Party.objects.update(city="Zwolle")
    change = changes(hub, kind="party")[0]
    assert (change.who, [field.new for field in change.fields]) == ("", ["Zwolle"])


def test_a_role_that_is_taken_away_and_a_closure_that_is_removed_stay_on_record(hub):
    director = cast.staff(hub, Role.DIRECTOR, "Dirk")
    member, party = cast.tenant(hub, "Accare", Role.TENANT_MEMBER)
    with pghistory.context(user=director.pk):
        people.take_away(Membership.objects.get(user=member), by=director)
    cast.closure(hub, cast.between("2026-12-24 08:00", "22:00"), reason="Kerstavond")
    Closure.objects.all().delete()
    gone, closed = changes(hub, kind="membership")[0], changes(hub, kind="closure")[0]
    assert (gone.who, gone.deed, gone.name) == ("Dirk", "delete", "Medewerker Accare · Accare")
    assert (closed.deed, closed.name) == ("delete", "Kerstavond")
    assert party.name in {field.old for field in gone.fields}


def told(hub, kind, number):
    with translation.override("en"):
        return [
            (change.name, change.deed, [(field.label, field.old, field.new) for field in change.fields])
            for change in changes(hub, kind=kind)[:number]
        ]


def test_opening_hours_and_day_parts_are_on_record_in_words(hub):
    OpeningHours.objects.filter(hub=hub, weekday=5).update(closes=time(18))
    OpeningHours.objects.filter(hub=hub, weekday=5).delete()
    DayPart.objects.filter(hub=hub, name_nl="avond").update(starts=time(18, 30))

    assert told(hub, "openinghours", 2) == [
        (
            "Saturday",
            "delete",
            [("weekday", "Saturday", ""), ("opens", "09:00", ""), ("closes", "18:00", "")],
        ),
        ("Saturday", "update", [("closes", "17:00", "18:00")]),
    ]
    assert told(hub, "daypart", 1) == [("avond", "update", [("begin", "18:00", "18:30")])]


def test_rules_for_cancelling_are_on_record_in_words(hub):
    CancellationStep.objects.filter(hub=hub, hours_before=24).update(percentage=60)
    CancellationStep.objects.filter(hub=hub, hours_before=-1).delete()

    later, price = "later, or nobody came", "percentage of the price"
    assert told(hub, "cancellationstep", 2) == [
        (
            later,
            "delete",
            [("moment of cancelling", later, ""), (price, "100,00", ""), ("lowest fee", "0,00", "")],
        ),
        ("until 24 hours before the start", "update", [(price, "50,00", "60,00")]),
    ]


def test_the_newest_comes_first_over_all_kinds_and_nothing_of_another_hub(hub):
    elsewhere = cast.hub("elders")
    cast.zzper(elsewhere, "Vreemde")
    cast.zzper(hub, "Anna")
    cast.rate(hub)
    moments = [change.at for change in changes(hub)]
    assert moments == sorted(moments, reverse=True)
    assert {str(history_words.KINDS[kind]) for kind in ("hub", "party", "user", "rate")} <= {
        change.kind for change in changes(hub)
    }
    assert not any("Vreemde" in change.name for change in changes(hub))
    assert len(changes(elsewhere)) > 0


def test_changes_are_chosen_by_day(hub):
    cast.rate(hub)
    today = changes(hub, kind="rate")[0].at.astimezone(hub.zone).date()
    assert len(changes(hub, kind="rate", day=today)) == 1
    assert changes(hub, kind="rate", day=today - timedelta(days=1)) == []


@pytest.mark.parametrize(
    "query", [{}, {"kind": "rate"}, {"kind": "x", "day": "gisteren"}, {"page": "9999"}, {"day": "0001-01-01"}]
)
def test_the_page_shows_changes_whatever_is_asked(client, hub, query):
    cast.rate(hub)
    client.force_login(cast.staff(hub))
    assert client.get(reverse("changes"), query).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_takes_the_same_queries_however_long(client, hub, number, django_assert_num_queries):
    for each in range(number):
        cast.zzper(hub, f"Persoon {each}")
    Rate.objects.all().delete()
    client.force_login(cast.staff(hub))
    with django_assert_num_queries(15):
        client.get(reverse("changes"))

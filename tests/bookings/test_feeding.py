"""Calendar feeds say what the rows say, exactly, and of others only that a room is taken."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bookings import feeding, invitation
from bookings.models import Booking, Feed
from bookings.states import BookingState
from spaces import claiming
from spaces.models import Claim
from tenants.parties.models import Membership, Party, PartyState, Role, User
from tests import cast
from tests.bookings.feed_reading import SECRET, Lived, lived_in, of_booking, parsed, read, to_the_second
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
MINE, SPACE, HUB = Feed.Scope.MINE, Feed.Scope.SPACE, Feed.Scope.HUB


@pytest.fixture
def lived() -> Lived:
    return lived_in()


def connected(user: User, lived: Lived, scope: str = MINE, *, at=NOW) -> Feed:
    space = lived.room if scope == SPACE else None
    return feeding.connect(cast.actor(user, lived.hub), scope=scope, space=space, now=at)[0]


def own_events(lived: Lived) -> list[dict]:
    status = {"cancelled": "CANCELLED", "requested": "TENTATIVE", "option": "TENTATIVE"}
    shown = {name: booking for name, booking in lived.own.items() if name != "long off"}
    return [of_booking(booking, status.get(name, "CONFIRMED")) for name, booking in shown.items()]


def half_days(lived: Lived, feed: Feed) -> list[dict]:
    return [
        {
            "UID": f"fixed-{lived.fixed.pk}-{day.replace('-', '')}T170000Z@localhost",
            "SEQUENCE": "0",
            "DTSTART": cast.at(f"{day} 18:00"),
            "DTEND": cast.at(f"{day} 22:00"),
            "SUMMARY": f"Spreekkamer 1 ({lived.hub.name})",
            "LOCATION": f"Spreekkamer 1, {lived.hub.name}, Zorgplein 1, 7771 ZZ Hardenberg",
            "DESCRIPTION": "Vast dagdeel",
            "STATUS": "CONFIRMED",
            "TRANSP": "OPAQUE",
            "DTSTAMP": to_the_second(feed.created_at),
        }
        for day in ("2026-11-27", "2026-12-04", "2026-12-11")
    ]


def by_time(events: list[dict]) -> list[dict]:
    return sorted(events, key=lambda event: (event["DTSTART"], event["DTEND"], event["UID"]))


def test_a_feed_loses_no_events_and_has_every_field_of_the_rows_with_its_sequence(lived):
    feed = connected(lived.anna, lived)
    assert read(feed) == by_time(own_events(lived) + half_days(lived, feed))


def test_of_a_room_others_are_only_taken_and_ones_own_is_as_it_is(lived):
    feed = connected(lived.anna, lived, SPACE)
    events = read(feed)
    taken = [event for event in events if event["SUMMARY"] == "Bezet"]
    mine = [event for event in events if event["SUMMARY"] != "Bezet"]
    assert mine == by_time(own_events(lived) + half_days(lived, feed))
    place = f"Spreekkamer 1, {lived.hub.name}, Zorgplein 1, 7771 ZZ Hardenberg"
    expected = [
        (cast.at("2026-11-24 13:00"), cast.at("2026-11-24 17:00"), "0"),
        (cast.at("2026-11-30 13:00"), cast.at("2026-11-30 17:00"), "1"),
        (cast.at("2026-12-08 08:00"), cast.at("2026-12-08 22:00"), "0"),
    ]
    assert [(event["DTSTART"], event["DTEND"], event["SEQUENCE"]) for event in taken] == expected
    assert {tuple(event[name] for name in ("LOCATION", "STATUS", "TRANSP")) for event in taken} == {
        (place, "CONFIRMED", "TRANSPARENT")
    }
    assert all(set(event) == {*mine[0]} - {"DESCRIPTION"} for event in taken)


def test_of_the_whole_hub_what_is_taken_names_its_room(lived):
    other = cast.space(lived.hub, "B04", name="Spreekkamer 2")
    claiming.take(
        [other], period=between("2026-11-24 08:00", "12:00"), kind="lease", holder="lease:1", now=NOW
    )
    taken = [
        each["SUMMARY"] for each in read(connected(lived.anna, lived, HUB)) if "Bezet" in each["SUMMARY"]
    ]
    assert taken == ["Bezet: Spreekkamer 2", *["Bezet: Spreekkamer 1"] * 3]


def test_whoever_reads_along_never_finds_a_title_a_person_or_a_party(lived):
    bram = User.objects.get(name="Bram Visser")
    for user in (lived.anna, bram, cast.staff(lived.hub, Role.RECEPTION)):
        for scope in (MINE, SPACE, HUB):
            feed = connected(user, lived, scope)
            text = (
                feeding.content(feed, reader=feeding.reader_of(feed), now=NOW).decode().replace("\r\n ", "")
            )
            for word in (SECRET, "Anna", "Vries", "Bram", "Visser", "Praktijk", "@example", "@partij"):
                assert word not in text


def test_what_is_hidden_has_an_uid_that_stays_and_says_nothing(lived):
    before = {each["UID"] for each in read(connected(lived.anna, lived, SPACE)) if each["SUMMARY"] == "Bezet"}
    booking = lived.others["booked"]
    claiming.move(booking.holder, spaces=[lived.room], period=between("2026-12-15 08:00", "12:00"), now=NOW)
    after = {each["UID"] for each in read(connected(lived.anna, lived, SPACE)) if each["SUMMARY"] == "Bezet"}
    assert before == after
    assert not any(str(booking.pk) in uid for uid in after)


def test_a_whole_is_one_event_and_stands_in_the_feed_of_its_half(lived):
    whole, half, _other = cast.meeting_area(lived.hub)
    claiming.take(
        [whole],
        period=between("2026-11-24 08:00", "12:00"),
        kind="booking",
        holder="booking:" + "0" * 32,
        now=NOW,
    )
    feed, _token = feeding.connect(cast.actor(lived.anna), scope=SPACE, space=half, now=NOW)
    assert [each["SUMMARY"] for each in read(feed)] == ["Bezet"]
    hub_wide = [each["SUMMARY"] for each in read(connected(lived.anna, lived, HUB))]
    assert hub_wide.count("Bezet: Ontmoetingsruimte") == 1


def test_somebody_elses_option_or_hold_is_taken_for_now(lived):
    later = NOW + timedelta(days=3)
    claiming.take(
        [lived.room], period=between("2026-12-16 08:00", "12:00"), kind="hold", holder="booking:" + "1" * 32,
        expires_at=later, now=NOW,
    )  # fmt: skip
    feed = connected(lived.anna, lived, SPACE)
    assert [each["STATUS"] for each in read(feed) if each["DTSTART"] == cast.at("2026-12-16 08:00")] == [
        "TENTATIVE"
    ]
    assert [each for each in read(feed, now=later) if each["DTSTART"] == cast.at("2026-12-16 08:00")] == []


def test_a_lease_without_an_end_lasts_to_the_end_of_the_feed(lived):
    other = cast.space(lived.hub, "B04")
    claiming.take_until(
        [other], starts_at=cast.at("2020-01-01 00:00"), ends_at=None, kind="lease", holder="lease:9", now=NOW
    )
    feed, _token = feeding.connect(cast.actor(lived.anna), scope=SPACE, space=other, now=NOW)
    assert [(each["DTSTART"], each["DTEND"]) for each in read(feed)] == [
        (cast.at("2020-01-01 00:00"), NOW.replace(hour=0) + timedelta(days=400))
    ]


def test_what_was_cancelled_stays_for_thirty_days(lived):
    feed = connected(lived.anna, lived)
    uid = f"{lived.own['cancelled'].pk}@localhost"
    for days, there in ((29, True), (30, False)):
        statuses = [
            each["STATUS"] for each in read(feed, now=NOW + timedelta(days=days)) if each["UID"] == uid
        ]
        assert statuses == (["CANCELLED"] if there else [])


def test_a_room_that_one_is_only_holding_is_not_there_yet(lived):
    Booking.objects.filter(pk=lived.own["booked"].pk).update(
        state=BookingState.HELD, held_until=NOW + timedelta(minutes=9)
    )
    for scope in (MINE, SPACE):
        events = read(connected(lived.anna, lived, scope))
        assert cast.at("2026-11-24 08:00") not in {each["DTSTART"] for each in events}


def test_an_option_that_ran_out_is_gone_before_anybody_swept_it(lived):
    feed = connected(lived.anna, lived)
    uid = f"{lived.own['option'].pk}@localhost"
    assert uid in {each["UID"] for each in read(feed)}
    assert uid not in {each["UID"] for each in read(feed, now=NOW + timedelta(days=14))}


def test_the_uid_is_that_of_the_invitation(lived):
    booking = lived.own["booked"]
    invited = parsed(invitation.ics(booking, method="REQUEST", attendee="anna@example.nl", now=NOW))
    assert [each["UID"] for each in invited] == [of_booking(booking, "CONFIRMED")["UID"]]


def test_the_same_rows_are_the_same_bytes_all_day(lived):
    feed = connected(lived.anna, lived, SPACE)
    reader = feeding.reader_of(feed)
    first = feeding.content(feed, reader=reader, now=NOW)
    assert feeding.content(feed, reader=reader, now=NOW + timedelta(hours=9)) == first


def test_a_new_address_ends_the_old_one_at_once_and_only_its_hash_is_kept(lived):
    actor = cast.actor(lived.anna)
    _old, first = feeding.connect(actor, scope=MINE, now=NOW)
    new, second = feeding.connect(actor, scope=MINE, now=NOW)
    assert feeding.feed_of(first) is None
    assert feeding.feed_of(second) == new
    assert second not in str(Feed.objects.values_list())


def test_withdrawn_is_withdrawn_and_a_second_time_changes_nothing(lived):
    feed, token = feeding.connect(cast.actor(lived.anna), scope=MINE, now=NOW)
    feeding.revoke(feed, now=NOW)
    feeding.revoke(feed, now=NOW + timedelta(days=1))
    feed.refresh_from_db()
    assert (feeding.feed_of(token), feed.revoked_at) == (None, NOW)


@pytest.mark.parametrize("gone", ["role", "account", "declined", "elsewhere"])
def test_who_has_nothing_to_look_for_here_any_more_reads_nothing(lived, gone):
    feed = connected(lived.anna, lived)
    if gone == "role":
        Membership.objects.filter(user=lived.anna).delete()
    elif gone == "account":
        User.objects.filter(pk=lived.anna.pk).update(is_active=False)
    elif gone == "declined":
        Party.objects.filter(pk=lived.party.pk).update(state=PartyState.DECLINED)
    else:
        elsewhere = cast.hub("elders")
        Membership.objects.filter(user=lived.anna).update(hub=elsewhere, party=cast.party(elsewhere))
    assert feeding.reader_of(Feed.objects.select_related("user", "hub").get(pk=feed.pk)) is None


def test_what_it_shows_is_decided_anew_at_each_reading(lived):
    bram = User.objects.get(name="Bram Visser")
    feed = connected(lived.anna, lived, SPACE)
    Membership.objects.filter(user=lived.anna).update(party=bram.memberships.get().party)
    feed = Feed.objects.select_related("user", "hub", "space").get(pk=feed.pk)
    mine = {each["UID"] for each in read(feed) if each["SUMMARY"] != "Bezet"}
    assert mine == {f"{booking.pk}@localhost" for booking in lived.others.values()}


@pytest.mark.parametrize("scope", [MINE, SPACE, HUB])
def test_reading_takes_as_many_queries_for_much_as_for_little(lived, scope, django_assert_num_queries):
    queries = {MINE: 5, SPACE: 7, HUB: 7}[scope]
    _feed, token = feeding.connect(
        cast.actor(lived.anna), scope=scope, space=lived.room if scope == SPACE else None, now=NOW
    )

    def count() -> int:
        with django_assert_num_queries(queries):
            feed = feeding.feed_of(token)
            content = feeding.content(feed, reader=feeding.reader_of(feed), now=NOW)
        return content.count(b"BEGIN:VEVENT")

    much = count()
    Booking.objects.filter(state=BookingState.CONFIRMED).exclude(pk=lived.own["booked"].pk).update(
        state=BookingState.EXPIRED
    )
    Claim.objects.exclude(holder__in=[lived.own["booked"].holder, lived.others["booked"].holder]).update(
        active=False
    )
    assert count() < much


@given(words=st.text(min_size=1, max_size=60), title=st.text(max_size=60))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_words_of_anybody_can_add_or_break_an_event(lived, words, title):
    booking = lived.own["booked"]
    booking.title, booking.space.name, booking.hub.name = title, words, words
    for content in (
        invitation.ics(booking, method="REQUEST", attendee="anna@example.nl", now=NOW),
        _as_feed(invitation.entry(booking, stamped_at=NOW)),
    ):
        events = Calendar.from_ical(content).walk("VEVENT")
        assert [str(event["uid"]) for event in events] == [invitation.uid(booking)]
        assert len(content.split(b"\r\nUID")) == 2


def _as_feed(entry: invitation.Entry) -> bytes:
    calendar = invitation.new_calendar()
    calendar.add_component(entry.event())
    return calendar.to_ical()


@pytest.mark.parametrize(
    "words",
    [
        "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:x",
        "a\nATTENDEE:mailto:x",
        "a\rb",
        "a\u2028b\x85c",
        'a;b,c\\n:"d',
    ],
)
def test_a_name_with_the_end_of_a_line_in_it_stays_in_its_field(lived, words):
    lived.room.name = words
    lived.room.save()
    feed = connected(lived.anna, lived, SPACE)
    events = read(feed)
    assert len(events) == 12
    assert all(set(each) <= {*of_booking(lived.own["booked"], "CONFIRMED")} for each in events)

"""The LOC+ as it could be lived in, for the embedded run: a login for each role and some weeks of bookings.

Names and numbers are invented. Everything goes through the use-cases that pages call, at the moments it would have
happened; the moment the demo was first loaded is kept as the day its director joined, so that loading it again finds
what is there and adds only what a cut-off run left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import pghistory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings import arriving, cancelling, demo_building, extras, reserving
from bookings.additions import Wish
from bookings.models import Booking
from bookings.refusals import BookingRefused
from spaces.models import Hub, Layout, Space
from spaces.periods import Period, on_clock
from tenants.parties import joining, people
from tenants.parties.joining import Application
from tenants.parties.models import Letter, Party, Role, User

PASSWORD = "welkom-op-het-plein"  # noqa: S105 - printed at every start of the embedded run, which only this machine reaches
PHYSIO, GGD, ACCARE = "Fysiotherapie N. de Boer", "GGD IJsselland", "Accare"
COACH, SPEECH, PSYCHOLOGIST = "Coach aan het Plein", "Logopedie aan het Plein", "Psycholoog aan het Plein"
OCCUPATIONAL, RESTART = "Ergotherapie aan het Plein", "USG Restart"


class NotEmbedded(Exception):
    """Known passwords belong on one's own computer only."""


@dataclass(frozen=True)
class Login:
    """Somebody to sign in as; `party` by name, empty for staff."""

    label: str
    email: str
    name: str
    role: str
    party: str = ""


LOGINS = (
    Login(gettext_noop("director"), "directeur@locplus.example.nl", "Marieke Dijkstra", Role.DIRECTOR),
    Login(gettext_noop("reception"), "balie@locplus.example.nl", "Joke Bakker", Role.RECEPTION),
    Login(gettext_noop("bookkeeper"), "boekhouding@locplus.example.nl", "Henk Timmerman", Role.BOOKKEEPER),
    Login(
        gettext_noop("tenant manager"),
        "beheerder@ggdijsselland.example.nl",
        "Saskia Veldhuis",
        Role.TENANT_MANAGER,
        GGD,
    ),
    Login(
        gettext_noop("tenant member"),
        "medewerker@ggdijsselland.example.nl",
        "Tom Wolters",
        Role.TENANT_MEMBER,
        GGD,
    ),
    Login(
        gettext_noop("self-employed professional"),
        "fysio@fysiodeboer.example.nl",
        "Nynke de Boer",
        Role.ZZPER,
        PHYSIO,
    ),
)
APPLICANT = Application(
    name="Lieke Kuiper", email="dietist@voedinghardenberg.example.nl", practice="Voeding Hardenberg",
    discipline="diëtist", phone="06 00000000", kvk="00018299", vat_position="vrijgesteld (zorg)",
    registration="KP 990099", street="Voorbeeldlaan 31", postal_code="7771 ZZ", city="Hardenberg",
    adds="Voedingsadvies in de buurt: samen met de GGD, de fysiotherapeut en de buurtmaaltijd.",
)  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """The same hours every week in the weeks named, counted from the week in which the demo was loaded."""

    party: str
    space: str
    weekday: int
    starts: int
    ends: int
    weeks: tuple[int, ...] = (-5, -4, -3, -2, -1, 0, 1)
    title: str = ""
    persons: int | None = None
    layout: str = ""
    extras: tuple[str, ...] = ()


HABITS = (
    Habit(PHYSIO, "B06", 3, 8, 12),
    Habit(PHYSIO, "B08", 0, 18, 20, (-4, -2, 0, 1), "Valpreventie"),
    Habit(COACH, "B03", 0, 9, 11),
    Habit(PSYCHOLOGIST, "B05", 0, 13, 17),
    Habit(SPEECH, "B04", 1, 13, 17, (-5, -3, -1, 0, 1)),
    Habit(OCCUPATIONAL, "B07", 2, 8, 12),
    Habit(OCCUPATIONAL, "B09", 4, 13, 16, (-4, -2, 0, 1)),
    Habit(ACCARE, "B02", 1, 10, 12, (-5, -3, -1, 0, 1), "Teamoverleg"),
    Habit(GGD, "B01A", 2, 13, 15, title="Inloop jonge ouders"),
    Habit(GGD, "B01", 3, 19, 21, (-3, 1), "Thema-avond opgroeien", 45, Layout.THEATRE, ("beamer", "koffie")),
    Habit(RESTART, "112", 4, 9, 12, (-4, -2, 0, 1), "Sollicitatietraining"),
    Habit(COACH, "111-1", 3, 13, 17, (-2, -1, 0, 1)),
    Habit(PSYCHOLOGIST, "B03", 5, 9, 13, (-2, -1, 0, 1)),
)
DID_NOT_COME = (COACH, -3)
CANCELLED_LATE = (PSYCHOLOGIST, -2)


def load(*, now: datetime) -> None:
    """Make what is missing of the demo. Raises NotEmbedded; without the LOC+ hub nothing happens."""
    if not settings.PLEIN_EMBEDDED:
        raise NotEmbedded
    hub = _hub()
    if hub is None:
        return
    with translation.override("nl"):
        _people(hub, now=now)
        demo_building.furnish(hub)
        _bookings(hub)


def logins() -> list[tuple[str, str, str]]:
    """Role in the active language, e-mail address and password of each demo login that exists."""
    there = set(User.objects.values_list("email", flat=True))
    known = [(_(login.label), login.email) for login in LOGINS]
    known.append((_("applicant (waits for approval)"), APPLICANT.email))
    return [(label, email, PASSWORD) for label, email in known if email in there]


def _hub() -> Hub | None:
    return Hub.objects.filter(parties__name=PHYSIO).order_by("pk").first()


def _people(hub: Hub, *, now: datetime) -> None:
    """The director comes last: their day of joining says that the others are there."""
    if User.objects.filter(email=LOGINS[0].email).exists():
        return
    joining.apply(APPLICANT, hub=hub, now=now)
    for login in reversed(LOGINS):
        party = Party.objects.of_hub(hub).get(name=login.party) if login.party else None
        people.invite(
            email=login.email, name=login.name, role=login.role, hub=hub, party=party, by=None, now=now
        )
    addresses = [login.email for login in LOGINS] + [APPLICANT.email]
    User.objects.filter(email__in=addresses).update(password=make_password(PASSWORD))
    Letter.objects.filter(kind="invitation", to_email__in=addresses).update(sent_at=now)


def _bookings(hub: Hub) -> None:
    loaded_at = User.objects.get(email=LOGINS[0].email).date_joined
    there = set(Booking.objects.of_hub(hub).values_list("idempotency_key", flat=True))
    for habit in HABITS:
        for week, period in _periods(habit, hub, loaded_at=loaded_at):
            key = _key(hub, habit, week)
            if key not in there:
                _live_through(habit, week, period, hub=hub, key=key, loaded_at=loaded_at)


def _periods(habit: Habit, hub: Hub, *, loaded_at: datetime) -> Iterator[tuple[int, Period]]:
    today = loaded_at.astimezone(hub.zone).date()
    monday = today - timedelta(days=today.weekday())
    for week in habit.weeks:
        day = monday + timedelta(weeks=week, days=habit.weekday)
        yield week, on_clock(day, time(habit.starts), time(habit.ends), zone=hub.zone)


def _key(hub: Hub, habit: Habit, week: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"{hub.slug}/{habit.party}/{habit.space}/{habit.weekday}/{week}")


def _live_through(
    habit: Habit, week: int, period: Period, *, hub: Hub, key: UUID, loaded_at: datetime
) -> None:
    """Book it some days ahead, and then what became of it until the demo was loaded."""
    made_at = min(period.start - timedelta(days=5), loaded_at)
    space = Space.objects.select_related("hub").get(hub=hub, code=habit.space)
    party = Party.objects.select_related("rate_group", "hub").get(hub=hub, name=habit.party)
    by = User.objects.filter(memberships__party=party).first() or User.objects.get(email=LOGINS[1].email)
    with pghistory.context(user=by.pk):
        try:
            held = reserving.hold(
                space, period=period, party=party, by=by, title=habit.title, persons=habit.persons,
                wish=_wish(habit, hub), key=key, now=made_at,
            )  # fmt: skip
            booking = reserving.confirm(held, now=made_at)
        except BookingRefused:
            return  # a closed day or a fixed half-day: nobody would have booked there
        _afterwards(booking, (habit.party, week), by=by, loaded_at=loaded_at)
    # these letters would have gone out long ago
    Letter.objects.filter(key__startswith=booking.holder, sent_at=None).update(sent_at=F("due_at"))


def _wish(habit: Habit, hub: Hub) -> Wish:
    """What goes with it, as far as the hub has it."""
    wanted = extras.offered(hub).filter(code__in=habit.extras)
    return Wish(habit.layout, tuple(wanted))


def _afterwards(booking: Booking, which: tuple[str, int], *, by: User, loaded_at: datetime) -> None:
    if which == CANCELLED_LATE and booking.space.code == "B05":
        cancelling.cancel(booking, by=by, now=booking.starts_at - timedelta(hours=3))
    elif booking.starts_at > loaded_at:
        return
    elif which == DID_NOT_COME:
        arriving.no_show(booking, now=booking.ends_at)
    else:
        arriving.arrive(booking, now=booking.starts_at)

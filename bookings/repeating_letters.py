"""The letters about a series: one for all its dates, with one calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation

from bookings import invitation
from bookings.models import Booking, Series
from bookings.repeating_plan import PlannedDate
from bookings.states import BookingState
from bookings.telling import Addressee
from spaces.money import Taxed
from spaces.patterns import Pattern
from tenants.parties import mailing
from tenants.parties.mailing import File
from tenants.parties.models import Role, User


@dataclass(frozen=True)
class Changes:
    """What became of the dates; `cancelled` with the fee of each."""

    moved: Sequence[Booking] = ()
    added: Sequence[Booking] = ()
    cancelled: Sequence[tuple[Booking, Taxed]] = ()
    kept: Sequence[Booking] = ()


def addressee(series: Series) -> Addressee | None:
    """Who the letters go to: the colleague it is for, else the party; None when there is no address."""
    if series.contact is not None:
        return Addressee(series.contact.name, series.contact.email, series.contact.language)
    party = series.party
    return Addressee(party.contact_name or party.name, party.email, party.language) if party.email else None


def made(series: Series, rows: Sequence[Booking], skipped: Sequence[PlannedDate], *, now: datetime) -> None:
    """Owe the confirmation of all dates; for those that wait for approval, also a letter to who answers."""
    asked = [row for row in rows if row.state == BookingState.REQUESTED]
    total = sum(row.gross for row in rows)
    context = {"rows": rows, "skipped": skipped, "asked": asked, "total": total}
    invited = [row for row in rows if row.state == BookingState.CONFIRMED]
    to = addressee(series)
    files = _file(series, invited, to, now=now)
    _to_holder(series, "series_made", fact="made", context=context, files=files, now=now)
    if asked:
        _to_staff(series, "series_requested", [Role.DIRECTOR, Role.RECEPTION], context=context, now=now)


def changed(series: Series, changes: Changes, *, by: User, fact: UUID, now: datetime) -> None:
    """Owe the letter about a change or an end, with the calendar file that puts it right.

    Who answers gets one letter about all the dates that have to be approved now.
    """
    for row in (*changes.moved, *(row for row, _fee in changes.cancelled)):
        mailing.withdraw(f"{row.holder}:reminder:", now=now)
    to = addressee(series)
    standing = [*changes.moved, *changes.added]
    asked = [row for row in standing if row.state == BookingState.REQUESTED]
    invited = [row for row in standing if row.state == BookingState.CONFIRMED] + invitation.sent_of(asked)
    gone = [row for row, _fee in changes.cancelled]
    files = _file(series, [*invited, *gone], to, now=now)
    context = {"changes": changes, "asked": asked, "by": by}
    _to_holder(series, "series_changed", fact=f"changed:{fact}", context=context, files=files, now=now)
    if asked:
        deciders, name = [Role.DIRECTOR, Role.RECEPTION], f"requested:{fact}"
        _to_staff(series, "series_requested", deciders, fact=name, context=context, now=now)


def approved(series: Series, rows: Sequence[Booking], *, now: datetime) -> None:
    """Owe the letter that these dates are booked, with their calendar file; nobody has to answer any more."""
    _requests_are_answered(series, rows, now=now)
    files = _file(series, rows, addressee(series), now=now)
    fact = f"approved:{now:%Y%m%dT%H%M%S}"
    _to_holder(series, "series_approved", fact=fact, context={"rows": rows}, files=files, now=now)


def declined(series: Series, rows: Sequence[Booking], *, reason: str, now: datetime) -> None:
    """Owe the letter that these dates will not be, with the reason; what had been booked goes from the calendar."""
    were_booked = _requests_are_answered(series, rows, now=now)
    files = _file(series, were_booked, addressee(series), now=now)
    fact, context = f"declined:{now:%Y%m%dT%H%M%S}", {"rows": rows, "reason": reason}
    _to_holder(series, "series_declined", fact=fact, context=context, files=files, now=now)


def _requests_are_answered(series: Series, rows: Sequence[Booking], *, now: datetime) -> list[Booking]:
    """Nobody has to answer any more; returns those that had been booked before, and so were asked for one by one."""
    mailing.withdraw(f"series:{series.pk}:requested", now=now)
    were_booked = invitation.sent_of(rows)
    for row in were_booked:
        mailing.withdraw(f"{row.holder}:requested:", now=now)
    return were_booked


def asked_on(series: Series, asked: Sequence[Booking], *, now: datetime) -> None:
    """Owe the letters about dates that came within a year and wait for approval, to its holder and to who answers."""
    day, context = f"{asked[0].original_start:%Y%m%d}", {"asked": asked}
    _to_holder(series, "series_goes_on", fact=f"goes-on:{day}", context=context, now=now)
    deciders, name = [Role.DIRECTOR, Role.RECEPTION], f"requested:{day}"
    _to_staff(series, "series_requested", deciders, fact=name, context=context, now=now)


def could_not_take(series: Series, dates: Sequence[PlannedDate], *, now: datetime) -> None:
    """Owe the letter about dates that came within a year and were not free, to its holder and the directors."""
    fact = f"clash:{dates[0].regular.start:%Y%m%d}"
    context = {"dates": dates}
    _to_holder(series, "series_clash", fact=fact, context=context, now=now)
    _to_staff(series, "series_clash_staff", [Role.DIRECTOR], fact=fact, context=context, now=now)


def _to_holder(
    series: Series,
    kind: str,
    *,
    fact: str,
    context: dict[str, Any],
    files: Sequence[File] = (),
    now: datetime,
) -> None:
    to = addressee(series)
    if to is not None:
        _post(series, kind, key=f"series:{series.pk}:{fact}", to=to, context=context, files=files, now=now)


def _to_staff(
    series: Series,
    kind: str,
    roles: Sequence[Role],
    *,
    fact: str = "requested",
    context: dict[str, Any],
    now: datetime,
) -> None:
    here = User.objects.filter(memberships__hub=series.hub, memberships__role__in=roles, is_active=True)
    for user in here.distinct().order_by("pk"):
        to = Addressee(user.name, user.email, user.language)
        _post(series, kind, key=f"series:{series.pk}:{fact}:{user.pk}", to=to, context=context, now=now)


def _post(
    series: Series,
    kind: str,
    *,
    key: str,
    to: Addressee,
    context: dict[str, Any],
    files: Sequence[File] = (),
    now: datetime,
) -> None:
    with translation.override(to.language):
        words = Pattern.from_json(series.pattern).words
    shared = {
        "series": series,
        "to": to,
        "words": words,
        "link": mailing.link(reverse("series", args=[series.pk])),
    }
    mailing.post(
        key=key, kind=kind, hub=series.hub, party=series.party, to_email=to.email, to_name=to.name,
        language=to.language, context=shared | context, attachments=files, due_at=now,
    )  # fmt: skip


def _file(series: Series, rows: Sequence[Booking], to: Addressee | None, *, now: datetime) -> list[File]:
    """One calendar file with an event for each date, published: a request may speak of one event only (RFC 5546)."""
    if not rows or to is None:
        return []
    with translation.override(to.language):
        content = invitation.ics_of(rows, now=now)
    return [File("reeks.ics", invitation.CONTENT_TYPE.format(method="PUBLISH"), content)]

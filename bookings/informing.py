"""The letters about a time that is not booked yet: options and who asks for one, requests, offers to who waits."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation

from bookings import invitation, telling
from bookings.models import Booking, Challenge
from bookings.telling import Addressee
from tenants.billing.models import OnlinePayment
from tenants.parties import mailing
from tenants.parties.mailing import File
from tenants.parties.models import Membership, Role, User

DECIDERS = [Role.DIRECTOR, Role.RECEPTION]
"""Who answers a request."""


def option_taken(booking: Booking, *, now: datetime) -> None:
    """Owe the letter that says until when the time is kept."""
    _to_its_people(booking, "option_taken", fact=f"option:{_until(booking)}", now=now)


def option_reminder(booking: Booking, *, now: datetime) -> None:
    """Owe the letter of the day before; useless once the option has ended."""
    fact = f"option-reminder:{_until(booking)}"
    _to_its_people(booking, "option_reminder", fact=fact, useless_after=booking.held_until, now=now)


def option_asked(challenge: Challenge, *, now: datetime) -> None:
    """Owe both letters: to the holder, who has until `due_at`, and to who asked."""
    option, fact = challenge.option, f"asked:{challenge.pk}"
    context = {"due_at": challenge.due_at}
    _to_its_people(
        option, "option_asked", fact=fact, context=context, useless_after=challenge.due_at, now=now
    )
    _to_who_asked(challenge, "option_asked_by_you", context=context, now=now)


def option_kept(challenge: Challenge, *, now: datetime) -> None:
    """Owe the letter to who asked: the holder has booked it."""
    _to_who_asked(challenge, "option_kept", now=now)


def option_no_longer_asked(challenge: Challenge, *, now: datetime) -> None:
    """Owe the letter to who has the option: nobody asks for it any more. Who never heard of it need not."""
    option = challenge.option
    mailing.withdraw(f"{option.holder}:option_asked_by_you:{challenge.pk}", now=now)
    if not mailing.withdraw(f"{option.holder}:asked:{challenge.pk}", now=now):
        _to_its_people(option, "option_no_longer_asked", fact=f"no-longer-asked:{challenge.pk}", now=now)


def option_lost(challenge: Challenge, *, now: datetime) -> None:
    """Owe the letter to who asked: the option has gone, but the time cannot be kept for them."""
    _to_who_asked(challenge, "option_lost", now=now)


def option_ended(booking: Booking, *, let_go: bool, now: datetime) -> None:
    """Owe the letter to who had the option: it ended by itself, or they let it go."""
    mailing.withdraw(f"{booking.holder}:option-reminder:", now=now)
    fact = f"option-ended:{_until(booking)}"
    _to_its_people(booking, "option_ended", fact=fact, context={"let_go": let_go}, now=now)


def offered(booking: Booking, *, why: str, now: datetime) -> None:
    """Owe the letter with the link to claim a time; `why` is "option" or "waiting". Useless once the hold has ended."""
    context = {"why": why}
    _to_its_people(
        booking, "time_offered", fact="offered", context=context, useless_after=booking.held_until, now=now
    )


def requested(booking: Booking, *, now: datetime) -> None:
    """Owe the letter to who asked, and one to each person who may answer. What was booked becomes uncertain."""
    fact = f"requested:{booking.sequence}"
    files = _put_right(booking, method="REQUEST", now=now)
    _to_its_people(booking, "request_received", fact=fact, files=files, now=now)
    link = mailing.link(reverse("requests"))
    for user in deciders(booking):
        to = Addressee(user.name, user.email, user.language)
        _post(
            booking, "request_new", key=f"{fact}:{user.pk}", to=to, link=link,
            useless_after=booking.starts_at, now=now,
        )  # fmt: skip


def approved(booking: Booking, *, now: datetime) -> None:
    """Owe the letter that the booking is made, with an invitation for the calendar."""
    _request_is_answered(booking, now=now)
    to = telling.addressee(booking)
    files = [_invitation(booking, to, method="REQUEST", now=now)] if to else []
    fact = f"approved:{booking.sequence}"
    _to_its_people(booking, "request_approved", fact=fact, files=files, now=now)


def declined(booking: Booking, *, now: datetime) -> None:
    """Owe the letter that it will not be, with the reason; what was booked goes from the calendar."""
    _request_is_answered(booking, now=now)
    files = _put_right(booking, method="CANCEL", now=now)
    link = mailing.link(reverse("book"))
    fact, to = f"declined:{booking.sequence}", telling.addressee(booking)
    _post(booking, "request_declined", key=fact, to=to, link=link, files=files, now=now)


def withdrawn(booking: Booking, *, now: datetime) -> None:
    """Nobody has to answer any more."""
    _request_is_answered(booking, now=now)


def paid_too_late(booking: Booking, payment: OnlinePayment, *, now: datetime) -> None:
    """Owe who paid the letter that the time had gone and the money comes back, and each director one to know it."""
    fact, context = f"paid-too-late:{payment.pk}", {"amount": payment.amount, "payer": payment.email}
    payer = Addressee(payment.party.contact_name or payment.party.name, payment.email, payment.language)
    link = mailing.link(reverse("book"))
    _post(booking, "paid_too_late", key=fact, to=payer, link=link, context=context, now=now)
    here = User.objects.filter(
        memberships__hub=booking.hub_id, memberships__role=Role.DIRECTOR, is_active=True
    )
    for user in here.distinct().order_by("pk"):
        to = Addressee(user.name, user.email, user.language)
        link = mailing.link(reverse("credits"))
        _post(
            booking,
            "paid_too_late_staff",
            key=f"{fact}:{user.pk}",
            to=to,
            link=link,
            context=context,
            now=now,
        )


def deciders(booking: Booking) -> list[User]:
    """Who may answer a request for this booking."""
    here = User.objects.filter(memberships__hub=booking.hub_id, memberships__role__in=DECIDERS)
    return list(here.filter(is_active=True).distinct().order_by("pk"))


def _request_is_answered(booking: Booking, *, now: datetime) -> None:
    mailing.withdraw(f"{booking.holder}:requested:", now=now)


def _to_its_people(booking: Booking, kind: str, *, fact: str, **more: Any) -> None:
    """To who is to use the room; the link is that of the page where they decide, or look."""
    _post(booking, kind, key=fact, to=telling.addressee(booking), link=_page_of(booking), **more)


def _to_who_asked(
    challenge: Challenge, kind: str, *, context: dict[str, Any] | None = None, **more: Any
) -> None:
    option, user = challenge.option, challenge.user
    to: Addressee | None = Addressee(user.name, user.email, user.language)
    if not Membership.objects.filter(user=user, party=challenge.party).exists():
        party = challenge.party
        to = Addressee(party.contact_name or party.name, party.email, party.language) if party.email else None
    own = {"party": challenge.party, **(context or {})}
    key = f"{kind}:{challenge.pk}"
    _post(option, kind, key=key, to=to, link=mailing.link(reverse("book")), context=own, **more)


def _put_right(booking: Booking, *, method: str, now: datetime) -> list[File]:
    """The file that changes the entry in their calendar; nothing when they never got one."""
    to = telling.addressee(booking)
    return [_invitation(booking, to, method=method, now=now)] if to and invitation.was_sent(booking) else []


def _invitation(booking: Booking, to: Addressee, *, method: str, now: datetime) -> File:
    with translation.override(to.language):
        content = invitation.ics(booking, method=method, attendee=to.email, now=now)
    return File(f"{booking.code}.ics", invitation.CONTENT_TYPE.format(method=method), content)


def _until(booking: Booking) -> str:
    return f"{booking.held_until:%Y%m%dT%H%M}"


def _page_of(booking: Booking) -> str:
    return mailing.link(reverse("booking-check", args=[booking.pk]))


def _post(
    booking: Booking,
    kind: str,
    *,
    key: str,
    to: Addressee | None,
    link: str,
    context: dict[str, Any] | None = None,
    useless_after: datetime | None = None,
    files: list[File] | None = None,
    now: datetime,
) -> None:
    if to is None:
        return
    more = context or {}
    mailing.post(
        key=f"{booking.holder}:{key}", kind=kind, hub=booking.hub, party=more.get("party", booking.party),
        to_email=to.email, to_name=to.name, language=to.language,
        context={"booking": booking, "to": to, "link": link} | more,
        attachments=files or (), due_at=now, useless_after=useless_after,
    )  # fmt: skip

"""Days by which somebody has to decide about a lease: told to the directors three months and one month before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from spaces.models import Hub
from tenants.leases.contracts import standing
from tenants.leases.models import Lease
from tenants.leases.notice import months_before, notice_by
from tenants.parties import mailing
from tenants.parties.models import Role, User

MONTHS = (1, 3)
"""A letter goes out so many months before; the nearest first."""


class What(StrEnum):
    """What has to be decided, or ends."""

    NOTICE = "notice"
    BREAK_NOTICE = "break_notice"
    END = "end"
    GUARANTEE = "guarantee"


WORDS = {
    What.NOTICE: gettext_noop("last day to give notice"),
    What.BREAK_NOTICE: gettext_noop("last day to give notice for ending early"),
    What.END: gettext_noop("the lease ends"),
    What.GUARANTEE: gettext_noop("the bank guarantee expires"),
}


@dataclass(frozen=True, order=True)
class Deadline:
    """A day of a lease; `about` is the day that it decides: the end that notice is given for."""

    on: date
    number: str
    what: What
    about: date
    lease: Lease

    @property
    def words(self) -> str:
        return gettext(WORDS[self.what])

    @property
    def key(self) -> str:
        """Names the deadline for the letters: another day is another deadline."""
        return f"deadline:{self.lease.pk}:{self.what}:{self.on:%Y%m%d}:{self.about:%Y%m%d}"


def of_lease(lease: Lease, *, today: date) -> list[Deadline]:
    """The deadlines of a lease (read with everything) from `today` on, the nearest first. No query."""
    found = sorted(each for each in _all(lease, today) if each[0] >= today)
    return [Deadline(on, lease.number, what, about, lease) for on, what, about in found]


def of_hub(hub: Hub, *, today: date) -> list[Deadline]:
    """All deadlines of the leases of `hub` from `today` on, the nearest first. A constant number of queries."""
    leases = standing.with_everything(Lease.objects.of_hub(hub))
    return sorted(each for lease in leases for each in of_lease(lease, today=today))


def tell(*, now: datetime) -> int:
    """Owe the directors of each hub a letter about each deadline that is near; returns how many new letters.

    Three months and one month before, once each: missed days are made up for, and who is late for the first letter
    gets only the second.
    """
    return sum(_tell(hub, now=now) for hub in Hub.objects.order_by("pk"))


@transaction.atomic(durable=True)
def _tell(hub: Hub, *, now: datetime) -> int:
    today = now.astimezone(hub.zone).date()
    near = [(each, months) for each in of_hub(hub, today=today) if (months := _near(each, today))]
    if not near:
        return 0
    directors = User.objects.filter(memberships__hub=hub, memberships__role=Role.DIRECTOR, is_active=True)
    people = list(directors.distinct().order_by("pk"))
    return sum(_post(each, months, people, now=now) for each, months in near)


def _near(deadline: Deadline, today: date) -> int:
    """How many months before it this is (1 or 3), or 0: still far away."""
    return next((months for months in MONTHS if months_before(deadline.on, months) <= today), 0)


def _post(deadline: Deadline, months: int, people: Iterable[User], *, now: datetime) -> int:
    lease, made = deadline.lease, 0
    for user in people:
        letter = mailing.post(
            key=f"{deadline.key}:{months}:{user.pk}", kind="lease_deadline", hub=lease.hub, party=lease.party,
            to_email=user.email, to_name=user.name, language=user.language, due_at=now,
            context={
                "deadline": deadline, "lease": lease, "what": deadline.what.value,
                "link": mailing.link(reverse("lease", args=[lease.pk])),
            },
        )  # fmt: skip
        made += letter.due_at == now
    return made


def _all(lease: Lease, today: date) -> Iterable[tuple[date, What, date]]:
    terms = standing.terms_of(lease, today)
    last = lease.ends_on
    if last is not None:
        yield last, What.END, last
        by = notice_by(last, months=terms.notice_months if terms else 0)
        if by is not None and by < last:
            yield by, What.NOTICE, last
    for row in lease.breaks.all():
        if last is None or row.ends_on < last:
            yield months_before(row.ends_on, row.notice_months), What.BREAK_NOTICE, row.ends_on
    for held in lease.securities.all():
        if held.expires_on and held.returned_on is None:
            yield held.expires_on, What.GUARANTEE, held.expires_on

"""All that must always be true, from every floor: looked at by hand, each night, and after every fault test."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext

from bookings import invariants as of_bookings
from config.models import Control
from spaces import invariants as of_spaces
from spaces.invariants import Invariant, Looked
from spaces.models import Hub
from tenants.billing import invariants as of_billing
from tenants.billing.banking import invariants as of_the_bank
from tenants.billing.books import invariants as of_books
from tenants.billing.dunning import invariants as of_collecting
from tenants.billing.online import collecting_invariants as of_collecting_online
from tenants.billing.online import invariants as of_paying_online
from tenants.leases import invariants as of_leases
from tenants.parties import invariants as of_parties
from tenants.parties import mailing
from tenants.parties.models import Role, User

FLOORS = (
    of_spaces,
    of_parties,
    of_billing,
    of_the_bank,
    of_books,
    of_collecting,
    of_paying_online,
    of_collecting_online,
    of_leases,
    of_bookings,
)
SHOWN = 20
"""Lines about one invariant that people are shown; all are counted."""


class Answer(NamedTuple):
    """One invariant and what was found."""

    invariant: Invariant
    looked: Looked

    @property
    def words(self) -> str:
        """In the active language."""
        return gettext(self.invariant.words)

    @property
    def shown(self) -> list[str]:
        return self.looked.broken[:SHOWN]


def invariants() -> Iterator[Invariant]:
    """Every invariant there is, from the ground up."""
    for floor in FLOORS:
        yield from floor.INVARIANTS


def look(*, now: datetime) -> list[Answer]:
    """The answer of each invariant, inside the transaction of the caller."""
    return [Answer(invariant, invariant.look(now)) for invariant in invariants()]


def control(*, now: datetime) -> list[Answer]:
    """Look at everything in one snapshot, so that what happens meanwhile breaks nothing; remember what was found."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        answers = look(now=now)
    broken = {answer.invariant.words: len(answer.looked.broken) for answer in answers if answer.looked.broken}
    Control.objects.update_or_create(name=Control.LAST, defaults={"looked_at": now, "broken": broken})
    return answers


def nightly(*, now: datetime) -> int:
    """`control`, and tell the directors when something is broken that was not the time before; returns how many are."""
    before = Control.objects.filter(name=Control.LAST).values_list("broken", flat=True).first() or {}
    broken = [answer for answer in control(now=now) if answer.looked.broken]
    if any(answer.invariant.words not in before for answer in broken):
        _tell(broken, now=now)
    return len(broken)


@transaction.atomic(durable=True)
def _tell(broken: Sequence[Answer], *, now: datetime) -> None:
    for hub in Hub.objects.order_by("pk"):
        directors = User.objects.filter(memberships__hub=hub, memberships__role=Role.DIRECTOR).distinct()
        for director in directors:
            with translation.override(director.language):
                context = {"broken": [(answer.words, len(answer.looked.broken)) for answer in broken]}
            mailing.post(
                key=f"control:{now:%Y-%m-%dT%H:%M}:{hub.pk}:{director.pk}", kind="control_broken", hub=hub,
                to_email=director.email, to_name=director.name, language=director.language, context=context, due_at=now,
            )  # fmt: skip

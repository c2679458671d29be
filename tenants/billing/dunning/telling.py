"""Telling the bookkeeper that letters are due: a person looks at each before it goes out."""

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from spaces.models import Hub
from spaces.money import total
from tenants.billing.dunning import charging_costs, proposing
from tenants.parties import mailing
from tenants.parties.models import Letter, Role, User


def tell(*, now: datetime) -> int:
    """Owe the bookkeepers of each hub a letter about what is new to send or to charge; returns how many letters.

    The same list is told once, however often this runs.
    """
    return sum(
        _tell(hub, today=now.astimezone(hub.zone).date(), now=now) for hub in Hub.objects.order_by("pk")
    )


@transaction.atomic(durable=True)
def _tell(hub: Hub, *, today: date, now: datetime) -> int:
    letters, costs = proposing.letters(hub, today=today), charging_costs.ready(hub, today=today)
    if not letters and not costs:
        return 0
    names = [f"{each.key}:{item.receivable.pk}" for each in letters for item in each.items]
    names += [f"costs:{each.about.pk}" for each in costs]
    digest = hashlib.sha256("|".join(sorted(names)).encode()).hexdigest()[:24]
    people = User.objects.filter(memberships__hub=hub, memberships__role=Role.BOOKKEEPER, is_active=True)
    context = {
        "letters": letters, "costs": costs, "amount": total(each.amount for each in letters),
        "link": mailing.link(reverse("dunning")),
    }  # fmt: skip
    keys = {user: f"dunning-due:{hub.pk}:{user.pk}:{digest}" for user in people.distinct().order_by("pk")}
    told = set(Letter.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    for user, key in keys.items():
        mailing.post(
            key=key, kind="dunning_due", hub=hub, to_email=user.email, to_name=user.name, language=user.language,
            context=context, due_at=now,
        )  # fmt: skip
    return len(keys) - len(told)

"""Sending letters of the ladder: each step once for each receivable, exactly as the bookkeeper saw it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from spaces.models import Hub
from tenants.billing import allocating
from tenants.billing.dunning import letter, proposing
from tenants.billing.dunning.proposing import Proposed
from tenants.billing.dunning.refusals import Changed, DunningRefused
from tenants.billing.models import Reminder
from tenants.parties import mailing
from tenants.parties.mailing import File
from tenants.parties.models import User


@dataclass
class Sent:
    """How many letters went out, how many of them have to be printed, and which were refused."""

    letters: int = 0
    on_paper: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def send_all(hub: Hub, wanted: Mapping[str, str], *, by: User, now: datetime) -> Sent:
    """Send the letters with these keys as long as they say what was seen (key → digest); each is its own transaction.

    What changed meanwhile is refused by name; the others go out.
    """
    today, done = now.astimezone(hub.zone).date(), Sent()
    found = {each.key: each for each in proposing.letters(hub, today=today)}
    for key, seen in wanted.items():
        each = found.get(key)
        if each is None or each.seen != seen:
            done.refused.append(each.party.name if each else "")
            continue
        try:
            send(each, by=by, now=now)
        except DunningRefused:
            done.refused.append(each.party.name)
        else:
            done.letters += 1
            done.on_paper += [] if each.party.email else [each.party.name]
    return done


def send(proposed: Proposed, *, by: User, now: datetime) -> list[Reminder]:
    """Store the step for each receivable and owe the party the letter with its PDF; without an e-mail address only the
    step: somebody prints it.

    Raises Changed when it is not exactly what is due now; of two at once one is refused.
    """
    paper = letter.paper(proposed)
    return _stored(proposed, paper, by=by, now=now)


@transaction.atomic(durable=True)
def _stored(proposed: Proposed, paper: File, *, by: User, now: datetime) -> list[Reminder]:
    party, hub = proposed.party, proposed.party.hub
    allocating.hold(item.receivable for item in proposed.items)
    due = {each.key: each for each in proposing.letters(hub, today=proposed.sent_on, party=party)}
    if proposed.key not in due or due[proposed.key].seen != proposed.seen:
        raise Changed
    key = f"dunning:{proposed.kind}:{party.pk}:{proposed.items[0].receivable.pk}"
    rows = Reminder.objects.bulk_create(
        Reminder(
            receivable=item.receivable, kind=proposed.kind, sent_on=proposed.sent_on, open_amount=item.open_amount,
            costs=costs, pay_by=proposed.pay_by, letter_key=key, by=by, at=now,
        )
        for item, costs in zip(proposed.items, proposed.shares, strict=True)
    )  # fmt: skip
    if party.email:
        mailing.post_words(
            letter.words(proposed), key=key, kind="dunning", hub=hub, to_email=party.email,
            to_name=party.contact_name or party.name, party=party, language=party.language, attachments=[paper],
            due_at=now,
        )  # fmt: skip
    return rows

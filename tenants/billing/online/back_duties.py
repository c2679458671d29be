"""What there is to do today about money that goes back online, or was taken back. Nothing is written here."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub
from spaces.money import total
from tenants.billing.duties import Duty
from tenants.billing.online import back_seen
from tenants.billing.online.back_seen import Taken


def today(hub: Hub, *, now: datetime) -> Iterator[Duty]:
    """Disputes first: they have a last day."""
    url = reverse("credits")
    yield from _disputes(hub, url)
    if failed := back_seen.refused(hub):
        why = _("%(amount)s of %(party)s is the first. Try it once more, or transfer it to an account.") % {
            "amount": wording.euro(failed[0].refund.amount), "party": failed[0].refund.party.name
        }  # fmt: skip
        yield Duty(len(failed), _("Refunds that could not go back as they were paid"), why, url)
    if made := back_seen.made_at_stripe(hub):
        why = _("%(amount)s to %(party)s is the first. Credit what it had paid, or collect it.") % {
            "amount": wording.euro(made[0].refund.amount), "party": made[0].refund.online.party.name
        }  # fmt: skip
        yield Duty(len(made), _("Refunds that were made in Stripe's dashboard"), why, url)
    if late := back_seen.too_long(hub, now=now):
        amount = wording.euro(total(each.refund.amount for each in late))
        why = _("%(amount)s together is longer on its way than banks take. Ask Stripe.") % {"amount": amount}
        yield Duty(len(late), _("Refunds that take too long"), why, url)


def _disputes(hub: Hub, url: str) -> Iterator[Duty]:
    found = back_seen.disputes(hub)
    if answer := [each for each in found if each.to_answer]:
        yield Duty(len(answer), _("Disputed payments to answer"), _first(answer[0]), url)
    if decided := [each for each in found if not each.is_undecided]:
        names = ", ".join(dict.fromkeys(each.dispute.online.party.name for each in decided))
        why = _("Look what is open again: %(names)s.") % {"names": names}
        yield Duty(len(decided), _("Payments that a bank took back, or gave again"), why, url)


def _first(each: Taken) -> str:
    facts = {"amount": wording.euro(each.dispute.amount), "party": each.dispute.online.party.name}
    if each.dispute.answer_by is None:
        return _("%(amount)s of %(party)s. Answer it in Stripe's dashboard.") % facts
    day = wording.calendar_date(each.dispute.answer_by.astimezone(each.dispute.hub.zone).date())
    words = _("%(amount)s of %(party)s is the first. Answer it in Stripe's dashboard before %(day)s.")
    return words % (facts | {"day": day})

"""What there is to do today about money that goes back online, or was taken back. Nothing is written here."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
        words = ngettext(
            "Refund that could not go back as it was paid",
            "Refunds that could not go back as they were paid",
            len(failed),
        )
        yield Duty(len(failed), words, why, url)
    if made := back_seen.made_at_stripe(hub):
        why = _("%(amount)s to %(party)s is the first. Credit what it had paid, or collect it.") % {
            "amount": wording.euro(made[0].refund.amount), "party": made[0].refund.online.party.name
        }  # fmt: skip
        words = ngettext(
            "Refund that was made in Stripe's dashboard",
            "Refunds that were made in Stripe's dashboard",
            len(made),
        )
        yield Duty(len(made), words, why, url)
    if late := back_seen.too_long(hub, now=now):
        amount = wording.euro(total(each.refund.amount for each in late))
        why = _("%(amount)s together is longer on its way than banks take. Ask Stripe.") % {"amount": amount}
        words = ngettext("Refund that takes too long", "Refunds that take too long", len(late))
        yield Duty(len(late), words, why, url)


def _disputes(hub: Hub, url: str) -> Iterator[Duty]:
    found = back_seen.disputes(hub)
    if answer := [each for each in found if each.to_answer]:
        words = ngettext("Disputed payment to answer", "Disputed payments to answer", len(answer))
        yield Duty(len(answer), words, _first(answer[0]), url)
    if decided := [each for each in found if not each.is_undecided]:
        names = ", ".join(dict.fromkeys(each.dispute.online.party.name for each in decided))
        why = _("Look what is open again: %(names)s.") % {"names": names}
        words = ngettext(
            "Payment that a bank took back, or gave again",
            "Payments that a bank took back, or gave again",
            len(decided),
        )
        yield Duty(len(decided), words, why, url)


def _first(each: Taken) -> str:
    facts = {"amount": wording.euro(each.dispute.amount), "party": each.dispute.online.party.name}
    if each.dispute.answer_by is None:
        return _("%(amount)s of %(party)s. Answer it in Stripe's dashboard.") % facts
    day = wording.calendar_date(each.dispute.answer_by.astimezone(each.dispute.hub.zone).date())
    words = _("%(amount)s of %(party)s is the first. Answer it in Stripe's dashboard before %(day)s.")
    return words % (facts | {"day": day})

"""What the bookkeeper has to do today: each with how many, why, and where it is done. Nothing is written here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.models import Hub
from tenants.billing import duties as of_billing
from tenants.billing.dunning import duties as of_dunning
from tenants.billing.duties import Duty
from tenants.billing.online import back_duties as of_going_back
from tenants.billing.online import collecting_duties as of_collecting
from tenants.leases import deadlines
from tenants.leases.deadlines import What
from tenants.leases.indexing import proposing, watching
from tenants.leases.models import Security, ServiceAdvance, Settlement, SettlementState
from tenants.leases.notice import months_before

SECURITY_MONTHS = 3
"""So long before a bank guarantee expires it is time to ask for a new one."""


@dataclass(frozen=True)
class Look:
    """At which hub, when."""

    hub: Hub
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.hub.zone).date()


def today(hub: Hub, *, now: datetime) -> list[Duty]:
    """Everything there is to do, what comes first first; nothing: an empty list. A constant number of queries."""
    look = Look(hub, now)
    of_money = [of_billing, of_going_back, of_dunning, of_collecting]
    return [duty for each in of_money for duty in each.today(hub, now=now)] + [
        duty for find in OF_LEASES for duty in find(look)
    ]


def _indexations(look: Look) -> Iterator[Duty]:
    """Days that came near, or went by."""
    for moment in proposing.moments(look.hub, now=look.now):
        if moment.on > look.today + watching.READY_AHEAD:
            continue
        url = reverse("indexing-day", args=[moment.on.isoformat()])
        day = wording.calendar_date(moment.on)
        if moment.ready:
            words = ngettext("Rent to index on %(day)s", "Rents to index on %(day)s", moment.ready)
            why = _("The figures are there. The director decides; look whether the calculation is right.")
            yield Duty(moment.ready, words % {"day": day}, why, url)
        if moment.missing:
            waiting = len(moment.rows) - moment.ready
            words = ngettext(
                "Rent of which the indexation on %(day)s waits",
                "Rents of which the indexation on %(day)s waits",
                waiting,
            )
            yield Duty(waiting, words % {"day": day}, " ".join(moment.missing), url)


def _settlement(look: Look) -> Iterator[Duty]:
    """Last year's, when anybody paid in advance then."""
    year = look.today.year - 1
    paid = ServiceAdvance.objects.filter(lease__hub=look.hub, lease__charged_from__lte=date(year, 12, 31))
    paid = paid.filter(starts_on__lte=date(year, 12, 31)).exclude(ends_on__lt=date(year, 1, 1))
    leases = paid.values("lease").distinct().count()
    done = Settlement.objects.filter(hub=look.hub, year=year, state=SettlementState.APPROVED)
    if leases and not done.exists():
        words = ngettext(
            "Lease with service costs of %(year)s to settle",
            "Leases with service costs of %(year)s to settle",
            leases,
        )
        why = _("They paid in advance for that year. Enter the bills, then make the settlement.")
        yield Duty(leases, words % {"year": year}, why, reverse("settlement", args=[year]))


def _guarantees(look: Look) -> Iterator[Duty]:
    near = [
        each
        for each in deadlines.of_hub(look.hub, today=look.today)
        if each.what == What.GUARANTEE and months_before(each.on, SECURITY_MONTHS) <= look.today
    ]
    if near:
        why = _("The first one: %(lease)s of %(party)s, on %(day)s. Ask for a new one.") % {
            "lease": near[0].number, "party": near[0].lease.party.name, "day": wording.calendar_date(near[0].on)
        }  # fmt: skip
        words = ngettext(
            "Bank guarantee that expires within three months",
            "Bank guarantees that expire within three months",
            len(near),
        )
        yield Duty(len(near), words, why, reverse("deadlines"))


def _deposits(look: Look) -> Iterator[Duty]:
    held = Security.objects.filter(lease__hub=look.hub, lease__ends_on__lt=look.today, returned_on=None)
    rows = list(held.exclude(received_on=None).select_related("lease__party").order_by("lease__ends_on"))
    if rows:
        first = rows[0].lease
        why = _("The lease is over. The first one: %(lease)s of %(party)s. See whether anything is still owed.") % {
            "lease": first.number, "party": first.party.name
        }  # fmt: skip
        words = ngettext(
            "Deposit or guarantee to give back", "Deposits and guarantees to give back", len(rows)
        )
        yield Duty(len(rows), words, why, reverse("lease", args=[first.pk]))


OF_LEASES: tuple[Callable[[Look], Iterator[Duty]], ...] = (_indexations, _settlement, _guarantees, _deposits)

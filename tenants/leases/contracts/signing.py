"""A new lease, from the answers of the wizard."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_noop

from spaces.explaining import sentence
from spaces.models import Hub
from spaces.periods import DAY
from tenants.leases.contracts import changing_extras, changing_rooms, changing_terms
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.refusals import NoRooms, NumberTaken, PartsNotOne
from tenants.leases.hub_import.agreed import first_charged
from tenants.leases.models import Lease, LeaseTerms
from tenants.parties.models import Party, User


def sign(hub: Hub, told: Answers, *, by: User, now: datetime) -> Lease:
    """Store a lease with all its terms; claims nothing yet. Raises LeaseRefused and its kinds."""
    if Lease.objects.filter(hub=hub, number=told.text("number")).exists():
        raise NumberTaken(told.text("number"))
    rooms, payers = told.rooms(), told.payers()
    party = Party.objects.of_hub(hub).filter(pk=payers[0][0]).first() if payers else None
    if party is None:
        raise PartsNotOne
    if not rooms:
        raise NoRooms
    lease = Lease.objects.create(
        hub=hub, party=party, number=told.text("number"), starts_on=told.first_day(), ends_on=told.day("ends_on"),
        charged_from=_charged_from(hub, told, now=now), note=told.text("note"),
    )  # fmt: skip
    changing_rooms.add(lease, rooms, first=lease.starts_on)
    changing_extras.share(lease, payers, first=lease.starts_on)
    _terms(lease, told, area=sum(rooms.values(), Decimal(0)), by=by, now=now)
    _extras(lease, told, by=by, now=now)
    return lease


def _terms(lease: Lease, told: Answers, *, area: Decimal, by: User, now: datetime) -> None:
    parties = Party.objects.filter(pk__in=[pk for pk, _part in told.payers()])
    values = changing_terms.indexed(told) | changing_terms.agreed(told) | changing_terms.taxed(told, parties)
    first = LeaseTerms.objects.create(
        lease=lease, starts_on=lease.starts_on, kind=LeaseTerms.Kind.SIGNED, area_m2=area,
        explanation=sentence(gettext_noop("As signed")), notice_months=told.number("notice_months"),
        price_level_on=told.day("price_level_on") or lease.starts_on, made_by=by, made_at=now,
        **values | changing_terms.priced(told, area),
    )  # fmt: skip
    for step in told.rows("steps"):
        changing_terms.price(lease, _step(step, leading=first.leading), by=by, now=now)


def _step(step: Answers, *, leading: str) -> Answers:
    """A row of the wizard as the answers of the deed that agrees a rent."""
    return Answers(
        {
            "starts_on": step.text("from"),
            "amount": step.text("yearly"),
            "per": changing_terms.YEAR,
            "leading": leading,
            "agreed": LeaseTerms.Kind.STEP,
        }
    )


def _extras(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    changing_extras.pay_ahead(lease, told.advances(), first=lease.starts_on)
    first: date = lease.starts_on
    for row in told.rows("discounts"):  # each goes on where the one before it ends
        last = row.first_day("until")
        changing_extras.less(lease, first, last, row.amount("percentage") or Decimal(100))
        first = last + DAY
    if told.amount("security_amount"):
        changing_extras.security(lease, told, by=by, now=now)
    if told.day("break_on"):
        changing_extras.add_break(lease, told, by=by, now=now)


def _charged_from(hub: Hub, told: Answers, *, now: datetime) -> date:
    """Its first day; of a lease that runs already the first period that has not begun: the old books have the rest."""
    started = told.first_day()
    if started >= now.astimezone(hub.zone).date().replace(day=1):
        return started
    return max(started, first_charged(hub, invoicing=told.text("invoicing"), now=now))

"""What the demo sets up in the building: layouts, extras, time to clean, and two rules."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from bookings import stocking
from spaces.models import BookingRule, Extra, Hub, Layout, Space, SpaceKind, SpaceLayout
from spaces.money import VatTreatment

LAYOUTS: Sequence[tuple[str, str, int, int]] = (
    ("B01", Layout.THEATRE, 60, 30), ("B01", Layout.SCHOOL, 40, 30), ("B01", Layout.SQUARE, 30, 30),
    ("B01A", Layout.THEATRE, 30, 15), ("B01A", Layout.BOARDROOM, 14, 0),
    ("B01B", Layout.THEATRE, 28, 15), ("B01B", Layout.BOARDROOM, 12, 0),
)  # fmt: skip
"""Space, layout, persons, minutes to set up."""
CLEANED = ("B01", 15)
OWN_SERVICE = "zelfstandige dienst, los van de ruimte"
LOW_RATE = "eten en drinken: 9 % (Tabel I, a.1)"
LONGEST_MEETING = 12 * 60


@transaction.atomic
def furnish(hub: Hub) -> None:
    """Set it up once: a hub that has an extra already is left as its people keep it."""
    if hub.extras.exists():
        return
    spaces = {space.code: space for space in Space.objects.of_hub(hub).bookable()}
    code, minutes = CLEANED
    Space.objects.of_hub(hub).filter(code=code).update(cleanup_minutes=minutes)
    SpaceLayout.objects.bulk_create(
        SpaceLayout(space=spaces[code], layout=layout, capacity=persons, setup_minutes=setup)
        for code, layout, persons, setup in LAYOUTS
        if code in spaces
    )
    _extras(hub)
    _rules(hub)


def _extras(hub: Hub) -> None:
    coffee = _extra(hub, "koffie", "Koffie en thee", "Coffee and tea", per=Extra.Per.PERSON, price="2.75")
    coffee.vat_rate, coffee.vat_reason, coffee.lead_minutes = Decimal(9), LOW_RATE, 24 * 60
    beamer = _extra(hub, "beamer", "Beamer", "Projector", per=Extra.Per.BOOKING, price="15.00")
    stocking.add(coffee, pieces=0)
    stocking.add(beamer, pieces=2)


def _extra(hub: Hub, code: str, name_nl: str, name_en: str, *, per: str, price: str) -> Extra:
    return Extra(
        hub=hub, code=code, name_nl=name_nl, name_en=name_en, per=per, price=Decimal(price), vat_rate=Decimal(21),
        vat_treatment=VatTreatment.SERVICE_OWN, vat_reason=OWN_SERVICE,
    )  # fmt: skip


def _rules(hub: Hub) -> None:
    """Nobody has the shared room for a whole day and night, and externals let the hub know a day before."""
    BookingRule.objects.create(hub=hub, kind=SpaceKind.MEETING_AREA, longest_minutes=LONGEST_MEETING)
    outsiders = hub.rate_groups.filter(code="extern").first()
    if outsiders is not None:
        BookingRule.objects.create(hub=hub, rate_group=outsiders, notice_minutes=24 * 60, days_ahead=90)

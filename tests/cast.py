"""A small cast, built by hand: each function makes one row (or a hub with its clock) with sensible defaults."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from spaces.explaining import sentence
from spaces.models import (
    CancellationStep,
    Closure,
    DayPart,
    Feature,
    Floor,
    Hub,
    OpeningHours,
    Rate,
    RateGroup,
    Space,
    SpaceKind,
)
from spaces.money import VatTreatment, euro
from spaces.periods import DAY, Period
from tenants.leases.models import Lease, LeaseTerms
from tenants.parties.access import Actor, actor_for
from tenants.parties.models import Membership, Party, PartyKind, Role, User

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 21, 11, tzinfo=UTC)
"""Saturday 21 November 2026, noon in Amsterdam."""
PASSWORD = "een-goed-wachtwoord"
DAY_PARTS = [("ochtend", "morning", 8, 12), ("middag", "afternoon", 13, 17), ("avond", "evening", 18, 22)]


def at(text: str) -> datetime:
    """A moment on the clock of Amsterdam: at("2026-11-24 09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def between(start: str, end: str) -> Period:
    """between("2026-11-24 09:00", "12:00"), or with a whole second moment; 24:00 is midnight after that day."""
    if end == "24:00":
        return Period(at(start), at(f"{date.fromisoformat(start[:10]) + DAY} 00:00"))
    return Period(at(start), at(end if "-" in end else f"{start[:10]} {end}"))


def hub(slug: str = "locplus", **fields: Any) -> Hub:
    """Open Monday–Friday 08:00–22:00 and Saturday 09:00–17:00, with three day parts and three rate groups.

    Cancelling is free until 48 hours before, costs 50 % until 24 hours before, and 100 % after that.
    """
    defaults = {
        "name": slug.title(),
        "legal_name": "Stichting Plein LOC+",
        "kvk": "00018012",
        "iban": "NL91ABNA0417164300",
        "street": "Zorgplein 1",
        "postal_code": "7771 ZZ",
        "city": "Hardenberg",
        "email": "beheer@locplus.example.nl",
        "invoice_email": "facturen@locplus.example.nl",
        "stated_area_m2": Decimal("1500.00"),
        "payment_days": 14,
    }
    row = Hub.objects.create(slug=slug, **defaults | fields)
    for weekday in range(5):
        opening(row, weekday, 8, 22)
    opening(row, 5, 9, 17)
    for name_nl, name_en, starts, ends in DAY_PARTS:
        DayPart.objects.create(
            hub=row, name_nl=name_nl, name_en=name_en, starts=time(starts), ends=time(ends)
        )
    for code, name_nl, name_en in [
        ("huurder", "huurder", "tenant"),
        ("zzp-zorg", "zzp'er zorg", "self-employed in care"),
        ("extern", "extern", "external"),
    ]:
        RateGroup.objects.create(hub=row, code=code, name_nl=name_nl, name_en=name_en)
    for hours_before, percentage in [(48, 0), (24, 50), (-1, 100)]:
        CancellationStep.objects.create(hub=row, hours_before=hours_before, percentage=percentage)
    return row


def opening(hub: Hub, weekday: int, opens: int, closes: int) -> OpeningHours:
    """Weekday 0 is Monday; closes 0 or 24 is midnight."""
    return OpeningHours.objects.create(hub=hub, weekday=weekday, opens=time(opens), closes=time(closes % 24))


def closure(hub: Hub, period: Period, *, space: Space | None = None, reason: str = "onderhoud") -> Closure:
    return Closure.objects.create(
        hub=hub, space=space, starts_at=period.start, ends_at=period.end, reason=reason
    )


def floor(hub: Hub, code: str = "BG", position: int = 0) -> Floor:
    row, _made = Floor.objects.get_or_create(hub=hub, code=code, defaults={"position": position})
    return row


def feature(code: str, name_nl: str = "", name_en: str = "") -> Feature:
    row, _made = Feature.objects.get_or_create(
        code=code, defaults={"name_nl": name_nl or code, "name_en": name_en}
    )
    return row


def space(
    hub: Hub, code: str = "B03", *, parent: Space | None = None, features: tuple[str, ...] = (), **fields: Any
) -> Space:
    """A bookable consult room of 16.40 m² on the ground floor, unless told otherwise."""
    defaults = {
        "name": f"Spreekkamer {code}",
        "kind": SpaceKind.CONSULT_ROOM,
        "area_m2": Decimal("16.40"),
        "capacity": 4,
        "bookable": True,
        "floor": fields.pop("floor", None) or floor(hub),
    }
    row = Space.objects.create(hub=hub, code=code, parent=parent, **defaults | fields)
    row.features.set([feature(name) for name in features])
    return row


def meeting_area(hub: Hub) -> tuple[Space, Space, Space]:
    """The shared meeting area B01 and its halves A and B."""
    kind = {"kind": SpaceKind.MEETING_AREA}
    whole = space(hub, "B01", name="Ontmoetingsruimte", area_m2=Decimal("118.40"), capacity=60, **kind)
    half_a = space(
        hub, "B01A", name="Ontmoetingsruimte A", area_m2=Decimal("62.15"), capacity=32, parent=whole, **kind
    )
    half_b = space(
        hub, "B01B", name="Ontmoetingsruimte B", area_m2=Decimal("56.25"), capacity=28, parent=whole, **kind
    )
    return whole, half_a, half_b


def rate_group(hub: Hub, code: str = "zzp-zorg") -> RateGroup:
    return RateGroup.objects.get(hub=hub, code=code)


def rate(
    hub: Hub, *, group: str = "zzp-zorg", space: Space | None = None, vat: int = 0, **fields: Any
) -> Rate:
    """Consult rooms from 2026-01-01: 12.50 an hour, 37.50 a day part, 65.00 a day, exempt from VAT.

    Give `space` for a price of one room, `kind` for another kind, `vat` 21 for a taxed one.
    """
    defaults: dict[str, Any] = {
        "kind": "" if space else SpaceKind.CONSULT_ROOM,
        "per_hour": Decimal("12.50"),
        "per_day_part": Decimal("37.50"),
        "per_day": Decimal("65.00"),
        "valid_from": date(2026, 1, 1),
        "vat_rate": Decimal(vat),
        "vat_treatment": VatTreatment.MEETING_TAXED if vat else VatTreatment.EXEMPT_RENT,
        "vat_reason": "vergaderruimte, alleen als zodanig gebruikt" if vat else "kale verhuur van een ruimte",
    }
    return Rate.objects.create(hub=hub, rate_group=rate_group(hub, group), space=space, **defaults | fields)


def party(hub: Hub, name: str = "Diëtiste De Vries", **fields: Any) -> Party:
    """A self-employed dietitian in the rate group zzp-zorg; `kind` organisation gets the group huurder."""
    kind = fields.pop("kind", PartyKind.SELF_EMPLOYED)
    code = "huurder" if kind == PartyKind.ORGANISATION else "zzp-zorg"
    group = fields.pop("rate_group", None) or rate_group(hub, code)
    return Party.objects.create(
        hub=hub,
        name=name,
        kind=kind,
        rate_group=group,
        **{"email": f"{uuid4().hex[:8]}@partij.example.nl"} | fields,
    )


def lease(
    party: Party,
    *,
    rooms: Sequence[Space] = (),
    starts: str = "2018-09-01",
    ends: str = "2028-08-31",
    **terms: Any,
) -> Lease:
    """A lease at € 138 per m² and year, exempt, by the month, charged here from December 2026; claims nothing yet.

    `number` and `charged_from` are of the lease, everything else in `terms` of its first terms. `ends=""`: no end.
    """
    number, charged = terms.pop("number", "HC-1"), terms.pop("charged_from", date(2026, 12, 1))
    first, last = date.fromisoformat(starts), date.fromisoformat(ends) if ends else None
    made = Lease.objects.create(
        hub=party.hub, party=party, number=number, starts_on=first, ends_on=last, charged_from=charged
    )
    for room in rooms:
        made.lines.create(space=room, area_m2=room.area_m2)
    area = sum((room.area_m2 for room in rooms), Decimal(0))
    per_m2 = Decimal(terms.pop("rent_per_m2_year", 138))
    facts = {
        "starts_on": first, "kind": LeaseTerms.Kind.SIGNED, "explanation": sentence("%(why)s", why="zo getekend"),
        "area_m2": area, "rent_per_m2_year": per_m2, "yearly": euro(per_m2 * area), "vat_treatment": "exempt_rent",
        "made_at": NOW,
    }  # fmt: skip
    LeaseTerms.objects.create(lease=made, **facts | terms)
    return made


def user(name: str = "Anna de Vries", email: str = "", **fields: Any) -> User:
    """A person who can sign in with PASSWORD."""
    address = email or f"{name.lower().replace(' ', '.')}.{uuid4().hex[:6]}@example.nl"
    return User.objects.create(email=address.strip().lower(), password=_hashed(), name=name, **fields)


@cache
def _hashed() -> str:
    """PASSWORD as it is kept: slow on purpose, so once for all people."""
    return make_password(PASSWORD)


def membership(user: User, hub: Hub, role: str = Role.ZZPER, party: Party | None = None) -> Membership:
    return Membership.objects.create(user=user, hub=hub, role=role, party=party)


def zzper(hub: Hub, name: str = "Anna de Vries", **fields: Any) -> tuple[User, Party]:
    """A self-employed dietitian: the person and their party."""
    return _person_of(hub, name, Role.ZZPER, party(hub, f"Praktijk {name}", discipline="diëtist", **fields))


def tenant(hub: Hub, name: str = "GGD IJsselland", role: str = Role.TENANT_MANAGER) -> tuple[User, Party]:
    """An organisation that rents, and one person of it."""
    return _person_of(hub, f"Medewerker {name}", role, party(hub, name, kind=PartyKind.ORGANISATION))


def staff(hub: Hub, role: str = Role.DIRECTOR, name: str = "") -> User:
    """Somebody who works for the hub: director, bookkeeper or reception."""
    row = user(name or f"{role} {hub.slug}")
    membership(row, hub, role)
    return row


def actor(user: User, hub: Hub | None = None) -> Actor:
    return actor_for(user, hub_slug=hub.slug if hub else None)


def _person_of(hub: Hub, name: str, role: str, party: Party) -> tuple[User, Party]:
    row = user(name)
    membership(row, hub, role, party)
    return row, party

"""The chart of accounts of a hub: seeded with usual Dutch codes, then data that the bookkeeper changes."""

from dataclasses import dataclass

from django.db import transaction

from spaces.models import Hub
from spaces.money import VatTreatment
from tenants.billing.models import Books, LedgerAccount, Line, LineKind, Payment

Role = LedgerAccount.Role


@dataclass(frozen=True)
class Seed:
    """One account to begin with; `rgs` is its Referentie GrootboekSchema code, for the accountant to check."""

    role: str
    code: str
    nl: str
    en: str
    rgs: str
    is_balance: bool = False


SEEDS = (
    Seed(Role.CASH, "1000", "Kas", "Cash", "BLimKasKas", is_balance=True),
    Seed(Role.BANK, "1010", "Bank", "Bank", "BLimBanRba", is_balance=True),
    Seed(Role.PIN, "1050", "Pinbetalingen onderweg", "Card payments on their way", "BLimKru", is_balance=True),
    Seed(
        Role.ONLINE, "1060", "Online betalingen onderweg", "Online payments on their way", "BLimKru", is_balance=True
    ),
    Seed(
        Role.ONLINE_TEST, "1061", "Testbetalingen (geen geld)", "Test payments (no money)", "BLimKru", is_balance=True
    ),
    Seed(Role.DEBTORS, "1300", "Debiteuren", "Debtors", "BVorDebHad", is_balance=True),
    Seed(Role.VAT_HIGH, "1510", "Af te dragen btw 21 %", "VAT owed, 21 %", "BSchBepBtwOla", is_balance=True),
    Seed(Role.VAT_LOW, "1511", "Af te dragen btw 9 %", "VAT owed, 9 %", "BSchBepBtwOlv", is_balance=True),
    Seed(
        Role.OPENING, "1990", "Beginbalans oude administratie", "Opening balance of the old books", "BSchTus",
        is_balance=True,
    ),
    Seed(Role.UNEXPLAINED, "1999", "Vraagposten", "To be sorted out", "BSchTus", is_balance=True),
    Seed(Role.BANK_COSTS, "4700", "Bankkosten", "Costs of the bank", "WBedAdlBan"),
    Seed(Role.ONLINE_COSTS, "4705", "Kosten online betalen", "Costs of paying online", "WBedAdlBan"),
    Seed(Role.WRITTEN_OFF, "4710", "Afgeboekte debiteuren", "Debts written off", "WBedVkk"),
    Seed(Role.RENT_EXEMPT, "8000", "Huur, vrijgesteld van btw", "Rent, exempt from VAT", "WOvbHuoHuo"),
    Seed(Role.RENT_TAXED, "8010", "Huur, belast met btw", "Rent, taxed", "WOvbHuoHuo"),
    Seed(Role.SERVICE, "8020", "Voorschotten servicekosten", "Service charges in advance", "WOvbOpsOps"),
    Seed(Role.SETTLEMENT, "8030", "Afrekening servicekosten", "Settlement of service charges", "WOvbOpsOps"),
    Seed(Role.HALF_DAYS, "8100", "Vaste dagdelen", "Fixed half-days", "WOvbHuoHuo"),
    Seed(Role.BOOKINGS, "8110", "Verhuur van ruimtes", "Hire of rooms", "WOvbHuoHuo"),
    Seed(Role.EXTRAS, "8120", "Extra's bij verhuur", "Extras with hire", "WOvb"),
    Seed(Role.OTHER, "8190", "Overige opbrengsten", "Other revenue", "WOvb"),
    Seed(Role.COLLECTION, "8200", "Incassokosten en rente", "Collection costs and interest", "WOvb"),
)  # fmt: skip
_REVENUE = {
    LineKind.SERVICE: Role.SERVICE,
    LineKind.SETTLEMENT: Role.SETTLEMENT,
    LineKind.HALF_DAY: Role.HALF_DAYS,
    LineKind.BOOKING: Role.BOOKINGS,
    LineKind.EXTRA: Role.EXTRAS,
    LineKind.OTHER: Role.OTHER,
}
_MONEY = {
    Payment.Method.TRANSFER: Role.BANK,
    Payment.Method.DEBIT: Role.BANK,
    Payment.Method.CASH: Role.CASH,
    Payment.Method.PIN: Role.PIN,
    Payment.Method.ONLINE: Role.ONLINE,
    Payment.Method.WRITE_OFF: Role.WRITTEN_OFF,
}
_HIGH_FROM = 15
"""Rates from here on are the general one; the reduced one has always been lower."""


def by_role(hub: Hub) -> dict[str, LedgerAccount]:
    """The account for each role; the usual ones are made where a role has none. One query once they are there."""
    found = {row.role: row for row in LedgerAccount.objects.filter(hub=hub).exclude(role="")}
    missing = [seed for seed in SEEDS if seed.role not in found]
    return found | _seeded(hub, missing) if missing else found


def books_of(hub: Hub) -> Books:
    """How this hub keeps its books; made with the defaults the first time."""
    return Books.objects.get_or_create(hub=hub)[0]


def revenue_role(line: Line) -> str:
    """Which account an invoice line is revenue on."""
    if line.kind == LineKind.RENT:
        return Role.RENT_EXEMPT if line.vat_treatment == VatTreatment.EXEMPT_RENT else Role.RENT_TAXED
    return _REVENUE[LineKind(line.kind)]


def vat_role(rate: object) -> str:
    """Which account VAT of this rate (percent) is owed on."""
    return Role.VAT_HIGH if int(str(rate).split(".", maxsplit=1)[0]) >= _HIGH_FROM else Role.VAT_LOW


def money_role(payment: Payment) -> str:
    """Which account a payment is on; one that was only a test on none that money is on."""
    return Role.ONLINE_TEST if payment.is_test else _MONEY[Payment.Method(payment.method)]


@transaction.atomic
def _seeded(hub: Hub, missing: list[Seed]) -> dict[str, LedgerAccount]:
    """Two at once make one account: the second finds it."""
    taken = set(LedgerAccount.objects.filter(hub=hub).values_list("code", flat=True))
    made = {}
    for seed in missing:
        code = next(
            each for each in (seed.code, *(f"{seed.code}{n}" for n in range(1, 99))) if each not in taken
        )
        values = {"code": code, "name_nl": seed.nl, "name_en": seed.en, "rgs": seed.rgs}
        row, _made = LedgerAccount.objects.get_or_create(
            hub=hub, role=seed.role, defaults=values | {"is_balance": seed.is_balance}
        )
        made[row.role] = row
    return made

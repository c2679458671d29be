"""The VAT of what a lease owes: decided by the dated terms, for each line."""

from dataclasses import dataclass
from decimal import Decimal

from spaces.money import VatTreatment
from tenants.leases.models import LeaseTerms, ServiceType

STANDARD = Decimal(21)
"""The general rate in percent, also of letting that both sides chose to be taxed (art. 9 and 11-1-b-5° Wet OB)."""
_EXEMPT = "in het contract is geen belaste verhuur gekozen (art. 11 lid 1 onderdeel b Wet OB)"
_OPTED = (
    "gekozen in het contract (art. 11 lid 1 onderdeel b onder 5 Wet OB): {choice}; verklaring huurder {day}"
)
_FOLLOWS = "hoort bij de huur van dit contract"
_OWN = "afzonderlijke dienst met een eigen btw-tarief"


@dataclass(frozen=True)
class Vat:
    """Treatment, rate in percent, and why in Dutch: it quotes the law and the contract."""

    treatment: VatTreatment
    rate: Decimal
    reason: str


def of_rent(terms: LeaseTerms) -> Vat:
    """Exempt, unless these terms hold the option for taxed letting."""
    if terms.vat_treatment != VatTreatment.OPTED_RENT:
        return Vat(VatTreatment.EXEMPT_RENT, Decimal(0), _EXEMPT)
    day = f"{terms.option_declared_on:%d-%m-%Y}" if terms.option_declared_on else ""
    reason = _OPTED.format(choice=terms.option_choice, day=day)
    return Vat(VatTreatment.OPTED_RENT, STANDARD, reason[:300])


def of_advance(kind: ServiceType, terms: LeaseTerms) -> Vat:
    """As the rent of the same days, or at the rate of the service itself: judged for each type since 2025."""
    if kind.vat == ServiceType.Vat.OWN and kind.vat_rate is not None:
        return Vat(VatTreatment.SERVICE_OWN, kind.vat_rate, _OWN)
    return Vat(VatTreatment.SERVICE_FOLLOWS, of_rent(terms).rate, _FOLLOWS)

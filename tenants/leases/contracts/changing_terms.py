"""What is agreed anew from a day on: the rent, its VAT, indexation, notice, invoicing and included hours."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from spaces.explaining import Sentence, sentence
from spaces.money import VatTreatment, euro
from tenants.leases import sharing
from tenants.leases.contracts import terms_rows
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.refusals import NotToBeTaxed, OptionIncomplete
from tenants.leases.models import Lease, LeaseTerms
from tenants.parties import vat_position
from tenants.parties.models import Party, User

Kind = LeaseTerms.Kind
M2, YEAR, MONTH = "m2", "year", "month"
"""What the amount of the rent is for."""
OPTION = ("option_choice", "option_description", "option_book_year")


def price(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Another rent from a day on; a step that was agreed ahead is one too."""
    day = terms_rows.within(lease, told.first_day())
    kind = Kind.STEP if told.text("agreed") == Kind.STEP else Kind.AMENDED
    text = gettext_noop("Agreed step in the rent") if kind == Kind.STEP else gettext_noop("Rent agreed anew")
    terms_rows.add(
        lease, day=day, kind=kind, explanation=because(text, told), by=by, now=now,
        change=lambda row: priced(told, row.area_m2) | {"price_level_on": day},
    )  # fmt: skip


def vat(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Exempt or taxed letting from a day on. Raises NotToBeTaxed and OptionIncomplete."""
    day = terms_rows.within(lease, told.first_day())
    values = taxed(told, (party for party, _part in sharing.payers(lease, day)))
    _throughout(lease, told, gettext_noop("Other VAT on the rent"), values, by=by, now=now)


def indexing(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Other words about indexation from a day on."""
    _throughout(lease, told, gettext_noop("Other indexation"), indexed(told), by=by, now=now)


def notice(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Another notice period from a day on."""
    values = {"notice_months": told.number("notice_months")}
    _throughout(lease, told, gettext_noop("Other notice period"), values, by=by, now=now)


def agreements(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Invoicing, the reckoning of part months, and included hours."""
    _throughout(lease, told, gettext_noop("Other agreements"), agreed(told), by=by, now=now)


def priced(told: Answers, area: Decimal) -> dict[str, Any]:
    """The rent as answered, for so many m²: per year in cents, and per m² and year in four decimals."""
    amount = told.amount("amount") or Decimal(0)
    per = told.text("per")
    yearly = euro(amount * {M2: area, YEAR: Decimal(1), MONTH: Decimal(12)}[per])
    exact = amount if per == M2 else (yearly / area).quantize(Decimal("0.0001")) if area else Decimal(0)
    return {
        "yearly": yearly,
        "rent_per_m2_year": exact,
        "leading": told.text("leading") or LeaseTerms.Leading.YEAR,
    }


def taxed(told: Answers, parties: Iterable[Party]) -> dict[str, Any]:
    """The VAT as answered. Taxed letting needs four formal fields and a tenant who may opt (art. 11-1-b-5° Wet OB)."""
    treatment = told.text("vat_treatment") or VatTreatment.EXEMPT_RENT
    values: dict[str, Any] = {name: told.text(name) for name in OPTION}
    values["option_declared_on"] = told.day("option_declared_on")
    if treatment != VatTreatment.OPTED_RENT:
        return dict.fromkeys(OPTION, "") | {"option_declared_on": None, "vat_treatment": treatment}
    for party in parties:
        if not vat_position.may_opt(party.vat_position):
            raise NotToBeTaxed(party.name)
    if not all(values.values()):
        raise OptionIncomplete
    return values | {"vat_treatment": treatment}


def indexed(told: Answers) -> dict[str, Any]:
    """How the rent is indexed, as answered; what does not go with that is left out."""
    kind = told.text("indexing") or LeaseTerms.Indexing.NONE
    none = kind == LeaseTerms.Indexing.NONE
    fixed = kind == LeaseTerms.Indexing.FIXED
    return {
        "indexing": kind,
        "indexing_month": None if none else told.number("indexing_month"),
        "indexing_percentage": told.amount("indexing_percentage") if fixed else None,
        "indexing_cap": None if none or fixed else told.amount("indexing_cap"),
    }


def agreed(told: Answers) -> dict[str, Any]:
    """Invoicing, part months and included hours, as answered."""
    return {
        "invoicing": told.text("invoicing") or LeaseTerms.Invoicing.MONTH,
        "pro_rata": told.text("pro_rata") or LeaseTerms.ProRata.ACTUAL,
        "included_hours": told.amount("included_hours") or Decimal(0),
    }


def because(text: str, told: Answers) -> Sentence:
    """A stored sentence, with the reason that the person gave."""
    why = told.text("why")
    return sentence("%(what)s: %(why)s", what=sentence(text), why=why) if why else sentence(text)


def _throughout(
    lease: Lease, told: Answers, text: str, values: Mapping[str, Any], *, by: User, now: datetime
) -> None:
    day = terms_rows.within(lease, told.first_day())
    terms_rows.add_throughout(
        lease, day=day, kind=Kind.AMENDED, explanation=because(text, told), change=lambda _row: values,
        by=by, now=now,
    )  # fmt: skip

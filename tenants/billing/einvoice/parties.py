"""Seller, buyer and how to pay, as UBL names them."""

from collections.abc import Mapping

from tenants.billing.einvoice.identifying import Number, endpoint, legal_entity
from tenants.billing.einvoice.tree import Node, group, text
from tenants.billing.models import Invoice

COUNTRY = "NL"
TRANSFER, DIRECT_DEBIT = "30", "59"


def seller(party: Mapping[str, str]) -> Node | None:
    """The legal person behind the hub; with its creditor id when it collects by direct debit."""
    creditor = text("ID", party.get("creditor_id", ""), schemeID="SEPA")
    return _party(party, shown=party["hub"], known_as=group("PartyIdentification", creditor))


def buyer(party: Mapping[str, str]) -> Node | None:
    """Who gets the invoice."""
    return _party(party, shown=party["name"], contact=party.get("contact_name", ""))


def reference(party: Mapping[str, str]) -> str:
    """What the buyer wants to see on it; one is always required (BR-NL-2), so its contact or name when it gave none."""
    return next(
        words
        for key in ("purchase_reference", "contact_name", "name")
        if (words := party.get(key, "").strip())
    )


def payment(invoice: Invoice) -> Node | None:
    """By transfer with the payment reference, or collected under the buyer's mandate."""
    mandate = invoice.buyer["mandate"] if invoice.is_collected else ""
    return group(
        "PaymentMeans",
        text("PaymentMeansCode", DIRECT_DEBIT if mandate else TRANSFER),
        text("PaymentID", invoice.payment_reference),
        group("PayeeFinancialAccount", text("ID", _compact(invoice.seller["iban"]))),
        group(
            "PaymentMandate",
            text("ID", mandate),
            group("PayerFinancialAccount", text("ID", _compact(invoice.buyer.get("iban", "")))),
        )
        if mandate
        else None,
    )


def _party(
    party: Mapping[str, str], *, shown: str, contact: str = "", known_as: Node | None = None
) -> Node | None:
    return group(
        "Party",
        _number("EndpointID", endpoint(party)),
        known_as,
        group("PartyName", text("Name", shown)),
        _address(party),
        _taxed(party.get("vat_id", "")),
        group(
            "PartyLegalEntity",
            text("RegistrationName", party["name"]),
            _number("CompanyID", legal_entity(party)),
        ),
        group("Contact", text("Name", contact), text("ElectronicMail", party.get("email", ""))),
    )


def _address(party: Mapping[str, str]) -> Node | None:
    return group(
        "PostalAddress",
        text("StreetName", party["street"]),
        text("CityName", party["city"]),
        text("PostalZone", party["postal_code"]),
        group("Country", text("IdentificationCode", COUNTRY)),
    )


def _taxed(vat_id: str) -> Node | None:
    number = text("CompanyID", vat_id)
    return group("PartyTaxScheme", number, group("TaxScheme", text("ID", "VAT"))) if vat_id else None


def _number(name: str, number: Number | None) -> Node | None:
    return text(name, number.value, schemeID=number.scheme) if number else None


def _compact(iban: str) -> str:
    return "".join(iban.split())

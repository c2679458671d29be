"""The rules BR-NL-1 to BR-NL-13 for a Dutch seller (NLCIUS 1.0, chapter on business rules), and no empty element.

They hold for both profiles here. BR-NL-6 is not specified.
"""

from collections.abc import Iterator

from lxml import etree

NS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
MEANS = {"30", "48", "49", "57", "58", "59"}


def errors(content: bytes) -> list[str]:
    """Which of the rules it breaks."""
    tree = etree.fromstring(content)
    return [f"nl {name}" for name in (*_parties(tree), *_document(tree), *_empty(tree))]


def _parties(tree) -> Iterator[str]:
    if not _registered(tree, SELLER):
        yield "BR-NL-1"
    if not _addressed(tree, SELLER):
        yield "BR-NL-3"
    if _is_dutch(tree, BUYER):
        if not _addressed(tree, BUYER):
            yield "BR-NL-4"
        if not _registered(tree, BUYER):
            yield "BR-NL-10"
    if _is_dutch(tree, "cac:TaxRepresentativeParty") and not _addressed(tree, "cac:TaxRepresentativeParty"):
        yield "BR-NL-5"


def _document(tree) -> Iterator[str]:
    if not (_said(tree, "cbc:BuyerReference") or _said(tree, "cac:OrderReference/cbc:ID")):
        yield "BR-NL-2"
    code = "".join(_said(tree, "cbc:InvoiceTypeCode") + _said(tree, "cbc:CreditNoteTypeCode"))
    if code not in {"380", "381", "384", "389"}:
        yield "BR-NL-7"
    if (code == "381") != (etree.QName(tree).localname == "CreditNote"):
        yield "BR-NL-8"
    if code in {"381", "384"} and not _said(tree, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"):
        yield "BR-NL-9"
    yield from _paying(tree)
    if _said(tree, ".//cac:OrderLineReference/cbc:LineID") and not _said(tree, "cac:OrderReference/cbc:ID"):
        yield "BR-NL-13"


def _paying(tree) -> Iterator[str]:
    means = _said(tree, "cac:PaymentMeans/cbc:PaymentMeansCode")
    if not means and float(_said(tree, "cac:LegalMonetaryTotal/cbc:PayableAmount")[0]) > 0:
        yield "BR-NL-11"
    if any(code not in MEANS for code in means):
        yield "BR-NL-12"


def _empty(tree) -> Iterator[str]:
    for element in tree.iter():
        if not len(element) and not (element.text or "").strip():
            yield f"empty element {etree.QName(element).localname}"


def _registered(tree, party: str) -> bool:
    numbers = tree.findall(f"{party}/cac:PartyLegalEntity/cbc:CompanyID", NS)
    return any(it.get("schemeID") in {"0106", "0190"} and (it.text or "").strip() for it in numbers)


def _addressed(tree, party: str) -> bool:
    return all(
        _said(tree, f"{party}/cac:PostalAddress/cbc:{name}")
        for name in ("StreetName", "CityName", "PostalZone")
    )


def _is_dutch(tree, party: str) -> bool:
    return _said(tree, f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode") == ["NL"]


def _said(tree, path: str) -> list[str]:
    return [text for found in tree.findall(path, NS) if (text := (found.text or "").strip())]

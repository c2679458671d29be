"""XML from outside, read without being led anywhere: no entities, no DTD, no network; names without their namespace."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from tenants.billing.banking.refusals import NotAStatement, OtherCurrency, TooLarge

MAX_BYTES = 10 * 1024 * 1024
_AMOUNT = re.compile(r"\d{1,10}(\.\d{1,2}0*)?")


def parse(content: bytes) -> Any:
    """The document, every element by its bare name. Raises StatementRefused when it is no camt.053."""
    if len(content) > MAX_BYTES:
        raise TooLarge
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAStatement(_("it is not a whole XML file.")) from error
    if root.getroottree().docinfo.doctype:
        raise NotAStatement(_("it has a DTD, which no bank sends."))
    if "camt.053.001." not in (etree.QName(root).namespace or ""):
        raise NotAStatement(_("it is another kind of file."))
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
    etree.cleanup_namespaces(root)
    return root


def text(node: Any, path: str) -> str:
    """The text at `path`, bare; empty when it is not there."""
    found = node.findtext(path) if node is not None else None
    return (found or "").strip()


def texts(node: Any, path: str) -> list[str]:
    """All texts at `path` that say something, in their order."""
    found = node.findall(path) if node is not None else []
    return [bare for each in found if (bare := (each.text or "").strip())]


def day(written: str | None) -> date | None:
    """The day of "2026-11-20" or of a moment on that day; None for anything else."""
    try:
        return date.fromisoformat((written or "").strip()[:10])
    except ValueError:
        return None


def amount(node: Any) -> Decimal:
    """The amount in an element, in whole cents of a euro. Raises OtherCurrency and NotAStatement."""
    if node is None or not _AMOUNT.fullmatch((node.text or "").strip()):
        raise NotAStatement(_("an amount in it is missing or unreadable."))
    if (currency := node.get("Ccy", "EUR")) != "EUR":
        raise OtherCurrency(currency[:3])
    return Decimal(node.text.strip()).quantize(Decimal("0.01"))


def signed(node: Any) -> Decimal:
    """The amount of a balance or an entry; below zero when it is owed or left."""
    found = amount(node.find("Amt"))
    side = text(node, "CdtDbtInd")
    if side not in {"CRDT", "DBIT"}:
        raise NotAStatement(_("it does not say whether an amount came or left."))
    return -found if side == "DBIT" else found

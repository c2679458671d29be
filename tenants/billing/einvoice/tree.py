"""Elements of UBL 2.1: never an empty one, and only characters that XML has."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
EURO = "EUR"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Node: TypeAlias = Any
"""An element of lxml, which has no types."""


def root(name: str, children: Iterable[Node | None]) -> Node:
    """The document element: Invoice or CreditNote."""
    own = f"urn:oasis:names:specification:ubl:schema:xsd:{name}-2"
    element = etree.Element(f"{{{own}}}{name}", nsmap={None: own, "cac": CAC, "cbc": CBC})
    element.extend(child for child in children if child is not None)
    return element


def group(name: str, *children: Node | None) -> Node | None:
    """An aggregate (cac) of what there is; None when there is nothing in it."""
    found = [child for child in children if child is not None]
    if not found:
        return None
    element = etree.Element(f"{{{CAC}}}{name}")
    element.extend(found)
    return element


def text(name: str, value: object, **attributes: str) -> Node | None:
    """A basic element (cbc) on one line; None when there is nothing to say."""
    words = " ".join(_NO_XML.sub("", str(value)).split())
    if not words:
        return None
    element = etree.Element(f"{{{CBC}}}{name}", attributes)
    element.text = words
    return element


def amount(name: str, value: Decimal) -> Node | None:
    """An amount in euros and cents."""
    return text(name, f"{value:.2f}", currencyID=EURO)


def written(element: Node) -> bytes:
    """The document as bytes, the same each time."""
    made: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return made

"""Numbers that name people and organisations, as a workbook holds them; the checks are those of the parties.

No sentence repeats a number that may hold a citizen service number (BSN).
"""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.eu import at_02
from stdnum.eu import vat as eu_vat
from stdnum.nl import bsn

from tenants.leases.hub_import.findings import Unreadable
from tenants.parties import identity

_POSTAL = r"(\d{4})\s?([A-Za-z]{2})"
HIDDEN = "•••••••••"


def checked(check: Callable[[str], str]) -> Callable[[Any], str]:
    """One of the checks of `tenants.parties.identity` as a parser of cells."""

    def parse(value: Any) -> str:
        try:
            return check(str(value))
        except identity.IdentityError as error:
            raise Unreadable(error.message) from error

    return parse


iban = checked(identity.iban)
oin = checked(identity.oin)
_kvk = checked(identity.kvk)


def kvk(value: Any) -> str:
    """8 digits; typed as a number it lost its leading zeros, which come back."""
    if _is_whole(value):
        return _kvk(f"{int(value):08d}")
    return _kvk(re.sub(r"(?i)^kvk\W*", "", str(value)))


def rsin(value: Any) -> str:
    """9 digits that pass the 11-proef; only legal persons have one."""
    digits = f"{int(value):09d}" if _is_whole(value) else re.sub(r"[\s.]", "", str(value))
    if not re.fullmatch(r"\d{9}", digits) or not bsn.is_valid(digits):
        raise Unreadable(_("This is not a valid RSIN: it has 9 digits and a check. Look for a typing error."))
    return digits


def vat_id(value: Any, *, sole_trader: bool | None) -> str:
    """A btw-id as NL000099998B57, or that of another EU country; the old number of a sole trader is refused."""
    number = re.sub(r"[\s.\-]", "", str(value)).upper()
    if re.match(r"(?!NL)[A-Z]{2}\w*\d", number):
        return _foreign_vat_id(number)
    try:
        return identity.vat_id(number, sole_trader=sole_trader is not False)
    except identity.IdentityError as error:
        if sole_trader is None and _is_of_legal_person(number):
            raise Unreadable(
                _(
                    "Fill in the legal form first: without it Plein cannot tell whether this number holds a BSN."
                )
            ) from error
        raise Unreadable(error.message) from error


def _is_of_legal_person(number: str) -> bool:
    try:
        return bool(identity.vat_id(number, sole_trader=False))
    except identity.IdentityError:
        return False


def _foreign_vat_id(number: str) -> str:
    if len(number) > 14 or not eu_vat.is_valid(number):
        raise Unreadable(_("This VAT id of another country is not right. Look for a typing error."))
    return number


def creditor_id(value: Any) -> str:
    """A SEPA creditor id (incassant-ID): NL, 2 check digits, ZZZ, 12 digits."""
    number = re.sub(r"[\s.]", "", str(value)).upper()
    if not at_02.is_valid(number):
        raise Unreadable(
            _("This creditor id (incassant-ID) is not right. It looks like NL00ZZZ123456780000.")
        )
    return number


def email(value: Any) -> str:
    """An e-mail address in lower case."""
    address = str(value).strip().lower().removeprefix("mailto:")
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unreadable(_("“%(value)s” is not an e-mail address.") % {"value": address[:60]}) from error
    return address


def postal_and_city(value: Any) -> tuple[str, str]:
    """Postal code and place: "7771zz Hardenberg" gives "7771 ZZ" and "Hardenberg"."""
    parts = re.fullmatch(rf"{_POSTAL}[,\s]+(\S.*)", str(value).strip())
    if not parts:
        raise Unreadable(_("Write postal code and place as 7771 ZZ Hardenberg."))
    return f"{parts[1]} {parts[2].upper()}", parts[3].strip()


def address(value: Any) -> tuple[str, str, str]:
    """Street and number, postal code, place: "Voorbeeldlaan 2, 8000 ZZ Zwolle", also on two lines."""
    parts = re.fullmatch(rf"(\S.*?)\s*[,;\n]\s*({_POSTAL}[,\s]+\S.*)", str(value).strip(), re.DOTALL)
    if not parts:
        raise Unreadable(_("Write the address as Voorbeeldlaan 2, 8000 ZZ Zwolle."))
    return " ".join(parts[1].split()), *postal_and_city(parts[2])


def registration(value: Any) -> str:
    """A professional register and number; BIG has 11 digits, AGB 8, others are kept as they are."""
    typed = re.sub(r"(?i)^(BIG|AGB)\W*", r"\1 ", " ".join(str(value).split()))
    return checked(identity.registration)(typed)[:40]


def invoice_number(value: Any) -> tuple[int, int]:
    """Year and number of "2026-0203"."""
    parts = re.fullmatch(r"(20\d{2})\s*[-/]\s*(\d{1,9})", str(value).strip())
    if not parts or int(parts[2]) == 0:
        raise Unreadable(_("Write the next invoice number as year and number: 2026-0203."))
    return int(parts[1]), int(parts[2])


def without_bsn(text: str) -> str:
    """`text` with every number that could be a citizen service number made unreadable."""
    return identity.NINE_DIGITS.sub(lambda found: HIDDEN if bsn.is_valid(found[0]) else found[0], text)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)

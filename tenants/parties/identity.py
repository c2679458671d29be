"""Numbers that name an organisation or a professional: checked, and brought to one way of writing.

A BSN is never asked, kept, logged or echoed back. The old VAT number of a sole trader holds one: it is refused.
"""

import re

from django.utils.translation import gettext as _
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10
from stdnum.nl import bsn

SEPARATORS = re.compile(r"[\s.\-]+")
VAT_ID = re.compile(r"NL(?P<number>\d{9})B(?P<suffix>\d{2})")
SOLE_TRADER = re.compile(r"(?i)eenmanszaak|\bzzp\b|zzp'er|zelfstandig|natuurlijk persoon|freelance")
NINE_DIGITS = re.compile(r"(?<![\w])(?:\d[ .\-]?){8}\d(?![\w])")


class IdentityError(ValueError):
    """The number cannot be right; `message` says what is expected, and never repeats the number."""

    @property
    def message(self) -> str:
        return str(self.args[0])


def kvk(value: str) -> str:
    """A Chamber of Commerce number: 8 digits, leading zeros kept. Raises IdentityError."""
    return _digits(value, 8, _("A KvK number has 8 digits, for example 01234567."))


def agb(value: str) -> str:
    """An AGB code of a care provider or practice: 8 digits. Raises IdentityError."""
    return _digits(value, 8, _("An AGB code has 8 digits."))


def big(value: str) -> str:
    """A number in the BIG register: 11 digits. Raises IdentityError."""
    return _digits(value, 11, _("A BIG number has 11 digits."))


def oin(value: str) -> str:
    """The number of a public body for e-invoices: 20 digits. Raises IdentityError."""
    return _digits(value, 20, _("An OIN has 20 digits."))


def iban(value: str) -> str:
    """An account number without spaces, of any IBAN country. Raises IdentityError."""
    try:
        return str(stdnum_iban.validate(_compact(value)))
    except ValidationError as error:
        raise IdentityError(
            _("This IBAN is not right. Check the letters and digits on your bank card.")
        ) from error


def is_sole_trader(legal_form: str, *, self_employed: bool) -> bool | None:
    """Whether the VAT id must be that of a natural person; None when the legal form leaves it open."""
    if SOLE_TRADER.search(legal_form):
        return True
    if legal_form.strip():
        return False
    return True if self_employed else None


def vat_id(value: str, *, sole_trader: bool | None) -> str:
    """A Dutch VAT id as NL000099998B57. Raises IdentityError.

    Since 2020 the id of a sole trader carries two digits by ISO 7064 mod 97-10 and no longer holds their BSN; one
    that passes the BSN's own test only is the old number. Others may still have their RSIN (the same test) in it;
    who may be either (None) is taken for a sole trader, and told why.
    """
    found = VAT_ID.fullmatch(_with_country(_compact(value)))
    if found is None:
        raise IdentityError(_("A VAT id looks like NL000099998B57: NL, 9 digits, the letter B and 2 digits."))
    if mod_97_10.is_valid(found[0]) or (sole_trader is False and bsn.is_valid(found["number"])):
        return found[0]
    if sole_trader is None and bsn.is_valid(found["number"]):
        raise IdentityError(
            _("We do not know your legal form, so this may be a number with a BSN. Ask reception.")
        )
    if bsn.is_valid(found["number"]):
        raise IdentityError(
            _(
                "This is the old VAT number. It holds your citizen service number. Use the VAT id you got in 2020."
            )
        )
    raise IdentityError(_("This VAT id is not right. Check it on your letter from the tax office."))


def registration(value: str) -> str:
    """A professional's entry in a register: "BIG 99000000104", "AGB 88999902", or another register's own words.

    Raises IdentityError, also for text that may hold a citizen service number.
    """
    text = " ".join(value.split())
    register, _space, number = text.partition(" ")
    if register.upper() in REGISTERS:
        return f"{register.upper()} {REGISTERS[register.upper()](number)}"
    if looks_like_bsn(re.sub(r"[^\W\d_]+", " ", text)):
        raise IdentityError(_("Never give a citizen service number (BSN) here."))
    return text


def looks_like_bsn(text: str) -> bool:
    """Whether nine digits that could be a citizen service number (11-test) stand in `text`."""
    return any(bsn.is_valid(found[0]) for found in NINE_DIGITS.finditer(text))


REGISTERS = {"BIG": big, "AGB": agb}


def _digits(value: str, length: int, message: str) -> str:
    compact = _compact(value)
    if not re.fullmatch(rf"[0-9]{{{length}}}", compact) or not int(compact):
        raise IdentityError(message)
    return compact


def _compact(value: str) -> str:
    return SEPARATORS.sub("", value).upper()


def _with_country(value: str) -> str:
    return value if value.startswith("NL") else f"NL{value}"

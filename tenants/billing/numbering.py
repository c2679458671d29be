"""Invoice numbers without gaps, and the payment reference that a bank passes on unchanged."""

from datetime import date

from spaces.models import Hub
from tenants.billing.models import NumberRange

_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)


def take(hub: Hub, *, on: date) -> str:
    """The next number of the hub in the year of `on` ("2026-0203"); more digits when four run out.

    Locks the number range until the transaction ends, so a rollback gives the number back and no number is
    ever missing. Call it in the transaction that issues.
    """
    NumberRange.objects.get_or_create(hub=hub, year=on.year)
    numbers = NumberRange.objects.select_for_update().get(hub=hub, year=on.year)
    taken = numbers.next_number
    NumberRange.objects.filter(pk=numbers.pk).update(next_number=taken + 1)
    return f"{on.year}-{taken:04d}"


def payment_reference(number: str) -> str:
    """The betalingskenmerk of an invoice number: a check digit and the digits of the number, padded to 15."""
    return reference("".join(filter(str.isdigit, number)).zfill(15))


def reference(digits: str) -> str:
    """A Dutch betalingskenmerk: 7 digits stay bare, 15 get a check digit, 7 to 12 a check and a length digit.

    Source: the banks' standard for acceptgiro and payment references (weights 2,4,8,5,10,9,7,3,6,1 from the right).
    """
    if len(digits) == 7:
        return digits
    if len(digits) == 15:
        return _check_digit(digits) + digits
    if 7 < len(digits) <= 12:
        body = f"{len(digits) % 10}{digits}"
        return _check_digit(body) + body
    raise ValueError(f"a payment reference holds 7 to 12 or 15 digits, not {len(digits)}")


def is_reference(text: str) -> bool:
    """Whether `text` is a Dutch betalingskenmerk: 7 digits, or 9 to 14 or 16 with the right check digit."""
    if not (text.isascii() and text.isdigit()):
        return False
    if len(text) == 16:
        return text[0] == _check_digit(text[1:])
    if 9 <= len(text) <= 14:
        return text[0] == _check_digit(text[1:]) and int(text[1]) == (len(text) - 2) % 10
    return len(text) == 7


def _check_digit(digits: str) -> str:
    weighted = sum(
        int(digit) * _WEIGHTS[place % len(_WEIGHTS)] for place, digit in enumerate(reversed(digits))
    )
    return {10: "1", 11: "0"}.get(11 - weighted % 11, str(11 - weighted % 11))

"""Form fields for identity numbers: what a person types, checked and compact; a wrong number is not shown again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.parties import identity
from tenants.parties.identity import IdentityError
from tenants.parties.web.typed import safe_text


class IdentityField(forms.CharField):
    """Checked by `check`; empty stays empty."""

    def __init__(self, check: Callable[[str], str], **kwargs: Any) -> None:
        self.check = check
        super().__init__(required=False, max_length=40, validators=[safe_text], **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return self.check(typed) if typed else ""
        except IdentityError as error:
            raise forms.ValidationError(error.message) from error


def kvk_field() -> IdentityField:
    return IdentityField(
        identity.kvk,
        label=_("KvK number"),
        help_text=_("8 digits, zeros in front included, for example 01234567."),
    )


def vat_id_field() -> forms.CharField:
    """Only cleaned here; whether it may be an organisation's is the form's to know."""
    return forms.CharField(
        label=_("VAT id"), required=False, max_length=30, validators=[safe_text],
        help_text=_("Looks like NL000099998B57. Not the old number with your citizen service number in it."),
    )  # fmt: skip


def iban_field() -> IdentityField:
    return IdentityField(identity.iban, label="IBAN", help_text=_("For example NL02 ABNA 0123 4567 89."))


def registration_field() -> IdentityField:
    return IdentityField(
        identity.registration, label=_("Professional registration"),
        help_text=_("BIG and 11 digits, AGB and 8 digits, or the name and number of your quality register."),
    )  # fmt: skip

"""What people type into a form, made safe to store."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tenants.parties import identity

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
phone = RegexValidator(
    r"^\+?[0-9 ()\-.]{6,20}\Z", _("A phone number has digits only, for example 06 12345678.")
)


def safe_text(value: str) -> None:
    """Refuse characters a database or a letter cannot hold; line ends and tabs may stay."""
    if CONTROL.search(value):
        raise ValidationError(_("This contains characters that cannot be stored. Type the text anew."))


def no_bsn(value: str) -> None:
    """Refuse text with what may be a citizen service number in it."""
    safe_text(value)
    if identity.looks_like_bsn(value):
        raise ValidationError(_("Never give a citizen service number (BSN) here."))

"""What a person fills in for a credit note: everything, or an amount of some lines, and why."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from spaces.explaining import tell
from spaces.web.fields import PriceField
from tenants.billing.crediting import Left, Part
from tenants.parties.web.typed import no_bsn

ALL, SOME = "all", "some"


class CreditForm(forms.Form):
    """Of an invoice with these lines left; amounts exclude VAT."""

    what = forms.ChoiceField(
        label=_("What to credit"),
        choices=[(ALL, _("All that is left of it")), (SOME, _("Only the amounts below"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=200, validators=[no_bsn], help_text=_("Stands on the credit note.")
    )
    again = forms.BooleanField(
        label=_("Charge it again on the next proposal"),
        required=False,
        help_text=_("For an invoice that was wrong but is owed. Only for whole lines."),
    )

    def __init__(self, *args: Any, left: Sequence[Left], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = [each for each in left if each.can_be_credited]
        for each in self.left:
            self.fields[_name(each)] = PriceField(
                label=tell(each.line.description), required=False, max_digits=11, decimal_places=2
            )

    @property
    def rows(self) -> list[tuple[Left, BoundField]]:
        """Each line that something is left of, with where to fill in how much."""
        return [(each, self[_name(each)]) for each in self.left]

    @property
    def parts(self) -> list[Part]:
        """What was chosen; nothing when the amounts are empty."""
        if self.cleaned_data["what"] == ALL:
            return [Part(*each) for each in self.left]
        typed = [(each.line, self.cleaned_data[_name(each)]) for each in self.left]
        return [Part(line, net) for line, net in typed if net is not None]

    @property
    def digest(self) -> str:
        """Of all that was filled in: what is made final is what was looked at."""
        facts = [
            (part.line.pk, Decimal(part.net).normalize()) for part in self.parts
        ], self.cleaned_data["reason"], self.cleaned_data["again"]  # fmt: skip
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def _name(each: Left) -> str:
    return f"line-{each.line.pk}"

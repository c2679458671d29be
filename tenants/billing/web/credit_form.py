"""What a person fills in for a credit note: everything, or an amount of some lines, and why."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from spaces import wording
from spaces.explaining import tell
from spaces.money import total
from spaces.web.fields import PriceField
from tenants.billing.crediting import Left, Part
from tenants.billing.online import going_back
from tenants.billing.online.refunding import Way
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

    def __init__(self, *args: Any, left: Sequence[Left], ways: Sequence[Way] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ways:
            self.fields["pay_back"] = _pay_back(ways)
        self.left = [each for each in left if each.can_be_credited]
        for each in self.left:
            self.fields[_name(each)] = PriceField(
                label=tell(each.line.description), required=False, max_digits=11, decimal_places=2
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("again") and data.get("pay_back"):
            words = gettext("What is charged again stays owed, so it is not paid back. Choose one of both.")
            self.add_error("pay_back", words)
        return data

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
        ], self.cleaned_data["reason"], self.cleaned_data["again"], self.cleaned_data.get("pay_back")  # fmt: skip
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def _pay_back(ways: Sequence[Way]) -> forms.BooleanField:
    facts = {
        "way": ", ".join(dict.fromkeys(going_back.way(each.online) for each in ways)),
        "amount": wording.euro(total(each.left for each in ways)),
    }
    return forms.BooleanField(
        label=gettext("Pay it back at once, as it was paid: %(way)s") % facts,
        required=False,
        initial=True,
        help_text=gettext(
            "At most %(amount)s. What is still open of the invoice is settled first; the rest stays credit."
        )
        % facts,
    )


def _name(each: Left) -> str:
    return f"line-{each.line.pk}"

"""What a person fills in to pay a credit back: how much, which way, and why."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces import wording
from spaces.web.fields import PriceField
from tenants.billing.models import OnlinePayment
from tenants.billing.online import going_back
from tenants.billing.online.refunding import Way
from tenants.billing.refunding import Credit
from tenants.parties.web.fields import iban_field
from tenants.parties.web.typed import safe_text

ACCOUNT = "rekening"


class RefundForm(forms.Form):
    """How much of a credit goes back: through one of the online payments (`ways`) that paid it, or to an account."""

    amount = PriceField(label=gettext_lazy("Amount"), min_value=0, max_digits=11, decimal_places=2)
    way = forms.ChoiceField(label=gettext_lazy("Which way"), widget=forms.RadioSelect, required=False)
    iban = iban_field()
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=200, required=False, validators=[safe_text],
        help_text=gettext_lazy("The party reads it: on the bank statement, or in the letter."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def __init__(self, *args: Any, ways: Sequence[Way], credit: Credit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {str(way.online.pk): way for way in ways}
        self.initial["amount"] = wording.number(_most(ways, credit), least=2)
        self.initial["iban"] = credit.party.iban
        if not ways:
            del self.fields["way"]
            self.fields["iban"].required = True
            return
        choices = [(name, _told(way)) for name, way in self.ways.items()]
        self.fields["way"].choices = [*choices, (ACCOUNT, _("To an account, by bank transfer"))]
        self.fields["way"].required = True
        self.initial["way"] = choices[0][0]

    @property
    def through(self) -> OnlinePayment | None:
        """The online payment through which it is to go back; None for an account."""
        way = self.ways.get(self.cleaned_data.get("way", ""))
        return way.online if way else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.through is None and not data.get("iban") and "iban" not in self.errors:
            self.add_error("iban", _("Fill in the account that it goes to."))
        if self.through is not None and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why: the party reads it in the letter."))
        return data


def _most(ways: Sequence[Way], credit: Credit) -> Any:
    """What is proposed: as much as the first way can carry."""
    return min(credit.free, ways[0].left) if ways else credit.free


def _told(way: Way) -> str:
    return _("As it was paid: %(way)s, %(day)s, at most %(amount)s") % {
        "way": going_back.way(way.online),
        "day": wording.calendar_date(way.online.created_at.astimezone(way.online.hub.zone).date()),
        "amount": wording.euro(way.left),
    }

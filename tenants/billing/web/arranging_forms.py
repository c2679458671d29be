"""What a person says about a pause, a payment plan, and giving up."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.money import total
from spaces.web.fields import DayField, PriceField
from tenants.billing.dunning import plans
from tenants.billing.models import CollectionPause, Receivable
from tenants.billing.web.bank_forms import MOST_CENTS, OpenField
from tenants.parties.models import Party
from tenants.parties.web.typed import safe_text

FAR = timedelta(days=366 * 3)


class PauseForm(forms.Form):
    """Why a party is left alone, with what, and until when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (CollectionPause.Kind.PAUSE.value, gettext_lazy("A pause: for a while no reminders")),
            (
                CollectionPause.Kind.DISPUTE.value,
                gettext_lazy("A dispute: the party does not agree; no reminders and no costs"),
            ),
        ],
        widget=forms.RadioSelect,
        initial=CollectionPause.Kind.PAUSE,
    )
    until = DayField(
        label=gettext_lazy("Up to and including"), required=False, farthest=FAR,
        help_text=gettext_lazy("Leave it empty when you do not know yet: then you end it yourself."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, validators=[safe_text])

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receivable"] = forms.ModelChoiceField(
            Receivable.objects.filter(party=party).to_pay(), required=False, label=_("About which invoice"),
            empty_label=_("everything of this party"),
        )  # fmt: skip
        self.order_fields(["kind", "receivable", "until", "reason"])


class PlanForm(forms.Form):
    """What a plan is for, and in how many parts from when on."""

    aantal = forms.IntegerField(
        label=gettext_lazy("Number of instalments"), min_value=1, max_value=plans.MOST_INSTALMENTS, initial=3
    )
    eerste = DayField(label=gettext_lazy("First instalment on"), farthest=FAR)

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        rows = Receivable.objects.filter(party=party).to_pay()
        kwargs.setdefault("initial", {"aantal": 3, "eerste": timezone.localdate(), "receivables": [*rows]})
        super().__init__(*args, **kwargs)
        self.fields["receivables"] = OpenField(party, label=_("What it is for"))
        self.order_fields(["receivables", "aantal", "eerste"])

    def clean_receivables(self) -> Any:
        chosen = self.cleaned_data["receivables"]
        if not chosen:
            raise forms.ValidationError(_("Choose what the plan is for."))
        return chosen

    def proposed(self) -> list[tuple[date, Decimal]]:
        """Equal parts, a month apart."""
        data = self.cleaned_data
        asked = total(row.open_amount for row in data["receivables"])
        return plans.monthly(asked, first=data["eerste"], count=data["aantal"])


class InstalmentsForm(forms.Form):
    """The days and amounts of a plan."""

    note = forms.CharField(
        label=gettext_lazy("A note about it"), max_length=300, required=False, validators=[safe_text],
        help_text=gettext_lazy("For example who agreed to it by telephone."),
    )  # fmt: skip

    def __init__(self, *args: Any, parts: Sequence[tuple[date, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(parts)
        for at, (day, amount) in enumerate(parts):
            words = {"number": at + 1}
            self.fields[f"day-{at}"] = DayField(
                label=_("Instalment %(number)d: day") % words, initial=day, farthest=FAR
            )
            self.fields[f"amount-{at}"] = PriceField(
                label=_("Instalment %(number)d: amount") % words, initial=f"{amount:f}".replace(".", ","),
                max_digits=MOST_CENTS, decimal_places=2,
            )  # fmt: skip

    def instalments(self) -> list[tuple[date, Decimal]]:
        data = self.cleaned_data
        return [(data[f"day-{at}"], data[f"amount-{at}"]) for at in range(self.count)]

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two fields of each instalment, for the page."""
        return [(self[f"day-{at}"], self[f"amount-{at}"]) for at in range(self.count)]


class WriteOffForm(forms.Form):
    """Why it is given up."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=200, validators=[safe_text],
        help_text=gettext_lazy("It stays in the books, for the accountant. The party does not see it."),
    )  # fmt: skip

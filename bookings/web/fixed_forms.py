"""What the pages of fixed half-days send."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import DayPart, Hub, Space
from spaces.web.fields import DayField, PriceField
from spaces.wording import calendar_date
from tenants.leases import fixing
from tenants.leases.giving import Wanted
from tenants.leases.models import FixedDayPart
from tenants.leases.querysets import FixedDayPartQuerySet
from tenants.parties.models import Party

MOST_DATES = 500
CHOOSE = gettext_lazy("Choose…")


class TermsForm(forms.Form):
    """A new half-day; valid data make an unsaved FixedDayPart."""

    partij = forms.ModelChoiceField(Party.objects.none(), label=gettext_lazy("For whom"), empty_label=CHOOSE)
    ruimte = forms.ModelChoiceField(Space.objects.none(), label=gettext_lazy("Room"), empty_label=CHOOSE)
    weekdag = forms.TypedChoiceField(
        label=gettext_lazy("Every"), coerce=int, choices=[(day, name) for day, name in WEEKDAYS.items()]
    )
    dagdeel = forms.ModelChoiceField(
        DayPart.objects.none(), label=gettext_lazy("Day part"), empty_label=CHOOSE
    )
    vanaf = DayField(label=gettext_lazy("First day"))
    tot_en_met = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave open: no end agreed.")
    )
    prijs = PriceField(label=gettext_lazy("Price excl. VAT (€)"), min_value=0, max_digits=9, decimal_places=2)
    per = forms.ChoiceField(label=gettext_lazy("Price is"), choices=FixedDayPart.ChargedPer.choices)
    bij_sluiting = forms.ChoiceField(
        label=gettext_lazy("When the building is closed"), choices=FixedDayPart.OnClosure.choices
    )

    def __init__(self, data: Any = None, *, hub: Hub, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.hub = hub
        fields: Any = self.fields
        fields["partij"].queryset = (
            Party.objects.of_hub(hub).active().select_related("rate_group").order_by("name")
        )
        fields["ruimte"].queryset = (
            Space.objects.of_hub(hub).bookable().select_related("hub").order_by("code")
        )
        fields["ruimte"].label_from_instance = lambda space: f"{space.code} {space.name}"
        fields["dagdeel"].queryset = hub.day_parts.all()

    def clean_vanaf(self) -> date:
        day: date = self.cleaned_data["vanaf"]
        earliest = fixing.first_charged(self.hub, now=timezone.now())
        if day < earliest:
            text = _("Earlier months are in the old books. Choose %(day)s or later.")
            raise ValidationError(text % {"day": calendar_date(earliest)})
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("vanaf"), data.get("tot_en_met")
        if first and last and last < first:
            self.add_error("tot_en_met", _("The last day is before the first. Exchange the two dates."))
        return data

    def half_day(self) -> FixedDayPart:
        """The half-day as wanted, not stored."""
        data = self.cleaned_data
        return FixedDayPart(
            hub=self.hub,
            party=data["partij"],
            space=data["ruimte"],
            weekday=data["weekdag"],
            day_part=data["dagdeel"],
            starts_on=data["vanaf"],
            ends_on=data["tot_en_met"],
            price=data["prijs"],
            charged_per=data["per"],
            on_closure=data["bij_sluiting"],
            charged_from=fixing.first_charged(self.hub, now=timezone.now()),
        )


class LastDayForm(forms.Form):
    """The last day of a half-day that ends."""

    laatste = DayField(label=gettext_lazy("Last day"))


class AwayForm(forms.Form):
    """A time in which somebody does not need their half-days, both days included."""

    van = DayField(label=gettext_lazy("From"))
    tot = DayField(label=gettext_lazy("Up to and including"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("van"), data.get("tot")
        if first and last and last < first:
            self.add_error("tot", _("The last day is before the first. Exchange the two dates."))
        return data


def named(fixed: FixedDayPart, start: datetime) -> str:
    """How a page names one date of a half-day."""
    return f"{fixed.pk}@{start.isoformat()}"


def dates_named(names: list[str], *, visible: FixedDayPartQuerySet) -> list[Wanted] | None:
    """The dates that a page named so, of half-days that may be seen; None when one of them is no such name."""
    pairs = [name.partition("@") for name in names[:MOST_DATES]]
    try:
        starts = [(int(pk), datetime.fromisoformat(text)) for pk, _at, text in pairs]
    except ValueError:
        return None
    found = visible.in_bulk({pk for pk, _start in starts if 0 < pk < 2**31})
    known = all(pk in found and start.tzinfo for pk, start in starts)
    return [(found[pk], start) for pk, start in starts] if known else None

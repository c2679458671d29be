"""What the pages of a booking send; prices never come from a browser."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import Hub
from spaces.periods import NotAMoment, Period, on_clock
from spaces.web import typed
from tenants.parties import identity


class PlaceForm(forms.Form):
    """A room and a time, from hidden fields or an address; valid data have `period`."""

    ruimte = forms.CharField(max_length=20)
    dag = forms.CharField(max_length=typed.MOST)
    van = forms.CharField(max_length=typed.MOST)
    tot = forms.CharField(max_length=typed.MOST)

    def __init__(self, data: Any, *, hub: Hub) -> None:
        super().__init__(data)
        self.hub = hub

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["period"] = self._period(data)
        return data

    def _period(self, data: dict[str, Any]) -> Period:
        day = typed.day(data["dag"], today=timezone.localdate())
        starts, ends = typed.clock(data["van"]), typed.clock(data["tot"])
        if day is None or starts is None or ends is None or not 1 < day.year < 9999:
            raise ValidationError(_("Choose a day and a time first."))
        try:
            return on_clock(day, starts, ends, zone=self.hub.zone)
        except NotAMoment as error:
            raise ValidationError(error.message) from error
        except ValueError as error:
            raise ValidationError(_("The end has to be later than the start.")) from error


class HoldForm(PlaceForm):
    """One press of "Book": `sleutel` makes a second press the same booking, `wens` is the search to come back to."""

    sleutel = forms.UUIDField()
    partij = forms.CharField(max_length=20, required=False)
    naam = forms.CharField(max_length=80, required=False)
    wens = forms.CharField(max_length=2000, required=False)


class MoveForm(PlaceForm):
    """The move as it was shown: `volgnummer` is that of the booking then, `prijs` the new price incl. VAT.

    Staff may let the house pay (`kosten` "huis"), and saw `prijs_huis` for that.
    """

    volgnummer = forms.IntegerField(min_value=0, max_value=32767)
    prijs = forms.DecimalField(max_digits=11, decimal_places=2)
    kosten = forms.CharField(max_length=10, required=False)
    prijs_huis = forms.DecimalField(max_digits=11, decimal_places=2, required=False)

    def clean_prijs_huis(self) -> Decimal | None:
        """What was not seen is not agreed to: the price by the agreed steps counts then."""
        price: Decimal | None = self.cleaned_data["prijs_huis"]
        return self.cleaned_data.get("prijs") if price is None else price


class CancelForm(forms.Form):
    """Cancelling as it was shown: what it costs incl. VAT, and which version of the booking."""

    kosten = forms.DecimalField(max_digits=11, decimal_places=2)
    volgnummer = forms.IntegerField(min_value=0, max_value=32767)


class NameForm(forms.Form):
    """The name that the door and reception show."""

    naam = forms.CharField(
        label=gettext_lazy("Name on the door"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "Everybody in the building can read this. Never write the name of a client here."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    def clean_naam(self) -> str:
        name: str = self.cleaned_data["naam"].strip()
        if identity.looks_like_bsn(name):
            raise ValidationError(
                _(
                    "This looks like a citizen service number (BSN). Write a name of a practice or activity instead."
                )
            )
        return name

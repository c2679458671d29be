"""What somebody may say of a booking after it was made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from bookings.describing import Details
from bookings.models import Booking
from bookings.web.forms import NameForm
from spaces.models import Layout


class DetailsForm(NameForm):
    """Name, persons and layout; `volgnummer` is that of the booking as it was shown, `prijs` the total agreed to."""

    personen = forms.IntegerField(
        label=gettext_lazy("Number of persons"), min_value=1, max_value=999, required=False
    )
    opstelling = forms.ChoiceField(label=gettext_lazy("Layout"), required=False)
    volgnummer = forms.IntegerField(min_value=0, max_value=32767, widget=forms.HiddenInput)
    prijs = forms.DecimalField(max_digits=11, decimal_places=2, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has = set(booking.space.layouts.values_list("layout", flat=True)) | {booking.layout} - {""}
        if not has:
            del self.fields["opstelling"]
            return
        labels = [(value, label) for value, label in Layout.choices if value in has]
        self.fields["opstelling"].choices = [("", gettext_lazy("as it stands")), *labels]

    @staticmethod
    def of(booking: Booking) -> dict[str, Any]:
        """The booking as it is, to begin with."""
        return {
            "naam": booking.title,
            "personen": booking.persons,
            "opstelling": booking.layout,
            "volgnummer": booking.sequence,
        }

    @property
    def wanted(self) -> Details:
        """What a valid form asks for."""
        data = self.cleaned_data
        return Details(data["naam"], data["personen"], data.get("opstelling", ""))

"""What staff fill in to close: what, from when to when, and why."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.closing_hits import Wish
from spaces.models import Space
from spaces.periods import Period, local_days, moment
from spaces.web.fields import ClockField, DayField
from tenants.parties.web.asking import AtHub
from tenants.parties.web.forms import text

INSTANT = timedelta(microseconds=1)


class ClosureForm(forms.Form):
    """Valid data have `wish`."""

    use_required_attribute = False

    ruimte = forms.ModelChoiceField(
        Space.objects.none(),
        label=gettext_lazy("What is closed?"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("The whole building"),
    )
    dag = DayField(label=gettext_lazy("From (day)"), max_length=24)
    van = ClockField(
        label=gettext_lazy("From (time)"), max_length=24, required=False,
        help_text=gettext_lazy("Leave both times empty for whole days."),
    )  # fmt: skip
    tot_dag = DayField(
        label=gettext_lazy("Up to and including (day)"), max_length=24, required=False,
        help_text=gettext_lazy("Empty: the same day."),
    )  # fmt: skip
    tot = ClockField(label=gettext_lazy("Until (time)"), max_length=24, required=False)
    reden = text(
        gettext_lazy("Reason"), length=200,
        help_text=gettext_lazy("Everybody who is hit reads this. No client data."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: AtHub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        rooms = Space.objects.of_hub(actor.hub).select_related("floor", "hub")  # a broken beamer as well
        cast("forms.ModelChoiceField", self.fields["ruimte"]).queryset = rooms

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        try:
            period = self._period(data)
        except ValueError as error:
            words = getattr(error, "message", None) or _("The end has to be later than the start.")
            self.add_error("tot_dag", words)
            return data
        data["wish"] = Wish(self.actor.hub, data["ruimte"], period, data["reden"])
        return data

    def _period(self, data: Mapping[str, Any]) -> Period:
        """Raises ValueError when it does not end after it starts, NotAMoment for an hour that is not there."""
        first: date = data["dag"]
        last: date = data["tot_dag"] or first
        starts: time | None = data["van"]
        ends: time | None = data["tot"]
        zone = self.actor.hub.zone
        whole = local_days(first, last, zone=zone)
        return Period(
            whole.start if starts is None else moment(first, starts, zone=zone),
            whole.end if not ends else moment(last, ends, zone=zone),
        )


def address(wish: Wish) -> str:
    """The page that asks whether to close this."""
    return f"{reverse('closure-new')}?{urlencode(fields(wish))}"


def fields(wish: Wish) -> dict[str, str]:
    """What the form holds when it means this wish."""
    start, end = wish.period.local(wish.hub.zone)
    last = end - INSTANT  # what ends at midnight belongs to the day before
    return {
        "ruimte": wish.space.code if wish.space else "",
        "dag": start.date().isoformat(),
        "van": f"{start:%H:%M}" if start.time() != time.min else "",
        "tot_dag": last.date().isoformat(),
        "tot": f"{end:%H:%M}" if end.time() != time.min else "",
        "reden": wish.reason,
    }

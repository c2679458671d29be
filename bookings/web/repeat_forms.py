"""How a series repeats, as people choose it; the words of each choice come from its first day."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking, Series
from spaces import patterns, recurrence
from spaces.models import Space
from spaces.patterns import LAST, MOST_WEEKS, Pattern
from spaces.periods import NotAMoment, on_clock
from spaces.web import typed
from spaces.web.fields import ClockField, DayField

WEEK, WORKDAYS, NTH, LAST_WEEKDAY, DAY, LAST_DAY = "week", "werkdagen", "nde", "laatste", "dag", "laatstedag"
UNTIL, TIMES, OPEN = "tot", "keer", "open"
MOST_TIMES = 260
"""Five years of weeks, a year of workdays."""


class RepeatForm(forms.Form):
    """Which days, and until when; valid data have `pattern` and `last` (None: no end)."""

    use_required_attribute = False

    herhaal = forms.ChoiceField(label=gettext_lazy("Repeat"), widget=forms.RadioSelect)
    om = forms.IntegerField(
        label=gettext_lazy("Every how many weeks"),
        help_text=gettext_lazy("1 is every week, 2 is every other week."),
        min_value=1,
        max_value=MOST_WEEKS,
        required=False,
    )
    dagen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days"),
        help_text=gettext_lazy("Only for every week. None ticked: the day of the first date."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    einde = forms.ChoiceField(label=gettext_lazy("Until when"), widget=forms.RadioSelect)
    tot = DayField(label=gettext_lazy("Last day"), max_length=24, required=False)
    keer = forms.IntegerField(
        label=gettext_lazy("Number of times"), min_value=2, max_value=MOST_TIMES, required=False
    )

    def __init__(self, data: Any = None, *, first: date, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.first, self.zone = first, zone
        self._choices("herhaal", [(name, capfirst(it.words)) for name, it in offered(first).items()])
        self._choices("dagen", [(number, capfirst(str(name))) for number, name in WEEKDAYS.items()])
        self._choices(
            "einde",
            [(UNTIL, _("Until a day")), (TIMES, _("A number of times")), (OPEN, _("Without an end"))],
        )
        for name, value in {"herhaal": WEEK, "om": 1, "einde": UNTIL}.items():
            self.fields[name].initial = self.initial.get(name, value)

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    @property
    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "herhaal" in data:
            data["pattern"] = self._pattern(data)
        if "pattern" in data and "einde" in data:
            data["last"] = self._last(data)
        return data

    def _pattern(self, data: dict[str, Any]) -> Pattern:
        every = data.get("om") or 1
        if data["herhaal"] == WEEK:
            return patterns.weekly(set(data.get("dagen") or [self.first.weekday()]), every=every)
        return offered(self.first)[data["herhaal"]]

    def _last(self, data: dict[str, Any]) -> date | None:
        if data["einde"] == OPEN:
            return None
        if data["einde"] == TIMES:
            if not data.get("keer"):
                self._missing("keer", _("Fill in how many times, from 2 on."))
                return None
            times = data["keer"]
            return recurrence.last_of(data["pattern"], first=self.first, times=times, zone=self.zone)
        last: date | None = data.get("tot")
        if last is None or last <= self.first:
            self._missing("tot", _("Choose a last day after the first date."))
        return last

    def _missing(self, name: str, words: str) -> None:
        if name not in self.errors:
            self.add_error(name, words)


class SeenForm(forms.Form):
    """What the person saw: `akkoord` says which dates and clashes, `totaal` the amount incl. VAT."""

    akkoord = forms.CharField(max_length=64)
    totaal = forms.DecimalField(max_digits=12, decimal_places=2)


class SendForm(SeenForm):
    """The same with a key that makes a second press the same series."""

    sleutel = forms.UUIDField()


def offered(first: date) -> dict[str, Pattern]:
    """What can be chosen for something that begins on that day."""
    weekday = first.weekday()
    return {
        WEEK: patterns.weekly([weekday]),
        WORKDAYS: patterns.weekly(patterns.WORKDAYS),
        NTH: patterns.monthly_weekday(weekday, nth=(first.day - 1) // 7 + 1),
        LAST_WEEKDAY: patterns.monthly_weekday(weekday, nth=LAST),
        DAY: patterns.monthly_day(first.day),
        LAST_DAY: patterns.monthly_day(LAST),
    }


def initial_of(pattern: Pattern, *, first: date, last: date | None) -> dict[str, Any]:
    """The choices that give this pattern again."""
    found = next((name for name, it in offered(first).items() if it == pattern and name != WEEK), WEEK)
    return {
        "herhaal": found,
        "om": pattern.every,
        "dagen": list(pattern.weekdays) if found == WEEK and pattern.weekdays != (first.weekday(),) else [],
        "einde": OPEN if last is None else UNTIL,
        "tot": last,
    }


class ChangeForm(RepeatForm):
    """A series as it will be from `vanaf` on: other days, hours or another room."""

    ruimte = forms.ModelChoiceField(Space.objects.none(), label=gettext_lazy("Room"), to_field_name="code")
    vanaf = DayField(label=gettext_lazy("First date"), max_length=24)
    van = ClockField(label=gettext_lazy("From"), max_length=24)
    tijd_tot = ClockField(label=gettext_lazy("Until"), max_length=24)

    field_order = ("vanaf", "van", "tijd_tot", "ruimte", "herhaal", "om", "dagen", "einde", "tot", "keer")

    def __init__(self, data: Any = None, *, series: Series, first: date, **kwargs: Any) -> None:
        super().__init__(data, first=first, zone=series.hub.zone, **kwargs)
        rooms: Any = self.fields["ruimte"]
        rooms.queryset = Space.objects.of_hub(series.hub).bookable().select_related("floor", "hub")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        day, starts, ends = data.get("vanaf"), data.get("van"), data.get("tijd_tot")
        if day and starts is not None and ends is not None:
            try:
                on_clock(day, starts, ends, zone=self.zone)
            except NotAMoment:
                return data  # on that one day; the plan says so
            except ValueError:
                self.add_error("tijd_tot", _("The end has to be later than the start."))
        return data


def first_day(data: Any, *, otherwise: date) -> date:
    """The first date that was typed, or another one when it is none."""
    return typed.day(data.get("vanaf", "")[: typed.MOST], today=timezone.localdate()) or otherwise


def repeat_form(booking: Booking, data: Any = None) -> RepeatForm:
    """How this booking may repeat, from its own day on."""
    zone = booking.hub.zone
    return RepeatForm(data, first=booking.starts_at.astimezone(zone).date(), zone=zone)

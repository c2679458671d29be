"""What somebody fills in for the waiting list, prefilled with what they looked for."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import WaitingEntry
from bookings.waiting import Wish
from bookings.web.filters import Filters
from bookings.web.wishing import slug
from spaces.models import Hub, Space, SpaceKind
from spaces.web import typed
from spaces.web.fields import ClockField, DayField

USUAL_WEEKS = 8
"""How long somebody waits unless they say otherwise."""


class WaitingForm(forms.Form):
    """Days of the week, hours, what kind of room, and until when; valid data make a `wish`."""

    use_required_attribute = False

    dagen = forms.MultipleChoiceField(
        label=gettext_lazy("Days"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: any day."),
    )  # fmt: skip
    van = ClockField(label=gettext_lazy("From"), max_length=typed.MOST)
    tot = ClockField(label=gettext_lazy("Until"), max_length=typed.MOST)
    ruimte = forms.ModelChoiceField(
        Space.objects.none(), label=gettext_lazy("Room"), to_field_name="code", required=False,
        empty_label=gettext_lazy("Any room of these kinds"),
    )  # fmt: skip
    soort = forms.MultipleChoiceField(
        label=gettext_lazy("What kind of room?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    nodig = forms.MultipleChoiceField(
        label=gettext_lazy("Needed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    personen = forms.IntegerField(
        label=gettext_lazy("Number of persons"), min_value=1, max_value=999, required=False
    )
    vanaf = DayField(label=gettext_lazy("First day"), max_length=typed.MOST)
    tm = DayField(label=gettext_lazy("Last day"), max_length=typed.MOST)

    def __init__(self, *args: Any, filters: Filters, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = self._choice("dagen")
        days.choices = [(str(number), capfirst(str(name))) for number, name in WEEKDAYS.items()]
        self._choice("soort").choices = [
            (kind, capfirst(str(SpaceKind(kind).label))) for kind in filters.kinds
        ]
        self._choice("nodig").choices = [(code, str(feature)) for code, feature in filters.features.items()]
        if not filters.features:
            del self.fields["nodig"]
        room = self.fields["ruimte"]
        assert isinstance(room, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        room.queryset = Space.objects.of_hub(filters.hub).bookable().select_related("floor")

    def _choice(self, name: str) -> forms.MultipleChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        return field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("van"), data.get("tot")
        if starts is not None and ends is not None and ends <= starts and ends != time.min:
            self.add_error("tot", _("The end has to be later than the start."))
        return data

    @property
    def wish(self) -> Wish:
        """What the valid form asks for; a named room needs no kind."""
        data = self.cleaned_data
        room = data["ruimte"]
        return Wish(
            starts=data["van"], ends=data["tot"], from_date=data["vanaf"], until_date=data["tm"], space=room,
            kinds=() if room else tuple(data["soort"]), features=() if room else tuple(data.get("nodig", ())),
            persons=data["personen"] or 0, weekdays=tuple(int(day) for day in data["dagen"]),
        )  # fmt: skip


def looked_for(params: QueryDict, filters: Filters) -> dict[str, Any]:
    """The form for the parameters of the finder or of a room's page: that weekday, those hours, from today on."""
    day = typed.day(params.get("dag", ""), today=filters.today)
    part = next((it for it in filters.timetable.day_parts if slug(it) == params.get("deel")), None)
    part = part or next(iter(filters.timetable.day_parts), None)
    starts, ends = typed.clock(params.get("van", "")), typed.clock(params.get("tot", ""))
    if starts is None or ends is None:
        starts, ends = (part.starts, part.ends) if part else (time(9), time(12))
    usual = filters.today + timedelta(weeks=USUAL_WEEKS)
    return {
        "dagen": [str(day.weekday())] if day else [], "van": starts, "tot": ends,
        "ruimte": params.get("ruimte", "")[:20].replace("\0", ""), "soort": params.getlist("soort")[:20],
        "nodig": params.getlist("nodig")[:20],
        "personen": _number(params.get("personen", "")), "vanaf": filters.today, "tm": max(day or usual, usual),
    }  # fmt: skip


def as_it_was(entry: WaitingEntry, filters: Filters) -> dict[str, Any]:
    """The form for a wish of before, from today on."""
    return {
        "dagen": [str(day) for day in entry.weekdays], "van": entry.starts, "tot": entry.ends,
        "ruimte": entry.space.code if entry.space else "", "soort": entry.kinds, "nodig": entry.features,
        "personen": entry.persons or None, "vanaf": filters.today,
        "tm": max(entry.until_date, filters.today + timedelta(weeks=USUAL_WEEKS)),
    }  # fmt: skip


def unsaved(initial: Mapping[str, Any], hub: Hub, *, today: date, now: datetime) -> WaitingEntry:
    """The wish that the form begins with, to tell how often such a time comes free."""
    room = Space.objects.of_hub(hub).filter(code=initial["ruimte"]).first() if initial["ruimte"] else None
    return WaitingEntry(
        hub=hub, space=room, kinds=initial["soort"], features=initial["nodig"], persons=initial["personen"] or 0,
        weekdays=[int(day) for day in initial["dagen"]], starts=initial["van"], ends=initial["tot"], from_date=today,
        until_date=initial["tm"], created_at=now,
    )  # fmt: skip


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 3 and int(text) else None

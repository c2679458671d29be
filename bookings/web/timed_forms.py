"""What reception and tenants fill in to book: a room, a day, from when to when, and for whom."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.web.going_along import GoingAlong
from spaces.models import Space, SpaceKind
from spaces.periods import on_clock
from spaces.querysets import SpaceQuerySet
from spaces.web.fields import ClockField, DayField
from tenants.parties.identity import looks_like_bsn
from tenants.parties.models import Party, User
from tenants.parties.web.asking import AtHub

TIMES = ("ruimte", "dag", "van", "tot")
MOST_CHOSEN = 50


def given(request: HttpRequest) -> dict[str, str]:
    """The room and the time that a free cell of a table puts in the address."""
    return {name: request.GET.get(name, "")[:40] for name in TIMES}


def with_choice(posted: QueryDict) -> QueryDict:
    """What was sent, with the alternative that was pressed in the place of the room and the time."""
    chosen = posted.get("keuze", "").split("|")
    if len(chosen) != len(TIMES):
        return posted
    data = posted.copy()
    for name, value in zip(TIMES, chosen, strict=True):
        data[name] = value
    return data


def kept(form: forms.Form) -> str:
    """The fields of a bound form as they were typed, as a query string."""
    typed = QueryDict(mutable=True)
    for name in form.fields:
        sent = form.data.getlist(name) if isinstance(form.data, QueryDict) else [form.data.get(name, "")]
        typed.setlist(name, [text[:200].replace("\0", "") for text in sent[:MOST_CHOSEN]])
    return typed.urlencode()


class TimedForm(GoingAlong):
    """A room and a time on one day of the hub, and what goes with it; valid data have `period`."""

    use_required_attribute = False

    ruimte = forms.ModelChoiceField(Space.objects.none(), label=gettext_lazy("Room"), to_field_name="code")
    dag = DayField(label=gettext_lazy("Day"), max_length=24)
    van = ClockField(label=gettext_lazy("From"), max_length=24)
    tot = ClockField(label=gettext_lazy("Until"), max_length=24)
    sleutel = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Name on the door"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("No client data"),
    )
    persons = forms.IntegerField(
        label=gettext_lazy("Number of persons"), min_value=1, max_value=999, required=False
    )

    def __init__(self, *args: Any, actor: AtHub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.offer(actor.hub)
        self.choices_of("ruimte").queryset = self.spaces()
        self.fields["sleutel"].initial = uuid4()

    def choices_of(self, name: str) -> forms.ModelChoiceField:
        """The field `name`, which chooses a row."""
        return cast("forms.ModelChoiceField", self.fields[name])

    def spaces(self) -> SpaceQuerySet:
        """The rooms to choose from."""
        return Space.objects.of_hub(self.actor.hub).bookable().select_related("floor", "hub")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, starts, ends = data.get("dag"), data.get("van"), data.get("tot")
        if day and starts is not None and ends is not None:
            try:
                data["period"] = on_clock(day, starts, ends, zone=self.actor.hub.zone)
            except ValueError as error:
                words = getattr(error, "message", None) or _("The end has to be later than the start.")
                self.add_error("tot", words)
        self._refuse_too_many(data)
        return data

    def _refuse_too_many(self, data: dict[str, Any]) -> None:
        space, persons = data.get("ruimte"), data.get("persons")
        if data.get("rooms") or not space or not persons or not space.capacity or persons <= space.capacity:
            return
        message = _("%(room)s has room for %(capacity)s persons. Choose a larger room.")
        self.add_error("persons", message % {"room": space.name, "capacity": space.capacity})

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if looks_like_bsn(title):
            words = _("This looks like a citizen service number. Leave it out: we keep no client data.")
            raise forms.ValidationError(words)
        return title


class WalkInForm(TimedForm):
    """Reception books for a party it knows, or for somebody who walks in."""

    party = forms.ModelChoiceField(
        Party.objects.none(),
        label=gettext_lazy("For"),
        required=False,
        empty_label=gettext_lazy("Someone new"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Choose a party from the list, or fill in a name.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=20,
        error_messages={
            "required": gettext_lazy("Fill in a phone number, so that we can reach this person.")
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), required=False, help_text=gettext_lazy("For the confirmation")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Party.objects.visible_to(self.actor).active().select_related("hub", "rate_group")
        self.choices_of("party").queryset = parties
        for name in ("name", "phone"):
            self.fields[name].required = not self.data.get("party")


class MeetingForm(TimedForm):
    """A tenant books a meeting space, for themselves or a colleague."""

    contact = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("For"), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(memberships__party=self.actor.party, is_active=True).distinct()
        self.choices_of("contact").queryset = colleagues.order_by("name")
        self.fields["contact"].initial = self.actor.user.pk

    def spaces(self) -> SpaceQuerySet:
        return super().spaces().filter(kind__in=SpaceKind.for_meeting())

"""The rules of booking, as staff set them: a list in words, and a preview in words before anything is saved."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import BookingRule, RateGroup, Space, SpaceKind
from spaces.ruling_words import in_words
from tenants.parties.web.asking import HubRequest

REFUSED = 422
SAYS_NOTHING = ("", gettext_lazy("says nothing"))
GRIDS = [SAYS_NOTHING, *((minutes, str(minutes)) for minutes in (5, 10, 15, 20, 30, 60))]
LONGEST_MINUTES = 7 * 24 * 60
LONGEST_NOTICE = 90 * 24 * 60
MOST_HOURS = 744


class RuleForm(forms.ModelForm):
    """Whom and what a rule is about, and what it says; at least one thing."""

    where = forms.ChoiceField(label=gettext_lazy("Which rooms"), required=False)
    may_book = forms.TypedChoiceField(
        label=gettext_lazy("May book without reception"), required=False,
        choices=[SAYS_NOTHING, ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda value: value == "yes", empty_value=None,
    )  # fmt: skip
    outside_hours = forms.TypedChoiceField(
        label=gettext_lazy("Also outside opening hours"), required=False,
        choices=[SAYS_NOTHING, ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda value: value == "yes", empty_value=None,
    )  # fmt: skip
    grid_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Begins and ends every so many minutes"), required=False, choices=GRIDS, coerce=int,
        empty_value=None,
    )  # fmt: skip

    class Meta:
        model = BookingRule
        fields = [
            "rate_group", "may_book", "shortest_minutes", "longest_minutes", "grid_minutes", "notice_minutes",
            "days_ahead", "outside_hours",
            "party_week_hours", "party_month_hours", "person_week_hours", "person_month_hours",
        ]  # fmt: skip
        labels = {"rate_group": gettext_lazy("For whom")}

    field_order = ["where"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hub = self.instance.hub
        group = self.fields["rate_group"]
        group.queryset = RateGroup.objects.filter(hub=hub)
        group.empty_label = _("Everybody")
        spaces = Space.objects.of_hub(hub).bookable()
        kinds = set(spaces.values_list("kind", flat=True).order_by())
        self.fields["where"].choices = [
            ("", _("all rooms")),
            *((f"soort:{kind.value}", kind.label) for kind in SpaceKind if kind.value in kinds),
            *((f"ruimte:{space.code}", space.name) for space in spaces),
        ]
        self.initial["where"] = self._where()
        for name in ("may_book", "outside_hours"):
            self.initial[name] = self._said(name)
        for name, most in _MOST.items():
            self.fields[name].widget.attrs |= {"min": 1, "max": most, "inputmode": "numeric"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self._place(data)
        for name, most in _MOST.items():
            if data.get(name) is not None and not 1 <= data[name] <= most:
                self.add_error(name, _("From %(least)s to %(most)s.") % {"least": 1, "most": most})
        if (
            data.get("shortest_minutes")
            and (data.get("longest_minutes") or LONGEST_MINUTES) < data["shortest_minutes"]
        ):
            self.add_error("longest_minutes", _("The longest cannot be less than the shortest."))
        if not self.errors and all(data.get(name) is None for name in _SAYING):
            self.add_error(None, _("This rule says nothing yet. Fill in at least one thing."))
        return data

    def _place(self, data: dict[str, Any]) -> None:
        """Put on the rule what it is about; refuse a second rule about the same."""
        kind, _colon, value = data.get("where", "").partition(":")
        rule = self.instance
        rule.kind = value if kind == "soort" else ""
        spaces = Space.objects.of_hub(rule.hub)
        rule.space = spaces.filter(code=value).first() if kind == "ruimte" else None
        about = {"kind": rule.kind, "space": rule.space, "rate_group": data.get("rate_group")}
        if BookingRule.objects.filter(hub=rule.hub, **about).exclude(pk=rule.pk).exists():
            self.add_error("where", _("There is a rule for these rooms and people already. Change that one."))

    def _where(self) -> str:
        rule = self.instance
        if rule.space is not None:
            return f"ruimte:{rule.space.code}"
        return f"soort:{rule.kind}" if rule.kind else ""

    def _said(self, name: str) -> str:
        return {None: "", True: "yes", False: "no"}[getattr(self.instance, name)]


_MOST = {
    "shortest_minutes": LONGEST_MINUTES,
    "longest_minutes": LONGEST_MINUTES,
    "notice_minutes": LONGEST_NOTICE,
    "days_ahead": 335,
    "party_week_hours": MOST_HOURS,
    "party_month_hours": MOST_HOURS,
    "person_week_hours": MOST_HOURS,
    "person_month_hours": MOST_HOURS,
}
_SAYING = ("may_book", "outside_hours", "grid_minutes", *_MOST)


def rules(request: HubRequest) -> HttpResponse:
    """All rules, the most general first."""
    rows = BookingRule.objects.filter(hub=request.actor.hub).select_related("space", "rate_group")
    listed = [(row, in_words(row)) for row in sorted(rows, key=_general_first)]
    return render(request, "bookings/rules.html", {"rules": listed})


def new(request: HubRequest) -> HttpResponse:
    return _edit(request, BookingRule(hub=request.actor.hub))


def rule(request: HubRequest, pk: int) -> HttpResponse:
    return _edit(request, _rule(request, pk))


def remove(request: HubRequest, pk: int) -> HttpResponse:
    """A second press finds nothing and says so."""
    gone, _models = BookingRule.objects.filter(hub=request.actor.hub, pk=pk).delete()
    messages.success(request, _("The rule is gone.") if gone else _("The rule was gone already."))
    return redirect("rules")


def _edit(request: HubRequest, row: BookingRule) -> HttpResponse:
    """What was filled in stands in the address until it is saved, so that the preview survives another language."""
    asked = request.POST or (request.GET if "stap" in request.GET else None)
    form = RuleForm(asked, instance=row)
    valid = form.is_bound and form.is_valid()
    if valid and request.method == "POST":
        form.save()
        messages.success(request, _("Saved: %(rule)s.") % {"rule": in_words(form.instance)})
        return redirect("rules")
    context = {"form": form, "rule": row, "preview": in_words(form.instance) if valid else ""}
    return render(request, "bookings/rule.html", context, status=REFUSED if form.errors else 200)


def _rule(request: HubRequest, pk: int) -> BookingRule:
    rows = BookingRule.objects.filter(hub=request.actor.hub).select_related("hub", "space", "rate_group")
    return get_object_or_404(rows, pk=pk)


def _general_first(row: BookingRule) -> tuple[bool, bool, str, str]:
    return row.space is not None, bool(row.kind), str(row.space or row.kind), str(row.rate_group or "")

"""What staff set for one room: time to set up and clean, approval, release, and the layouts it can have."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.web.booking import REFUSED, TAKEN
from bookings.web.seeing import SeenForm
from spaces.models import Layout, Space, SpaceLayout
from spaces.models.building import LONGEST_MARGIN
from tenants.parties.web.asking import HubRequest

LONGEST_WAIT = 480
MOST_PERSONS = 999


class SpaceForm(SeenForm):
    """The settings of a room, and for each layout how many persons (empty: not possible here) and its minutes."""

    class Meta:
        model = Space
        fields = ["setup_minutes", "cleanup_minutes", "needs_approval", "release_after_minutes"]
        help_texts = {
            "setup_minutes": gettext_lazy("Others cannot have the room then; nobody pays for it."),
            "release_after_minutes": gettext_lazy("Leave empty where a room is never released, as for care."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("setup_minutes", "cleanup_minutes"):
            self._bound(name, LONGEST_MARGIN)
        self._bound("release_after_minutes", LONGEST_WAIT)
        there = {row.layout: row for row in self.instance.layouts.all()}
        for layout in Layout:
            row = there.get(layout.value)
            words = {"layout": layout.label}
            self.fields[f"{layout.value}_persons"] = forms.IntegerField(
                label=_("As %(layout)s: number of persons") % words, required=False, min_value=1,
                max_value=MOST_PERSONS, initial=row.capacity if row else None,
            )  # fmt: skip
            self.fields[f"{layout.value}_minutes"] = forms.IntegerField(
                label=_("As %(layout)s: minutes to set up") % words, required=False, min_value=0,
                max_value=LONGEST_MARGIN, initial=row.setup_minutes if row else None,
            )  # fmt: skip
        self.see()

    def _bound(self, name: str, most: int) -> None:
        field = self.fields[name]
        field.validators = [*field.validators, forms.IntegerField(max_value=most).validators[-1]]
        field.widget.attrs |= {"min": 0, "max": most, "inputmode": "numeric"}

    def store(self) -> None:
        """The settings, and of the layouts that were changed exactly those that have a number of persons."""
        super().store()
        space = self.instance
        for layout in Layout:
            if {f"{layout.value}_persons", f"{layout.value}_minutes"}.isdisjoint(self.changed_data):
                continue
            persons = self.cleaned_data[f"{layout.value}_persons"]
            row = SpaceLayout.objects.filter(space=space, layout=layout.value)
            if persons is None:
                row.delete()
                continue
            values = {"capacity": persons, "setup_minutes": self.cleaned_data[f"{layout.value}_minutes"] or 0}
            SpaceLayout.objects.update_or_create(space=space, layout=layout.value, defaults=values)


def rooms(request: HubRequest) -> HttpResponse:
    """The rooms that can be booked, with what is set for them."""
    spaces = Space.objects.of_hub(request.actor.hub).bookable()
    listed = spaces.select_related("floor").prefetch_related("layouts")
    return render(request, "bookings/manage_rooms.html", {"spaces": listed})


def room(request: HubRequest, code: str) -> HttpResponse:
    spaces = Space.objects.of_hub(request.actor.hub).bookable().select_related("floor", "hub")
    with transaction.atomic(durable=True):
        space = get_object_or_404(spaces.select_for_update(of=("self",), no_key=True), code=code)
        form = SpaceForm(request.POST or None, instance=space)
        if form.agrees():
            form.store()
            messages.success(request, _("Saved. What was booked before stays as it was."))
            return redirect("manage-rooms")
    status = TAKEN if form.overtaken else REFUSED if form.errors else 200
    return render(request, "bookings/manage_room.html", {"form": form, "space": space}, status=status)

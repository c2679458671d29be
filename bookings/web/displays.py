"""Screens in the building as staff keep them: which there are, a new address, no more access."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import displaying
from bookings.models import Display
from spaces.models import Space
from tenants.parties import mailing
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import text

REFUSED = 422


class DisplayForm(forms.Form):
    """A screen: where it hangs and how staff call it."""

    use_required_attribute = False

    space = forms.ModelChoiceField(
        Space.objects.none(),
        label=gettext_lazy("Where"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("At the entrance"),
    )
    name = text(
        gettext_lazy("Name of the screen"), length=80,
        help_text=gettext_lazy("For yourself, for example “Door of consult room 2”."),
    )  # fmt: skip

    def __init__(self, *args: Any, request: HubRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Space.objects.of_hub(request.actor.hub).bookable().select_related("floor")
        cast("forms.ModelChoiceField", self.fields["space"]).queryset = rooms


def displays(request: HubRequest) -> HttpResponse:
    """Which screens there are; a POST makes a new address and shows it, this once."""
    form = DisplayForm(request.POST or None, request=request)
    if not form.is_valid():
        return _page(request, form, status=REFUSED if form.is_bound else 200)
    display, token = displaying.connect(request.actor.hub, **form.cleaned_data, now=timezone.now())
    page = "screen-door" if display.space else "screen-entrance"
    made: dict[str, Any] = {"made": display, "address": mailing.link(reverse(page, args=[token]))}
    return _page(request, DisplayForm(request=request), **made)


def revoke(request: HubRequest, pk: int) -> HttpResponse:
    display = get_object_or_404(Display.objects.visible_to(request.actor), pk=pk)
    displaying.revoke(display, now=timezone.now())
    messages.success(request, _("The address of %(name)s no longer works.") % {"name": display.name})
    return redirect("displays")


def _page(request: HubRequest, form: DisplayForm, *, status: int = 200, **made: Any) -> HttpResponse:
    running = Display.objects.visible_to(request.actor).running().select_related("space")
    context = {"form": form, "displays": list(running), "today": timezone.localdate(), **made}
    return render(request, "bookings/displays.html", context, status=status)

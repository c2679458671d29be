"""How long options and offers last here, and from when people may check in: set by the director."""

from typing import Any

from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bookings.web.booking import REFUSED, TAKEN
from bookings.web.seeing import SeenForm
from spaces.models import Hub
from tenants.parties.web.asking import HubRequest

BOUNDS = {
    "option_days": (1, 60),
    "challenge_hours": (4, 168),
    "offer_minutes": (15, 720),
    "check_in_minutes": (0, 120),
}
"""Least and most of each setting, in its own unit."""


class HubSettingsForm(SeenForm):
    """Four numbers, each within its bounds."""

    class Meta:
        model = Hub
        fields = list(BOUNDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in BOUNDS.items():
            field = self.fields[name]
            field.validators = [MinValueValidator(least), MaxValueValidator(most)]
            field.widget.attrs |= {"min": least, "max": most, "inputmode": "numeric"}
            field.help_text = _("From %(least)s to %(most)s.") % {"least": least, "most": most}
        self.see()


def hub_settings(request: HubRequest) -> HttpResponse:
    """What was agreed before (an option until Friday) stays as it was."""
    with transaction.atomic(durable=True):
        hub = Hub.objects.select_for_update(no_key=True).get(pk=request.actor.hub.pk)
        form = HubSettingsForm(request.POST or None, instance=hub)
        if form.agrees():
            form.store()
            messages.success(request, _("Saved. It counts for what is begun from now on."))
            return redirect("hub-settings")
    status = TAKEN if form.overtaken else REFUSED if form.is_bound else 200
    return render(request, "bookings/hub_settings.html", {"form": form}, status=status)

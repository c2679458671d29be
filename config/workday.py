"""The bookkeeper's start page: what to do today, from every floor, and whether everything adds up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from config.models import Control
from tenants.leases import duties
from tenants.parties.web.asking import HubRequest


def today(request: HubRequest) -> HttpResponse:
    """Each thing to do with how many and why, and what the last control found."""
    now = timezone.now()
    control = Control.objects.filter(name=Control.LAST).first()
    context = {
        "duties": duties.today(request.actor.hub, now=now),
        "today": timezone.localdate(now),
        "control": control,
        "broken": [(gettext(words), count) for words, count in control.broken.items()] if control else [],
    }
    return render(request, "workday.html", context)

"""The director sees who has which role at the hub, and gives or takes them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.parties import people as use_cases
from tenants.parties.models import Membership
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import StaffInviteForm


def people(request: HubRequest) -> HttpResponse:
    """Everybody with a role, by role."""
    memberships = Membership.objects.manageable_by(request.actor).with_names()
    return render(request, "parties/people.html", {"memberships": memberships})


def invite(request: HubRequest) -> HttpResponse:
    """Give somebody a role."""
    form = StaffInviteForm(request.POST or None, hub=request.actor.hub)
    if request.method == "POST" and form.is_valid():
        use_cases.invite(**form.cleaned_data, hub=request.actor.hub, by=request.user, now=timezone.now())
        nudge()
        messages.success(request, _("%(name)s has access and gets a letter.") % form.cleaned_data)
        return redirect("people")
    return render(request, "parties/invite.html", {"form": form}, status=422 if form.errors else 200)

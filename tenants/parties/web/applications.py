"""The director reads applications and decides."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.parties import joining
from tenants.parties.models import Party, PartyState, Vacancy
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import VAT_POSITIONS, DecisionForm


def applications(request: HubRequest) -> HttpResponse:
    """Who waits for an answer, and who is sought."""
    parties = Party.objects.visible_to(request.actor)
    context = {
        "waiting": parties.applied().order_by("created_at"),
        "decided": parties.filter(state=PartyState.DECLINED).order_by("-created_at")[:20],
        "vacancies": Vacancy.objects.open_at(request.actor.hub),
    }
    return render(request, "parties/applications.html", context)


def application(request: HubRequest, pk: int) -> HttpResponse:
    """All that one applicant told."""
    party = get_object_or_404(Party.objects.visible_to(request.actor), pk=pk)
    return render(request, "parties/application.html", _told(party, DecisionForm()))


def approve(request: HubRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, joining.approve, _("%(party)s may book from now on, and gets a letter."))


def decline(request: HubRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, joining.decline, _("%(party)s has been declined, and gets a letter."))


def _decide(request: HubRequest, pk: int, deed: Callable[..., bool], done: str) -> HttpResponse:
    party = get_object_or_404(Party.objects.visible_to(request.actor), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return render(request, "parties/application.html", _told(party, form), status=422)
    if deed(party, message=form.cleaned_data["message"], now=timezone.now()):
        nudge()
        messages.success(request, done % {"party": party.name})
    else:
        messages.info(request, _("This application had already been decided."))
    return redirect("applications")


def _told(party: Party, form: DecisionForm) -> dict[str, object]:
    position = dict(VAT_POSITIONS).get(party.vat_position, party.vat_position)
    return {"party": party, "vat_position": position, "form": form}

"""Mandates that parties give online: given, seen and ended by who pays; seen and ended by the bookkeeper."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tenants.billing import stripe, tasks
from tenants.billing.models import OnlineMandate
from tenants.billing.online import mandates_seen, mandating, settings
from tenants.billing.online.refusals import OnlineRefused
from tenants.parties.models import Party, Role
from tenants.parties.web.asking import HubRequest

PAYERS = (Role.TENANT_MANAGER, Role.ZZPER)
SEE_OTHER = 303
State = OnlineMandate.State


@never_cache
def mandates(request: HubRequest) -> HttpResponse:
    """The mandate of each of my parties, what is collected by it, or the way to give one."""
    hub = request.actor.hub
    context = {
        "standings": mandates_seen.of_parties(_parties(request)),
        "offers": settings.collects(hub),
        "many": len(_parties(request)) > 1,
    }
    return render(request, "billing/online_mandates.html", context)


def give(request: HubRequest, pk: int) -> HttpResponse:
    """To the page of Stripe on which it is given."""
    party = next((each for each in _parties(request) if each.pk == pk), None)
    party = party or get_object_or_404(Party.objects.none(), pk=pk)
    try:
        mandate = mandating.open_page(mandating.begin(party, by=request.user, now=timezone.now()))
    except OnlineRefused as refusal:
        messages.error(request, refusal.message)
    except stripe.Unavailable:
        messages.error(request, _("The payment service does not answer. Try again in a minute."))
    else:
        return HttpResponseRedirect(mandate.url, status=SEE_OTHER)
    return redirect("online-mandates")


@never_cache
def returned(request: HubRequest, pk: UUID) -> HttpResponse:
    """Back from the page of Stripe: it is asked what became of it."""
    mandate = _mandate(request, pk)
    with suppress(stripe.Unavailable):  # it says so below, and the sweep looks again
        mandate = mandating.sync(mandate, now=timezone.now())
    if mandate.state == State.ACTIVE:
        tasks.nudge(tasks.collect_online)  # what is due already is announced now, not within the hour
        messages.success(request, _("Thank you. From now on we collect your invoices."))
    elif mandate.state == State.ENDED:
        messages.error(request, _("No mandate was given. You can try again, or pay by bank transfer."))
    else:
        messages.info(request, _("No mandate was given yet. If you did give it, it appears here by itself."))
    return redirect("online-mandates")


@never_cache
def end(request: HubRequest, pk: UUID) -> HttpResponse:
    """Ask first what that means, then end it."""
    mandate = _mandate(request, pk)
    if request.method == "POST":
        mandating.end(mandate, why=mandating.ENDED_BY_PARTY, now=timezone.now())
        messages.success(request, _("The mandate has ended. You get a letter about it."))
        return redirect("online-mandates")
    context = {"standing": mandates_seen.of_mandate(mandate), "back": reverse("online-mandates")}
    return render(request, "billing/online_mandate_end.html", context)


def withdraw(request: HubRequest, pk: UUID) -> HttpResponse:
    """The bookkeeper ends it, because the party asked so; sees first what that means."""
    mandate = _mandate(request, pk)
    if request.method != "POST":
        context = {
            "standing": mandates_seen.of_mandate(mandate),
            "back": reverse("mandates"),
            "is_books": True,
        }
        return render(request, "billing/online_mandate_end.html", context)
    mandating.end(mandate, why=mandating.ENDED_BY_HUB, now=timezone.now())
    words = _("The mandate of %(party)s is withdrawn. Nothing is collected any more.")
    messages.success(request, words % {"party": mandate.party.name})
    return redirect("mandates")


def _parties(request: HubRequest) -> list[Party]:
    theirs = request.actor.party_ids_as(*PAYERS)
    return [party for party in request.actor.parties if party.pk in theirs]


def _mandate(request: HubRequest, pk: UUID) -> OnlineMandate:
    rows = OnlineMandate.objects.visible_to(request.actor).select_related("hub", "party__hub", "by")
    return get_object_or_404(rows, pk=pk)

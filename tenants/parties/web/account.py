"""My account: the person, their party, their colleagues."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.parties import people
from tenants.parties.access import Actor
from tenants.parties.models import Membership, Party, Role
from tenants.parties.people import PeopleRefused
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import Request
from tenants.parties.web.forms import InviteForm, PartyForm, PersonForm


def account(request: Request) -> HttpResponse:
    """The person's own details."""
    user = request.user
    known = {"name": user.name, "phone": user.phone, "language": user.language}
    form = PersonForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        people.change_details(user, **form.cleaned_data)
        messages.success(request, _("Your details have been saved."))
        return redirect("account")
    context = {"form": form, "party": own_party(request.actor), "colleagues": _colleagues(request.actor)}
    return render(request, "parties/account.html", context, status=422 if form.errors else 200)


def party(request: Request) -> HttpResponse:
    """The details of the practice or organisation."""
    mine = own_party(request.actor)
    if mine is None:
        raise Http404
    form = PartyForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_party(mine, told=form.cleaned_data)
        except PeopleRefused as refusal:
            form.add_error("kvk", refusal.message)
        else:
            messages.success(request, _("The details have been saved."))
            return redirect("account")
    return render(
        request, "parties/party.html", {"form": form, "party": mine}, status=422 if form.errors else 200
    )


def invite_colleague(request: Request) -> HttpResponse:
    """A tenant manager gives a colleague access."""
    mine = Party.objects.kept_by(request.actor, Role.TENANT_MANAGER).first()
    if mine is None:
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.invite(**form.cleaned_data, hub=mine.hub, party=mine, by=request.user, now=timezone.now())
        nudge()
        messages.success(request, _("%(name)s has access and gets a letter.") % form.cleaned_data)
        return redirect("account")
    return render(
        request, "parties/invite.html", {"form": form, "party": mine}, status=422 if form.errors else 200
    )


def remove_colleague(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take the role away."""
    membership = get_object_or_404(Membership.objects.manageable_by(request.actor).with_names(), pk=pk)
    back = "people" if request.actor.has(Role.DIRECTOR) else "account"
    if request.method == "POST":
        try:
            people.take_away(membership, by=request.user)
            messages.success(request, _("%(name)s no longer has this role.") % {"name": membership.user})
        except PeopleRefused as refusal:
            messages.error(request, refusal.message)
        return redirect(back)
    return render(request, "parties/remove.html", {"membership": membership, "back": back})


def own_party(actor: Actor) -> Party | None:
    """The party whose details this person may change, if any."""
    return Party.objects.kept_by(actor, Role.ZZPER, Role.TENANT_MANAGER).first()


def _colleagues(actor: Actor) -> Any:
    if not actor.has(Role.TENANT_MANAGER):
        return None
    return Membership.objects.manageable_by(actor).with_names()

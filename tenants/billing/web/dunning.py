"""Today's letters: looked at one by one, sent all or some; and costs, after a 14-day letter ran out."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.money import total
from tenants.billing.dunning import charging_costs, proposing, sending, standing
from tenants.billing.dunning import letter as wrote
from tenants.billing.dunning.proposing import Proposed
from tenants.billing.dunning.sending import Sent
from tenants.billing.web.deeds import done
from tenants.parties import tasks
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

MOST = 500
"""More letters than that nobody has looked at."""


def letters(request: HubRequest) -> HttpResponse:
    """What is due today, what can be charged, and what is left alone; POST sends what was ticked."""
    hub, today = request.actor.hub, timezone.localdate()
    if request.method == "POST":
        return _sent(request)
    proposed = proposing.letters(hub, today=today)
    context = {
        "letters": proposed, "amount": total(each.amount for each in proposed),
        "costs": charging_costs.ready(hub, today=today),
        "alone": [item for item in standing.items(hub, today=today) if item.obstacle],
        "may": request.actor.has(Role.BOOKKEEPER),
    }  # fmt: skip
    return render(request, "billing/dunning.html", context)


def letter(request: HubRequest, pk: int, kind: str) -> HttpResponse:
    """One letter as it would go out."""
    proposed = _proposed(request, pk, kind)
    context = {"letter": proposed, "words": wrote.words(proposed), "may": request.actor.has(Role.BOOKKEEPER)}
    return render(request, "billing/dunning_letter.html", context)


def letter_pdf(request: HubRequest, pk: int, kind: str) -> HttpResponse:
    """The same on paper; also to print for who has no e-mail address."""
    file = wrote.paper(_proposed(request, pk, kind))
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'inline; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def charge(request: HubRequest, pk: int) -> HttpResponse:
    """Charge costs and interest for the 14-day letter of which `pk` is the oldest receivable, as they were seen."""
    now = timezone.now()
    found = charging_costs.ready(request.actor.hub, today=timezone.localdate())
    wanted = next((each for each in found if each.about.pk == pk), None)
    if wanted is None:
        raise Http404
    if wanted.seen != request.POST.get("seen"):
        messages.error(
            request, _("This has changed since you looked: somebody paid, or sent it already. Look again.")
        )
        return redirect("dunning")
    words = _("Charged: %(amount)s to %(party)s.")
    return done(
        request, lambda: charging_costs.charge(wanted, by=request.user, now=now),
        words=words % {"amount": wording.euro(wanted.amount), "party": wanted.party.name}, to=reverse("dunning"),
    )  # fmt: skip


def _sent(request: HubRequest) -> HttpResponse:
    pairs = [each.rpartition(":")[::2] for each in request.POST.getlist("letters")[:MOST]]
    sent = sending.send_all(request.actor.hub, dict(pairs), by=request.user, now=timezone.now())
    if sent.letters:
        tasks.nudge()
    _tell(request, sent)
    return redirect("dunning")


def _tell(request: HubRequest, sent: Sent) -> None:
    if sent.letters:
        words = ngettext("%(number)d letter goes out.", "%(number)d letters go out.", sent.letters)
        messages.success(request, words % {"number": sent.letters})
    if sent.on_paper:
        words = _("No e-mail address: print the letter and post it to %(names)s.")
        messages.warning(request, words % {"names": ", ".join(sent.on_paper)})
    if sent.refused:
        words = ngettext(
            "%(number)d letter was not sent: somebody paid, or it was sent already.",
            "%(number)d letters were not sent: somebody paid, or they were sent already.",
            len(sent.refused),
        )
        messages.warning(request, words % {"number": len(sent.refused)})
    if not sent.letters and not sent.refused:
        messages.error(request, _("Tick which letters to send."))


def _proposed(request: HubRequest, pk: int, kind: str) -> Proposed:
    found = proposing.letters(request.actor.hub, today=timezone.localdate())
    each = next((each for each in found if each.party.pk == pk and each.kind == kind), None)
    if each is None:
        raise Http404
    return each

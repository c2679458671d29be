"""What was sent to whom, what waits, and what could not be delivered."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.parties import mailing
from tenants.parties.models import Letter
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import FilterForm

PER_PAGE = 50
PARTS = [
    ("", gettext_lazy("All")),
    ("waiting", gettext_lazy("Waiting")),
    ("failed", gettext_lazy("Not delivered")),
    ("sent", gettext_lazy("Sent")),
]


class LetterFilter(FilterForm):
    part = forms.ChoiceField(choices=PARTS, required=False)
    q = forms.CharField(max_length=100, required=False)


def letters(request: HubRequest) -> HttpResponse:
    """The newest first. Their words are not shown: some hold codes, all are somebody's post."""
    form = LetterFilter(request.GET)
    told = form.told()
    rows = (
        Letter.objects.visible_to(request.actor)
        .in_part(told.get("part", ""))
        .addressed_like(told.get("q", ""))
    )
    page = Paginator(rows.without_words().order_by("-due_at", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page_obj": page, "parts": PARTS, "part": told.get("part", ""), "q": told.get("q", "")}
    return render(request, "parties/letters.html", context)


def send_again(request: HubRequest, pk: int) -> HttpResponse:
    """Try a letter that failed once more, now."""
    letter = get_object_or_404(Letter.objects.visible_to(request.actor), pk=pk)
    if mailing.try_again(letter, now=timezone.now()):
        nudge()
        messages.success(request, _("The letter is being sent again."))
    else:
        messages.info(request, _("This letter had already been sent."))
    return redirect("letters")

"""The change record as a page."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.parties import history, history_words
from tenants.parties.web.forms import FilterForm

PER_PAGE = 50


class ChangeFilter(FilterForm):
    kind = forms.ChoiceField(choices=list(history_words.KINDS.items()), required=False)
    day = forms.DateField(required=False)


def changes(request: HttpRequest) -> HttpResponse:
    """Who changed what, the newest first."""
    told = ChangeFilter(request.GET).told()
    found = history.Changes(request.actor.hub, **told)
    context = {
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": history_words.KINDS.items(),
        "kind": told.get("kind", ""),
        "day": told.get("day"),
    }
    return render(request, "parties/changes.html", context)

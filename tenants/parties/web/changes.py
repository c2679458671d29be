"""The change record as a page."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import render

from tenants.parties import history, history_words
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import FilterForm

PER_PAGE = 50
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class ChangeFilter(FilterForm):
    kind = forms.ChoiceField(choices=list(history_words.KINDS.items()), required=False)
    day = forms.DateField(
        required=False, validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    )


def changes(request: HubRequest) -> HttpResponse:
    """Who changed what, the newest first."""
    told = ChangeFilter(request.GET).told()
    found = history.Changes(request.actor.hub, **told)
    context = {
        "page_obj": Paginator(cast("Any", found), PER_PAGE).get_page(request.GET.get("page")),
        "kinds": history_words.KINDS.items(),
        "kind": told.get("kind", ""),
        "day": told.get("day"),
    }
    return render(request, "parties/changes.html", context)

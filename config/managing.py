"""The page that leads to what staff set up once in a while."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from config.context import MANAGE, entries


def manage(request: HttpRequest) -> HttpResponse:
    """List the pages of /beheer that this person may open, by subject."""
    groups = [(gettext(subject), list(entries(request, pages))) for subject, pages in MANAGE]
    return render(request, "manage.html", {"groups": [group for group in groups if group[1]]})

"""The page that leads to what staff set up once in a while."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.context import MANAGE, entries


def manage(request: HttpRequest) -> HttpResponse:
    """List the pages of /beheer that this person may open."""
    return render(request, "manage.html", {"pages": list(entries(request, MANAGE))})

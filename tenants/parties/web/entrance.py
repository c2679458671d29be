"""The way in: where somebody starts, which hub they look at, and in which language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.i18n import set_language

from tenants.parties import people
from tenants.parties.access import APPLICANT
from tenants.parties.models import Party, Role
from tenants.parties.web.asking import OpenRequest, Request
from tenants.parties.web.middleware import HUB_KEY, forget_language

FIRST_PAGE = {
    Role.DIRECTOR.value: "overview",
    Role.RECEPTION.value: "desk",
    Role.BOOKKEEPER.value: "workday",
    Role.ZZPER.value: "book",
    Role.TENANT_MANAGER.value: "book",
    Role.TENANT_MEMBER.value: "book",
    APPLICANT: "welcome",
}
"""Where each role starts; of several roles the first of this list counts."""


def start(request: OpenRequest) -> HttpResponse:
    """Send everybody to the page they most likely came for."""
    actor = request.actor
    if actor is None:
        return redirect("account_login")
    return redirect(next((page for role, page in FIRST_PAGE.items() if role in actor.roles), "welcome"))


def welcome(request: Request) -> HttpResponse:
    """For who may not do anything yet: what happens next, and what they may do meanwhile."""
    applications = Party.objects.applied_by(request.user).select_related("hub")
    context = {"applications": applications, "has_password": request.user.has_usable_password()}
    return render(request, "parties/welcome.html", context)


def choose_hub(request: Request) -> HttpResponse:
    """Look at another hub of one's own from now on; any other choice changes nothing."""
    for hub in request.actor.hubs:
        if hub.slug == request.POST.get("hub"):
            request.session[HUB_KEY] = hub.slug
    return redirect(_safe_next(request))


def choose_language(request: OpenRequest) -> HttpResponse:
    """Django's own answer; who has signed in keeps the choice for their pages and letters everywhere, in no cookie."""
    answer = set_language(request)
    if request.actor is not None:
        people.choose_language(request.actor.user, request.POST.get("language", ""))
        forget_language(answer)
    return answer


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if own and wanted.startswith("/") else "/"

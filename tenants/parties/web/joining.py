"""The page on which a new professional applies."""

from dataclasses import asdict

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from spaces.models import Hub
from tenants.parties import joining
from tenants.parties.joining import Application, JoiningRefused
from tenants.parties.models import User
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import OpenRequest
from tenants.parties.web.forms import JoinForm

WAITING = "application"
"""Where a session keeps what was told until the mailed code shows whose address it is."""


def join(request: OpenRequest) -> HttpResponse:
    """Take an application, then ask for the code mailed to the address: the same for a known and a new address."""
    if request.actor is not None:
        return redirect("start")
    form = JoinForm(request.POST or None, initial={"hub": request.GET.get("hub")})
    if request.method == "POST":
        if not ratelimit.consume(request, action="signup"):
            return too_fast(request)
        if form.is_valid():
            return _apply(request, form)
    return render(request, "parties/join.html", {"form": form}, status=422 if form.errors else 200)


def _apply(request: OpenRequest, form: JoinForm) -> HttpResponse:
    application = form.application(language=get_language() or "nl")
    if not ratelimit.consume(request, action="request_login_code", key=application.email.lower()):
        return too_fast(request)
    hub = form.cleaned_data["hub"]
    user = joining.knock(application, hub=hub, now=timezone.now())
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    request.session[WAITING] = {"hub": hub.pk, "told": asdict(application)}
    nudge()
    return redirect("account_confirm_login_code")


def enter_if_waiting(request: HttpRequest, user: User) -> None:
    """Who has just signed in with the address they applied with, has applied."""
    waiting = request.session.pop(WAITING, None)
    if waiting is None or waiting["told"]["email"].strip().lower() != user.email:
        return
    try:
        hub = Hub.objects.get(pk=waiting["hub"])
        joining.enter(user, Application(**waiting["told"]), hub=hub, now=timezone.now())
    except JoiningRefused as refusal:
        messages.error(request, refusal.message)
    nudge()


def too_fast(request: OpenRequest) -> HttpResponse:
    return render(request, "429.html", status=429)

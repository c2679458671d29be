"""The page on which a new professional applies."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from tenants.parties import joining
from tenants.parties.joining import JoiningRefused
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import OpenRequest
from tenants.parties.web.forms import JoinForm


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
    try:
        user = joining.apply(application, hub=form.cleaned_data["hub"], now=timezone.now())
    except JoiningRefused as refusal:
        form.add_error(None, refusal.message)
        return render(request, "parties/join.html", {"form": form}, status=409)
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    nudge()
    return redirect("account_confirm_login_code")


def too_fast(request: OpenRequest) -> HttpResponse:
    return render(request, "429.html", status=429)

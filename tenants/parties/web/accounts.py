"""How django-allauth meets the house: its letters go through the letters table, and nobody signs up behind our back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from spaces.models import Hub
from tenants.parties import mailing, people
from tenants.parties.mailing import Words
from tenants.parties.models import User
from tenants.parties.tasks import nudge
from tenants.parties.web.joining import enter_if_waiting
from tenants.parties.web.middleware import forget_language

CODE_LIFE = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


class AccountAdapter(DefaultAccountAdapter):
    """E-mail and password, or a mailed code; joining is a page of our own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post it as a letter in the language of whoever gets it, due now, and wake the sender."""
        user = people.by_email(email)
        hub = Hub.objects.filter(memberships__user=user).order_by("name").first() if user else None
        language = user.language if user else translation.get_language() or settings.LANGUAGE_CODE
        known = {"email": email, "hub": hub, "site_url": settings.SITE_URL, "request": None}
        with translation.override(language):
            message = self.render_mail(template_prefix, email, known | context)
        now = timezone.now()
        mailing.post_words(
            _words(message), key=f"account:{uuid4()}", kind=mailing.ACCOUNT, hub=hub, to_email=email,
            to_name=user.name if user else "", language=language, due_at=now,
            useless_after=now + CODE_LIFE if template_prefix == "account/email/login_code" else None,
        )  # fmt: skip
        nudge()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The language chosen on the sign-in page becomes the one of the account; who applied, has now applied."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen:
            people.choose_language(user, chosen)
        enter_if_waiting(request, user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        forget_language(answer)
        return answer

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """From here on the address counts; False, with words, when it has meanwhile become another account's."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            told = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", told)
            return False

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Only one that waits to be confirmed: nobody is left without an address."""
        return bool(email_address.email != email_address.user.email)


def _words(message: EmailMessage) -> Words:
    alternatives = getattr(message, "alternatives", [])
    subject, text = str(message.subject), str(message.body)
    html = alternatives[0].content if alternatives else mailing.plain_page(subject, text)
    return Words(subject, text, mailing.styled(str(html)))

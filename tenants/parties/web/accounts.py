"""How django-allauth meets the house: its letters go through the letters table, and nobody signs up behind our back."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from spaces.models import Hub
from tenants.parties import mailing, people
from tenants.parties.mailing import Words
from tenants.parties.models import User
from tenants.parties.tasks import nudge


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
        mailing.post_words(
            _words(message), key=f"account:{uuid4()}", kind=mailing.ACCOUNT, hub=hub, to_email=email,
            to_name=user.name if user else "", language=language, due_at=timezone.now(),
        )  # fmt: skip
        nudge()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The language chosen on the sign-in page becomes the one of the account."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen:
            people.choose_language(user, chosen)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer


def _words(message: EmailMessage) -> Words:
    alternatives = getattr(message, "alternatives", [])
    subject, text = str(message.subject), str(message.body)
    html = alternatives[0].content if alternatives else mailing.plain_page(subject, text)
    return Words(subject, text, mailing.styled(str(html)))

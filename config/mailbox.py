"""The mailbox page of the embedded run: what Plein sent, so that a newcomer sees the letters without a mail server.

Only routed when PLEIN_EMBEDDED is on; the server then listens on this machine alone.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage as Mail
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 200
NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
"""Moment of sending and a random part: sorts by age, and cannot point outside the folder."""


class FileBackend(BaseEmailBackend):
    """Writes each message to a file of its own, complete before it gets its name."""

    def send_messages(self, email_messages: Sequence[Mail]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d%H%M%S%f}-{uuid.uuid4().hex[:8]}"
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Attachment:
    """A file that went with a message; `number` counts the message's attachments from 0."""

    number: int
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Sent:
    """One message as a person reads it."""

    name: str
    subject: str
    sender: str
    recipients: str
    sent_at: datetime | None
    text: str
    html: str
    attachments: tuple[Attachment, ...]


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The newest messages first."""
    return render(request, "mailbox/overview.html", {"mails": [_read(file) for file in _files()[:SHOWN]]})


@never_cache
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One message: its text with links to click, and its attachments."""
    return render(request, "mailbox/mail.html", {"mail": _read(_file(name))})


@never_cache
@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One attachment as a download."""
    found = next((part for part in _read(_file(name)).attachments if part.number == number), None)
    if found is None:
        raise Http404
    return HttpResponse(
        found.content,
        content_type=found.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]", "_", found.name)}"'
        },
    )


urlpatterns = [
    path("postvak", overview, name="mailbox"),
    path("postvak/<str:name>", mail, name="mailbox-mail"),
    path("postvak/<str:name>/bijlage/<int:number>", attachment, name="mailbox-attachment"),
]


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _files() -> list[Path]:
    return sorted(_folder().glob("*.eml"), reverse=True)


def _file(name: str) -> Path:
    file = _folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return file


def _read(file: Path) -> Sent:
    message: EmailMessage = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    return Sent(
        name=file.stem,
        subject=str(message["subject"] or ""),
        sender=str(message["from"] or ""),
        recipients=str(message["to"] or ""),
        sent_at=_sent_at(message["date"]) if message["date"] else None,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachments(message)),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _attachments(message: EmailMessage) -> list[Attachment]:
    return [
        Attachment(
            number=number,
            name=part.get_filename() or f"{number}",
            content_type=part.get_content_type(),
            content=bytes(part.get_payload(decode=True) or b""),
        )
        for number, part in enumerate(message.iter_attachments())
    ]


def _sent_at(header: str) -> datetime:
    """The moment in a Date header; "-0000" says UTC without a place, which Python reads as no zone at all."""
    moment = parsedate_to_datetime(header)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""A letter as a mail message, and what mail servers answer."""

import hashlib
import logging
import re
import smtplib
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import SafeMIMEText

from tenants.parties.models import Attachment, Letter

logger = logging.getLogger(__name__)

UNREACHABLE = (OSError,)
"""No mail server to talk to: refused connection, timeout, wrong name or certificate (all of smtplib's are OSErrors)."""
FAILURES = (OSError, ValueError)
"""This letter was not taken; ValueError: it cannot be made into a message at all (a bad header or address)."""
PERMANENT = 500


def one_line(text: str) -> str:
    """Without line ends and other control characters: nothing typed by a person starts a header of its own."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).strip()


def message(letter: Letter) -> EmailMultiAlternatives:
    """The letter with its text, html and attachments. Raises ValueError when it cannot be addressed."""
    made = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((_sender_name(letter), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[formataddr((letter.to_name, letter.to_email))],
        reply_to=[letter.hub.email] if letter.hub else None,
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        made.attach_alternative(letter.html, "text/html")
    for attachment in letter.attachments.all():
        made.attach(_part(attachment))
    return made


def message_id(letter: Letter) -> str:
    """The same for the same letter however often it is sent, so that mail programs show it once."""
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{letter.key}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


def is_refusal(error: Exception) -> bool:
    """Whether trying this letter again is of no use.

    A refused sender is not: that is our own configuration, and would stop every letter.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return int(error.smtp_code) >= PERMANENT
    return isinstance(error, (ValueError, smtplib.SMTPNotSupportedError))


def in_words(error: Exception) -> str:
    """What staff sees: the server's own answer where there is one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(answer)}" for code, answer in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return one_line(f"{type(error).__name__}: {error}")


def log_unreachable(error: Exception) -> None:
    """Tell the operator; the letters themselves stay as they are."""
    logger.warning("The mail server cannot be reached; letters wait. %s", in_words(error))


def _text(answer: bytes | str) -> str:
    return one_line(answer.decode(errors="replace") if isinstance(answer, bytes) else answer)


def _sender_name(letter: Letter) -> str:
    return one_line(letter.hub.name) if letter.hub else parseaddr(settings.DEFAULT_FROM_EMAIL)[0]


def _part(attachment: Attachment) -> MIMEBase:
    kind, *params = [piece.strip() for piece in attachment.content_type.split(";")]
    main, _slash, sub = kind.partition("/")
    content = bytes(attachment.content)
    if main == "text":
        part: MIMEBase = SafeMIMEText(content.decode(), sub, "utf-8")
    else:
        part = MIMEBase(main, sub)
        part.set_payload(content)
        encode_base64(part)
    for name, _equals, value in (param.partition("=") for param in params):
        part.set_param(name, value)
    part.add_header("Content-Disposition", "attachment", filename=one_line(attachment.name))
    return part

"""Letters: written whole within the use-case that owes them, sent later, each once.

A worker takes a letter by a short transaction of its own (`retry_at` moves, so nobody else takes it), sends it outside
any transaction, and marks it. Killed between sending and marking, it is sent once more after LEASE under the same
Message-ID; never lost. A mail server that cannot be reached costs no letter an attempt.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.template import Context
from django.template.loader import get_template, select_template
from django.utils import timezone, translation

from spaces.models import Hub
from tenants.parties import envelope
from tenants.parties.models import Attachment, Letter, Party

ACCOUNT = "account"
"""Kind of the letters about signing in. They hold codes: their words are wiped once sent, and no page shows them."""
NO_WORDS = {"text": "", "html": ""}
LEASE = timedelta(minutes=5)
"""How long a letter stays with the worker that took it; longer than a task may run (CELERY_TASK_TIME_LIMIT)."""
BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 120, 240, 480, 1440)]
MOST_ATTEMPTS = 20
"""After this, twelve days or so, the letter waits for a person instead."""
PLAIN = "mail/plain.html"
INLINER = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class File:
    """Something that goes with a letter. An invitation has content type "text/calendar; method=REQUEST"."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Words:
    """A letter as it will be read; `html` may be empty."""

    subject: str
    text: str
    html: str = ""


def link(path: str) -> str:
    """The absolute address of a page, for use in a letter."""
    return f"{settings.SITE_URL}{path}"


def post(
    *,
    key: str,
    kind: str,
    hub: Hub | None,
    to_email: str,
    to_name: str = "",
    party: Party | None = None,
    language: str = "nl",
    context: Mapping[str, Any],
    attachments: Sequence[File] = (),
    due_at: datetime,
    useless_after: datetime | None = None,
) -> Letter:
    """Owe somebody a letter, rendered now from mail/<kind>.subject.txt, .txt and .html in `language`.
    Without an .html the text itself is set in the house's look.

    The templates get `context`, `hub` and `to_name`, in the hub's time zone. The same `key` again returns the first
    letter and writes nothing. Call it inside the use-case's transaction; a worker sends it from `due_at` on, or drops
    it when `useless_after` has come first.
    """
    words = render(kind, context={"hub": hub, "to_name": to_name, **context}, language=language, hub=hub)
    return post_words(
        words, key=key, kind=kind, hub=hub, to_email=to_email, to_name=to_name, party=party, language=language,
        attachments=attachments, due_at=due_at, useless_after=useless_after,
    )  # fmt: skip


def post_words(
    words: Words,
    *,
    key: str,
    kind: str,
    hub: Hub | None,
    to_email: str,
    to_name: str = "",
    party: Party | None = None,
    language: str = "nl",
    attachments: Sequence[File] = (),
    due_at: datetime,
    useless_after: datetime | None = None,
) -> Letter:
    """Owe somebody a letter whose words are ready; otherwise as `post`."""
    fields = {
        "kind": kind, "hub": hub, "party": party, "language": language,
        "to_email": envelope.one_line(to_email), "to_name": envelope.one_line(to_name)[:160],
        "subject": envelope.one_line(words.subject)[:200], "text": words.text, "html": words.html,
        "due_at": due_at, "useless_after": useless_after,
    }  # fmt: skip
    letter, made = _made_once(key, fields)
    if made:
        Attachment.objects.bulk_create(
            Attachment(letter=letter, name=file.name, content_type=file.content_type, content=file.content)
            for file in attachments
        )
    return letter


def _made_once(key: str, fields: Mapping[str, Any]) -> tuple[Letter, bool]:
    """As get_or_create in one statement: nearly always there is none yet, so nobody needs to look first."""
    letter = Letter(key=key, **fields)
    columns = [field for field in Letter._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - documented
    names, places = ", ".join(str(field.column) for field in columns), ", ".join(["%s"] * len(columns))
    with database.cursor() as cursor:
        cursor.execute(
            f"insert into parties_letter ({names}) values ({places}) on conflict (key) do nothing returning id",  # noqa: S608
            [field.get_db_prep_save(field.pre_save(letter, True), database) for field in columns],
        )
        made = cursor.fetchone()
    if made is None:
        return Letter.objects.get(key=key), False
    letter.pk, letter._state.adding = made[0], False  # noqa: SLF001 - Django documents it
    return letter, True


def render(kind: str, *, context: Mapping[str, Any], language: str, hub: Hub | None) -> Words:
    """The three templates of `kind` in `language`; styles end up on the elements, where mail programs want them."""
    values = {"site_url": settings.SITE_URL, "language": language, **context}
    with translation.override(language), timezone.override(hub.zone if hub else None):
        subject = _plain(f"mail/{kind}.subject.txt", values)
        text = _plain(f"mail/{kind}.txt", values)
        html = select_template([f"mail/{kind}.html", PLAIN]).render(
            {**values, "subject": subject, "text": text}
        )
    return Words(subject=subject, text=text, html=styled(html))


def plain_page(subject: str, text: str) -> str:
    """A letter without a page of its own, in the house's look and the active language."""
    return get_template(PLAIN).render({"subject": subject, "text": text})


def styled(html: str) -> str:
    """With its style rules on the elements themselves."""
    return INLINER.inline(html)


def withdraw(key_prefix: str, *, now: datetime) -> int:
    """Drop the letters still owed whose key begins so (a reminder of a cancelled booking); returns how many."""
    owed = Letter.objects.filter(key__startswith=key_prefix, sent_at=None, dropped_at=None)
    return owed.update(dropped_at=now)


def try_again(letter: Letter, *, now: datetime) -> bool:
    """Owe a refused or waiting letter anew, from now on; False when it was sent, dropped or wiped in the meantime."""
    again = Letter.objects.filter(pk=letter.pk, sent_at=None, dropped_at=None).exclude(text="")
    return bool(again.update(refused_at=None, retry_at=None, attempts=0, error=""))


def send_due(*, now: datetime, most: int = 50) -> int:
    """Send up to `most` letters that are due, and drop those that have become useless; returns how many were sent.

    Any number of workers may do this at once. Ends early when the mail server cannot be reached.
    """
    drop_useless(now=now)
    connection = get_connection()
    sent = 0
    try:
        for _each in range(most):
            connection.open()
            letter = _take(now=now)
            if letter is None:
                break
            sent += _send(letter, connection, now=now)
    except envelope.UNREACHABLE as error:
        envelope.log_unreachable(error)
    finally:
        connection.close()
    return sent


def drop_useless(*, now: datetime) -> int:
    """Drop the letters that nobody needs any more, and wipe those about signing in; returns how many."""
    useless = Letter.objects.owed(now=now).useless(now=now)
    wiped = useless.filter(kind=ACCOUNT).update(dropped_at=now, **NO_WORDS)
    return wiped + useless.update(dropped_at=now)


@transaction.atomic
def _take(*, now: datetime) -> Letter | None:
    waiting = Letter.objects.owed(now=now).select_for_update(skip_locked=True, of=("self",))
    letter = waiting.select_related("hub").order_by("due_at", "pk").first()
    if letter is not None:
        letter.attempts += 1
        letter.retry_at = now + LEASE
        letter.save(update_fields=["attempts", "retry_at"])
    return letter


def _send(letter: Letter, connection: BaseEmailBackend, *, now: datetime) -> int:
    try:
        connection.send_messages([envelope.message(letter)])
    except envelope.FAILURES as error:
        connection.close()  # whatever state the conversation is in, the next letter begins a new one
        _keep_error(letter, error, now=now)
        return 0
    _mark_sent(letter, now=now)
    return 1


def _mark_sent(letter: Letter, *, now: datetime) -> None:
    """Sent is sent, even when it was withdrawn while it was on its way."""
    wiped = NO_WORDS if letter.kind == ACCOUNT else {}
    Letter.objects.filter(pk=letter.pk).update(
        sent_at=now, dropped_at=None, refused_at=None, retry_at=None, error="", **wiped
    )


def _keep_error(letter: Letter, error: Exception, *, now: datetime) -> None:
    refused = envelope.is_refusal(error) or letter.attempts >= MOST_ATTEMPTS
    delay = BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
    wiped = NO_WORDS if refused and letter.kind == ACCOUNT else {}
    Letter.objects.filter(pk=letter.pk, sent_at=None, dropped_at=None).update(
        error=envelope.in_words(error)[:500],
        refused_at=now if refused else None,
        retry_at=now + delay,
        **wiped,
    )


def _plain(template_name: str, values: Mapping[str, Any]) -> str:
    template: Any = get_template(template_name)
    text = template.template.render(Context({**values}, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip()

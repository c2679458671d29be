"""Each letter is written whole when it is owed, and sent once, whatever the mail server does."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.test import override_settings

from tenants.parties import envelope, mailing
from tenants.parties.mailing import File, Words
from tenants.parties.models import Attachment, Letter
from tests import cast
from tests.cast import NOW
from tests.parties import mailservers

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hub():
    return cast.hub()


def post(hub, key="fact:1", **fields):
    words = fields.pop("words", Words("Geboekt", "Uw ruimte is geboekt.", "<p>Uw ruimte is geboekt.</p>"))
    defaults = {"kind": "test", "to_email": "anna@example.nl", "to_name": "Anna de Vries", "due_at": NOW}
    return mailing.post_words(words, key=key, hub=hub, **defaults | fields)


def sent(letter):
    """The message as it goes over the wire."""
    return message_from_bytes(envelope.message(letter).message().as_bytes(), policy=policy.default)


def test_a_letter_is_rendered_in_the_language_of_whoever_gets_it(hub):
    party = cast.party(hub)
    letters = [
        mailing.post(
            key=language, kind="application_received", hub=hub, to_email="a@example.nl", to_name="Anna",
            language=language, context={"party": party}, due_at=NOW,
        )
        for language in ("nl", "en")
    ]  # fmt: skip
    assert letters[1].subject == "Application received: Locplus"
    assert "Thank you for applying at Locplus" in letters[1].text
    assert "Thank you for applying at Locplus" in letters[1].html
    assert letters[0].language == "nl"


def test_the_same_fact_is_told_once(hub):
    first = post(hub, attachments=[File("a.txt", "text/plain", b"a")])
    again = post(hub, words=Words("Anders", "Anders"), attachments=[File("b.txt", "text/plain", b"b")])
    assert again == first
    assert again.subject == "Geboekt"
    assert Attachment.objects.count() == 1


def test_names_and_subjects_cannot_start_a_header(hub):
    letter = post(
        hub,
        words=Words("Geboekt\r\nBcc: iedereen@example.nl", "tekst"),
        to_name='Anna\nBcc: x@example.nl, "<b@example.nl>',
    )
    message = sent(letter)
    assert message["bcc"] is None
    assert [address.addr_spec for address in message["to"].addresses] == ["anna@example.nl"]
    assert message["subject"] == "Geboekt Bcc: iedereen@example.nl"


def test_a_message_has_text_html_and_the_invitation(hub):
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    letter = post(hub, attachments=[
        File("afspraak.ics", "text/calendar; method=REQUEST", ics), File("factuur.pdf", "application/pdf", b"%PDF-"),
    ])  # fmt: skip
    message = sent(letter)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    invitation, invoice = list(message.iter_attachments())
    assert text.get_content().strip() == "Uw ruimte is geboekt."
    assert html.get_content().strip() == "<p>Uw ruimte is geboekt.</p>"
    assert invitation.get_content_type() == "text/calendar"
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_payload(decode=True).splitlines() == ics.splitlines()
    assert (invoice.get_filename(), invoice.get_payload(decode=True)) == ("factuur.pdf", b"%PDF-")
    assert message["message-id"] == envelope.message_id(letter)


def test_what_is_due_is_sent_once(hub):
    post(hub)
    post(hub, key="fact:2", due_at=NOW + MINUTE)
    assert mailing.send_due(now=NOW) == 1
    assert mailing.send_due(now=NOW) == 0
    assert [message.to for message in mail.outbox] == [["Anna de Vries <anna@example.nl>"]]
    assert mailing.send_due(now=NOW + MINUTE) == 1


def test_a_letter_nobody_needs_any_more_is_dropped(hub):
    letter = post(hub, useless_after=NOW + MINUTE)
    assert mailing.send_due(now=NOW + MINUTE) == 0
    letter.refresh_from_db()
    assert (letter.state, mail.outbox) == ("dropped", [])


def test_a_withdrawn_letter_is_not_sent(hub):
    post(hub, key="booking:1:reminder:0", due_at=NOW + MINUTE)
    post(hub, key="booking:1:confirmed:0")
    assert mailing.withdraw("booking:1:reminder", now=NOW) == 1
    assert mailing.send_due(now=NOW + MINUTE) == 1


def test_a_mail_server_that_is_down_costs_no_letter_an_attempt(hub):
    letter = post(hub)
    with override_settings(**mailservers.nobody_listens()):
        assert mailing.send_due(now=NOW) == 0
    letter.refresh_from_db()
    assert (letter.attempts, letter.state) == (0, "waiting")
    assert mailing.send_due(now=NOW) == 1


def test_a_refused_address_is_kept_for_a_person_while_others_go_on(hub):
    wrong, right = post(hub, to_email="weg@example.nl"), post(hub, key="fact:2", to_email="anna@example.nl")
    refusal = {"weg@example.nl": "550 5.1.1 no such user"}
    with mailservers.running(refusal) as server, override_settings(**server.settings):
        assert mailing.send_due(now=NOW) == 1
        assert mailing.send_due(now=NOW + timedelta(days=2)) == 0
    wrong.refresh_from_db()
    assert (wrong.state, wrong.error) == ("refused", "550 5.1.1 no such user")
    assert server.recipients == [right.to_email]


def test_a_refused_letter_with_a_code_keeps_no_words_and_is_not_sent_again(hub):
    letter = post(hub, "a", kind=mailing.ACCOUNT, to_email="weg@example.nl")
    with (
        mailservers.running({"weg@example.nl": "550 no such user"}) as server,
        override_settings(**server.settings),
    ):
        mailing.send_due(now=NOW)
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.html) == ("refused", "", "")
    assert not mailing.try_again(letter, now=NOW)


def test_a_refused_letter_is_sent_when_staff_says_so(hub):
    letter = post(hub)
    Letter.objects.update(refused_at=NOW, error="550", attempts=1, retry_at=NOW + MINUTE)
    assert mailing.try_again(letter, now=NOW)
    assert mailing.send_due(now=NOW) == 1
    assert not mailing.try_again(letter, now=NOW)


def test_a_letter_that_fails_for_now_waits_longer_each_time(hub):
    letter = post(hub)
    moment, waits = NOW, []
    with (
        mailservers.running({"anna@example.nl": "451 4.7.1 try later"}) as server,
        override_settings(**server.settings),
    ):
        for _attempt in range(len(mailing.BACKOFF)):
            assert mailing.send_due(now=moment) == 0
            letter.refresh_from_db()
            waits.append(letter.retry_at - moment)
            assert mailing.send_due(now=letter.retry_at - MINUTE / 2) == 0
            moment = letter.retry_at
    assert waits == mailing.BACKOFF
    assert (letter.state, letter.attempts) == ("failing", len(mailing.BACKOFF))
    assert mailing.send_due(now=moment) == 1


def test_a_letter_that_keeps_failing_ends_at_a_person(hub):
    letter = post(hub)
    Letter.objects.update(attempts=mailing.MOST_ATTEMPTS - 1)
    with (
        mailservers.running({"anna@example.nl": "451 4.7.1 try later"}) as server,
        override_settings(**server.settings),
    ):
        mailing.send_due(now=NOW)
    letter.refresh_from_db()
    assert letter.state == "refused"


def test_a_worker_killed_between_sending_and_marking_sends_once_more_under_the_same_id(hub):
    """Never lost, at most one double, and that one recognisable."""
    letter = post(hub)
    dying = override_settings(EMAIL_BACKEND="tests.parties.mailservers.DiesAfterSending")
    with dying, pytest.raises(mailservers.Killed):
        mailing.send_due(now=NOW)
    assert mailing.send_due(now=NOW + MINUTE) == 0
    assert mailing.send_due(now=NOW + mailing.LEASE) == 1
    assert mailing.send_due(now=NOW + 2 * mailing.LEASE) == 0
    assert [message.message()["Message-ID"] for message in mail.outbox] == 2 * [envelope.message_id(letter)]


def test_the_words_of_a_letter_with_a_code_do_not_stay(hub):
    letter = post(hub, kind=mailing.ACCOUNT)
    mailing.send_due(now=NOW)
    letter.refresh_from_db()
    assert (letter.text, letter.html) == ("", "")
    assert "Uw ruimte" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.nl": (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b.nl": (451, b"later")}), False),
        (smtplib.SMTPSenderRefused(553, b"who are you", "hub@b.nl"), False),
        (smtplib.SMTPDataError(552, b"too large"), True),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (ValueError("bad header"), True),
    ],
)
def test_only_what_will_never_work_is_a_refusal(error, refused):
    assert envelope.is_refusal(error) is refused

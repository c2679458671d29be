"""How a self-employed professional joins a hub: they apply, the director decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from spaces.models import Hub, RateGroup
from tenants.parties import mailing, people
from tenants.parties.models import PARTY_NEXT, Membership, Party, PartyKind, PartyState, Role, User

RATE_GROUP = "zzp-zorg"
"""What a professional pays until the director decides otherwise."""


class JoiningRefused(Exception):
    """The application cannot be taken; `message` says why and what to do, in the language of the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotOpen(JoiningRefused):
    """The hub has no price for professionals."""

    def __init__(self) -> None:
        super().__init__(_("This hub does not take applications yet. Ask reception."))


@dataclass(frozen=True, kw_only=True)
class Application:
    """What a professional tells about themselves; every number checked and compact (see `identity`)."""

    name: str
    email: str
    practice: str
    discipline: str
    adds: str
    phone: str = ""
    language: str = "nl"
    kvk: str = ""
    vat_id: str = ""
    vat_position: str = ""
    iban: str = ""
    registration: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""


def open_hubs() -> QuerySet[Hub]:
    """Hubs that take applications: those with a price for professionals."""
    return Hub.objects.filter(rate_groups__code=RATE_GROUP).order_by("name")


@transaction.atomic(durable=True)
def knock(application: Application, *, hub: Hub, now: datetime) -> User:
    """Somebody says that this address is theirs: the user with it, to whom a code is mailed.

    Nothing is taken yet. Who has a role somewhere is told by letter that they have an account; the caller does the
    same in all cases, so a stranger cannot find out who or which practice is known here.
    """
    user = people.let_in(
        application.email, name=application.name, phone=application.phone, language=application.language
    )
    if user.memberships.exists():
        _tell_they_have_an_account(user, hub=hub, now=now)
    return user


@transaction.atomic(durable=True)
def enter(user: User, application: Application, *, hub: Hub, now: datetime) -> bool:
    """Take the application of who has shown that the address is theirs: party (waiting for approval), role, letters.

    False when they have a role already (so also the second time), or when another practice here has the KvK number:
    they are told so by letter. Raises NotOpen.
    """
    group = RateGroup.objects.select_for_update().filter(hub=hub, code=RATE_GROUP).first()
    if group is None:
        raise NotOpen
    if user.memberships.exists():
        return False
    known = Party.objects.filter(hub=hub, kvk=application.kvk).exclude(kvk="")
    if known.exclude(state=PartyState.DECLINED).exists():
        _tell_practice_is_known(user, hub=hub, now=now)
        return False
    _take(user, application, group=group, now=now)
    return True


def apply(application: Application, *, hub: Hub, now: datetime) -> User:
    """Knock and enter at once, for an address that needs no proof. Raises NotOpen."""
    user = knock(application, hub=hub, now=now)
    enter(user, application, hub=hub, now=now)
    return user


@transaction.atomic(durable=True)
def approve(party: Party, *, message: str, now: datetime) -> bool:
    """Let an applicant in, from the next request on, and tell them. Twice is harmless; False: it was decided before."""
    return _decide(party, PartyState.ACTIVE, "application_approved", message=message, now=now)


@transaction.atomic(durable=True)
def decline(party: Party, *, message: str, now: datetime) -> bool:
    """Turn an applicant down, and tell them why. Twice is harmless; False: it was decided before."""
    return _decide(party, PartyState.DECLINED, "application_declined", message=message, now=now)


def _take(user: User, application: Application, *, group: RateGroup, now: datetime) -> None:
    party = Party.objects.create(
        hub=group.hub, name=application.practice or application.name, kind=PartyKind.SELF_EMPLOYED,
        state=PartyState.APPLIED, rate_group=group, legal_form="eenmanszaak", contact_name=application.name,
        email=user.email, **_as_told(application),
    )  # fmt: skip
    Membership.objects.create(user=user, hub=group.hub, party=party, role=Role.ZZPER)
    _tell_applicant(party, "application_received", message="", now=now)
    _tell_directors(party, now=now)


def _as_told(application: Application) -> dict[str, str]:
    same = (
        "discipline", "adds", "phone", "language", "kvk", "vat_id", "vat_position", "iban", "registration",
        "street", "postal_code", "city",
    )  # fmt: skip
    return {name: getattr(application, name) for name in same}


def _decide(party: Party, state: PartyState, kind: str, *, message: str, now: datetime) -> bool:
    before = [old for old, following in PARTY_NEXT.items() if state in following]
    waiting = Party.objects.filter(pk=party.pk, state__in=before)
    if not waiting.update(state=state, answer=message):
        return False
    _tell_applicant(party, kind, message=message, now=now)
    return True


def _tell_applicant(party: Party, kind: str, *, message: str, now: datetime) -> None:
    mailing.post(
        key=f"party:{party.pk}:{kind}", kind=kind, hub=party.hub, party=party, to_email=party.email,
        to_name=party.contact_name or party.name, language=party.language, due_at=now,
        context={"party": party, "message": message},
    )  # fmt: skip


def _tell_directors(party: Party, *, now: datetime) -> None:
    for director in User.objects.filter(
        memberships__hub=party.hub, memberships__role=Role.DIRECTOR
    ).distinct():
        mailing.post(
            key=f"party:{party.pk}:application_new:{director.pk}", kind="application_new", hub=party.hub, party=party,
            to_email=director.email, to_name=director.name, language=director.language, due_at=now,
            context={"party": party},
        )  # fmt: skip


def _tell_they_have_an_account(user: User, *, hub: Hub, now: datetime) -> None:
    _tell_once_a_day(user, "account_exists", hub=hub, now=now)


def _tell_practice_is_known(user: User, *, hub: Hub, now: datetime) -> None:
    _tell_once_a_day(user, "practice_known", hub=hub, now=now)


def _tell_once_a_day(user: User, kind: str, *, hub: Hub, now: datetime) -> None:
    """At most one such letter a day, whoever types this address."""
    local_day = now.astimezone(hub.zone).date()
    mailing.post(
        key=f"user:{user.pk}:{kind}:{local_day}", kind=kind, hub=hub, to_email=user.email,
        to_name=user.name, language=user.language, due_at=now, context={"user": user},
    )  # fmt: skip

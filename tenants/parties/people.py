"""People who may sign in: found, invited, changed, and their roles taken away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.parties import mailing
from tenants.parties.models import Membership, Party, PartyKind, Role, User

OF_ORGANISATIONS = [Role.TENANT_MANAGER, Role.TENANT_MEMBER]


class PeopleRefused(Exception):
    """It cannot be done; `message` says why and what to do, in the language of the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotYourself(PeopleRefused):
    """Nobody locks themselves out."""

    def __init__(self) -> None:
        super().__init__(_("You cannot take away your own role. Ask a colleague to do it."))


class KvkTaken(PeopleRefused):
    """A KvK number names one party at a hub."""

    def __init__(self) -> None:
        super().__init__(_("Another party at this hub has this KvK number. Check it, or ask reception."))


class LastDirector(PeopleRefused):
    """Somebody must be able to give roles."""

    def __init__(self) -> None:
        super().__init__(_("A hub needs a director. Invite another director first."))


def by_email(email: str) -> User | None:
    """The user with this address, however it is typed."""
    return User.objects.filter(email=email.strip().lower()).first()


def active_by_email(email: str) -> User | None:
    """The same, when their account is not closed."""
    user = by_email(email)
    return user if user and user.is_active else None


def let_in(email: str, **details: str) -> User:
    """The user with this address; a new one has no password and signs in with a mailed code.

    An address that others began to claim and never confirmed is theirs no more. Call it inside a transaction.
    """
    user, new = User.objects.get_or_create(email=email.strip().lower(), defaults=details)
    EmailAddress.objects.filter(email=user.email, verified=False).exclude(user=user).delete()
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


def choose_language(user: User, language: str) -> None:
    """Keep the language of a person's pages and letters; an unknown one or the same one changes nothing."""
    if language in dict(settings.LANGUAGES) and language != user.language:
        change_details(user, name=user.name, phone=user.phone, language=language)
        user.language = language


@transaction.atomic
def change_details(user: User, *, name: str, phone: str, language: str) -> None:
    """Keep what a person says about themselves; a professional's letters are in the language of their pages."""
    User.objects.filter(pk=user.pk).update(name=name, phone=phone, language=language)
    own = Party.objects.filter(
        memberships__user=user, memberships__role=Role.ZZPER, kind=PartyKind.SELF_EMPLOYED
    )
    Party.objects.filter(pk__in=own.values("pk")).exclude(language=language).update(language=language)


def change_party(party: Party, *, told: Mapping[str, Any]) -> None:
    """Keep what a party says about itself. Raises KvkTaken."""
    try:
        with transaction.atomic(durable=True):
            Party.objects.filter(pk=party.pk).update(**told)
    except IntegrityError as error:
        raise KvkTaken from error


@transaction.atomic(durable=True)
def invite(
    *, email: str, name: str, role: str, hub: Hub, party: Party | None, by: User | None, now: datetime
) -> Membership:
    """Give somebody a role at `hub`, for `party` unless they are staff, and owe them a letter that says so.

    Whoever is new gets an account without a password: they sign in with a mailed code. The same again gives the
    same membership and no second letter.
    """
    fields = {"name": name, "language": by.language if by else settings.LANGUAGE_CODE}
    user = let_in(email, **fields)
    membership, made = Membership.objects.get_or_create(user=user, hub=hub, party=party, role=role)
    if made:
        _owe_invitation(membership, by=by, now=now)
    return membership


@transaction.atomic(durable=True)
def take_away(membership: Membership, *, by: User) -> None:
    """End a role, from the next request on. Twice is harmless. Raises NotYourself, LastDirector."""
    if membership.user_id == by.pk:
        raise NotYourself
    directors = Membership.objects.select_for_update().filter(hub=membership.hub, role=Role.DIRECTOR)
    if membership.role == Role.DIRECTOR and len(directors) <= 1:
        raise LastDirector
    Membership.objects.filter(pk=membership.pk).delete()


def _owe_invitation(membership: Membership, *, by: User | None, now: datetime) -> None:
    user = membership.user
    mailing.post(
        key=f"membership:{membership.pk}:invitation", kind="invitation", hub=membership.hub, party=membership.party,
        to_email=user.email, to_name=user.name, language=user.language, due_at=now,
        context={"user": user, "party": membership.party, "role": membership.get_role_display(), "by": by},
    )  # fmt: skip

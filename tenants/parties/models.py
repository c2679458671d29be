"""The people of a hub: users, parties, their roles, and the letters owed to them."""

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub, RateGroup
from tenants.parties.querysets import LetterQuerySet, MembershipQuerySet, PartyQuerySet, VacancyQuerySet


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who signs in with `email`; without a password only a mailed code lets them in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person who signs in with their e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(email=""), name="user_has_an_email")]

    def __str__(self) -> str:
        return self.name or self.email


class PartyKind(models.TextChoices):
    """How a party is at the hub."""

    ORGANISATION = "organisation", _("tenant")
    SELF_EMPLOYED = "self_employed", _("self-employed professional")
    EXTERNAL = "external", _("external party")


class PartyState(models.TextChoices):
    """Where a party stands: APPLIED may look, only ACTIVE may book."""

    APPLIED = "applied", _("waiting for approval")
    ACTIVE = "active", _("active")
    DECLINED = "declined", _("declined")


PARTY_NEXT: dict[PartyState, set[PartyState]] = {
    PartyState.APPLIED: {PartyState.ACTIVE, PartyState.DECLINED},
    PartyState.ACTIVE: set(),
    PartyState.DECLINED: set(),
}


@pghistory.track()
class Party(models.Model):
    """An organisation or self-employed professional at a hub: who rents, books and pays."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="parties")
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(max_length=20, choices=PartyKind.choices)
    state = models.CharField(max_length=10, choices=PartyState.choices, default=PartyState.ACTIVE)
    rate_group = models.ForeignKey(RateGroup, models.PROTECT, related_name="parties")
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    discipline = models.CharField(_("profession or discipline"), max_length=120, blank=True)
    adds = models.TextField(_("what the party adds"), blank=True)
    internship_places = models.PositiveSmallIntegerField(_("internship places"), default=0)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    language = models.CharField(max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl")
    kvk = models.CharField(_("KvK number"), max_length=8, blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=14, blank=True)
    vat_position = models.CharField(_("VAT position"), max_length=60, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    payment_method = models.CharField(_("payment method"), max_length=40, blank=True)
    mandate_reference = models.CharField(max_length=35, blank=True)
    mandate_scheme = models.CharField(
        max_length=4, choices=[("CORE", "CORE"), ("B2B", "B2B")], default="CORE"
    )
    mandate_signed_on = models.DateField(null=True, blank=True)
    registration = models.CharField(_("professional registration"), max_length=40, blank=True)
    insured_until = models.DateField(_("insured until"), null=True, blank=True)
    oin = models.CharField("OIN", max_length=20, blank=True)
    purchase_reference = models.CharField(_("purchase reference"), max_length=60, blank=True)
    answer = models.TextField(_("answer to the application"), blank=True)
    shows_name = models.BooleanField(_("show our name on the screens in the building"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                # who was declined keeps no number from its owner
                fields=["hub", "kvk"],
                condition=~Q(kvk="") & ~Q(state="declined"),
                name="one_party_per_kvk_number",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="party_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_address(self) -> bool:
        """Whether the address is complete enough for an invoice (art. 35a Wet OB)."""
        return all((self.street, self.postal_code, self.city))

    @property
    def pays_by_debit(self) -> bool:
        """Whether it signed a mandate: what is due is then collected from its account."""
        return bool(self.iban and self.mandate_reference and self.mandate_signed_on)


class Vacancy(models.Model):
    """A discipline the hub looks for: what would add something here."""

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="vacancies")
    discipline = models.CharField(max_length=120)
    adds = models.TextField(blank=True)
    open = models.BooleanField(default=True)

    objects = VacancyQuerySet.as_manager()

    class Meta:
        ordering = ["discipline"]
        verbose_name_plural = "vacancies"
        constraints = [
            models.UniqueConstraint(fields=["hub", "discipline"], name="one_vacancy_per_discipline")
        ]


class Role(models.TextChoices):
    """What somebody may be at a hub."""

    DIRECTOR = "director", _("director")
    BOOKKEEPER = "bookkeeper", _("bookkeeper")
    RECEPTION = "reception", _("reception")
    TENANT_MANAGER = "tenant_manager", _("tenant manager")
    TENANT_MEMBER = "tenant_member", _("tenant member")
    ZZPER = "zzper", _("self-employed professional")

    @classmethod
    def staff(cls) -> list["Role"]:
        """Roles that work for the hub itself; the others belong to a party."""
        return [cls.DIRECTOR, cls.BOOKKEEPER, cls.RECEPTION]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Membership(models.Model):
    """What a user may be at a hub: a role, and for whom."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "hub", "party", "role"], name="one_membership_per_role", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(role__in=["director", "bookkeeper", "reception"], party__isnull=True)
                | (~Q(role__in=["director", "bookkeeper", "reception"]) & Q(party__isnull=False)),
                name="staff_roles_have_no_party_others_do",
            ),
        ]


class Letter(models.Model):
    """One message owed to one address, complete as it will be sent; a worker sends what is owed.

    `key` names the fact it tells ("booking:<uuid>:confirmed:0"): the same fact is never told twice. Before
    `retry_at` nobody sends it: a worker has it now, or it failed and waits. Refused means waiting for a person.
    """

    hub = models.ForeignKey(Hub, models.CASCADE, null=True, blank=True, related_name="letters")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    party = models.ForeignKey(Party, models.SET_NULL, null=True, blank=True, related_name="letters")
    to_name = models.CharField(max_length=160, blank=True)
    to_email = models.EmailField()
    language = models.CharField(max_length=2, default="nl")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    due_at = models.DateTimeField()
    useless_after = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True),
                name="letter_is_sent_or_dropped_not_both",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | Q(sent_at__isnull=True),
                name="a_refused_letter_was_not_sent",
            ),
            models.CheckConstraint(
                condition=Q(useless_after__isnull=True) | Q(useless_after__gt=F("due_at")),
                name="letter_is_due_before_it_is_useless",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, dropped_at__isnull=True, refused_at__isnull=True),
                name="letter_owed",
            )
        ]

    @property
    def state(self) -> str:
        """One of sent, dropped, refused, failing (tried, will be tried again) and waiting."""
        for name in ("sent", "dropped", "refused"):
            if getattr(self, f"{name}_at") is not None:
                return name
        return "failing" if self.error else "waiting"


class Attachment(models.Model):
    """A file that goes with a letter."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        ordering = ["pk"]

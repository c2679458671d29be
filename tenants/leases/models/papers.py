"""What goes with a lease: the deposit, ways to end it early, its documents."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.leases.models.contracts import Lease
from tenants.leases.querysets import LeaseDocumentQuerySet
from tenants.parties.models import User


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Security(models.Model):
    """A deposit, or a guarantee of a bank, for what a tenant may come to owe. No supply, so no VAT."""

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("deposit")
        GUARANTEE = "guarantee", _("bank guarantee")

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="securities")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(_("amount"), max_digits=11, decimal_places=2)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "securities"
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="security_is_positive")]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class BreakOption(models.Model):
    """A day after which a lease may end before its term, when notice is given in time."""

    class Whose(models.TextChoices):
        TENANT = "tenant", _("the tenant")
        LANDLORD = "landlord", _("the landlord")
        BOTH = "both", _("both")

    lease = models.ForeignKey(Lease, models.CASCADE, related_name="breaks")
    ends_on = models.DateField(_("last day then"))
    notice_months = models.PositiveSmallIntegerField(_("notice period in months"))
    whose = models.CharField(_("for"), max_length=10, choices=Whose.choices, default=Whose.TENANT)

    class Meta:
        ordering = ["ends_on"]
        constraints = [models.UniqueConstraint(fields=["lease", "ends_on"], name="one_break_a_day")]


class LeaseDocument(models.Model):
    """A PDF that belongs to a lease, kept in the database and only ever handed out as a download."""

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = LeaseDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [models.UniqueConstraint(fields=["lease", "sha256"], name="one_document_once")]

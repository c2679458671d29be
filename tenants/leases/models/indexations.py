"""Figures of the consumer price index, and what was done with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.leases.models.contracts import Lease, LeaseTerms
from tenants.parties.models import User


class CpiFigure(models.Model):
    """The consumer price index (all households) of one month on one base; of a file that was loaded.

    Figures on two bases are never mixed. A provisional figure is replaced by its definitive one, never used.
    """

    class Status(models.TextChoices):
        DEFINITIVE = "definitive", _("definitive")
        PROVISIONAL = "provisional", _("provisional")

    base = models.CharField(max_length=12)
    month = models.DateField()
    value = models.DecimalField(max_digits=7, decimal_places=2)
    status = models.CharField(max_length=12, choices=Status.choices)
    source = models.CharField(max_length=300, blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["base", "month"]
        constraints = [
            models.UniqueConstraint(fields=["base", "month"], name="one_figure_per_month_and_base"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="an_index_is_positive"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="a_figure_is_of_a_month"),
        ]


class Indexation(models.Model):
    """A rent that was indexed on a day: with what, from what, to what. `calculation` is a stored sentence."""

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="indexations")
    on = models.DateField()
    terms = models.OneToOneField(LeaseTerms, models.PROTECT, related_name="indexation")
    base = models.CharField(max_length=12, blank=True)
    old_month = models.DateField(null=True, blank=True)
    old_value = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    new_month = models.DateField(null=True, blank=True)
    new_value = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    old_yearly = models.DecimalField(max_digits=11, decimal_places=2)
    new_yearly = models.DecimalField(max_digits=11, decimal_places=2)
    calculation = models.JSONField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["lease", "on"], name="a_rent_is_indexed_once_a_day")]

"""The books: ledger accounts as data, the journal, and the day before which nothing changes any more."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from spaces.models.building import Bilingual
from tenants.billing.models.final import final
from tenants.parties.models import Party, User


@pghistory.track()
class Books(models.Model):
    """How a hub keeps its books; made with the hub's first use of them. Nothing dated up to `locked_until` changes."""

    hub = models.OneToOneField(Hub, models.PROTECT, related_name="books")
    locked_until = models.DateField(_("closed up to and including"), null=True, blank=True)
    debit_notice_days = models.PositiveSmallIntegerField(
        _("days between announcing a direct debit and collecting it"), default=5
    )
    plan_lapses_after_days = models.PositiveSmallIntegerField(
        _("days late after which a payment plan lapses"), default=14
    )

    class Meta:
        verbose_name_plural = "books"


@pghistory.track()
class LedgerAccount(Bilingual):
    """One account of the general ledger, with its RGS code; `role` says what Plein books on it."""

    class Role(models.TextChoices):
        DEBTORS = "debtors", _("debtors")
        BANK = "bank", _("bank")
        CASH = "cash", _("cash")
        PIN = "pin", _("card payments on their way")
        ONLINE = "online", _("online payments on their way")
        ONLINE_TEST = "online_test", _("test payments, no money")
        VAT_HIGH = "vat_high", _("VAT owed, 21 %")
        VAT_LOW = "vat_low", _("VAT owed, 9 %")
        RENT_EXEMPT = "rent_exempt", _("rent, exempt")
        RENT_TAXED = "rent_taxed", _("rent, taxed")
        SERVICE = "service", _("service charges in advance")
        SETTLEMENT = "settlement", _("settlement of service charges")
        HALF_DAYS = "half_days", _("fixed half-days")
        BOOKINGS = "bookings", _("hire of rooms")
        EXTRAS = "extras", _("extras")
        OTHER = "other", _("other revenue")
        COLLECTION = "collection", _("collection costs and interest charged")
        WRITTEN_OFF = "written_off", _("written off")
        OPENING = "opening", _("opening balance of the old books")
        BANK_COSTS = "bank_costs", _("costs of the bank")
        ONLINE_COSTS = "online_costs", _("costs of paying online")
        UNEXPLAINED = "unexplained", _("to be sorted out")

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="ledger_accounts")
    code = models.CharField(_("account"), max_length=10)
    rgs = models.CharField(_("RGS code"), max_length=20, blank=True)
    role = models.CharField(_("used for"), max_length=20, choices=Role.choices, blank=True)
    is_balance = models.BooleanField(_("stands on the balance sheet"), default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "code"], name="one_account_per_code"),
            models.UniqueConstraint(
                fields=["hub", "role"], condition=~Q(role=""), name="one_account_per_role"
            ),
        ]


class Journal(models.TextChoices):
    """Which journal (dagboek) an entry is in."""

    SALES = "sales", _("sales")
    BANK = "bank", _("bank")
    CASH = "cash", _("cash")
    MEMORIAL = "memorial", _("memorial")


class JournalEntry(models.Model):
    """One fact booked: its lines add up to nothing. The same `source` is booked once, and never changes."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="journal_entries")
    journal = models.CharField(max_length=10, choices=Journal.choices)
    booked_on = models.DateField()
    source = models.CharField(max_length=60, unique=True)
    description = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["booked_on", "pk"]
        verbose_name_plural = "journal entries"
        triggers = final()


_BALANCES = """
    IF (SELECT sum(debit - credit) FROM billing_journalline WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'debit and credit of an entry differ' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class JournalLine(models.Model):
    """One side of an entry: an amount on the debit or the credit of an account, never both.

    When a transaction ends, the lines of each entry that it touched add up to nothing.
    """

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="lines")
    debit = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    credit = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="journal_lines")
    number = models.CharField(max_length=30, blank=True)
    cost_centre = models.CharField(max_length=20, blank=True)
    vat_code = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="one_journal_line_per_position"),
            models.CheckConstraint(
                condition=Q(debit__gte=0, credit__gte=0) & (Q(debit=0) | Q(credit=0)),
                name="a_journal_line_is_debit_or_credit",
            ),
        ]
        triggers = [
            *final(),
            pgtrigger.Trigger(
                name="entry_balances",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_BALANCES,
            ),
        ]


class PeriodClose(models.Model):
    """Who closed the books up to which day, and when."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="period_closes")
    until = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

"""Named sets of leases: in force on a day, of a hub, visible to somebody."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from spaces.models import Hub
from spaces.periods import Period

if TYPE_CHECKING:
    from tenants.parties.access import Actor


class LeaseQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's leases, others those that a party of theirs pays for."""
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        mine = Q(party__in=actor.party_ids) | Q(shares__party__in=actor.party_ids)
        return self.filter(mine, hub=actor.hub).distinct()

    def of_hub(self, hub: Hub) -> Self:
        return self.filter(hub=hub)

    def in_force(self, day: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def not_ended(self, day: date) -> Self:
        """Those that run on `day` or begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def ended(self, day: date) -> Self:
        """Those whose last day lies before `day`."""
        return self.filter(ends_on__lt=day)

    def with_notice_months(self, day: date) -> Self:
        """With `notice_months` as they count on `day`. No extra query."""
        rows = apps.get_model("leases.LeaseTerms").objects.filter(lease=OuterRef("pk"), starts_on__lte=day)
        latest = rows.order_by("-starts_on", "-pk").values("notice_months")[:1]
        return self.annotate(notice_months=Coalesce(Subquery(latest), 0))


class LeaseTermsQuerySet(models.QuerySet):
    def in_force(self, day: date) -> Self:
        """The terms that count on `day`, one row a lease, whether or not the lease runs then."""
        return self.filter(starts_on__lte=day).order_by("lease_id", "-starts_on", "-pk").distinct("lease_id")


class LeaseDraftQuerySet(models.QuerySet):
    KEPT_FOR = timedelta(days=30)

    def visible_to(self, actor: "Actor") -> Self:
        """Those of the hub: one director may finish what another began."""
        return self.filter(hub=actor.hub)

    def stale(self, *, now: datetime) -> Self:
        return self.filter(made_at__lte=now - self.KEPT_FOR)


class LeaseDocumentQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """The director and the bookkeeper see those of the hub, who manages a tenant those of its leases."""
        here = self.filter(lease__hub=actor.hub)
        if actor.has("director", "bookkeeper"):
            return here
        parties = actor.party_ids_as("tenant_manager", "zzper")
        mine = Q(lease__party__in=parties) | Q(lease__shares__party__in=parties)
        return here.filter(mine).distinct()


class FixedDayPartQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        if actor.is_staff:
            return self.filter(hub=actor.hub)
        return self.filter(hub=actor.hub, party__in=actor.party_ids)

    def not_ended(self, day: date) -> Self:
        """Those that run on `day` or begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def ended(self, day: date) -> Self:
        """Those whose last day lies before `day`."""
        return self.filter(ends_on__lt=day)

    def unclaimed(self) -> Self:
        """Those with dates that are not claimed yet: without end, or claimed to before it."""
        return self.exclude(claimed_until__gte=F("ends_on"))


class GivenBackQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those that their holder did not take back."""
        return self.filter(taken_back_at=None)

    def overlapping(self, period: Period) -> Self:
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)


class UploadQuerySet(models.QuerySet):
    KEPT_FOR = timedelta(days=1)

    def visible_to(self, actor: "Actor") -> Self:
        """Only one's own, at the hub one works for now."""
        return self.filter(hub=actor.hub, user=actor.user)

    def workbooks(self) -> Self:
        return self.filter(kind="workbook")

    def open_items(self) -> Self:
        return self.filter(kind="open_items")

    def fresh(self, *, now: datetime) -> Self:
        return self.filter(uploaded_at__gt=now - self.KEPT_FOR)

    def stale(self, *, now: datetime) -> Self:
        return self.filter(uploaded_at__lte=now - self.KEPT_FOR)


class SettlementShareQuerySet(models.QuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """Staff see the hub's settlements, others their own shares of approved ones."""
        shares = self.filter(settlement__hub=actor.hub)
        return (
            shares
            if actor.is_staff
            else shares.filter(
                party__in=actor.party_ids_as("tenant_manager", "zzper"), settlement__state="approved"
            )
        )

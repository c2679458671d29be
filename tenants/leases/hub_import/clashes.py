"""What is stored already and stands in the way of a workbook: bookings, other leases, the shape of the building."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import ledger
from spaces.models import Claim
from spaces.periods import DAY, Period, days_of, first_moment, last_moment, local_day
from spaces.querysets import ClaimQuerySet
from tenants.leases.hub_import import building, contracts, fixed, hours, rooms
from tenants.leases.hub_import.findings import Findings, Place
from tenants.leases.hub_import.plan import CHANGED, Step
from tenants.leases.hub_import.present import Present
from tenants.leases.hub_import.wanted import Draft, Wanted
from tenants.leases.models import FixedDayPart, Lease

TAKEN_BY_PEOPLE = (Claim.Kind.BOOKING, Claim.Kind.HOLD)


def find(draft: Draft, present: Present, todo: Sequence[Step], findings: Findings, *, now: datetime) -> None:
    """Add an error for everything that could not be stored, and a remark for what a director should arrange."""
    if present.hub is None:
        return
    search = _Search(draft, present, findings, now)
    search.own = _holders(todo)
    checks = {
        "hub": search.hub,
        "opening": search.opening,
        "day_parts": search.day_part,
        "spaces": search.space,
        "leases": search.lease,
        "fixed": search.fixed,
        "closures": search.closure,
    }
    for step in todo:
        if step.kind in checks:
            checks[step.kind](step)


class _Search:
    """The checks on one plan; each looks at the claims of its own rooms in its own time."""

    def __init__(self, draft: Draft, present: Present, findings: Findings, now: datetime) -> None:
        self.draft, self.present, self.findings, self.now = draft, present, findings, now
        self.hub_row = present.hub
        self.wholes = {space["parent"] for space in draft.spaces}
        self.own: set[str] = set()

    def hub(self, step: Step) -> None:
        if step.touches("timezone") and step.wanted["timezone"] is not None:
            place = Place(step.wanted.place.sheet, None, None, building.HEADERS["timezone"])
            self.findings.error(
                place, _("The time zone of a hub in use cannot be changed: all its bookings would shift.")
            )

    def opening(self, step: Step) -> None:
        """A day that is not in the workbook at all; one that says “gesloten” is meant."""
        stored = step.stored.values["hours"] if step.stored else ()
        if not stored or step.wanted["hours"] or step.wanted.place.row:
            return
        text = _(
            "%(day)s is still in Plein, open %(hours)s. After this import the hub is closed then; "
            "add the day to keep its hours."
        )
        told = {
            "day": step.label.capitalize(),
            "hours": ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in stored),
        }
        self.findings.remark(step.wanted.place, text % told)

    def day_part(self, step: Step) -> None:
        """A half-day that was promised keeps its hours: its dates are claimed and announced already."""
        if step.stored is None or not step.touches("starts", "ends"):
            return
        today = self.now.astimezone(self.draft.zone).date()
        standing = FixedDayPart.objects.filter(day_part=step.stored.pk).not_ended(today)
        parties = standing.order_by("party__name").values_list("party__name", flat=True).distinct()
        if not parties:
            return
        key = "starts" if step.touches("starts") else "ends"
        text = _(
            "The hours of “%(part)s” cannot change now: fixed half-days stand on it, of %(parties)s. First let these "
            "end (sheet Vaste dagdelen, Tot en met) and import that; change the hours after their last day."
        )
        self.findings.error(
            step.wanted.at(key, hours.DAY_PARTS.column(key).header),
            text % {"part": step.label, "parties": "; ".join(parties)},
        )

    def space(self, step: Step) -> None:
        if step.stored is None:
            return
        key = str(step.wanted.key[0])
        claims = Claim.objects.in_force(now=self.now).filter(space=step.stored.pk).filter(_after(self.now))
        was_whole = any(stored.values["parent"] == key for stored in self.present.things["spaces"].values())
        in_use = claims.exclude(kind=Claim.Kind.CLOSURE)  # what is only closed is closed in its parts
        if key in self.wholes and not was_whole and in_use.exists():
            place = step.wanted.at("parent", rooms.HEADERS["parent"])
            text = _(
                "Room %(code)s is let or booked and cannot be divided into parts now. Move what is in it first."
            )
            self.findings.error(place, text % {"code": step.wanted["code"]})
        closing = step.deed == CHANGED and step.touches("bookable") and not step.wanted["bookable"]
        if closing and claims.filter(kind=Claim.Kind.BOOKING).exists():
            place = step.wanted.at("bookable", rooms.HEADERS["bookable"])
            text = _("Room %(code)s can no longer be booked; the bookings that were made stay.")
            self.findings.remark(place, text % {"code": step.wanted["code"]})

    def lease(self, step: Step) -> None:
        if step.left:
            self._report_kept(step)
        if not step.touches("rooms", "starts_on", "ends_on"):
            return
        lease = step.wanted
        claims = self._claims([code for code, _area in lease["rooms"]])
        zone = self.draft.zone
        claims = claims.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=local_day(lease["starts_on"], zone=zone).start)
        )
        if lease["ends_on"]:
            claims = claims.filter(starts_at__lt=local_day(lease["ends_on"] + DAY, zone=zone).start)
        self._report(list(claims), lease.at("rooms", contracts.HEADERS["rooms"]))

    def fixed(self, step: Step) -> None:
        """Only the dates to come: what has begun is never claimed again."""
        if not step.touches("ends_on"):
            return
        promise = step.wanted
        last = min(
            promise["ends_on"] or self.now.date() + timedelta(days=366), self.now.date() + timedelta(days=366)
        )
        if last < promise["starts_on"]:
            return
        zone = self.draft.zone
        window = Period(local_day(promise["starts_on"], zone=zone).start, local_day(last, zone=zone).end)
        clashing = [
            claim
            for claim in self._claims([promise["room"]]).overlapping(window)
            if self._meets(claim, promise, window)
        ]
        self._report(clashing, promise.at("room", fixed.HEADERS["room"]))

    def closure(self, step: Step) -> None:
        if step.stored is not None:
            return
        period = Period(step.wanted["starts_at"], step.wanted["ends_at"])
        claims = Claim.objects.in_force(now=self.now).filter(
            hub=self.hub_row, kind__in=TAKEN_BY_PEOPLE, starts_at__gt=self.now
        )
        self._report(list(claims.overlapping(period).select_related("space")), step.wanted.place)

    def _claims(self, codes: Iterable[str]) -> ClaimQuerySet:
        """Claims of others on these rooms; closures give way to leases, half-days only in the time to come."""
        keys = contracts.atoms_of_rooms(self.draft, codes)
        found = (self.present.find("spaces", [(key,)]) for key in keys)
        atoms = [stored.pk for stored in found if stored]
        claims = Claim.objects.in_force(now=self.now).filter(hub=self.hub_row, space__in=atoms)
        own = Q(holder__in=self.own) & ~Q(holder__startswith="fixed:", starts_at__lte=self.now)
        return claims.exclude(kind=Claim.Kind.CLOSURE).exclude(own).select_related("space")

    def _meets(self, claim: Claim, promise: Wanted, window: Period) -> bool:
        part = next(part for part in self.draft.day_parts if part.key == promise["day_part"])
        zone = self.draft.zone
        taken = Period(claim.starts_at, claim.ends_at or window.end).intersection(window)
        days = (
            (day for day in days_of(taken, zone=zone) if day.weekday() == promise["weekday"]) if taken else ()
        )
        slots = (
            Period(first_moment(day, part["starts"], zone=zone), last_moment(day, part["ends"], zone=zone))
            for day in days
        )
        return any(slot.start > self.now and ledger.overlaps(claim, slot) for slot in slots)

    def _report_kept(self, step: Step) -> None:
        """An amendment, an indexation: what was agreed since is in Plein, and the workbook does not know it."""
        names = dict.fromkeys(contracts.HEADERS.get(change.name, change.name) for change in step.left)
        text = _(
            "%(number)s was changed in Plein, so this import leaves it as it is. Here it says something else in: "
            "%(names)s. Is that right? Then change the lease on its own page."
        )
        self.findings.remark(step.wanted.place, text % {"number": step.label, "names": ", ".join(names)})

    def _report(self, claims: Sequence[Claim], place: Place) -> None:
        past = [claim for claim in claims if self._is_past(claim)]
        self._report_past(past, place)
        self._report_coming([claim for claim in claims if claim not in past], place)

    def _is_past(self, claim: Claim) -> bool:
        """A lease can be ended until its last day; what somebody came for cannot be moved once it has begun."""
        decided_at = claim.ends_at if ledger.is_lease_term(claim) else claim.starts_at
        return decided_at is not None and decided_at <= self.now

    def _report_past(self, claims: Sequence[Claim], place: Place) -> None:
        last = max((claim.ends_at for claim in claims if claim.ends_at), default=None)
        if last is None:
            return
        used_on = (last - timedelta.resolution).astimezone(self.draft.zone).date()
        text = _(
            "%(rooms)s was in use up to %(day)s, and the past stays as it was. Let this begin on %(first)s or later. "
            "Does the contract run already? Then give the room a row of its own."
        )
        told = {
            "rooms": ", ".join(sorted({claim.space.code for claim in claims})),
            "day": date_format(used_on, "j F Y"),
            "first": date_format(used_on + DAY, "j F Y"),
        }
        self.findings.error(place, text % told)

    def _report_coming(self, claims: Sequence[Claim], place: Place) -> None:
        if not claims:
            return
        people = {claim.holder for claim in claims if claim.kind in TAKEN_BY_PEOPLE}
        first = min(claims, key=lambda claim: claim.starts_at)
        told = {
            "count": len(people),
            "rooms": ", ".join(sorted({claim.space.code for claim in claims})),
            "day": date_format(first.starts_at.astimezone(self.draft.zone), "j F Y"),
        }
        if people:
            text = ngettext(
                "%(count)d booking stands in the way (%(rooms)s, %(day)s). Move or cancel it first.",
                "%(count)d bookings stand in the way (%(rooms)s; the first on %(day)s). Move or cancel them first.",
                len(people),
            )
            self.findings.error(place, text % told)
        if len(people) < len({claim.holder for claim in claims}):
            self.findings.error(
                place,
                _("%(rooms)s is already let then (from %(day)s), in a lease that is not in this workbook.")
                % told,
            )


def _holders(todo: Sequence[Step]) -> set[str]:
    """Leases and half-days as the workbook has them: there they were held against each other already."""
    known = [step.stored for step in todo if step.kind in {"leases", "fixed"} and step.stored]
    rows = [stored.row for stored in known if not stored.kept]
    return {row.holder for row in rows if isinstance(row, Lease | FixedDayPart)}


def _after(now: datetime) -> Q:
    return Q(ends_at__isnull=True) | Q(ends_at__gt=now)

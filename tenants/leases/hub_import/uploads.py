"""A workbook between the two steps of the page: kept with who sent it, gone when it is read in or a day old."""

from datetime import datetime

from django.db import transaction

from spaces.models import Hub
from tenants.leases.hub_import import importing
from tenants.leases.hub_import.plan import Plan
from tenants.leases.models import Upload
from tenants.parties.models import User


def keep(
    content: bytes,
    *,
    name: str,
    kind: str = Upload.Kind.WORKBOOK,
    hub: Hub,
    user: User,
    now: datetime,
) -> Upload:
    """Keep the file for its sender instead of an earlier one of its kind."""
    with transaction.atomic():
        Upload.objects.filter(hub=hub, user=user, kind=kind).delete()
        facts = {"name": name[:200], "content": content, "uploaded_at": now}
        return Upload.objects.create(hub=hub, user=user, kind=kind, **facts)


def look(upload: Upload, *, now: datetime) -> Plan:
    """As `importing.look`, for the hub it was sent to."""
    return importing.look(bytes(upload.content), hub=upload.hub, now=now)


def confirm(upload: Upload, *, agreed: str, now: datetime) -> Plan:
    """Read it in, when its plan is still the one with the fingerprint `agreed`; then the upload is gone.

    Raises what `importing.store` raises; the upload stays then.
    """
    plan = importing.store(bytes(upload.content), hub=upload.hub, agreed=agreed or "nothing", now=now)
    Upload.objects.filter(pk=upload.pk).delete()
    return plan


def drop_stale(*, now: datetime) -> int:
    """Remove what nobody confirmed within a day; returns how many."""
    count, _by_model = Upload.objects.stale(now=now).delete()
    return count

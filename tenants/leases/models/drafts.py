"""What is being agreed about a lease and is not stored yet: a new one, or a change of one."""

import uuid

from django.db import models

from spaces.models import Hub
from tenants.leases.models.contracts import Lease
from tenants.leases.querysets import LeaseDraftQuerySet
from tenants.parties.models import User


class LeaseDraft(models.Model):
    """The answers to a deed (see `contracts.deeds`), until somebody confirms them or thirty days have gone by.

    `lease` is the lease that is changed; of a new one it is filled in by the confirmation. `seen` and `mark` are that
    lease in words and as a fingerprint as the person had it before them: another one by now is told, not overwritten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="lease_drafts")
    lease = models.ForeignKey(Lease, models.CASCADE, null=True, blank=True, related_name="drafts")
    deed = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    seen = models.JSONField(default=list)
    mark = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = LeaseDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

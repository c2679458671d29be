"""Files between looking and confirming."""

import uuid

from django.db import models

from spaces.models import Hub
from tenants.leases.querysets import UploadQuerySet
from tenants.parties.models import User


class Upload(models.Model):
    """A file between looking and confirming: one of its kind of one person at one hub, for a day at most."""

    class Kind(models.TextChoices):
        WORKBOOK = "workbook", "workbook"
        OPEN_ITEMS = "open_items", "open items"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.CASCADE, related_name="uploads")
    user = models.ForeignKey(User, models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.WORKBOOK)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [models.UniqueConstraint(fields=["hub", "user", "kind"], name="one_upload_at_a_time")]

    def __str__(self) -> str:
        return self.name

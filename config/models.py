"""What the installation remembers about itself."""

from django.db import models


class Heartbeat(models.Model):
    """When a process last showed that it works. One row a process, written over and over."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beaten_at:%Y-%m-%d %H:%M:%S}"


class Control(models.Model):
    """What the last look at the invariants found: `broken` gives for each that does not hold how many rows break it."""

    LAST = "last"

    name = models.CharField(max_length=40, primary_key=True)
    looked_at = models.DateTimeField()
    broken = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{len(self.broken)} broken at {self.looked_at:%Y-%m-%d %H:%M:%S}"

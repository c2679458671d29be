"""Claims read by the thousand are the rows that the ORM reads, whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spaces import ledger
from spaces.models import Claim
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_each_kind_of_claim_is_read_as_the_orm_reads_it(hub):
    room = cast.space(hub, "101")
    hour = cast.between("2026-12-01 09:00:00.123457", "10:00")
    Claim.objects.bulk_create([
        Claim(hub=hub, space=room, starts_at=hour.start, ends_at=hour.end, kind="booking", holder="booking:a",
              setup_minutes=10, cleanup_minutes=5),
        Claim(hub=hub, space=room, starts_at=hour.end, ends_at=cast.at("2026-12-01 11:00"), kind="hold",
              holder="booking:b", expires_at=cast.at("2026-11-22 09:00")),
        Claim(hub=hub, space=room, starts_at=cast.at("2026-12-01 12:00"), ends_at=None, kind="lease", holder="lease:1"),
    ])  # fmt: skip
    read = ledger.claims_during([room.pk], period=cast.between("2026-12-01 00:00", "23:00"), now=NOW)
    stored = list(Claim.objects.order_by("starts_at"))
    assert read == {room.pk: stored}
    fields = [field.attname for field in Claim._meta.concrete_fields]
    assert [[getattr(it, name) for name in fields] for it in read[room.pk]] == [
        [getattr(it, name) for name in fields] for it in stored
    ]


def test_a_claim_so_read_knows_its_space_and_can_be_saved(hub):
    room = cast.space(hub, "101")
    hour = cast.between("2026-12-01 09:00", "10:00")
    Claim.objects.create(
        hub=hub, space=room, starts_at=hour.start, ends_at=hour.end, kind="lease", holder="lease:1"
    )
    (claim,) = ledger.claims_during([room.pk], period=hour, now=NOW)[room.pk]
    assert claim.space == room
    claim.holder = "lease:2"
    with CaptureQueriesContext(connection) as queries:
        claim.save()
    assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]
    assert Claim.objects.get().holder == "lease:2"

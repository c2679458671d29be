"""What several tests of the import do."""

import pytest
from django.db import transaction

from spaces import claiming
from spaces.models import Space
from tenants.leases.hub_import import importing, telling
from tenants.leases.hub_import.plan import Plan
from tenants.leases.hub_import.refusals import HasErrors
from tests.cast import NOW, between
from tests.leases import workbooks
from tests.leases.workbooks import errors


def again(**cells: object) -> Plan:
    named = {key.replace("__", " ").replace("_", "!"): value for key, value in cells.items()}
    return importing.store(workbooks.with_cells(named), now=NOW)


def changes(plan: Plan) -> list[tuple[str, str, str, str]]:
    return [
        (step.wanted.label, told.header, told.old, told.new)
        for section in telling.sections(plan)
        for step, fields in section.changed
        for told in fields
    ]


def told_errors(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(HasErrors) as refused:
        importing.store(content, now=NOW)
    return errors(refused.value.plan.findings)


def take(room: Space, start: str, end: str, *, holder: str = "booking:1") -> None:
    with transaction.atomic():
        claiming.take([room], period=between(start, end), kind="booking", holder=holder, now=NOW)

"""The log tells what went wrong, not with whose data."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from config.logs import in_short
from tenants.parties.models import User
from tests import cast

pytestmark = pytest.mark.django_db

NAME = "Geheime Naam"


@pytest.fixture
def fault():
    """A row that the database refuses, with a name in it."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.filter(pk=cast.user(NAME).pk).update(email="")
    return refused.value


def line(**kwargs) -> str:
    formatter = dict(settings.LOGGING["formatters"]["line"])
    made = import_string(formatter.pop("()"))(**formatter)
    return made.format(logging.LogRecord("django", logging.ERROR, __file__, 1, "fault: %s", **kwargs))


def test_the_row_stays_out_of_the_traceback_and_the_place_stays_in(fault: IntegrityError) -> None:
    assert NAME in str(fault)
    try:
        raise fault
    except IntegrityError:
        told = line(args=(fault,), exc_info=sys.exc_info())

    assert NAME not in told
    assert "user_has_an_email" in told
    assert "The above exception was the direct cause" in line(
        args=("",), exc_info=(type(fault), fault, fault.__traceback__)
    )


def test_a_fault_in_short_says_which_rule_was_broken_and_no_values(fault: IntegrityError) -> None:
    assert NAME not in in_short(fault)
    assert in_short(fault).startswith("IntegrityError: new row for relation")
    assert in_short(ValueError(NAME)) == "ValueError"

"""What the installation itself does by the clock."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from config.tasks import drop_old_sessions
from tests import cast

pytestmark = pytest.mark.django_db


def test_only_sessions_that_have_ended_are_dropped() -> None:
    for key, days in (("ended", -1), ("running", 3650)):
        Session.objects.create(session_key=key, session_data="", expire_date=cast.NOW + timedelta(days=days))

    drop_old_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["running"]

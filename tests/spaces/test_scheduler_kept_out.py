"""What of django-scheduler 0.12.0 we keep out, with the reason reproduced: its pages, its feed, its names, its migrations."""

from pathlib import Path

import pytest
import schedule
from django.apps import apps
from django.conf import settings
from django.test import override_settings
from django.urls import NoReverseMatch, reverse
from schedule import settings as package_settings
from schedule.models import Calendar, Event
from schedule.periods import weekday_names as package_weekdays

from tests import cast

pytestmark = pytest.mark.django_db


def test_its_pages_are_not_mounted_and_its_admin_is_away():
    """Work-around: no `include("schedule.urls")`: its pages let anybody read, and any user edit."""
    for name in ("calendar_list", "event", "api_occurrences", "fullcalendar", "create_event"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert not apps.is_installed("django.contrib.admin")


def test_its_pages_would_let_anybody_who_signed_in_edit_everything():
    """Work-around: the same; who may see or change a series is decided by our own pages."""
    anybody = cast.user()

    assert package_settings.CHECK_EVENT_PERM_FUNC(Event(), anybody) is True
    assert package_settings.CALENDAR_VIEW_PERM is False


def test_it_comes_last_because_its_base_page_would_replace_ours():
    """Work-around: the last of INSTALLED_APPS."""
    assert (Path(schedule.__file__).parent / "templates" / "base.html").exists()
    assert settings.INSTALLED_APPS[-1] == "schedule"


def test_it_reads_the_first_day_of_the_week_when_it_is_imported():
    """Work-around: its weeks are not used; ours begin on Monday by themselves."""
    assert "settings.FIRST_DAY_OF_WEEK" in (Path(schedule.__file__).parent / "periods.py").read_text()
    with override_settings(FIRST_DAY_OF_WEEK=3):
        assert package_weekdays[0] in ("Monday", "Sunday", "maandag", "zondag")


def test_a_user_has_a_field_called_creator():
    """Work-around: no field or name of ours is called so."""
    assert Event._meta.get_field("creator").remote_field.related_name == "creator"


def test_its_last_migration_changes_no_table():
    """Work-around: pinned, and its migrations are read before an upgrade."""
    path = Path(schedule.__file__).parent / "migrations"
    last = max(path.glob("0*.py")).name

    assert last == "0015_rename_indexes.py"
    assert "SeparateDatabaseAndState" in (path / last).read_text()


def test_its_own_feed_tells_a_series_once_without_a_rule():
    """Work-around: feeds of our own, with one event a booking."""
    source = (Path(schedule.__file__).parent / "feeds" / "ical.py").read_text()

    assert "rrule" not in source.lower()
    assert "dtstamp" not in source.lower()
    assert Calendar.objects.count() == 0

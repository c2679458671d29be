"""The timetable of periodic work."""

import pytest
from django.conf import settings

from config.celery import app

TIMETABLE = app.conf.beat_schedule


@pytest.mark.parametrize("entry", TIMETABLE.values(), ids=TIMETABLE.keys())
def test_every_entry_of_the_timetable_names_a_task_that_exists(entry: dict[str, object]) -> None:
    app.loader.import_default_modules()

    assert entry["task"] in app.tasks


@pytest.mark.parametrize("entry", TIMETABLE.values(), ids=TIMETABLE.keys())
def test_copies_of_a_sweep_do_not_pile_up_while_no_worker_runs(entry: dict[str, object]) -> None:
    assert entry["options"]["expires"] <= entry["schedule"]


def test_every_sweep_stands_in_the_timetable_once() -> None:
    app.loader.import_default_modules()
    swept = [entry["task"] for entry in TIMETABLE.values()]
    ours = {name for name in app.tasks if name.startswith(("bookings.", "config.", "tenants."))}

    assert sorted(swept) == sorted(ours)


def test_a_task_is_over_before_the_broker_gives_it_to_somebody_else() -> None:
    from config import addresses  # noqa: PLC0415

    for url in ("redis://127.0.0.1/0", "pgmq://"):
        assert addresses.broker(url)["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT

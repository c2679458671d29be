"""Two addresses for whoever watches over the installation: does the web process live, and does all of it work."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.connection import Connection

from config.models import Control, Heartbeat
from config.tasks import WORKER
from tenants.billing.online import watching
from tenants.parties.models import Letter

log = logging.getLogger(__name__)

SKEW_LIMIT = timedelta(seconds=2)  # claims and deadlines compare the web's clock with the database's
HEARTBEAT_LIMIT = timedelta(seconds=200)  # longer than the longest task may take
LETTER_LIMIT = timedelta(minutes=15)

Finding = dict[str, Any]
NO_DATABASE: Finding = {"ok": False, "error": "no database"}
FRESH = timedelta(seconds=5)
recent: dict[str, tuple[datetime, Finding]] = {}
"""What each check found last in this process, and when."""


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; restart it when it does not. Asks nothing of the database."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part works, else 503; the JSON says which part does not. Never raises."""
    now = timezone.now()
    findings = {"database": _found(_database, now)}
    has_database = findings["database"]["ok"]  # without one each check would wait for it again
    findings |= {
        name: _recently_found(check, now) if has_database else dict(NO_DATABASE)
        for name, check in CHECKS.items()
    }
    is_ready = all(finding["ok"] for finding in findings.values())
    return JsonResponse({"ready": is_ready, **findings}, status=200 if is_ready else 503)


def _recently_found(check: Callable[[datetime], Finding], now: datetime) -> Finding:
    """What was found less than FRESH ago: anybody may ask, however often, and these cost work."""
    known = recent.get(check.__name__)
    if known is None or not now - FRESH < known[0] <= now:
        recent[check.__name__] = known = (now, _found(check, now))
    return known[1]


def _found(check: Callable[[datetime], Finding], now: datetime) -> Finding:
    """A check that cannot be done has failed; what went wrong is for the log, not for a public page."""
    try:
        return check(now)
    except Exception as fault:
        log.warning("health: %s: %s", check.__name__, fault)
        return {"ok": False, "error": type(fault).__name__}


def _database(now: datetime) -> Finding:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"
        )
        clock, read_only = cursor.fetchone()
    skew = abs(clock - timezone.now())
    return {
        "ok": not read_only and skew <= SKEW_LIMIT,
        "milliseconds": round((time.perf_counter() - started) * 1000),
        "read_only": read_only,
        "clock_skew_seconds": round(skew.total_seconds(), 1),
    }


def _migrations(now: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    missing = [
        f"{step.app_label}.{step.name}"
        for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    return {"ok": not missing, "not_applied": missing}


def _broker(now: datetime) -> Finding:
    if settings.CELERY_BROKER_URL.startswith("pgmq"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pgmq.meta') IS NOT NULL")
            return {"ok": cursor.fetchone()[0]}
    with Connection(  # type: ignore[no-untyped-call]
        settings.CELERY_BROKER_URL,
        connect_timeout=1,
        transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    ) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    return {"ok": True}


def _worker(now: datetime) -> Finding:
    beaten_at = Heartbeat.objects.filter(name=WORKER).values_list("beaten_at", flat=True).first()
    age = now - beaten_at if beaten_at else None
    return {"ok": age is not None and age <= HEARTBEAT_LIMIT, "heartbeat_age_seconds": _seconds(age)}


def _letters(now: datetime) -> Finding:
    due_at = Letter.objects.owed(now=now).order_by("due_at").values_list("due_at", flat=True).first()
    age = now - due_at if due_at else None
    return {"ok": age is None or age <= LETTER_LIMIT, "oldest_unsent_age_seconds": _seconds(age)}


def _invariants(now: datetime) -> Finding:
    """A warning: what is broken there is for people to mend, and no reason to send visitors away."""
    last = Control.objects.filter(name=Control.LAST).first()
    if last is None:
        return {"ok": True, "warning": "never looked"}
    found: Finding = {"ok": True, "age_seconds": _seconds(now - last.looked_at), "broken": len(last.broken)}
    return found | {"warning": "run manage.py controleer"} if last.broken else found


def _online(now: datetime) -> Finding:
    """Warnings: an online payment that waits is found later, and no reason to send visitors away."""
    line = watching.line(now=now)
    found: Finding = {
        "ok": True,
        "mode": line.mode,
        "last_event_age_seconds": _seconds(now - line.event_at if line.event_at else None),
        "clock_ahead_seconds": _seconds(line.clock_ahead),
        "refused_signatures": line.refused,
    }
    return found | {"warning": line.warnings()} if line.warnings() else found


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else round(age.total_seconds())


CHECKS: dict[str, Callable[[datetime], Finding]] = {
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "letters": _letters,
    "invariants": _invariants,
    "online": _online,
}

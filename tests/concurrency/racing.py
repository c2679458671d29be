"""Clients in processes of their own, released together: a loose start hides what goes wrong."""

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections, transaction

from spaces import claiming, ledger
from spaces.models import Claim, Space

BREATH_SECONDS = 0.005
Attempt = Callable[[int, int], str]
"""(client, round) → how it went, in one word."""


def race(attempt: Attempt, *, clients: int, rounds: int) -> list[list[str]]:
    """Let every client try every round, all released at once; returns the outcomes, a list for each round."""
    connections.close_all()
    processes = multiprocessing.get_context("fork")
    barrier, queue = processes.Barrier(clients), processes.Queue()
    runners = [
        processes.Process(target=_run, args=(attempt, client, rounds, barrier, queue))
        for client in range(clients)
    ]
    for runner in runners:
        runner.start()
    outcomes: list[list[str]] = [[] for _round in range(rounds)]
    for _each in range(clients * rounds):
        turn, outcome = queue.get(timeout=120)
        outcomes[turn].append(outcome)
    for runner in runners:
        runner.join(timeout=30)
    return outcomes


def _run(attempt: Attempt, client: int, rounds: int, barrier: Barrier, queue: "Queue[Any]") -> None:
    connections.close_all()
    connection.ensure_connection()
    for turn in range(rounds):
        barrier.wait(timeout=120)
        try:
            outcome = attempt(client, turn)
        except Exception as error:  # the outcome that must not be: it is counted, not hidden
            outcome = f"error: {type(error).__name__}: {error}"
        queue.put((turn, outcome))
    queue.close()
    queue.join_thread()
    connections.close_all()


def together(deeds: Sequence[Callable[[], object]]) -> Counter[str]:
    """Do each of `deeds` in a thread and a transaction of its own, all released at once.

    Counts how they went: won, taken (refused as it should be), or trouble (anything else).
    """
    barrier = threading.Barrier(len(deeds))
    with ThreadPoolExecutor(len(deeds)) as threads:
        return Counter(threads.map(lambda deed: _try(deed, barrier), deeds))


def _try(deed: Callable[[], object], barrier: threading.Barrier) -> str:
    try:
        connection.ensure_connection()
        barrier.wait(timeout=30)
        with transaction.atomic():
            deed()
    except claiming.SpaceTaken:
        return "taken"
    except Exception:  # the outcome that must not be: it is counted, not hidden
        return "trouble"
    finally:
        connection.close()
    return "won"


def until_somebody_waits() -> None:
    """Return as soon as another connection waits for what this one has locked; fails when nobody does in ten seconds."""
    for _look in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(
                "select exists(select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


@contextmanager
def wide_window() -> Iterator[None]:
    """Everybody takes a breath between looking and writing: what is not guarded now goes wrong for certain."""
    look = claiming.refuse_conflicts

    def look_and_breathe(*args: Any, **kwargs: Any) -> None:
        look(*args, **kwargs)
        time.sleep(BREATH_SECONDS)

    claiming.refuse_conflicts = look_and_breathe
    try:
        yield
    finally:
        claiming.refuse_conflicts = look


@contextmanager
def guard_off() -> Iterator[None]:
    """Claims without their lock and without their constraint: what every other system does."""
    constraint = next(item for item in Claim._meta.constraints if item.name == claiming.CONSTRAINT)
    lock, lock_in = claiming.lock, claiming.lock_in
    with connection.schema_editor() as editor:
        editor.remove_constraint(Claim, constraint)
    claiming.lock = lambda spaces: list(Space.objects.atoms_of(*spaces).order_by("pk"))
    claiming.lock_in = lambda hub, spaces: (claiming.lock(spaces), ledger.atoms_of(hub))
    try:
        yield
    finally:
        claiming.lock, claiming.lock_in = lock, lock_in
        Claim.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Claim, constraint)


def overlaps() -> int:
    """How many pairs of active claims share a space and some time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) from spaces_claim a join spaces_claim b
              on a.space_id = b.space_id and a.id < b.id and a.active and b.active
             and tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
            """
        )
        return int(cursor.fetchone()[0])

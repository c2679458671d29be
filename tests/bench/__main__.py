"""`make bench`: how long the house takes for a question, beside SQL by hand for the same answer in the same run.

Absolute figures move between machines; the ratio within one run is what counts. Nothing passes or fails on time.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

LINE = "{:<34}{:>10}{:>10}{:>8}{:>9}"


def main() -> int:
    """Make the rows, ask every question in turns, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["hub", "chain"], default="hub", help="one hub, or twenty")
    size = parser.parse_args().size
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django  # noqa: PLC0415 - the settings start a database of their own

    django.setup()
    from django.test.utils import setup_databases, teardown_databases  # noqa: PLC0415

    made = setup_databases(verbosity=0, interactive=False)
    try:
        _bench(size)
    finally:
        teardown_databases(made, verbosity=0)
    return 0


def _bench(size: str) -> None:
    import psycopg  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests.bench import data, questions  # noqa: PLC0415

    started = time.perf_counter()
    bench = data.generate(size)
    print(
        f"{bench.bookings:,} bookings in {time.perf_counter() - started:.0f} s; milliseconds, medians\n",
        flush=True,
    )
    print(LINE.format("question", "ours", "floor", "ratio", "queries"), flush=True)
    connect = {name: value for name, value in connection.get_connection_params().items() if name in WHERE}
    with psycopg.connect(**connect, autocommit=True) as raw:
        for question in questions.questions(bench, raw):
            print(LINE.format(question.words, *measured(question)), flush=True)


WHERE = ("dbname", "user", "password", "host", "port")


def measured(question: Any) -> tuple[str, str, str, int]:
    """Ours and the floor in turns, after one of each to warm up; fails when they disagree or find nothing."""
    queries, answer = counted(question.ours)
    floor = question.floor()
    if not answer or answer != floor:
        raise SystemExit(f"{question.words}: ours says {answer}, SQL says {floor}")
    pairs = [(_timed(question.ours), _timed(question.floor)) for _turn in range(question.times)]
    ours, floor_time = (statistics.median(times) for times in zip(*pairs, strict=True))
    return f"{ours:.2f}", f"{floor_time:.2f}", f"{ours / floor_time:.1f}×", queries


def _timed(deed: Callable[[], Any]) -> float:
    started = time.perf_counter()
    deed()
    return (time.perf_counter() - started) * 1000


def counted(deed: Callable[[], Any]) -> tuple[int, Any]:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        answer = deed()
    return len(queries), answer


if __name__ == "__main__":
    sys.exit(main())

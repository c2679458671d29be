"""The databases of the tests: migrated once for all workers, and emptied quickly after real transactions."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import wraps
from typing import ParamSpec, TypeVar

import psycopg
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from psycopg import sql

from tests import cast, postgres
from tests.postgres import TEMPLATE

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
Rows = dict[str, bytes]
"""By the name of a table, what stands in it."""

KEPT = {"auth_permission", "django_content_type"}
"""Filled by the migrations, the same for every test."""
LOCK = 2_026_11_21


def template() -> str:
    """Name of a migrated database to copy; the first worker that asks makes it, the others wait for it."""
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            _migrate(f"{TEMPLATE}_new")
            server.execute(_rename(f"{TEMPLATE}_new", TEMPLATE))
    return TEMPLATE


def empty() -> None:
    """Remove all rows but those of the migrations, past every trigger. Waits for who is still writing.

    Most tables are empty after most tests: looking and deleting takes a tenth of the time of TRUNCATE.
    """
    with _past_triggers() as cursor:
        everything = sql.SQL(", ").join(map(sql.Identifier, _tables()))
        cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(everything))
        for name in _filled(cursor):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


def made_once(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """What `make` puts into an empty database is made once in each process, at noon of the cast, and copied back after.

    Every test gets rows of its own with the same keys. In a database with rows in it `make` does its work again.
    """
    kept: dict[Hashable, tuple[Made, Rows]] = {}

    @wraps(make)
    def made(*args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        key = (translation.get_language(), args, *sorted(kwargs.items()))
        with connection.cursor() as cursor:
            if _filled(cursor):
                return make(*args, **kwargs)
        if key in kept:
            _put_back(kept[key][1])
        else:
            with time_machine.travel(cast.NOW):
                result = make(*args, **kwargs)
            kept[key] = deepcopy(result), _rows()
        return deepcopy(kept[key][0])

    return made


def _rows() -> Rows:
    """All that stands in the database now."""
    rows = {}
    with connection.cursor() as cursor:
        for name in _filled(cursor):
            with cursor.copy(
                sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(name))
            ) as copy:
                rows[name] = b"".join(copy)
    return rows


def _put_back(rows: Rows) -> None:
    with _past_triggers() as cursor:
        for name, content in rows.items():
            with cursor.copy(
                sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(name))
            ) as copy:
                copy.write(content)


def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - KEPT)


def _filled(cursor) -> list[str]:
    """The tables with a row in them."""
    ask = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    asked = [ask.format(name, sql.Identifier(name)) for name in _tables()]
    cursor.execute(sql.SQL(" UNION ALL ").join(asked))
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def _past_triggers() -> Iterator:
    """Foreign keys, histories and guards look away: what stood there together may stand there again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.url(), autocommit=True) as server:
        yield server


def _rename(old: str, new: str) -> sql.Composed:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))


def _migrate(name: str) -> None:
    """Make a database of this name with all migrations; the settings are left as they were."""
    wanted, real = settings.DATABASES["default"].setdefault("TEST", {}), connection.settings_dict["NAME"]
    before = wanted.get("NAME")
    wanted["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.creation.destroy_test_db(real, verbosity=0, keepdb=True)
    finally:
        wanted["NAME"] = before

"""The databases of the tests: migrated once for all workers, and emptied quickly after real transactions."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from tests import postgres

KEPT = {"auth_permission", "django_content_type"}
"""Filled by the migrations, the same for every test."""
TEMPLATE = os.environ.setdefault("PLEIN_TEST_TEMPLATE", f"test_plein_template_{os.getpid()}")
"""Of this run: the workers find the name that their controller chose."""
LOCK = 2_026_11_21


def template() -> str:
    """Name of a migrated database to copy; the first worker that asks makes it, the others wait for it."""
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            _migrate(f"{TEMPLATE}_new")
            server.execute(_rename(f"{TEMPLATE}_new", TEMPLATE))
    return TEMPLATE


def drop_template() -> None:
    """At the end of the run: a server that outlives it keeps nothing of it."""
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(TEMPLATE)))


def empty() -> None:
    """Remove all rows but those of the migrations, past every trigger. Waits for who is still writing.

    Most tables are empty after most tests: looking and deleting takes a tenth of the time of TRUNCATE.
    """
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    tables = [sql.Identifier(name) for name in sorted(names - KEPT)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.SQL(", ").join(tables))
        )
        filled = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        cursor.execute(
            sql.SQL(" UNION ALL ").join(filled.format(number, it) for number, it in enumerate(tables))
        )
        for (number,) in cursor.fetchall():
            cursor.execute(sql.SQL("DELETE FROM {}").format(tables[number]))


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

"""Several short lists in one statement: what belongs together is one trip to the database."""

import json
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def together(*lists: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each queryset, in its own order, as instances like any other. One query.

    For short lists of whole rows of one table: nothing joined, nothing prefetched. Numbers come as decimals.
    """
    texts: list[str] = []
    values: list[Any] = []
    for rows in lists:
        sql, more = rows.query.sql_with_params()
        texts.append(f"(select coalesce(json_agg(it), '[]')::text from ({sql}) as it)")  # noqa: S608 - it is Django's own
        values += more
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(texts)}", values)
        found = cursor.fetchone()
    return [_instances(rows, text) for rows, text in zip(lists, found, strict=True)]


def _instances(rows: QuerySet[Any], text: str) -> list[Any]:
    fields = rows.model._meta.concrete_fields  # noqa: SLF001 - Django documents it
    names = [field.attname for field in fields]
    return [
        rows.model.from_db(rows.db, names, [field.to_python(row[field.column]) for field in fields])
        for row in json.loads(text, parse_float=Decimal)
    ]

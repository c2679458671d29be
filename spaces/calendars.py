"""What many arrangements share: the calendar of a space, and a rule for each way to repeat."""

from collections.abc import Mapping

from django.db import connection
from django.utils.text import slugify

from spaces.models import Space

_CALENDAR_AND_RULE = """
    with calendar as (select id from schedule_calendar where slug = %(slug)s order by id limit 1),
    new_calendar as (
        insert into schedule_calendar (name, slug)
        select %(calendar)s, %(slug)s where not exists (select from calendar)
        on conflict (slug) do update set slug = excluded.slug returning id
    ),
    rule as (
        select id from schedule_rule where frequency = %(frequency)s and params = %(params)s order by id limit 1
    ),
    new_rule as (
        insert into schedule_rule (name, description, frequency, params)
        select %(name)s, %(description)s, %(frequency)s, %(params)s where not exists (select from rule) returning id
    )
    select (select id from calendar union all select id from new_calendar),
           (select id from rule union all select id from new_rule)
"""


def calendar_and_rule(space: Space, written: Mapping[str, str]) -> tuple[int, int]:
    """The pks of the calendar of a space and of the one rule that says `written`; made when not there. One query.

    Rules are never changed and never deleted.
    """
    slug = f"space-{space.pk}"
    values = {**written, "slug": slug, "calendar": slugify(space.code) or slug}
    with connection.cursor() as cursor:
        cursor.execute(_CALENDAR_AND_RULE, values)
        calendar, rule = cursor.fetchone()
    return calendar, rule

"""{% load breaking %}: letters that cannot be written, for the tests of the sweeps."""

from celery.exceptions import SoftTimeLimitExceeded
from django import template

register = template.Library()


@register.simple_tag
def time_is_up() -> str:
    """What Celery does to whatever is in hand when the time of a task is up."""
    raise SoftTimeLimitExceeded

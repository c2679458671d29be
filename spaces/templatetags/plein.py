"""{% load plein %}: amounts, days, times and stored sentences in pages and letters; nothing for nothing."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from spaces import explaining, wording
from spaces.periods import Period

register = template.Library()


@register.filter
def euro(amount: Decimal | None) -> str:
    """€ 37,50"""
    return _unless_empty(amount, wording.euro)


@register.filter
def tell(stored: Mapping[str, Any] | None) -> str:
    """A stored sentence in the reader's language."""
    return explaining.tell(stored, today=timezone.localdate()) if stored else ""


@register.filter
def day(value: date | None) -> str:
    """dinsdag 24 november; with the year when it is another than this one."""
    return _unless_empty(value, lambda it: wording.day(it, today=timezone.localdate()))


@register.filter
def short_day(value: date | None) -> str:
    """24 nov"""
    return _unless_empty(value, wording.short_day)


@register.filter
def short_date(value: date | None) -> str:
    """24 nov 2026"""
    return _unless_empty(value, wording.short_date)


@register.filter
def short_month(value: date | None) -> str:
    """nov"""
    return _unless_empty(value, wording.short_month)


@register.filter
def clock(value: datetime | time | None) -> str:
    """09:00"""
    return _unless_empty(value, wording.clock)


@register.filter
def period(value: Period | wording.Dated | None) -> str:
    """dinsdag 24 november, 09:00–12:00"""
    return _unless_empty(value, lambda it: wording.period(it, today=timezone.localdate()))


@register.filter
def m2(area: Decimal | None) -> str:
    """16,40 m²"""
    return _unless_empty(area, wording.m2)


@register.filter
def percent(percentage: Decimal | int | None) -> str:
    """A percentage (50.13, not 0.5013): 50,13 %"""
    return _unless_empty(percentage, wording.percent)


@register.filter
def hours(amount: Decimal | int | None) -> str:
    """2,5 uur"""
    return _unless_empty(amount, wording.hours)


@register.filter
def number(value: Decimal | int | None) -> str:
    """1.234,5"""
    return _unless_empty(value, wording.number)


def _unless_empty(value: Any, say: Callable[[Any], str]) -> str:
    return "" if value is None or value == "" else say(value)

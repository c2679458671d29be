"""A rule of booking in words, for who makes it: about whom, about what, and what it says."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from spaces import wording
from spaces.explaining import tell
from spaces.models import BookingRule
from spaces.ruling import spell


def in_words(rule: BookingRule) -> str:
    """“Tenant, meeting room: from 1 hour to 8 hours, up to 60 days ahead”; what it says nothing about is left out."""
    said = ", ".join(_said(rule)) or _("says nothing")
    return _("%(who)s, %(where)s: %(what)s") % {"who": whose(rule), "where": where(rule), "what": said}


def whose(rule: BookingRule) -> str:
    """About whom the rule is."""
    return str(rule.rate_group) if rule.rate_group else _("Everybody")


def where(rule: BookingRule) -> str:
    """About which spaces the rule is."""
    if rule.space is not None:
        return rule.space.name
    return str(rule.get_kind_display()) if rule.kind else _("all rooms")


def _said(rule: BookingRule) -> Iterator[str]:
    if rule.may_book is not None:
        yield _("may book") if rule.may_book else _("may not book without reception")
    yield from _lengths(rule)
    if rule.grid_minutes is not None:
        yield _("on times by %(length)s") % {"length": _spelled(rule.grid_minutes)}
    if rule.notice_minutes is not None:
        yield _notice(rule.notice_minutes)
    if rule.days_ahead is not None:
        yield _("up to %(length)s ahead") % {"length": _spelled(rule.days_ahead * 24 * 60)}
    if rule.outside_hours is not None:
        yield _("also outside opening hours") if rule.outside_hours else _("only within opening hours")
    yield from _quotas(rule)


def _lengths(rule: BookingRule) -> Iterator[str]:
    if rule.shortest_minutes is not None:
        yield _("at least %(length)s") % {"length": _spelled(rule.shortest_minutes)}
    if rule.longest_minutes is not None:
        yield _("at most %(length)s at a time") % {"length": _spelled(rule.longest_minutes)}


def _notice(minutes: int) -> str:
    return (
        _("at least %(length)s before") % {"length": _spelled(minutes)} if minutes else _("until the start")
    )


def _quotas(rule: BookingRule) -> Iterator[str]:
    texts = {
        "party_week_hours": _("at most %(length)s a week for each party"),
        "party_month_hours": _("at most %(length)s a month for each party"),
        "person_week_hours": _("at most %(length)s a week for each person"),
        "person_month_hours": _("at most %(length)s a month for each person"),
    }
    for name, text in texts.items():
        if getattr(rule, name) is not None:
            yield text % {"length": wording.hours(getattr(rule, name))}


def _spelled(minutes: int) -> str:
    return tell(spell(minutes))

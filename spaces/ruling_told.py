"""The rules of booking that count for somebody in a room, in a few short lines for that person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from spaces import wording
from spaces.explaining import tell
from spaces.ruling import MINUTES_A_DAY, Quota, Rules, spell


def lines(rules: Rules) -> list[str]:
    """At most a handful of sentences: how long, when, how much; what is allowed without limit is left out."""
    if not rules.may_book:
        return [_("You cannot book this room yourself. Choose another room, or ask reception.")]
    return [*_lengths(rules), _when(rules), *(_quota(quota) for quota in rules.quotas)]


def _lengths(rules: Rules) -> Iterator[str]:
    if rules.shortest and rules.longest:
        text = _("You book from %(shortest)s to %(longest)s at a time.")
        yield text % {"shortest": tell(spell(rules.shortest)), "longest": tell(spell(rules.longest))}
    elif rules.shortest:
        yield _("You book at least %(length)s.") % {"length": tell(spell(rules.shortest))}
    elif rules.longest:
        yield _("You book at most %(length)s at a time.") % {"length": tell(spell(rules.longest))}


def _when(rules: Rules) -> str:
    ahead = tell(spell(rules.days_ahead * MINUTES_A_DAY))
    if not rules.notice:
        return _("You book up to %(ahead)s ahead, until the start.") % {"ahead": ahead}
    text = _("You book up to %(ahead)s ahead, at least %(notice)s before.")
    return text % {"ahead": ahead, "notice": tell(spell(rules.notice))}


def _quota(quota: Quota) -> str:
    texts = {
        ("party", "week"): _("Your organisation books at most %(hours)s a week here."),
        ("party", "month"): _("Your organisation books at most %(hours)s a month here."),
        ("person", "week"): _("You book at most %(hours)s a week here."),
        ("person", "month"): _("You book at most %(hours)s a month here."),
    }
    return texts[quota.whose, quota.per] % {"hours": wording.hours(quota.hours)}

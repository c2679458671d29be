"""Why a line of rent is what it is: the rule, the dates and the figures, as a stored sentence."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.money import Euro, euro, total
from tenants.leases import naming
from tenants.leases.instalments import Rate
from tenants.leases.models import LeaseTerms
from tenants.leases.rent import Piece

_YEAR_LEADS, _QUARTER = LeaseTerms.Leading.YEAR, LeaseTerms.Invoicing.QUARTER
_PART = {
    LeaseTerms.ProRata.ACTUAL: gettext_noop(
        "%(count)s of the %(of)s days of the month: %(base)s × %(count)s ÷ %(of)s."
    ),
    LeaseTerms.ProRata.THIRTY: gettext_noop(
        "%(count)s days of a month of 30: %(base)s × %(count)s ÷ %(of)s."
    ),
    LeaseTerms.ProRata.YEAR: gettext_noop("%(count)s days of a year of 365: %(base)s × %(count)s ÷ %(of)s."),
}


def of_rent(group: list[Piece]) -> Sentence:
    """Of a month, a part of one, or the three months of a quarter on the same terms."""
    first = group[0]
    rate = first.stretch.rate
    if len(group) == 3:
        why = _whole(rate, first=group[0].first.month, last=group[-1].first.month, amount=_amount(group))
    else:
        month = first.first.month
        why = _whole(rate, first=month, last=month, amount=first.stretch.month)
        if not first.is_whole:
            why = _then(_base(first, why), _part(first))
    return _then(why, _terms(first.terms))


def of_discount(group: list[Piece], *, paid: Euro) -> Sentence:
    """From when to when, how much, and what is left to pay."""
    discount, full = group[0].discount, _amount(group)
    if discount is None:
        raise ValueError("nothing is taken off")
    params = {"first": _date(discount.starts_on), "last": _date(discount.ends_on), "full": wording.euro(full)}
    if not paid:
        text = gettext_noop(
            "Agreed: no rent from %(first)s up to and including %(last)s. The rent is %(full)s."
        )
        return sentence(text, **params)
    text = gettext_noop(
        "Agreed: %(off)s off from %(first)s up to and including %(last)s. You pay %(left)s of %(full)s: %(paid)s."
    )
    told = {"off": _percent(discount.percentage), "left": _percent(100 - discount.percentage)}
    return sentence(text, **params, **told, paid=wording.euro(paid))


def of_advance(group: list[Piece]) -> Sentence:
    """The amount a month; the settlement of the year shows what it really cost."""
    first = group[0]
    row = first.advance
    if row is None:
        raise ValueError("no advance")
    params = {"amount": wording.euro(row.per_month), "day": _date(row.starts_on)}
    text = gettext_noop("Advance of %(amount)s a month, agreed from %(day)s.")
    if len(group) == 3:
        text = gettext_noop("3 months × an advance of %(amount)s a month, agreed from %(day)s.")
    why = sentence(text, **params)
    if len(group) == 1 and not first.is_whole:
        why = _then(why, _part(first))
    return _then(why, sentence(gettext_noop("What it really cost is settled after the year.")))


def of_share(why: Sentence, *, share: Fraction, net: Euro, part: Euro) -> Sentence:
    """The reason of a line of which this party pays a part."""
    text = gettext_noop("Your part is %(numerator)s/%(denominator)s of %(net)s: %(part)s.")
    told = {"numerator": share.numerator, "denominator": share.denominator}
    return _then(why, sentence(text, **told, net=wording.euro(net), part=wording.euro(part)))


def _amount(group: list[Piece]) -> Euro:
    return total(piece.amount for piece in group)


def _base(piece: Piece, why: Sentence) -> Sentence:
    """A day of a year of 365 costs a part of the year, so the month has nothing to do with it."""
    if not piece.stretch.by_year:
        return why
    return sentence(gettext_noop("Rent per year %(yearly)s."), yearly=wording.euro(piece.stretch.rate.year))


def _whole(rate: Rate, *, first: int, last: int, amount: Euro) -> Sentence:
    """Of the months `first` to `last` (1–12) of a year: one, or a quarter."""
    params = {"yearly": wording.euro(rate.yearly), "amount": wording.euro(amount)}
    if rate.leading != _YEAR_LEADS:
        return _fixed(rate, params, quarter=last > first)
    if first == 1:
        text = gettext_noop("Rent per year %(yearly)s × %(by)s/12 = %(amount)s.")
        return sentence(text, **params, by=last)
    text = gettext_noop(
        "Rent per year %(yearly)s × %(by)s/12 = %(due)s, less %(before)s for the months before = %(amount)s."
    )
    due, before = wording.euro(rate.due_by(last)), wording.euro(rate.due_by(first - 1))
    return sentence(text, **params, by=last, due=due, before=before)


def _fixed(rate: Rate, params: dict[str, str], *, quarter: bool) -> Sentence:
    if rate.invoicing != _QUARTER:
        return sentence(
            gettext_noop("Rent per year %(yearly)s ÷ 12 = %(amount)s, the same every month."), **params
        )
    if quarter:
        return sentence(
            gettext_noop("Rent per year %(yearly)s ÷ 4 = %(amount)s, the same every quarter."), **params
        )
    each = wording.euro(euro(rate.yearly / 4))
    text = gettext_noop("Rent per year %(yearly)s ÷ 4 = %(each)s a quarter; this month of it %(amount)s.")
    return sentence(text, **params, each=each)


def _part(piece: Piece) -> Sentence:
    """The days of the month; when a month is cut into parts, they add up to what it costs as a whole."""
    stretch = piece.stretch
    count, of = stretch.parts(piece.first, piece.last)
    base = euro(stretch.rate.year) if stretch.by_year else stretch.month
    words = (
        _PART[LeaseTerms.ProRata.ACTUAL]
        if stretch.is_whole
        else _PART[LeaseTerms.ProRata(stretch.rate.pro_rata)]
    )
    why = sentence(words, count=count, of=of, base=wording.euro(base))
    if euro(base * count / of) == piece.amount:
        return why
    text = gettext_noop("So that the parts add up to the month, this one is %(amount)s.")
    return _then(why, sentence(text, amount=wording.euro(piece.amount)))


def _terms(terms: LeaseTerms) -> Sentence:
    agreed = sentence(
        gettext_noop("Terms from %(day)s (%(why)s)."), day=_date(terms.starts_on), why=terms.explanation
    )
    if euro(terms.area_m2 * terms.rent_per_m2_year) != terms.yearly:
        return agreed
    price = naming.both(lambda: f"€{wording.NBSP}{wording.number(terms.rent_per_m2_year, most=4, least=2)}")
    area = naming.both(lambda: wording.m2(terms.area_m2))
    text = gettext_noop("%(area)s × %(price)s a year. %(agreed)s")
    return sentence(text, area=area, price=price, agreed=agreed)


def _percent(percentage: Decimal) -> dict[str, str]:
    return naming.both(lambda: wording.percent(percentage))


def _date(day: object) -> dict[str, str]:
    return {"date": str(day)}


def _then(first: Sentence, second: Sentence) -> Sentence:
    return sentence("%(first)s %(second)s", first=first, second=second)

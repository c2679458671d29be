"""The calculation of an indexation as a stored sentence: it reads the same in a letter, on a page and years later."""

from decimal import Decimal

from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import Sentence, sentence
from tenants.leases.indexing.formula import Clause, Outcome, Pair, Rule
from tenants.leases.naming import both, month


def told(outcome: Outcome, *, clause: Clause, pair: Pair | None) -> Sentence:
    """How the new rent follows from the old: with both figures, their months and their base."""
    formula = _ratio(outcome, pair) if pair else _fixed(outcome, clause)
    if outcome.rule is Rule.KEPT:
        return sentence(
            gettext_noop("%(formula)s Upwards only was agreed, so the rent stays %(new)s a year."),
            formula=formula,
            new=wording.euro(outcome.new),
        )
    if outcome.rule is Rule.CAPPED:
        return sentence(
            gettext_noop("%(formula)s At most %(cap)s was agreed, so it becomes %(new)s a year."),
            formula=formula,
            cap=_percent(clause.cap or Decimal(0)),
            new=wording.euro(outcome.new),
        )
    return formula


def _ratio(outcome: Outcome, pair: Pair) -> Sentence:
    return sentence(
        gettext_noop(
            "%(old)s × %(new_value)s (%(new_month)s) ÷ %(old_value)s (%(old_month)s) = %(new)s a year. "
            "Index: CBS consumer prices, all households, %(base)s, definitive figures."
        ),
        old=wording.euro(outcome.old),
        new_value=both(lambda: wording.number(pair.new.value, least=2)),
        new_month=both(lambda: month(pair.new.month)),
        old_value=both(lambda: wording.number(pair.old.value, least=2)),
        old_month=both(lambda: month(pair.old.month)),
        new=wording.euro(outcome.unlimited),
        base=pair.base,
    )


def _fixed(outcome: Outcome, clause: Clause) -> Sentence:
    return sentence(
        gettext_noop("%(old)s + %(percentage)s as agreed = %(new)s a year."),
        old=wording.euro(outcome.old),
        percentage=_percent(clause.percentage or Decimal(0)),
        new=wording.euro(outcome.unlimited),
    )


def _percent(percentage: Decimal) -> dict[str, str]:
    return both(lambda: wording.percent(percentage))

"""The steps of the wizard for a new lease."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.leases.contracts.refusals import NumberTaken
from tenants.leases.models import Lease
from tenants.leases.web import lease_forms
from tenants.leases.web.lease_fields import LeaseForm, Pairs, amount, day, percentage
from tenants.parties.web.forms import text

ROWS = 3
"""So many discounts and steps in the rent can be answered at once; more can be agreed afterwards."""


class WhoForm(lease_forms.PayersForm):
    """Who rents, under which number."""

    number = text(gettext_lazy("Contract number"), length=30)
    note = text(gettext_lazy("Remark"), length=300, required=False)

    def clean_number(self) -> str:
        """A number that no lease has."""
        number: str = self.cleaned_data["number"]
        if Lease.objects.filter(hub=self.hub, number=number).exists():
            raise ValidationError(NumberTaken(number).message)
        return number


class TermForm(lease_forms.BreakForm, lease_forms.NoticeForm):
    """From when until when, and how it can be ended."""

    starts_on = day(gettext_lazy("First day"))
    ends_on = day(
        gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave open: no end agreed.")
    )
    field_order = ("starts_on", "ends_on", "notice_months")
    pairs: ClassVar[Pairs] = (("starts_on", "ends_on"), ("break_months", "break_whose"))

    def build(self, answers: Mapping[str, Any]) -> None:
        """Ending early is only asked for who agreed it."""
        super().build(answers)
        lease_forms.optional(self, "break_on", "break_months", "break_whose")
        self.fields["break_on"].help_text = _("Only when the lease may end before its last day.")

    def clean(self) -> dict[str, Any]:
        """In order of time."""
        data = super().clean() or {}
        first, last, early = data.get("starts_on"), data.get("ends_on"), data.get("break_on")
        lease_forms.in_order(first, last)
        if early and first and (early < first or (last and early > last)):
            self.add_error("break_on", _("Choose a day between the first and the last."))
        return data


class RentForm(lease_forms.PriceForm, lease_forms.AgreementsForm):
    """The rent with its steps and discounts."""

    price_level_on = day(
        gettext_lazy("Price level of"), required=False, help_text=gettext_lazy("Leave open: the first day.")
    )
    field_order = ("amount", "per", "leading", "price_level_on", "invoicing", "pro_rata")
    pairs: ClassVar[Pairs] = (
        *lease_forms.PriceForm.pairs,
        ("leading", "price_level_on"),
        *lease_forms.AgreementsForm.pairs,
    )

    def build(self, answers: Mapping[str, Any]) -> None:
        """Some steps and discounts."""
        super().build(answers)
        discounts, steps = ([*(answers.get(name) or []), *[{}] * ROWS] for name in ("discounts", "steps"))
        for at in range(ROWS):
            told = {"number": at + 1}
            self.fields[f"until-{at}"] = day(
                _("Discount %(number)s up to and including") % told, required=False,
                initial=discounts[at].get("until"),
            )  # fmt: skip
            self.fields[f"percentage-{at}"] = percentage(
                _("Discount %(number)s in percent") % told,
                required=False,
                initial=discounts[at].get("percentage"),
            )
            self.fields[f"from-{at}"] = day(
                _("Step %(number)s from") % told, required=False, initial=steps[at].get("from")
            )
            self.fields[f"yearly-{at}"] = amount(
                _("Step %(number)s: rent per year excl. VAT (€)") % told, required=False,
                initial=steps[at].get("yearly"),
            )  # fmt: skip

    def discounts(self) -> list[tuple[Any, Any]]:
        return [(self[f"until-{at}"], self[f"percentage-{at}"]) for at in range(ROWS)]

    def steps(self) -> list[tuple[Any, Any]]:
        return [(self[f"from-{at}"], self[f"yearly-{at}"]) for at in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        """Half a row is an error."""
        data = super().clean() or {}
        for name, one, other in (("discounts", "until", "percentage"), ("steps", "from", "yearly")):
            data[name] = [row for at in range(ROWS) if (row := self._row(data, at, one, other))]
        ends = [row["until"] for row in data["discounts"]]
        if ends != sorted(set(ends)):
            self.add_error("until-1", _("Each discount ends later than the one before it."))
        return data

    def _row(self, data: Mapping[str, Any], at: int, one: str, other: str) -> dict[str, str]:
        first, second = data.get(f"{one}-{at}"), data.get(f"{other}-{at}")
        if first is not None and second is not None:
            return {one: first.isoformat(), other: str(second)}
        if first is not None or second is not None:
            missing = f"{one}-{at}" if first is None else f"{other}-{at}"
            if missing not in self.errors:
                self.add_error(missing, _("Answer both, or neither."))
        return {}


class CostsForm(lease_forms.VatForm, lease_forms.AdvancesForm):
    """Service charges in advance, and VAT."""


class SecurityStep(lease_forms.IndexingForm, lease_forms.SecurityForm):
    """Indexation and security."""

    field_order = ("indexing", "indexing_month", "indexing_percentage", "indexing_cap")
    pairs: ClassVar[Pairs] = (*lease_forms.IndexingForm.pairs, *lease_forms.SecurityForm.pairs)

    def build(self, answers: Mapping[str, Any]) -> None:
        """There need not be a security."""
        super().build(answers)
        lease_forms.optional(self, "security_amount", "security_kind")
        self.fields["security_amount"].help_text = _("Leave open: no deposit and no guarantee.")


@dataclass(frozen=True)
class Step:
    """One page of the wizard; `key` is an answer that is there once it was answered."""

    slug: str
    words: str | Promise
    form: type[LeaseForm]
    key: str


STEPS = (
    Step("huurder", gettext_lazy("Who rents?"), WhoForm, "number"),
    Step("ruimtes", gettext_lazy("Which rooms?"), lease_forms.RoomsForm, "rooms"),
    Step("looptijd", gettext_lazy("From when until when?"), TermForm, "starts_on"),
    Step("huur", gettext_lazy("What is the rent?"), RentForm, "amount"),
    Step("kosten", gettext_lazy("Service charges and VAT"), CostsForm, "vat_treatment"),
    Step("zekerheid", gettext_lazy("Indexation and security"), SecurityStep, "indexing"),
)


def open_step(answers: Mapping[str, Any]) -> Step | None:
    """The first step that was not answered yet; None when all were."""
    return next((step for step in STEPS if step.key not in answers), None)


def after(step: Step) -> Step | None:
    at = STEPS.index(step)
    return STEPS[at + 1] if at + 1 < len(STEPS) else None

"""Who is in the hub, what each adds, and who is sought."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.occupancy.deals import hub_of
from bookings.occupancy.tables import Column, Kind, Row, Table
from tenants.parties.access import Actor
from tenants.parties.models import Party, PartyKind, Vacancy


def at_the_hub(actor: Actor) -> list[Party]:
    """Tenants and self-employed professionals of the hub, by discipline. One query."""
    inside = Party.objects.visible_to(actor).active().exclude(kind=PartyKind.EXTERNAL)
    return list(inside.order_by("discipline", "name"))


def sought(actor: Actor) -> list[Vacancy]:
    """The disciplines the hub looks for. One query."""
    return list(Vacancy.objects.open_at(hub_of(actor)))


def parties_table(parties: Sequence[Party]) -> Table:
    """What each party adds, with its internship places."""
    return Table(
        title=_("Who is in the hub"),
        definition=_("Tenants and self-employed professionals that are active in the hub, by discipline."),
        columns=[
            Column(_("Discipline")), Column(_("Party")), Column(_("Kind")), Column(_("What the party adds")),
            Column(_("Internship places"), Kind.NUMBER, adds_up=True),
        ],
        rows=[
            Row((it.discipline, it.name, it.get_kind_display(), it.adds, it.internship_places)) for it in parties
        ],
        empty=_("No parties yet. Load your spreadsheet to fill the hub."),
    )  # fmt: skip


def sought_table(vacancies: Sequence[Vacancy]) -> Table:
    """The disciplines that are still missing."""
    return Table(
        title=_("Who is sought"),
        definition=_("Disciplines that would add something to the hub and are not there yet."),
        columns=[Column(_("Discipline")), Column(_("What the party adds"))],
        rows=[Row((it.discipline, it.adds)) for it in vacancies],
        empty=_("Nobody is sought at the moment."),
    )

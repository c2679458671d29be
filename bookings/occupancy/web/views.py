"""The director's pages: one overview, the rows behind each figure, and those rows as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.occupancy import insights, rooms, spreadsheet
from bookings.occupancy.deals import hub_of
from bookings.occupancy.months import Month
from bookings.occupancy.tables import Table
from bookings.occupancy.web import showing
from tenants.parties.web.asking import HubRequest


def overview(request: HubRequest) -> HttpResponse:
    now = timezone.now()
    found = insights.overview(request.actor, _month(request), now=now)
    context = {
        "it": found,
        "month": found.month,
        "heat": showing.heat_rows(found.heat),
        "meters": showing.meters(found),
        "comparisons": showing.comparisons(found),
        "definitions": {"flex": rooms.flex_definition(), "use": rooms.use_definition()},
    }
    return render(request, "overview/overview.html", context)


def rows(request: HubRequest, figure: str) -> HttpResponse:
    month = _month(request)
    table = _table(request, figure, month)
    context = {
        "table": table,
        "rows": showing.table_rows(table),
        "totals": showing.table_totals(table),
        "figure": figure,
        "month": month,
        "by_month": figure not in insights.WITHOUT_MONTH,
    }
    return render(request, "overview/rows.html", context)


def csv(request: HubRequest, figure: str) -> HttpResponse:
    month = _month(request)
    content = spreadsheet.written(_table(request, figure, month))
    name = f"{request.actor.hub.slug}-{figure}-{month.name}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _month(request: HubRequest) -> Month:
    zone = hub_of(request.actor).zone
    return Month.named(request.GET.get("maand", ""), zone=zone, now=timezone.now())


def _table(request: HubRequest, figure: str, month: Month) -> Table:
    table = insights.table(figure, request.actor, month, now=timezone.now())
    if table is None:
        raise Http404
    return table

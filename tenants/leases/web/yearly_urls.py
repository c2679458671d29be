"""Pages about what happens once a year: indexation, and the settlement of service costs."""

from django.urls import path

from tenants.leases.web import (
    index_figures,
    indexing,
    service_bill_import,
    service_costs,
    settlements,
)

urlpatterns = [
    path("beheer/indexering", indexing.overview, name="indexing"),
    path("beheer/indexering/cijfers", index_figures.figures, name="index-figures"),
    path("beheer/indexering/<str:day>", indexing.day, name="indexing-day"),
    path("beheer/servicekosten", service_costs.overview, name="service-costs"),
    path("beheer/servicekosten/soort/nieuw", service_costs.new_type, name="service-type-new"),
    path("beheer/servicekosten/soort/<int:pk>", service_costs.change_type, name="service-type"),
    path("beheer/servicekosten/rekeningen", service_costs.bills, name="service-bills"),
    path("beheer/servicekosten/rekeningen/inlezen", service_bill_import.choose, name="service-bill-import"),
    path(
        "beheer/servicekosten/rekeningen/<int:pk>/weg", service_costs.remove_bill, name="service-bill-remove"
    ),
    path("beheer/servicekosten/meters", service_costs.readings, name="service-readings"),
    path(
        "beheer/servicekosten/meters/<int:pk>/weg",
        service_costs.remove_reading,
        name="service-reading-remove",
    ),
    path("beheer/servicekosten/<int:year>", settlements.settlement, name="settlement"),
    path("beheer/servicekosten/<int:year>/goedkeuren", settlements.approve, name="settlement-approve"),
    path("servicekosten/<int:year>/<int:lease>-<int:party>.pdf", settlements.paper, name="settlement-paper"),
]

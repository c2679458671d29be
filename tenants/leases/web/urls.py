"""Pages about leases and the import of a hub."""

from django.urls import include, path

from tenants.leases.web import lease_drafting, lease_papers, leases, month, open_items, views

urlpatterns = [
    path("", include("tenants.leases.web.yearly_urls")),
    path("beheer/openstaand-inlezen", open_items.choose, name="open-items-import"),
    path("beheer/openstaand-inlezen/<uuid:pk>", open_items.confirm, name="open-items-confirm"),
    path("facturen/maand", month.month, name="invoicing-month"),
    path("beheer/inlezen", views.choose, name="import"),
    path("beheer/inlezen/<uuid:pk>", views.confirm, name="import-confirm"),
    path("beheer/contracten", leases.leases, name="leases"),
    path("beheer/contracten/nieuw", lease_drafting.begin, name="lease-new"),
    path("beheer/contracten/concept/<uuid:pk>", lease_drafting.look, name="lease-draft"),
    path("beheer/contracten/concept/<uuid:pk>/weg", lease_drafting.drop, name="lease-draft-drop"),
    path("beheer/contracten/concept/<uuid:pk>/<slug:step>", lease_drafting.step, name="lease-step"),
    path("beheer/contracten/<int:pk>", leases.lease, name="lease"),
    path("beheer/contracten/<int:pk>/samenvatting", leases.lease_summary, name="lease-summary"),
    path("beheer/contracten/<int:pk>/document", lease_papers.add, name="lease-document-add"),
    path("beheer/contracten/<int:pk>/document/<int:document>", lease_papers.download, name="lease-document"),
    path("beheer/contracten/<int:pk>/wijzig/<slug:deed>", lease_drafting.amend, name="lease-amend"),
    path("beheer/termijnen", leases.terms, name="deadlines"),
]

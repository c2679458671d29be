"""Pages about leases and the import of a hub."""

from django.urls import path

from tenants.leases.web import views

urlpatterns = [
    path("beheer/inlezen", views.choose, name="import"),
    path("beheer/inlezen/<uuid:pk>", views.confirm, name="import-confirm"),
]

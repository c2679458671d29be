"""Pages about what happens once a year: indexation, and the settlement of service costs."""

from django.urls import path

from tenants.leases.web import index_figures, indexing

urlpatterns = [
    path("beheer/indexering", indexing.overview, name="indexing"),
    path("beheer/indexering/cijfers", index_figures.figures, name="index-figures"),
    path("beheer/indexering/<str:day>", indexing.day, name="indexing-day"),
]

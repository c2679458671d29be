"""Addresses of the director's pages."""

from django.urls import path

from bookings.occupancy.web import views

urlpatterns = [
    path("overzicht", views.overview, name="overview"),
    path("overzicht/<slug:figure>.csv", views.csv, name="overview-csv"),
    path("overzicht/<slug:figure>", views.rows, name="overview-rows"),
]

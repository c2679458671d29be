"""Addresses of the director's pages."""

from django.urls import path

from bookings.occupancy.web import money, views

urlpatterns = [
    path("overzicht", views.overview, name="overview"),
    path("overzicht/geld", money.money, name="overview-money"),
    path("overzicht/<slug:figure>.csv", views.csv, name="overview-csv"),
    path("overzicht/<slug:figure>", views.rows, name="overview-rows"),
]

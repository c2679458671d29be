"""Pages about calendars from outside."""

from django.urls import path

from bookings.calendar_import.web import views

urlpatterns = [
    path("beheer/agenda-inlezen", views.choose, name="calendar-import"),
    path("beheer/agenda-inlezen/<uuid:pk>", views.check, name="calendar-import-check"),
    path("beheer/agenda-inlezen/van/<str:code>", views.entries, name="calendar-entries"),
    path("beheer/agenda-inlezen/datum/<int:pk>", views.remove, name="calendar-entry-remove"),
]

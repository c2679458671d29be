"""Where every page hangs: each area's `web/urls.py` is mounted here once. Who may open what is in policy.py."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import health, managing, workday

urlpatterns: list[URLPattern | URLResolver] = [
    path("gezond/levend", health.live, name="health-live"),
    path("gezond/klaar", health.ready, name="health-ready"),
    path("beheer", managing.manage, name="manage"),
    path("boekhouding", workday.today, name="workday"),
    path("", include("tenants.parties.web.urls")),
    path("", include("bookings.urls")),
    path("", include("bookings.calendar_import.web.urls")),
    path("", include("bookings.occupancy.web.urls")),
    path("account/", include("allauth.urls")),
    path("", include("tenants.billing.web.urls")),
    path("", include("tenants.billing.web.bank_urls")),
    path("", include("tenants.billing.web.dunning_urls")),
    path("", include("tenants.leases.web.urls")),
]

handler500 = "config.outage.server_error"

if settings.PLEIN_EMBEDDED:
    from config import mailbox

    urlpatterns += mailbox.urlpatterns

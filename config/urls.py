"""Where every page hangs: each area's `web/urls.py` is mounted here once. Who may open what is in policy.py."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("gezond/levend", health.live, name="health-live"),
    path("gezond/klaar", health.ready, name="health-ready"),
    path("taal", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
]

if settings.PLEIN_EMBEDDED:
    from config import mailbox

    urlpatterns += mailbox.urlpatterns
